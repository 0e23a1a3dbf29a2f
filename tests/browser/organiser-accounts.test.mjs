// organiser-accounts.test.mjs: the organisers' pages around accounts, as a person meets them in real Chromium: from the first address to a
// colleague who signs in; on a phone with script, and without script in Welsh. Every page on the way is looked at by axe and by the HTML
// checker, and fits screens of 320 to 1280 px.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Instance, finish, scratch, sleep, test, until } from '../harness.mjs';
import { Browser, totp } from '../site/team.mjs';
import { axe, launch, phone, withPage } from './browser.mjs';

const browser = await launch({ isShell: true });
const pages = scratch();
mkdirSync(pages, { recursive: true });
let seen = 0;

/** Looks at the page as it is: nothing may be wrong with it, at any width. */
const look = async (page, what, { js = true, lang = 'en' } = {}) => {
  assert.equal(await page.locator('html').getAttribute('lang'), lang, `${what}: the language of the page`);
  assert.equal(await page.locator('h1').count(), 1, `${what}: one heading of the first level`);
  for (const width of [320, 375, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert(over <= 0, `${what}: ${over} px too wide at ${width}`);
  }
  await page.setViewportSize(phone);
  assert.deepEqual(await axe(page, { js }), [], `${what}: what axe found`);
  // As the server sent it: what script adds is not for the checker.
  writeFileSync(join(pages, `${String(++seen).padStart(2, '0')}-${lang}-${what.replace(/\W+/g, '-')}.html`), await page.content());
};

/** The browser says what it has to say a moment after the page is there. */
const told = async (watch, pattern) => {
  for (let tries = 0; !watch.problems.some((problem) => pattern.test(problem)) && tries < 50; tries++) await sleep(50);
  watch.expect(pattern);
};
const press = (page, words) => page.getByRole('button', { name: words, exact: true }).click();
const welcome = async (instance) => {
  await instance.start();
  return instance.output.match(new RegExp(`${instance.team}/welcome/\\S+`))[0];
};
const secretOf = async (page) => (await page.locator('.secret code').textContent()).replaceAll(' ', '');
const errors = (page) => page.locator('.govuk-error-summary li').allTextContents();

/** A code that was not used yet: the next step's, where this one's is gone. */
const steps = new Map();
const code = async (page, secret, button) => {
  const step = () => Math.floor(Date.now() / 30000);
  await until('the next step', () => step() !== steps.get(secret), 40000);
  steps.set(secret, step());
  await page.locator('#code').fill(totp(secret));
  await press(page, button);
  assert.equal(await page.locator('#code').count(), 0, 'the code was taken');
};

const options = (instance) => ({ ...instance, base: instance.team });

await test('accounts: from the first address to a colleague who signs in, on a phone', async () => {
  const instance = await Instance.make({ hasOrganisers: true });
  const address = await welcome(instance);
  await withPage(browser, options(instance), {}, async (page, watch) => {
    await page.goto(address);
    await look(page, 'welcome');
    await page.getByLabel('Your name').fill('Sam Taylor');
    await page.getByLabel('Sign-in name').fill('Sam.Taylor@example.org');
    await page.locator('#password').fill('samtaylor2026');
    await press(page, 'Show');
    assert.equal(await page.locator('#password').getAttribute('type'), 'text');
    assert.equal(await page.locator('.password [role=status]').textContent(), 'The password is shown');
    await press(page, 'Save and go on');
    await told(watch, /422/);
    assert.equal((await errors(page)).length, 1);
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'errors', 'the summary has the focus');
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Sam Taylor', 'everything but the password is kept');
    assert.equal(await page.locator('#password').inputValue(), '');
    await look(page, 'welcome refused');
    await page.locator('#password').fill('three calm rivers meet');
    await press(page, 'Save and go on');

    assert.equal(new URL(page.url()).pathname, '/enrol');
    await look(page, 'enrol');
    await page.getByText('I cannot scan it').click();
    const secret = await secretOf(page);
    await page.locator('#code').fill('12345');
    await press(page, 'Continue');
    await told(watch, /422/);
    assert.equal(await secretOf(page), secret, 'the same secret until it is kept');
    const image = await page.evaluate(async () => (await fetch('/enrol/code.svg')).headers.get('content-type'));
    assert.equal(image, 'image/svg+xml');
    await code(page, secret, 'Continue');
    const codes = await page.locator('.codes li').allTextContents();
    assert.equal(new Set(codes).size, 10);
    await look(page, 'codes');
    await page.getByText('I have kept them').click();
    await look(page, 'home');
    assert.equal(await page.locator('h1').textContent(), 'Hello, Sam Taylor');
    assert.equal(await page.getByRole('link', { name: 'Make your first event' }).count(), 1);

    await page.getByRole('link', { name: 'People' }).click();
    await look(page, 'people');
    await page.getByRole('link', { name: 'Invite a colleague' }).click();
    await look(page, 'invite');
    await page.getByLabel('Their name', { exact: true }).fill('Alex <b>Morgan</b>');
    await press(page, 'Make the invitation');
    await told(watch, /422/);
    assert.equal((await errors(page)).length, 2);
    await look(page, 'invite refused');
    await page.getByLabel('Their sign-in name').fill('alex@example.org');
    await page.locator('.govuk-radios__item:has(input[value=organiser])').click();
    await page.locator('.govuk-checkboxes__item:has(input[value=wessex])').click();
    await press(page, 'Make the invitation');
    if (!(await page.locator('#address').count())) console.log(page.url(), await page.locator('main').textContent());
    await look(page, 'address');
    const invitation = await page.locator('#address').inputValue();
    assert(invitation.startsWith(`${instance.team}/welcome/`));
    await page.getByRole('link', { name: 'Back to people' }).click();
    await page.getByRole('link', { name: 'Alex <b>Morgan</b>' }).click();
    await look(page, 'person');
    await page.getByRole('link', { name: 'Audit' }).click();
    await look(page, 'audit');
    const log = await page.locator('tbody tr').allTextContents();
    assert(log[0].includes('account.invite') && log[0].includes('alex@example.org'), log[0]);
    await page.goto(`${instance.team}/account`);
    await look(page, 'account');
    await page.goto(`${instance.team}/nowhere`);
    await told(watch, /404/);
    await look(page, 'missing');
    await press(page, 'Sign out');
    await look(page, 'signed out');
    assert.equal(await page.locator('#notice').textContent().then((text) => text.trim()), 'You are signed out.');

    // The colleague, in the same browser.
    await page.goto(invitation);
    await look(page, 'invited');
    await page.locator('#password').fill('heron over the weir');
    await press(page, 'Save and go on');
    await page.getByRole('link', { name: 'Not now' }).click();
    assert.deepEqual(await page.locator('.tabs a').allTextContents(), ['Home', 'Events', 'Actions', 'Placements']);
    await page.goto(`${instance.team}/people`);
    await told(watch, /403/);
    await look(page, 'refused');
    await page.goto(invitation);
    await told(watch, /404/);
    await look(page, 'address used');
    await press(page, 'Sign out');

    // Back as the first, asked for on the way to a page, with a recovery code, once.
    await page.goto(`${instance.team}/people/new`);
    assert.match(page.url(), /sign-in\?next=\/people\/new$/);
    for (const [name, word, status] of [['sam.taylor@example.org', 'wrong', 422], ['', '', 422]]) {
      await page.locator('#name').fill(name);
      await page.locator('#password').fill(word);
      await press(page, 'Sign in');
      await told(watch, new RegExp(String(status)));
    }
    await look(page, 'sign in refused');
    await page.locator('#name').fill('SAM.TAYLOR@example.org');
    await page.locator('#password').fill('three calm rivers meet');
    await press(page, 'Sign in');
    await look(page, 'code');
    await page.locator('#code').fill(codes[0].toLowerCase().replaceAll(' ', '-'));
    await press(page, 'Continue');
    assert.match(page.url(), /\/account\?notice=o_done_recovery$/);
    await look(page, 'signed in by a recovery code');
    await press(page, 'Sign out');
    await page.goto(`${instance.team}/people`);
    await page.locator('#name').fill('sam.taylor@example.org');
    await page.locator('#password').fill('three calm rivers meet');
    await press(page, 'Sign in');
    await page.locator('#code').fill(codes[0]);
    await press(page, 'Continue');
    await told(watch, /422/);
    await code(page, secret, 'Continue');
    assert.equal(new URL(page.url()).pathname, '/people', 'it leads to where they were going');
  });
});

