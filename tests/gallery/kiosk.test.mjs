// kiosk.test.mjs: a kiosk's pages on the screens of halls, as large as people may set them: nothing beside the screen, nothing over anything,
// everything that is touched large enough. What the script adds is looked at in tests/browser/kiosk-*.test.mjs.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { launch } from '../browser/browser.mjs';
import { make, serve } from './pages.mjs';

const screens = [[1280, 800], [800, 1280], [1920, 1080]];
const wanted = /^(cy|ar)\/kiosk-(community-conversation-(fresh|mistakes|large|contrast|thanks|late|not-saved)|everything-(fresh|large)|forms)|^\w+\/kiosk-start/;
const pages = make().filter(({ file }) => wanted.test(file));
const base = await serve();
const browser = await launch({ isShell: true });

/** What is wrong with the page as it stands. */
const look = (page) => page.evaluate(() => {
  const found = [];
  const name = (one) => `${one.localName}#${one.id}.${one.className} "${one.textContent.trim().slice(0, 30)}"`;
  const box = (one) => one.getBoundingClientRect();
  const main = document.querySelector('main'), bar = document.getElementById('kioskBar');
  const { documentElement: root } = document;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight + 1) found.push(`the screen scrolls: ${root.scrollWidth} x ${root.scrollHeight}`);
  for (const one of [main, ...document.querySelectorAll('.start__ways, .start__languages')]) if (one.scrollWidth > one.clientWidth) found.push(`too wide: ${name(one)}`);
  if (box(bar).bottom > innerHeight + 1 || box(bar).top < box(main).bottom - 1) found.push('the bar is out of the screen, or over the page');
  if (box(bar).height > innerHeight * 0.2) found.push(`the bar is ${box(bar).height} high`);
  if (box(main).height < innerHeight * 0.55) found.push(`the page is left ${box(main).height} px`);
  for (const one of document.querySelectorAll('a[href], button, summary, input:not([type="hidden"]), select, textarea')) {
    if (!one.checkVisibility() || one.matches('.govuk-visually-hidden, .govuk-skip-link')) continue;
    const isChoice = one.matches('[type="radio"], [type="checkbox"]');
    const { width, height } = box(isChoice ? one.labels[0] : one);
    const least = isChoice || one.closest('#kioskBar, .start, .choices') && !one.closest('.start__staff') ? 60 : 44;
    if (height < least - 0.5 || width < 44) found.push(`${Math.round(width)} x ${Math.round(height)}: ${name(one)}`);
  }
  for (const one of bar.querySelectorAll('span')) if (one.scrollWidth > one.parentElement.clientWidth) found.push(`cut off: ${name(one)}`);
  for (const panel of document.querySelectorAll('[popover]')) {
    panel.showPopover();
    const { left, top, right, bottom } = box(panel);
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) found.push(`out of the screen: ${panel.id}`);
    for (const one of panel.querySelectorAll('a, button')) if (box(one).height < 59.5) found.push(`${box(one).height} high: ${name(one)}`);
    const close = panel.querySelector('.panel__foot button, .panel__ways .govuk-button');
    if (box(close).bottom > bottom + 1) found.push(`its way out is out of sight: ${panel.id}`);
    panel.hidePopover();
  }
  return found;
});

await test(`kiosk: ${pages.length} pages on ${screens.length} screens, in three sizes of text`, async () => {
  const found = [];
  let looks = 0;
  const page = await browser.newPage({ reducedMotion: 'reduce', hasTouch: true });
  for (const [index, { file }] of pages.entries()) {
    await page.goto(`${base}/pages/${file}`);
    for (const [width, height] of screens) {
      await page.setViewportSize({ width, height });
      const size = (index + width) % 3 + 1; // each in turn
      await page.evaluate((one) => { document.documentElement.className = document.documentElement.className.replace(/size-\d/, `size-${one}`); }, size);
      found.push(...(await look(page)).map((line) => `${file}, ${width} x ${height}, size ${size}: ${line}`));
      looks++;
    }
  }
  await page.close();
  assert(looks > 60, `only ${looks} looks`);
  assert.equal(found.length, 0, `${found.length} faults\n    ${found.slice(0, 50).join('\n    ')}`);
});

await test('kiosk: sees what is too small, too wide and in the way', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${base}/pages/en/kiosk-community-conversation-fresh.html`);
  assert.deepEqual(await look(page), []);
  await page.addStyleTag({ content: '.bar button { min-height: 0 !important; height: 50px !important } .calm { width: 2000px } .bar { margin-top: -90px }' });
  const lines = (await look(page)).join('\n');
  for (const wrong of [/50: button#kioskListen/, /too wide: main/, /over the page/]) assert.match(lines, wrong);
  await page.close();
});

await finish();
