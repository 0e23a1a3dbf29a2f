// plain.test.mjs: the pages without any style, as a browser shows them that gets none: every word once, in an order that makes sense, each
// group beside its name, and nothing that styles alone would have hidden. With the script and without.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { makeEverything, opening } from '../everything.mjs';
import { answerVisible, goOn, inPairs, launch, openSteps, plan, readForm, sendButton, step, thanked, visibleFields, withPage } from './browser.mjs';

const { instance, events } = await makeEverything({ only: ['community-conversation', 'everything'] });
await instance.start();
const browser = await launch({ isShell: true });
const codeOf = (form) => events.find((one) => one.form === form && one.place === 'england').code;
const jobs = [];
// --picture FILE: the one page as it looks.
const picture = process.argv[process.argv.indexOf('--picture') + 1];

/** RUN(page) with a page that no style reaches. */
const unstyled = (name, options, run) => jobs.push(() => test(`plain: ${name}`, () => withPage(browser, instance, { isMobile: false, hasTouch: false, ...options }, async (page, watch) => {
  let blocked = 0;
  await page.route(/\.css$/, (route) => {
    blocked++;
    return route.abort();
  });
  await run(page, watch);
  assert(blocked > 0, 'there was a style');
  watch.expect(/ERR_FAILED/);
})));

/** What is wrong with the page as it stands: lines of text that would be read twice, that eyes see and ears do not, or that have no room;
 * legends and labels that do not stand right before what they name. */
const faults = (page) => page.evaluate(() => {
  const found = [];
  const spaced = (text) => text.replace(/\s+/g, ' ').trim();
  const isShown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  // What only eyes get must be said by something else, and be short.
  for (const one of document.querySelectorAll('[aria-hidden="true"]')) {
    const text = spaced(one.textContent);
    if (text && isShown(one) && !one.closest('svg')) found.push(`seen and not heard: ${one.className || one.localName} “${text}”`);
  }
  for (const one of document.querySelectorAll('template')) if (isShown(one)) found.push('a template is shown');
  for (const one of document.querySelectorAll('svg')) if (isShown(one) && Math.max(one.getBoundingClientRect().height, one.getBoundingClientRect().width) > 60) found.push(`a picture of ${Math.round(one.getBoundingClientRect().width)} by ${Math.round(one.getBoundingClientRect().height)} pixels: ${one.getAttribute('class')}`);
  // A group begins with its name; a label stands beside its control.
  for (const group of document.querySelectorAll('fieldset')) {
    if (!isShown(group)) continue;
    const first = group.firstElementChild;
    if (first.localName !== 'legend') found.push(`a group without a name: ${group.className}`);
    else if (!isShown(first)) found.push(`a name that is not seen: ${spaced(first.textContent)}`);
  }
  for (const control of document.querySelectorAll('.question input, .question textarea, .question select')) {
    if (!isShown(control)) continue;
    const [label] = control.labels;
    if (!label || !isShown(label)) {
      found.push(`no label to be seen: ${control.id}`);
      continue;
    }
    const a = control.getBoundingClientRect(), b = label.getBoundingClientRect();
    const gap = Math.max(a.top - b.bottom, b.top - a.bottom, 0);
    if (gap > 140) found.push(`“${spaced(label.textContent)}” stands ${Math.round(gap)} pixels away from its field`);
  }
  // In the order of the page from top to bottom.
  let last = -Infinity;
  for (const one of document.querySelectorAll('h1, h2, h3, .question, button[type="submit"], footer')) {
    if (!isShown(one)) continue;
    const { top } = one.getBoundingClientRect();
    if (top < last - 1) found.push(`out of order: ${spaced(one.textContent).slice(0, 40)}`);
    last = top;
  }
  // No line twice, one after the other. A choice may come again with the next statement.
  const lines = document.body.innerText.split('\n').map(spaced).filter(Boolean);
  lines.forEach((line, i) => { if (line === lines[i - 1] && line.length > 2) found.push(`twice: “${line}”`); });
  return found;
});

const none = async (page, where, known = []) => assert.deepEqual((await faults(page)).filter((one) => !known.some((pattern) => pattern.test(one))), [], where);

