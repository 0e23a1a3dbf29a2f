// kiosk-stolen.test.mjs: a kiosk that is stolen after 200 people have answered. What each typed is a marker of its own. Neither the disk that the
// kiosk's instance lies on (an image, searched byte by byte: deleted files and freed pages too), nor the memory of any of its programs,
// holds one of them once it was thanked for. The same search while responses are on their way has to find them, in memory, and finds a
// deleted file's bytes on the disk: or it would prove nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, atEnd, finish, scratch, sleep, test, until } from '../harness.mjs';

const people = 200;
const work = scratch();
const run = Math.random().toString(36).slice(2, 8);
const marker = (i) => `zwetschge${run}x${String(i).padStart(3, '0')}y`;
const stem = `zwetschge${run}x`; // every marker begins so; UTF-16 as well
const search = `
import re, sys, os
stem, places = sys.argv[1], sys.argv[2:]
needle = re.compile(re.escape(stem.encode()) + rb'(\\d{3})y|' + re.escape(stem.encode('utf-16-le')) + rb'((?:\\d\\0){3})y\\0')
def found(data):
    return {(m[1] or m[2].replace(b'\\0', b'')).decode() for m in needle.finditer(data)}
def memory(pid):
    out, read = set(), 0
    try:
        maps = open(f'/proc/{pid}/maps').read().splitlines()
        with open(f'/proc/{pid}/mem', 'rb', 0) as mem:
            for line in maps:
                span, rights, *_ = line.split()
                if 'r' not in rights or line.endswith(('[vvar]', '[vsyscall]', '[vvar_vclock]')): continue
                at, end = (int(x, 16) for x in span.split('-'))
                try:
                    mem.seek(at); data = mem.read(end - at)
                except (OSError, ValueError): continue
                read += len(data); out |= found(data)
    except OSError as error:
        print(f'cannot read {pid}: {error}', file=sys.stderr); sys.exit(1)
    return out, read
for place in places:
    if place.startswith('pid:'):
        out, read = memory(place[4:])
        name = open(f'/proc/{place[4:]}/comm').read().strip()
        print(f'{name} {read} {" ".join(sorted(out))}')
    else:
        print(f'disk {os.path.getsize(place)} {" ".join(sorted(found(open(place, "rb").read())))}')
`;
const looked = (...places) => {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', search, stem, ...places], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0, stderr);
  return stdout.trim().split('\n').map((line) => {
    const [name, bytes, ...words] = line.trim().split(' ');
    return { name, bytes: Number(bytes), words };
  });
};

// The instance lies in a file system of its own, in a file. mount(8) needs root; without it the folder is searched as it is.
const image = join(work, 'disk.img');
const disk = join(work, 'disk');
mkdirSync(disk);
const isMounted = process.getuid() === 0 && [['truncate', '-s', '300M', image], ['mkfs.ext4', '-q', '-F', image], ['mount', '-o', 'loop', image, disk]]
  .every(([command, ...args]) => spawnSync(command, args).status === 0);
if (!isMounted) console.log('# this machine mounts no image for this test: files are searched, and not what was deleted');
if (isMounted) atEnd(() => spawnSync('umount', [disk]));
const onDisk = () => {
  spawnSync('sync', ['-f', disk]);
  if (isMounted) return looked(image)[0].words;
  const all = spawnSync('tar', ['-cf', join(work, 'all.tar'), '-C', disk, '.']);
  assert(all.status !== null);
  return looked(join(work, 'all.tar'))[0].words;
};

// A hub packs its catalogue, the kiosk takes it: a kiosk has no office and no key that opens anything.
const hub = await Instance.make({ conf: { sound: 'off' } });
const code = hub.event('--practice', '--form', 'community-conversation');
const stick = scratch();
hub.cli(['kiosk', 'pack', stick]);
const kiosk = Object.assign(new Instance(), { dir: join(disk, 'kiosk'), port: hub.port, base: hub.base });
kiosk.cli(['kiosk', 'take', stick, '--port', String(kiosk.port)]);
await kiosk.start(); // as systemd's units do, it has programs overwrite what they free
atEnd(() => kiosk.stop());

const programs = ['spooler', 'intake', 'nginx', 'kiosk'];
const pids = () => {
  const all = programs.flatMap((name) => kiosk.pids(name));
  const children = (pid) => spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).flatMap((kid) => [kid, ...children(kid)]);
  return Array.from(new Set(all.flatMap((pid) => [String(pid), ...children(pid)])));
};
// The controls' own markers lie on the disk because the test put them there.
const stolen = () => onDisk().filter((word) => !['998', '999'].includes(word));
const inMemory = () => looked(...pids().map((pid) => `pid:${pid}`));
const path = `/kiosk/${code}/EN`;

await test('the control: the search finds what was written and deleted on the disk', () => {
  const file = join(disk, 'control');
  writeFileSync(file, Buffer.concat([Buffer.from('.'.repeat(5000)), Buffer.from(marker(999)), Buffer.from(marker(998), 'utf16le')]));
  spawnSync('sync', ['-f', disk]);
  if (isMounted) rmSync(file);
  assert.deepEqual(onDisk(), ['998', '999']);
  if (!isMounted) rmSync(file);
});

await test('the control: before they are sent, the same search finds markers in memory', async () => {
  const page = await kiosk.page(path);
  const bytes = kiosk.bytes(page.action ?? path, { ...page.hidden, next: marker(997), overall: 'good' }, { Origin: kiosk.base });
  const half = kiosk.connect(bytes.subarray(0, bytes.length - 3)); // all but the end has arrived; nothing is decided yet
  await until('nginx holds it', () => inMemory().some(({ name, words }) => name === 'nginx' && words.includes('997')), 8000);
  half.socket.destroy();
});

await test('the control: while a response waits for the disk, the same search finds it in memory', async () => {
  const [spooler] = kiosk.pids('spooler');
  const page = await kiosk.page(path);
  process.kill(spooler, 'SIGSTOP');
  const sent = kiosk.send(path, { overall: 'good', next: marker(996) }, { page });
  try {
    await until('intake or nginx holds it', () => inMemory().some(({ name, words }) => ['intake', 'nginx'].includes(name) && words.includes('996')), 4500);
  } finally {
    process.kill(spooler, 'SIGCONT');
  }
  assert([200, 503].includes((await sent).status));
});

await test(`${people} people have answered, each was thanked`, async () => {
  for (let i = 0; i < people; i++) {
    const answer = await kiosk.send(path, { overall: 'good', next: marker(i) });
    assert.equal(answer.status, 200, `person ${i}`);
  }
});

await test('the thief: no marker in the memory of spooler, intake, nginx or kiosk', async () => {
  // The next person opens the start screen, as at a kiosk; nobody has been there for as long as a connection lives.
  for (let i = 0; i < 16; i++) await kiosk.request(`/kiosk/${code}`);
  await sleep(500);
  const found = inMemory();
  assert(found.length >= 6 && found.every(({ bytes }) => bytes > 100000), JSON.stringify(found.map(({ name, bytes }) => [name, bytes])));
  assert.deepEqual(found.filter(({ words }) => words.length).map(({ name, words }) => `${name}: ${words.length}: ${words.slice(0, 5)}`), []);
});

await test('the thief: no marker on the disk, in files, freed pages or what was deleted', async () => {
  assert.deepEqual(stolen(), []);
  await kiosk.stop();
  assert.deepEqual(stolen(), [], 'nor after everything has ended');
  assert(readFileSync(join(kiosk.dir, 'spool/spool.db')).length > people * 1000, 'the responses are there, sealed');
});

await finish();
