// stick.test.mjs: a kiosk that has never been in a network: its events come on a stick, people answer on it, its spool goes back to the hub and is filed
// there once. What the hub's root has not signed, what is older, and what is damaged changes nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { Instance, cli, finish, receiptOf, scratch, test, until } from '../harness.mjs';

const USAGE = 64, DATAERR = 65, NOINPUT = 66, NOPERM = 77, CONFIG = 78;
const PIN = '204817';
const hub = await Instance.make({ conf: { batch_min: 1 } });
const stick = scratch();
const open = hub.event('--open', '--title', 'Conversation in Slough');
const planned = hub.event('--title', 'Panel in Reading');

const freePort = () => new Promise((done) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** A machine that has nothing but the programs. */
class Kiosk extends Instance {
  static async fresh() {
    const kiosk = new Kiosk();
    kiosk.dir = join(scratch(), 'deep/kiosk');
    kiosk.port = await freePort();
    kiosk.base = `http://127.0.0.1:${kiosk.port}`;
    return kiosk;
  }

  take(from = stick, options) {
    return this.cli(['kiosk', 'take', from, '--port', String(this.port)], options);
  }

  served() {
    const link = join(this.dir, 'catalogue/current');
    return existsSync(link) ? readFileSync(join(link, 'manifest')).toString('latin1') : null;
  }

  async menu() {
    const [, once] = (await this.request('/staff')).text.match(/name="once" value="([^"]+)"/);
    return this.request('/staff', { method: 'POST', body: { once, pin: PIN } });
  }

  async choose(code) {
    const menu = await this.menu();
    const pass = menu.text.match(/name="pass" value="([0-9a-f]+)"/)[1];
    const chosen = await this.request('/staff', { method: 'POST', body: { pass, event: code } });
    assert.equal(chosen.status, 200, chosen.text);
    return chosen;
  }
}
const kiosk = await Kiosk.fresh();

let print;
await test('stick: the hub writes what a kiosk needs, and nothing that it must not have', async () => {
  hub.cli(['kiosk', 'pack', join(stick, 'nowhere')], { expected: NOINPUT });
  const { stdout } = hub.cli(['kiosk', 'pack', stick]);
  print = stdout.match(/^ {2}((?:[0-9a-f]{4} ){7}[0-9a-f]{4})$/m)[1];
  const folder = join(stick, 'soundings-kiosk');
  assert.deepEqual(readdirSync(folder).sort(), ['catalogue', 'root.pub', 'sound']);
  assert.deepEqual(readdirSync(join(folder, 'catalogue')).sort(), ['catalogue.db', 'manifest']);
  assert.equal(readFileSync(join(folder, 'root.pub'), 'utf8'), readFileSync(join(hub.dir, 'front/root.pub'), 'utf8'));
  const secret = readFileSync(join(hub.dir, 'keys/content.secret'));
  for (const name of ['catalogue/catalogue.db', 'catalogue/manifest', 'root.pub']) assert(!readFileSync(join(folder, name)).includes(secret.subarray(0, 32)), name);
  hub.cli(['kiosk', 'pack', stick]); // over what is there
  hub.cli(['kiosk', 'pack'], { expected: USAGE });
});

await test('stick: a machine with nothing becomes a kiosk that trusts this hub alone', () => {
  kiosk.take(scratch(), { expected: NOINPUT });
  const { stdout } = kiosk.take();
  assert.match(stdout, /^Taken\./);
  assert(stdout.includes(print), 'the same fingerprint');
  assert.deepEqual(readdirSync(kiosk.dir).sort(), ['catalogue', 'front', 'kiosk', 'pages', 'run', 'soundings.conf', 'sound', 'spool'].sort());
  assert.match(readFileSync(join(kiosk.dir, 'soundings.conf'), 'utf8'), new RegExp(`^mode = kiosk\nport = ${kiosk.port}$`, 'm'));
  const again = kiosk.take().stdout;
  assert.match(again, /were here already/);
  assert(!again.includes(print));
  assert.match(readFileSync(join(kiosk.dir, 'pages/staff-down.html'), 'utf8'), /This kiosk is starting/);
});

