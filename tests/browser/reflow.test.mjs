// reflow.test.mjs: in every face and state: 320 px wide without scrolling sideways (WCAG 1.4.10; 1280 px at 400% is the same), text
// twice as large (1.4.4) and spaced out (1.4.12) with nothing cut off and nothing on top of anything else, targets large enough for a
// finger (2.5.8), and borders that stay when colours are forced.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { faces, inPairs, launch, still, withPage } from './browser.mjs';
import { faults, lostBorders, smallTargets, spacing } from './layout.mjs';
import { asleep, downStates, formsWithRtl, lateWithScript, lateWithout, makeSite, smallStates, statesOfNothing, statesWithScript, statesWithout, unsavedWithScript, unsavedWithdrawal, unsavedWithout, withdrawStates, withoutIntake } from './states.mjs';

const site = await makeSite();
const browser = await launch({ isShell: true });
let looks = 0;
let turn = 0;

/** The ways of looking at a state, a third of them by turns, all with AXE=all (make forms); each gives its faults. */
const ways = [
  { name: '320 px', width: 320, measure: async (page) => [...await faults(page), ...await smallTargets(page)] },
  { name: 'text at 200%, 375 px', width: 375, font: 32, measure: faults },
  { name: 'text at 200%, 1280 px', width: 1280, font: 32, measure: faults },
  { name: 'spaced text, 320 px', width: 320, css: spacing, measure: faults },
  { name: '1280 px', width: 1280, measure: async (page) => [...await faults(page), ...await smallTargets(page)] },
  { name: 'forced colours', width: 320, media: { forcedColors: 'active' }, measure: lostBorders },
];

const look = async (page, session, way) => {
  await page.setViewportSize({ width: way.width, height: 640 });
  await session.send('Page.setFontSizes', { fontSizes: { standard: way.font ?? 16 } });
  await page.emulateMedia({ forcedColors: 'none', ...way.media });
  // A style sheet of the test's own: the policy concerns what the page brings.
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css ?? '');
    document.adoptedStyleSheets = [sheet];
  }, way.css);
  if (way.font) assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px', 'text is twice as large');
  return way.measure(page);
};

const measure = async (page, js, walk) => {
  const session = await page.context().newCDPSession(page);
  const found = [];
  await walk(async (state) => {
    if (js) await still(page);
    turn++;
    for (const way of process.env.AXE === 'all' ? ways : ways.filter((_, i) => (i + turn) % 3 === 0)) {
      found.push(...(await look(page, session, way)).map((line) => `${state}, ${way.name}: ${line}`));
      looks++;
    }
    await look(page, session, { width: 375, measure: async () => [] });
  });
  assert.equal(found.length, 0, `${found.length} faults\n    ${found.join('\n    ')}`);
};

// Not a phone to the browser, which would make the page as wide as it likes and show it smaller.
const desk = { isMobile: false, hasTouch: true };
const everyFace = (name, js, walk, expected = []) => faces.map((face) => () => test(`reflow: ${face.name}, ${name}`, () => withPage(browser, site.instance, { js, locale: face.locale, ...desk }, async (page, watch) => {
  await measure(page, js, (seen) => walk(page, face, seen));
  for (const pattern of expected) watch.expect(pattern);
})));

await inPairs([
  ...everyFace('every step', true, (page, face, seen) => statesWithScript(page, site.practice, face, seen)),
  ...everyFace('nothing answered', true, (page, face, seen) => statesOfNothing(page, site.practice, face, seen), [/422/]),
  ...everyFace('without JavaScript', false, (page, face, seen) => statesWithout(page, site.practice, face, seen), [/422/]),
  ...everyFace('small pages', false, (page, face, seen) => smallStates(page, site, face, seen), [/404/, /422/]),
  ...everyFace('too late', true, (page, face, seen) => lateWithScript(page, site, face, seen), [/410/]),
  ...everyFace('too late, without JavaScript', false, (page, face, seen) => lateWithout(page, site, face, seen), [/410/]),
]);

