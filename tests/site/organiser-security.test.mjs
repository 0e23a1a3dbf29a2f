// organiser-security.test.mjs: what somebody with bad intentions tries at the organisers' door: fixed sessions, codes used twice, other people's
// forms, names found out by time, guessing, old cookies, one-time addresses used twice. All of it is refused, and nobody is locked out for good.
//
//   --all   200 attempts of each kind where time is measured, whose means differ by less than 5 % (make timing)
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, test } from '../harness.mjs';
import { clock } from './clock.mjs';
import { fastcgi } from './fastcgi.mjs';
import { Browser, csrfOf, plant, totp } from './team.mjs';

const isWhole = process.argv.includes('--all');
const ATTEMPTS = isWhole ? 200 : 16, DIFFERENCE = isWhole ? 0.05 : 0.3; // without the second hash it is nearly 1
const PASSWORD = 'correct horse battery staple', WRONG = 'incorrect horse battery staple';
const IDLE_S = 30 * 60, MOST_S = 12 * 3600, WAIT_MAX_S = 15 * 60, SHARED_MAX_S = 30, SHARED_FREE = 10;

const instance = await Instance.make({ hasOrganisers: true });
const event = instance.event('--open', '--form', 'community-conversation', '--area', 'thames-and-chiltern');
await instance.start();