await test('stick: doctor says what is missing of a kiosk, and nothing of what only a hub has', () => {
  const { stdout } = kiosk.cli(['doctor'], { expected: null });
  assert.match(stdout, /^look {2}the staff menu has no PIN/m);
  assert.match(stdout, /^look {2}no event is chosen/m);
  assert.match(stdout, /^ok {4}the catalogue verifies/m);
  assert.doesNotMatch(stdout, /BAD|recovery|backup|period|keys|organiser/);
});

await test('stick: it runs without an office, and staff choose the event', async () => {
  kiosk.cli(['kiosk', 'pin'], { input: `${PIN}\n` });
  await kiosk.start();
  assert.match(kiosk.output, new RegExp(`Kiosk: +http://127\\.0\\.0\\.1:${kiosk.port}/kiosk$`, 'm'));
  assert.deepEqual([kiosk.pids('collector'), kiosk.pids('organiser')], [[], []]);
  await kiosk.choose(open);
  assert.equal((await kiosk.request('/kiosk')).headers.location, `/kiosk/${open}`);
  assert.equal((await kiosk.request('/')).headers.location, '/kiosk');
});

const answers = ['first of the hall', 'second of the hall', 'third of the hall', 'fourth of the hall', 'fifth of the hall', 'sixth of the hall'];
await test('stick: people answer there; staff see how many in a band, and nothing can be read', async () => {
  const band = async () => (await kiosk.menu()).text.match(/to be taken to the office: ([^<]+)</)[1];
  assert.equal(await band(), 'none');
  for (const [i, next] of answers.entries()) {
    const sent = await kiosk.send(`/kiosk/${open}/en`, { overall: 'good', next });
    assert.equal(sent.status, 200, sent.text);
    assert(receiptOf(sent.text));
    const expected = i < 4 ? '1 to 4' : '5 to 19';
    assert.equal(await band(), expected);
  }
  for (const name of readdirSync(join(kiosk.dir, 'spool'))) for (const next of answers) assert(!readFileSync(join(kiosk.dir, 'spool', name)).includes(next));
  assert.doesNotMatch(kiosk.cli(['doctor']).stdout, /^(BAD|look)/m);
});

await test('stick: the spool of the kiosk goes to the hub, and everything is filed there once, as of a kiosk', async () => {
  await kiosk.stop();
  await hub.start();
  const carried = join(scratch(), 'spool.db');
  copyFileSync(join(kiosk.dir, 'spool/spool.db'), carried);
  assert.match(hub.cli(['spool', 'salvage', carried]).stdout, /handed over and on disk: 5 to 9$/m);
  const rows = () => hub.office('SELECT count(*) FROM response')[0][0];
  assert.equal(rows(), answers.length);
  const again = join(scratch(), 'again.db');
  copyFileSync(join(kiosk.dir, 'spool/spool.db'), again);
  hub.cli(['spool', 'salvage', again]);
  assert.equal(rows(), answers.length, 'twice does no harm');
  assert.equal(hub.office('SELECT count(*) FROM quarantine')[0][0], 0);
  assert.deepEqual(hub.office('SELECT DISTINCT mode FROM apart').flat(), ['kiosk']);
});

