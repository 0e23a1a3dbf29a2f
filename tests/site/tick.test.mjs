// tick.test.mjs: `soundings event tick`, for installations without `soundings run`: ends grace after 24 hours, publishes it, catches up on
// what an earlier tick did not get published, and otherwise does nothing at all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, root, scratch, test } from '../harness.mjs';
import { clock, later } from './clock.mjs';

const instance = await Instance.make();
const code = instance.event('--open'), other = instance.event('--open');
const catalogue = join(instance.dir, 'catalogue');
const tickOn = (days, expected = 0) => {
  const env = { ...process.env, ...clock(later(days)) };
  const result = spawnSync(join(build, 'soundings'), ['--instance', instance.dir, 'event', 'tick'], { env, encoding: 'utf8' });
  assert.equal(result.status, expected, result.stdout + result.stderr);
  return result.stdout + result.stderr;
};
const current = () => readlinkSync(join(catalogue, 'current'));
/** An event's state as front machines are told. */
const published = (name) => {
  const read = 'import sqlite3, sys; print(sqlite3.connect(f"file:{sys.argv[1]}?immutable=1", uri=True).execute("SELECT state FROM event WHERE code = ?", (sys.argv[2],)).fetchone()[0])';
  const result = spawnSync('/usr/bin/python3', ['-c', read, join(catalogue, 'current/catalogue.db'), name], { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout.trim();
};

instance.cli(['event', 'close', code]);
await test('tick: while nothing is over, it says nothing and publishes nothing', () => {
  const before = current();
  assert.equal(tickOn(0), '');
  assert.equal(current(), before);
  assert.equal(published(code), 'grace');
});

const kept = join(scratch(), 'catalogue');
cpSync(catalogue, kept, { recursive: true, verbatimSymlinks: true });
await test('tick: when the 24 hours are over, the event is closed, and published so; no other is touched', () => {
  assert.equal(tickOn(2), '');
  assert.equal(published(code), 'closed');
  assert.equal(published(other), 'open');
  const after = current();
  tickOn(2);
  assert.equal(current(), after);
});

await test('tick: what an earlier one did not get published is published by the next', () => {
  rmSync(catalogue, { recursive: true });
  cpSync(kept, catalogue, { recursive: true, verbatimSymlinks: true });
  assert.equal(published(code), 'grace');
  tickOn(2);
  assert.equal(published(code), 'closed');
});

await test('tick: what an older version of the programs has published is published anew; until then nothing is packed for a kiosk, with words', () => {
  const forged = join(scratch(), 'forged'), stick = scratch(), serial = current().split('-')[0];
  const made = spawnSync('/usr/bin/python3', [join(root, 'tests/site/forge.py'), 'catalogue', instance.dir, forged, 'schema'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const name = `${serial}-0123456789abcdef`;
  cpSync(forged, join(catalogue, name), { recursive: true });
  rmSync(join(catalogue, 'current'));
  symlinkSync(name, join(catalogue, 'current'));
  const DATAERR = 65;
  assert.match(instance.cli(['kiosk', 'pack', stick], { expected: DATAERR }).stderr, /published by another version of these programs\. Publish it anew[^]*event tick$/m);
  assert.equal(tickOn(2), '');
  assert.notEqual(current(), name);
  assert.equal(published(code), 'closed');
  assert.match(instance.cli(['kiosk', 'pack', stick]).stdout, /is ready/);
});

await test('tick: on a day that cannot be believed, nothing is closed, and it says so', () => {
  instance.cli(['event', 'close', other]);
  assert.match(tickOn(400, 75), /no event was closed/);
  assert.equal(published(other), 'grace');
});

await finish();
