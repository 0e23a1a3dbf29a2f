// needed.test.mjs: which questions need an answer is said before anybody is asked, in each language: those that are fewer are marked, as a
// part of their name, and the page says so once before the first question. A question that is typed and can be refused has its
// name once.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, scratch, test } from '../harness.mjs';
import { all, attribute, byId, hasClass, parsed, seen } from '../dom.mjs';

const formsDir = scratch();
cpSync(join(root, 'forms'), formsDir, { recursive: true });
cpSync(join(root, 'tests/forms/everything'), join(formsDir, 'everything'), { recursive: true });

/** A form of which the questions at the places NEEDED of four need an answer; the fourth is typed. */
const write = (name, needed) => {
  mkdirSync(join(formsDir, name));
  writeFileSync(join(formsDir, name, 'form.yaml'), `form: ${name}
title: Tea
time: 1 minute
privacy:
  keep: 1 months
  threshold: 5
programmes: [engagement]
pages:
  - page: all
    title: All
    questions:
      - name: welcome
        type: note
        label: Welcome to the tea
${['one', 'two', 'three', 'four'].map((one, i) => `      - name: ${one}
        type: ${i === 3 ? 'text' : 'select_one yes-no'}
        label: Question ${one}
${needed.includes(i) ? '        required: yes\n' : ''}`).join('')}
choices:
  yes-no:
    - yes: Yes
    - no: No
`);
  return join(formsDir, name);
};
const made = { 'every-one': [0, 1, 2, 3], 'most-of-them': [0, 1, 3], 'half-of-them': [0, 1], 'only-last': [3], 'nonly-last': [] };
const folders = Object.entries(made).map(([name, needed]) => write(name, needed));
const instance = await Instance.make({ formsDir, forms: [join(formsDir, 'everything'), ...folders] });
const codes = Object.fromEntries(['everything', ...Object.keys(made)].map((form) => [form, instance.event('--practice', '--form', form)]));
await instance.start();

/** What a page says of skipping, and of each question whether it is needed, its mark, and the words that name it with its mark. */
const look = async (path) => {
  const { status, text } = await instance.request(path);
  assert.equal(status, 200);
  const document = parsed(text);
  const blocks = all(document, (element) => hasClass(element, 'question')).map((block) => {
    const [legend] = all(block, ({ tagName }) => tagName === 'legend');
    const [control] = all(block, ({ tagName }) => ['input', 'textarea'].includes(tagName));
    const label = control && all(block, (one) => one.tagName === 'label' && attribute(one, 'for') === attribute(control, 'id'))[0];
    const named = legend ?? label;
    const mark = all(block, (one) => hasClass(one, 'needs'));
    assert(mark.length <= 1);
    return {
      name: attribute(block, 'id').slice('question-'.length), isNote: !control, isNeeded: attribute(block, 'data-required') !== undefined,
      message: attribute(block, 'data-required'), mark: mark.length ? seen(mark[0]) : '', isInName: Boolean(named && mark.length && all(named, (one) => one === mark[0]).length), words: named ? seen(named) : '',
    };
  });
  return { text, document, hint: seen(all(document, (element) => hasClass(element, 'hero__time'))[0]), blocks, summary: text };
};

const words = {
  EN: { hint: 'You can skip any question that does not say “needs an answer”.', mark: '(needs an answer)' },
  'EN-X-EASY': { hint: 'You can skip a question. But answer the ones that say “needs an answer”.', mark: '(needs an answer)' },
  CY: { hint: 'Gallwch hepgor unrhyw gwestiwn nad yw’n dweud “angen ateb”.', mark: '(angen ateb)' },
  AR: { hint: 'يمكنكم تخطي أي سؤال لا تظهر معه عبارة «يحتاج إلى إجابة».', mark: '(يحتاج إلى إجابة)' },
};
for (const [tag, { hint, mark }] of Object.entries(words)) {
  await test(`needed: in ${tag}: each question that needs an answer says so in its name, and the page once before them`, async () => {
    const page = await look(`/${codes.everything}/${tag}`);
    assert(page.hint.endsWith(hint), page.hint);
    assert(hint.includes(mark.slice(1, -1)), 'the same words');
    assert(page.blocks.filter(({ isNeeded }) => isNeeded).length >= 7);
    for (const one of page.blocks) {
      assert.equal(one.mark, one.isNeeded ? mark : '', one.name);
      if (!one.isNeeded) continue;
      assert(one.isInName && one.words.endsWith(` ${mark}`), one.words);
      assert(!one.message.includes(mark), 'the message when it is left out is about the question alone');
    }
  });
}

await test('needed: where most need an answer those that need none are marked; where all do, nothing is', async () => {
  const wanted = {
    'every-one': ['It takes about 1 minute.', ['', '', '', '']],
    'most-of-them': ['It takes about 1 minute. You can skip the questions that say “optional”.', ['', '', '(optional)', '']],
    'half-of-them': [`It takes about 1 minute. ${words.EN.hint}`, ['(needs an answer)', '(needs an answer)', '', '']],
    'only-last': [`It takes about 1 minute. ${words.EN.hint}`, ['', '', '', '(needs an answer)']],
    'nonly-last': ['It takes about 1 minute. You can skip any question.', ['', '', '', '']],
  };
  for (const [form, [hint, marks]] of Object.entries(wanted)) {
    const { hint: found, blocks } = await look(`/${codes[form]}/EN`);
    assert.equal(found, hint, form);
    assert.deepEqual(blocks.filter(({ isNote }) => !isNote).map(({ mark }) => mark), marks, form);
    assert.deepEqual(blocks.filter(({ isNote }) => isNote).map(({ mark }) => mark), [''], 'a note asks nothing');
  }
});

await test('needed: messages and what was stored name the question without its mark', async () => {
  const left = await instance.send(`/${codes['only-last']}/EN`, {});
  assert.equal(left.status, 422);
  assert.match(left.text, />Enter an answer to: Question four</);
  const thanks = await instance.send(`/${codes['only-last']}/EN`, { four: 'tea' });
  assert.equal(thanks.status, 200);
  assert.doesNotMatch(thanks.text, /needs an answer/);
});

await test('needed: a question that is typed and can be refused has its name once, which its refusal is described by', async () => {
  for (const tag of ['EN', 'CY', 'AR']) {
    const { text, document } = await look(`/${codes.everything}/${tag}`);
    for (const name of ['age', 'height', 'secret', 'must_count', 'years']) {
      const block = byId(document, `question-${name}`);
      assert.deepEqual(all(block, ({ tagName }) => ['fieldset', 'legend'].includes(tagName)), [], `${name} is no group of the same name`);
      const [label, ...more] = all(block, (one) => one.tagName === 'label' && attribute(one, 'for') === name);
      assert(label && !more.length);
      assert.equal(attribute(byId(document, `${name}_refusal`), 'aria-describedby'), attribute(label, 'id'));
      assert.equal(text.split(`id="${attribute(label, 'id')}"`).length, 2);
    }
    // A group where there are several fields: it says its name once, and each field has another.
    const date = byId(document, 'question-birthday');
    assert.equal(all(date, ({ tagName }) => tagName === 'legend').length, 1);
    assert.equal(attribute(byId(document, 'birthday_refusal'), 'aria-describedby'), undefined);
  }
});

await finish();
