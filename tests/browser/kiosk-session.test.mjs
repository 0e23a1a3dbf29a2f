// kiosk-session.test.mjs: the session of a kiosk, for real: cage draws for nobody, kiosk-session(8) runs in it as an ordinary user, and in that
// Chromium with the shipped flags and policies, its sandbox on, all of it behind the walls of the shipped unit. A browser that freezes, crashes, or
// has had its person is replaced, all of it, and its folder is gone each time. The page is one of the test's own, which does what a test tells
// it to.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, sleep, test, until } from '../harness.mjs';
import { alone, browserOf, isRoot, monotonic, pages, place, processes, putPolicies, reporter, say, session } from './hall.mjs';

alone(import.meta.url);
const dir = place();
mkdirSync(join(dir, 'light'));
mkdirSync(join(dir, 'light/panel'));
writeFileSync(join(dir, 'light/panel/max_brightness'), '937\n');
writeFileSync(join(dir, 'light/panel/brightness'), '937\n');
spawnSync('chmod', ['-R', 'a+rwX', join(dir, 'light')]);
const light = () => Number(readFileSync(join(dir, 'light/panel/brightness'), 'utf8'));

// A page that beats as the real one does, and can be told to hang.
let isToHang = false, isDown = false;
const site = await pages({
  '/kiosk': () => isDown ? ['text/plain', 'down', {}, 502] : ['text/html', `<!doctype html><html lang=en><title>Kiosk</title><h1>Hello</h1><script>${reporter}
const beat = async () => { if ((await (await fetch('/beat')).text()) === 'hang') for (;;); };
beat(); setInterval(beat, 500);</script>`],
  '/beat': () => {
    if (isDown) return ['text/plain', 'down', {}, 502];
    if (!isToHang) beats++;
    return ['text/plain', isToHang ? 'hang' : 'ok'];
  },
});
let beats = 0, ended = 3, brightness = 100;
const state = () => say(dir, { ended, brightness, alive: lastBeat });
let lastBeat = 0, beatsSeen = 0;
const ticking = setInterval(() => { // what the program kiosk does with a heartbeat
  if (beats > beatsSeen) {
    beatsSeen = beats;
    lastBeat = monotonic();
  }
  state();
}, 300);

putPolicies(site.port);
state();
const loads = () => site.heard.filter(({ did }) => did === 'load').length;
const limits = ['--start-limit', '20', '--silence-limit', '4'];
const running = await session(dir, `${site.base}/kiosk`, { args: limits });
const folder = join(dir, 'run/session');
const now = { pid: 0, loads: 0, folder: 0 };
const inode = () => spawnSync('stat', ['-c', '%i', folder], { encoding: 'utf8' }).stdout;

/** Waits for another browser than before, whose page has been shown. */
const another = async (what, limit = 25000) => {
  const before = { ...now };
  await until(`${what}: another browser\n${running.all()}`, () => browserOf() !== undefined && browserOf() !== before.pid && loads() > before.loads, limit);
  Object.assign(now, { pid: browserOf(), loads: loads(), folder: inode() });
  assert.notEqual(now.folder, before.folder, 'its folder is another');
};
/** Every process of a browser that there is, with what it sees of users and processes. */
const chromes = () => ['chromium', 'chrome_crashpad'].flatMap(processes).map(({ pid }) => pid);

await test('the session starts a browser on the kiosk page, on the whole screen, as an ordinary user with its sandbox', async () => {
  await another('the first');
  await until('the whole screen', () => site.heard.some(({ width, screen }) => width && screen[0] >= 1024));
  const status = readFileSync(`/proc/${now.pid}/status`, 'utf8');
  if (isRoot()) assert.notEqual(Number(status.match(/^Uid:\s+(\d+)/m)[1]), 0, 'not root'); // without root it could not be
  assert.match(status, /^NoNewPrivs:\s+1$/m);
  assert.match(readFileSync(`/proc/${now.pid}/limits`, 'utf8'), /Max core file size\s+0\s+0/);
  const command = readFileSync(`/proc/${now.pid}/cmdline`, 'utf8').split('\0');
  assert(command.includes('--incognito') && command.includes('--kiosk') && !command.some((flag) => /sandbox|remote-debug/.test(flag)), command.join(' '));
  // The sandbox itself: renderers live in user, process and network namespaces of their own, under seccomp.
  const renderer = chromes().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'));
  assert(renderer, 'there is a renderer');
  assert.match(readFileSync(`/proc/${renderer}/status`, 'utf8'), /^Seccomp:\s+2$/m, 'seccomp holds the renderer');
  const spaces = (pid) => ['user', 'pid', 'net'].map((name) => spawnSync('readlink', [`/proc/${pid}/ns/${name}`], { encoding: 'utf8' }).stdout);
  spaces(renderer).forEach((space, i) => assert.notEqual(space, spaces(now.pid)[i], `the renderer has a namespace of its own: ${space}`));
});

