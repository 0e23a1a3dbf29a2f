// hall.mjs: a kiosk as it stands in the hall, for tests: the shipped policies, flags and keys, cage and kiosk-session(8), and the real
// Chromium with its own sandbox, all of them as an ordinary user.
//
// Policies count for every browser of a machine. So a test that uses this file runs itself again in a mount namespace of its own, where
// /etc/chromium is a folder in memory (alone()): call it first. Without root the namespace comes with a user namespace, in which the
// programs of the hall are one step further down.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { atEnd, build, root, sleep, until } from '../harness.mjs';

const own = 'SOUNDINGS_HALL';
const somebody = 65534; // nobody: a user who owns nothing
const browserPath = process.env.CHROMIUM_BINARY ?? '/usr/lib/chromium/chromium';
const shipped = join(root, 'kiosk-config');

/** Whether the session has a user of its own; without root it is ours, in a user namespace. */
export const isRoot = () => process.env[own] === 'root';

/** Runs the test FILE (its import.meta.url) once more, in namespaces of its own, and never comes back; comes back at once in there. */
export const alone = (file) => {
  if (process.env[own]) {
    const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'none', '/etc/chromium'], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`a folder of its own for policies: ${made.stderr}`);
    mkdirSync('/etc/chromium/policies/managed', { recursive: true });
    // cage starts Xwayland, which wants this folder to be root's or its own.
    mkdirSync('/tmp/.X11-unix', { recursive: true });
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'mode=1777', 'none', '/tmp/.X11-unix']);
    return;
  }
  const asRoot = process.getuid() === 0;
  const { status, signal, error } = spawnSync('unshare', [
    ...(asRoot ? [] : ['--user', '--map-root-user']), '--mount', '--pid', '--fork', '--kill-child', '--mount-proc',
    process.execPath, fileURLToPath(file), ...process.argv.slice(2),
  ], { stdio: 'inherit', env: { ...process.env, [own]: asRoot ? 'root' : 'user' } });
  if (error) {
    console.log(`not ok ${fileURLToPath(file)} runs in namespaces of its own: ${error}`);
    process.exit(1);
  }
  process.exit(signal ? 1 : status);
};

/** COMMAND as the one who runs the session; WITH: their whole environment. */
const asSomebody = (command, args, { with: env = {}, ...options } = {}) => {
  const before = isRoot()
    ? ['setpriv', '--reuid', String(somebody), '--regid', String(somebody), '--clear-groups', '--']
    : ['unshare', '--user', '--map-user', '1000', '--map-group', '1000', '--'];
  return spawn(before[0], [...before.slice(1), command, ...args], { cwd: '/', stdio: 'ignore', env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...env }, ...options });
};

const give = (path) => { if (isRoot()) chownSync(path, somebody, somebody); };

/** Ends a process, and waits for it. */
const end = async (child, signal = 'SIGTERM', limit = 8000) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await Promise.race([gone, sleep(limit).then(() => child.kill('SIGKILL'))]);
  await gone;
};

// ---- policies and flags ----------------------------------------------------------------------------------------------

/** The shipped policies for PORT, as an object; CHANGED: other values. */
export const policies = (port, changed = {}) => {
  const text = readFileSync(join(shipped, 'chromium/policies.json.in'), 'utf8').replaceAll('@PORT@', String(port));
  return { ...JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')), ...changed };
};

/** Puts the shipped file in place, as it is but for the port; or, with CHANGED, with other values. */
export const putPolicies = (port, changed) => {
  const text = readFileSync(join(shipped, 'chromium/policies.json.in'), 'utf8').replaceAll('@PORT@', String(port));
  writeFileSync('/etc/chromium/policies/managed/soundings.json', changed ? JSON.stringify(policies(port, changed)) : text);
};

export const noPolicies = () => rmSync('/etc/chromium/policies/managed/soundings.json', { force: true });

/** What a test may change so that it can look in: a browser that may be asked from outside. Everything else stays as shipped. */
export const openToTests = { DeveloperToolsAvailability: 1, RemoteDebuggingAllowed: true };

export const flags = () => readFileSync(join(shipped, 'chromium/flags'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));

// ---- a place in memory -------------------------------------------------------------------------------------------------

/** A folder in memory with what the session needs: its owner is the session's. */
export const place = () => {
  const dir = mkdtempSync('/dev/shm/soundings-hall-');
  chmodSync(dir, 0o755);
  atEnd(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, mode] of [['run', 0o700], ['xdg', 0o700], ['state', 0o755], ['home', 0o700]]) {
    mkdirSync(join(dir, name));
    chmodSync(join(dir, name), mode);
    if (name !== 'state') give(join(dir, name));
  }
  copyFileSync(join(build, 'kiosk-session'), join(dir, 'kiosk-session'));
  chmodSync(join(dir, 'kiosk-session'), 0o755);
  copyFileSync(join(shipped, 'chromium/flags'), join(dir, 'flags'));
  cpSync(join(shipped, 'session/xkb'), join(dir, 'xkb'), { recursive: true });
  copyFileSync(join(root, 'tests/browser/walls.py'), join(dir, 'walls.py'));
  copyFileSync(join(shipped, 'systemd/soundings-session.service'), join(dir, 'session.service'));
  spawnSync('chmod', ['-R', 'a+rX', ...['xkb', 'flags', 'walls.py', 'session.service'].map((name) => join(dir, name))]);
  return dir;
};

