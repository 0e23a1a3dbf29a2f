// browser.mjs: what the browser tests share: real Chromium, pages that fail on whatever a browser complains of, a way to read any
// form off its page and to answer it with answers of one's own, and axe.
//
// Pages run under the real content security policy. What a test looks up itself goes through the browser's own debugging door,
// which the policy does not concern; that holds with JavaScript off, too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { atEnd } from '../harness.mjs';

export const faces = [
  { name: 'en', path: 'EN', locale: 'en-GB' },
  { name: 'cy', path: 'CY', locale: 'cy-GB' },
  { name: 'en-x-easy', path: 'EN-X-EASY', locale: 'en-GB' },
];
export const phone = { width: 375, height: 740 };

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts Chromium; it goes at the end. HAS_BFCACHE: pages stay in memory for Back, as on a phone. IS_SHELL: for tests of what pages do rather
 *  than of what a browser does with them (Back, focus between windows, sound, what it keeps): Chromium's headless shell is the same engine
 *  without the browser around it, in two thirds of the time. CHROMIUM=/usr/bin/chromium takes the whole one for all. */
export const launch = async ({ hasBfcache = false, isShell = false } = {}) => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? (isShell ? '/usr/bin/chromium-headless-shell' : '/usr/bin/chromium'),
    args: quiet,
    ignoreDefaultArgs: hasBfcache ? ['--disable-back-forward-cache'] : [],
  });
  atEnd(() => browser.close());
  return browser;
};

/** What a test may see of a page's complaints: those that it expects it takes away by a pattern, none may be left. */
class Watch {
  constructor(context, base) {
    this.problems = [];
    this.hosts = [new URL(base).host];
    context.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type())) this.problems.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.problems.push(`page error: ${error.error().stack}`));
    context.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:' && !this.hosts.includes(host)) this.problems.push(`request to another host: ${request.url()}`);
    });
    context.on('page', (page) => page.on('crash', () => this.problems.push('the page crashed')));
  }

  /** There must have been a complaint like PATTERN; it is dealt with. */
  expect(pattern) {
    const count = this.problems.length;
    this.problems = this.problems.filter((problem) => !pattern.test(problem));
    assert(this.problems.length < count, `expected the browser to say ${pattern}`);
  }

  quiet() {
    assert.deepEqual(this.problems, [], 'what the browser complained of');
  }
}

/** RUN(page, watch) with a page of its own: phone size, nothing remembered; fails on any complaint that is left at the end, and after MINUTES. */
export const withPage = async (browser, instance, { js = true, bfcache = false, minutes = 2, ...options }, run) => {
  const context = await browser.newContext({
    baseURL: instance.base, viewport: phone, isMobile: true, hasTouch: true, javaScriptEnabled: js, locale: 'en-GB', ...options,
  });
  context.setDefaultTimeout(20000);
  const watch = new Watch(context, instance.base);
  // Closing it makes whatever hangs fail.
  const limit = setTimeout(() => {
    watch.problems.push(`the test took more than ${minutes} minutes`);
    context.close();
  }, minutes * 60000);
  try {
    const result = await run(await context.newPage(), watch);
    watch.quiet();
    return result;
  } catch (error) {
    if (watch.problems.length) error.message += `\nThe browser said:\n${watch.problems.join('\n')}`;
    throw error;
  } finally {
    clearTimeout(limit);
    await context.close();
  }
};

/** Runs JOBS two at a time: what a machine with two processors does well. */
export const inPairs = async (jobs) => {
  const lane = async () => {
    while (jobs.length) await jobs.shift()();
  };
  await Promise.all([lane(), lane()]);
};

// ---- a form, read off its page --------------------------------------------------------------------------------------

/** The questions on the page as it stands, asked or not, in order. A field's type: radio, checkbox, rank, text, integer, decimal, date,
 * or refusal ("Prefer not to say" beside one of the last five); its choices: of a rank what is put in order, of a date the three parts. */
