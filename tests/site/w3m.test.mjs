// w3m.test.mjs: the form with every kind of question in w3m, by keys alone: dates and numbers are typed into lines, places chosen from
// lists, points of a scale and answers to statements ticked. (The first form: line.test.mjs.)
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { finish, receiptOf, root, test } from '../harness.mjs';
import { makeEverything } from '../everything.mjs';

const { instance, events: [{ code }] } = await makeEverything({ only: ['everything'] });
await instance.start();

await test('w3m: every kind of question that must be answered, and more, by keys alone', async () => {
  const walk = spawnSync('/usr/bin/python3', [join(root, 'tests/site/w3m.py'), `${instance.base}/${code}/EN`, 'written in w3m', 'everything'], { encoding: 'utf8', timeout: 180000 });
  assert.equal(walk.status, 0, walk.stdout + walk.stderr);
  assert(receiptOf(walk.stdout), 'w3m shows the receipt');
  const { responses: [row] } = await instance.filed(code, 1);
  const wanted = {
    came: '2026-07-04', again: 3, cups: 5, words: 'written in w3m', must_one: 'yes', must_many: ['scone'], must_say: 'tea42', must_count: 4, must_rate: 2,
    must_grid_cat: 'yes', must_grid_hare: 'no', must_order: ['hare', 'hatter'], must_day: '2026-08-01',
  };
  for (const [name, value] of Object.entries(wanted)) assert.deepEqual(row[name], value, name);
});
await finish();
