// backup-load.test.mjs: backups are made, and a new key period is begun, while 50 people send; and 'soundings backup' is killed at any
// instant. Nobody is refused; whatever was thanked is in the office once. The last backup, beside a copy of the spool, brings the same
// office again on an empty machine: the same by content, and under the same ids.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, watch } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Instance, build, finish, hiddenFields, receiptOf, root, scratch, sleep, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const CLIENTS = 50, PAUSE_MS = 120; // a client waits half of it to one and a half between two pages
const BEFORE_MS = 6000;            // of sending, so that a backup has something to write
const KILLS = 15, KILLS_MAX = 40;  // more than 15 only until one has hit a backup while it was written

const work = scratch(), recovery = join(work, 'recovery.txt');
const instance = await Instance.make();
renameSync(join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-'))), recovery);
const ordinary = [instance.event('--open'), instance.event('--open', '--area', 'cymru-wales')], practice = instance.event('--practice');
const backupDir = join(instance.dir, 'backups');

// ---- the people -------------------------------------------------------------------------------------------------------

const log = [];          // every answer to what was sent: { nonce, event, edit, text, begun, ended, status, outcome }
const pageRefusals = []; // and every page that was not given
let isOver = false;

/** One request from the address of client NUMBER, as a phone sends it; STATUS 0: no answer came. CUT_MS: goes away so long after sending. */
const ask = (number, path, { body, cutMs } = {}) => new Promise((done) => {
  const request = http.request({
    host: '127.0.0.1', port: instance.port, localAddress: `127.0.0.${number + 2}`, path, agent: false, timeout: 30000, method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) },
  }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('error', (error) => done({ status: 0, text: String(error) }));
    response.on('end', () => done({ status: response.statusCode, text: Buffer.concat(parts).toString('utf8') }));
  });
  request.on('timeout', () => request.destroy(new Error('time-out')));
  request.on('error', (error) => done({ status: 0, text: String(error) }));
  request.end(body, () => { if (cutMs !== undefined) setTimeout(() => request.destroy(new Error('gone')), cutMs); });
});

/** Sends SENT once and writes down what came of it. */
const send = async (number, sent, options = {}) => {
  const body = new URLSearchParams({ ...sent.fields, edit: sent.edit, next: sent.text }).toString();
  const entry = { nonce: sent.fields.nonce, event: sent.event, edit: sent.edit, text: sent.text, begun: performance.now() };
  const { status, text } = await ask(number, `/${sent.event}`, { body, ...options });
  const isThanked = status === 200 && receiptOf(text) !== undefined;
  log.push({ ...entry, ended: performance.now(), status, outcome: isThanked ? 'ok' : status === 0 ? 'unknown' : 'refused', isCut: options.cutMs !== undefined });
};

const pick = (list) => list[randomInt(list.length)];

/** What a person who fills in one page does then. Each is given a function that makes the Nth text, and sends it. */
const habits = [
  { weight: 6, does: async (go) => go(0) },
  { weight: 1, does: async (go) => Promise.all([go(0), go(0)]) }, // a double tap
  { weight: 1, does: async (go) => { await go(0); await sleep(randomInt(400)); await go(0); } }, // a reload
  { weight: 1, does: async (go) => { await go(0); await sleep(randomInt(400)); await go(1); } }, // other words
  { weight: 1, does: async (go) => Promise.all([go(1), go(0)]) }, // the same, overtaken on the way
  { weight: 1, does: async (go) => { await go(0, { cutMs: randomInt(8) }); if (randomInt(2)) await go(0); } }, // no network, then perhaps again
];
const turns = habits.flatMap(({ weight, does }) => Array(weight).fill(does));

const client = async (number) => {
  for (let page = 0; !isOver; page++) {
    await sleep(PAUSE_MS / 2 + randomInt(PAUSE_MS));
    const event = pick([...ordinary, practice]), face = pick(['/EN', '/CY', '/EN-X-EASY']);
    const { status, text } = await ask(number, `/${event}${face}`);
    const hidden = hiddenFields(text);
    if (status !== 200 || !hidden.nonce) {
      pageRefusals.push(`${status}: ${text.slice(0, 200)}`);
      continue;
    }
    const fields = { ...hidden, age_band: pick(['25_34', '35_44', '65_74']), ...face === '/EN-X-EASY' ? {} : { overall: pick(['good', 'ok', 'poor']), religion: pick(['none', 'muslim', 'other']) } };
    const filler = 'The room was cold and I could not hear. '.repeat(randomInt(24));
    await pick(turns)((edit, options) => send(number, { event, fields, edit, text: `client ${number} page ${page} edit ${edit}. ${filler}`.trim() }, options));
  }
};