// Of no event: in every language of the strings, one of them from right to left.
const rtl = await makeSite(formsWithRtl());
const everyLanguage = (name, walk, expected) => [...faces.map(({ path }) => ({ path, at: site })), { path: 'AR', at: rtl }].map(({ path, at }) => () => test(`reflow: ${path}, ${name}`, () => withPage(browser, at.instance, { js: false, ...desk }, async (page, watch) => {
  await measure(page, false, (seen) => walk(page, path, seen));
  watch.expect(expected);
})));
await inPairs(everyLanguage('taking answers back', withdrawStates, /422/));
await asleep(site.instance, 'spooler', () => asleep(rtl.instance, 'spooler', () => inPairs(everyLanguage('taking answers back, not saved', unsavedWithdrawal, /503/))));
await asleep(site.instance, 'spooler', () => inPairs([
  ...everyFace('not saved', true, (page, face, seen) => unsavedWithScript(page, site.practice, face, seen), [/503/]),
  ...everyFace('not saved, without JavaScript', false, (page, face, seen) => unsavedWithout(page, site.practice, face, seen), [/503/]),
]));

await test("reflow: nginx's page while intake is down", () => withPage(browser, site.instance, { js: false, ...desk }, async (page, watch) => {
  await page.goto(`/${site.practice}/EN`);
  await withoutIntake(site.instance, () => measure(page, false, (seen) => downStates(page, seen)));
  watch.expect(/502|503/);
}));

// The way out stays in sight where a form has it. It is never flush with the window's edge, and takes no more of it than scrolling leaves
// free for it (scroll-padding), so that nothing that is led to lies under it.
for (const path of [...faces.map((face) => face.path), 'AR']) {
  const at = path === 'AR' ? rtl : site;
  await test(`reflow: ${path}: the button that leaves, in sight while the page is scrolled`, () => withPage(browser, at.instance, desk, async (page) => {
    await page.goto(`/${at.practice}/${path}`);
    await page.locator('html.js').waitFor();
    const session = await page.context().newCDPSession(page);
    for (const way of ways.filter(({ css, media }) => !css && !media)) {
      const found = await look(page, session, { ...way, measure: () => page.evaluate(() => {
        scrollTo(0, document.documentElement.scrollHeight / 3);
        const bar = document.querySelector('.govuk-exit-this-page').getBoundingClientRect(), button = document.querySelector('.govuk-exit-this-page a').getBoundingClientRect();
        const padding = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
        return { isStuck: scrollY > bar.height && bar.top === 0, above: button.top - bar.top, below: bar.bottom - button.bottom, height: bar.height, padding };
      }) });
      assert(found.isStuck, `${way.name}: ${JSON.stringify(found)}`);
      assert(found.above >= 6 && found.below >= 6, `${way.name}: ${JSON.stringify(found)}`);
      assert(found.height <= found.padding && found.height <= 160, `${way.name}: ${JSON.stringify(found)}`);
    }
  }));
}

// Each row breaks the page in one way, and names what must be said of it.
const broken = [
  { css: '.calm { width: 400px; }', says: /scrolls sideways/ },
  { css: '.calm p { white-space: nowrap; overflow: hidden; }', says: /wider than its room/ },
  { css: '.help { height: 40px; overflow: hidden; }', says: /cut off/ },
  { css: '.calm { margin-bottom: -60px; }', says: /on top of each other/ },
  { css: '.help { height: 60px; }', says: /out of its frame/ },
  { css: 'summary, .foot a { display: block; height: 20px; }', says: /not 24/ },
  { css: '.calm { border: 0 !important; }', says: /no border/ },
];
for (const { css, says } of broken) {
  await test(`reflow: sees ${says.source}`, () => withPage(browser, site.instance, { js: false, ...desk }, async (page) => {
    await page.goto(`/${site.practice}/EN`);
    const session = await page.context().newCDPSession(page);
    const media = says.source === 'no border' ? { forcedColors: 'active' } : {};
    const found = await look(page, session, { width: 320, css, media, measure: async () => [...await faults(page), ...await smallTargets(page), ...(media.forcedColors ? await lostBorders(page) : [])] });
    assert.match(found.join('\n'), says);
  }));
}

console.log(`looked ${looks} times`);
await finish();
