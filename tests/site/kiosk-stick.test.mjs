// kiosk-stick.test.mjs: kiosk-config/stick, which root runs: of a stick it reads what the hub packs and nothing else, plain files of bounded size; and
// whatever interrupts it, the programs that take answers run again. Mounting and systemd are stood in for; with real ones: kiosk-install.test.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, cli, finish, root, scratch, test } from '../harness.mjs';

const dir = scratch();
const stick = join(dir, 'stick'), place = join(dir, 'place'), home = join(dir, 'home'), tools = join(dir, 'tools'), systemd = join(dir, 'systemd');
for (const each of [stick, home, join(home, 'spool'), tools, systemd]) mkdirSync(each);
writeFileSync(join(home, 'soundings.conf'), 'mode = kiosk\n');

/** The script with other places; each change is to be made once, or the script is another than this test knows. */
const script = [
  [/^PATH=/m, `PATH=${tools}:`],
  [/^HOME_DIR=.*$/m, `HOME_DIR=${home}`],
  [/^PLACE=.*$/m, `PLACE=${place}`],
  [/\[ -b "\$device" \]/, '[ -e "$device" ]'],
  [/\[ -d \/run\/systemd\/system \]/, `[ -d ${systemd} ]`],
  [/\/var\/tmp\/soundings-pack/, `${dir}/soundings-pack`],
].reduce((text, [from, to]) => {
  assert.equal(text.split(new RegExp(from, 'mg')).length, 2, String(from));
  return text.replace(from, to);
}, readFileSync(join(root, 'kiosk-config/stick'), 'utf8'));
writeFileSync(join(dir, 'script'), script);

