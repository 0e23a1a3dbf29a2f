// organiser-second.test.mjs: the second step, where organisers' pages are on an address that others reach: nobody gets anywhere without it, and
// nobody is sent round in a circle; the signed head that the audit's page gives is one that the command line takes.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, scratch, test } from '../harness.mjs';
import { Browser, plant, totp } from './team.mjs';

const PASSWORD = 'three calm rivers meet';
const instance = await Instance.make({ hasOrganisers: true, forms: [], conf: { organiser_url: 'https://team.example.org' } });
const { people } = plant(instance, {
  people: [
    { name: 'new@example.org', role: 'organiser', areas: ['wessex'], password: PASSWORD, sessions: [{}, { age_s: 3600, proved_s: 3600 }] },
    { name: 'admin@example.org', role: 'administrator', has_totp: true, password: PASSWORD, sessions: [{}, { stage: 'password' }] },
  ],
});
await instance.start();
const visit = (token) => new Browser(instance, { token, origin: 'https://team.example.org', cookie: '__Host-soundings' });
const csrfOf = (page) => page.text.match(/name="csrf" value="([^"]+)"/)[1];
const where = (answer) => `${answer.status} ${answer.headers.location ?? ''}`.trim();

await test('second step: without one there is nothing but setting it up, and the way out', async () => {
  const browser = visit(people[0].sessions[0].token);
  for (const path of ['/', '/events', '/account', '/people']) assert.match(where(await browser.request(path)), /^303 \/enrol(\?next=|$)/, path);
  const page = await browser.request('/enrol');
  assert.equal(page.status, 200);
  assert(!page.text.includes('Not now'), 'it cannot be put off here');
  assert.equal((await browser.request('/enrol/code.svg')).status, 200);
  assert.equal(where(await browser.request('/enrol', { method: 'POST', body: { csrf: csrfOf(page), code: 'no code' } })), '422');
});

await test('second step: whoever signed in a while ago proves it first, and is led back', async () => {
  const browser = visit(people[0].sessions[1].token);
  assert.equal(where(await browser.request('/')), '303 /enrol');
  assert.equal(where(await browser.request('/enrol')), '303 /prove?next=/enrol');
  const page = await browser.request('/prove?next=/enrol');
  assert.equal(page.status, 200);
  assert.equal(where(await browser.request('/prove?next=/enrol', { method: 'POST', body: { csrf: csrfOf(page), password: 'another' } })), '422');
  assert.equal(where(await browser.request('/prove?next=/enrol', { method: 'POST', body: { csrf: csrfOf(page), password: PASSWORD } })), '303 /enrol');
  const enrol = await browser.request('/enrol');
  assert.equal(enrol.status, 200);
  const secret = enrol.text.match(/<code>([A-Z2-7 ]+)<\/code>/)[1].replaceAll(' ', '');
  const before = browser.token, code = totp(secret);
  const codes = await browser.request('/enrol', { method: 'POST', body: { csrf: csrfOf(enrol), code } });
  assert.equal(codes.status, 200);
  assert.equal([...codes.text.matchAll(/<li><code>/g)].length, 10);
  assert.notEqual(browser.token, before, 'another token from here on');
  assert.equal((await browser.request('/')).status, 200);
  const again = await visit().signIn('new@example.org', PASSWORD, code);
  assert.equal(again.status, 422, 'the code that showed that it works signs nobody in');
});

await test('second step: after the password alone there is nothing but the code, and the way out', async () => {
  const browser = visit(people[1].sessions[1].token);
  for (const path of ['/', '/people', '/account', '/enrol', '/prove']) assert.match(where(await browser.request(path)), /^303 \/code(\?next=|$)/, path);
  const page = await browser.request('/code');
  assert.equal(page.status, 200);
  assert(!page.text.includes('class="tabs"'), 'no way to other pages is shown');
  assert.equal(where(await browser.request('/people/new', { method: 'POST', body: { csrf: csrfOf(page), shown: 'X', name: 'x' } })), '303 /code');
  assert.equal(where(await browser.request('/sign-out', { method: 'POST', body: { csrf: csrfOf(page) } })), '303 /sign-in?notice=o_done_signed_out');
});

await test('second step: taken away by an administrator, nothing but the new address signs its person in', async () => {
  const [person] = plant(instance, { people: [{ name: 'lost@example.org', role: 'analyst', has_totp: true, password: PASSWORD, sessions: [{}] }] }).people;
  const admin = visit(people[1].sessions[0].token), theirs = visit(person.sessions[0].token);
  assert.equal((await theirs.request('/account')).status, 200);
  const page = await admin.request(`/people/${person.id}`);
  const given = await admin.request(`/people/${person.id}/reset`, { method: 'POST', body: { csrf: csrfOf(page), second: 'yes' } });
  assert.equal(given.status, 200);
  assert.match(where(await visit(person.sessions[0].token).request('/account')), /^303 \/sign-in/, 'who was signed in is not any more');
  const old = visit(), form = await old.request('/sign-in');
  assert.equal((await old.request('/sign-in', { method: 'POST', body: { csrf: csrfOf(form), name: person.name, password: PASSWORD } })).status, 422, 'the old password');
  assert.deepEqual(instance.office(`SELECT state, totp IS NULL FROM account WHERE id = ${person.id}`), [['active', 1]]);
  const path = given.text.match(/https:\/\/team\.example\.org(\/welcome\/[^\s"<]+)/)[1];
  const fresh = visit(), welcome = await fresh.request(path);
  assert.equal(welcome.status, 200);
  assert.equal((await fresh.request(path, { method: 'POST', body: { csrf: csrfOf(welcome), password: 'four slow rivers part 8' } })).status, 303);
  assert.equal(where(await fresh.request('/')), '303 /enrol');
});

await test('second step: other recovery codes leave the authenticator, and the codes of it that were used, as they are', async () => {
  const browser = visit(people[1].sessions[0].token), id = people[1].id;
  const kept = () => instance.office(`SELECT hex(totp), totp_step FROM account WHERE id = ${id}`), codes = () => instance.office(`SELECT hex(hash) FROM account_recovery WHERE account = ${id}`).flat();
  const before = kept(), had = codes(), token = browser.token;
  const page = await browser.request('/account/codes', { method: 'POST', body: { csrf: csrfOf(await browser.request('/account')) } });
  assert.equal(page.status, 200);
  people[1].sessions[0].token = browser.token;
  assert.notEqual(browser.token, token);
  assert.equal([...page.text.matchAll(/<li><code>/g)].length, 10);
  assert.deepEqual(kept(), before);
  assert.equal(codes().length, 10);
  assert(codes().every((code) => !had.includes(code)));
});

await test('audit: the head that the page gives is one that the command line takes', async () => {
  const browser = visit(people[1].sessions[0].token);
  const file = await browser.request('/audit/head');
  assert.equal(file.status, 200);
  assert.match(file.headers['content-disposition'], /^attachment; filename="audit-head-\d+\.txt"/);
  const dir = scratch();
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'head'), file.bytes);
  instance.cli(['audit', 'verify', '--head', join(dir, 'head')]);
  writeFileSync(join(dir, 'head'), file.text.replace(/"number":(\d+)/, (_, number) => `"number":${Number(number) - 1}`));
  instance.cli(['audit', 'verify', '--head', join(dir, 'head')], { expected: 65 });
});

await finish();
