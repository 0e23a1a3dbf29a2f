// axe.test.mjs: axe-core finds nothing on any page of the gallery, with no rule switched off. Each is looked at on a phone and on a desktop,
// once in light and once in dark: every second page the other way round, so that each state is seen in all four in one language or
// another. AXE=all looks at each page four times (make gallery-axe).
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { axe, launch } from '../browser/browser.mjs';
import { inLanes, make, serve } from './pages.mjs';

const pages = make();
const base = await serve();
const browser = await launch();
const views = [[375, 'light'], [1280, 'dark'], [375, 'dark'], [1280, 'light']];
const viewsOf = (index) => (process.env.AXE === 'all' ? views : index % 2 ? views.slice(2) : views.slice(0, 2));
let looks = 0;

const look = async (page, [width, colorScheme]) => {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  looks++;
  return (await axe(page)).map((line) => `${width} px, ${colorScheme}: ${line}`);
};

await test(`axe: ${pages.length} pages, phone and desktop, light and dark: 0 violations`, async () => {
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
