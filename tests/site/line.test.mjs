// line.test.mjs: the whole line as a person walks it: event, page, answers, thank-you, office, export; in three faces, without
// JavaScript, over real nginx and the real programs. (With JavaScript: tests/browser.)
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, receiptOf, root, scratch, test, until } from '../harness.mjs';

const instance = await Instance.make();
const practice = instance.event('--practice');
const event = instance.event('--open', '--area', 'thames-and-chiltern', '--programme', 'community-conversation', '--place', 'Slough');
const welsh = instance.event('--open', '--area', 'cymru-wales');
await instance.start();

const faces = {
  en: { overall: 'very_good', next: 'More time to talk, \u201cplease\u201d; =1+1 <b>&amp;</b>\nsecond line' },
  cy: { overall: 'ok', next: 'Mwy o amser i siarad \u0175 \u0177' },
  'en-x-easy': { next: 'Shorter words' },
};

for (const [language, answers] of Object.entries(faces)) {
  await test(`line: ${language} without JavaScript, sent and thanked`, async () => {
    const response = await instance.send(`/${practice}/${language.toUpperCase()}`, answers);
    assert.equal(response.status, 200, response.text.slice(0, 500));
    assert.match(response.text, new RegExp(`<html[^>]* lang="${language.slice(0, 2)}"`));
    assert(receiptOf(response.text), 'a receipt');
  });
}

await test('line: all three are in the export of the practice event, as typed', async () => {
  const out = await instance.filed(practice, 3);
  assert.equal(out.responses.length, 3);
  for (const [language, answers] of Object.entries(faces)) {
    const found = out.responses.find((row) => row.next === answers.next);
    assert(found, `${language} is not in the export: ${JSON.stringify(out)}`);
    for (const [name, value] of Object.entries(answers)) assert.equal(found[name], value);
  }
});

await test('line: CSV holds the same, and its second list', async () => {
  const file = join(scratch(), 'out.csv');
  instance.cli(['export', practice, '--format', 'csv', '-o', file]);
  const read = spawnSync('python3', ['-c', `
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
print(json.dumps([row['next'] for row in rows]))
`, file], { encoding: 'utf8' });
  assert.equal(read.status, 0, read.stderr);
  assert.deepEqual(JSON.parse(read.stdout).sort(), Object.values(faces).map((answers) => answers.next).sort());
  assert(readFileSync(file.replace('.csv', '-about-you.csv'), 'utf8').includes('age_band'));
});

await test('line: an event in Wales begins with the choice of language, Cymraeg first', async () => {
  const { text, status } = await instance.request(`/${welsh}`);
  assert.equal(status, 200);
  assert(text.indexOf('>Cymraeg<') > 0 && text.indexOf('>Cymraeg<') < text.indexOf('>English<'));
  assert.match(text, /<html[^>]* lang="cy"/);
});

await test('line: export is refused before release', async () => {
  for (let i = 0; i < 12; i++) {
    const response = await instance.send(`/${event}`, { overall: 'good', next: `answer ${i}`, age_band: '25_34' });
    assert.equal(response.status, 200, response.text.slice(0, 300));
  }
  assert.match(instance.cli(['export', event, '--format', 'json'], { expected: 77 }).stderr, /released/);
  assert.match(instance.cli(['event', 'release', event], { expected: 65 }).stderr, /close the event first/);
});

await test('line: 12 responses after release, without equality answers, language, variant or mode', async () => {
  const shown = instance.cli(['event', 'close', event]).stdout;
  assert.match(shown, /^Responses {3}(none filed yet|[^;]* filed); fewer than 5 wait up to a day$/m);
  const refused = instance.cli(['event', 'release', event], { expected: 65 }).stderr;
  assert.match(refused, /open pages can still send until their 24 hours are over; wait, or close it for good: soundings --instance \S+ event close \w+ --now/);
  instance.cli(refused.trim().split(`${instance.command} `)[1].split(' ')); // as it was advised
  assert.doesNotMatch(instance.cli(['event', 'show', event]).stdout, /wait up to a day/);
  instance.cli(['event', 'release', event]);
  const out = instance.exported(event);
  assert.deepEqual(out.responses.map((row) => row.next).sort(), Array.from({ length: 12 }, (_, i) => `answer ${i}`).sort());
  assert.equal(out['about-you'], undefined);
  for (const row of out.responses)
    for (const name of ['age_band', 'language', 'mode', 'variant', 'id']) assert.equal(row[name], undefined, `${name} must not be there`);
});

await test('line: the order of rows is drawn afresh each time', async () => {
  const orders = new Set(Array.from({ length: 6 }, () => instance.exported(event).responses.map((row) => row.next).join()));
  assert(orders.size > 1);
});

await test('line: a closed event says so kindly', async () => {
  const page = await instance.request(`/${event}`);
  assert.equal(page.status, 200);
  assert.match(page.text, /we have stopped taking answers. Thank you to everyone/);
});

await test('line: the same path in w3m, by keys alone', async () => {
  const text = `written in w3m ${process.pid}`;
  const walk = spawnSync('/usr/bin/python3', [join(root, 'tests/site/w3m.py'), `${instance.base}/${practice}`, text], { encoding: 'utf8', timeout: 120000 });
  assert.equal(walk.status, 0, walk.stdout + walk.stderr);
  assert(receiptOf(walk.stdout), 'w3m shows the receipt');
  const out = await instance.filed(practice, 4);
  const found = out.responses.find((row) => row.next === text);
  assert.equal(found?.overall, 'very_good', JSON.stringify(out));
});

await test('line: Ctrl-C ends everything', async () => {
  const { code } = await instance.stop('SIGINT');
  assert.equal(code, 0);
  await until('no program left', () => ['intake', 'spooler', 'collector', 'nginx'].every((name) => instance.pids(name).length === 0));
});

await finish();
