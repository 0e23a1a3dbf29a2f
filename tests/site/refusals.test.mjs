// refusals.test.mjs: what is forged is refused with a reason: envelopes that nobody's page has made, and catalogues that nobody has
// published. What a forger makes here differs from the right thing in one respect each; first the right thing itself, made by the
// same tool, must be taken, or the refusals would prove only that the tool cannot forge.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, nonce, receiptOf, root, scratch, sleep, test, until } from '../harness.mjs';
import { visible, words } from './answer.mjs';
import { Spool } from './spool.mjs';

const instance = await Instance.make({ conf: { workers: 1, batch_min: 1 } });
const practice = instance.event('--practice');
const ordinary = instance.event('--open');
const other = instance.event('--open');
const planned = instance.event();
await instance.start();
const spool = new Spool(instance);
await spool.tap();
const work = scratch();

const forge = (verb, args, input) => {
  const result = spawnSync('/usr/bin/python3', [join(root, 'tests/site/forge.py'), verb, instance.dir, ...args], { input, maxBuffer: 1 << 28 });
  assert.equal(result.status, 0, String(result.stderr));
  return result.stdout;
};
const fields = (next) => ({ nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', next });
const post = (code, next) => instance.request(`/${code}`, { method: 'POST', body: fields(next) });
const send = async (code, next) => {
  const answer = await post(code, next);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert(receiptOf(answer.text));
};
const texts = (list) => list.map((row) => row.next).sort();

// ---- envelopes --------------------------------------------------------------------------------------------------------

// One that intake has made, opened: what the forger starts from.
await send(practice, 'real practice');
await send(ordinary, 'real ordinary');
await spool.settled();
const genuine = { practice: spool.envelope(1), ordinary: spool.envelope(2) };
const opened = (kind) => forge('open', [(() => { const path = join(work, `genuine-${kind}`); writeFileSync(path, genuine[kind]); return path; })()]).toString();
const letters = { practice: JSON.parse(opened('practice')), ordinary: JSON.parse(opened('ordinary')) };

/** A letter of KIND with its own id and the CHANGES, in canonical form (all of it is ASCII here). */
const letter = (kind, changes = {}) => {
  const whole = { ...letters[kind], id: randomBytes(32).toString('hex'), receipt: randomBytes(32).toString('hex'), ...changes };
  const sorted = (value) => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.keys(value).sort().filter((name) => value[name] !== undefined).map((name) => [name, sorted(value[name])])) : value);
  return JSON.stringify(sorted(whole));
};
const answered = (answers) => ({ answers: { overall: 'good', next: 'refused', ...answers } });

const jobs = [];
/** A job for the forger: TEXT sealed as HOW says. EXPECTED: reason of the quarantine, "filed", or "waits". */
const job = (name, expected, kind, text, how = {}) => jobs.push({ name: `job-${jobs.length}`, title: name, expected, kind, to: kind, text: Buffer.from(text, 'latin1').toString('base64'), ...how });
const sealed = (name, expected, changes, how, kind = 'practice') => job(name, expected, kind, letter(kind, changes), how);

// Taken: the tool can do it right.
const taken = { practice: ['real practice'], ordinary: ['real ordinary'] };
for (const kind of ['practice', 'ordinary'])
  for (let i = 0; i < 12; i++) {
    taken[kind].push(`${kind} good ${i}`);
    sealed(`a good one for the ${kind} event`, 'filed', { answers: { overall: 'good', next: `${kind} good ${i}` } }, {}, kind);
  }
job('the real letter, sealed again as it was', 'filed', 'practice', opened('practice'));

// The seal.
const good = () => answered();
for (const [where, offset] of [['the sealed key', 16], ['the sealed key, at its end', 95], ['the nonce', 96], ['the nonce, at its end', 119], ['the text', 120], ['the padding', 120 + 1000], ['the tag', -1]])
  sealed(`a bit changed in ${where}`, 'forged', good(), { flip: [offset] });