await test('security: doctor says who can get in, and where', async () => {
  const said = () => instance.cli(['doctor'], { expected: null }).stdout;
  assert.match(said(), /^ok {4}organisers' pages are at http:\/\/127\.0\.0\.1:\d+, for this machine alone$/m);
  assert.match(said(), /^look {2}nobody can sign in to the organisers' pages as an administrator\n +soundings --instance \S+ account first$/m);
  plant(instance, { people: [{ name: 'first@example.org', role: 'administrator' }] });
  assert.match(said(), /^look {2}there is one administrator alone/m);
  plant(instance, { people: [{ name: 'second@example.org', role: 'administrator' }] });
  assert.match(said(), /^ok {4}administrators can sign in/m);
});

let number = 0;
const somebody = (more = {}) => plant(instance, { people: [{ name: `somebody-${++number}@example.org`, role: 'administrator', password: PASSWORD, has_totp: true, ...more }] }).people[0];
const change = (sql) => {
  const { status, stderr } = spawnSync('/usr/bin/python3', ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None); c.execute(sys.argv[2])', join(instance.dir, 'office/office.db'), sql], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
};
const forget = () => change('DELETE FROM throttle'); // as a day does: tests share an address
const isIn = async (token, path = '/account') => (await new Browser(instance, { token }).request(path, { keeps: false })).status === 200;
const toSignIn = (answer) => answer.status === 303 && /^\/sign-in(\?|$)/.test(answer.headers.location);

// nginx slows guessing down as well (12 a minute from an address): what the program itself does is asked of its own socket, as nginx would ask it.
let visitor = 0;
const ask = async (path, { method = 'GET', token, form, fields, address, headers = {} } = {}) => {
  const body = Buffer.from(fields ? new URLSearchParams(fields).toString() : '');
  visitor++;
  return fastcgi(join(instance.dir, 'run/organiser.sock'), {
    REQUEST_METHOD: method, REQUEST_URI: path, HTTP_HOST: instance.team.slice(7), REMOTE_ADDR: address ?? `10.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`,
    ...(token || form ? { HTTP_COOKIE: [...(token ? [`soundings=${token}`] : []), ...(form ? [`soundings-form=${form}`] : [])].join('; ') } : {}), ...(fields ? { CONTENT_TYPE: 'application/x-www-form-urlencoded', CONTENT_LENGTH: String(body.length), HTTP_ORIGIN: instance.team } : {}), ...headers,
  }, body);
};
const cookies = (answer) => answer.raw.filter((_, i) => i % 2 && /^set-cookie$/i.test(answer.raw[i - 1]));
const given = (answer, name = 'soundings') => cookies(answer).find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1).split(';')[0];
const stranger = async () => {
  const page = await ask('/sign-in');
  return { form: given(page, 'soundings-form'), csrf: csrfOf(page) };
};
const tryPassword = async (name, password, { address, as } = {}) => {
  const { token, form, csrf } = as ?? await stranger();
  return ask('/sign-in', { method: 'POST', token, form, fields: { csrf, name, password }, address });
};
const tryCode = async (token, code, address) => ask('/code', { method: 'POST', token, fields: { csrf: csrfOf(await ask('/code', { token })), code }, address });
const signIn = async (who, code = who.totp && totp(who.totp)) => {
  const first = await tryPassword(who.name, PASSWORD);
  assert.equal(first.status, 303, first.text.slice(0, 600));
  if (!who.totp) return { token: given(first), first };
  assert.match(first.headers.location, /^\/code/);
  const second = await tryCode(given(first), code);
  return { token: given(second), first, second, before: given(first) };
};
const stepStays = async () => { // a code must not go out of time between two uses
  while (Date.now() % 30000 > 24000) await new Promise((done) => setTimeout(done, 500));
};

// ---- sessions --------------------------------------------------------------------------------------------------------------------------

await test('security: fixation: a token that somebody was given beforehand is worth nothing after signing in, nor one after the password', async () => {
  const who = somebody();
  const planted = randomBytes(32).toString('base64url');
  const page = await ask('/sign-in', { token: planted, form: planted });
  assert.deepEqual(cookies(page), []);
  const first = await tryPassword(who.name, PASSWORD, { as: { token: planted, form: planted, csrf: csrfOf(page) } });
  assert.equal(first.status, 303);
  assert.equal(given(first, 'soundings-form'), '', 'nobody\'s token has done its work');
  const second = given(first);
  assert(second && second !== planted, 'another token');
  assert(!(await isIn(planted)));
  assert(!(await isIn(second)), 'the password alone opens nothing');
  await stepStays();
  const last = await tryCode(second, totp(who.totp));
  assert.equal(last.status, 303, last.text.slice(0, 500));
  const third = given(last);
  assert(third && third !== second && third !== planted);
  assert(await isIn(third));
  for (const old of [planted, second]) assert(!(await isIn(old)), 'old tokens are nobody\'s');
});

await test('security: fixation: somebody else\'s live session is not taken over by signing in on it', async () => {
  const victim = somebody({ has_totp: false }), other = somebody({ sessions: [{}] });
  const csrf = csrfOf(await ask('/account', { token: other.sessions[0].token }));
  const answer = await tryPassword(victim.name, PASSWORD, { as: { token: other.sessions[0].token, csrf } });
  if (answer.status === 303 && given(answer)) assert.notEqual(given(answer), other.sessions[0].token);
  const names = instance.office(`SELECT count(*) FROM session WHERE account = ${victim.id} AND id = ${other.sessions[0].id}`);
  assert.equal(names[0][0], 0);
});

await test('security: a link from another site: the Strict cookie is not sent with it, and nothing is set in its place', async () => {
  const headers = { HTTP_SEC_FETCH_SITE: 'cross-site' }, { token } = await signIn(somebody({ has_totp: false }));
  for (const path of ['/', '/account', `/events/${event}`]) {
    const page = await ask(path, { headers });
    assert.equal(page.status, 200, path);
    assert.deepEqual(cookies(page), [], path);
    assert(page.text.includes(`href="${path}"`), 'a link to itself, which our own page then asks for');
    const nobody = await ask(path, { headers: { HTTP_SEC_FETCH_SITE: 'same-origin' } });
    assert(toSignIn(nobody), 'no circle');
    assert.deepEqual(cookies(nobody), [], 'nor does being sent on set any');
  }
  for (const path of ['/code', '/nothing', `/welcome/${'A'.repeat(43)}`]) assert.deepEqual(cookies(await ask(path, { headers })), [], path);
  assert.equal((await ask(`/events/${event}`, { token, headers: { HTTP_SEC_FETCH_SITE: 'same-origin' } })).status, 200, 'signed in as before');
  const outside = await ask('/sign-in', { headers });
  assert.deepEqual(cookies(outside).map((line) => line.split('=')[0]), ['soundings-form']);
  // The form that was got without the session's cookie is sent with it.
  const other = somebody({ has_totp: false }), as = { token, form: given(outside, 'soundings-form'), csrf: csrfOf(outside) };
  const inside = await ask('/sign-out', { method: 'POST', token, form: as.form, fields: { csrf: as.csrf } });
  assert.equal(inside.status, 403, 'but opens nothing inside');
  const answer = await tryPassword(other.name, PASSWORD, { as });
  assert.equal(answer.status, 303);
  assert(await isIn(given(answer)));
  assert(!(await isIn(token)), 'the session that it took the place of is over');
});

await test('security: the office holds BLAKE2b of a token, and no file holds a token', async () => {
  const who = somebody({ has_totp: false });
  const { token } = await signIn(who);
  const hashes = instance.office('SELECT lower(hex(hash)) FROM session').flat();
  const { stdout } = spawnSync('/usr/bin/python3', ['-c', 'import hashlib, sys, base64; print(hashlib.blake2b(base64.urlsafe_b64decode(sys.argv[1] + "="), digest_size=32).hexdigest())', token], { encoding: 'utf8' });
  assert(hashes.includes(stdout.trim()), 'its hash is there');
  const search = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) search(path);
      else if (entry.isFile() && statSync(path).size < 1 << 26) {
        const bytes = readFileSync(path);
        for (const secret of [token, PASSWORD, Buffer.from(token, 'base64url')]) assert(!bytes.includes(secret), path);
      }
    }
  };
  search(instance.dir);
  assert(!instance.output.includes(token));
});

