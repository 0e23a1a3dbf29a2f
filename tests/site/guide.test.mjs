// guide.test.mjs: what soundings-keeping(7) tells somebody to type, typed: the machine is lost, with and without the old disk; it was
// stolen; the yearly drill; rotating; taking back a response for somebody who phones. Only folders are others than in the page.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, receiptOf, root, scratch, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

/** The commands of a section of the page, in order. */
const page = readFileSync(join(root, 'cgi/soundings/soundings-keeping.7'), 'utf8');
const commands = (section) => [...page.match(new RegExp(`^\\.Sh ${section}\\n([\\s\\S]*?)(?=^\\.Sh )`, 'm'))[1].matchAll(/^\.Dl (.*)$/gm)].map(([, command]) => command.replaceAll('\\-', '-'));

const place = scratch(), media = join(place, 'media'), srv = join(place, 'srv');
for (const dir of [join(media, 'disk'), join(media, 'old'), join(media, 'stick'), srv]) mkdirSync(dir, { recursive: true });
const hall = join(srv, 'hall');

/** Types COMMAND as it stands in the page; gives what it printed. */
const type = (command, { input, expected = 0 } = {}) => {
  const words = command.replaceAll('/media/', `${media}/`).replaceAll('/srv/', `${srv}/`).split(' ');
  if (words[0] === 'soundings') words[0] = join(build, 'soundings');
  const isBare = command.startsWith('soundings ') && !command.includes('--instance');
  const result = spawnSync(words[0], [...(isBare ? ['--instance', hall] : []), ...words.slice(1)], { cwd: root, encoding: 'utf8', input });
  assert.equal(result.status, expected, `${command}\n${result.stdout}${result.stderr}`);
  return result.stdout;
};

const made = await Instance.make({ conf: { workers: 1, batch_min: 1 } });
const event = made.event('--open');
const instance = new Instance();
Object.assign(instance, { dir: hall, port: made.port, base: made.base });
renameSync(made.dir, hall);
renameSync(join(hall, readdirSync(hall).find((name) => name.startsWith('recovery-'))), join(media, 'stick/recovery.txt'));

const people = [];
const send = async () => {
  const words = `person ${people.length}`;
  const answer = await instance.send(`/${event}`, { overall: 'good', next: words, age_band: '25_34' });
  assert.equal(answer.status, 200);
  people.push({ words, receipt: receiptOf(answer.text) });
};
const filed = () => instance.office('SELECT text FROM free_text').flat().sort();
const all = () => people.map(({ words }) => words).sort();
const keyset = () => JSON.parse(readFileSync(join(hall, 'keys/keyset'), 'utf8').split('\n')[1]);

/** Follows the guide; WITHOUT: a command that there is no reason for. Programs run from "run" on. */
const follow = async (list) => {
  for (const command of list) {
    if (command.endsWith(' run')) await instance.start();
    else type(command);
  }
};
const lost = commands('THE MACHINE IS LOST');
const stolenFrom = lost.findIndex((command) => command.includes('key rotate'));
const [found, stolen] = [lost.slice(0, stolenFrom), lost.slice(stolenFrom)];

await test('guide: it has all its commands', () => {
  assert.deepEqual(found.map((command) => command.split(' ').find((word) => ['backup', 'cp', 'restore', 'run', 'doctor'].includes(word))), ['backup', 'cp', 'restore', 'run', 'backup', 'doctor']);
  assert.deepEqual(stolen.map((command) => command.match(/rotate --practice|rotate|rm|recover|backup/)[0]), ['rotate', 'rotate --practice', 'rm', 'recover', 'backup']);
});

await instance.start();
const spool = new Spool(instance);
for (let i = 0; i < 12; i++) await send();
await spool.settled();
instance.cli(['backup', join(media, 'disk/hall.backup')]);
for (let i = 0; i < 4; i++) await send(); // after the backup
await spool.settled();

await test('guide: the yearly drill', () => {
  const [drill, ...rest] = commands('A YEARLY DRILL');
  assert.deepEqual(rest, []);
  type(drill);
  assert.deepEqual(readdirSync(hall).filter((name) => name.startsWith('drill')), []);
});

await instance.stop('SIGKILL');
await instance.gone();

await test('guide: the machine is lost, the old disk can be read: everything is there, what came after the backup too', async () => {
  renameSync(hall, join(media, 'old/hall'));
  const begun = Date.now();
  await follow(found);
  await spool.settled();
  console.log(`# as the guide says, in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  assert.deepEqual(filed(), all());
  await send();
  await spool.settled();
  assert.deepEqual(filed(), all());
});

await test('guide: it was stolen: other periods, another content key, and everything goes on', async () => {
  const before = keyset();
  await follow(stolen);
  const after = keyset();
  assert.notEqual(after.content, before.content);
  for (const isPractice of [true, false]) {
    const current = (set) => set.periods.find((period) => period.current && period.practice === isPractice).id;
    assert.notEqual(current(after), current(before));
  }
  await send();
  await spool.settled();
  assert.deepEqual(filed(), all());
});

await test('guide: taking back a response for somebody who phones', async () => {
  const [withdraw, ...rest] = commands('TAKING BACK A RESPONSE FOR SOMEBODY WHO PHONES');
  assert.deepEqual([withdraw, rest], ['soundings withdraw', []]);
  const said = type(withdraw, { input: `${people[3].receipt}\n` });
  assert.equal(type(withdraw, { input: `${people[3].receipt}\n` }), said, 'the same for every receipt');
  const [gone] = people.splice(3, 1);
  await until('it to be taken back', () => !filed().includes(gone.words));
  assert.deepEqual(filed(), all());
});

await test('guide: rotating, and secrets that are lost', async () => {
  for (const command of commands('ROTATING')) {
    if (command.includes('recover')) for (const name of readdirSync(join(hall, 'keys/periods'))) rmSync(join(hall, 'keys/periods', name));
    type(command);
  }
  assert.equal(readdirSync(join(hall, 'keys/periods')).length, keyset().periods.length);
  await send();
  await spool.settled();
  assert.deepEqual(filed(), all());
});

await test('guide: the machine is lost, with all that was on it: what the backup holds is there', async () => {
  const kept = all();
  const newest = join(media, 'disk/newest.backup');
  instance.cli(['backup', newest]);
  await instance.stop('SIGKILL');
  await instance.gone();
  rmSync(hall, { recursive: true });
  rmSync(join(media, 'disk/hall.backup'));
  copyFileSync(newest, join(media, 'disk/hall.backup'));
  rmSync(newest);
  await follow(found.filter((command) => !command.startsWith('cp ')));
  assert.deepEqual(filed(), kept);
  assert(!existsSync(join(hall, 'recovery.txt')));
  await send();
  await spool.settled();
  assert.deepEqual(filed(), [...kept, people.at(-1).words].sort());
});

await finish();
