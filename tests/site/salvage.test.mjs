// salvage.test.mjs: a spool file is damaged under a whole site: it goes on with a new one, doctor says so, what the old one held comes
// back with `soundings spool salvage` and is filed once, and the file goes only when somebody says so.
import assert from 'node:assert/strict';
import { closeSync, copyFileSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const PAGE = 4096, USAGE = 64, NOINPUT = 66, TEMPFAIL = 75;
const instance = await Instance.make();
const event = instance.event('--open');
await instance.start();
const spool = new Spool(instance);
const files = (ending) => readdirSync(join(instance.dir, 'spool')).filter((name) => name.endsWith(ending));
const doctor = () => instance.cli(['doctor'], { expected: null }).stdout;
const rows = () => instance.office('SELECT count(*) FROM response')[0][0];

await test('salvage: with nothing damaged there is nothing to do', () => {
  assert.match(instance.cli(['spool', 'salvage']).stdout, /^No damaged spool file is there\.$/m);
  assert.match(instance.cli(['spool']).stdout, /^Envelopes that wait to be filed: none\./m);
  assert.match(doctor(), /^ok {4}no spool file is damaged$/m);
  assert.match(doctor(), /^ok {4}the spool's disk has room for new responses$/m);
  assert.doesNotMatch(doctor(), /ballast/);
});

let damaged;
await test('salvage: a damaged file is set aside, and the site goes on', async () => {
  process.kill(instance.main('collector'), 'SIGSTOP'); // nothing is filed before the file is damaged
  for (let i = 0; i < 9; i++) assert.equal((await instance.send(`/${event}`, { overall: 'good', next: `answer ${i}` })).status, 200);
  const before = instance.output.length;
  const file = openSync(join(instance.dir, 'spool/spool.db'), 'r+');
  writeSync(file, Buffer.alloc(PAGE), 0, PAGE, 0);
  closeSync(file);
  process.kill(instance.main('spooler'), 'SIGKILL'); // the next one reads it from the disk
  await until('the new file', () => /event=spool\.damaged/.test(instance.output.slice(before)) && instance.main('spooler'));
  await until('the spooler', async () => (await spool.count().catch(() => null))?.waiting === 0);
  process.kill(instance.main('collector'), 'SIGCONT');
  assert.equal((await instance.send(`/${event}`, { overall: 'good', next: 'answer 9' })).status, 200);
  [damaged] = files('.damaged');
  assert.match(damaged, /^spool-\d{4}-\d\d-\d\d-[0-9a-f]{16}\.damaged$/);
  assert.match(doctor(), new RegExp(`^BAD {3}a damaged spool file may hold responses that are nowhere else: .*${damaged}$`, 'm'));
  assert.match(instance.cli(['spool']).stdout, new RegExp(`^Damaged: .*${damaged}$`, 'm'));
  assert.equal(rows(), 0, 'the one that waits is one of fewer than five');
});

await test('salvage: what it held is handed over and filed once; twice does no harm; the file stays', async () => {
  const copy = join(instance.dir, 'copy');
  copyFileSync(join(instance.dir, 'spool', damaged), copy);
  const { stdout } = instance.cli(['spool', 'salvage']);
  assert.match(stdout, /handed over and on disk: 5 to 9$/m);
  assert.match(stdout, /begun, and not whole: none$/m);
  assert.equal(rows(), 10, 'all of them, and the one that waited');
  assert.deepEqual([files('.damaged'), files('.salvaged')], [[], [damaged.replace('.damaged', '.salvaged')]]);
  assert.match(doctor(), /^look {2}a salvaged spool file is still kept/m);
  instance.cli(['spool', 'salvage', '--keep', copy]);
  await spool.settled();
  assert.equal(rows(), 10);
  instance.cli(['spool', 'salvage', '--forget', `${copy}.salvaged`]);
});

await test('salvage: what cannot be is refused, and changes nothing', async () => {
  const kept = files('.salvaged');
  instance.cli(['spool', 'salvage', join(instance.dir, 'spool/none')], { expected: NOINPUT });
  instance.cli(['spool', 'salvage', join(instance.dir, 'spool/spool.db')], { expected: USAGE });
  instance.cli(['spool', 'salvage', '--forget'], { expected: USAGE });
  instance.cli(['spool', 'salvage', '--forget', join(instance.dir, 'office/office.db')], { expected: USAGE });
  instance.cli(['spool', 'salvag'], { expected: USAGE });
  await instance.stop();
  assert.match(instance.cli(['spool', 'salvage', join(instance.dir, 'spool', kept[0])], { expected: TEMPFAIL }).stderr, /the spooler does not answer/);
  assert.deepEqual(files('.salvaged'), kept);
});

await test('salvage: --forget deletes it for good', () => {
  instance.cli(['spool', 'salvage', '--forget', join(instance.dir, 'spool', files('.salvaged')[0])]);
  assert.deepEqual(files('.salvaged'), []);
  assert.match(doctor(), /^ok {4}no spool file is damaged$/m);
});

await finish();
