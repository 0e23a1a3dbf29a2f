// kiosk-traces.test.mjs: what the last person typed, for whoever comes next: nowhere. Real Chromium with the shipped policies and flags at the
// real kiosk: after a step, back and forward, reload, a session that ends because nobody is there, and a crash with the same profile started
// again: no field, no page and no file of the profile holds it (security.md F4). The same at a page without our care, in a
// browser without policies, has to bring it back, or nothing here would have noticed.
//
// KIOSK=all: every step in every language. Otherwise the last step, which has all answers, in English.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { finish, sleep, test, until } from '../harness.mjs';
import { answerVisible, goOn, plan, readForm, step, thanked, sendButton } from './browser.mjs';
import { alone, ask, filesWith, noPolicies, openToTests, pages, place, putPolicies } from './hall.mjs';

alone(import.meta.url);
const { makeKiosk, open } = await import('./kiosk-page.mjs');
const marker = 'Zibebenstrudel7';
const dir = place();
const isAll = process.env.KIOSK === 'all';
let profiles = 0;
const profile = () => join(dir, `home/profile-${profiles++}`);

/** What is left on PAGE of somebody: the marker anywhere in it, choices made, fields filled. */
const left = (page) => page.evaluate((word) => {
  const found = [];
  if (document.documentElement.outerHTML.includes(word) || document.documentElement.innerText.includes(word)) found.push('the page says it');
  for (const one of document.querySelectorAll('input, textarea, select')) {
    if (one.type === 'hidden') { if (one.value.includes(word)) found.push(`hidden ${one.name}`); continue; }
    if (['radio', 'checkbox'].includes(one.type) ? one.checked : one.value) found.push(`${one.name}=${one.value}`);
  }
  for (const store of [localStorage, sessionStorage]) if (store.length) found.push('browser storage');
  if (document.cookie) found.push('a cookie');
  if (word && decodeURI(location.href).includes(word)) found.push('the address');
  return found;
}, marker);

const settled = async (page) => {
  await page.waitForFunction(() => document.readyState === 'complete', null, { timeout: 5000 });
  await sleep(150); // fields are filled again after the load, where they are
};

await test('the control: without our care the next person finds it on Back, and in the profile', async () => {
  const site = await pages({ '/': ['text/html', '<!doctype html><title>Form</title><form><input id=i name=i><textarea id=t name=t></textarea></form>'], '/next': ['text/html', '<!doctype html><title>Next</title>'] });
  noPolicies();
  const at = profile();
  const { page, kill } = await ask(dir, at, `${site.base}/`, { isPlain: true });
  await page.locator('#i').fill(marker);
  await page.locator('#t').fill(marker);
  await page.goto(`${site.base}/next`);
  await page.goBack({ waitUntil: 'commit' }).catch(() => {}); // out of memory: it is not loaded again
  await settled(page);
  assert.deepEqual(await left(page), [`i=${marker}`, `t=${marker}`]);
  await until('the profile holds it', () => filesWith(at, [marker]).length > 0, 20000);
  await kill();
});

const { instance, codeOf } = await makeKiosk('community-conversation');
putPolicies(instance.port, openToTests);
const code = codeOf('community-conversation');
const start = `${instance.base}/kiosk/${code}`;

/** Opens the form in LANGUAGE and answers up to the step NAME, that included; text is the marker. Gives the steps on the way. */
const upTo = async (page, language, name) => {
  await open(page, `${start}/${language}`);
  const answers = plan(await readForm(page), 3, marker);
  for (const key of Object.keys(answers)) if (typeof answers[key] === 'string' && answers[key].startsWith(marker)) answers[key] = marker;
  const steps = [];
  for (let at = await step(page); ; at = await step(page)) {
    await answerVisible(page, answers);
    steps.push(at);
    if (at === name || at === 'check') return steps;
    await goOn(page);
    assert.notEqual(await step(page), at, `Continue leads on from ${at}`);
  }
};

/** The person is gone: what may happen at the screen then. Each gives what is left of them. */
const actions = {
  reload: async (page) => {
    await page.reload();
    await settled(page);
    return left(page);
  },
  // The person walks away by the page's own start; within the page Back is theirs, and leads through their own steps.
  'back and forward': async (page) => {
    const found = [];
    await page.goto(start);
    await settled(page);
    for (const way of ['goBack', 'goForward', 'goBack', 'goForward']) {
      await page[way]({ waitUntil: 'commit', timeout: 3000 }).catch(() => {});
      await settled(page);
      found.push(...await left(page));
    }
    return found;
  },
  idle: async (page) => {
    await page.clock.runFor(125000);
    await page.locator('#kioskIdle[open]').waitFor();
    for (let i = 0; i < 7; i++) await page.clock.runFor(10000);
    await until('the start', () => new URL(page.url()).pathname === `/kiosk/${code}`);
    await settled(page);
    const found = await left(page);
    return [...found, ...await actions['back and forward'](page)];
  },
};

/** LANGUAGE at the steps that WANTED lets through; one browser, a crash at the end of each step. */
const journey = (language, wanted, ways = Object.keys(actions)) => test(`${language}: nothing is left after back, forward, reload, idle, a crash and a new start`, async () => {
  let at = profile();
  let it = await ask(dir, at, start);
  await it.page.clock.install({ time: '2026-11-22T10:00:00Z' });
  const steps = await upTo(it.page, language, 'check');
  const chosen = steps.filter(wanted);
  assert(chosen.length > 0, steps.join(' '));
  for (const name of chosen) {
    for (const what of ways) {
      await upTo(it.page, language, name);
      if (name !== '') assert.notDeepEqual(await left(it.page), [], `${name}: there is something to be left`);
      assert.deepEqual(await actions[what](it.page), [], `${name}, ${what}`);
    }
    assert.deepEqual(filesWith(at, [marker]), [], `${name}: no file of the profile`);
    await upTo(it.page, language, name);
    await it.kill();
    assert.deepEqual(filesWith(at, [marker]), [], `${name}: no file of the profile of a browser that was killed`);
    it = await ask(dir, at, start); // worse than the session does, which takes the profile away
    await settled(it.page);
    assert.deepEqual(it.context.pages().length, 1, 'no other page comes back');
    assert.deepEqual(await left(it.page), [], `${name}: a new start`);
    assert.deepEqual(await actions['back and forward'](it.page), [], `${name}: back after a new start`);
    await it.page.clock.install({ time: '2026-11-22T10:00:00Z' });
  }
  // The whole of it, sent; then the next person.
  await upTo(it.page, language, 'check');
  await sendButton(it.page).click();
  await thanked(it.page).waitFor();
  assert.deepEqual((await actions['back and forward'](it.page)), [], 'after the thank-you');
  await it.kill();
  assert.deepEqual(filesWith(at, [marker]), [], 'no file of the profile after the thank-you');
});

if (isAll) for (const language of ['EN', 'CY', 'AR', 'EN-X-EASY']) await journey(language, (name) => name !== '');
else await journey('EN', (name) => name === 'check');

await finish();
