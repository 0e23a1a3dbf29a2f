// modes.test.mjs: a sample of the gallery in every way of looking: nothing wider than a window of 320 px, nothing cut off or on top of
// anything else with large or spaced text or on paper, borders and the focus to be seen when colours are forced. Each page in half of the ways,
// by turns; in all of them with AXE=all (make gallery-axe).
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { launch } from '../browser/browser.mjs';
import { faults, lostBorders, smallTargets } from '../browser/layout.mjs';
import { inLanes, make, serve, ways, wear } from './pages.mjs';

const base = await serve();
const browser = await launch({ isShell: true });

// Every kind of question and every template, each in a language with long words and in the one from right to left.
const states = /\/(everything-(fresh|mistakes-[13]|thanks|late)|community-conversation-(fresh|nothing|thanks|closed|wales)|home-(receipt|not-found)|help-fresh|privacy-fresh|withdraw-(wrong|not-saved|done)|chooser-\w+)\.html$/;
const sample = make().filter(({ file, language }) => (['cy', 'ar'].includes(language) && states.test(file)) || /^en.*\/(everything-fresh|work-experience-\w+-fresh)|^nginx/.test(file));
const measures = { 320: [faults, smallTargets], 375: [faults], 768: [faults], 1280: [faults, smallTargets], 'large-375': [faults], 'spaced-320': [faults], print: [faults], 'forced-320': [faults, lostBorders] };

await test(`modes: ${sample.length} pages in ${Object.keys(measures).length} ways: nothing too wide, cut off, covered, too small or gone`, async () => {
  const found = [];
  await inLanes(browser, { baseURL: base, hasTouch: true }, [...sample.entries()], async (page, [index, { file }]) => {
    const session = await page.context().newCDPSession(page);
    await page.goto(`/pages/${file}`);
    for (const way of ways.filter(({ name }) => measures[name]).filter((_, i) => process.env.AXE === 'all' || (index + i) % 2 === 0)) {
      await wear(page, session, way);
      for (const measure of measures[way.name]) found.push(...(await measure(page)).map((line) => `${file}, ${way.name}: ${line}`));
    }
    await session.detach();
  });
  assert.equal(found.length, 0, `${found.length} faults\n    ${found.slice(0, 60).join('\n    ')}`);
});

/** Whether somebody sees where the keyboard is: an outline, or a shadow where colours are ours, on the control or on what stands for it. */
const seesFocus = (page) => page.evaluate(() => {
  const one = document.activeElement;
  if (one === document.body || one.closest('[aria-hidden="true"]')) return null;
  const places = [[one], [one, '::before'], [one.labels?.[0], null], [one.labels?.[0], '::before'], [one.labels?.[0], '::after'], [one.parentElement, null]];
  const isSeen = places.some(([element, part]) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element, part);
    if (boxShadow !== 'none' && !matchMedia('(forced-colors: active)').matches) return true;
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !/rgba\(.*, 0\)/.test(outlineColor);
  });
  return isSeen ? '' : `${one.localName}#${one.id}.${one.className}`;
});

for (const [name, media] of [['forced colours', { forcedColors: 'active' }], ['dark', { colorScheme: 'dark' }], ['light', {}]]) {
  await test(`modes: the focus is seen everywhere on the page with every kind of question, ${name}`, async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 740 } });
    await page.emulateMedia(media);
    await page.goto(`${base}/pages/en/everything-fresh.html`);
    const unseen = new Set();
    let steps = 0;
    for (let at = null; steps < 400; steps++) {
      await page.keyboard.press('Tab');
      at = await seesFocus(page);
      if (at) unseen.add(at);
      if (await page.evaluate(() => document.activeElement === document.body)) break;
    }
    assert(steps > 60, `only ${steps} steps`);
    assert.deepEqual([...unseen], []);
    await page.close();
  });
}

await finish();