await test('it sees no environment but its own, and no file of the session', () => {
  const environment = readFileSync(`/proc/${now.pid}/environ`, 'utf8').split('\0').filter(Boolean).map((line) => line.split('=')[0]).sort();
  const known = ['ALSA_CONFIG_PATH', 'DISPLAY', 'HOME', 'LANG', 'PATH', 'TMPDIR', 'WAYLAND_DISPLAY', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'];
  assert.deepEqual(environment.filter((name) => !known.includes(name)), []);
  for (const name of ['HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR'])
    assert.match(readFileSync(`/proc/${now.pid}/environ`, 'utf8').split('\0').find((line) => line.startsWith(`${name}=`)), /\/run\/session\//, `${name} goes with the session`);
});

await test('an ended session: the browser is killed within two seconds, all of it, and nothing of its folder is left', async () => {
  const before = chromes();
  assert(before.length > 4, 'a browser is many processes');
  writeFileSync(join(folder, 'profile/left'), 'a trace');
  ended++;
  const start = Date.now();
  await until('every process gone', () => before.every((pid) => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))), 5000);
  assert(Date.now() - start < 2000, `${Date.now() - start} ms`);
  await another('after an ended session');
  assert(!existsSync(join(folder, 'profile/left')), 'the folder is a fresh one');
  assert(!chromes().some((pid) => before.includes(pid)));
  assert.doesNotMatch(running.said(), /browser\./, 'no line of a log says when a person went');
});

await test('a number that begins anew ends a session as well: an end may hide behind it', async () => {
  ended = 0;
  await another('after a new count');
});

await test('a page that cannot be heard because a server is down keeps its browser, whatever the limit', async () => {
  isDown = true;
  const [asked, from] = [site.asked.length, Date.now()];
  await sleep(9000);
  assert.equal(browserOf(), now.pid, running.all());
  assert(site.asked.slice(asked).filter((what) => what === 'GET /kiosk').length > 0, 'the session asked by itself');
  assert.doesNotMatch(running.said(), /why=silent/);
  isDown = false;
  await until('a heartbeat', () => lastBeat * 1000 > 0 && beats > 0 && monotonic() - lastBeat < 2, 5000);
  await sleep(2000);
  assert.equal(browserOf(), now.pid, `after ${Date.now() - from} ms`);
});

await test('a page that hangs is heard no more, and its browser is replaced', async () => {
  isToHang = true;
  await until('the silence', () => running.said().includes('event=browser.gone why=silent'), 20000);
  isToHang = false;
  await another('after hanging');
});

await test('a browser that is stopped (SIGSTOP) is replaced', async () => {
  process.kill(now.pid, 'SIGSTOP');
  const kids = chromes();
  kids.forEach((pid) => { try { process.kill(pid, 'SIGSTOP'); } catch { /* gone */ } });
  await another('after a stop');
});

await test('a browser that crashes is replaced; so is one that quits', async () => {
  process.kill(now.pid, 'SIGSEGV');
  await another('after a crash');
  await sleep(1000);
  process.kill(now.pid, 'SIGTERM');
  await another('after quitting');
  assert.match(running.said(), /event=browser\.ended (code|signal)=/);
});

await test('staff turn the brightness: the screen follows, and each new browser begins with it', async () => {
  brightness = 40;
  await until('375 of 937', () => light() === 375, 3000);
  writeFileSync(join(dir, 'light/panel/brightness'), '12\n'); // somebody found a key for it
  ended++;
  await another('for brightness');
  await until('375 again', () => light() === 375, 3000);
});

await test('told to end, the session leaves no process and no folder', async () => {
  await running.stop();
  await until('nothing left', () => chromes().length === 0 && processes('kiosk-session').length === 0, 8000);
  assert.deepEqual(readdirSync(join(dir, 'run')), []);
});

await test('the control: behind a unit that lacks one call of those that the browser shuts itself in with, none starts', async () => {
  const before = loads();
  const cut = await session(dir, `${site.base}/kiosk`, { args: limits, without: ['capset'] });
  await until(`it has ended by itself\n${cut.all()}`, () => /event=browser\.ended code=1/.test(cut.said()), 15000);
  assert.equal(loads(), before, 'no page was shown');
  await cut.stop();
});

clearInterval(ticking);
await finish();