await test('stick: a newer list of events is taken while the kiosk runs; an older one is refused', async () => {
  const old = scratch();
  cpSync(join(stick, 'soundings-kiosk'), old, { recursive: true });
  await kiosk.start();
  assert.equal((await kiosk.request('/kiosk')).status, 303);
  hub.cli(['event', 'close', open, '--now']);
  hub.cli(['kiosk', 'pack', stick]);
  kiosk.take();
  await until('the calm page', async () => (await kiosk.request('/kiosk')).status === 200);
  const before = kiosk.served();
  assert.match(kiosk.take(old, { expected: DATAERR }).stderr, /older than what this kiosk has/);
  assert.equal(kiosk.served(), before);
  await kiosk.choose(planned);
  assert.equal((await kiosk.request('/kiosk')).headers.location, `/kiosk/${planned}`);
  assert.match(kiosk.cli(['doctor']).stdout, /^look {2}the event that is chosen is not open yet/m);
  hub.cli(['event', 'open', planned]);
  hub.cli(['kiosk', 'pack', stick]);
  kiosk.take();
  await until('the new catalogue', async () => (await kiosk.request(`/kiosk/${planned}/en`)).text.includes('name="nonce"'));
  assert.match(kiosk.cli(['doctor']).stdout, /^ok {4}an event is chosen, and can be answered/m);
});

await test('stick: another hub, a changed byte, a cut file, a link: nothing changes', async () => {
  const before = kiosk.served(), pinned = readFileSync(join(kiosk.dir, 'front/root.pub'), 'utf8');
  const other = await Instance.make();
  const theirs = scratch();
  other.cli(['kiosk', 'pack', theirs]);
  assert.match(kiosk.take(theirs, { expected: NOPERM }).stderr, /not signed by the hub that this kiosk trusts/);
  // Their catalogue under our root's name.
  copyFileSync(join(hub.dir, 'front/root.pub'), join(theirs, 'soundings-kiosk/root.pub'));
  assert.match(kiosk.take(theirs, { expected: NOPERM }).stderr, /not signed by the hub that this kiosk trusts/);
  hub.event('--title', 'Newer');
  hub.cli(['kiosk', 'pack', stick]);
  const database = join(stick, 'soundings-kiosk/catalogue/catalogue.db');
  const whole = readFileSync(database);
  const changed = Buffer.from(whole);
  changed[changed.length >> 1] ^= 1;
  for (const bytes of [changed, whole.subarray(0, 5000), Buffer.alloc(0)]) {
    writeFileSync(database, bytes);
    assert.match(kiosk.take(stick, { expected: DATAERR }).stderr, /damaged \((hash|size)\)/);
  }
  rmSync(database);
  symlinkSync('/etc/passwd', database);
  kiosk.take(stick, { expected: NOPERM });
  assert.equal(kiosk.served(), before);
  assert.equal(readFileSync(join(kiosk.dir, 'front/root.pub'), 'utf8'), pinned);
  assert(readdirSync(join(kiosk.dir, 'catalogue')).length <= 3, 'nothing is left over');
  rmSync(database);
  writeFileSync(database, whole);
  assert.match(kiosk.take().stdout, /^Taken\./);
});

