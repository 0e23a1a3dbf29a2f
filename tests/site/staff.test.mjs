// staff.test.mjs: the staff of a kiosk: no menu without a PIN, wrong ones wait, a pass for two minutes and not after the menu is closed; which event
// the kiosk is for; sound and screen; what the pages say of their session. Two small files are all that comes of it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, cli, finish, sleep, test, until } from '../harness.mjs';

const DATAERR = 65, USAGE = 64, CONFIG = 78;
const PIN = '204817';
const instance = await Instance.make({ conf: { mode: 'kiosk', batch_min: 256 } });
const open = instance.event('--open', '--title', 'Conversation in Slough');
const planned = instance.event('--title', 'Panel in Reading');
const practice = instance.event('--practice', '--title', 'A practice');
await instance.start();

const values = (path) => Object.fromEntries(readFileSync(join(instance.dir, path), 'utf8').trim().split('\n').map((line) => line.split(' = ')));
const settings = () => values('kiosk/settings');
const state = () => values('run/kiosk/state');
const staff = (body, headers = {}) => instance.request('/staff', { method: 'POST', body, headers });
const passOf = (page) => page.text.match(/name="pass" value="([0-9a-f]{80})"/)?.[1];
/** What a page for the PIN carries, which counts once. */
const onceOf = (page) => page.text.match(/name="once" value="([\w-]{43})"/)?.[1] ?? '';
const typed = async (body) => staff({ once: onceOf(await instance.request('/staff')), ...body });
const rightPin = async () => {
  const page = await typed({ pin: PIN });
  assert.equal(page.status, 200, page.text);
  assert(passOf(page), page.text);
  return page;
};
/** Presses a button of the menu that PAGE is, and gives what comes. */
const press = (page, what) => staff({ lang: 'en', pass: passOf(page), ...what });

await test('staff: without an event a kiosk says so, calmly, and leads to the menu', async () => {
  const page = await instance.request('/kiosk');
  assert.equal(page.status, 200);
  assert.match(page.text, /<h1[^>]*>This kiosk is not ready yet<\/h1>/);
  assert.match(page.text, /href="\/staff\?lang=en"/);
  assert.match((await instance.request('/kiosk?lang=cy')).text, /<html[^>]* lang="cy"/);
  assert.match((await instance.request('/kiosk', { headers: { 'Accept-Language': 'ar-EG,en;q=0.5' } })).text, /<html[^>]* lang="ar" dir="rtl"/);
  assert.match((await instance.request('/kiosk', { headers: { 'Accept-Language': 'xx' } })).text, /<html[^>]* lang="en"/);
});

await test('staff: every page has all headers and no cookie, and leads nowhere else', async () => {
  for (const path of ['/kiosk', '/staff', '/staff/nothing']) {
    const page = await instance.request(path);
    assert.equal(page.headers['cache-control'], 'no-store', path);
    assert.match(page.headers['content-security-policy'], /default-src 'none'/, path);
    assert.equal(page.headers['set-cookie'], undefined);
    for (const [, href] of page.text.matchAll(/<(?:a|form)[^>]* (?:href|action)="([^"]*)"/g)) assert.match(href, /^\/(kiosk|staff)(\?lang=[a-z]+)?$/, `${path}: ${href}`);
  }
  assert.equal((await instance.request('/staff/nothing')).status, 404);
  for (const path of ['/kiosk', '/staff']) {
    const { status, headers } = await instance.request(`${path}/`);
    assert.deepEqual([status, headers.location], [303, path], 'an address may end in a stroke');
  }
});

