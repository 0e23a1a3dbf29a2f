// kiosk-listen.test.mjs: Listen and Start again where they are not usual: no sound in this language, answers of another face; and the way back
// from a phone's page that is listened to.
import assert from 'node:assert/strict';
import { Instance, finish, test } from '../harness.mjs';
import { pretend, textsOf } from '../sounds.mjs';
import { goOn, launch, phone, readForm, step, touch, walkToField, withPage } from './browser.mjs';
import { open, withScreen } from './kiosk-page.mjs';

const form = 'forms/community-conversation';
const instance = await Instance.make({ forms: [form] });
pretend(instance, textsOf(instance, form).filter(({ tag }) => !tag.startsWith('cy')));
const code = instance.event('--open', '--form', 'community-conversation', '--languages', 'en,cy,en-x-easy');
await instance.start();
const browser = await launch();
const path = (page) => new URL(page.url()).pathname;
const silence = 'Ni ellir clywed y dudalen hon yn yr iaith hon eto.';

for (const js of [true, false]) {
  await test(`listen: "Without sound" leads back, with every answer, ${js ? 'with' : 'without'} script`, () => withPage(browser, instance, { js, viewport: phone }, async (page, watch) => {
    await page.route('**/sound/*', (route) => route.abort());
    await page.addInitScript(() => { HTMLMediaElement.prototype.play = () => new Promise(() => {}); });
    await page.goto(`/${code}/EN`);
    if (js) await walkToField(page, 'next');
    await page.fill('#next', 'Go there');
    await page.getByRole('button', { name: 'Listen', exact: true }).click();
    await page.waitForURL(`**/listen/${code}/EN`);
    assert.equal(await page.locator('[name^="view-"]').count(), 0);
    await page.getByRole('button', { name: 'Without sound' }).click();
    await page.waitForURL((url) => url.pathname === `/${code}/EN`);
    assert.equal(await page.inputValue('#next'), 'Go there');
    assert.equal(await page.locator('#pageSounds, .listening').count(), 0);
    if (js) watch.expect(/ERR_FAILED/); // no sound was made
  }));
}

await test('kiosk: where nothing can be heard, Listen says so and does not move, on each page', () => withScreen(browser, instance, {}, async (page) => {
  await open(page, `/kiosk/${code}/CY`);
  const at = await step(page);
  for (let i = 0; i < 2; i++) {
    await page.locator('#kioskListen').tap();
    await page.locator('.top [role=status]', { hasText: silence }).waitFor();
    assert.equal(await step(page), at);
  }
  assert.equal(await page.locator('#kioskListen').getAttribute('aria-pressed'), 'false');
  await goOn(page);
  await page.locator('#kioskListen').tap();
  assert.notEqual(await step(page), at);
  assert.equal(path(page), `/kiosk/${code}/CY`);
}));

await test('kiosk: Start again asks, too, when what was answered is of another face; Send says what becomes of it', () => withScreen(browser, instance, {}, async (page) => {
  await open(page, `/kiosk/${code}/EN`);
  const field = (await readForm(page)).flatMap(({ fields }) => fields).find(({ name }) => name === 'overall');
  await walkToField(page, 'overall');
  await touch(page, field.choices[0].id);
  await page.locator('#kioskEasy').tap();
  await page.waitForURL(`**/kiosk/${code}/EN-X-EASY`);
  await page.locator('html.js').waitFor();
  assert.equal(await page.locator('input:checked').count(), 0, 'it is not shown here');
  assert.match(await page.locator('#pageKept').textContent(), /^Some of your answers are not on this page\./);
  await page.locator('#kioskAgain').tap();
  await page.locator('#kioskAsk[open]').waitFor();
  await page.locator('#kioskAskNo').tap();
  assert.equal(await page.locator('#kioskAsk[open]').count(), 0);
  assert.equal(path(page), `/kiosk/${code}/EN-X-EASY`);
  await page.locator('#kioskAgain').tap();
  await page.locator('#kioskAskYes').tap();
  await page.waitForURL(`**/kiosk/${code}`);
}));

await finish();
