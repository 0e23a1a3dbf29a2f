// gate.test.mjs: a form that is not finished is used outside practice only for a reason, which the audit keeps; a change that would
// break last year's export is refused, with the way to make it.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, root, scratch, test, finish } from '../harness.mjs';

const DATA = 65, USAGE = 64;
const instance = await Instance.make({ forms: [] });
const forms = join(scratch(), 'forms');
cpSync(join(root, 'forms'), forms, { recursive: true });
const folder = join(forms, 'work-experience-day'), name = 'work-experience-day';
const form = join(folder, 'form.yaml'), was = readFileSync(form, 'utf8');
const add = ['event', 'add', '--title', 'A day', '--form', name];
const list = () => instance.cli(['form', 'list']).stdout;

await test('gate: with drafts it is published for practice, and says so', () => {
  const { stdout } = instance.cli(['form', 'publish', folder]);
  assert.match(stdout, /published as version 1\n\d+ things are not finished/);
  assert.match(stdout, /Practice events can use it as it is\. Others will ask for a reason: --because/);
  instance.cli([...add, '--practice']);
  assert.match(list(), /version 1 .*newest\n {4}not finished: draft-translation cy, draft-translation en-x-easy\n$/);
});

await test('gate: an event outside practice asks for a reason, also a planned one', () => {
  for (const more of [[], ['--open']]) {
    const { stderr } = instance.cli([...add, ...more], { expected: DATA });
    assert.match(stderr, /^soundings: version 1 of work-experience-day is not finished: draft-translation cy.* --because "WORDS"\n$/);
  }
  assert.doesNotMatch(instance.cli(['event', 'list']).stdout.replaceAll(/.*\(practice\)\n.*\n/g, ''), /A day/);
});

await test('gate: an event that leaves the drafts out is not asked', () => {
  instance.cli([...add, '--languages', 'en', '--open']);
  instance.cli([...add, '--languages', 'en,cy', '--open'], { expected: DATA });
});

await test('gate: a reason is one line of words', () => {
  for (const because of ['', '  ', 'two\nlines', 'x'.repeat(501)]) {
    assert.match(instance.cli([...add, '--because', because], { expected: USAGE }).stderr, /--because/);
    assert.match(instance.cli(['form', 'publish', folder, '--because', because], { expected: USAGE }).stderr, /--because/);
  }
});

await test('gate: only the languages of the event count, and are named', () => {
  const { stderr } = instance.cli([...add, '--languages', 'en,cy'], { expected: DATA });
  assert.match(stderr, / is not finished: draft-translation cy\. Have it finished/);
});

await test('gate: a reason is not kept for what did not happen', () => {
  instance.cli(['event', 'add', '--title', 'x'.repeat(201), '--form', name, '--because', 'Too long a title'], { expected: null });
  assert.doesNotMatch(list(), /Too long a title|because/);
  const open = instance.cli([...add, '--languages', 'en', '--open']).stdout.slice(0, 6);
  instance.cli(['event', 'open', open, '--because', 'It is open already'], { expected: DATA });
  assert.doesNotMatch(list(), /because/);
});

await test('gate: a reason is for the languages of its event, and others ask again', () => {
  instance.cli([...add, '--open', '--languages', 'en,cy', '--because', 'The Welsh is read on Monday']);
  assert.match(list(), / {4}used outside practice because: The Welsh is read on Monday\n {4}reasons were given for: en cy\n$/);
  instance.cli([...add, '--open', '--languages', 'cy']);
  const { stderr } = instance.cli(add, { expected: DATA });
  assert.match(stderr, / is not finished: draft-translation en-x-easy\. /);
});

await test('gate: a reason is kept, shown, and good for that version', () => {
  const planned = instance.cli([...add, '--because', 'The Welsh is read on Monday – ŵ']).stdout.slice(0, 6);
  assert.match(list(), /used outside practice because: The Welsh is read on Monday – ŵ\n/);
  instance.cli(add);
  instance.cli(['event', 'open', planned]);
});

await test('gate: a new version asks again where a planned event would use it', () => {
  writeFileSync(form, was.replace('label: How was today?', 'label: How was the day?'));
  const { stderr } = instance.cli(['form', 'publish', folder], { expected: DATA });
  assert.match(stderr, /is not finished: draft-translation cy.* 1 planned event outside practice would use it/);
  assert.doesNotMatch(list(), /version 2/);
  instance.cli(['form', 'publish', folder, '--because', 'Still on Monday']);
  assert.match(list(), /version 2 .*newest\n.*\n {4}used outside practice because: Still on Monday\n/);
  assert.match(instance.cli(['form', 'publish', folder]).stdout, /has not changed: it stays version 2/);
});