/** Says what the program kiosk would: replaces the state file in PLACE. */
export const say = (dir, { ended = 0, alive = 0, sound = 'on', level = 70, brightness = 100 } = {}) => {
  const path = join(dir, 'state/state');
  writeFileSync(`${path}.new`, `sound = ${sound}\nsound_level = ${level}\nbrightness = ${brightness}\nended = ${ended}\nalive_s = ${alive}\n`);
  chmodSync(`${path}.new`, 0o644);
  renameSync(`${path}.new`, path);
};

/** CLOCK_MONOTONIC, in seconds. */
export const monotonic = () => Math.floor(Number(process.hrtime.bigint() / 1000000000n));

// ---- a page of its own -------------------------------------------------------------------------------------------------

/** A server for pages that tests of the session alone need. PAGES: by path, [type, body, headers, status] or a function of the request and its body that gives
 *  them. What was asked stands in `asked`, what pages have said to /said in `heard`. */
export const pages = async (table) => {
  const site = { asked: [], heard: [] };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += part; });
    request.on('end', () => {
      site.asked.push(`${request.method} ${request.url}`);
      if (request.url === '/said') {
        site.heard.push(JSON.parse(body));
        return response.writeHead(204).end();
      }
      let page = table[request.url];
      if (typeof page === 'function') page = page(request, body);
      if (!page) return response.writeHead(404).end();
      const [type, text, headers = {}, status = 200] = page;
      return response.writeHead(status, { 'Content-Type': type, ...headers }).end(text);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  atEnd(() => new Promise((done) => { server.close(done); server.closeAllConnections(); }));
  site.port = server.address().port;
  site.base = `http://127.0.0.1:${site.port}`;
  return site;
};

/** A page's own reporter: tells /said of what happens on it. */
export const reporter = `
const told = (what) => fetch('/said', { method: 'POST', body: JSON.stringify({ at: location.pathname, ...what }), keepalive: true });
told({ did: 'load', width: innerWidth, height: innerHeight, screen: [screen.width, screen.height] });
for (const name of ['blur', 'focus', 'pageshow', 'contextmenu', 'beforeprint', 'afterprint', 'visibilitychange', 'fullscreenchange'])
  addEventListener(name, () => told({ did: name, visible: document.visibilityState }));
addEventListener('keydown', (event) => told({ did: 'key', key: event.key, ctrl: event.ctrlKey, alt: event.altKey }));
addEventListener('input', (event) => told({ did: 'input', value: event.target.value }));`;

// ---- a browser that can be asked ---------------------------------------------------------------------------------------

/** Chromium with the shipped flags, without a screen, in PROFILE, on ADDRESS: a playwright page of it. Its policies must be open to tests. It
 *  is ended by close(), or killed with all that belongs to it by kill(). */
export const ask = async (dir, profile, address, { more = [], without = [], isPlain = false } = {}) => {
  const list = isPlain ? ['--no-first-run', '--password-store=basic'] : flags().filter((flag) => !flag.startsWith('--ozone-platform') && !without.includes(flag));
  const home = join(dir, 'home');
  const child = asSomebody(browserPath, ['--headless', ...list, ...more, '--remote-debugging-port=0', `--user-data-dir=${profile}`, address], {
    with: { HOME: home, TMPDIR: home, XDG_RUNTIME_DIR: home }, stdio: ['ignore', 'ignore', 'pipe'], detached: true,
  });
  let said = '';
  child.stderr.on('data', (data) => { said += data; });
  const ended = new Promise((done) => child.on('exit', (code, signal) => done(`ended with ${code ?? signal}`)));
  const kill = async () => {
    try { process.kill(-child.pid, 'SIGKILL'); } catch { /* gone */ }
    await ended;
  };
  atEnd(kill);
  const door = await Promise.race([until('the browser', () => said.match(/DevTools listening on (ws:\S+)|(DevTools remote debugging is disallowed)/), 20000), ended]);
  if (typeof door === 'string' || !door[1]) throw new Error(`the browser did not start: ${door}\n${said}`);
  const browser = await chromium.connectOverCDP(door[1]);
  const context = browser.contexts()[0];
  context.setDefaultTimeout(15000);
  const page = await until('its page', () => context.pages()[0], 10000);
  await page.waitForLoadState();
  return { page, context, browser, kill, pid: child.pid, said: () => said };
};

// ---- the session under cage --------------------------------------------------------------------------------------------

const freeDisplay = () => {
  for (let i = 70 + (process.pid % 400); ; i++) if (!existsSync(`/tmp/.X11-unix/X${i}`) && !existsSync(`/tmp/.X${i}-lock`)) return i;
};

/** A screen with a keyboard and a mouse that a test can use: Xvfb. */
export const screen = async (dir) => {
  const display = `:${freeDisplay()}`;
  const child = asSomebody('Xvfb', [display, '-screen', '0', '1024x768x24', '-nolisten', 'tcp', '-noreset'], { with: { HOME: join(dir, 'home') } });
  atEnd(() => end(child));
  const does = (...args) => {
    const { status, stderr } = spawnSync('xdotool', args, { encoding: 'utf8', env: { ...process.env, DISPLAY: display } });
    if (status !== 0) throw new Error(`xdotool ${args.join(' ')}: ${stderr}`);
  };
  await until('the screen', () => spawnSync('xdotool', ['getdisplaygeometry'], { env: { ...process.env, DISPLAY: display } }).status === 0);
  return { display, does };
};

/** cage with kiosk-session in PLACE, on ADDRESS, behind the walls of its unit. ON: a screen() (none: cage draws for nobody). HASKEYS: with the kiosk's
 *  own keyboard. ARGS: more for kiosk-session. WITHOUT: system calls that the unit is to lack. said(): what both have written; stop() ends it as systemd would, by cage. */
export const session = async (dir, address, { on, hasKeys = true, args = [], without = [] } = {}) => {
  const keys = hasKeys ? { XKB_CONFIG_EXTRA_PATH: join(dir, 'xkb'), XKB_DEFAULT_RULES: 'soundings', XKB_DEFAULT_LAYOUT: 'gb' } : {};
  const backend = on ? { WLR_BACKENDS: 'x11', DISPLAY: on.display } : { WLR_BACKENDS: 'headless', WLR_LIBINPUT_NO_DEVICES: '1' };
  const walls = { SYSTEMCALLS: without.map((name) => `~${name}`).join(' ') };
  const child = asSomebody('/usr/bin/python3', [join(dir, 'walls.py'), join(dir, 'session.service'), 'cage', '-d', '--', join(dir, 'kiosk-session'), '--state', join(dir, 'state/state'), '--address', address, '--flags', join(dir, 'flags'),
    '--folder', join(dir, 'run'), '--backlight', join(dir, 'light'), '--browser', browserPath, ...args], {
    with: { HOME: join(dir, 'home'), XDG_RUNTIME_DIR: join(dir, 'xdg'), WLR_RENDERER: 'pixman', ...backend, ...keys, ...walls }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
  const stop = () => end(child);
  atEnd(stop);
  return { child, stop, said: () => said.split('\n').filter((line) => line.includes('program=kiosk-session')).join('\n'), all: () => said };
};

/** Every process whose program is NAME (as the kernel shortens it), with its parent: [{ pid, ppid, state }]. In this test's own namespace. */
export const processes = (name) => readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).flatMap((entry) => {
  try {
    const [, pid, comm, state, ppid] = readFileSync(`/proc/${entry}/stat`, 'utf8').match(/^(\d+) \((.*)\) (\S) (\d+)/s);
    return comm === name && state !== 'Z' ? [{ pid: Number(pid), ppid: Number(ppid), state }] : [];
  } catch {
    return [];
  }
});

/** The browser's first process: the child of kiosk-session that is no helper. */
export const browserOf = () => {
  const sessions = processes('kiosk-session').map(({ pid }) => pid);
  return processes('chromium').find(({ ppid }) => sessions.includes(ppid))?.pid;
};

/** Files below DIR that hold one of WORDS, as UTF-8 or UTF-16: [[path, word]]. */
export const filesWith = (dir, words) => {
  const found = [];
  const needles = words.flatMap((word) => [[word, Buffer.from(word)], [word, Buffer.from(word, 'utf16le')]]);
  const look = (path) => {
    let status;
    try { status = statSync(path); } catch { return; } // gone, or a link that leads nowhere: a profile has such
    if (status.isDirectory()) readdirSync(path).forEach((name) => look(join(path, name)));
    else if (status.isFile()) {
      const bytes = readFileSync(path);
      for (const [word, needle] of needles) if (bytes.includes(needle)) found.push([path, word]);
    }
  };
  look(dir);
  return found;
};

export { browserPath };