for (const [name, session, isAlive] of [
  ['idle for 29 minutes', { age_s: IDLE_S, idle_s: IDLE_S - 60 }, true], ['idle for 30 minutes', { age_s: IDLE_S, idle_s: IDLE_S + 1 }, false],
  ['used all the time for 11 hours 59', { age_s: MOST_S - 60 }, true], ['used all the time for 12 hours', { age_s: MOST_S + 1 }, false],
])
  await test(`security: a session ${name} is ${isAlive ? 'alive' : 'over'}`, async () => {
    const who = somebody({ sessions: [session] });
    const answer = await new Browser(instance, { token: who.sessions[0].token }).request('/account', { keeps: false });
    assert.equal(answer.status === 200, isAlive, `${answer.status}`);
    if (!isAlive) assert(toSignIn(answer));
  });

await test('security: signing out ends the session, the cookie, and what the browser holds', async () => {
  const { token } = await signIn(somebody({ has_totp: false }));
  const csrf = csrfOf(await ask('/account', { token }));
  const answer = await ask('/sign-out', { method: 'POST', token, fields: { csrf } });
  assert.equal(answer.status, 303);
  assert.match(answer.headers['set-cookie'], /^soundings=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/);
  assert.equal(answer.headers['clear-site-data'], '"cache", "storage"');
  assert(!(await isIn(token)), 'the old cookie');
  const again = await ask('/sign-out', { method: 'POST', token, fields: { csrf } });
  assert(toSignIn(again) || again.status === 403);
});

await test('security: an ended account: its old cookie, its password and its address open nothing', async () => {
  const admin = somebody({ sessions: [{}] }), who = somebody({ role: 'analyst', has_totp: false, sessions: [{}], addresses: [{ purpose: 'reset' }] });
  assert(await isIn(who.sessions[0].token));
  const page = await ask(`/people/${who.id}`, { token: admin.sessions[0].token });
  const ended = await ask(`/people/${who.id}/end`, { method: 'POST', token: admin.sessions[0].token, fields: { csrf: csrfOf(page), version: page.text.match(/name="version" value="(\d+)"/)?.[1] ?? '1', sure: 'yes' } });
  assert.equal(ended.status, 303, ended.text.slice(0, 800));
  assert.deepEqual(instance.office(`SELECT state FROM account WHERE id = ${who.id}`), [['ended']]);
  assert(!(await isIn(who.sessions[0].token)));
  assert.equal((await tryPassword(who.name, PASSWORD)).status, 422);
  assert.equal((await ask(`/welcome/${who.addresses[0].token}`)).status, 404);
});