export const readForm = (page) => page.evaluate(() => Array.from(document.querySelectorAll('.question')).map((block) => {
  const fields = new Map();
  const typeOf = (control) => {
    if (control.dataset.behaviour === 'refusal') return 'refusal';
    return ['radio', 'checkbox'].includes(control.type) ? control.type : block.dataset.kind || 'text';
  };
  for (const control of block.querySelectorAll('input, textarea, select')) {
    const [name, part] = control.name.split('.');
    const { min, max, decimals } = { ...control.dataset, ...control.closest('.govuk-date-input')?.dataset };
    const most = control.closest('.govuk-character-count')?.dataset.maxlength ?? max;
    if (!fields.has(name)) fields.set(name, { name, type: typeOf(control), choices: [], min, max: most, decimals });
    fields.get(name).choices.push({
      id: control.id, value: part ?? control.value, isExclusive: control.dataset.behaviour === 'exclusive', label: control.labels[0].textContent.trim(),
    });
  }
  return {
    id: block.id,
    isApart: block.closest('.part').classList.contains('part--apart'),
    rule: block.dataset.relevant ? JSON.parse(block.dataset.relevant) : null,
    fields: Array.from(fields.values()),
  };
}));

export const fieldsOf = (questions) => questions.flatMap(({ fields, isApart }) => fields.map((field) => ({ ...field, isApart })));

/** The answers that a rule asks for: { easy: ['hard', 'very_hard'] }. */
const wantedBy = (rule, wanted = {}) => {
  if (!Array.isArray(rule)) return wanted;
  const [operator, left, right] = rule;
  if (operator === '=' && Array.isArray(left) && left[0] === 'q') (wanted[left[1]] ??= []).push(right);
  else rule.slice(1).forEach((part) => wantedBy(part, wanted));
  return wanted;
};

const dayAfter = (date, days) => new Date(Date.parse(date) + days * 86400000).toISOString().slice(0, 10);

/** Something between a field's limits. */
const typedFor = ({ name, type, min, max }, turn, text) => {
  if (type === 'date') {
    const date = dayAfter(min ?? '2001-02-03', turn % 28);
    return max && date > max ? max : date;
  }
  if (type === 'text') return `${text} (${name})`.slice(0, Number(max) - (/[\ud800-\udbff]$/.test(`${text} (${name})`.slice(0, Number(max))) ? 1 : 0));
  const least = Number(min ?? 1), most = Number(max ?? least + 50);
  return String(Math.min(most, type === 'integer' ? least + (turn % (most - least + 1)) : Math.ceil(least) + (turn % 3) + 0.5));
};

/** An answer to every field but refusals, by name: a value; a list of values, in the page's order or of a rank with the best first; what
 * is typed, of a date as 2026-03-27. Another SEED gives other answers; those that conditional questions hang on are such that all of them
 * are asked. */
export const plan = (questions, seed, text = `Answer ${seed}`) => {
  const wanted = questions.reduce((all, { rule }) => wantedBy(rule, all), {});
  return Object.fromEntries(fieldsOf(questions).filter(({ type }) => type !== 'refusal').map((field, i) => {
    const { name, type, choices } = field;
    const values = choices.map(({ value }) => value);
    const turn = seed + i;
    if (type === 'radio') {
      const open = wanted[name] ? values.filter((value) => wanted[name].includes(value)) : values;
      return [name, open[turn % open.length]];
    }
    if (type === 'checkbox') {
      const alone = choices.find(({ isExclusive }) => isExclusive);
      if (alone && turn % 4 === 3) return [name, [alone.value]];
      const free = choices.filter(({ isExclusive }) => !isExclusive).map(({ value }) => value);
      return [name, free.filter((_, k) => [turn % free.length, (turn + 2) % free.length].includes(k))];
    }
    if (type === 'rank') return [name, [...values.slice(turn % values.length), ...values.slice(0, turn % values.length)]];
    return [name, typedFor(field, turn, text)];
  }));
};

/** Touches the card of a choice. */
export const touch = (page, id) => page.locator(`.govuk-radios__item:has(> [id="${id}"]), .govuk-checkboxes__item:has(> [id="${id}"])`).click();

/** Gives the choices of a rank their places: by the buttons, or without the script by the lists. */
const putInOrder = async (page, field, codes) => {
  for (const [i, code] of codes.entries()) {
    const { id } = field.choices.find(({ value }) => value === code);
    const button = page.locator(`.rank__item:has(> [id="${id}"]) .rank__toggle`);
    if (await button.count()) await button.click();
    else await page.locator(`[id="${id}"]`).selectOption(String(i + 1));
  }
};

/** Answers one field as a person does. */
export const answer = async (page, field, given) => {
  if (['text', 'integer', 'decimal'].includes(field.type)) return page.locator(`[id="${field.name}"]`).fill(given);
  if (field.type === 'rank') return putInOrder(page, field, given);
  if (field.type === 'date') {
    const [year, month, day] = given.split('-').map((part) => String(Number(part)));
    for (const [i, part] of [day, month, year].entries()) await page.locator(`[id="${field.choices[i].id}"]`).fill(part);
    return null;
  }
  for (const choice of field.choices) if ([].concat(given).includes(choice.value)) await touch(page, choice.id);
};

