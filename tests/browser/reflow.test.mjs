// reflow.test.mjs: in every face and state: 320 px wide without scrolling sideways (WCAG 1.4.10; 1280 px at 400% is the same), text
// twice as large (1.4.4) and spaced out (1.4.12) with nothing cut off and nothing on top of anything else, targets large enough for a
// finger (2.5.8), and borders that stay when colours are forced.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { faces, inPairs, launch, still, withPage } from './browser.mjs';
import { asleep, downStates, formsWithRtl, lateWithScript, lateWithout, makeSite, smallStates, statesOfNothing, statesWithScript, statesWithout, unsavedWithScript, unsavedWithdrawal, unsavedWithout, withdrawStates, withoutIntake } from './states.mjs';

const site = await makeSite();
const browser = await launch();
let looks = 0;

/** What is wrong with how the page is laid out now: a line for each place. */
const faults = (page) => page.evaluate(() => {
  const out = [];
  const name = (element) => `${element.localName}${element.id ? `#${element.id}` : ''}${element.className?.trim ? `.${element.className.trim().replace(/\s+/g, '.')}` : ''} "${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}"`;
  const root = document.documentElement;
  const width = root.clientWidth;
  if (document.scrollingElement.scrollWidth > width) out.push(`scrolls sideways: ${document.scrollingElement.scrollWidth} in ${width}`);
  for (const one of [root, document.body]) if (/hidden|clip/.test(getComputedStyle(one).overflowX)) out.push(`${one.localName} hides what is too wide`);

  // Words, a rectangle a line; those that are only heard are one pixel wide, those that stick may lie over others.
  const isHeard = (element) => element.closest('.govuk-visually-hidden, .govuk-skip-link:not(:focus)');
  const sticks = (element) => {
    for (let one = element; one; one = one.parentElement) if (['sticky', 'fixed'].includes(getComputedStyle(one).position)) return true;
    return false;
  };
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility() || isHeard(parent) || parent.closest('textarea')) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      if (!box.width) continue;
      if (box.left < -1 || box.right > width + 1) out.push(`outside the window, ${Math.round(box.left)} to ${Math.round(box.right)}: ${name(parent)}`);
      // Whoever cuts off or frames it must hold it.
      for (let one = parent; one && one !== document.body; one = one.parentElement) {
        const style = getComputedStyle(one);
        const frame = one.getBoundingClientRect();
        const cuts = style.overflowX !== 'visible' || style.overflowY !== 'visible';
        const drawn = (side) => style.display !== 'inline' && style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) > 0;
        const slack = box.height / 4; // fonts reach a little beyond their line
        const isOutside = ((cuts || drawn('Left')) && box.left < frame.left - 1) || ((cuts || drawn('Right')) && box.right > frame.right + 1) ||
          ((cuts || drawn('Top')) && box.top < frame.top - slack) || ((cuts || drawn('Bottom')) && box.bottom > frame.bottom + slack);
        if (isOutside) {
          out.push(`${cuts ? 'cut off' : 'out of its frame'}: ${name(parent)} in ${name(one)}`);
          break;
        }
      }
      if (!sticks(parent)) lines.push({ parent, left: box.left, right: box.right, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4 });
    }
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((a, i) => {
    for (const b of lines.slice(i + 1)) {
      if (b.top >= a.bottom) break;
      if (a.parent !== b.parent && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2) out.push(`on top of each other: ${name(a.parent)} and ${name(b.parent)}`);
    }
  });
  for (const one of new Set(lines.map(({ parent }) => parent))) {
    if (!one.clientWidth) continue;
    if (one.scrollWidth > one.clientWidth + 1) out.push(`wider than its room by ${one.scrollWidth - one.clientWidth}: ${name(one)}`);
  }
  return Array.from(new Set(out));
});

/** Targets that a finger may miss. Links within a sentence may be as low as their line (2.5.8, inline). */
const smallTargets = (page) => page.evaluate(() => {
  const out = [];
  for (const one of document.querySelectorAll('a[href], button, textarea, summary, label, input:not([type="hidden"])')) {
    if (!one.checkVisibility() || one.closest('.govuk-visually-hidden, .govuk-skip-link')) continue;
    if (one.localName === 'label' && !one.matches('.govuk-radios__label, .govuk-checkboxes__label')) continue;
    if (['radio', 'checkbox'].includes(one.type)) continue; // their cards are measured
    const least = one.localName === 'label' ? 44 : 24;
    const { width, height } = one.getBoundingClientRect();
    const isInline = one.localName === 'a' && one.parentElement.localName === 'p' && one.parentElement.textContent.trim() !== one.textContent.trim();
    if ((width < least || height < least) && !isInline) out.push(`${Math.round(width)} by ${Math.round(height)}, not ${least}: ${one.localName}.${one.className} "${one.textContent.trim().slice(0, 40)}"`);
  }
  return out;
});

/** What can no longer be told apart when the colours are the person's own. */
const lostBorders = (page) => page.evaluate(() => {
  const out = [];
  const seen = (colour, ground) => !/rgba\(.*, 0\)|transparent/.test(colour) && colour !== ground;
  const ground = getComputedStyle(document.body).backgroundColor;
  if (!matchMedia('(forced-colors: active)').matches) out.push('colours are not forced');
  for (const one of document.querySelectorAll('.govuk-radios__label, .govuk-checkboxes__label, .govuk-button, textarea, input[type="text"], .calm, .help, .receipt, .not-saved, .govuk-error-summary, .govuk-inset-text')) {
    if (!one.checkVisibility() || one.closest('.govuk-visually-hidden')) continue;
    const style = getComputedStyle(one);
    if (style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1 || !seen(style.borderTopColor, ground)) out.push(`no border: ${one.localName}.${one.className}`);
    if (one.control && ['radio', 'checkbox'].includes(one.control.type)) {
      const ring = getComputedStyle(one, '::before');
      const mark = getComputedStyle(one, '::after');
      if (parseFloat(ring.borderTopWidth) < 1 || !seen(ring.borderTopColor, style.backgroundColor)) out.push(`no ring or box: ${one.textContent}`);
      const isMarked = mark.opacity === '1' && parseFloat(mark.borderLeftWidth) > 0 && seen(mark.borderLeftColor, style.backgroundColor);
      if (isMarked !== one.control.checked) out.push(`${one.control.checked ? 'its mark is gone' : 'a mark on what is not chosen'}: ${one.textContent}`);
    }
  }
  const marks = Array.from(document.querySelectorAll('.depth li')).map((one) => getComputedStyle(one).backgroundColor + getComputedStyle(one).borderTopColor + getComputedStyle(one).borderTopStyle);
  const on = document.querySelectorAll('.depth .on').length;
  if (on && on < marks.length && marks[0] === marks.at(-1)) out.push('how far one has come cannot be seen');
  return out;
});

const spacing = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }';

/** Every way of looking at a state; each gives its faults. */
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
    for (const way of ways) {
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