await test('security: another password ends all other sessions, and a reset keeps the second step', async () => {
  const who = somebody({ sessions: [{}, {}], addresses: [{ purpose: 'reset' }] });
  const { form, csrf } = await stranger();
  const answer = await ask(`/welcome/${who.addresses[0].token}`, { method: 'POST', form, fields: { csrf, password: 'an altogether different one 7' } });
  assert.equal(answer.status, 303, answer.text.slice(0, 800));
  assert.equal(answer.headers.location, '/code', 'the second step is asked for as before');
  assert(!(await isIn(given(answer))));
  for (const session of who.sessions) assert(!(await isIn(session.token)));
  assert.deepEqual(instance.office(`SELECT totp IS NOT NULL FROM account WHERE id = ${who.id}`), [[1]]);
  assert.equal((await tryPassword(who.name, PASSWORD)).status, 422, 'the old password');
  forget();
});

// ---- one-time addresses --------------------------------------------------------------------------------------------------------------------

const useAddress = async (address, password = 'a fresh one for today 42') => {
  const { form, csrf } = await stranger();
  return ask(`/welcome/${address}`, { method: 'POST', form, fields: { csrf, password, name: 'x@example.org', shown: 'X' } });
};
await test('security: a one-time address works once, and looking at it uses nothing up', async () => {
  const who = somebody({ state: 'invited', has_totp: false, password: undefined, addresses: [{ purpose: 'invitation' }] });
  for (let i = 0; i < 3; i++) assert.equal((await ask(`/welcome/${who.addresses[0].token}`)).status, 200);
  assert.equal((await useAddress(who.addresses[0].token)).status, 303);
  assert.equal((await ask(`/welcome/${who.addresses[0].token}`)).status, 404);
  assert.equal((await useAddress(who.addresses[0].token, 'somebody else\'s choice 9')).status, 404);
});

await test('security: of two who use an address at once, one wins', async () => {
  const who = somebody({ state: 'invited', has_totp: false, password: undefined, addresses: [{ purpose: 'invitation' }] });
  const answers = await Promise.all([1, 2, 3, 4].map((i) => useAddress(who.addresses[0].token, `each of them wants another ${i}`)));
  const found = answers.map(({ status }) => status).toSorted();
  assert.equal(found.filter((status) => status === 303).length, 1, found.join(' '));
  assert(found.every((status) => [303, 404, 503].includes(status)), found.join(' '));
});

await test('security: an address that is over, another one\'s and a made-up one answer alike', async () => {
  const who = somebody({ state: 'invited', has_totp: false, password: undefined, addresses: [{ purpose: 'invitation', left_s: -1 }] });
  const without = (answer) => answer.text.replaceAll(/[A-Za-z0-9_-]{43}/g, '');
  const [over, none] = [await ask(`/welcome/${who.addresses[0].token}`), await ask(`/welcome/${randomBytes(32).toString('base64url')}`)];
  assert.equal(over.status, 404);
  assert.equal(none.status, 404);
  assert.equal(without(over), without(none));
});

await test('security: there is no first administrator to be made once there is anybody', async () => {
  const address = instance.output.match(/\/welcome\/([A-Za-z0-9_-]{43})/)?.[1];
  assert(address, 'it was printed');
  assert.equal((await ask(`/welcome/${address}`)).status, 404);
  assert.equal((await useAddress(address)).status, 404);
});

// ---- the second step -------------------------------------------------------------------------------------------------------------------------

await test('security: a code of the authenticator works once, on whatever browser', async () => {
  const who = somebody();
  await stepStays();
  const code = totp(who.totp);
  const { token } = await signIn(who, code);
  assert(await isIn(token));
  const again = await signIn(who, code);
  assert.equal(again.second.status, 422);
  assert(!(await isIn(given(again.first))));
  assert.equal((await tryCode(given(again.first), totp(who.totp, -1))).status, 422, 'nor an older one than was used');
  forget();
});

await test('security: the code of the step before is taken, of two steps before and of the next it is not', async () => {
  for (const [steps, isTaken] of [[-1, true], [0, true], [-2, false], [1, false]]) {
    const who = somebody();
    await stepStays();
    const { second } = await signIn(who, totp(who.totp, steps));
    assert.equal(second.status === 303, isTaken, `${steps}: ${second.status}`);
    forget();
  }
});

