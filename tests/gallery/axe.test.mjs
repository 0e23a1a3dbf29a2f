// axe.test.mjs: axe-core finds nothing on any page of the gallery, with no rule switched off. In a check every second page in English and every
// eighth in another language is looked at once, which ones changing from day to day: on a phone or a desktop, in light or in dark, in turn. AXE=all looks
// at each page in all four (make gallery-axe), which takes some ten minutes.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { axe, launch } from '../browser/browser.mjs';
import { inLanes, make, serve } from './pages.mjs';

const day = Math.floor(Date.now() / 86400000);
const pages = make().filter(({ file }, index) => process.env.AXE === 'all' || (index + day) % (file.startsWith('en/') ? 2 : 8) === 0);
const base = await serve();
const browser = await launch({ isShell: true });
const views = [[375, 'light'], [1280, 'dark'], [375, 'dark'], [1280, 'light']];
const viewsOf = (index) => (process.env.AXE === 'all' ? views : [views[index % views.length]]);
let looks = 0;

const look = async (page, [width, colorScheme]) => {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  looks++;
  return (await axe(page)).map((line) => `${width} px, ${colorScheme}: ${line}`);
};

await test(`axe: ${pages.length} pages, on phone or desktop, in light or dark: 0 violations`, async () => {
  const found = [];
  await inLanes(browser, { baseURL: base, locale: 'en-GB' }, [...pages.entries()], async (page, [index, { file }]) => {
    await page.goto(`/pages/${file}`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
    for (const view of viewsOf(index)) found.push(...(await look(page, view)).map((line) => `${file}, ${line}`));
  });
  assert.equal(found.length, 0, `${found.length} violations\n    ${found.slice(0, 40).join('\n    ')}`);
});

await test('axe: sees colours that are too weak, each in its own light', async () => {
  for (const [scheme, colour] of [['light', '#ddd'], ['dark', '#333']]) {
    const page = await browser.newPage();
    await page.goto(`${base}/pages/en/help-fresh.html`);
    assert.deepEqual(await look(page, [375, scheme]), []);
    await page.addStyleTag({ content: `h1 { color: ${colour} !important; }` });
    assert.match((await look(page, [375, scheme])).join(), /color-contrast/);
    await page.close();
  }
});

console.log(`axe looked ${looks} times`);
await finish();
