// welsh.test.mjs: Welsh has no one word for yes. It answers the verb of the question: each question that can be answered by yes or no has the
// words that its own verb asks for, in every form. Not so those about people themselves: the library's lists are shared by several of them.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { questionsOf } from '../dom.mjs';
import { makeEverything } from '../everything.mjs';

const { instance, events } = await makeEverything();
await instance.start();

/** How the question begins, but for the word that asks, and what answers that; of any past the same two words. */
const verbs = [
  [/^(wnaeth|\S+odd|\S+och)$/, ['Do', 'Naddo']],
  [/^ydych$/, ['Ydw', 'Nac ydw']],
  [/^(ydy|ydi|yw)$/, ['Ydy', 'Nac ydy']],
  [/^oes$/, ['Oes', 'Nac oes']],
  [/^oedd$/, ['Oedd', 'Nac oedd']],
];
const verbOf = (label) => label.toLowerCase().replace(/^a /, '').split(/[ ’]/)[0];
const yesOrNo = (choices) => ['yes', 'no'].map((code) => choices.find(({ value }) => value === code)?.label);

let looked = 0;
for (const { form, place, code } of events) {
  await test(`welsh: ${form}, ${place}: yes and no are those of each question`, async () => {
    const { status, text } = await instance.request(`/${code}/CY`);
    assert.equal(status, 200);
    for (const { label, fields, isApart } of questionsOf(text)) {
      if (isApart) continue;
      for (const { choices } of fields) {
        const [yes, no] = yesOrNo(choices);
        if (!yes || !no) continue;
        const verb = verbs.find(([known]) => known.test(verbOf(label)));
        assert(verb, `the verb of “${label}” is known`);
        looked++;
        assert.deepEqual([yes.split(',')[0], no.split(',')[0]], verb[1], label);
      }
    }
  });
}

await test('welsh: questions with either were looked at, and the cake is called as it is', async () => {
  assert(looked > 5, `${looked}`);
  const { text } = await instance.request(`/${events.find(({ form }) => form === 'everything').code}/CY`);
  const labels = (name) => questionsOf(text).find((one) => one.name === name).fields.flatMap(({ choices }) => choices.map(({ label }) => label));
  assert.deepEqual(labels('must_one'), ['Do', 'Naddo']);
  assert.deepEqual(labels('refused_age'), ['Ydw', 'Nac ydw']);
  for (const name of ['cakes', 'order']) assert.equal(labels(name)[1], 'Bara brith');
});

await finish();