// The ends of a scale are heard with its first and last point; the head of a grid with each of its choices. The button that Enter presses
// stands before those of the languages. All may stay to be seen.
const known = [
  /^seen and not heard: (scale__end|grid__head) “/, /^seen and not heard: govuk-visually-hidden “(Send my answers|إرسال إجاباتي)”$/,
];

unstyled('everything on one page, without JavaScript', { js: false }, async (page, watch) => {
  await page.goto(`/${codeOf('everything')}/EN`);
  if (process.argv.includes('--picture')) await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: 375, height: 3000 } });
  await none(page, 'one page', known);
  const text = await page.locator('body').innerText();
  const places = ['Skip to the main part', 'The tea party', 'This is not for reporting a crime', 'One of each', 'When was the party?', 'Which tea did you have?', 'Black tea', 'How likely are you to come again?', 'Before, and now', 'About you', 'Send my answers', 'Privacy'].map((one) => text.lastIndexOf(one));
  assert.deepEqual(places, [...places].sort((a, b) => a - b), 'the order of the words');
  assert(places[0] >= 0);
  await sendButton(page).click();
  await page.locator('.govuk-error-summary').waitFor();
  await none(page, 'mistakes', known);
  watch.expect(/422/);
});

for (const [form, face] of [['everything', 'EN'], ['community-conversation', 'AR']]) {
  unstyled(`${form} in ${face}, step by step`, {}, async (page) => {
    await openSteps(page, `/${codeOf(form)}/${face}`);
    await none(page, 'welcome', known);
    await goOn(page);
    const questions = await readForm(page);
    const answers = form === 'everything' ? { ...opening, must_one: 'yes', must_rate: '1', must_grid_cat: 'no', must_grid_hare: 'yes' } : plan(questions, 1, 'Answer');
    const kinds = new Set();
    for (let at = await step(page); at !== 'check'; at = await step(page)) {
      // Each kind of question once.
      const kind = JSON.stringify(questions.find(({ id }) => id === at)?.fields.map(({ type, choices }) => [type, choices.length > 6]) ?? at);
      if (!kinds.has(kind)) await none(page, at, known);
      kinds.add(kind);
      // A card that can be touched anywhere is the work of styles.
      const isTicked = ({ type }) => ['radio', 'checkbox'].includes(type);
      const fields = questions.flatMap((question) => question.fields).filter(({ name }) => answers[name] !== undefined);
      for (const name of await visibleFields(page)) {
        const field = fields.find((one) => one.name === name && isTicked(one));
        for (const { id } of field?.choices.filter(({ value }) => [].concat(answers[name]).includes(value)) ?? []) await page.locator(`[id="${id}"]`).check();
      }
      await answerVisible(page, Object.fromEntries(fields.filter((one) => !isTicked(one)).map(({ name }) => [name, answers[name]])));
      if (['words', 'next'].some((name) => at.endsWith(`-${name}`)) && await page.locator('textarea:visible').count()) {
        // Near the end of the room, once what is left has been said.
        const field = page.locator('textarea:visible').first(), given = await field.inputValue();
        const most = Number(await page.locator('.govuk-character-count[data-maxlength]:visible').first().getAttribute('data-maxlength'));
        await field.fill('x'.repeat(most - 5));
        await page.waitForFunction(() => Array.from(document.querySelectorAll('.govuk-character-count [role="status"]')).some((one) => one.textContent));
        await page.waitForFunction(() => !Array.from(document.querySelectorAll('.govuk-character-count [role="status"]')).some((one) => one.textContent));
        await none(page, `${at}, nearly full`, known);
        await field.fill(given);
      }
      // Not by a click: one more step is one more line above the button here, just when it is pressed.
      await page.locator('.next__on').press('Enter');
      assert.notEqual(await step(page), at, `Continue leads on from ${at}: ${await page.locator('.govuk-error-summary').allInnerTexts()}`);
    }
    await none(page, 'check', known);
    await sendButton(page).click();
    await thanked(page).waitFor();
    await none(page, 'thanks', known);
  });
}
await inPairs(jobs);
await finish();
