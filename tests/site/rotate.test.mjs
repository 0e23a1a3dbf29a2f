// rotate.test.mjs: a new key period comes into use while people send, also by machines that still have the catalogue from before:
// every envelope opens, nobody is refused, and nothing is there twice. Secrets that are lost come back with the recovery key. And a
// rotation that is killed at any instant leaves an instance on which everything works, and the next rotation too.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, nonce, receiptOf, root, scratch, sleep, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const INSTANTS = 20;

const instance = await Instance.make({ conf: { workers: 2, batch_min: 1 } });
const practice = instance.event('--practice');
const ordinary = instance.event('--open');
const work = scratch(), recovery = join(work, 'recovery.txt');
renameSync(join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-'))), recovery);

const keyset = () => JSON.parse(readFileSync(join(instance.dir, 'keys/keyset'), 'utf8').split('\n').slice(1).join('\n'));
const current = (isPractice) => keyset().periods.find((period) => period.current && period.practice === isPractice).id;
const published = () => JSON.parse(JSON.parse(readFileSync(join(instance.dir, 'catalogue/current/manifest'), 'utf8').split('\n')[1]).keyset.split('\n')[1]);
const names = (folder, end) => readdirSync(join(instance.dir, 'keys', folder)).map((name) => { assert(name.endsWith(end), name); return name.slice(0, -end.length); }).sort();
const key = (verb, options) => instance.cli(['key', ...verb.split(' '), '--recovery', recovery], options);

// ---- people -----------------------------------------------------------------------------------------------------------

const thanked = { [practice]: [], [ordinary]: [] };
let people = 0;

/** One person at MACHINE; whatever is not a thank-you fails. Gives what would be sent again. */
const send = async (machine, code) => {
  const words = `person ${++people}`;
  const bytes = machine.bytes(`/${code}`, { nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', next: words });
  const answer = await machine.exchange(bytes);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  const receipt = receiptOf(answer.text);
  assert(receipt, 'a receipt');
  thanked[code].push(words);
  return { bytes, receipt };
};

/** Both kinds of people at MACHINE, until ACT is over. */
const whilePeopleSend = async (machines, act) => {
  let isOver = false;
  const client = async (machine, code) => {
    while (!isOver) {
      await send(machine, code);
      await sleep(30);
    }
  };
  const clients = Promise.all(machines.flatMap((machine) => [practice, ordinary].map((code) => client(machine, code))));
  clients.catch(() => { isOver = true; });
  try {
    await act();
    await sleep(300);
  } finally {
    isOver = true;
  }
  await clients;
};

const filed = (code) => instance.office(`SELECT t.text FROM free_text t JOIN response r ON r.row = t.response WHERE r.event = '${code}' AND t.field = 'next'`).map(([text]) => text).sort();
const isComplete = async () => {
  await spool.settled();
  for (const code of [practice, ordinary]) assert.deepEqual(filed(code), thanked[code].slice().sort());
  assert.deepEqual(instance.office('SELECT reason FROM quarantine'), []);
};

// ---- a machine that has the catalogue from before ------------------------------------------------------------------------

await instance.start();
const spool = new Spool(instance);
const again = await send(instance, ordinary); // its sender never saw the thank-you, and sends once more under each later key
await spool.settled();

// All of the instance but what makes it known; the copy's own collector and office stand for nothing.
const front = await Instance.make();
const port = readFileSync(join(front.dir, 'soundings.conf'), 'utf8');
await instance.stop();
for (const name of readdirSync(front.dir)) rmSync(join(front.dir, name), { recursive: true });
for (const name of readdirSync(instance.dir)) cpSync(join(instance.dir, name), join(front.dir, name), { recursive: true, verbatimSymlinks: true });
writeFileSync(join(front.dir, 'soundings.conf'), port);
await instance.start();
await front.start();
const frontSpool = new Spool(front);
await frontSpool.tap();

await test('rotate: three times in a row while people send, some of them to a machine with the catalogue from before: nobody is refused', async () => {
  const before = keyset();
  assert.equal(before.periods.length, 2);
  await whilePeopleSend([instance, front], async () => {
    for (const verb of ['rotate', 'rotate --practice', 'rotate']) {
      const old = { practice: current(true), ordinary: current(false) };
      assert.match(key(verb).stdout, /are sealed to a new key from now on/);
      assert.equal(current(true) !== old.practice, verb.includes('practice'));
      assert.equal(current(false) !== old.ordinary, !verb.includes('practice'));
      assert.deepEqual(published(), keyset(), 'what is in use is what is published');
      await sleep(200);
    }
  });
  const after = keyset();
  assert.equal(after.serial, before.serial + 3);
  assert.equal(after.periods.length, 5, 'none is forgotten');
  const ids = after.periods.map(({ id }) => id).sort();
  assert.deepEqual(names('periods', '.secret'), ids);
  assert.deepEqual(names('sealed', '.sealed'), ids);
  assert.equal(readdirSync(join(instance.dir, 'backups')).length, 3, 'each with a finished backup');
});

await test('rotate: new responses are sealed to the new keys, those of the machine from before to the old ones', async () => {
  await spool.tap();
  const restarted = instance.main('intake'); // workers keep their connections to the spooler
  process.kill(restarted, 'SIGTERM');
  await until('another intake', () => ![undefined, restarted].includes(instance.main('intake')));
  await until('the site', async () => (await instance.request(`/${practice}`).catch(() => ({}))).status === 200);
  const sealedTo = async (machine, of, code) => {
    await send(machine, code);
    return of.envelope(await of.captured()).subarray(8, 16).toString('hex');
  };
  assert.equal(await sealedTo(instance, spool, ordinary), current(false));
  assert.equal(await sealedTo(instance, spool, practice), current(true));
  const [first] = keyset().periods.filter(({ practice: isPractice }) => !isPractice);
  assert.equal(first.current, false);
  assert.equal(await sealedTo(front, frontSpool, ordinary), first.id);
});

await test('rotate: every envelope that the machine from before has taken opens, whenever it comes', async () => {
  const count = await frontSpool.captured();
  assert(count > 10, `${count} envelopes`);
  for (let n = 1; n <= count; n++) assert.equal(await spool.ask('append', join(frontSpool.captures, String(n))), 'O');
  await isComplete();
  await front.stop();
});

await test('rotate: the same response, sent again under another key, is one response with one receipt', async () => {
  const answer = await instance.exchange(again.bytes);
  assert.equal(receiptOf(answer.text), again.receipt);
  await isComplete();
});

await test('rotate: envelopes that somebody seals to an old key by hand open; a practice letter under an ordinary key is refused', async () => {
  const sealed = join(work, 'envelope');
  writeFileSync(sealed, spool.envelope(await spool.captured()));
  const forge = (verb, args, input) => {
    const result = spawnSync('/usr/bin/python3', [join(root, 'tests/site/forge.py'), verb, instance.dir, ...args], { input, maxBuffer: 1 << 28 });
    assert.equal(result.status, 0, String(result.stderr));
    return result.stdout;
  };
  const letter = JSON.parse(forge('open', [sealed]));
  assert.equal(letter.event, ordinary);
  const jobs = keyset().periods.map(({ id, practice: isPractice }, i) => {
    const words = `by hand ${i}`;
    if (!isPractice) thanked[ordinary].push(words);
    const text = JSON.stringify({ ...letter, answers: { ...letter.answers, next: words }, id: randomBytes(32).toString('hex'), receipt: randomBytes(32).toString('hex') });
    return { name: id, to: id, text: Buffer.from(text).toString('base64'), isPractice };
  });
  forge('seal', [work], JSON.stringify(jobs));
  for (const { name } of jobs) assert.equal(await spool.ask('append', join(work, name)), 'O');
  await spool.settled();
  assert.deepEqual(filed(ordinary), thanked[ordinary].slice().sort());
  assert.deepEqual(instance.office('SELECT DISTINCT reason FROM quarantine'), [['period']]);
  assert.equal(instance.office('SELECT count(*) FROM quarantine')[0][0], jobs.filter(({ isPractice }) => isPractice).length);
});
const quarantined = instance.office('SELECT count(*) FROM quarantine')[0][0];

const isWhole = async () => {
  await spool.settled();
  for (const code of [practice, ordinary]) assert.deepEqual(filed(code), thanked[code].slice().sort());
  assert.equal(instance.office('SELECT count(*) FROM quarantine')[0][0], quarantined);
};

// ---- keys that are lost -------------------------------------------------------------------------------------------------

const keyFile = (name) => join(instance.dir, 'keys', name);

await test('recover: with nothing missing nothing is changed', () => {
  const before = names('periods', '.secret').map((id) => readFileSync(keyFile(`periods/${id}.secret`), 'hex'));
  assert.match(key('recover').stdout, /^Nothing was missing\.$/m);
  assert.deepEqual(names('periods', '.secret').map((id) => readFileSync(keyFile(`periods/${id}.secret`), 'hex')), before);
});

await test('recover: every secret is deleted while the collector runs: people are thanked all the same, and filed when the secrets are back', async () => {
  const before = new Map(names('periods', '.secret').map((id) => [id, readFileSync(keyFile(`periods/${id}.secret`), 'hex')]));
  for (const id of before.keys()) unlinkSync(keyFile(`periods/${id}.secret`));
  instance.event('--open'); // a new catalogue: the collector looks at its secrets anew
  await until('the collector to miss them', () => instance.output.includes('collector.keys'));
  for (let i = 0; i < 3; i++) for (const code of [practice, ordinary]) await send(instance, code);
  await sleep(1500);
  assert((await spool.count()).waiting >= 6, 'they wait, and are not in quarantine');
  assert.match(key('recover').stdout, new RegExp(`secrets of ${before.size} key periods`));
  for (const [id, secret] of before) {
    assert.equal(readFileSync(keyFile(`periods/${id}.secret`), 'hex'), secret);
    assert.equal(statSync(keyFile(`periods/${id}.secret`)).mode & 0o777, 0o600);
  }
  await isWhole();
});

await test('recover: a damaged secret, one that others may read, and a lost sealed copy are put right; what has neither is named', async () => {
  const [one, two, three, four] = names('periods', '.secret');
  const secret = readFileSync(keyFile(`periods/${one}.secret`));
  const damaged = Buffer.from(secret);
  damaged[7] ^= 1;
  writeFileSync(keyFile(`periods/${one}.secret`), damaged);
  spawnSync('chmod', ['0644', keyFile(`periods/${two}.secret`)]);
  unlinkSync(keyFile(`sealed/${three}.sealed`));
  const kept = { secret: readFileSync(keyFile(`periods/${four}.secret`)), sealed: readFileSync(keyFile(`sealed/${four}.sealed`)) };
  unlinkSync(keyFile(`periods/${four}.secret`));
  unlinkSync(keyFile(`sealed/${four}.sealed`));
  const { stdout, stderr } = key('recover', { expected: 65 });
  assert.match(stdout, /secrets of 2 key periods\n.*copies of 1 key period\n/);
  assert.match(stderr, new RegExp(`key period ${four}: neither its secret nor its sealed copy is left`));
  assert.deepEqual(readFileSync(keyFile(`periods/${one}.secret`)), secret);
  assert.equal(statSync(keyFile(`periods/${two}.secret`)).mode & 0o777, 0o600);
  writeFileSync(keyFile(`periods/${four}.secret`), kept.secret, { mode: 0o600 });
  unlinkSync(keyFile(`periods/${three}.secret`)); // the new sealed copy opens
  writeFileSync(keyFile(`sealed/${four}.sealed`), kept.sealed, { mode: 0o600 });
  assert.match(key('recover').stdout, /secrets of 1 key period\n/);
  for (const code of [practice, ordinary]) await send(instance, code);
  await isWhole();
});

for (const [name, damage] of [
  ['lost', () => unlinkSync(keyFile('content.secret'))],
  ['cut short', () => writeFileSync(keyFile('content.secret'), readFileSync(keyFile('content.secret')).subarray(0, 40))],
  ['a stranger\'s', () => {
    const other = join(work, 'stranger');
    spawnSync(join(build, 'soundings'), ['init', other], { cwd: root });
    cpSync(join(other, 'keys/content.secret'), keyFile('content.secret'));
  }],
]) {
  await test(`recover: the content key is ${name}: the root names another, and everything is published as before`, async () => {
    const before = keyset();
    damage();
    const other = name.startsWith('a stranger') ? readFileSync(keyFile('content.secret')) : null;
    assert.notEqual(instance.cli(['event', 'add', '--title', 'Not published'], { expected: null }).status, 0);
    assert.match(key('recover').stdout, /^New: the content key/m);
    const after = keyset();
    assert.equal(after.serial, before.serial + 1);
    assert.notEqual(after.content, before.content);
    assert.deepEqual(after.periods, before.periods);
    if (other) assert(!readFileSync(keyFile('content.secret')).equals(other), 'the root never signs a key that somebody has put there');
    const fresh = instance.event('--open');
    await until('the new event', async () => (await instance.request(`/${fresh}`)).status === 200);
    for (const code of [practice, ordinary]) await send(instance, code);
    await isWhole();
  });
}

await test('rotate, recover: another instance\'s recovery key, or none, changes nothing', () => {
  const other = join(work, 'other');
  instance.cli(['init', other], { expected: 0 });
  const strange = join(other, readdirSync(other).find((name) => name.startsWith('recovery-')));
  const before = [keyset(), names('periods', '.secret'), names('sealed', '.sealed')];
  for (const verb of ['rotate', 'recover']) {
    assert.match(instance.cli(['key', verb, '--recovery', strange], { expected: 65 }).stderr, /belongs to another instance/);
    assert.notEqual(instance.cli(['key', verb], { expected: null }).status, 0);
  }
  assert.deepEqual([keyset(), names('periods', '.secret'), names('sealed', '.sealed')], before);
});

// ---- backups that fail ---------------------------------------------------------------------------------------------------

const backups = join(instance.dir, 'backups');
/** While ACT runs, no backup can be made. (Root may write anywhere; into a file that stands for the folder nobody can.) */
const withoutBackups = async (act) => {
  renameSync(backups, `${backups}.away`);
  writeFileSync(backups, '');
  try {
    await act();
  } finally {
    unlinkSync(backups);
    renameSync(`${backups}.away`, backups);
  }
};

await test('rotate: without a finished backup the period stays as it was', async () => {
  const before = [keyset(), names('periods', '.secret'), names('sealed', '.sealed')];
  await withoutBackups(() => assert.match(key('rotate', { expected: null }).stderr, /the period stays as it was/));
  assert.deepEqual([keyset(), names('periods', '.secret'), names('sealed', '.sealed')], before);
  assert.deepEqual(published(), keyset());
});

await test('release: whose backup fails shows nothing; the same command goes on when a backup can be made', async () => {
  await isWhole();
  instance.cli(['event', 'close', ordinary, '--now']);
  const page = async () => (await instance.request(`/${ordinary}`)).text;
  const closed = await page();
  const state = () => {
    const read = 'import sqlite3, sys; print(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro&immutable=1", uri=True).execute("SELECT state FROM event WHERE code = ?", sys.argv[2:]).fetchone()[0])';
    return spawnSync('/usr/bin/python3', ['-c', read, join(instance.dir, 'catalogue/current/catalogue.db'), ordinary], { encoding: 'utf8' }).stdout.trim();
  };
  assert.equal(state(), 'closed');
  await withoutBackups(async () => {
    for (let i = 0; i < 2; i++) {
      const failed = instance.cli(['event', 'release', ordinary], { expected: null });
      assert.notEqual(failed.status, 0);
      assert.match(failed.stderr, /\(release 1\).*no backup holds that yet, so nothing is shown or exported/);
    }
    assert.equal(instance.cli(['export', ordinary, '--format', 'json'], { expected: null }).stdout, '');
    assert.match(instance.cli(['event', 'list']).stdout, new RegExp(`^${ordinary} {2}released, waits for its backup {2}`, 'm'));
    instance.event('--open'); // whatever is published meanwhile does not show it either
    assert.equal(state(), 'closed');
    assert.equal(await page(), closed);
  });
  assert.deepEqual(instance.office(`SELECT count(*) FROM link l JOIN response r ON r.row = l.response WHERE r.event = '${ordinary}'`), [[0]], 'links are gone since the first attempt');
  assert.match(instance.cli(['event', 'release', ordinary]).stdout, /^Released \(release 1\)/);
  assert.equal(state(), 'released');
  assert.deepEqual(instance.exported(ordinary).responses.map(({ next }) => next).sort(), thanked[ordinary].slice().sort());
  assert.match(instance.cli(['event', 'release', ordinary], { expected: 65 }).stderr, /fewer than 5 responses have come since/);
});

// ---- killed -----------------------------------------------------------------------------------------------------------------

/** One rotation that is killed after MS; how far it had come. */
const killedAfter = (ms) => new Promise((done) => {
  const serial = keyset().serial;
  const child = spawn(join(build, 'soundings'), ['--instance', instance.dir, 'key', 'rotate', '--practice', '--recovery', recovery], { cwd: root, stdio: 'ignore' });
  setTimeout(() => child.kill('SIGKILL'), ms);
  child.on('exit', (code) => {
    if (code === 0) return done('over before');
    if (published().serial > serial) return done('published');
    if (keyset().serial > serial) return done('the key set on disk');
    const all = readdirSync(backups);
    if (readdirSync(keyFile('periods')).length > keyset().periods.length) return done(all.some((name) => name.endsWith('.unfinished')) ? 'the backup begun' : 'the secret on disk');
    done(readdirSync(keyFile('sealed')).length > keyset().periods.length ? 'the sealed copy on disk' : 'nothing yet');
  });
});

await test(`rotate: killed at ${INSTANTS} instants: everything opens after each of them, and the next rotation leaves no trace of the one that was killed`, async () => {
  const begun = process.hrtime.bigint();
  key('rotate --practice');
  const took = Number(process.hrtime.bigint() - begun) / 1e6;
  const came = {};
  for (let i = 0; i < INSTANTS; i++) {
    const how = await killedAfter((took * (i + 0.5)) / INSTANTS);
    came[how] = (came[how] ?? 0) + 1;
    for (const set of [keyset(), published()]) {
      for (const { id } of set.periods) for (const name of [`periods/${id}.secret`, `sealed/${id}.sealed`]) assert(existsSync(keyFile(name)), `${name}, killed with ${how}`);
    }
    await send(instance, practice);
    if (i % 4 === 3) {
      assert.match(key('rotate --practice').stdout, /new key from now on/);
      const ids = keyset().periods.map(({ id }) => id).sort();
      assert.deepEqual(names('periods', '.secret'), ids);
      assert.deepEqual(names('sealed', '.sealed'), ids);
      assert.deepEqual(published(), keyset());
      assert.deepEqual(readdirSync(backups).filter((name) => !name.endsWith('.backup')), []);
    }
  }
  console.log(`# killed in ${Math.round(took)} ms with: ${Object.entries(came).map(([how, count]) => `${how} ${count}`).join(', ')}`);
  assert.match(key('recover').stdout, /^Nothing was missing\.$/m);
  await isWhole();
});

await test('rotate: two at once: one waits for the other, and both are done', async () => {
  const before = keyset();
  const both = [0, 1].map(() => new Promise((done) => {
    const child = spawn(join(build, 'soundings'), ['--instance', instance.dir, 'key', 'rotate', '--recovery', recovery], { cwd: root, stdio: 'ignore' });
    child.on('exit', (code) => done(code));
  }));
  assert.deepEqual(await Promise.all(both), [0, 0]);
  assert.equal(keyset().serial, before.serial + 2);
  assert.equal(keyset().periods.length, before.periods.length + 2);
  assert.deepEqual(published(), keyset());
});

await test('rotate: no secret of the recovery key or of a period is in a message, a log or a backup', async () => {
  const secrets = names('periods', '.secret').map((id) => readFileSync(keyFile(`periods/${id}.secret`)));
  assert(secrets.length > 5);
  for (const name of readdirSync(backups)) {
    const bytes = readFileSync(join(backups, name));
    for (const secret of secrets) assert.equal(bytes.indexOf(secret), -1, name);
  }
  for (const secret of secrets) assert(!instance.output.includes(secret.toString('hex')));
});

await finish();