await test('security: two who give the same code at once: one is let in', async () => {
  const who = somebody();
  const halves = await Promise.all([1, 2, 3].map(async () => given(await tryPassword(who.name, PASSWORD))));
  await stepStays();
  const code = totp(who.totp);
  const answers = await Promise.all(halves.map((half) => tryCode(half, code)));
  assert.equal(answers.filter(({ status }) => status === 303).length, 1, answers.map(({ status }) => status).join(' '));
  forget();
});

await test('security: guessing codes is slowed down, whatever the address', async () => {
  const who = somebody();
  const half = given(await tryPassword(who.name, PASSWORD));
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await tryCode(half, '000000')).status);
  assert(statuses.includes(429), statuses.join(' '));
  forget();
});

// ---- forms ------------------------------------------------------------------------------------------------------------------------------------

await test('security: a POST without the token of its form, or with another\'s, does nothing', async () => {
  const who = somebody({ sessions: [{}, {}] }), other = somebody({ sessions: [{}] });
  const [mine, mine2, theirs] = [who.sessions[0].token, who.sessions[1].token, other.sessions[0].token];
  const tokenOf = async (token) => csrfOf(await ask('/account', { token }));
  const before = (await stranger()).csrf;
  const right = await tokenOf(mine);
  for (const [name, csrf] of [['none', undefined], ['an empty one', ''], ['another person\'s', await tokenOf(theirs)], ['of another session of one\'s own', await tokenOf(mine2)], ['of before signing in', before], ['a longer one', `${right}A`], ['a shorter one', right.slice(0, -1)]]) {
    for (const path of ['/sign-out', '/account', `/events/${event}/state`, '/people/new', '/prove']) {
      const answer = await ask(path, { method: 'POST', token: mine, fields: { ...(csrf === undefined ? {} : { csrf }), to: 'closed' } });
      assert.equal(answer.status, 403, `${name}: ${path}`);
    }
  }
  assert(await isIn(mine));
  assert.deepEqual(instance.office(`SELECT state FROM event WHERE code = '${event}'`), [['open']]);
  const signIn = await ask('/sign-in', { method: 'POST', fields: { name: who.name, password: PASSWORD } });
  assert.equal(signIn.status, 403, 'nor can somebody be signed in by another site (login CSRF)');
});

await test('security: a page to go on to is one of ours', async () => {
  const who = somebody({ has_totp: false });
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/%2fevil.example', '/\tevil', '/..//evil.example']) {
    const { form } = await stranger();
    const page = await ask(`/sign-in?next=${encodeURIComponent(next)}`, { form });
    const action = page.text.match(/<form[^>]*action="([^"]*sign-in[^"]*)"/)?.[1].replaceAll('&amp;', '&') ?? '/sign-in';
    const answer = await ask(action, { method: 'POST', form, fields: { csrf: csrfOf(page), name: who.name, password: PASSWORD, next } });
    assert.equal(answer.status, 303, answer.text.slice(0, 300));
    assert.match(answer.headers.location, /^\/(?![/\\])/, next);
    assert(!answer.headers.location.includes('evil'), answer.headers.location);
  }
});

// ---- guessing ---------------------------------------------------------------------------------------------------------------------------------

await test('security: names: a wrong password and an unknown name say the same', async () => {
  const who = somebody(), invited = somebody({ state: 'invited', has_totp: false, password: undefined }), ended = somebody({ state: 'ended', has_totp: false, password: undefined });
  const without = (answer, name) => answer.text.replaceAll(/[A-Za-z0-9_-]{43}/g, '').replaceAll(name, '');
  const answers = [];
  for (const name of [who.name, 'nobody-of-that-name@example.org', invited.name, ended.name]) {
    const answer = await tryPassword(name, WRONG);
    answers.push([answer.status, without(answer, name), Object.keys(answer.headers).toSorted().join()]);
  }
  for (const answer of answers.slice(1)) assert.deepEqual(answer, answers[0]);
});

