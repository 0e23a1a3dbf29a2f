// wales.test.mjs: an English page of an event in Wales has the words that the census uses there; elsewhere it has those of England.
// Nobody chooses between the two, and a response is the same answer in both.
import assert from 'node:assert/strict';
import { Instance, finish, test } from '../harness.mjs';

const instance = await Instance.make();
const inWales = instance.event('--practice', '--area', 'cymru-wales');
const inEngland = instance.event('--practice', '--area', 'wessex');
await instance.start();

const WELSH_FIRST = 'Welsh, English, Scottish, Northern Irish or British';
const ENGLISH_FIRST = 'English, Welsh, Scottish, Northern Irish or British';

await test('wales: English pages of events there have the words of Wales, and are never offered as a language', async () => {
  const wales = await instance.page(`/${inWales}/EN`);
  assert(wales.text.includes(WELSH_FIRST) && wales.text.includes('Black, Black Welsh, Black British'));
  assert(!wales.text.includes(ENGLISH_FIRST));
  assert(!/en-x-wales/i.test(wales.text), 'no such language is named');
  assert.match(wales.text, /<html[^>]* lang="en"/);
});

await test('wales: elsewhere they have those of England', async () => {
  const england = await instance.page(`/${inEngland}/EN`);
  assert(england.text.includes(ENGLISH_FIRST) && england.text.includes('Black, Black British, Caribbean or African'));
  assert(!england.text.includes(WELSH_FIRST));
});

await test('wales: an answer under either is the same answer in the office', async () => {
  for (const code of [inWales, inEngland]) {
    await instance.send(`/${code}/EN`, { overall: 'good', ethnic_group: 'british' });
    await instance.filed(code, 1);
    assert.equal(instance.exported(code)['about-you'][0].ethnic_group, 'british');
  }
});

await finish();