/** The names of the fields that can be seen, in order. */
export const visibleFields = (page) => page.evaluate(() => Array.from(new Set(Array.from(document.querySelectorAll('.question input, .question textarea, .question select'))
  .filter((control) => (control.closest('.rank__item') ?? control).checkVisibility()).map((control) => control.name.split('.')[0]))));

/** Answers every field that can be seen, and those that come in sight by it. Gives their names. */
export const answerVisible = async (page, answers) => {
  const fields = fieldsOf(await readForm(page));
  const done = [];
  for (;;) {
    const visible = await visibleFields(page);
    const name = visible.find((one) => !done.includes(one) && answers[one] !== undefined);
    if (!name) return done;
    await answer(page, fields.find((field) => field.name === name), answers[name]);
    done.push(name);
  }
};

// ---- with the script: a step at a time ------------------------------------------------------------------------------

/** Opens a form and waits until the script has it. */
export const openSteps = async (page, path) => {
  await page.goto(path);
  await page.locator('html.js').waitFor();
};

/** The step that is shown: the name of its question or group; "" before the first, "check" at the end. */
export const step = (page) => page.locator('[name="at"]').inputValue();

export const goOn = (page) => page.locator('.next__on').click();

/** Waits until the step NAME is shown. */
export const reached = (page, name) => page.waitForFunction((wanted) => document.querySelector('[name="at"]')?.value === wanted, name);

/** Goes on from where PAGE is to the check page, with ANSWERS. EACH(step) runs at every step, when it is answered. */
export const walk = async (page, answers, each = async () => {}) => {
  for (let at = await step(page); at !== 'check'; at = await step(page)) {
    await answerVisible(page, answers);
    await each(at);
    await goOn(page);
    assert.notEqual(await step(page), at, 'Continue leads on');
  }
};

/** Goes on, answering nothing, until the field NAME can be seen. */
export const walkToField = async (page, name) => {
  while (!(await visibleFields(page)).includes(name)) {
    assert.notEqual(await step(page), 'check', `the field ${name} is asked`);
    await goOn(page);
  }
};

/** Goes on, answering nothing, to the step NAME. */
export const walkTo = async (page, name) => {
  for (let at = await step(page); at !== name; at = await step(page)) {
    assert.notEqual(at, 'check', `there is a step ${name}`);
    await goOn(page);
  }
};

export const sendButton = (page) => page.locator('#send button');

/** The heading of the thank-you page. */
export const thanked = (page) => page.locator('h1.thanks');

/** Sends, and waits to be thanked. */
export const send = async (page) => {
  await sendButton(page).click();
  await thanked(page).waitFor();
};

/** The receipt on the thank-you page, shown or not. */
export const receiptOn = async (page) => (await page.locator('main .receipt__code').textContent()).trim();

/** Every answer that stands in the page: ticked, typed, a place chosen; with the names of its controls. */
export const filledIn = (page) => page.evaluate(() => Array.from(document.querySelectorAll('.question input, .question textarea, .question select'))
  .filter((control) => (['radio', 'checkbox'].includes(control.type) ? control.checked : control.value)).map((control) => [control.name, control.value]));

// ---- axe ------------------------------------------------------------------------------------------------------------

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Lets what a test brings along (axe) use timers on a page without JavaScript, while RUN runs. The page's own script has had its
 * chance by then, and has none afterwards. */
const awake = async (page, run) => {
  const session = await page.context().newCDPSession(page);
  for (const value of [true, false]) await session.send('Emulation.setScriptExecutionDisabled', { value });
  const result = await run();
  await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  return result;
};

/** Waits until nothing fades any more, at the top of the page (further down something always lies half under what sticks). */
export const still = (page) => page.evaluate(async () => {
  scrollTo(0, 0);
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
});

/** What axe finds on the page as it is: a line for each violation and place. No rule is switched off. */
export const axe = async (page, { js = true } = {}) => {
  const look = async () => {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
    await still(page);
    return page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }), axeTags);
  };
  const { violations, passes } = js ? await look() : await awake(page, look);
  assert(passes.length > 5, 'axe has looked at the page');
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}\n      ${node.html.slice(0, 200)}\n      ${node.failureSummary.replace(/\s+/g, ' ')}`));
};
