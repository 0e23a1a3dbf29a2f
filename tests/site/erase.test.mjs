// erase.test.mjs: what was withdrawn, and what is past its time, is nowhere: not in a database's free pages, a journal, a log, the
// spool, or a backup. The same search finds every one of 200 people's words before; or finding nothing would prove nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, receiptOf, root, scratch, test, until } from '../harness.mjs';
import { clock, later } from './clock.mjs';

const safe = scratch(), backups = join(safe, 'backups');
const instance = await Instance.make({ conf: { workers: 4, batch_min: 1, backup_dir: backups } });
instance.addresses = 20;
const recovery = join(safe, 'recovery.txt');
const [lying] = readdirSync(instance.dir).filter((name) => name.startsWith('recovery-'));
renameSync(join(instance.dir, lying), recovery);

/** The command line on the day that is DAYS from now. */
const onDay = (days, ...args) => {
  const result = spawnSync(join(build, 'soundings'), ['--instance', instance.dir, ...args], { encoding: 'utf8', env: { ...process.env, ...clock(later(days)) } });
  assert.equal(result.status, 0, result.stdout + result.stderr);
  return result.stdout;
};
const backupsThere = () => (existsSync(backups) ? readdirSync(backups).map((name) => join(backups, name)) : []);
/** Where WORDS are now: place -> words. */
const search = (words) => {
  const result = spawnSync('/usr/bin/python3', [join(root, 'tests/site/search.py'), instance.dir, recovery, ...backupsThere()], { input: JSON.stringify(words), encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
};
const rows = (code) => instance.office(`SELECT count(*) FROM response WHERE event = '${code}'`)[0][0];

const withdrawn = instance.event('--open');
// Over in 30 days from today: 24 months after its day.
const expiring = instance.event('--date', later(30, -24), '--open');
await instance.start();

const people = { [withdrawn]: [], [expiring]: [] };
for (const code of Object.keys(people)) {
  for (let i = 0; i < 100; i++) {
    const word = `MARK${code}${String(i).padStart(3, '0')}END`;
    const answer = await instance.send(`/${code}`, { next: `I say ${word}.`, overall: 'good', age_band: '25_34' });
    assert.equal(answer.status, 200);
    people[code].push({ word, receipt: receiptOf(answer.text) });
  }
}
const words = (code) => people[code].map(({ word }) => word).sort();
const all = [...words(withdrawn), ...words(expiring)].sort();
await until('everything filed', () => rows(withdrawn) === 100 && rows(expiring) === 100);

await test('before: the same search finds each of 200 markers in the office, in the spool and in a backup', () => {
  const before = search(all);
  assert.deepEqual(before['office/office.db'], all);
  assert.deepEqual(before['spool, opened'], all);
  instance.cli(['backup']);
  const [place] = backupsThere().map((path) => `${path.slice(path.lastIndexOf('/') + 1)}, opened`);
  assert.deepEqual(search(all)[place], all);
});

await test('once a backup has finished, the spool lets the envelopes go', async () => {
  await until('an empty spool', () => !search(all)['spool, opened'], 30000);
});

await test('after withdrawing: no file of the instance has a word of theirs; the others are untouched', async () => {
  for (const { receipt } of people[withdrawn]) {
    const answer = await instance.request('/withdraw', { method: 'POST', body: { receipt } });
    assert.equal(answer.status, 200, answer.text.slice(0, 400));
  }
  await until('no response left', () => rows(withdrawn) === 0, 30000);
  await until('the office in order', () => instance.office('SELECT unordered FROM meta')[0][0] === 0);
  const after = search(all);
  assert.deepEqual(after['office/office.db'], words(expiring));
  for (const [place, found] of Object.entries(after)) {
    if (!place.endsWith('.backup, opened')) assert.deepEqual(found.filter((word) => word.includes(withdrawn)), [], place);
  }
});

await test('the day before its time is over, nothing is deleted; on the day everything is', async () => {
  onDay(28, 'expire');
  assert.equal(rows(expiring), 100);
  assert.match(onDay(36, 'expire'), /That was the last backup: nothing could bring this instance back now\. Make one: .*soundings .*backup/);
  assert.equal(rows(expiring), 0);
  assert.match(instance.cli(['doctor'], { expected: 69 }).stdout, /no backup is left/);
  assert.equal(instance.office(`SELECT count(*) FROM free_text`)[0][0], 0);
  const audit = instance.office("SELECT action, subject FROM audit WHERE action LIKE 'expire.%'");
  assert(audit.some(([action, subject]) => action === 'expire.responses' && subject === '100'), JSON.stringify(audit));
});

await test('backups past their 35 days are gone, and nothing anywhere has any of the 200 markers', async () => {
  assert.deepEqual(backupsThere(), []);
  instance.cli(['backup']);
  assert.equal(backupsThere().length, 1);
  await until('the withdrawals to leave the spool', () => !search(all)['spool, opened']);
  assert.deepEqual(search(all), {});
});

await test('no receipt is in any file, as it is typed or as bytes', () => {
  const receipts = people[withdrawn].flatMap(({ receipt }) => [receipt, receipt.replace(/ /g, ''), receipt.toLowerCase()]);
  assert.deepEqual(search(receipts), {});
});

await finish();
