// every.test.mjs: each form in its languages, variants and words of Wales, as somebody answers it on a phone with JavaScript: step by
// step, each question that is asked and no other; the check page and the thank-you page say what was answered; the office holds it as it
// was typed. Without JavaScript: tests/site/every.test.mjs, where everything that can be answered is.
//
// Each form in one of its faces, another each day, unless --all is given. EVERY_SEED=N chooses the answers and the faces.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { questionsOf } from '../dom.mjs';
import { facesOf, makeEverything } from '../everything.mjs';
import { differences, everybody } from '../people.mjs';
import { inPairs, launch, openSteps, send, visibleFields, walk, withPage } from './browser.mjs';

const isAll = process.argv.includes('--all');
const seed = Number(process.env.EVERY_SEED ?? Math.floor(Date.now() / 86400000));
console.log(`  seed ${seed}`);
const { instance, events } = await makeEverything();
await instance.start();
const browser = await launch({ isShell: true });

const spaced = (text) => text.replace(/\s+/g, ' ').trim();
const jobs = [];
const sent = [];

/** Answers and sends as ONE did. */
const walkAs = async (page, { path, form }, questions, one) => {
  await openSteps(page, path);
  const fields = questions.flatMap((question) => question.fields);
  const named = (name) => fields.find((field) => field.name === name);
  const isDate = (name) => named(name).type === 'date';
  const asked = [];
  await walk(page, Object.fromEntries(Object.entries(one.given).filter(([name]) => !isDate(name))), async () => {
    for (const name of await visibleFields(page)) {
      asked.push(name);
      if (isDate(name) && one.given[name]) for (const [i, part] of one.given[name].entries()) await page.locator(`[id="${named(name).choices[i].id}"]`).fill(part);
    }
  });
  assert.deepEqual(asked, one.asked, 'what was asked, in order');
  const check = async (where, said) => {
    const lines = said.map(spaced);
    for (const [name, given] of Object.entries(one.given)) {
      const { type, choices } = named(name);
      if (['date', 'integer', 'decimal'].includes(type)) continue; // in words of the language
      const wanted = type === 'text' ? [given] : [].concat(given).map((value) => choices.find((choice) => choice.value === value).label);
      for (const text of wanted) assert(lines.some((line) => line.includes(spaced(text))), `${form}: "${text}" (${name}) stands on the ${where} page: ${JSON.stringify(lines)}`);
    }
  };
  await check('check', await page.locator('.check dd').allTextContents());
  await send(page);
  await check('thank-you', await page.locator('main .govuk-summary-list dd').allTextContents());
};

for (const [i, event] of events.entries()) {
  const faces = await facesOf(instance, event);
  for (const one of isAll ? faces : [faces[(seed + i) % faces.length]]) {
    const questions = questionsOf((await instance.page(one.path)).text);
    const { list } = everybody(questions, { seed: seed + i, isArabic: one.face === 'ar', most: isAll ? 3 : 1 });
    for (const person of list) {
      jobs.push(() => test(`every: ${one.form}, ${one.face}, ${one.place}, with JavaScript: ${Object.keys(person.given).length} answers`, () => withPage(browser, instance, {}, async (page) => {
        await walkAs(page, one, questions, person);
        sent.push({ ...person, ...one });
      })));
    }
  }
}
const count = jobs.length;
await inPairs(jobs);
await test(`every: all ${count} have sent`, () => assert.equal(sent.length, count));

for (const { form, place, code } of events) {
  await test(`every: ${form}, ${place}, with JavaScript: the office has exactly what was answered`, async () => {
    const people = sent.filter((one) => one.code === code);
    for (const found of differences(await instance.filed(code, people.length), people, place)) assert.deepEqual(found, { surplus: [], missing: [] });
  });
}
await finish();