await test('gate: an open event keeps its version, so publishing does not ask for it', () => {
  for (const [, code] of [...instance.cli(['event', 'list']).stdout.matchAll(/^([2-9A-Z]{6}) {2}planned/gm)]) instance.cli(['event', 'open', code]);
  const cy = join(folder, 'cy.yaml');
  writeFileSync(cy, readFileSync(cy, 'utf8').replace('today.title: Heddiw', 'today.title: Y dydd hwn'));
  assert.match(instance.cli(['form', 'publish', folder]).stdout, /published as version 3/);
  instance.cli(add, { expected: DATA });
  const late = instance.cli([...add, '--languages', 'en']).stdout.slice(0, 6);
  assert.match(instance.cli(['event', 'open', late, '--becuase', 'x'], { expected: USAGE }).stderr, /did you mean '--because'\?/);
  instance.cli(['event', 'open', late]);
});

await test('gate: with all drafts checked nobody is asked', () => {
  for (const file of ['work-experience-day/cy.yaml', 'work-experience-day/en-x-easy.yaml', 'library/scales.cy.yaml', 'library/scales.en-x-easy.yaml']) {
    const path = join(forms, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace('status: draft', 'status: checked'));
  }
  assert.doesNotMatch(instance.cli(['form', 'publish', folder]).stdout, /not finished/);
  instance.cli([...add, '--open']);
});

await test('gate: what would break an export is refused, and passes when it says what became of the name', () => {
  const now = readFileSync(form, 'utf8');
  const change = (text) => { writeFileSync(form, text); return text; };
  change(now.replace('- name: best', '- name: best_thing'));
  for (const file of ['cy.yaml', 'en-x-easy.yaml']) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/^best\./gm, 'best_thing.'));
  }
  const { stderr } = instance.cli(['form', 'publish', folder], { expected: DATA });
  assert.match(stderr, new RegExp(`^${form}:\\d+:\\d+: "best" was asked in version \\d+ and is gone: .* \\[removed-question\\]$`, 'm'));
  const [found] = JSON.parse(instance.cli(['form', 'check', folder, '--json'], { expected: DATA }).stdout).filter((one) => one.level === 'error');
  assert.equal(found.rule, 'removed-question');
  assert.equal(found.example, 'retired: [best]');
  change(now.replace('- name: best', '- name: best_thing\n        was: best'));
  instance.cli(['form', 'publish', folder]);
  assert.match(instance.cli(['form', 'check', folder]).stdout, /^Compared with version \d+, which is published\.$/m);
});

await test('gate: counts are said as one says them, and what to type is whole', () => {
  const small = join(forms, 'small');
  mkdirSync(small);
  const text = 'form: small\ntitle: One\npages:\n  - page: one\n    title: One\n    questions:\n      - name: how\n        type: scale\n        label: How was it?\n';
  writeFileSync(join(small, 'form.yaml'), text);
  writeFileSync(join(small, 'cy.yaml'), 'language: cy\nstatus: draft\ntitle: Un\none.title: Un\nhow.label: Sut?\n');
  const checked = instance.cli(['form', 'check', small]).stdout;
  assert.match(checked, /^small: 1 page, 1 answer\nLanguages: en, cy \(draft\)\n0 errors, 1 warning, 1 piece of advice\n/m);
  assert.ok(checked.endsWith(`It can be published: ${instance.command} form publish ${small}\nOutside practice the warnings ask for a reason: --because "WORDS"\n`));
  const published = instance.cli(['form', 'publish', small]).stdout;
  assert.ok(published.includes(`1 thing is not finished, such as translations nobody has checked: ${instance.command} form check ${small}\n`));
  writeFileSync(join(small, 'form.yaml'), text.replace('type: scale', 'type: scael'));
  assert.match(instance.cli(['form', 'publish', small], { expected: DATA }).stderr, /small cannot be published until 1 error is mended\n$/);
});

await test('gate: a folder that is none is said once, and a folder of something else is not taken for a form', () => {
  for (const [folder, rule] of [[join(forms, 'nope'), 'missing-folder'], [forms, 'missing-english'], [form, 'missing-folder']]) {
    for (const verb of ['check', 'publish']) {
      const { stderr, stdout } = instance.cli(['form', verb, folder], { expected: 66 });
      assert.equal(stdout, '');
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.ok(stderr.includes(`[${rule}]`), stderr);
    }
  }
});

await finish();