// ---- beside them --------------------------------------------------------------------------------------------------------

/** The command line without waiting for it: clients go on. Gives the process, and a promise of { code, signal, out, begun, ended }. */
const begin = (...args) => {
  const begun = performance.now();
  const child = spawn(join(build, 'soundings'), ['--instance', instance.dir, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { out += data; });
  const ended = new Promise((done) => child.on('close', (code, signal) => done({ code, signal, out, begun, ended: performance.now() })));
  return { child, ended };
};
const ends = async ({ child, ended }) => {
  const done = await ended;
  assert.equal(done.code, 0, `${child.spawnargs.slice(3).join(' ')}: ${done.code ?? done.signal}: ${done.out}`);
  return done;
};

const finished = []; // the times of the backups that nobody killed
const madeBackup = async (begun = begin('backup')) => {
  const done = await ends(begun);
  finished.push(done);
  const path = done.out.match(/checked: (.*)\n/)[1];
  return { path, number: numberOf(path) };
};
const numberOf = (path) => Number(path.match(/-(\d{6,})-\d{4}-\d\d-\d\d\.backup$/)[1]);
const named = () => readdirSync(backupDir).filter((name) => !name.startsWith('.'));
/** What a backup that was killed left. */
const left = () => readdirSync(backupDir).filter((name) => name.startsWith('.'));
/** Until another program has rolled back what a kill has left in the journal, nobody can read without writing, and this reader does not. */
const numbers = () => until('an office that can be read', () => {
  try {
    return instance.office('SELECT number, is_finished, file FROM backup ORDER BY number');
  } catch (error) {
    if (/attempt to write a readonly database/.test(error.message)) return null;
    throw error;
  }
});
const isWhole = (path) => assert.match(instance.cli(['backup', '--check', path]).stdout, /is whole: backup \d+ of .*It is this instance's\./);

/** Resolves when the name of a file that COUNTS comes or goes among the backups, or when ENDED does. */
const changes = (ended, counts = () => true) => new Promise((done) => {
  const watcher = watch(backupDir, (_, name) => { if (counts(name)) over(); });
  const over = () => { watcher.close(); done(performance.now()); };
  ended.then(over);
});

// ---- all of it ----------------------------------------------------------------------------------------------------------

await instance.start();
const spool = new Spool(instance);
const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
await sleep(BEFORE_MS);

await test('backup-load: a backup that is killed at any instant leaves no half file under its own name, and its number is not used again', async () => {
  const going = begin('backup');
  const [begun, written] = await Promise.all([changes(going.ended), changes(going.ended, (name) => !name.startsWith('.'))]);
  const { path, number } = await madeBackup(going);
  isWhole(path);
  const lastsMs = finished[0].ended - finished[0].begun, writesMs = Math.max(1, written - begun);
  const known = new Set([path]);
  let highest = number, hits = 0, kills = 0;
  for (; kills < KILLS || (hits === 0 && kills < KILLS_MAX); kills++) {
    const killed = begin('backup');
    if (kills % 2) await changes(killed.ended); // to hit it while it writes
    await sleep(kills % 2 ? Math.random() * writesMs : (kills + Math.random()) / KILLS * lastsMs);
    killed.child.kill('SIGKILL');
    await killed.ended;
    hits += left().length > 0;
    for (const name of left()) assert(!readFileSync(join(backupDir, name)).includes('client '), 'what is left is sealed');
    for (const name of named()) {
      const own = join(backupDir, name);
      if (!known.has(own)) isWhole(own); // killed when nothing but a word to the office was missing
      known.add(own);
    }
    const taken = (await numbers()).at(-1)[0];
    assert(taken >= highest, 'a number was forgotten');
    highest = taken;
    if (kills % 5 !== 4) continue;
    const next = await madeBackup();
    isWhole(next.path);
    assert(next.number > highest, `number ${next.number} was taken by one that was killed`);
    assert.deepEqual(left(), [], 'what was left is cleared by the next');
    known.add(next.path);
    highest = next.number;
  }
  assert(hits > 0, 'no kill has hit a backup while it was written');
  console.log(`# a backup took ${lastsMs.toFixed(0)} ms, ${writesMs.toFixed(0)} of them to write`);
  console.log(`# ${kills} kills, an unfinished file was there after ${hits}; numbers up to ${highest}`);
  const { path: last } = await madeBackup();
  assert.deepEqual(left(), []);
  assert.deepEqual(named().map(numberOf).sort((a, b) => a - b), [...new Set(named().map(numberOf))].sort((a, b) => a - b), 'a number twice');
  assert.deepEqual((await numbers()).filter(([, isFinished]) => isFinished).map(([, , file]) => file).sort(), [...known, last].sort(), 'the office knows every file that is there');
});

const three = [];
let rotation;
await test('backup-load: three backups and a new key period while 50 people send', async () => {
  await sleep(500);
  three.push(await madeBackup());
  await sleep(500);
  const [, second] = await Promise.all([ends(begin('key', 'rotate', '--recovery', recovery)).then((done) => { rotation = done; }), madeBackup()]);
  three.push(second);
  await sleep(500);
  three.push(await madeBackup());
  await sleep(1500);
  assert.equal(new Set(three.map(({ number }) => number)).size, 3);
  assert.equal(three[2].number, (await numbers()).at(-1)[0], 'the third is the newest of all');
});

isOver = true;
await clients;

const p99 = (list) => list.length ? `${list.map(({ begun, ended }) => ended - begun).sort((a, b) => a - b)[Math.floor(list.length * 0.99)].toFixed(1)} ms of ${list.length}` : 'none';
/** Of the times when this program has nothing to do but send: what it waits for itself is no wait of a phone. */
const isBefore = ({ ended }) => ended < finished[0].begun;
const isDuring = ({ begun, ended }) => finished.slice(-3).some((backup) => begun < backup.ended && ended > backup.begun);
const answered = log.filter(({ status }) => status > 0);
console.log(`# backups took ${finished.map(({ begun, ended }) => (ended - begun).toFixed(0)).join(', ')} ms; the rotation ${(rotation?.ended - rotation?.begun).toFixed(0)} ms`);
console.log(`# p99 of a post: ${p99(answered.filter(isDuring))} while one of the last three ran, ${p99(answered.filter(isBefore))} before any`);
console.log(`# thanked ${log.filter(({ outcome }) => outcome === 'ok').length}, cut off ${log.filter(({ isCut }) => isCut).length}, no answer ${log.filter(({ outcome }) => outcome === 'unknown').length}`);

await test('backup-load: nobody was refused, a page or a thank-you; only who went away has no answer', () => {
  assert.deepEqual(pageRefusals, []);
  assert.deepEqual(log.filter(({ outcome, isCut }) => outcome === 'refused' || (outcome === 'unknown' && !isCut)), []);
  assert(answered.length > 1000, `only ${answered.length} posts`);
  for (const event of [...ordinary, practice]) assert(answered.some((entry) => entry.event === event));
});

// ---- what was filed ---------------------------------------------------------------------------------------------------

const office = (dir) => {
  const result = spawnSync('/usr/bin/python3', [join(root, 'tests/site/canonical.py'), join(dir, 'office/office.db')], { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
};
const textOf = ({ texts }) => texts.find(([field]) => field === 'next')[2];

/** All that was sent from one page, by its nonce. */
const pages = new Map();
for (const entry of log) pages.set(entry.nonce, [...pages.get(entry.nonce) ?? [], entry]);

/** Of each page: what was thanked last counts, once; what nobody was thanked for may count as well, but not twice. */
const holdsWhatWasThanked = (held) => {
  const sent = new Map(log.map((entry) => [entry.text, entry]));
  const counts = new Map();
  for (const response of held.responses) {
    const entry = sent.get(textOf(response));
    assert(entry, `nobody sent ${textOf(response)}`);
    assert(!counts.has(entry.nonce), `there twice: ${entry.text}`);
    assert.deepEqual([response.response[0], response.edit], [entry.event, entry.edit]);
    counts.set(entry.nonce, entry);
  }
  let thanked = 0;
  for (const [nonce, entries] of pages) {
    const edits = entries.filter(({ outcome }) => outcome === 'ok').map(({ edit }) => edit);
    if (edits.length === 0) continue;
    thanked++;
    const found = counts.get(nonce);
    assert(found, `thanked and missing: ${entries[0].text}`);
    if (found.outcome === 'unknown') assert(found.edit >= Math.max(...edits));
    else assert.equal(found.edit, Math.max(...edits), found.text);
  }
  const { response, apart, link, seen, tombstone, quarantine } = held.tables;
  assert.deepEqual({ response, apart, link, seen, tombstone, quarantine }, { response: counts.size, apart: counts.size, link: counts.size, seen: counts.size, tombstone: 0, quarantine: 0 });
  return thanked;
};

const drained = async (site, held) => {
  for (const event of ordinary) site.cli(['event', 'close', event, '--now']); // which asks for the last few, too
  await until('everything filed', async () => (await held.count()).waiting === 0, 60000);
  return office(site.dir);
};

await instance.stop();
await instance.gone();
const empty = join(work, 'restored');
mkdirSync(empty, { mode: 0o700 });
assert.equal(spawnSync('cp', ['-a', join(instance.dir, 'spool'), empty]).status, 0);
await instance.start();
let first;

await test('backup-load: whatever was thanked is in the office exactly once, under the old key and the new', async () => {
  first = await drained(instance, spool);
  console.log(`# ${holdsWhatWasThanked(first)} pages thanked, ${first.responses.length} responses in the office`);
  assert.equal(new Set(first.responses.filter(({ response: [event] }) => event !== practice).map(({ period }) => period)).size, 2);
  assert.deepEqual(instance.office('SELECT reason FROM quarantine'), []);
});
await instance.stop();
await instance.gone();

await test('backup-load: every backup is whole, and the drill of each of the three goes well', () => {
  for (const name of named()) isWhole(join(backupDir, name));
  for (const { path } of three) assert.match(instance.cli(['backup', '--drill', path, '--recovery', recovery]).stdout, /The drill went well/);
  assert.deepEqual(readdirSync(instance.dir).filter((name) => name.startsWith('drill-')), [], 'a drill leaves nothing');
});

// ---- the machine is lost ----------------------------------------------------------------------------------------------

/** Texts of pages that were sent more than once while the key changed: which key's id they have depends on which envelope was filed first. */
const whileKeyChanged = () => {
  const found = [...pages.values()].filter((sent) => sent.length > 1 && Math.min(...sent.map(({ begun }) => begun)) < rotation.ended + 3000 && Math.max(...sent.map(({ ended }) => ended)) > rotation.begun);
  return new Set(found.flat().map(({ text }) => text));
};

/** Takes the ids out of what has another in the other office, where that is right. Gives how many. */
const forgetIds = (one, other) => {
  const ids = new Map(other.responses.map((response) => [textOf(response), response])), mayDiffer = whileKeyChanged();
  const differing = one.responses.filter((response) => mayDiffer.has(textOf(response)) && ids.get(textOf(response))?.id !== response.id);
  for (const response of differing)
    for (const copy of [response, ids.get(textOf(response))]) Object.assign(copy ?? {}, { id: '', receipt: '', period: '' });
  return differing.length;
};

/** A line for each response, with its half, its texts and its link, and one with how many rows there are of each kind. */
const linesOf = (held) => [...held.responses.map((response) => JSON.stringify(response)).sort(), JSON.stringify(held.tables)];
const hashOf = (lines) => createHash('sha256').update(lines.join('\n')).digest('hex');

await test('backup-load: from the last backup, the spool and the recovery file alone comes the same office, by content and by id', async () => {
  const restored = Object.assign(new Instance(), { dir: empty, port: instance.port, base: instance.base });
  restored.cli(['restore', three[2].path, '--recovery', recovery]);
  const asBackedUp = office(empty).responses.length;
  assert(asBackedUp > 100 && asBackedUp < first.responses.length - 10, `${asBackedUp} responses were in the backup: both it and the spool must matter`);
  await restored.start();
  const second = await drained(restored, new Spool(restored));
  holdsWhatWasThanked(second);
  const forgotten = forgetIds(first, second);
  console.log(`# ${asBackedUp} responses came from the backup, ${second.responses.length - asBackedUp} from the spool; ${forgotten} were sent twice while the key changed and have the other key's id`);
  const before = linesOf(first), after = linesOf(second);
  const only = (one, other) => one.filter((line) => !other.has(line)).slice(0, 3);
  assert.deepEqual([only(before, new Set(after)), only(after, new Set(before))], [[], []], 'missing, and too much');
  assert.equal(hashOf(after), hashOf(before));
  console.log(`# the hash of both: ${hashOf(after)}`);
});

await finish();