await test(`security: names: nor does the time tell: means of ${ATTEMPTS} attempts each`, async () => {
  forget();
  const names = plant(instance, { people: Array.from({ length: Math.ceil(ATTEMPTS / 2) }, (_, i) => ({ name: `timed-${i}@example.org`, role: 'analyst', password: PASSWORD })) }).people.map(({ name }) => name);
  const times = { known: [], unknown: [] };
  const one = async (kind, i) => {
    const as = await stranger();
    const name = kind === 'known' ? names[i >> 1] : `nobody-${i >> 1}@example.org`; // as long, and never more than two attempts each
    const begun = process.hrtime.bigint();
    const answer = await tryPassword(name, WRONG, { as });
    times[kind].push(Number(process.hrtime.bigint() - begun) / 1e6);
    assert.equal(answer.status, 422, `${kind} ${i}: ${answer.status}`);
  };
  for (const kind of ['known', 'unknown']) await one(kind, 0); // the first of a worker warms up
  times.known = [];
  times.unknown = [];
  for (let i = 0; i < ATTEMPTS; i++) for (const kind of i % 2 ? ['known', 'unknown'] : ['unknown', 'known']) await one(kind, i % 2 || i ? i : 1);
  const mean = (list) => list.reduce((sum, time) => sum + time, 0) / list.length;
  const [known, unknown] = [mean(times.known), mean(times.unknown)];
  const difference = Math.abs(known - unknown) / Math.max(known, unknown);
  console.log(`# known ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms: ${(100 * difference).toFixed(1)} % apart over ${times.known.length} each`);
  assert(known > 20 && unknown > 20, 'a password is hashed for both');
  assert(difference < DIFFERENCE, `${(100 * difference).toFixed(1)} %`);
  forget();
});

await test('security: back-off: slower and slower, said alike for names that are there and that are not, and never for good', async () => {
  const who = somebody({ has_totp: false }), address = '192.0.2.5';
  for (const name of [who.name, 'never-heard-of@example.org']) {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await tryPassword(name, WRONG, { address })).status);
    assert.deepEqual(statuses, [422, 422, 422, 429], name);
    const answer = await tryPassword(name, PASSWORD, { address }); // at once: the first wait is of 2 seconds
    assert.equal(answer.status, 429, 'the right password is not looked at while it waits');
    assert(Number(answer.headers['retry-after']) >= 1);
  }
  // However often somebody has failed, the wait is 15 minutes at most.
  change('UPDATE throttle SET failures = 100');
  const longest = await tryPassword(who.name, PASSWORD, { address });
  assert.equal(longest.status, 429);
  assert(Number(longest.headers['retry-after']) <= WAIT_MAX_S && Number(longest.headers['retry-after']) > WAIT_MAX_S - 60, longest.headers['retry-after']);
  change(`UPDATE throttle SET last_s = last_s - ${WAIT_MAX_S + 1}`);
  const at = await tryPassword(who.name, PASSWORD, { address });
  assert.equal(at.status, 303, 'after it the right password opens');
  const after = [];
  for (let i = 0; i < 4; i++) after.push((await tryPassword(who.name, WRONG, { address })).status);
  assert.deepEqual(after, [422, 422, 422, 429], 'and the count has begun anew');
  forget();
});

await test('security: back-off: nobody keeps somebody else out: wrong tries from one address make another wait 30 seconds at most', async () => {
  const who = somebody({ has_totp: false }), bad = '192.0.2.6';
  const wrong = async (name) => {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await tryPassword(name, WRONG, { address: bad })).status);
    assert.deepEqual(statuses, [422, 422, 422, 429], name);
  };
  await wrong(who.name);
  assert.equal((await tryPassword(who.name, PASSWORD)).status, 303, 'after some tries of somebody else\'s nobody else waits');
  const nameless = 'never-heard-of-either@example.org';
  for (const name of [who.name, nameless]) {
    forget();
    await wrong(name);
    change('UPDATE throttle SET failures = 100');
    const here = await tryPassword(name, PASSWORD, { address: bad }), elsewhere = await tryPassword(name, PASSWORD);
    assert.equal(here.status, 429);
    assert(Number(here.headers['retry-after']) > WAIT_MAX_S - 60, here.headers['retry-after']);
    assert.equal(elsewhere.status, 429, 'a name that many try at is slowed down everywhere');
    assert(Number(elsewhere.headers['retry-after']) <= SHARED_MAX_S, elsewhere.headers['retry-after']);
    change(`UPDATE throttle SET last_s = last_s - ${SHARED_MAX_S}`);
    assert.equal((await tryPassword(name, PASSWORD)).status, name === nameless ? 422 : 303);
    const still = await tryPassword(name, PASSWORD, { address: bad });
    assert.equal(still.status, 429, 'and who tried too often waits on');
    assert(Number(still.headers['retry-after']) > WAIT_MAX_S - 120, still.headers['retry-after']);
  }
  forget();
});

