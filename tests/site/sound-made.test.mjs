// sound-made.test.mjs: the list of sounds when several forms say the same text, several commands make them at once, the voice or a recording is gone, and
// files are damaged: nobody's recording is lost to another form, what is not whole is not carried, and what nobody names goes.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, root, scratch, test } from '../harness.mjs';

const DATAERR = 65;
const forms = join(scratch(), 'forms');
for (const name of ['strings', 'organisation.yaml', 'library']) cpSync(join(root, 'forms', name), join(forms, name), { recursive: true });
const yaml = (name, own) => `form: ${name}
title: The walk
time: 1 minute
privacy:
  keep: 12 months
  threshold: 5
programmes: engagement
pages:
  - page: walk
    title: The walk
    questions:
      - name: words
        type: text
        label: What did you hear by the river?
        max: 200
      - name: more
        type: text
        label: ${own}
        max: 200
`;
for (const [name, own] of [['first', 'What did one of you see?'], ['other', 'What did two of you see?']]) {
  mkdirSync(join(forms, name));
  writeFileSync(join(forms, name, 'form.yaml'), yaml(name, own));
}
const folder = (name) => join(forms, name);
const shared = 'What did you hear by the river?';

/** A tone, as somebody's recording. */
const record = (path, hertz, seconds = 1) => {
  const rate = 16000, data = Buffer.alloc(2 * rate * seconds), head = Buffer.alloc(44);
  for (let i = 0; i < rate * seconds; i++) data.writeInt16LE(Math.round(9000 * Math.sin((i * hertz * 2 * Math.PI) / rate)), 2 * i);
  head.write('RIFF', 0); head.writeUInt32LE(36 + data.length, 4); head.write('WAVEfmt ', 8); head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22); head.writeUInt32LE(rate, 24); head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32); head.writeUInt16LE(16, 34); head.write('data', 36); head.writeUInt32LE(data.length, 40);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, Buffer.concat([head, data]));
};