sealed("sealed to a stranger's key under the period's name", 'forged', good(), { to: 'stranger', as: 'practice' });
sealed("the ordinary period's seal under the practice period's name", 'forged', good(), { to: 'ordinary', as: 'practice' });
sealed("the practice period's seal under the ordinary period's name", 'forged', good(), { to: 'practice', as: 'ordinary' });
sealed('in a larger bucket than it needs', 'forged', good(), { bucket: 1 });
sealed('without the mark that ends the text', 'forged', good(), { pad: 0 });
sealed('with another mark', 'forged', good(), { pad: 129 });
sealed('of a period of nobody: it waits for a key set that knows it', 'waits', good(), { to: 'stranger' });

// The letter.
const text = letter('practice', good());
job('no JSON', 'letter', 'practice', 'refused');
job('nothing', 'letter', 'practice', '');
job('a list', 'letter', 'practice', '[]');
job('cut off', 'letter', 'practice', text.slice(0, -1));
job('something behind it', 'letter', 'practice', `${text} `);
job('a space in it', 'letter', 'practice', text.replace(',', ', '));
job('members in another order', 'letter', 'practice', text.replace(/^\{("answers":\{.*?\}),("edit":0),/, '{$2,$1,'));
job('a member twice', 'letter', 'practice', text.replace('"edit":0', '"edit":0,"edit":1'));
job('invalid UTF-8', 'letter', 'practice', text.replace('refused', 'refused\xff'));
job('NUL', 'letter', 'practice', text.replace('refused', 'refused\\u0000'));
sealed('an unknown member', 'letter', { ...good(), when: 'today' });
for (const name of ['answers', 'edit', 'event', 'form', 'format', 'id', 'kind', 'language', 'mode', 'receipt', 'variant', 'version']) sealed(`without ${name}`, 'letter', { ...good(), [name]: undefined });
for (const [name, value] of [['edit', -1], ['edit', 10000], ['edit', '0'], ['edit', 0.5], ['format', 2], ['kind', 'other'], ['mode', 'watch'], ['id', 'ab'], ['id', 'AB'.repeat(32)], ['receipt', ''], ['event', ''], ['event', 'e4k7qx'], ['form', ''], ['form', '../x'], ['version', 0], ['version', 2 ** 32], ['answers', []], ['answers', 'good']])
  sealed(`${name} ${JSON.stringify(value).slice(0, 12)}`, 'letter', { ...good(), [name]: value });

// What it is about.
sealed('a practice letter under the ordinary period', 'period', good(), { to: 'ordinary' });
sealed('an ordinary letter under the practice period', 'period', good(), { to: 'practice' }, 'ordinary');
sealed('of an unknown event', 'event', { ...good(), event: '222222' });
sealed('of an event that is not open yet', 'event', { ...good(), event: planned }, {}, 'ordinary');
sealed('of a form that the event does not ask', 'form', { ...good(), form: 'other-form' });
sealed('of an unknown version', 'form', { ...good(), version: 2 });
sealed('of an unknown language', 'language', { ...good(), language: 'pl' });
sealed('of an unknown variant', 'language', { ...good(), variant: 'hard' });
sealed('of a variant of another language', 'language', { ...good(), language: 'cy', variant: 'easy' });
sealed('with a ticket', 'ticket', { ...good(), ticket: 'AB12' });
sealed("with the id of another event's response", 'crossed', { ...good(), id: letters.ordinary.id, event: other, edit: 1 }, {}, 'ordinary');
sealed("with the id of another event's response, and its receipt", 'crossed', { ...good(), id: letters.ordinary.id, receipt: letters.ordinary.receipt, event: other, edit: 9999 }, {}, 'ordinary');

// The answers.
for (const [name, answers] of [
  ['a choice that is not offered', { overall: 'excellent' }], ['a choice of another face', { overall: 'bad' }], ['an unknown question', { wibble: 'x' }], ['a text that is too long', { next: 'x'.repeat(1001) }],
  ['an exclusive choice beside others', { learned: ['hate_crime', 'nothing_new'] }], ['choices in another order', { learned: ['hate_crime', 'decisions'] }], ['a choice twice', { learned: ['decisions', 'decisions'] }], ['one where several may be', { learned: 'decisions' }],
  ['several where one may be', { overall: ['good'] }], ['a list for a text', { next: ['x'] }], ['an empty text', { next: '' }], ['spaces alone', { next: '  ' }], ['an answer to what was not asked', { easy: 'easy', hard: ['time'] }], ['a carriage return', { next: 'a\rb' }],
]) sealed(name, 'answers', answered(answers));
sealed('nothing answered', 'answers', { answers: {} });
sealed('Easy Read with a question that it does not ask', 'answers', { answers: { overall: 'bad', learned: ['decisions'] }, language: 'en', variant: 'easy' });

const folder = join(work, 'envelopes');
mkdirSync(folder);
forge('seal', [folder], JSON.stringify(jobs));
for (const one of jobs) one.bytes = readFileSync(join(folder, one.name));

const whole = jobs[0].bytes, changed = (at, byte) => { const copy = Buffer.from(whole); copy[at] = byte; return copy; };
const impossible = [
  ['nothing', Buffer.alloc(0)], ['a byte', Buffer.from('S')], ['a header alone', whole.subarray(0, 120)], ['one byte short', whole.subarray(0, -1)], ['one byte more', Buffer.concat([whole, Buffer.alloc(1)])],
  ['half of it', whole.subarray(0, 580)], ['two of them', Buffer.concat([whole, whole])], ['another name', changed(0, 0x73)], ['version 0', changed(4, 0)], ['version 2', changed(4, 2)], ['a bucket that there is not', changed(5, 4)],
  ['the bucket of another length', changed(5, 1)], ['something in the empty bytes', changed(6, 1)], ['something in the last empty byte', changed(7, 128)], ['random bytes', randomBytes(whole.length)], ['text', Buffer.from('overall=good'.repeat(100))],
  ['longer than any', Buffer.concat([changed(5, 3), Buffer.alloc(65536 - 1024 + 1)])],
];
for (const [name, bytes] of impossible)
  await test(`refusals: no envelope: ${name}: the spooler does not take it`, async () => {
    const path = join(work, 'impossible'), before = await spool.count();
    writeFileSync(path, bytes);
    assert.equal(await spool.ask('append', path), 'R 1');
    assert.deepEqual(await spool.count(), before);
  });

await test('refusals: what could be an envelope is taken, good and bad, in no order', async () => {
  const collector = instance.main('collector'), before = await spool.count();
  process.kill(collector, 'SIGSTOP');
  try {
    for (const one of jobs.slice().sort(() => Math.random() - 0.5)) assert.equal(await spool.ask('append', join(folder, one.name)), 'O', one.title);
    assert.equal((await spool.count()).waiting, before.waiting + jobs.length);
  } finally {
    process.kill(collector, 'SIGCONT');
  }
  const kept = jobs.filter(({ expected }) => expected === 'waits').length;
  await until('all but what waits to be dealt with', async () => (await spool.count()).waiting === kept, 20000);
  assert.equal(kept, 1);
});

await test('refusals: the good ones of the same batches are exported, and nothing else', async () => {
  assert.deepEqual(texts(instance.exported(practice).responses), taken.practice.slice().sort());
  instance.cli(['event', 'close', ordinary, '--now']);
  instance.cli(['event', 'release', ordinary]);
  assert.deepEqual(texts(instance.exported(ordinary).responses), taken.ordinary.slice().sort());
  instance.cli(['event', 'close', other, '--now']);
  const few = instance.cli(['event', 'release', other], { expected: 65 }).stderr;
  assert.match(few, /from 10 on they can be exported; a released event can never be opened again. To release it all the same: soundings .* event release \w+ --few$/m);
  assert.equal(instance.cli(['event', 'show', other]).stdout.match(/Releases {4}(\d+)/)[1], '0', 'nothing was released');
  assert.match(instance.cli(['event', 'release', other, '--fwe'], { expected: 64 }).stderr, /did you mean '--few'/);
  instance.cli(['event', 'release', other, '--few']);
  assert.match(instance.cli(['export', other, '--format', 'json'], { expected: 77 }).stderr, /fewer than 10/);
  assert.deepEqual(instance.office(`SELECT count(*) FROM response WHERE event IN ('${other}', '${planned}')`), [[0]]);
});

await test('refusals: the same forged envelope again is quarantined once', async () => {
  const one = jobs.find(({ expected }) => expected === 'forged'), before = await spool.count();
  assert.equal(await spool.ask('append', join(folder, one.name)), 'O');
  await until('it to be dealt with', async () => (await spool.count()).filed === before.filed + 1);
});

const quarantined = jobs.filter(({ expected }) => !['filed', 'waits'].includes(expected));
await test('refusals: doctor says how many are in quarantine', () => {
  assert.match(instance.cli(['doctor']).stdout, new RegExp(`^look  ${quarantined.length} envelopes are in quarantine\n`, 'm'));
});

await test('refusals: the collector said so in bands and reasons, and nothing of what was in them', () => {
  const lines = instance.output.split('\n').filter((line) => line.includes('collector.quarantined'));
  assert(lines.length >= 2);
  for (const line of lines) assert.match(line, /^level=warn program=collector event=collector.quarantined count="(1 to 4|5 to 9|10 to 99|100 or more)" reason=[a-z]+$/);
  assert(!/excellent|refused"|222222|wibble/.test(instance.output));
});

// ---- catalogues, while the programs run -------------------------------------------------------------------------------

const published = join(instance.dir, 'catalogue'), link = join(published, 'current');
const current = () => readlinkSync(link);
const relink = (target) => {
  symlinkSync(target, join(published, '.swap'));
  renameSync(join(published, '.swap'), link);
};
const serialOf = (name) => Number(name.split('-')[0]);
const catalogueNamed = (serial) => `${serial}-${randomBytes(8).toString('hex')}`;
const status = async (code) => (await instance.request(`/${code}`)).status;
const counted = (said, program, reason) => said.split('\n').filter((line) => new RegExp(`program=${program} .*event=${program}.catalogue error=\\w+ reason=${reason}$`).test(line)).length;
const anyReason = (said, program) => counted(said, program, '\\S+');

// An older catalogue, as it was published: before there was the event that everybody sees now.
const older = join(work, 'older');
cpSync(join(published, current()), older, { recursive: true });
const olderName = current();
const newest = instance.event('--practice');
let right = current();
assert(serialOf(right) > serialOf(olderName));

/** What makes a catalogue the current one; the attacks are [name, reason that is logged, what is done]. */
const forged = (kind) => () => {
  const name = catalogueNamed(serialOf(right) + 1);
  forge('catalogue', [join(published, name), kind]);
  relink(name);
  return join(published, name);
};
const placed = (name, change = () => {}) => () => {
  const path = join(published, name());
  if (!existsSync(path)) cpSync(older, path, { recursive: true });
  change(path);
  relink(name());
};
// Neighbours have different reasons: a program that has not yet seen the right one come back in between says a reason once.
const attacks = [
  ['a wrong signature', 'signature', forged('signature')],
  ['a changed byte in the database', 'hash', forged('hash')],
  ['signed by a key that the key set does not name', 'signature', forged('stranger')],
  ['a key set that another root has signed', 'keyset', forged('root')],
  ['a manifest that was changed after it was signed', 'signature', forged('manifest')],
  ['a key set that was changed', 'keyset', forged('keyset')],
  ['an older catalogue, as it was published', 'serial', placed(() => olderName)],
  ['another root, and front/root.pub with it', 'keyset', () => copyFileSync(join(forged('root')(), 'root.pub'), join(instance.dir, 'front/root.pub'))],
  ['an older catalogue under a newer name', 'name', placed(() => `${serialOf(right) + 1}-${'0'.repeat(16)}`)],
  ['no database', 'database', forged('database')],
  ['a database that has grown', 'size', forged('size')],
  ['a database that says another serial', 'database', forged('serial')],
  ['no manifest', 'manifest', placed(() => `${serialOf(right) + 1}-${'1'.repeat(16)}`, (path) => unlinkSync(join(path, 'manifest')))],
  ['a link that leads elsewhere', 'link', () => { cpSync(older, join(instance.dir, olderName), { recursive: true }); relink(`../${olderName}`); }],
  ['a link behind the link', 'directory', () => { const name = catalogueNamed(serialOf(right) + 1); symlinkSync(older, join(published, name)); relink(name); }],
];
const rootPub = readFileSync(join(instance.dir, 'front/root.pub'));
const putBack = () => {
  relink(right);
  writeFileSync(join(instance.dir, 'front/root.pub'), rootPub);
};

await test('refusals: catalogue: a response that only a refused catalogue could explain waits for the right one', async () => {
  const collector = instance.main('collector'), from = instance.output.length, answer = 'while nobody knew the event';
  process.kill(collector, 'SIGSTOP');
  const fresh = instance.event('--practice'), itsOwn = current(), before = instance.office('SELECT count(*) FROM quarantine');
  assert.equal(await status(fresh), 200);
  forged('signature')();
  await send(fresh, answer);
  process.kill(collector, 'SIGCONT');
  await until('the collector to look', () => anyReason(instance.output.slice(from), 'collector'));
  await until('it is in quarantine', () => instance.office('SELECT count(*) FROM quarantine')[0][0] === before[0][0] + 1);
  await sleep(1000);
  assert.equal((await spool.count()).waiting, 1, 'the one of a period of nobody');
  right = itsOwn;
  putBack();
  await until('the response to be filed', () => texts(instance.exported(fresh).responses).includes(answer));
  assert.deepEqual(instance.office('SELECT count(*) FROM quarantine'), before, 'and it has left quarantine');
});

for (const [name, reason, attack] of attacks) {
  await test(`refusals: catalogue: ${name}: logged once, never served, and all goes on`, async () => {
    assert.equal(await status(newest), 200);
    const from = instance.output.length, said = () => instance.output.slice(from);
    const answer = `while ${name}`;
    try {
      attack();
      for (let i = 0; i < 3; i++) {
        assert.equal(await status(newest), 200, 'the newer one is served');
        assert.equal(await status('F2RGED'), 404, 'the forged one is not');
      }
      await send(newest, answer);
      await until('the collector to look', () => anyReason(said(), 'collector'));
      await until('the response to be filed', () => instance.office(`SELECT count(*) FROM free_text WHERE text = '${answer}'`)[0][0]);
      await sleep(600); // it looks again a second after it has filed, at the latest
      assert.equal(await status(newest), 200);
    } finally {
      putBack();
    }
    for (const program of ['intake', 'collector']) {
      assert.equal(counted(said(), program, reason), 1, `${program}, ${reason}: ${said()}`);
      assert.equal(anyReason(said(), program), 1, said());
    }
  });
}

// ---- catalogues, when everything starts with them ---------------------------------------------------------------------

await instance.stop();
await instance.gone();

await test('refusals: what is in quarantine is there byte for byte, with the right reason', () => {
  const rows = new Map(instance.office('SELECT lower(hex(envelope)), reason FROM quarantine'));
  assert.equal(rows.size, quarantined.length);
  const wrong = quarantined.filter(({ bytes, expected }) => rows.get(bytes.toString('hex')) !== expected).map(({ title, bytes, expected }) => `${title}: ${rows.get(bytes.toString('hex'))} instead of ${expected}`);
  assert.deepEqual(wrong, []);
});

const spoolerRuns = () => existsSync(join(instance.dir, 'run/append.sock'));
const down = words('en').not_saved_title;

const atStart = ['a wrong signature', 'a changed byte in the database', 'a key set that another root has signed', 'another root, and front/root.pub with it', 'an older catalogue, as it was published'];
for (const [name, reason, attack] of attacks.filter(([name]) => atStart.includes(name))) {
  await test(`refusals: catalogue, after a restart: ${name}: nothing is served, nothing is filed`, async () => {
    const hands = [];
    try {
      attack();
      if (name.includes('front/root.pub')) relink(right); // a root of its own accepts nothing of ours either
      hands.push(instance.byHand('spooler'));
      await until('the spooler', spoolerRuns);
      const collector = instance.byHand('collector', { isHeard: true }), intake = instance.byHand('intake', { isHeard: true });
      hands.push(collector, intake, instance.byHand('nginx'));
      await until('nginx', () => instance.request('/static/none').then(() => true, () => false));
      await until('intake', () => existsSync(join(instance.dir, 'run/intake.sock')));
      for (const code of [newest, practice, 'F2RGED']) {
        const page = await instance.request(`/${code}`);
        assert.equal(page.status, 503, page.text);
        assert(visible(page.text).includes(down), "nginx's own page");
        assert(!page.text.includes('<form id="answers"'));
      }
      assert.equal((await post(newest, 'refused')).status, 503);
      assert.equal(counted(intake.said(), 'intake', reason), 1, intake.said());
      assert.equal(anyReason(intake.said(), 'intake'), 1, intake.said());
      const { code } = await Promise.race([collector.ended, sleep(5000).then(() => ({ code: 'not at all' }))]);
      assert(code === 77 || code === 65, `the collector ends: ${code}`);
      assert.equal(counted(collector.said(), 'collector', reason), 1, collector.said());
      putBack();
      if (!name.includes('front/root.pub')) await until('the right one to be served, back in its place', async () => (await status(newest)) === 200, 5000);
    } finally {
      putBack();
      for (const hand of hands.reverse()) await hand.end();
    }
  });
}

await test('refusals: catalogue, after a restart: it is the memory of the spooler that refuses an older one', async () => {
  const memory = join(instance.dir, 'spool'), hands = [];
  renameSync(memory, join(work, 'spool'));
  mkdirSync(memory, { mode: 0o700 });
  try {
    relink(olderName);
    hands.push(instance.byHand('spooler'));
    await until('the spooler', spoolerRuns);
    hands.push(instance.byHand('intake'), instance.byHand('nginx'));
    await until('the older one to be served where nobody has seen a newer', async () => (await status(practice).catch(() => 0)) === 200, 5000);
    assert.equal(await status(newest), 404);
  } finally {
    putBack();
    for (const hand of hands.reverse()) await hand.end();
    rmSync(memory, { recursive: true });
    renameSync(join(work, 'spool'), memory);
  }
});

// ---- and the right ones -----------------------------------------------------------------------------------------------

await test('refusals: a catalogue from the same tool with nothing wrong is taken and served', async () => {
  await instance.start();
  const was = current();
  forge('catalogue', [join(published, `${serialOf(was) + 1}-${'2'.repeat(16)}`), 'good']);
  relink(`${serialOf(was) + 1}-${'2'.repeat(16)}`);
  const page = await instance.request('/F2RGED');
  assert.equal(page.status, 200, `${visible(page.text)} ${instance.output.slice(-600)}`);
  assert.equal(anyReason(instance.output, 'intake'), 0);
  await instance.stop();
});

await test('refusals: none of it is in any export', () => {
  assert.deepEqual(texts(instance.exported(practice).responses), taken.practice.slice().sort());
  assert.deepEqual(texts(instance.exported(newest).responses), attacks.map(([name]) => `while ${name}`).sort());
});

await finish();