await test('staff: without a PIN there is no menu; a PIN comes on standard input, and weak ones are refused', async () => {
  const page = await instance.request('/staff');
  assert.equal(page.status, 503);
  assert.match(page.text, /soundings kiosk pin/);
  assert.doesNotMatch(page.text, /<form/);
  assert.equal((await staff({ pin: PIN })).status, 503);
  for (const weak of ['', '1234', '123456', '111111', '123123', 'abcdef', '1234567890123', '٢٠٤٨١٧']) instance.cli(['kiosk', 'pin'], { input: `${weak}\n`, expected: DATAERR });
  instance.cli(['kiosk', 'pin', PIN], { input: '', expected: USAGE });
  assert.match(instance.cli(['kiosk', 'pin'], { input: `${PIN}\n` }).stdout, /^The PIN is set/);
  assert.equal(statSync(join(instance.dir, 'kiosk/pin')).mode & 0o777, 0o600);
  assert.match(readFileSync(join(instance.dir, 'kiosk/pin'), 'utf8'), /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[^\n]+\n$/);
  assert.match((await instance.request('/staff')).text, /<input[^>]*type="password"[^>]*autocomplete="off"/);
});

await test('staff: without script the numbers come back one by one', async () => {
  let page = await instance.request('/staff');
  const shown = () => page.text.match(/id="pin"[^>]*value="([^"]*)"/)[1];
  for (const digit of PIN) page = await staff({ once: onceOf(page), pin: shown(), digit });
  assert.equal(shown(), PIN);
  page = await staff({ once: onceOf(page), pin: shown(), digit: 'clear' });
  assert.equal(shown(), '');
  page = await typed({ pin: '123456789012', digit: '3' });
  assert.equal(shown(), '123456789012');
  page = await typed({ pin: '"><b>', digit: '3' });
  assert.equal(shown(), '');
});

await test('staff: a right PIN opens the menu, and each page has a pass of its own', async () => {
  const page = await rightPin();
  const until_s = (each) => parseInt(passOf(each).slice(0, 16), 16);
  assert.match(page.text, /No event is chosen/);
  assert.match(page.text, /to be taken to the office: none</);
  await sleep(1100);
  const next = await press(page, { do: 'menu' });
  assert.equal(next.status, 200);
  assert(until_s(next) > until_s(page), 'two minutes from the last touch');
  for (const path of ['/staff', '/staff?pass=' + passOf(page)]) assert.equal(passOf(await instance.request(path)), undefined, 'a GET opens nothing');
});

await test('staff: a pass that was changed, made up or sent twice counts for nothing', async () => {
  const before = settings_or_none();
  const page = await rightPin(), pass = passOf(page);
  for (const wrong of [pass.slice(0, -1) + (pass.endsWith('0') ? '1' : '0'), pass.slice(0, 79), 'f'.repeat(80), `7${pass.slice(1)}`]) {
    const answer = await staff({ pass: wrong, do: 'sound-off' });
    assert.equal(answer.status, 403);
    assert.match(answer.text, /Type the PIN again/);
  }
  assert.equal(passOf(await staff([['pass', pass], ['pass', pass], ['do', 'sound-off']])), undefined);
  assert.deepEqual(settings_or_none(), before);
});
function settings_or_none() {
  try {
    return settings();
  } catch {
    return null;
  }
}

await test('staff: sound and brightness go by steps, to their ends and no further, and are kept', async () => {
  let page = await press(await rightPin(), { do: 'quieter' });
  assert.match(page.text, /role="status"[^>]*><p>Sound is on, at 60 percent\./);
  assert.equal(settings().sound_level, '60');
  for (let i = 0; i < 9; i++) page = await press(page, { do: 'quieter' });
  assert.equal(state().sound_level, '10');
  assert.doesNotMatch(page.text, /value="quieter"/);
  page = await press(page, { do: 'sound-off' });
  assert.deepEqual([settings().sound, state().sound, settings().sound_level], ['off', 'off', '10']);
  assert.doesNotMatch(page.text, /value="louder"/);
  page = await press(page, { do: 'sound-on' });
  for (let i = 0; i < 12; i++) page = await press(page, { do: 'louder' });
  assert.equal(settings().sound_level, '100');
  for (let i = 0; i < 12; i++) page = await press(page, { do: 'darker' });
  assert.equal(state().brightness, '20');
  assert.doesNotMatch(page.text, /value="darker"/);
  page = await press(page, { do: 'brighter' });
  assert.equal(settings().brightness, '30');
  assert.equal((await press(page, { do: 'format' })).status, 200, 'nothing that there is not does anything');
});