const ask = (database, sql) => {
  const run = 'import json, sqlite3, sys; print(json.dumps(sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True, timeout=20).execute(sys.argv[2]).fetchall(), default=bytes.hex))';
  const done = spawnSync('/usr/bin/python3', ['-c', run, database, sql], { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
};
const keyOf = (text) => spawnSync('/usr/bin/python3', ['-c', 'import hashlib, sys; print(hashlib.blake2b(b"soundings/sound/1\\0en\\0" + sys.argv[1].encode(), digest_size=16).hexdigest(), end="")', text], { encoding: 'utf8' }).stdout;

const hub = await Instance.make({ forms: [], conf: { sound: 'on' } });
const list = () => JSON.parse(ask(join(hub.dir, 'office/office.db'), "SELECT json FROM text WHERE name = 'sound'")[0][0]).sounds;
const row = (text) => {
  const [name, ms, hash, of, owner, said] = list()[keyOf(text)] ?? [];
  return name && { name, ms, hash, of, owner, said };
};
const named = () => ask(join(hub.dir, 'catalogue/current/catalogue.db'), 'SELECT key, name, hash FROM sound');
const publish = (name) => hub.cli(['form', 'publish', folder(name), '--because', 'A test looks at the drafts']);
const files = () => readdirSync(join(hub.dir, 'sound'));

await test('sound-made: two commands at once lose nothing of each other', async () => {
  publish('first');
  hub.cli(['form', 'publish', folder('other'), '--without-sound', '--because', 'A test looks at the drafts']);
  // Both begin with the same list, and have some seconds' work before they store it.
  for (const [i, name] of ['first', 'other'].entries()) record(join(folder(name), 'sound/en/more.label.wav'), 500 + i, 90);
  const both = ['first', 'other'].map((name) => new Promise((done) => {
    const child = spawn(join(build, 'soundings'), ['--instance', hub.dir, 'form', 'sound', folder(name)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (bytes) => { stderr += bytes; });
    child.on('exit', (code) => done([code, stderr]));
  }));
  // The one that publishes its catalogue at the very moment that the other does may say so; its sounds are in the list all the same.
  for (const [code, stderr] of await Promise.all(both)) assert(code === 0 || /publish/.test(stderr), stderr);
  assert.equal(row('What did one of you see?').said, 'first');
  assert.equal(row('What did two of you see?').said, 'other');
  assert.deepEqual(row(shared).said.split(' ').sort(), ['first', 'other']);
  for (const [i, text] of ['What did one of you see?', 'What did two of you see?'].entries()) {
    assert.match(row(text).of, /^r:/);
    assert.equal(row(text).owner, ['first', 'other'][i]);
    assert.equal(Math.round(row(text).ms / 1000), 90);
  }
  assert.match(row(shared).of, /^v:/);
  for (const name of ['first', 'other']) rmSync(join(folder(name), 'sound'), { recursive: true });
});

await test('sound-made: the catalogue names the sounds of its own forms, with the hash of both files', () => {
  assert.equal(named().length, 0, 'no event asks a form yet');
  hub.event('--title', 'A walk', '--form', 'first', '--programme', 'engagement');
  const keys = named().map(([key]) => key);
  assert(keys.includes(keyOf('What did one of you see?')) && keys.includes(keyOf(shared)));
  assert(!keys.includes(keyOf('What did two of you see?')));
  const check = `
import hashlib, sys
hashes = b"".join(hashlib.blake2b(open(sys.argv[1] + ending, "rb").read(), digest_size=32).digest() for ending in (".opus", ".mp3"))
print(hashlib.blake2b(hashes, digest_size=32).hexdigest(), end="")`;
  for (const [, name, hash] of named().slice(0, 3)) assert.equal(spawnSync('/usr/bin/python3', ['-c', check, join(hub.dir, 'sound', name)], { encoding: 'utf8' }).stdout, hash);
});

await test('sound-made: a recording of one form outlives the publication of another, and goes with its own', () => {
  const own = join(folder('first'), 'sound/en/words.label.wav'), other = join(folder('other'), 'sound/en/words.label.wav');
  const voice = row(shared).of;
  record(own, 440);
  publish('first');
  const recorded = row(shared);
  assert.match(recorded.of, /^r:/);
  assert.equal(recorded.owner, 'first');
  publish('other');
  assert.deepEqual(row(shared), recorded, 'a voice does not replace it');
  record(other, 550);
  publish('other');
  assert.deepEqual(row(shared), recorded, 'nor does another form\'s recording');
  rmSync(own);
  publish('other');
  assert.deepEqual(row(shared), recorded, 'nobody but its form takes it away');
  publish('first');
  assert.equal(row(shared).of, voice);
  publish('other');
  assert.equal(row(shared).owner, 'other');
  rmSync(other);
  publish('other');
  assert.equal(row(shared).of, voice);
});

await test('sound-made: a recording that all forms share can be withdrawn by any of them', () => {
  const path = join(forms, 'strings/sound/en/send.wav');
  const line = hub.cli(['form', 'sound', folder('first'), '--list']).stdout.split('\n').find((one) => one.startsWith(path));
  const text = line.split('\t')[2], voice = row(text).of;
  record(path, 330);
  publish('first');
  assert.match(row(text).of, /^r:/);
  assert.equal(row(text).owner, '');
  rmSync(path);
  publish('other');
  assert.equal(row(text).of, voice);
});

if (process.getuid() === 0) await test('sound-made: on a machine without a voice everything that was made stays', () => {
  const before = list(), empty = scratch();
  const data = spawnSync('/bin/sh', ['-c', 'ls -d /usr/lib/*/espeak-ng-data'], { encoding: 'utf8' }).stdout.trim();
  const run = spawnSync('unshare', ['-m', '/bin/sh', '-c', 'mount --bind "$1" "$2" && shift 2 && exec "$@"', 'sh', empty, data, join(build, 'soundings'), '--instance', hub.dir,
    'form', 'publish', folder('first'), '--because', 'A test looks at the drafts'], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /No synthetic voice is on this machine/);
  assert.deepEqual(list(), before);
});

await test('sound-made: a damaged sound is not packed, is made again, and mends the stick', () => {
  const stick = scratch(), sound = row(shared);
  const path = join(hub.dir, 'sound', `${sound.name}.opus`);
  const onStick = join(stick, 'soundings-kiosk/sound', `${sound.name}.opus`);
  const size = () => readFileSync(path).length;
  const whole = size();
  truncateSync(path, whole - 7);
  assert.match(hub.cli(['kiosk', 'pack', stick], { expected: DATAERR }).stderr, /1 sounds of this hub are damaged: .*form sound FOLDER/);
  assert(!existsSync(join(stick, 'soundings-kiosk/catalogue/manifest')));
  hub.cli(['form', 'sound', folder('first')]);
  assert(size() > whole - 7);
  assert.match(hub.cli(['kiosk', 'pack', stick]).stdout, /is ready/);
  truncateSync(onStick, 100);
  hub.cli(['kiosk', 'pack', stick]);
  assert.deepEqual(readFileSync(onStick), readFileSync(path));
  const other = named().find(([, name]) => name !== sound.name)[1];
  rmSync(join(hub.dir, 'sound', `${other}.mp3`));
  assert.match(hub.cli(['kiosk', 'pack', scratch()]).stdout, /^1 sounds were not there: .*form sound FOLDER/m);
  hub.cli(['form', 'sound', folder('first')]);
  assert.doesNotMatch(hub.cli(['kiosk', 'pack', scratch()]).stdout, /not there/);
});

await test('sound-made: what nobody names goes after a day, and nothing else does', () => {
  const put = (name, days) => {
    writeFileSync(join(hub.dir, 'sound', name), 'left over');
    utimesSync(join(hub.dir, 'sound', name), Date.now() / 1000 - days * 86400, Date.now() / 1000 - days * 86400);
  };
  const name = 'ffffffffffffffffffff';
  const gone = [`.making-12-${name}.opus`, `${name}.mp3.tmp`, `${name}.opus`], kept = ['notes.txt', 'README.tmp', '.making-x', `${name.slice(1)}.opus`];
  for (const one of [...gone, ...kept]) put(one, 3);
  put('eeeeeeeeeeeeeeeeeeee.opus', 0.5);
  const [[mine]] = Object.values(list());
  utimesSync(join(hub.dir, 'sound', `${mine}.opus`), 1e9, 1e9);
  hub.cli(['form', 'sound', folder('first')]);
  for (const one of gone) assert(!files().includes(one), one);
  for (const one of [...kept, 'eeeeeeeeeeeeeeeeeeee.opus', `${mine}.opus`]) assert(files().includes(one), one);
});

if (process.getuid() === 0) await test('sound-made: a write that fails leaves no half of a file', () => {
  const small = scratch();
  rmSync(join(folder('other'), 'sound'), { recursive: true, force: true });
  const run = spawnSync('unshare', ['-m', '/bin/sh', '-c', 'mount -t tmpfs -o size=64k none "$1/sound" && "$2" --instance "$1" form sound "$3" >"$4/out" 2>&1; echo $?; ls -A "$1/sound" | grep -c "^\\.making"', 'sh',
    hub.dir, join(build, 'soundings'), folder('other'), small], { encoding: 'utf8' });
  const [code, left] = run.stdout.trim().split('\n');
  assert.notEqual(code, '0', readFileSync(join(small, 'out'), 'utf8'));
  assert.equal(left, '0');
});

await finish();
