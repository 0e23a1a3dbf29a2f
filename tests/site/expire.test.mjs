// expire.test.mjs: what goes on which day and what stays, told by a clock that is turned forward: responses, an event that was left open,
// backups, key periods. That a second run finds nothing to do, that two at once do not meet, and that `soundings run` does it once a day.
// (That nothing of what went is left in any byte: erase.test.mjs.)
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, formFields, receiptOf, root, scratch, sleep, test, until } from '../harness.mjs';
import { clockArguments, later } from './clock.mjs';
import { Spool } from './spool.mjs';

const KEEP_MONTHS = Number(readFileSync(join(root, 'forms/community-conversation/form.yaml'), 'utf8').match(/^ {2}keep: (\d+) months$/m)[1]);
const BACKUP_DAYS = 35;

const instance = await Instance.make({ conf: { workers: 1, batch_min: 1 } });
const work = scratch(), recovery = join(work, 'recovery.txt'), backups = join(instance.dir, 'backups');
renameSync(join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-'))), recovery);

/** The command line on DAY. */
const onDay = (day, args, expected = 0) => {
  const result = spawnSync('env', [...clockArguments(day), join(build, 'soundings'), '--instance', instance.dir, ...args], { cwd: root, encoding: 'utf8' });
  assert.equal(result.status, expected, `${args.join(' ')} on ${day}: ${result.stdout}${result.stderr}`);
  return result;
};
/** For instance.start: `soundings run` itself on DAY. */
const runOn = (day) => ({ through: ['env', ...clockArguments(day)] });
/** As somebody who has looked at the calendar: two months without a run, and expire asks. */
const expire = (day, expected) => onDay(day, ['expire', '--yes-it-is', day], expected);
const count = (table, where = 'TRUE') => instance.office(`SELECT count(*) FROM ${table} WHERE ${where}`)[0][0];
const audited = (action) => instance.office(`SELECT subject FROM audit WHERE action = '${action}' ORDER BY number`).flat();
const send = async (path, answers) => {
  const answer = await instance.send(path, answers);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert(receiptOf(answer.text));
  return answer;
};

const today = later(0);
const forgotten = instance.event('--open'); // nobody ever closes it
const younger = instance.event('--open', '--date', later(1));
await instance.start();
const spool = new Spool(instance);
const answers = { overall: 'good', next: 'what I say', age_band: '25_34' };
let thanks;
for (let i = 0; i < 6; i++) thanks = await send(`/${forgotten}`, answers);
await send(`/${younger}`, answers);
const open = await instance.page(`/${forgotten}`); // a page that stays open for years
await spool.settled();
await instance.stop();
await instance.gone();

// ---- responses ----------------------------------------------------------------------------------------------------------------

const end = later(0, KEEP_MONTHS);

await test('expire: until the day before, nothing goes and nothing is said', () => {
  assert(thanks.text.includes(String(Number(end.slice(0, 4)))), 'the thank-you names the year');
  for (const day of [today, later(1), later(-1, KEEP_MONTHS)]) assert.deepEqual([expire(day).stdout, expire(day).stderr], ['', '']);
  assert.deepEqual(['response', 'apart', 'free_text', 'link', 'seen'].map((table) => count(table)), [7, 7, 7, 7, 7]);
});

await test('expire: on the day that the thank-you named, responses, equality answers and texts go; the ids seen stay', () => {
  const { stdout } = expire(end);
  assert.equal(stdout, 'Closed: 1 event whose time was over\nDeleted: responses (5 to 9)\nDeleted: equality answers (5 to 9)\nDeleted: free texts (5 to 9)\n');
  for (const table of ['response', 'apart', 'free_text']) assert.deepEqual([count(table, `event = '${forgotten}'`), count(table, `event = '${younger}'`)], [0, 1], table);
  assert.deepEqual([count('link'), count('seen')], [1, 7]);
  assert.deepEqual(audited('expire.responses'), ['6']);
  assert.deepEqual(audited('expire.texts'), ['6']);
});

await test('expire: the event that was left open is closed, and so it is published', async () => {
  assert.deepEqual(instance.office(`SELECT state FROM event WHERE code = '${forgotten}'`), [['closed']]);
  assert.match(onDay(end, ['event', 'show', forgotten]).stdout, /^\w{6} {2}closed /);
  assert.equal(onDay(end, ['export', forgotten, '--format', 'json'], 77).stderr, `soundings: the responses of ${forgotten} were deleted as promised on ${end}\n`);
});

await test('expire: once more on the same day, there is nothing to do', () => {
  const before = readFileSync(join(instance.dir, 'catalogue/current/manifest'), 'utf8');
  assert.deepEqual([expire(end).stdout, expire(end).stderr], ['', '']);
  assert.equal(readFileSync(join(instance.dir, 'catalogue/current/manifest'), 'utf8'), before, 'nothing is published for nothing');
});

await test('expire: two at once: the second waits and says so', async () => {
  const holder = spawn('/usr/bin/python3', ['-c', 'import fcntl, os, sys\nfd = os.open(sys.argv[1], os.O_RDONLY)\nfcntl.flock(fd, fcntl.LOCK_EX)\nprint("held", flush=True)\nsys.stdin.read()', join(instance.dir, 'keys')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((done) => holder.stdout.once('data', done));
  const second = spawn('env', [...clockArguments(end), join(build, 'soundings'), '--instance', instance.dir, 'expire'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '', code = null;
  second.stderr.on('data', (data) => { said += data; });
  second.on('exit', (status) => { code = status; });
  await until('the second to say that it waits', () => said.includes('waiting until it has ended'));
  await sleep(300);
  assert.equal(code, null, 'it waits');
  const runs = count('expire_run');
  holder.stdin.end();
  await until('the second', () => code !== null);
  assert.equal(code, 0);
  assert.equal(count('expire_run'), runs + 1);
});

await test('expire: an answer that comes after all that is thanked for by nobody, and filed nowhere', async () => {
  // The copy of an old page meets a catalogue that says closed; its envelope, had one been sealed, would be let go by the collector.
  await instance.start(runOn(end));
  const answer = await instance.request(open.action ?? `/${forgotten}`, { method: 'POST', body: formFields(open.text) });
  assert.equal(answer.status, 410);
  assert.match(answer.text, /Your answers were not saved/);
  await spool.settled();
  assert.equal(count('response', `event = '${forgotten}'`), 0);
  await instance.stop();
});

// ---- backups ------------------------------------------------------------------------------------------------------------------

const files = () => readdirSync(backups).sort();
const listed = () => instance.office('SELECT number FROM backup WHERE file IS NOT NULL ORDER BY number').flat();

const base = new Date(`${end}T00:00:00Z`);
const day = (days) => later(days, 0, base);
for (const file of existsSync(backups) ? files() : []) unlinkSync(join(backups, file)); // of the daily run above

await test('expire: a backup whose file is gone is noted as gone', () => {
  onDay(day(2), ['backup']);
  const number = listed().at(-1);
  for (const file of files()) unlinkSync(join(backups, file));
  const { stdout } = expire(day(2 + BACKUP_DAYS));
  assert.match(stdout, new RegExp(`^Deleted: backup ${number} \\(the file was gone already\\)$`, 'm'));
  assert.deepEqual(listed(), []);
});

await test(`expire: a backup stays for ${BACKUP_DAYS} days, and goes then; one on a stick too, and one that the office never heard of`, () => {
  const stick = join(work, 'stick');
  mkdirSync(stick);
  onDay(day(60), ['backup']);
  onDay(day(60), ['backup', join(stick, 'own name')]);
  onDay(day(61), ['backup']);
  const [first, second] = files();
  copyFileSync(join(backups, first), join(backups, `copy of ${first}`));
  assert.deepEqual([expire(day(60 + BACKUP_DAYS - 1)).stdout, files().length], ['', 3]);
  const { stdout } = expire(day(60 + BACKUP_DAYS));
  assert.equal(stdout.match(/^Deleted: backup \d+$/gm)?.length, 2);
  assert.equal(stdout.match(/^Deleted: backup \d+, of which the office had no note$/gm)?.length, 1);
  assert.deepEqual(files(), [second]);
  assert.deepEqual(readdirSync(stick), []);
  assert.equal(listed().length, 1);
  const last = expire(day(61 + BACKUP_DAYS)).stdout.split('\n');
  assert.equal(last[0], `Deleted: backup ${Number(second.match(/-(\d{6})-/)[1])}`);
  assert.match(last[1], /^That was the last backup: nothing could bring this instance back now\. Make one: .*backup$/);
  assert.deepEqual(files(), []);
});

await test('expire: what lies where a backup was and is none of ours is left alone, and said', () => {
  onDay(day(100), ['backup']);
  const [file] = files();
  for (const content of ['holiday pictures', '']) {
    writeFileSync(join(backups, file), content);
    assert.match(expire(day(100 + BACKUP_DAYS), 65).stderr, /is not backup \d+ of this instance any more, so it was left alone/);
    assert.equal(readFileSync(join(backups, file), 'utf8'), content);
  }
  const other = join(work, 'other');
  spawnSync(join(build, 'soundings'), ['init', other], { cwd: root });
  spawnSync(join(build, 'soundings'), ['--instance', other, 'backup', join(work, 'other.backup')], { cwd: root });
  copyFileSync(join(work, 'other.backup'), join(backups, file));
  expire(day(100 + BACKUP_DAYS), 65);
  assert(existsSync(join(backups, file)), "another instance's backup");
  unlinkSync(join(backups, file));
  expire(day(100 + BACKUP_DAYS));
});

// ---- key periods -----------------------------------------------------------------------------------------------------------------

const keyFiles = () => [readdirSync(join(instance.dir, 'keys/periods')), readdirSync(join(instance.dir, 'keys/sealed'))].map((names) => names.map((name) => name.slice(0, 16)).sort());
const keyset = () => JSON.parse(readFileSync(join(instance.dir, 'keys/keyset'), 'utf8').split('\n')[1]);
const ordinary = () => keyset().periods.find((period) => period.current && !period.practice).id;
// Noted with the first period's day long ago; retired on this one, it is over when the longest promise and the backups are.
const retired = new Date(`${day(200)}T00:00:00Z`);
const over = (days) => later(BACKUP_DAYS + days, KEEP_MONTHS, retired);
const first = ordinary();

await test('expire: a retired key period stays until nothing that was sealed to it can be wanted any more', () => {
  expire(day(199)); // the younger event's response, too, went long before
  assert.equal(count('link'), 0);
  onDay(day(200), ['key', 'rotate', '--recovery', recovery]);
  assert.notEqual(ordinary(), first);
  expire(over(-1));
  for (const ids of keyFiles()) assert(ids.includes(first));
  assert.equal(count('seen'), 7);
});

await test('expire: a period that is over is kept while nobody knows what the spooler holds', () => {
  assert.match(expire(over(0)).stdout, /^Kept: key periods that are over, because the spooler does not answer/m);
  for (const ids of keyFiles()) assert(ids.includes(first));
});

const spooler = instance.byHand('spooler');
await until('the spooler', () => existsSync(join(instance.dir, 'run/batch.sock')) && spool.count().catch(() => null));

await test('expire: ... and while an envelope of it waits to be filed', async () => {
  const text = Buffer.from('{}').toString('base64');
  const forged = spawnSync('/usr/bin/python3', [join(root, 'tests/site/forge.py'), 'seal', instance.dir, work], { input: JSON.stringify([{ name: 'late', text, to: first }]) });
  assert.equal(forged.status, 0, String(forged.stderr));
  assert.equal(await spool.ask('append', join(work, 'late')), 'O');
  assert.match(expire(over(0)).stdout, /^Kept: a key period that is over, because envelopes of it still wait to be filed$/m);
  for (const ids of keyFiles()) assert(ids.includes(first));
  const collector = instance.byHand('collector');
  await spool.settled();
  await collector.end();
});

await test('expire: then secret and sealed copy are destroyed, with the ids seen under it; the office remembers that on purpose', () => {
  const kept = ordinary();
  assert.match(expire(over(0)).stdout, new RegExp(`^Destroyed: key period ${first}; whatever is still sealed to it can never be opened$`, 'm'));
  for (const ids of keyFiles()) assert(!ids.includes(first) && ids.includes(kept));
  assert.deepEqual(audited('period.destroy'), [first]);
  assert.equal(count('seen'), 0);
  assert.deepEqual([expire(over(0)).stdout, ordinary()], ['', kept]);
});

await test('expire: the collector starts without the secret that was destroyed on purpose, and recover does not miss it', async () => {
  const collector = instance.byHand('collector', { isHeard: true });
  await until('the collector', () => collector.said().includes('collector.started'));
  await collector.end();
  assert.match(onDay(over(0), ['key', 'recover', '--recovery', recovery]).stdout, /^Nothing was missing\.$/m);
  for (const ids of keyFiles()) assert(!ids.includes(first));
});

await test('expire: what an old backup brings back of a destroyed period is destroyed again; the next rotation takes it out of the key set', () => {
  writeFileSync(join(instance.dir, 'keys/periods', `${first}.secret`), 'x'.repeat(32), { mode: 0o600 });
  expire(over(1));
  for (const ids of keyFiles()) assert(!ids.includes(first));
  assert(keyset().periods.some(({ id }) => id === first));
  onDay(over(1), ['key', 'rotate', '--recovery', recovery]);
  assert(!keyset().periods.some(({ id }) => id === first));
  assert.equal(keyset().periods.length, 3);
});
await spooler.end();

// ---- once a day -------------------------------------------------------------------------------------------------------------------

await test('run: on another day than the last, expires and backs up soon after its start; not again on the same day', async () => {
  const runs = () => count('expire_run'), before = { runs: runs(), backups: listed().length };
  const tomorrow = runOn(over(3));
  await instance.start(tomorrow);
  await until('the backup', () => listed().length === before.backups + 1);
  assert.equal(runs(), before.runs + 1);
  assert.deepEqual(audited('backup').length > 0, true);
  await instance.stop();
  await instance.start(tomorrow);
  await sleep(2000);
  assert.deepEqual([runs(), listed().length], [before.runs + 1, before.backups + 1]);
  await instance.stop();
});

await test('run: a job that hangs holds nothing up, and dies with the supervisor however that ends', async () => {
  const jobs = () => spawnSync('pgrep', ['-f', `soundings --instance ${instance.dir} (expire|backup)$`], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
  for (const signal of ['SIGKILL', 'SIGINT']) {
    const holder = spawn('/usr/bin/python3', ['-c', 'import fcntl, os, sys\nfd = os.open(sys.argv[1], os.O_RDONLY)\nfcntl.flock(fd, fcntl.LOCK_EX)\nprint("held", flush=True)\nsys.stdin.read()', join(instance.dir, 'keys')], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((done) => holder.stdout.once('data', done));
    try {
      await instance.start(runOn(over(5)));
      await until('the job', () => jobs().length === 1);
      const collector = instance.main('collector');
      process.kill(collector, 'SIGKILL');
      await until('another collector', () => ![undefined, collector].includes(instance.main('collector')));
      assert.equal(jobs().length, 1);
      await instance.stop(signal);
      await until('no job left', () => jobs().length === 0);
      await instance.gone();
    } finally {
      holder.stdin.end();
    }
  }
});

await test('run: a backup that fails is said in a line, and does not keep the site from being served', async () => {
  const fresh = instance.event('--open', '--date', over(7));
  for (const file of files()) unlinkSync(join(backups, file));
  renameSync(backups, `${backups}.away`);
  writeFileSync(backups, '');
  try {
    await instance.start(runOn(over(7)));
    await until('the line', () => /^soundings: 'soundings backup' did not do all of its work \(code \d+\); it is tried again in an hour$/m.test(instance.output));
    assert.equal((await instance.request(`/${fresh}`)).status, 200);
  } finally {
    await instance.stop();
    unlinkSync(backups);
    renameSync(`${backups}.away`, backups);
  }
});

// ---- timers -------------------------------------------------------------------------------------------------------------------------

await test('timers: systemd finds nothing wrong with the units', () => {
  const units = join(root, 'kiosk-config/systemd'), copies = join(work, 'units');
  mkdirSync(copies);
  const found = readdirSync(units).filter((name) => /^soundings-(events|expire|backup)\.(service|timer)$/.test(name));
  assert.equal(found.length, 6);
  for (const name of found) {
    const text = readFileSync(join(units, name), 'utf8');
    if (name === 'soundings-events.timer') assert.match(text, /^OnUnitInactiveSec=1min$/m);
    else if (name.endsWith('.timer')) for (const line of [/^Persistent=true$/m, /^RandomizedDelaySec=/m, /^OnCalendar=/m]) assert.match(text, line);
    else for (const line of [/^NoNewPrivileges=yes$/m, /^ProtectSystem=strict$/m, /^User=soundings$/m]) assert.match(text, line);
    writeFileSync(join(copies, name), text.replace('/usr/bin/soundings', join(build, 'soundings'))); // it must be there
  }
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...found.map((name) => join(copies, name))], { encoding: 'utf8' });
  if (verified.error) console.log('# no systemd-analyze here: the units are only read');
  else assert.deepEqual([verified.status, verified.stdout, verified.stderr], [0, '', '']);
});

await finish();