await test('staff: open events first, then planned ones, by title; the chosen one is where the kiosk begins', async () => {
  let page = await press(await rightPin(), { do: 'events' });
  const listed = [...page.text.matchAll(/name="event" value="([^"]+)"/g)].map(([, code]) => code);
  assert.deepEqual(listed.slice().sort(), [open, planned, practice].sort());
  assert.equal(listed[2], planned);
  assert.match(page.text, /Panel in Reading[\s\S]*\(planned\)/);
  assert.match(page.text, /A practice<\/bdi>[\s\S]{0,200}\(practice\)/);
  assert.equal((await press(page, { event: 'ZZZZZ2' })).status, 422);
  page = await press(page, { event: open });
  assert.match(page.text, /The event is chosen/);
  assert.equal(settings().event, open);
  assert.equal(state().event, open);
  const start = await instance.request('/kiosk');
  assert.deepEqual([start.status, start.headers.location], [303, `/kiosk/${open}`]);
  assert.equal((await instance.request(start.headers.location)).status, 200);
});

await test('staff: a PIN that is sent again opens nothing, whole or number by number, and is no try', async () => {
  const once = onceOf(await instance.request('/staff'));
  assert(passOf(await staff({ once, pin: PIN })));
  for (const again of [{ once, pin: PIN }, { pin: PIN }, { once: '', pin: PIN }, { once, pin: '20481', digit: '7' }, ...Array(4).fill({ once, pin: '999123' })]) {
    const page = await staff(again);
    assert.equal(page.status, 200, 'the page for the PIN');
    assert.equal(passOf(page), undefined);
    assert.match(page.text, /id="pin"[^>]*value=""/);
  }
  const older = onceOf(await instance.request('/staff'));
  await instance.request('/staff');
  assert.equal(passOf(await staff({ once: older, pin: PIN })), undefined, 'only the last page counts');
  await rightPin();
});

await test('staff: closing the menu, or ending a session, voids its passes and ends the session', async () => {
  let page = await rightPin();
  const ended = Number(state().ended);
  let answer = await press(page, { do: 'lock' });
  assert.deepEqual([answer.status, answer.headers.location], [303, '/kiosk']);
  assert.equal(Number(state().ended), ended + 1, 'its history goes with the browser');
  assert.equal((await press(page, { do: 'menu' })).status, 403);
  page = await rightPin();
  answer = await press(page, { do: 'end' });
  assert.deepEqual([answer.status, answer.headers.location], [303, '/kiosk']);
  assert.equal(Number(state().ended), ended + 2);
  assert.equal((await press(page, { do: 'end' })).status, 403);
});

await test('staff: the pages say that they are there, and that a session is over; another site cannot', async () => {
  const clock = () => Number(readFileSync('/proc/uptime', 'utf8').split('.')[0]);
  const before = state();
  assert.equal(before.alive_s, '0');
  for (const headers of [{}, { 'Content-Type': 'text/plain' }, { Origin: instance.base }]) {
    const answer = await instance.request('/staff/alive', { method: 'POST', headers: { 'Content-Length': 0, ...headers } });
    assert.deepEqual([answer.status, answer.text], [204, '']);
  }
  assert(Math.abs(Number(state().alive_s) - clock()) < 100000, 'of a clock that counts from the start of the machine');
  assert.equal((await instance.request('/staff/end', { method: 'POST', headers: { 'Content-Length': 0 } })).status, 204);
  assert.equal(Number(state().ended), Number(before.ended) + 1);
  for (const headers of [{ Origin: 'https://elsewhere.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null' }]) {
    for (const path of ['/staff/alive', '/staff/end', '/staff']) assert.equal((await instance.request(path, { method: 'POST', body: { pin: PIN }, headers })).status, 403);
  }
  for (const path of ['/staff/alive', '/staff/end']) assert.equal((await instance.request(path)).status, 405);
  assert.equal(Number(state().ended), Number(before.ended) + 1);
  assert.equal(statSync(join(instance.dir, 'run/kiosk/state')).mode & 0o777, 0o640);
});

