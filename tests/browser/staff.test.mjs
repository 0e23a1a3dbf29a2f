// staff.test.mjs: a kiosk's staff in a real browser: the PIN by touch and by keyboard, the menu, with script and without; nobody's menu stays open;
// the page says that it is there; what can be touched is large; axe finds nothing in any state and language.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, test, until } from '../harness.mjs';
import { axe, launch, withPage } from './browser.mjs';

const PIN = '204817';
const languages = ['en', 'cy', 'ar'];
const instance = await Instance.make({ conf: { mode: 'kiosk' } });
const code = instance.event('--open', '--title', 'Community Conversation, Slough', '--place', 'Church hall');
instance.event('--title', 'Scrutiny panel, Reading');
await instance.start();
const browser = await launch({ isShell: true });
const screen = { viewport: { width: 1280, height: 800 }, isMobile: false };
const state = () => Object.fromEntries(readFileSync(join(instance.dir, 'run/kiosk/state'), 'utf8').trim().split('\n').map((line) => line.split(' = ')));

/** Every state of the staff's pages in one language. CLICK: what a finger does. */
const walk = async (page, language, look) => {
  await page.goto(`/kiosk?lang=${language}`);
  await look('calm');
  await page.click('a[href^="/staff"]');
  await look('PIN');
  await page.fill('#pin', '999123');
  await page.click('#go');
  await page.waitForSelector('#wrong');
  await look('wrong PIN');
  await page.fill('#pin', PIN);
  await page.click('#go');
  await look('menu');
  for (const what of ['sound-off', 'sound-on', 'darker']) {
    await page.click(`button[value="${what}"]`);
    await page.waitForSelector('#done');
    await look(what);
  }
  await page.click('button[value="events"]');
  await look('events');
  await page.click('button[value="menu"]');
};

await test('staff: without a PIN, axe finds nothing, and says the command', () => withPage(browser, instance, screen, async (page, watch) => {
  await page.goto('/staff');
  assert.equal(await page.textContent('code'), 'soundings kiosk pin');
  assert.deepEqual(await axe(page, { js: true }), []);
  watch.expect(/503/);
}));
instance.cli(['kiosk', 'pin'], { input: `${PIN}\n` });

