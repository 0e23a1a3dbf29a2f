// restore-edges.test.mjs: a backup and a restore wait for each other; what a restore puts aside is overwritten; a backup on a disk that is
// away on its last day is not forgotten; days that are still to come are told.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, scratch, sleep, test } from '../harness.mjs';
import { clock, later } from './clock.mjs';

const work = scratch();
const instance = await Instance.make();
const recovery = join(work, 'recovery.txt');
renameSync(join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-'))), recovery);
const soundings = join(build, 'soundings');
/** The command line on another day; on a terminal when IS_SEEN. */
const on = (day, args, isSeen = false) => {
  const all = [soundings, '--instance', instance.dir, ...args];
  const [command, rest] = isSeen ? ['script', ['-qec', all.join(' '), '/dev/null']] : [all[0], all.slice(1)];
  return spawnSync(command, rest, { encoding: 'utf8', env: { ...process.env, ...clock(day) }, stdio: ['ignore', 'pipe', 'pipe'] });
};

/** Holds the lock that a backup and a restore take, until the promise that it gives is called. */
const held = async () => {
  const child = spawn('flock', [join(instance.dir, 'run/backup.lock'), 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((done) => child.stdout.once('data', done));
  return () => { child.stdin.end(); return new Promise((done) => child.on('exit', done)); };
};
const started = (...args) => {
  const child = spawn(soundings, ['--instance', instance.dir, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', code: undefined };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said.out += data; });
  said.ended = new Promise((done) => child.on('exit', (code) => { said.code = code; done(code); }));
  return said;
};

const first = join(work, 'first.backup');
instance.cli(['backup', first]);

await test('edges: a restore waits until a backup has ended', async () => {
  const release = await held();
  const restore = started('restore', first, '--recovery', recovery);
  await sleep(2500);
  assert.equal(restore.code, undefined, restore.out);
  assert.match(restore.out, /another 'backup' or a 'restore' is at work on .*: waiting until it has ended/);
  assert.deepEqual(readdirSync(instance.dir).filter((name) => name.startsWith('restoring-')), []);
  await release();
  assert.equal(await restore.ended, 0, restore.out);
});

await test('edges: a backup that waited for a restore is not one of the office before it', async () => {
  const release = await held();
  const backup = started('backup', join(work, 'late.backup'));
  await sleep(1500);
  copyFileSync(join(instance.dir, 'office/office.db'), join(instance.dir, 'office/office.new'));
  renameSync(join(instance.dir, 'office/office.new'), join(instance.dir, 'office/office.db'));
  await release();
  assert.notEqual(await backup.ended, 0, backup.out);
  assert.ok(!existsSync(join(work, 'late.backup')));
});

await test('edges: the office that a restore replaces is overwritten', () => {
  const header = Buffer.alloc(16);
  const before = openSync(join(instance.dir, 'office/office.db'), 'r');
  readSync(before, header, 0, 16, 0);
  assert.equal(header.toString('latin1'), 'SQLite format 3\0');
  instance.cli(['restore', first, '--older', '--recovery', recovery]);
  readSync(before, header, 0, 16, 0);
  closeSync(before);
  assert.notEqual(header.toString('latin1'), 'SQLite format 3\0');
  assert.deepEqual(readdirSync(join(instance.dir, 'office')).filter((name) => !/^office\.db(-journal)?$/.test(name)), []);
  instance.cli(['doctor'], { expected: null });
});

await test('edges: half-written key files of a crash are overwritten with the next rotation', () => {
  const path = join(instance.dir, 'keys/.content.secret.0011223344556677.tmp');
  writeFileSync(path, 'a content key, half of it', { mode: 0o600 });
  const bytes = Buffer.alloc(9);
  const left = openSync(path, 'r');
  instance.cli(['key', 'rotate', '--recovery', recovery]);
  assert.ok(!existsSync(path));
  readSync(left, bytes, 0, 9, 0);
  closeSync(left);
  assert.notEqual(bytes.toString('latin1'), 'a content');
});

const today = later(0);
await test('edges: a backup on a disk that is away on its last day stays listed, and goes when it is back', () => {
  const stick = join(work, 'stick');
  mkdirSync(stick);
  const file = join(stick, 'away.backup');
  instance.cli(['backup', file]);
  renameSync(stick, `${stick}.pulled`);
  const day = later(40);
  const daily = on(day, ['expire']);
  assert.equal(daily.status, 0, daily.stderr);
  assert.doesNotMatch(daily.stdout + daily.stderr, /away\.backup/);
  assert.match(on(day, ['expire'], true).stdout, /Kept: backup \d+, for the folder of .*away\.backup is not there\. Is a disk not connected\? When it is, run: .*expire/);
  assert.match(on(day, ['doctor']).stdout, /^look {2}1 backup is older than 35 days, on a disk that is not connected: .*away\.backup$/m);
  renameSync(`${stick}.pulled`, stick);
  assert.match(on(day, ['expire']).stdout, /^Deleted: backup \d+$/m);
  assert.ok(!existsSync(file));
  assert.doesNotMatch(on(day, ['doctor']).stdout, /not connected: .*away/);
});

await test('edges: one that somebody deleted is noted as gone', () => {
  const file = join(work, 'deleted.backup');
  assert.equal(on(later(40), ['backup', file]).status, 0);
  rmSync(file);
  assert.match(on(later(80), ['expire']).stdout, /^Deleted: backup \d+ \(the file was gone already\)$/m);
});

await test('edges: doctor tells of days that are still to come', () => {
  assert.equal(on(later(80), ['backup', join(work, 'ahead.backup')]).status, 0);
  const { stdout } = on(today, ['doctor']);
  assert.match(stdout, new RegExp(`^look {2}the newest backup is of ${later(80)}, which is still to come$`, 'm'));
  assert.match(stdout, /^look {2}soundings expire ran last on a day that is still to come$/m);
  assert.doesNotMatch(on(later(80), ['doctor']).stdout, /still to come/);
});

await finish();
