// readme.test.mjs: the commands with which the README looks at what came in, typed as they stand there: an event with one form, its second file,
// and an event with several.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, scratch, test, until } from '../harness.mjs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const instance = await Instance.make({ forms: ['forms/community-conversation', 'forms/work-experience-day', 'forms/work-experience-end'] });
const one = instance.event('--practice', '--form', 'community-conversation');
const several = instance.event('--practice', '--form', 'work-experience-day', '--form', 'work-experience-end');
await instance.start();
const out = scratch();

/** An export of CODE as the README writes it; its file goes into a folder of the test's. */
const type = (command, code, options) => instance.cli(command.replace('CODE', code).replace(/(-o )(\S+)/, (_, o, name) => `${o}${join(out, name)}`).split(' '), options);

await test('readme: what came in can be looked at as it says', async () => {
  const [, plain] = readme.match(/^ {4}build\/release\/soundings (export CODE .*)$/m);
  assert.equal((await instance.send(`/${one}/EN`, { overall: 'good', next: 'more tea', age_band: '25_34' })).status, 200);
  await instance.filed(one, 1);
  type(plain, one);
  assert.match(readFileSync(join(out, 'answers.csv'), 'utf8'), /more tea/);
  const [second] = readme.match(/answers-about-you\.csv/);
  assert.match(readFileSync(join(out, second), 'utf8'), /25_34/);
});

await test('readme: of an event with several forms it says which one is wanted', async () => {
  const [, plain] = readme.match(/^ {4}build\/release\/soundings (export CODE .*)$/m);
  assert.match(type(plain, several, { expected: null }).stderr, /--form/, 'the plain command is refused, and told why');
  const [, named] = readme.match(/`(export CODE --form [^`]*)`/);
  assert.equal((await instance.send(`/${several}/work-experience-day/EN`, { overall: 'good', best: 'the court' })).status, 200);
  await until('the response', () => {
    type(named, several);
    return readFileSync(join(out, 'answers.csv'), 'utf8').includes('the court');
  });
});

await finish();