let looks = 0;
for (const js of [true, false]) {
  for (const language of js ? languages : ['ar']) {
    await test(`staff: ${language}, ${js ? 'with' : 'without'} script: axe finds nothing, and all that can be touched is large`, () => withPage(browser, instance, { ...screen, javaScriptEnabled: js }, async (page, watch) => {
      await walk(page, language, async (what) => {
        await page.emulateMedia({ colorScheme: looks++ % 2 ? 'dark' : 'light' });
        assert.deepEqual(await axe(page, { js }), [], what);
        assert.equal(await page.getAttribute('html', 'lang'), language, what);
        const small = await page.evaluate(() => [...document.querySelectorAll('main button:not(.govuk-visually-hidden), main a, main input:not([type=hidden])')]
          .map((each) => [each.textContent || each.id, each.getBoundingClientRect()]).filter(([, box]) => box.height < 56 || box.width < 60).map(([name, box]) => `${name} ${box.width} x ${box.height}`));
        assert.deepEqual(small, [], what);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${what}: sideways`);
      });
      watch.expect(/422/);
    }));
  }
}

await test('staff: numbers that are touched stay in the page, in sight without moving it, and nothing is sent until the PIN is', () => withPage(browser, instance, { ...screen, hasTouch: true }, async (page) => {
  await page.goto('/staff');
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/staff')) sent.push(request.postData()); });
  for (const digit of '12') await page.tap(`#pad button[value="${digit}"]`);
  await page.tap('.pad__clear');
  for (const digit of `${PIN}`) await page.tap(`#pad button[value="${digit}"]`);
  assert.equal(await page.inputValue('#pin'), PIN);
  assert.deepEqual(sent, []);
  const box = await page.locator('#go').boundingBox();
  assert(box.y + box.height <= 800, 'the button is on the screen');
  await page.tap('#go');
  await page.waitForSelector('.menu');
  assert.equal(sent.length, 1);
  assert.equal(await page.locator('#pin').count(), 0);
}));

await test('staff: the same by keyboard alone, without script too', async () => {
  for (const js of [true, false]) {
    await withPage(browser, instance, { ...screen, javaScriptEnabled: js }, async (page) => {
      await page.goto('/staff');
      await page.focus('#pin');
      await page.keyboard.type(PIN);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.menu');
      const reached = [];
      for (let i = 0; i < 20; i++) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate(() => document.activeElement.value));
      }
      for (const value of ['events', 'sound-off', 'quieter', 'darker', 'end', 'lock']) assert(reached.includes(value), `${value}: ${reached}`);
      await page.focus('button[value="lock"]');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/kiosk');
    });
  }
});

await test('staff: without script each number goes to the program and comes back', () => withPage(browser, instance, { ...screen, javaScriptEnabled: false }, async (page) => {
  await page.goto('/staff');
  for (const [i, digit] of [...PIN].entries()) {
    await page.click(`#pad button[value="${digit}"]`);
    await page.waitForFunction((length) => document.getElementById('pin').value.length === length, i + 1);
  }
  await page.click('#go');
  await page.waitForSelector('.menu');
}));

await test('staff: a menu that nobody touches goes back to the start after two minutes; a touch begins them anew', () => withPage(browser, instance, screen, async (page) => {
  await page.clock.install();
  await page.goto('/staff');
  await page.fill('#pin', PIN);
  await page.click('#go');
  await page.waitForSelector('.menu');
  await page.clock.runFor(119000);
  await page.keyboard.press('Shift');
  await page.clock.runFor(119000);
  assert.match(page.url(), /\/staff$/);
  const back = page.waitForURL(/\/kiosk/), ended = Number(state().ended);
  await page.clock.runFor(2000);
  await back;
  assert.equal(Number(state().ended), ended + 1, 'the browser goes as well');
}));

await test('staff: the page says each 15 seconds that it is there', () => withPage(browser, instance, screen, async (page) => {
  await page.clock.install();
  let heard = 0;
  page.on('request', (request) => { heard += request.method() === 'POST' && request.url().endsWith('/staff/alive'); });
  await page.goto('/kiosk');
  await until('the first', () => heard === 1);
  await until('its second', () => state().alive_s !== '0');
  await page.clock.runFor(46000);
  await until('three more', () => heard === 4);
}));

await test('staff: Back from the start does not show the menu, nor what was typed', () => withPage(browser, instance, screen, async (page, watch) => {
  await page.goto('/staff');
  await page.fill('#pin', PIN);
  await page.click('#go');
  await page.waitForSelector('.menu');
  await page.click('button[value="events"]');
  await page.click(`button[value="${code}"]`);
  await page.waitForSelector('#done');
  const close = await page.locator('.done button[value="lock"]').boundingBox();
  assert(close.y > 0 && close.y + close.height < 800, `what the message says to do next is in sight beside it: ${JSON.stringify(close)}`);
  await page.click('.done button[value="lock"]');
  await page.waitForURL(`**/kiosk/${code}`);
  for (let i = 0; i < 5; i++) {
    await page.goBack({ timeout: 1000 }).catch(() => {});
    assert.equal(await page.locator('.menu').count(), 0, page.url());
    if (await page.locator('#pin').count()) assert.equal(await page.inputValue('#pin'), '');
  }
  watch.problems.length = 0; // what a browser says of a page that is to be sent again
}));

await test('staff: Back and a reload send the PIN again, and open nothing, without a session that ends the browser', () => withPage(browser, instance, screen, async (page, watch) => {
  await page.goto('/kiosk');
  await page.goto('/staff');
  await page.fill('#pin', PIN);
  await page.click('#go');
  await page.waitForSelector('.menu');
  await page.click('button[value="lock"]');
  await page.waitForURL(/\/kiosk/);
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/staff')) sent.push(request.postData()); });
  await page.goBack({ timeout: 1000 }).catch(() => {});
  for (let i = 0; i < 3; i++) {
    await page.reload({ timeout: 3000 }).catch(() => {});
    assert.equal(await page.locator('.menu').count(), 0, page.url());
  }
  assert(sent.some((body) => body.includes(PIN)), `the browser did send it again: ${sent}`);
  await page.waitForSelector('#pin');
  assert.equal(await page.inputValue('#pin'), '');
  watch.problems.length = 0;
}));

await finish();
