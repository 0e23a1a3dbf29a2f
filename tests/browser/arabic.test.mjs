// arabic.test.mjs: the Community Conversation from right to left in real Chromium, with and without JavaScript: the whole way to the
// office; every page and state at 320 px; and where things stand: the chevron of Back, telephone numbers, the receipt, addresses and
// English titles keep their own direction inside Arabic sentences.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, scratch, test } from '../harness.mjs';
import { answer, fieldsOf, goOn, inPairs, launch, openSteps, plan, readForm, receiptOn, send, walk, walkToField, withPage } from './browser.mjs';
import { asleep, lateWithScript, lateWithout, makeSite, smallStates, statesOfNothing, statesWithScript, statesWithout, unsavedWithScript, unsavedWithdrawal, unsavedWithout, withdrawStates } from './states.mjs';

// The same form without the exit button, too: only such forms name their event.
const formsDir = scratch();
cpSync(join(root, 'forms'), formsDir, { recursive: true });
cpSync(join(formsDir, 'community-conversation'), join(formsDir, 'talk'), { recursive: true });
const formPath = join(formsDir, 'talk/form.yaml');
writeFileSync(formPath, readFileSync(formPath, 'utf8').replace('form: community-conversation', 'form: talk').replace(/^safety:.*\n/m, ''));

const face = { name: 'ar', path: 'AR', locale: 'ar-EG' };
const title = 'What next? (Part 2)';
const site = await makeSite();
const { instance } = site;
const journeys = instance.event('--practice');
const talks = await Instance.make({ formsDir, forms: [join(formsDir, 'talk')] });
const openTalk = talks.event('--title', title, '--practice');
const closedTalk = talks.event('--title', title, '--open');
talks.cli(['event', 'close', closedTalk]);
await talks.start();
const browser = await launch({ isShell: true });
const arabic = (options, run, where = instance) => withPage(browser, where, { locale: face.locale, ...options }, run);
const jobs = [];

/** Pieces of text on the page that PATTERN finds and that run from right to left: a line each. With what was found at all. */
const turned = (page, pattern) => page.evaluate(([source, flags]) => {
  const out = { found: 0, wrong: [] };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('.govuk-visually-hidden, textarea')) continue;
    for (const { index, 0: text } of node.data.matchAll(new RegExp(source, flags))) {
      const boxes = [...text].map((sign, i) => {
        const range = document.createRange();
        range.setStart(node, index + i);
        range.setEnd(node, index + i + 1);
        return range.getBoundingClientRect();
      });
      out.found++;
      const isOrdered = boxes.every((box, i) => i === 0 || !box.width || !boxes[i - 1].width || box.top > boxes[i - 1].top + 2 || box.left > boxes[i - 1].left - 1);
      if (!isOrdered) out.wrong.push(`${text} in “${node.data.trim().slice(0, 80)}”`);
    }
  }
  return out;
}, [pattern.source, pattern.flags]);

const numbers = /\d[\d ]*\d/g; // telephone numbers, also those within sentences
const latin = /[A-Za-z][\w.@’ -]*\w/g; // names, codes, addresses; brackets around them belong to the Arabic

/** What must be so on every page. */
const look = (page, js) => async (name) => {
  const { lang, dir, width, room, loose, physical } = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    width: document.scrollingElement.scrollWidth,
    room: document.documentElement.clientWidth,
    loose: Array.from(document.querySelectorAll('.help__number, .help__web, .receipt__code, #code, #receipt')).filter((one) => one.dir !== 'ltr' || getComputedStyle(one).direction !== 'ltr' || !/isolate/.test(getComputedStyle(one).unicodeBidi)).map((one) => one.outerHTML),
    physical: Array.from(document.querySelectorAll('main h1, main h2, main p, main legend, main li, main dt')).filter((one) => one.checkVisibility() && !one.closest('[dir="auto"], [dir="ltr"], [lang]:not(html)') && /^(left|justify)$/.test(getComputedStyle(one).textAlign)).map((one) => one.outerHTML.slice(0, 100)),
  }));
  assert.deepEqual([lang, dir], ['ar', 'rtl'], name);
  assert(width <= room, `${name} scrolls sideways: ${width} in ${room}`);
  assert.deepEqual(loose, [], `${name}: numbers and codes by themselves`);
  assert.deepEqual(physical, [], `${name}: texts that begin on the left`);
  for (const pattern of [numbers, latin]) assert.deepEqual((await turned(page, pattern)).wrong, [], `${name}: turned round`);
  if (js && await page.locator('.govuk-back-link').isVisible()) {
    // Its two edges meet in the lower left corner of a square, which is then turned.
    const [x, y] = await page.evaluate(() => {
      const style = getComputedStyle(document.querySelector('.govuk-back-link'), '::before');
      const { a, b, c, d } = new DOMMatrix(style.transform);
      return [-a + c, -b + d];
    });
    assert(x > 1 && Math.abs(y) < 0.01, `${name}: the chevron of Back points right: ${x}, ${y}`);
  }
};

// ---- every page and state, 320 px wide --------------------------------------------------------------------------------

const narrow = { viewport: { width: 320, height: 640 } };
const states = (name, js, run, expected) => test(`arabic: ${name}`, () => arabic({ ...narrow, js }, async (page, watch) => {
  await run(page, look(page, js));
  if (expected && watch.problems.length) watch.expect(expected);
}));
const refused = /status of (4\d\d|503)/;

