// axe.test.mjs: axe-core finds nothing on any page of the gallery: phone and desktop, light and dark, with no rule switched off.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { axe, launch } from '../browser/browser.mjs';
import { inLanes, make, serve } from './pages.mjs';

const pages = make();
const base = await serve();
const browser = await launch();
const views = [[375, 'light'], [375, 'dark'], [1280, 'light'], [1280, 'dark']];
let looks = 0;

await test(`axe: ${pages.length} pages: 0 violations`, async () => {
  const found = [];
  await inLanes(browser, { baseURL: base, locale: 'en-GB' }, pages, async (page, { file }) => {
    await page.goto(`/pages/${file}`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
    for (const [width, colorScheme] of views) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      found.push(...(await axe(page)).map((line) => `${file}, ${width} px, ${colorScheme}: ${line}`));
      looks++;
    }
  });
  assert.equal(found.length, 0, `${found.length} violations\n    ${found.slice(0, 40).join('\n    ')}`);
});

console.log(`axe looked ${looks} times`);
await finish();
