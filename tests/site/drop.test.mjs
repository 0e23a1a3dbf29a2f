// drop.test.mjs: an envelope stays in the spool until it is filed and a finished backup holds it, and goes then. What a restored
// office does not have is offered to it again. Where nobody makes backups, seven runs of expire let envelopes go, and six do not.
import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, scratch, sleep, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const ROUNDS_MS = 3000; // the collector has been round at least once in this time

const safe = scratch();
const instance = await Instance.make();
const recovery = join(safe, 'recovery.txt');
renameSync(join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-'))), recovery);
const event = instance.event('--open');
await instance.start();
const spool = new Spool(instance);

const rows = (site) => site.office('SELECT count(*) FROM response')[0][0];
const sent = [];
const send = async (site, code, count) => {
  for (let i = 0; i < count; i++) {
    const next = `answer ${sent.length}`;
    const answer = await site.send(`/${code}`, { overall: 'good', next });
    assert.equal(answer.status, 200, answer.text.slice(0, 300));
    sent.push(next);
  }
};
/** The spool comes to hold exactly this, and some rounds later still does. */
const holds = async (held, expected) => {
  let now;
  await until(`${JSON.stringify(expected)} in the spool`, async () => {
    now = await held.count();
    return now.waiting === expected.waiting && now.filed === expected.filed;
  }, 20000).catch((error) => { throw new Error(`${error.message}, which holds ${JSON.stringify(now)}`); });
  await sleep(ROUNDS_MS);
  assert.deepEqual(await held.count(), expected);
  const periods = Object.values(await held.periods());
  assert.deepEqual(periods, expected.waiting + expected.filed === 0 ? [] : [expected], 'the same by period');
};

// ---- with backups ---------------------------------------------------------------------------------------------------

const backup = join(safe, 'one.backup');

await test('drop: what is filed stays in the spool while no backup has finished', async () => {
  await send(instance, event, 7);
  await until('seven in the office', () => rows(instance) === 7, 20000);
  await holds(spool, { waiting: 0, filed: 7 });
});

await test('drop: a finished backup lets go of what it holds; what is not filed stays', async () => {
  await send(instance, event, 4); // fewer than the collector takes at once
  await holds(spool, { waiting: 4, filed: 7 });
  instance.cli(['backup', backup]);
  await holds(spool, { waiting: 4, filed: 0 });
  assert.equal(rows(instance), 7);
});

await test('drop: what is filed after that backup waits for the next', async () => {
  instance.cli(['event', 'close', event, '--now']); // which asks for the last four, too
  await until('eleven in the office', () => rows(instance) === 11, 20000);
  await holds(spool, { waiting: 0, filed: 4 });
});

await test('drop: a restored office is offered again what it lacks, and nothing is there twice', async () => {
  await instance.stop();
  await instance.gone();
  instance.cli(['restore', backup, '--recovery', recovery]);
  assert.equal(rows(instance), 7, 'as the backup has it');
  await instance.start();
  await holds(spool, { waiting: 4, filed: 0 }); // too few to be taken at once
  instance.cli(['event', 'release', event]); // which asks for them, and makes a backup
  assert.deepEqual(instance.exported(event).responses.map(({ next }) => next).sort(), sent.toSorted());
  await holds(spool, { waiting: 0, filed: 0 });
});
await instance.stop();

// ---- without --------------------------------------------------------------------------------------------------------

const alone = await Instance.make();
const practice = alone.event('--practice');
await alone.start();
const aloneSpool = new Spool(alone);

await test('drop: without a backup, six runs of expire let nothing go', async () => {
  await send(alone, practice, 5);
  await until('five in the office', () => rows(alone) === 5, 20000);
  for (let i = 0; i < 6; i++) alone.cli(['expire']);
  await holds(aloneSpool, { waiting: 0, filed: 5 });
});

await test('drop: the seventh lets go of what was filed before the first, and of no more', async () => {
  await send(alone, practice, 2);
  await until('seven in the office', () => rows(alone) === 7, 20000);
  alone.cli(['expire']);
  await holds(aloneSpool, { waiting: 0, filed: 2 });
  alone.cli(['expire']);
  await holds(aloneSpool, { waiting: 0, filed: 2 });
  assert.equal(rows(alone), 7, 'the office keeps all of them');
});

await finish();