await test('stick: the sounds that the catalogue names come along, and nothing else that lies beside them', () => {
  const names = ['0123456789abcdef0123', 'fedcba98765432100123', '00000000000000000001'];
  const bytes = (name, ending) => `${name} ${ending}`;
  const put = `
import hashlib, json, sqlite3, sys
blake = lambda data: hashlib.blake2b(data, digest_size=32)
sounds = {}
for i, name in enumerate(sys.argv[2:]):
    both = b"".join(blake(f"{name} {ending}".encode()).digest() for ending in ("opus", "mp3"))
    sounds[str(i) * 32] = [name, 900, blake(both).hexdigest(), "a test", "", "community-conversation"]
db = sqlite3.connect(sys.argv[1], timeout=20)
db.execute("INSERT OR REPLACE INTO text (name, json) VALUES ('sound', ?)", (json.dumps({"format": 1, "sounds": sounds}),))
db.commit()`;
  assert.equal(spawnSync('/usr/bin/python3', ['-c', put, join(hub.dir, 'office/office.db'), ...names]).status, 0);
  mkdirSync(join(hub.dir, 'sound'), { recursive: true });
  for (const name of [...names.slice(0, 2), 'ffffffffffffffffffff']) for (const ending of ['opus', 'mp3']) writeFileSync(join(hub.dir, 'sound', `${name}.${ending}`), bytes(name, ending));
  hub.event('--title', 'With sounds');
  assert.match(hub.cli(['kiosk', 'pack', stick]).stdout, /^1 sounds were not there/m);
  const folder = join(stick, 'soundings-kiosk/sound'), here = join(kiosk.dir, 'sound');
  const expected = names.slice(0, 2).flatMap((name) => [`${name}.mp3`, `${name}.opus`]).sort();
  assert.deepEqual(readdirSync(folder).sort(), expected);
  writeFileSync(join(folder, 'ffffffffffffffffffff.opus'), 'not named');
  writeFileSync(join(folder, '00000000000000000001.opus'), 'brought by hand');
  symlinkSync('/etc/passwd', join(folder, '00000000000000000001.mp3'));
  assert.match(kiosk.take().stdout, /^1 sounds were not on the stick/m);
  assert.deepEqual(readdirSync(here).sort(), expected);
  for (const name of expected) assert.equal(readFileSync(join(here, name), 'utf8'), name.replace('.', ' '));
  // What is there is looked at each time, on both sides.
  writeFileSync(join(here, expected[0]), 'cut sho');
  kiosk.take();
  assert.equal(readFileSync(join(here, expected[0]), 'utf8'), expected[0].replace('.', ' '));
  writeFileSync(join(folder, expected[0]), 'cut sho');
  assert.doesNotMatch(kiosk.take().stdout, /damaged/, 'it is whole here');
  rmSync(join(here, expected[0]));
  assert.match(kiosk.take().stdout, /^1 sounds on the stick are damaged/m);
  assert(!existsSync(join(here, expected[0])));
  hub.cli(['kiosk', 'pack', stick]);
  assert.equal(readFileSync(join(folder, expected[0]), 'utf8'), expected[0].replace('.', ' '));
  // Nothing stays for ever that no catalogue names.
  const left = ['eeeeeeeeeeeeeeeeeeee.mp3', `${names[0]}.mp3.tmp`];
  for (const name of [...left, 'notes.txt']) {
    writeFileSync(join(here, name), 'left over');
    utimesSync(join(here, name), 1e9, 1e9);
  }
  assert.doesNotMatch(kiosk.take().stdout, /damaged/);
  assert.deepEqual(readdirSync(here).sort(), [...expected, 'notes.txt'].sort());
});

if (process.getuid() === 0) await test('stick: root makes it all belong to whoever owns the folder', () => {
  const owned = join(scratch(), 'owned');
  mkdirSync(owned);
  chmodSync(join(owned, '..'), 0o755);
  for (const name of [stick, join(stick, 'soundings-kiosk')]) chmodSync(name, 0o755);
  chownSync(owned, 65534, 65534);
  cli(['--instance', owned, 'kiosk', 'take', stick]);
  cli(['--instance', owned, 'kiosk', 'pin'], { input: `${PIN}\n` });
  for (const name of ['soundings.conf', 'front/root.pub', 'catalogue/current', 'kiosk/pin', 'run']) assert.equal(statSync(join(owned, name)).uid, 65534, name);
});

await test('stick: a hub takes nothing from a stick, and a kiosk with nothing in it does not run', async () => {
  hub.cli(['kiosk', 'take', stick], { expected: CONFIG });
  const both = await Instance.make({ conf: { mode: 'kiosk' } });
  assert.match(both.cli(['kiosk', 'take', stick], { expected: CONFIG }).stderr, /has an office/);
  const bare = join(scratch(), 'bare');
  mkdirSync(bare);
  writeFileSync(join(bare, 'soundings.conf'), 'mode = kiosk\n');
  assert.match(cli(['--instance', bare, 'run'], { expected: NOINPUT }).stderr, /trusts no hub yet[\s\S]*kiosk take FOLDER/);
  assert.equal(statSync(join(kiosk.dir, 'kiosk')).mode & 0o777, 0o700);
});

await finish();