await test('accounts: the same without script, in Welsh; two people at once; what ends a session', async () => {
  const instance = await Instance.make({ hasOrganisers: true });
  const address = await welcome(instance);
  await withPage(browser, options(instance), { js: false, locale: 'cy-GB' }, async (page, watch) => {
    const cy = { js: false, lang: 'cy' };
    await page.goto(address);
    await look(page, 'welcome', cy);
    await page.locator('#shown').fill('Siân Jones');
    await page.locator('#name').fill('sian@example.org');
    await page.locator('#password').fill('tair afon yn cwrdd');
    await press(page, 'Cadw a mynd ymlaen');
    await look(page, 'enrol', cy);
    await page.getByText('Ni allaf ei sganio').click();
    const secret = await secretOf(page);
    await code(page, secret, 'Parhau');
    await look(page, 'codes', cy);
    await page.getByText('Rwyf wedi eu cadw').click();
    await look(page, 'home', cy);
    for (const path of ['/people', '/people/new', '/account', '/audit', '/prove']) {
      await page.goto(instance.team + path);
      await look(page, path.slice(1).replace('/', ' '), cy);
    }
    await page.goto(`${instance.team}/people/new`);
    await page.locator('#shown').fill('Alex');
    await page.locator('#name').fill('alex');
    await page.locator('.govuk-radios__item:has(input[value=analyst])').click();
    await press(page, 'Gwneud y gwahoddiad');
    await look(page, 'address', cy);
    const invitation = await page.locator('#address').inputValue();
    const alex = new Browser(instance);
    let answer = await alex.request(invitation.replace(instance.team, ''));
    answer = await alex.request(invitation.replace(instance.team, ''), { method: 'POST', body: { csrf: answer.text.match(/name="csrf" value="([^"]+)"/)[1], password: 'heron over the weir' } });
    assert.equal(answer.status, 303);
    assert.equal((await alex.request('/')).status, 200);

    // Somebody else has changed them in between.
    await page.goto(`${instance.team}/people`);
    await page.getByRole('link', { name: 'Alex', exact: true }).click();
    const person = page.url();
    const other = await page.context().newPage();
    await other.goto(person);
    await other.locator('#shown').fill('Alex Morgan');
    await press(other, 'Cadw');
    await page.locator('#shown').fill('Alexandra');
    await press(page, 'Cadw');
    await told(watch, /409/);
    await look(page, 'person changed by another', cy);
    assert.equal(await page.locator('#shown').inputValue(), 'Alexandra', 'what was typed is kept');
    assert.match(await page.locator('.notice--bad').textContent(), /Alex Morgan/);
    await press(page, 'Cadw');
    assert.match(await page.locator('.lines').textContent(), /Alexandra/);

    // A smaller role counts at once; signing them out everywhere does.
    assert.equal((await alex.request('/events')).status, 200);
    await page.goto(person);
    await press(page, 'Eu hallgofnodi ym mhobman');
    assert.equal((await alex.request('/events')).status, 303);
    assert.equal((await alex.signIn('alex', 'heron over the weir')).status, 303);
    assert.equal((await alex.request('/events')).status, 200);
    await page.goto(person);
    await page.locator('.more summary').click();
    await press(page, "Dod â'r cyfrif i ben");
    await look(page, 'people after an end', cy);
    assert.equal((await alex.request('/events')).status, 303);
    assert.equal((await alex.signIn('alex', 'heron over the weir')).status, 422);
    await page.goto(person);
    await look(page, 'ended', cy);
  });
});

await test('accounts: the HTML checker finds nothing on any of these pages', () => {
  const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
  const run = spawnSync('java', ['-Xss8m', '-jar', jar, '--format', 'json', '--stdout', '--exit-zero-always', pages], { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr);
  const messages = JSON.parse(run.stdout).messages.map(({ url, message, extract }) => `${url.split('/').pop()}: ${message}\n      ${extract}`);
  assert(seen > 30, `${seen} pages were looked at`);
  assert.deepEqual(messages, []);
});

await finish();