/** Wrong tries at as many names, from addressOf(i). The last must wait, and not long. */
const tryMany = async (what, addressOf) => {
  const answers = [];
  for (let i = 0; i <= SHARED_FREE; i++) answers.push(await tryPassword(`${what}-${i}@example.org`, WRONG, { address: addressOf(i) }));
  assert.deepEqual(answers.map(({ status }) => status), [...Array(SHARED_FREE).fill(422), 429]);
  assert(Number(answers.at(-1).headers['retry-after']) <= SHARED_MAX_S);
};

await test('security: back-off by address: many names from one address wait, another address does not', async () => {
  await tryMany('one-of-many', () => '192.0.2.7');
  assert.equal((await tryPassword('another-of-many@example.org', WRONG, { address: '192.0.2.8' })).status, 422);
  assert.equal((await tryPassword('six-of-many@example.org', WRONG, { address: '2001:db8:1:2::1' })).status, 422);
  forget();
});

await test('security: IPv6: the whole of a household\'s network is one address', async () => {
  await tryMany('six-of', (i) => `2001:db8:1:2:${i}::${i}`);
  forget();
});

await test('security: many passwords at once: some wait, some are told to come back, pages go on', async () => {
  const who = somebody({ sessions: [{}] });
  const as = await Promise.all(Array.from({ length: 24 }, () => stranger())); // so that nothing but passwords is under way
  let answered = 0, reckoned = 0;
  const burst = Promise.all(as.map(async (one, i) => {
    const answer = await tryPassword(`burst-${i}@example.org`, WRONG, { as: one });
    answered++;
    if (answer.status === 422) reckoned++;
    return answer;
  }));
  const begun = Date.now();
  const page = await ask('/account', { token: who.sessions[0].token });
  const before = reckoned;
  console.log(`# a page beside 24 passwords: ${Date.now() - begun} ms, ${answered} of them answered before`);
  assert.equal(page.status, 200);
  const statuses = (await burst).map(({ status }) => status);
  assert(statuses.every((status) => [422, 503].includes(status)), statuses.join(' '));
  assert(statuses.includes(503), 'some are told to come back');
  assert(statuses.includes(422), 'and some are looked at');
  assert(before < reckoned, `a page was answered while passwords queued: ${before} of ${reckoned} were through`);
  forget();
});

await test('security: nginx slows an address down too', async () => {
  const who = new Browser(instance, {});
  const page = await who.request('/sign-in');
  const statuses = [];
  for (let i = 0; i < 40; i++) statuses.push((await who.request('/sign-in', { method: 'POST', body: { csrf: csrfOf(page), name: '', password: '' } })).status);
  assert(statuses.slice(0, 20).every((status) => status !== 429), statuses.join(' '));
  assert(statuses.includes(429), 'about 12 a minute, 20 at once');
});

await test('security: what the program said holds no name, address, password, code or token', () => {
  assert(!/example\.org|horse|somebody|10\.0\.|192\.0\.2|2001:db8/.test(instance.output.replaceAll(/welcome\/\S+/g, '')), instance.output);
});

// ---- clocks -------------------------------------------------------------------------------------------------------------------------------------

await test('security: a session of today is over tomorrow, by the machine\'s own clock', async () => {
  const who = somebody({ sessions: [{}] });
  assert(await isIn(who.sessions[0].token));
  await instance.stop();
  const tomorrow = new Date(Date.now() + 864e5).toISOString().slice(0, 10);
  const fake = clock(tomorrow);
  await instance.start({ through: ['env', ...Object.entries(fake).map(([name, value]) => `${name}=${value}`)] });
  assert(!(await isIn(who.sessions[0].token)));
  await instance.stop();
});

await finish();
