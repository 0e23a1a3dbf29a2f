// expire-edges.test.mjs: what expire must not do though the office asks for it, and what it does though the office cannot be changed.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Instance, build, finish, root, scratch, test } from '../harness.mjs';
import { clockArguments, later } from './clock.mjs';

const instance = await Instance.make({ conf: { workers: 1, batch_min: 1 } });
const backups = join(instance.dir, 'backups'), work = scratch();
const onDay = (day, args, expected) => {
  const result = spawnSync('env', [...clockArguments(day), join(build, 'soundings'), '--instance', instance.dir, ...args], { cwd: root, encoding: 'utf8' });
  assert.equal(result.status, expected, `${args.join(' ')} on ${day}: ${result.stdout}${result.stderr}`);
  return result;
};

await test('expire: a link in a backup\'s place is left alone and told of, for the backup itself would stay', () => {
  instance.cli(['backup']);
  const [name] = readdirSync(backups);
  renameSync(join(backups, name), join(work, name));
  symlinkSync(join(work, name), join(backups, name));
  assert.match(onDay(later(35), ['expire'], 65).stderr, /is not backup 1 of this instance any more, so it was left alone/);
  assert(existsSync(join(backups, name)) && existsSync(join(work, name)));
  unlinkSync(join(backups, name));
  renameSync(join(work, name), join(backups, name));
});

await test('expire: old backups go although the office cannot be changed: on a full disk nothing else makes room', () => {
  const change = 'CREATE TRIGGER full BEFORE INSERT ON expire_run BEGIN SELECT RAISE(ABORT, \'full\'); END';
  const sqlite = (sql) => assert.equal(spawnSync('sqlite3', [join(instance.dir, 'office/office.db'), sql], { encoding: 'utf8' }).stderr, '');
  sqlite(change);
  const result = spawnSync('env', [...clockArguments(later(36)), join(build, 'soundings'), '--instance', instance.dir, 'expire'], { cwd: root, encoding: 'utf8' });
  sqlite('DROP TRIGGER full');
  assert.notEqual(result.status, 0);
  assert.match(result.stderr, /nothing was deleted from the office/);
  assert.match(result.stdout, /^Deleted: backup 1$/m);
  assert.deepEqual(readdirSync(backups), []);
});

await test('expire: what a killed drill has left goes', () => {
  mkdirSync(join(instance.dir, 'drill-abcdef/office'), { recursive: true });
  writeFileSync(join(instance.dir, 'drill-abcdef/office/office.db'), 'responses');
  onDay(later(36), ['expire'], 0);
  assert(!existsSync(join(instance.dir, 'drill-abcdef')));
});

await test('expire: the secret of a period that is in use stays, though the office calls it destroyed', () => {
  const secrets = readdirSync(join(instance.dir, 'keys/periods')), sealed = readdirSync(join(instance.dir, 'keys/sealed'));
  spawnSync('sqlite3', [join(instance.dir, 'office/office.db'), 'UPDATE period SET retired_on = \'2024-01-01\', destroyed_on = \'2026-01-01\' WHERE is_practice = 0']);
  assert.match(onDay(later(36), ['expire'], 65).stderr, /responses are still sealed to it; it was left alone. Rotate: soundings --instance \S+ key rotate$/m);
  assert.deepEqual(readdirSync(join(instance.dir, 'keys/periods')), secrets);
  assert.deepEqual(readdirSync(join(instance.dir, 'keys/sealed')), sealed);
});

await finish();
