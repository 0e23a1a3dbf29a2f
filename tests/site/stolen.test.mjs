// stolen.test.mjs: whoever stole a machine has its content key, and can make backups that check out under the key set of then. Once
// another content key is in use, such a file neither keeps anybody from restoring nor is merged nor restored, unless it is asked
// for by name; and so it is with genuine ones from before the change.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, scratch, test } from '../harness.mjs';

const NOPERM = 77;
const work = scratch();
const mine = await Instance.make();
const recovery = join(work, 'recovery.txt');
renameSync(join(mine.dir, readdirSync(mine.dir).find((name) => name.startsWith('recovery-'))), recovery);
const folder = (name) => { mkdirSync(join(work, name)); return join(work, name); };
const site = (dir) => Object.assign(new Instance(), { dir, port: mine.port, base: mine.base });
const fresh = () => site(join(scratch(), 'instance'));
const restore = (to, file, ...more) => to.cli(['restore', file, '--recovery', recovery, ...more], { expected: null });
const titles = (of) => of.office('SELECT title FROM event ORDER BY title').map(([title]) => title);
const event = (of, title) => of.cli(['event', 'add', '--title', title, '--open']);

event(mine, 'Mine');
const before = join(folder('before'), 'genuine.backup');
mine.cli(['backup', before]);

// The thief has all of the machine, but not the recovery key, and makes a backup with a higher number.
const thief = site(join(work, 'thief'));
cpSync(mine.dir, thief.dir, { recursive: true, verbatimSymlinks: true });
event(thief, 'Forged');
for (let i = 0; i < 5; i++) thief.cli(['backup', join(work, `thief-${i}.backup`)]);
const forged = join(work, 'thief-4.backup');
rmSync(join(mine.dir, 'keys/content.secret'));
mine.cli(['key', 'recover', '--recovery', recovery]);
const after = join(folder('after'), 'genuine.backup');
mine.cli(['backup', after]);
const together = folder('together');
copyFileSync(after, join(together, 'genuine.backup'));
copyFileSync(forged, join(together, 'forged.backup'));

await test('stolen: by itself the forgery is in order', () => {
  assert.match(thief.cli(['backup', '--check', forged]).stdout, / is whole: /);
});

await test('stolen: a forgery that says that it is newer keeps nobody from restoring', () => {
  const to = fresh();
  const { status, stderr } = restore(to, join(together, 'genuine.backup'));
  assert.equal(status, 0, stderr);
  assert.match(stderr, /forged\.backup says that it is newer, but was signed by a content key that another has replaced since; it is left out/);
  assert.deepEqual(titles(to), ['Mine']);
});

await test('stolen: it is not merged', () => {
  const to = fresh();
  const { status, stderr, stdout } = restore(to, join(together, 'genuine.backup'), '--older');
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stdout, /Newer backups that were merged/);
  assert.deepEqual(titles(to), ['Mine']);
});

for (const [name, file, to] of [
  ['the forgery, beside a genuine one', join(together, 'forged.backup'), fresh()],
  ['the forgery, into the instance', forged, mine],
  ['a genuine one from before the change', before, mine],
]) {
  await test(`stolen: ${name} is not restored`, () => {
    const was = titles(mine);
    const { status, stderr } = restore(to, file, '--older');
    assert.equal(status, NOPERM, stderr);
    assert.match(stderr, /was signed by a content key that another has replaced since.*--old-key/s);
    assert.deepEqual(titles(mine), was);
    assert.deepEqual(readdirSync(mine.dir).filter((left) => left.startsWith('restoring-')), []);
  });
}

await test('stolen: --old-key takes the one that is named, and no other', () => {
  const to = fresh();
  cpSync(mine.dir, to.dir, { recursive: true, verbatimSymlinks: true });
  copyFileSync(forged, join(work, 'before/forged.backup'));
  const { status, stderr } = restore(to, before, '--older', '--old-key');
  assert.equal(status, 0, stderr);
  assert.match(stderr, /forged\.backup says that it is newer/);
  assert.deepEqual(titles(to), ['Mine']);
});

await test('stolen: where nobody knows of another content key, a backup is taken as it is', () => {
  const to = fresh();
  assert.equal(restore(to, before, '--older').status, 0);
});

await finish();
