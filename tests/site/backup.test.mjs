// backup.test.mjs: what was thanked for survives the loss of the machine. A backup is made while people post; it is checked without a
// secret and restored in earnest by a drill. From a backup, the recovery file and the spool folder alone everything comes back, once.
// Going back undoes no withdrawal. A restore killed at any instant leaves the old instance or the new one, and ends when it is run again.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, cli, finish, nonce, receiptOf, root, scratch, sleep, test, until } from '../harness.mjs';

const USAGE = 64, DATA = 65, NOINPUT = 66, UNAVAILABLE = 69, CANTCREAT = 73, TEMPFAIL = 75, NOPERM = 77;
const work = scratch();
const instance = await Instance.make({ conf: { batch_min: 1, workers: 2 } });
const code = instance.event('--practice');
const kept = join(work, 'recovery.txt');
const recoveryName = readdirSync(instance.dir).find((name) => name.startsWith('recovery-'));
renameSync(join(instance.dir, recoveryName), kept); // as people are told to
const recovery = ['--recovery', kept];

const thanked = new Map(); // what somebody wrote -> the receipt
let people = 0;

/** A response of somebody, thanked for. */
const respond = async (site = instance) => {
  const next = `marker ${++people} of backup.test`;
  const body = { nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', age_band: '25_34', next };
  const answer = await site.request(`/${code}`, { method: 'POST', body });
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  thanked.set(next, receiptOf(answer.text));
  return next;
};

const withdraw = (site, next) => {
  site.cli(['withdraw'], { input: `${thanked.get(next)}\n` });
  thanked.delete(next);
};

const written = (site) => site.exported(code).responses.map((row) => row.next).sort();

/** In the end the office holds exactly what was thanked for and not withdrawn. */
const holdsAll = async (site = instance) => {
  const expected = [...thanked.keys()].sort();
  await until(`the ${expected.length} responses`, () => JSON.stringify(written(site)) === JSON.stringify(expected)).catch(() => {});
  assert.deepEqual(written(site), expected);
};

const backup = (site = instance, ...args) => {
  const { stdout } = site.cli(['backup', ...args]);
  const [, number, file] = stdout.match(/^Backup (\d+) of \d{4}-\d\d-\d\d is finished and checked: (.*)\n/);
  return { number: Number(number), file };
};

/** The same data somewhere else; the old one must not run. */
const another = (dir, site = instance) => Object.assign(new Instance(), { dir, port: site.port, base: site.base });

const told = ({ stderr }, message) => assert.match(stderr, message);
const leftovers = (dir) => readdirSync(dir).filter((name) => /^(restoring|drill)-/.test(name));
const modes = (dir) => {
  const found = {};
  for (const name of ['.', 'office', 'office/office.db', 'catalogue', 'front', 'front/root.pub', 'spool', 'keys', 'keys/keyset', 'keys/content.secret', 'keys/periods', 'keys/sealed', 'run', 'pages', 'backups', 'soundings.conf'])
    found[name] = (statSync(join(dir, name)).mode & 0o7777).toString(8);
  for (const folder of ['keys/periods', 'keys/sealed'])
    for (const name of readdirSync(join(dir, folder))) found[folder + name.replace(/^[0-9a-f]{16}/, '/ID')] = (statSync(join(dir, folder, name)).mode & 0o7777).toString(8);
  return found;
};

await test('backup: doctor says that there is none', () => {
  const { stdout } = instance.cli(['doctor'], { expected: UNAVAILABLE });
  assert.match(stdout, /^BAD {3}no backup has finished yet.*\n {6}soundings --instance \S+ backup\n/m);
  assert.match(stdout, /^look {2}backups are written to the disk that the office is on/m);
  assert.match(stdout, /^look {2}soundings expire has never run/m);
});

await test('backup: --list and --drill without one', () => {
  assert.equal(instance.cli(['backup', '--list']).stdout, `There are no backups yet: ${instance.command} backup\n`);
  told(instance.cli(['backup', '--drill', ...recovery], { expected: NOINPUT }), /there is no backup to try/);
});

await instance.start();
for (let i = 0; i < 12; i++) await respond();
await holdsAll();

let first;
await test('backup: made while everything runs and people post; nobody is refused', async () => {
  let isOver = false;
  const posting = [1, 2, 3, 4].map(async () => {
    while (!isOver) await respond();
  });
  await sleep(100);
  const made = spawn(join(build, 'soundings'), ['--instance', instance.dir, 'backup'], { cwd: root });
  let output = '';
  made.stdout.on('data', (data) => { output += data; });
  const status = await new Promise((done) => made.on('exit', done));
  await sleep(100);
  isOver = true;
  await Promise.all(posting);
  assert.equal(status, 0);
  first = { number: 1, file: join(instance.dir, 'backups', readdirSync(join(instance.dir, 'backups'))[0]) };
  assert.match(output, /^Backup 1 of /);
  assert.match(first.file, /\/instance-000001-\d{4}-\d\d-\d\d\.backup$/);
  assert.equal(statSync(first.file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(instance.dir, 'backups')).length, 1, 'nothing unfinished beside it');
  await holdsAll();
});

await test('backup: nothing of an answer, and no key that opens one, is in the file', () => {
  const bytes = readFileSync(first.file);
  assert(readFileSync(join(instance.dir, 'office/office.db')).includes('marker 1 of backup.test'), 'the office has it in plain');
  assert(!bytes.includes('marker 1 of'));
  for (const name of readdirSync(join(instance.dir, 'keys/periods'))) assert(!bytes.includes(readFileSync(join(instance.dir, 'keys/periods', name))));
});

await test('backup: where it goes: a folder, a file, never over another', () => {
  const folder = join(work, 'stick');
  mkdirSync(folder);
  assert.match(backup(instance, folder).file, /\/stick\/instance-000002-.*\.backup$/);
  assert.equal(backup(instance, join(folder, 'mine')).file, join(folder, 'mine'));
  told(instance.cli(['backup', join(folder, 'mine')], { expected: CANTCREAT }), /is there already; a backup never replaces a file/);
  told(instance.cli(['backup', join(folder, 'no/where')], { expected: CANTCREAT }), /no cannot be used: No such file/);
  told(instance.cli(['backup', '--check'], { expected: USAGE }), /^usage: /);
  told(instance.cli(['backup', '--list', '--drill'], { expected: USAGE }), /take one of them/);
  told(instance.cli(['backup', ...recovery], { expected: USAGE }), /only --drill needs the recovery key/);
  told(instance.cli(['backup', '--chekc', first.file], { expected: USAGE }), /did you mean '--check'/);
});

await test('backup: --list: newest first, and what is not there any more', () => {
  rmSync(join(work, 'stick/mine'));
  const lines = instance.cli(['backup', '--list']).stdout.trimEnd().split('\n');
  assert.deepEqual(lines.map((line) => line.trim().split(/\s+/)[0]), ['3', '2', '1']);
  assert(lines[0].endsWith('/mine (not there)'));
  assert(lines[2].endsWith(first.file));
});

await test('backup: a folder that was meant for backups and cannot be one', () => {
  const conf = join(instance.dir, 'soundings.conf'), was = readFileSync(conf, 'utf8');
  writeFileSync(conf, `${was}backup_dir = soundings.conf\n`);
  told(instance.cli(['backup'], { expected: CANTCREAT }), /the backup folder .*soundings.conf cannot be made or used/);
  writeFileSync(conf, was);
});

// ---- checking -----------------------------------------------------------------------------------------------------------

const stranger = await Instance.make();
const bad = (name, change) => {
  const file = join(work, name);
  copyFileSync(first.file, file);
  change(file);
  return file;
};
const flip = (at) => (file) => {
  const bytes = readFileSync(file);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(file, bytes);
};
const damaged = [
  ['cut short', (file) => truncateSync(file, statSync(file).size - 1), /it is cut short, or something was added/],
  ['longer', (file) => writeFileSync(file, 'x', { flag: 'a' }), /it is cut short, or something was added/],
  ['one bit in the middle', (file) => flip(Math.floor(statSync(file).size / 2))(file), /its bytes have changed/],
  ['one bit of the signature', flip(-1), /it was not signed/],
  ['no backup', (file) => writeFileSync(file, 'hello\n'), /it is not a backup of Soundings/],
  ['empty', (file) => truncateSync(file, 0), /it is not a backup of Soundings/],
];

await test('backup: --check: whole, and this instance\'s; without a secret or an instance too', () => {
  assert.match(instance.cli(['backup', '--check', first.file]).stdout, / is whole: backup 1 of 'instance', made on \d{4}-\d\d-\d\d\. It is this instance's\.\n$/);
  const hex = readFileSync(join(instance.dir, 'front/root.pub'), 'utf8').trim();
  assert(cli(['--instance', join(work, 'none'), 'backup', '--check', first.file]).stdout.endsWith(`its root key is the one that the file names: ${hex}\n`));
  told(stranger.cli(['backup', '--check', first.file], { expected: DATA }), /is whole, but it is another instance's/);
  told(instance.cli(['backup', '--check', join(work, 'nowhere')], { expected: NOINPUT }), /nowhere cannot be used: there is no such thing/);
});

for (const [name, change, message] of damaged)
  await test(`backup: ${name}: check, drill and restore all refuse it`, () => {
    const file = bad(`bad ${name}`, change), target = join(work, 'never');
    told(instance.cli(['backup', '--check', file], { expected: DATA }), message);
    told(instance.cli(['backup', '--drill', file, ...recovery], { expected: DATA }), message);
    told(cli(['--instance', target, 'restore', file, ...recovery], { expected: DATA }), message);
    assert(!existsSync(target), 'nothing was made');
    assert.deepEqual(leftovers(instance.dir), []);
  });

// ---- the drill ------------------------------------------------------------------------------------------------------------

await test('backup: --drill while everything runs: restores, compares, and leaves nothing', async () => {
  const { stdout } = instance.cli(['backup', '--drill', ...recovery]);
  assert.match(stdout, /^The drill went well: .*instance-000002-/, 'the newest whose file is there');
  assert.match(stdout, /^Backup 2 of 'instance', made on .*: 0 days old$/m);
  assert.match(stdout, /^Every table has the rows and the hash that it had: events: 1, responses: \d+ to \d+$|responses: 100 or more$/m);
  assert.match(stdout, /^Key periods whose secret opens an envelope: 2 of 2$/m);
  assert.match(stdout, /^The catalogue was published and verified\. All of it took \d+ seconds?, and was removed again\.$/m);
  assert.deepEqual(leftovers(instance.dir), []);
  await respond();
  await holdsAll();
});

await test('backup: --drill with another instance\'s recovery file, and with none', () => {
  const other = join(stranger.dir, readdirSync(stranger.dir).find((name) => name.startsWith('recovery-')));
  told(instance.cli(['backup', '--drill', '--recovery', other], { expected: NOPERM }), /the recovery key is another instance's[^]*the drill FAILED/);
  told(instance.cli(['backup', '--drill'], { expected: USAGE }), /^soundings: a drill needs the recovery key: --recovery FILE.*\n$/);
});

await test('backup: what a drill that was killed has left goes with the next one; doctor tells of it', () => {
  mkdirSync(join(instance.dir, 'drill-abcdef'));
  assert.match(instance.cli(['doctor'], { expected: null }).stdout, /^look {2}a drill is under way, or was interrupted.*drill-abcdef$/m);
  instance.cli(['backup', '--drill', first.file, ...recovery]);
  assert.deepEqual(leftovers(instance.dir), []);
});

// ---- refusals of restore -----------------------------------------------------------------------------------------------------

await test('restore: not while the programs run', () => {
  told(instance.cli(['restore', first.file, ...recovery], { expected: TEMPFAIL }), /is running: stop its programs first/);
});

await test('restore: not into another instance, nor into a folder of something else', () => {
  told(stranger.cli(['restore', first.file, ...recovery], { expected: NOPERM }), /it is another instance/);
  const folder = join(work, 'home');
  mkdirSync(folder);
  writeFileSync(join(folder, 'letter.txt'), '');
  told(cli(['--instance', folder, 'restore', first.file, ...recovery], { expected: CANTCREAT }), /holds letter.txt, which is no part of an instance/);
  assert.deepEqual(readdirSync(folder), ['letter.txt']);
});

await test('restore: words', () => {
  told(instance.cli(['restore'], { expected: USAGE }), /^usage: soundings .*restore FILE/);
  told(instance.cli(['restore', first.file, '--oldre'], { expected: USAGE }), /did you mean '--older'/);
  told(instance.cli(['restore', join(work, 'nowhere'), ...recovery], { expected: NOINPUT }), /nowhere: No such file/);
  assert.match(cli(['restore', '--help']).stdout, /^usage: /);
});

// ---- from nothing but a backup, the recovery file and the spool ----------------------------------------------------------------

const lost = await respond(); // these are in the spool only, as far as the backup knows
const second = backup();
for (let i = 0; i < 6; i++) await respond();
await holdsAll();
await instance.stop();
await instance.gone();
const dead = join(work, 'dead');
cpSync(instance.dir, dead, { recursive: true });

let restored;
await test('restore: an empty folder with nothing but the spool', async () => {
  const dir = join(work, 'restored'), file = join(work, 'newest.backup');
  copyFileSync(second.file, file);
  mkdirSync(dir, { mode: 0o700 });
  cpSync(join(instance.dir, 'spool'), join(dir, 'spool'), { recursive: true });
  rmSync(instance.dir, { recursive: true }); // the machine is gone
  const { stdout, stderr } = cli(['--instance', dir, 'restore', file, ...recovery]);
  assert.equal(stderr, '');
  assert.match(stdout, /^.*restored is restored from backup \d+ of 'instance', made on \d{4}-\d\d-\d\d\.\nIn it: events: 1, responses: .*, key periods that open: 2\n\nWhat to do next:\n/);
  assert.match(stdout, / run {5}start the programs; what the spool still holds is filed again \(it holds some\)\n/);
  assert.match(stdout, /soundings-keeping\(7\) says under "Stolen" what to do[^]* key rotate --recovery FILE\n.* key rotate --practice --recovery FILE\n.*content\.secret.* key recover --recovery FILE/);
  assert(!stdout.includes(lost));
  assert.deepEqual(leftovers(dir), []);
  restored = another(dir);
  await restored.start();
  await holdsAll(restored);
});

await test('restore: permissions are those that init makes', () => {
  cli(['init', join(work, 'fresh')]);
  const expected = modes(join(work, 'fresh')), found = modes(restored.dir);
  assert.deepEqual(found, expected);
});

await test('restore: the restored instance takes responses, backs up and withdraws', async () => {
  const one = await respond(restored), two = await respond(restored);
  await holdsAll(restored);
  withdraw(restored, one);
  await holdsAll(restored);
  assert(written(restored).includes(two));
  const made = backup(restored);
  assert(made.number > second.number, 'numbers go on');
  restored.cli(['backup', '--drill', ...recovery]);
});

await test('restore: nothing comes back by itself when the spool is offered again after a withdrawal', async () => {
  const gone = await respond(restored);
  await holdsAll(restored);
  withdraw(restored, gone);
  await holdsAll(restored);
  await restored.stop();
  await restored.gone();
  const newest = cli(['--instance', restored.dir, 'backup', '--list']).stdout.match(/\S+\.backup/)[0];
  const { stdout } = restored.cli(['restore', newest, ...recovery]);
  assert.match(stdout, /^The office that was there was merged into it\.$/m);
  assert.match(stdout, /^Taken over: .*withdrawals: 1 to 4/m);
  await restored.start();
  await holdsAll(restored);
});

// ---- going back -----------------------------------------------------------------------------------------------------------------

await test('restore: an older one is refused while a newer is known, and nothing changes', async () => {
  await restored.stop();
  await restored.gone();
  const before = readFileSync(join(restored.dir, 'office/office.db'));
  const message = /this is backup \d+ of .*, and a newer one is known: backup \d+ of .* say --older.*\(Responses: (the office here has \d+ (to|or) \w+, )?this backup \d+ (to|or) \w+\)/;
  told(restored.cli(['restore', join(work, 'newest.backup'), ...recovery], { expected: DATA }), message);
  told(restored.cli(['restore', join(work, 'newest.backup'), ...recovery], { expected: DATA }), /the office here has \d+/);
  assert(before.equals(readFileSync(join(restored.dir, 'office/office.db'))));
  // The same where no office is left, but the newer file lies beside.
  const folder = join(work, 'both'), dir = join(work, 'empty');
  mkdirSync(folder);
  copyFileSync(join(work, 'newest.backup'), join(folder, 'a'));
  const list = restored.cli(['backup', '--list']).stdout;
  copyFileSync(list.match(/\S+\.backup/)[0], join(folder, 'b'));
  told(cli(['--instance', dir, 'restore', join(folder, 'a'), ...recovery], { expected: DATA }), message);
  assert(!existsSync(dir), 'what was made is gone again');
});

await test('restore: --older: withdrawals, events and keys that came later are kept', async () => {
  await restored.start();
  const late = await respond(restored);
  await respond(restored);
  await holdsAll(restored);
  const event = restored.event('--open');
  restored.cli(['key', 'rotate', '--practice', ...recovery]);
  const sealedAnew = await respond(restored); // to the new period
  withdraw(restored, late);
  await holdsAll(restored);
  await restored.stop();
  await restored.gone();
  const { stdout } = restored.cli(['restore', join(work, 'newest.backup'), '--older', ...recovery]);
  assert.match(stdout, /^Newer backups that were merged into it: [1-9]/m);
  assert.match(stdout, /^Taken over: events: 1, /m);
  assert.match(stdout, /key periods that open: 3$/m);
  assert.match(restored.cli(['event', 'list']).stdout, new RegExp(`^${event}  open`, 'm'));
  assert.equal(readdirSync(join(restored.dir, 'keys/periods')).length, 3);
  await restored.start();
  // What a finished backup held was let go from the spool: going back behind it loses that, and the message says so.
  await until('what the spool held', () => written(restored).includes(sealedAnew));
  const found = written(restored);
  assert(!found.includes(late), 'withdrawn stays withdrawn');
  assert(found.every((text) => thanked.has(text)), 'nothing that was withdrawn came back');
  assert.equal(new Set(found).size, found.length, 'nothing is there twice');
  for (const text of [...thanked.keys()]) if (!found.includes(text)) thanked.delete(text);
  await restored.stop();
  await restored.gone();
});

await test('restore: --older into an empty folder merges the newer backup that lies beside', async () => {
  // In b, but not in a: a withdrawal. The responses of a that it names must not come back.
  const folder = join(work, 'pair'), dir = join(work, 'from pair');
  mkdirSync(folder);
  await restored.start();
  const gone = await respond(restored), here = await respond(restored);
  await holdsAll(restored);
  const one = backup(restored, join(folder, 'one'));
  withdraw(restored, gone);
  await holdsAll(restored);
  const two = backup(restored, join(folder, 'two'));
  await restored.stop();
  await restored.gone();
  assert(two.number > one.number);
  cpSync(join(restored.dir, 'spool'), join(dir, 'spool'), { recursive: true });
  const { stdout } = cli(['--instance', dir, 'restore', join(folder, 'one'), '--older', ...recovery]);
  assert.match(stdout, /^Newer backups that were merged into it: 1$/m);
  assert.match(stdout, /withdrawals: 1 to 4 \(responses that went with them: 1 to 4\)/);
  const site = another(dir);
  assert(!written(site).includes(gone));
  assert(written(site).includes(here));
  assert.match(site.cli(['backup', '--list']).stdout, /pair\/two\n/, 'its roll-off is known');
  // A newer one that is damaged is told, and passed over.
  const damage = flip(Math.floor(statSync(join(folder, 'two')).size / 2));
  damage(join(folder, 'two'));
  const { stderr } = cli(['--instance', join(work, 'from damaged pair'), 'restore', join(folder, 'one'), '--older', ...recovery]);
  assert.match(stderr, /pair\/two is newer, but nothing can be taken over from it: its bytes have changed/);
  damage(join(folder, 'two')); // and whole again
});

// ---- an office that is damaged ------------------------------------------------------------------------------------------------------

await test('restore: a damaged office is kept under another name, and doctor tells of it', () => {
  const dir = join(work, 'damaged');
  cpSync(restored.dir, dir, { recursive: true }); // which leaves the catalogue's link leading to the other instance
  assert.match(readlinkSync(join(dir, 'catalogue/current')), /^\//);
  const office = join(dir, 'office/office.db');
  writeFileSync(office, 'not a database any more');
  const newest = readdirSync(join(restored.dir, 'backups')).sort().at(-1);
  const { stdout, stderr } = cli(['--instance', dir, 'restore', join(dir, 'backups', newest), '--older', ...recovery]);
  assert.match(stderr, /the office that is in .* is damaged, or of another version of Soundings/);
  const [, kept] = stdout.match(/^The damaged office is kept as (.*office\.db\.damaged-\d{4}-\d\d-\d\d)\. It holds responses/m);
  assert.equal(readFileSync(kept, 'utf8'), 'not a database any more');
  assert(written(another(dir)).length > 0);
  assert.match(cli(['--instance', dir, 'doctor'], { expected: null }).stdout, /^look {2}a damaged office is kept/m);
});

await test('restore: an office that others can read is no damaged one', () => {
  const dir = join(work, 'open');
  cpSync(restored.dir, dir, { recursive: true });
  spawnSync('chmod', ['0644', join(dir, 'office/office.db')]);
  const newest = readdirSync(join(dir, 'backups')).sort().at(-1);
  told(cli(['--instance', dir, 'restore', join(dir, 'backups', newest), '--older', ...recovery], { expected: NOPERM }), /can be read by others: chmod 600 it/);
});

await test('restore: twice from one backup onto empty machines: what was seen is not published again', () => {
  const serial = (dir) => Number(readlinkSync(join(dir, 'catalogue/current')).split('-')[0]);
  const one = join(work, 'once'), two = join(work, 'twice'), file = join(work, 'pair/one');
  const ours = join(work, 'alone.backup');
  copyFileSync(file, ours);
  cpSync(join(restored.dir, 'spool'), join(one, 'spool'), { recursive: true });
  cli(['--instance', one, 'restore', ours, '--older', ...recovery]);
  const before = serial(restored.dir);
  assert(serial(one) > before, 'above what the spool has seen');
  cpSync(join(one, 'spool'), join(two, 'spool'), { recursive: true });
  cpSync(join(one, 'catalogue'), join(two, 'catalogue'), { recursive: true, verbatimSymlinks: true });
  cli(['--instance', two, 'restore', ours, '--older', ...recovery]);
  assert(serial(two) > serial(one), 'above what is published');
});

// ---- releases ----------------------------------------------------------------------------------------------------------------------

await test('restore: a release that came later stays one, and is shown again only after the next backup', async () => {
  const site = await Instance.make({ conf: { batch_min: 1, workers: 1 } });
  const event = site.event('--open');
  await site.start();
  for (let i = 0; i < 10; i++)
    assert.equal((await site.request(`/${event}`, { method: 'POST', body: { nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', age_band: '25_34', next: `released ${i}` } })).status, 200);
  await until('ten responses', () => site.office('SELECT count(*) FROM link')[0][0] === 10);
  const before = backup(site).file;
  site.cli(['event', 'close', event, '--now']);
  site.cli(['event', 'release', event]);
  assert.equal(site.exported(event).responses.length, 10);
  await site.stop();
  await site.gone();
  const { stdout } = site.cli(['restore', before, '--older']); // its recovery file is still there
  assert.match(stdout, /^Taken over: events: 0, releases: 1, /m);
  assert.match(stdout, /the first backup of the restored office; releases that were taken over are shown after it/);
  assert.deepEqual(site.office('SELECT count(*) FROM link'), [[0]], 'cut loose again');
  site.cli(['export', event, '--format', 'json'], { expected: TEMPFAIL });
  assert.match(site.cli(['doctor'], { expected: null }).stdout, new RegExp(`^look {2}the release of ${event} waits for a finished backup$`, 'm'));
  await site.start();
  backup(site);
  assert.deepEqual(site.exported(event).responses.map((row) => row.next).sort(), [...Array(10)].map((_, i) => `released ${i}`));
  assert.doesNotMatch(site.cli(['doctor'], { expected: null }).stdout, /waits for a finished backup/);
  await site.stop();
  await site.gone();
});

// ---- killed ------------------------------------------------------------------------------------------------------------------------

/** Runs a restore, and kills it after MS; true when it was killed before its end. */
const killedAfter = async (dir, file, ms) => {
  const child = spawn(join(build, 'soundings'), ['--instance', dir, 'restore', file, '--older', ...recovery], { stdio: 'ignore' });
  const ended = new Promise((done) => child.on('exit', (status, signal) => done(signal === 'SIGKILL')));
  await sleep(ms);
  child.kill('SIGKILL');
  return ended;
};

await test('restore: killed at 20 instants, over an instance and into an empty folder; run again it ends', async () => {
  const file = join(work, 'pair/one');
  const begun = Date.now();
  const whole = join(work, 'whole');
  cpSync(restored.dir, whole, { recursive: true, verbatimSymlinks: true });
  cli(['--instance', whole, 'restore', file, '--older', ...recovery]);
  const takes = Date.now() - begun, expected = written(another(whole));
  const old = written(restored);
  let killed = 0;
  for (let i = 0; i < 20; i++) {
    const dir = join(work, `killed ${i}`), isWhole = i % 2 === 0;
    if (isWhole) cpSync(restored.dir, dir, { recursive: true, verbatimSymlinks: true });
    else cpSync(join(restored.dir, 'spool'), join(dir, 'spool'), { recursive: true });
    if (await killedAfter(dir, file, Math.random() * takes)) killed++;
    const site = another(dir);
    if (isWhole) {
      const found = JSON.stringify(written(site));
      assert([JSON.stringify(old), JSON.stringify(expected)].includes(found), `the old office or the new one: ${found}`);
    }
    for (const name of leftovers(dir)) assert.equal(statSync(join(dir, name)).mode & 0o777, 0o700);
    cli(['--instance', dir, 'restore', file, '--older', ...recovery]);
    assert.deepEqual(leftovers(dir), []);
    assert.deepEqual(written(site), expected);
    const doctor = site.cli(['doctor'], { expected: null }).stdout;
    assert(!/^BAD/m.test(doctor), doctor);
    rmSync(dir, { recursive: true });
  }
  assert(killed >= 5, `${killed} of 20 were killed before their end`);
});

await finish();
