// again.test.mjs: people are thanked, the machine is lost, and the only backup at hand is from before their event: what they said waits in
// quarantine, survives that its envelopes leave the spool, and is filed, once, when the event comes over from another backup. What
// was withdrawn meanwhile is not.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, receiptOf, scratch, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const safe = scratch();
const [before, after] = ['before', 'after'].map((name) => join(safe, name)); // folders apart: neither knows of the other
for (const folder of [before, after]) mkdirSync(folder);
const old = await Instance.make();
const recovery = join(safe, 'recovery.txt');
renameSync(join(old.dir, readdirSync(old.dir).find((name) => name.startsWith('recovery-'))), recovery);
old.cli(['backup', join(before, 'one.backup')]);
const event = old.event('--open');
old.cli(['backup', join(after, 'two.backup')]);
await old.start();

const rows = (site) => site.office('SELECT count(*) FROM response')[0][0];
const quarantine = (site) => site.office('SELECT reason, day FROM quarantine');
const receipts = [];

await test('again: seven people are thanked', async () => {
  for (let i = 0; i < 7; i++) {
    const answer = await old.send(`/${event}`, { overall: 'good', next: `answer ${i}` });
    assert.equal(answer.status, 200);
    receipts.push(receiptOf(answer.text));
  }
  await until('all in the office', () => rows(old) === 7);
  await old.stop();
  await old.gone();
});

const found = Object.assign(new Instance(), { dir: join(scratch(), 'found'), port: old.port, base: old.base });

await test('again: an office from before their event keeps them in quarantine, and the spool lets them go', async () => {
  mkdirSync(found.dir);
  cpSync(join(old.dir, 'spool'), join(found.dir, 'spool'), { recursive: true });
  found.cli(['restore', join(before, 'one.backup'), '--recovery', recovery]);
  await found.start();
  await until('all in quarantine', () => quarantine(found).length === 7);
  assert.ok(quarantine(found).every(([reason]) => reason === 'event'));
  assert.match(found.cli(['doctor'], { expected: null }).stdout, /^look {2}7 envelopes are in quarantine/m);
  const other = found.event('--open'); // its catalogue knows no more of theirs
  found.cli(['withdraw'], { input: `${receipts[0]}\n` });
  found.cli(['event', 'close', other, '--now']); // which asks for the withdrawal, too
  const spool = new Spool(found);
  await until('it is filed', async () => (await spool.count()).waiting === 0);
  found.cli(['backup', join(after, 'three.backup')]);
  await until('the spool is empty', async () => (await spool.count()).filed === 0);
  assert.equal(quarantine(found).length, 7);
  assert.equal(rows(found), 0);
  await found.stop();
  await found.gone();
});

await test('again: once the event comes over from another backup, each is filed once, but the one that was withdrawn', async () => {
  found.cli(['restore', join(after, 'two.backup'), '--older', '--recovery', recovery]);
  assert.equal(quarantine(found).length, 7, 'taken over');
  await found.start();
  await until('out of quarantine', () => quarantine(found).length === 0);
  assert.equal(rows(found), 6);
  found.cli(['event', 'close', event, '--now']);
  found.cli(['event', 'release', event, '--few']);
  assert.equal(found.office(`SELECT count(*) FROM response WHERE event = '${event}'`)[0][0], 6);
  assert.match(found.cli(['doctor'], { expected: null }).stdout, /^ok {4}the quarantine is empty$/m);
  await found.stop();
});

await finish();