const tool = (name, lines) => writeFileSync(join(tools, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
tool('id', 'echo 0');
tool('mount', `cp -a ${stick}/. ${place}/`);
tool('mountpoint', `[ -d ${place} ]`);
tool('umount', `rm -rf ${stick}; mkdir ${stick}; cp -a ${place}/. ${stick}/; rm -rf ${place}; mkdir ${place}`);
tool('systemctl', `echo "$@" >>${dir}/systemctl`);
tool('soundings', `eval "last=\\\${$#}"; cd "$last" && find . ! -type d -printf '%P %y %s\\n' | sort >${dir}/taken`);
tool('sync', 'true');
const run = () => {
  for (const name of ['systemctl', 'taken']) rmSync(join(dir, name), { force: true });
  const { status, stdout, stderr } = spawnSync('/bin/sh', [join(dir, 'script'), stick], { encoding: 'utf8', timeout: 20000 });
  assert(!existsSync(place), 'nothing stays mounted');
  assert.deepEqual(readdirSync(dir).filter((name) => name.startsWith('soundings-pack')), [], 'no copy is left');
  const lines = (name) => existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8').trim().split('\n') : [];
  return { status, said: stdout + stderr, taken: lines('taken'), systemctl: lines('systemctl') };
};

const pack = join(stick, 'soundings-kiosk');
const write = () => {
  rmSync(pack, { recursive: true, force: true });
  for (const name of ['', 'catalogue', 'sound']) mkdirSync(join(pack, name));
  for (const name of ['root.pub', 'catalogue/manifest', 'catalogue/catalogue.db', 'sound/0123456789abcdef0123.opus', 'sound/0123456789abcdef0123.mp3']) writeFileSync(join(pack, name), 'five\n');
};
const good = ['catalogue/catalogue.db', 'catalogue/manifest', 'root.pub', 'sound/0123456789abcdef0123.mp3', 'sound/0123456789abcdef0123.opus'].map((name) => `soundings-kiosk/${name} f 5`);

await test('stick: what the hub packs is brought in', () => {
  write();
  const { status, said, taken } = run();
  assert.equal(status, 0, said);
  assert.deepEqual(taken, good);
});

await test('stick: nothing else is, however it is named: no device, pipe or link, nothing that is too large', () => {
  write();
  const sound = (name) => join(pack, 'sound', `${name.padEnd(20, '0')}`);
  for (const path of ['more', 'sound/more', 'catalogue/more', 'sound/deep.opus']) mkdirSync(join(pack, path));
  for (const path of ['more/file', 'sound/more/1.opus', 'catalogue/current', 'catalogue/other.db', 'sound/1.wav', 'root.sh']) writeFileSync(join(pack, path), 'x');
  for (const path of ['aaaa.opus', 'aaab.mp3']) assert.equal(spawnSync('mkfifo', [sound(path).replace(/0+$/, '')]).status, 0);
  symlinkSync('/etc/passwd', join(pack, 'sound/bbbb.opus'));
  writeFileSync(join(pack, 'sound/cccc.mp3'), '');
  truncateSync(join(pack, 'sound/cccc.mp3'), (8 << 20) + 1);
  const { status, said, taken } = run();
  assert.equal(status, 0, said);
  assert.deepEqual(taken, good);
});

await test('stick: a manifest, list of events or root that is too large, a link or a pipe is not read', () => {
  for (const [name, size] of [['root.pub', 4097], ['catalogue/manifest', (1 << 20) + 1], ['catalogue/catalogue.db', (256 << 20) + 1]]) {
    const without = good.filter((line) => !line.includes(name));
    for (const make of [(path) => (writeFileSync(path, ''), truncateSync(path, size)), (path) => symlinkSync('/etc/passwd', path), (path) => spawnSync('mkfifo', [path])]) {
      write();
      rmSync(join(pack, name));
      make(join(pack, name));
      assert.deepEqual(run().taken, without, name);
    }
  }
});

await test('stick: a folder that is a link is refused, with words', () => {
  for (const name of ['', 'catalogue', 'sound']) {
    write();
    rmSync(join(pack, name), { recursive: true });
    symlinkSync(home, join(pack, name));
    const { status, said, taken } = run();
    assert.equal(status, 1);
    assert.match(said, /is a link: pack it on the hub once more\n[^]*was not brought in/);
    assert.deepEqual(taken, []);
  }
  rmSync(pack, { recursive: true, force: true });
});

const stop = 'stop soundings-intake.service soundings-spooler.service', start = 'start soundings-spooler.service soundings-intake.service';
writeFileSync(join(home, 'spool/spool.db'), 'sealed');
await test('stick: what people have sent goes out, and the programs run again', () => {
  const { status, said, systemctl } = run();
  assert.equal(status, 0, said);
  assert.deepEqual(systemctl, ['is-active -q soundings-spooler.service', stop, start]);
  assert.equal(statSync(join(stick, 'answers-1/spool.db')).size, 6);
});

await test('stick: interrupted while they are stopped, or refused, the programs run again all the same', () => {
  for (const signal of ['INT', 'TERM', 'HUP']) {
    tool('sync', `kill -${signal} $PPID; sleep 0.3`);
    const { status, systemctl } = run();
    assert.equal(status, 130, signal);
    assert.deepEqual(systemctl.slice(1), [stop, start], signal);
  }
  tool('sync', 'exit 1');
  const full = run();
  assert.equal(full.status, 1);
  assert.match(full.said, /not whole/);
  assert.deepEqual(full.systemctl.slice(1), [stop, start]);
  tool('systemctl', `echo "$@" >>${dir}/systemctl; [ "$1" != stop ]`);
  assert.deepEqual(run().systemctl.slice(1), [stop, start], 'one of the two may be stopped');
});

await test('stick: a kiosk whose own link is damaged, and a stick of another version: each has words of its own', async () => {
  const DATAERR = 65;
  const hub = await Instance.make(), out = scratch(), kiosk = join(scratch(), 'kiosk');
  hub.event('--open');
  const take = (expected) => cli(['--instance', kiosk, 'kiosk', 'take', out, '--port', '8080'], { expected });
  hub.cli(['kiosk', 'pack', out]);
  take(0);
  const link = join(kiosk, 'catalogue/current'), before = readlinkSync(link);
  const forged = join(scratch(), 'forged');
  const made = spawnSync('/usr/bin/python3', [join(root, 'tests/site/forge.py'), 'catalogue', hub.dir, forged, 'schema'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  hub.event('--open');
  const bare = join(scratch(), 'bare');
  cpSync(forged, join(out, 'soundings-kiosk/catalogue'), { recursive: true });
  assert.match(cli(['--instance', bare, 'kiosk', 'take', out, '--port', '8080'], { expected: DATAERR }).stderr, /packed by another version of these programs/);
  hub.cli(['kiosk', 'pack', out]);
  rmSync(link);
  symlinkSync('elsewhere', link);
  assert.match(take(DATAERR).stderr, /the link catalogue\/current on this kiosk is damaged: remove it/);
  rmSync(link);
  take(0);
  assert.notEqual(readlinkSync(link), before);
});

await finish();
