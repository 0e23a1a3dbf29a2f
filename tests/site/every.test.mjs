// every.test.mjs: each form in each language, variant and words of Wales, without JavaScript: people send until every choice of every
// question, every place, statement, half, limit and refusal has been given; the office holds exactly that, as it was typed, numbers and
// dates as what they mean, and nothing of what was not asked.
import assert from 'node:assert/strict';
import { finish, nonce, test } from '../harness.mjs';
import { questionsOf } from '../dom.mjs';
import { facesOf, makeEverything } from '../everything.mjs';
import { differences, everybody } from '../people.mjs';

const seed = Number(process.env.EVERY_SEED ?? Math.floor(Date.now() / 86400000));
console.log(`  seed ${seed}`);
const { instance, events } = await makeEverything();
await instance.start();

// What nobody can be asked, by its rule; in Easy Read also what hangs on
// an answer or a question that only the other faces have.
const never = { everything: { all: ['never'], 'en-x-easy': ['why_poor', 'best_cake'] } };
const sent = new Map(events.map(({ code }) => [code, []]));
let people = 0, answers = 0;

for (const event of events) {
  for (const { form, place, face, path } of await facesOf(instance, event)) {
    await test(`every: ${form}, ${face}, ${place}: each answer that can be given is taken`, async () => {
      const page = await instance.page(path);
      const questions = questionsOf(page.text);
      const { list, left } = everybody(questions, { seed: seed + people, isArabic: face === 'ar', isPlain: true });
      const isNever = (mark) => ['all', face].some((of) => never[form]?.[of]?.includes(mark.split('=')[0]));
      assert.deepEqual(left.filter((mark) => !isNever(mark)), [], 'what nobody said');
      for (const one of list) {
        const body = [...Object.entries({ ...page.hidden, nonce: nonce() }), ...one.sent];
        const answer = await instance.request(page.action, { method: 'POST', body });
        assert.equal(answer.status, 200, `${JSON.stringify(one.sent)}\n${answer.text.match(/govuk-error-summary[\s\S]*?<\/ul>/)?.[0] ?? answer.text.slice(0, 300)}`);
        sent.get(event.code).push({ ...one, face });
        answers += Object.keys(one.given).length;
      }
      people += list.length;
    });
  }
}

for (const { form, place, code } of events) {
  await test(`every: ${form}, ${place}: the office has exactly what ${sent.get(code).length} people answered, no more and no less`, async () => {
    const wanted = sent.get(code);
    const out = await instance.filed(code, wanted.length);
    for (const found of differences(out, wanted, place)) assert.deepEqual(found, { surplus: [], missing: [] });
  });
}
console.log(`  ${people} people, ${answers} answers`);
await finish();