jobs.push(
  () => states('the form, a step at a time', true, (page, see) => statesWithScript(page, site.practice, face, see)),
  () => states('nothing answered, with the script', true, (page, see) => statesOfNothing(page, site.open, face, see), refused),
  () => states('the one page', false, (page, see) => statesWithout(page, site.open, face, see), refused),
  () => states('pages without a form', false, (page, see) => smallStates(page, site, face, async (name) => {
    if (name !== 'chooser') await see(name); // in Welsh and English, the languages of Wales
  }), refused),
  () => states('taking back', false, (page, see) => withdrawStates(page, 'AR', see), refused),
  () => states('too late, with the script', true, (page, see) => lateWithScript(page, site, face, see), refused),
  () => states('too late, the one page', false, (page, see) => lateWithout(page, site, face, see), refused),
);

// ---- the whole way ----------------------------------------------------------------------------------------------------

const sent = [];
for (const js of [true, false]) {
  jobs.push(() => test(`arabic: every question answered, ${js ? 'with' : 'without'} JavaScript, and thanked`, () => arabic({ js }, async (page) => {
    if (js) await openSteps(page, `/${journeys}/AR`);
    else await page.goto(`/${journeys}/AR`);
    const questions = await readForm(page);
    const answers = plan(questions, Number(js), `نريد وقتًا أطول، و2 more things (${js})`);
    if (js) await walk(page, answers);
    else for (const field of fieldsOf(questions)) await answer(page, field, answers[field.name]);
    await send(page);
    await look(page, js)('thanks');
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
    assert.match(await receiptOn(page), /^[0-9A-Z]{4} /);
    const typed = page.locator('main dd', { hasText: 'نريد' });
    assert.equal(await typed.evaluate((one) => getComputedStyle(one.querySelector('p') ?? one).direction), 'rtl', 'what was typed has its own direction');
    sent.push({ js, questions, answers });
  })));
}
await inPairs(jobs);

const exported = await instance.filed(journeys, 2);
for (const { js, questions, answers } of sent) {
  await test(`arabic: ${js ? 'with' : 'without'} JavaScript: the office has every answer as it was given`, () => {
    const given = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== ''));
    const half = (isApart) => Object.fromEntries(fieldsOf(questions).filter((field) => field.isApart === isApart).map(({ name }) => [name, answers[name]]));
    const row = exported.responses.find(({ next }) => next === answers.next);
    assert.deepEqual(row && given(row), half(false));
    const apart = exported['about-you'].map((other) => JSON.stringify(Object.entries(given(other)).sort()));
    assert(apart.includes(JSON.stringify(Object.entries({ language: 'ar', mode: 'phone', ...half(true) }).sort())), apart.join('\n'));
  });
}

// ---- mixed directions -------------------------------------------------------------------------------------------------

await test('arabic: what would be turned round is seen to be', () => arabic({ js: false }, async (page) => {
  await page.goto('/help/AR');
  const { found, wrong } = await turned(page, numbers);
  assert(found > 15 && wrong.length === 0, `${found} numbers: ${wrong}`);
  // The numbers within sentences without their signs, as they would come out of careless hands.
  await page.evaluate(() => {
    for (const note of document.querySelectorAll('.help__note')) note.textContent = note.textContent.replace(/[\u2066\u2069]/g, '');
  });
  assert.equal((await turned(page, numbers)).wrong.length, 2, 'one for text messages, one for a textphone');
}));

await test('arabic: the number in the privacy notice, and its articles, keep their order', () => arabic({ js: false }, async (page) => {
  await page.goto('/privacy/AR');
  for (const text of ['0303 123 1113', 'ico.org.uk', '6(1)(e)', '9(2)(g)', 'dataprotectionofficer@cps.gov.uk']) {
    const { found, wrong } = await turned(page, new RegExp(text.replace(/[.()]/g, '\\$&'), 'g'));
    assert(found > 0 && wrong.length === 0, `${text}: ${found} found, turned: ${wrong}`);
  }
}));

await test('arabic: an English title is isolated, its question mark and brackets stay on its own right', () => arabic({ js: false, viewport: { width: 1280, height: 900 }, isMobile: false }, async (page) => {
  for (const path of [`/${openTalk}/AR`, `/${closedTalk}/AR`]) {
    await page.goto(path);
    assert((await page.locator('main').textContent()).includes(`\u2068${title}\u2069`), path);
    const { found, wrong } = await turned(page, new RegExp(title.replace(/[?()]/g, '\\$&'), 'g'));
    assert(found === 1 && wrong.length === 0, `${path}: ${found}, ${wrong}`);
  }
}, talks));

await test('arabic: the counter asks for the form that the number wants', () => arabic({}, async (page) => {
  await openSteps(page, `/${site.practice}/AR`);
  await goOn(page);
  await walkToField(page, 'next');
  const said = async (length) => {
    await page.locator('#next').fill('ن'.repeat(length));
    return page.locator('.question:not([hidden]) .govuk-character-count__message').textContent();
  };
  for (const [length, words] of [[900, 'بقي لكم 100 حرف'], [989, 'بقي لكم 11 حرفًا'], [997, 'بقي لكم 3 أحرف'], [998, 'بقي لكم حرفان'], [999, 'بقي لكم حرف واحد'], [1000, 'لم يبقَ لكم أي حرف'], [1002, 'زاد نصكم حرفين على الحد'], [1011, 'زاد نصكم 11 حرفًا على الحد']]) assert.equal(await said(length), words);
}));

await test('arabic: while nothing can be saved', () => asleep(instance, 'spooler', async () => {
  await arabic({ ...narrow }, async (page, watch) => {
    await unsavedWithScript(page, site.open, face, look(page, true));
    watch.expect(refused);
  });
  await arabic({ ...narrow, js: false }, async (page, watch) => {
    await unsavedWithout(page, site.open, face, look(page, false));
    await unsavedWithdrawal(page, 'AR', look(page, false));
    watch.expect(refused);
  });
}));

await finish();
