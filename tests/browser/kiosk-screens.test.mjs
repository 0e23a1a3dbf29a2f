// kiosk-screens.test.mjs: what a kiosk's script adds to its pages has room on the screens of halls: the player has a row of its own, what lies below
// is told, where to begin is in sight, and answers of one scale have one size.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { launch, walkToField } from './browser.mjs';
import { listen, makeKiosk, open, withScreen } from './kiosk-page.mjs';

const { instance, codeOf } = await makeKiosk('community-conversation');
const code = codeOf('community-conversation');
const browser = await launch({ isShell: true });
const screens = [[1280, 800], [800, 1280], [1920, 1080]];
const box = (page, selector) => page.locator(selector).first().boundingBox();
const setSize = (page, size) => page.evaluate((n) => { document.documentElement.className = document.documentElement.className.replace(/size-\d/, `size-${n}`); }, size);
/** Until what follows from a change of size has been drawn. */
const drawn = (page) => page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 50)));

for (const path of ['', '/EN', '/CY', '/AR', '/EN-X-EASY']) {
  await test(`kiosk: ${path || 'the start page'}: the player has one row, as wide as the screen, and leaves the page and the bar theirs`, () => withScreen(browser, instance, {}, async (page) => {
    await listen(page, 'Start');
    await open(page, `/kiosk/${code}${path}`);
    for (const [width, height] of [...screens, [375, 700]]) {
      await page.setViewportSize({ width, height });
      for (const size of [1, 2, 3]) {
        await setSize(page, size);
        const [player, bar, main] = [await box(page, '#listenBar'), await box(page, '#kioskBar'), await box(page, 'main')];
        const at = `${width} x ${height}, size ${size}: ${JSON.stringify({ player, bar, main })}`;
        assert.deepEqual([player.width, bar.width, main.width], [width, width, width], at);
        assert(player.height < (width < 400 ? 64 : 90) && player.y + player.height <= main.y + 1 && main.y + main.height <= bar.y + 1, at);
        const buttons = await page.locator('#listenBar button').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
        assert.equal(buttons.length, 4);
        for (const one of buttons) {
          assert(one.height >= 44 && one.width >= 44 && one.left >= 0 && one.right <= width, `${at}: ${JSON.stringify(one)}`);
          assert.equal(Math.round(one.top), Math.round(buttons[0].top), `${at}: all in one row`);
        }
      }
    }
  }));
}

await test('kiosk: the start page in the largest text: where to begin is in sight, and languages are in sight or told of', () => withScreen(browser, instance, {}, async (page) => {
  await open(page, `/kiosk/${code}`);
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    for (const size of [1, 2, 3]) {
      await setSize(page, size);
      await drawn(page);
      const at = `${width} x ${height}, size ${size}`;
      const main = await box(page, 'main'), go = await box(page, '.start__go');
      const end = main.y + main.height;
      assert(go.y >= main.y && go.y + go.height <= end + 1, `${at}: ${JSON.stringify({ go, main })}`);
      const last = await box(page, '.start__languages li:last-child > *');
      assert(last.y + last.height <= end + 1 || await page.locator('body > .more').isVisible(), `${at}: ${JSON.stringify({ last, main })}`);
    }
  }
  // What does not fit: it is told, and reached by touch alone.
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.locator('body > .more').waitFor();
  for (let i = 0; i < 5 && !(await page.locator('body > .more--up').count()); i++) {
    await page.locator('body > .more').tap();
    await drawn(page);
  }
  const last = await box(page, '.start__languages li:last-child > *'), main = await box(page, 'main');
  assert(last.y >= main.y && last.y + last.height <= main.y + main.height + 1, JSON.stringify({ last, main }));
}));

await test('kiosk: in a practice event Start is in sight on the first page of a low screen', () => withScreen(browser, instance, {}, async (page) => {
  for (const face of ['EN', 'CY', 'EN-X-EASY', 'AR']) {
    await open(page, `/kiosk/${code}/${face}`);
    for (const [width, height] of [[1280, 800], [1920, 1080]]) {
      await page.setViewportSize({ width, height });
      await drawn(page);
      const next = await box(page, '.next .govuk-button:visible'), main = await box(page, 'main');
      assert(next.y + next.height <= main.y + main.height + 1, `${face}, ${width} x ${height}: ${JSON.stringify({ next, main })}`);
    }
  }
}));

await test('kiosk: five faces stand in one row or each in its own, and all have one size', () => withScreen(browser, instance, {}, async (page) => {
  for (const face of ['EN', 'CY', 'AR']) {
    await open(page, `/kiosk/${code}/${face}`);
    await walkToField(page, 'overall');
    for (const [width, height] of screens) {
      await page.setViewportSize({ width, height });
      for (const size of [1, 2, 3]) {
        await setSize(page, size);
        const faces = await page.locator('.govuk-radios__item:has(.face):visible').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
        const at = `${face}, ${width} x ${height}, size ${size}: ${JSON.stringify(faces)}`;
        assert.equal(faces.length, 5, at);
        assert(Math.max(...faces.map((one) => one.width)) - Math.min(...faces.map((one) => one.width)) < 25, at);
        assert([1, 5].includes(new Set(faces.map((one) => Math.round(one.top))).size), at);
      }
    }
  }
}));

await finish();