await test('staff: three wrong PINs, and the next waits, whoever types it; a worker that dies forgets nothing', async () => {
  for (const pin of ['204818', '999999', '918273']) {
    const answer = await typed({ pin });
    assert.equal(passOf(answer), undefined);
    assert.equal(answer.status, pin === '918273' ? 429 : 422);
  }
  const waiting = await typed({ pin: PIN });
  assert.equal(waiting.status, 429);
  assert.equal(passOf(waiting), undefined, 'the right one is not looked at');
  assert(Number(waiting.headers['retry-after']) >= 1 && Number(waiting.headers['retry-after']) <= 5);
  assert.match(waiting.text, /Seconds to wait before the next try: [1-5]</);
  const parent = instance.main('kiosk');
  for (const pid of instance.pids('kiosk').filter((each) => each !== parent)) process.kill(pid, 'SIGKILL');
  await until('another worker', () => instance.pids('kiosk').length === 2 && instance.pids('kiosk').includes(parent));
  const ended = state().ended;
  assert.equal((await typed({ pin: PIN })).status, 429);
  assert.equal((await typed({ pin: '12' })).status, 429, 'nor is one that can be none');
  await sleep(5000);
  const page = await rightPin();
  assert.equal((await press(page, { do: 'end' })).status, 303);
  assert.equal(Number(state().ended), Number(ended) + 1, 'it goes on counting');
  assert.equal(settings().event, open);
});

await test('staff: an event that is over is no longer begun with, and staff are told', async () => {
  instance.cli(['event', 'close', open, '--now']);
  await until('the calm page', async () => (await instance.request('/kiosk')).status === 200);
  const page = await rightPin();
  assert.match(page.text, /The event that was chosen is over/);
  assert.equal((await press(page, { event: open })).status, 422);
  const chosen = await press(page, { event: planned });
  assert.equal(chosen.status, 200);
  assert.match(chosen.text, /chosen, but it is not open yet/);
  assert.equal((await instance.request('/kiosk')).headers.location, `/kiosk/${planned}`);
});

await test('staff: the program starts anew with what was set, and damaged settings begin anew', async () => {
  const before = settings();
  const killProgram = async () => {
    const pid = instance.main('kiosk');
    process.kill(pid, 'SIGKILL');
    await until('another', () => ![undefined, pid].includes(instance.main('kiosk')));
  };
  await killProgram();
  await until('the program', async () => (await instance.request('/kiosk')).status === 303);
  assert.deepEqual(settings(), before);
  assert.equal(state().event, planned);
  assert.deepEqual(readdirSync(join(instance.dir, 'kiosk')).sort(), ['pin', 'settings']);
  assert.deepEqual(readdirSync(join(instance.dir, 'run/kiosk')), ['state']);
  writeFileSync(join(instance.dir, 'kiosk/settings'), 'event = ../../\nsound = on\n');
  await killProgram();
  await until('the calm page', async () => (await instance.request('/kiosk')).status === 200);
  assert.deepEqual([state().event, state().sound_level], [undefined, '70']);
  assert.equal((await press(await rightPin(), { event: planned })).status, 200);
  assert.equal(settings().event, planned);
});

await test('staff: nothing that was typed is in what the programs say', async () => {
  assert.doesNotMatch(instance.output, new RegExp(`${PIN}|918273`));
  assert.deepEqual(instance.output.split('\n').filter((line) => /program=kiosk .*level=(error|warn)|level=(error|warn) program=kiosk/.test(line) && !/event=(http\.worker|kiosk\.settings error=corrupt)/.test(line)), []);
  await instance.stop();
});

await test('staff: another machine than a kiosk has none of it', async () => {
  const phones = await Instance.make();
  phones.cli(['kiosk', 'pin'], { input: `${PIN}\n`, expected: CONFIG });
  await phones.start();
  assert.equal(phones.pids('kiosk').length, 0);
  assert.equal((await phones.request('/staff')).status, 404);
  const lead = await phones.request('/kiosk');
  assert.deepEqual([lead.status, lead.headers.location], [303, '/']);
  cli(['kiosk', 'pni'], { expected: USAGE });
});

await finish();
