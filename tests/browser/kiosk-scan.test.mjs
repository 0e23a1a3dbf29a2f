// kiosk-scan.test.mjs: the whole of a form at a kiosk by keyboard alone, and with two switches alone: Tab, which goes on, and Enter, which
// chooses (WCAG 2.1.1, 2.1.2, 2.4.3). At every stop the focus can be seen and nothing lies over it (2.4.7, 2.4.11).
import assert from 'node:assert/strict';
import { finish, test, until } from '../harness.mjs';
import { opening } from '../everything.mjs';
import { goOn, inPairs, launch, plan, readForm, step, thanked, walkToField } from './browser.mjs';
import { focused, listen, makeKiosk, open, tabTo, withScreen } from './kiosk-page.mjs';

const { instance, codeOf } = await makeKiosk('community-conversation', 'everything');
const browser = await launch();
const conversation = codeOf('community-conversation'), everything = codeOf('everything');
const jobs = [];
const scanTest = (name, run, options = {}) => jobs.push(() => test(`kiosk, ${name}`, () => withScreen(browser, instance, options, run)));

/** Two switches: every press is one of these. */
const twoSwitches = (page) => {
  let presses = 0;
  const press = async (key) => {
    presses++;
    await page.keyboard.press(key);
  };
  return {
    next: () => press('Tab'),
    choose: () => press('Enter'),
    count: () => presses,
    /** Goes on to what is WANTED. */
    async to(wanted, what, most = 120) {
      for (let i = 0; i < most; i++) {
        await press('Tab');
        const at = await focused(page);
        if (at && wanted(at)) return at;
      }
      throw new Error(`${what} is not come to`);
    },
  };
};

const keyOf = (page) => page.evaluate(() => document.activeElement.dataset.skbtn);

/** Scans for a key: row by row, then key by key. The rows begin at the first. */
const scanKey = async (page, switches, key) => {
  assert.match((await focused(page)).className, /keys__row/, 'the scan begins with a row');
  const [row, place] = await page.evaluate((wanted) => {
    const rows = Array.from(document.querySelectorAll('#kioskKeys .hg-row'), (one) => Array.from(one.querySelectorAll('.hg-button'), (button) => button.dataset.skbtn));
    const at = rows.findIndex((one) => one.includes(wanted));
    return [at, at < 0 ? -1 : rows[at].indexOf(wanted)];
  }, key);
  assert(row >= 0, `there is a key ${key}`);
  for (let i = 0; i < row; i++) {
    await switches.next();
    assert.match((await focused(page)).className, /keys__row/, 'from row to row, past all their keys');
  }
  await switches.choose();
  for (let i = 0; i < place; i++) await switches.next();
  assert.equal(await keyOf(page), key);
  await switches.choose();
};

/** Writes TEXT into the field that has the focus; then it has it again. */
const write = async (page, switches, text) => {
  const id = (await focused(page)).id;
  await switches.choose();
  assert.match((await focused(page)).className, /keys__row/, 'Enter in a field brings the keyboard, and the scan begins');
  for (const sign of text) {
    const isThere = () => page.evaluate((key) => Array.from(document.querySelectorAll('#kioskKeys .hg-button')).some((one) => one.dataset.skbtn === key), sign.toLowerCase());
    if (sign !== ' ' && !(await isThere())) await scanKey(page, switches, '{signs}'); // to digits, and back from them
    if (sign !== sign.toLowerCase()) await scanKey(page, switches, '{shift}');
    await scanKey(page, switches, sign === ' ' ? '{space}' : sign);
  }
  assert.equal(await page.locator(`[id="${id}"]`).inputValue(), text);
  await scanKey(page, switches, '{done}');
  assert.equal((await focused(page)).id, id, 'then the field has the focus again');
};

/** Through the form, every stop in turn: GIVE(at) says what to do with a control: "" (pass on), "choose", or a text to write. */
const through = async (page, switches, give) => {
  await switches.to(({ className }) => className.includes('next__on'), 'Start');
  await switches.choose();
  for (let at = await step(page); at !== 'check'; at = await step(page)) {
    for (let now; ;) {
      await switches.next();
      now = await focused(page);
      if (now.className.includes('next__on')) break;
      const what = await give(now);
      if (what === 'choose') await switches.choose();
      else if (what) await write(page, switches, what);
    }
    await switches.choose();
    assert.notEqual(await step(page), at, await page.locator('.govuk-error-summary').allInnerTexts());
  }
  await switches.to(({ type, text }) => type === 'submit' && text === 'Send my answers', 'Send');
  await switches.choose();
  await thanked(page).waitFor();
  const end = await switches.to(({ id }) => id === 'kioskFinished', 'Finished');
  assert.equal(end.tag, 'a');
  await switches.choose();
  await page.locator('html.scripted.kiosk-start').waitFor();
};

const filed = (code, wanted) => until('the response', () => instance.exported(code).responses.find(wanted));

scanTest('two switches: a whole form, with a sentence that is written', async (page) => {
  const switches = twoSwitches(page);
  await open(page, `/kiosk/${conversation}`);
  await switches.to(({ text }) => text === 'Touch to start', 'the start');
  await switches.choose();
  await page.locator('html.js').waitFor();
  const answers = { ...plan(await readForm(page), 1), next: 'Go on, Ada.' };
  for (const { fields } of await readForm(page)) for (const { name, type } of fields) if (type === 'text' && name !== 'next') delete answers[name];
  await through(page, switches, ({ name, type, value }) => {
    if (['radio', 'checkbox'].includes(type)) return [].concat(answers[name] ?? []).includes(value) ? 'choose' : '';
    return name && answers[name] && !['hidden', 'submit', 'button'].includes(type) ? answers[name] : '';
  });
  const row = await filed(conversation, ({ next }) => next === answers.next);
  for (const [name, given] of Object.entries(answers)) if (row[name] !== undefined && row[name] !== null) assert.deepEqual(row[name], given, name);
  assert.equal(row.mode ?? 'kiosk', 'kiosk');
  assert(switches.count() < 900, `${switches.count()} presses`);
});

scanTest('two switches: every kind of question', async (page) => {
  const switches = twoSwitches(page);
  await open(page, `/kiosk/${everything}/EN`);
  const questions = await readForm(page);
  const answers = { ...plan(questions, 1), ...opening, words: 'ok' };
  delete answers.never;
  const fields = new Map(questions.flatMap((one) => one.fields).map((field) => [field.name, field]));
  for (const [name, { type }] of fields) if (type === 'text' && !opening[name] && name !== 'words') delete answers[name];
  const part = (date, which) => String(Number(date.split('-')[['year', 'month', 'day'].indexOf(which)]));
  const ranked = new Map();
  await through(page, switches, async ({ name, type, value, className, text }) => {
    if (className.includes('rank__toggle')) {
      const list = await page.evaluate(() => document.activeElement.closest('.rank').id);
      ranked.set(list, (ranked.get(list) ?? 0) + 1);
      return ranked.get(list) <= 2 && /^Choose next/.test(text) ? 'choose' : '';
    }
    const [field, which] = (name ?? '').split('.');
    const given = answers[field];
    if (given === undefined || ['hidden', 'submit', 'button'].includes(type)) return '';
    if (['radio', 'checkbox'].includes(type)) return [].concat(given).includes(value) ? 'choose' : '';
    return which ? part(given, which) : given;
  });
  const row = await filed(everything, ({ words }) => words === 'ok');
  const names = Object.keys(answers).filter((name) => !Array.isArray(answers[name]) && ![null, undefined].includes(row[name]));
  for (const name of names) assert.deepEqual(String(row[name]), String(typeof row[name] === 'number' ? Number(answers[name]) : answers[name]), name);
  assert(names.length > 25, `${names.length} answers`);
  assert(ranked.size > 1);
});

scanTest('by keyboard alone: a whole form, typed and chosen as everywhere', async (page) => {
  await open(page, `/kiosk/${conversation}/EN`);
  const answers = { ...plan(await readForm(page), 2), next: 'by keyboard' };
  await tabTo(page, ({ className }) => className.includes('next__on'), 'Start');
  await page.keyboard.press('Enter');
  for (let at = await step(page); at !== 'check'; at = await step(page)) {
    assert.equal((await focused(page)).tag, 'h1', 'the heading has the focus');
    for (const seen = []; ;) {
      await page.keyboard.press('Tab');
      const now = await focused(page);
      if (now.className.includes('next__on')) break;
      if (!now.name || answers[now.name] === undefined) continue;
      if (now.type === 'radio' && !seen.includes(now.name)) {
        seen.push(now.name);
        await page.keyboard.press('Space');
        for (let i = 0; i < 20 && (await focused(page)).value !== answers[now.name]; i++) await page.keyboard.press('ArrowDown');
        assert.equal(await page.locator(`[name="${now.name}"]:checked`).getAttribute('value'), answers[now.name], 'arrow keys choose');
      } else if (now.type === 'checkbox') {
        if ([].concat(answers[now.name]).includes(now.value)) await page.keyboard.press('Space');
      } else if (now.tag === 'textarea' || now.type === 'text') {
        await page.keyboard.type(answers[now.name]);
        assert.equal(await page.locator('#kioskKeys').isVisible(), false, 'nobody needs the keyboard on the screen');
      }
    }
    await page.keyboard.press('Enter');
    assert.notEqual(await step(page), at);
  }
  await tabTo(page, ({ type, text }) => type === 'submit' && text === 'Send my answers', 'Send');
  await page.keyboard.press('Enter');
  await thanked(page).waitFor();
  assert((await focused(page)).className.includes('thanks'));
  await filed(conversation, ({ next }) => next === 'by keyboard');
});

scanTest('two switches: the bar, its panels and dialogs, and out of each again', async (page) => {
  const switches = twoSwitches(page);
  await open(page, `/kiosk/${conversation}/EN`);
  await goOn(page);
  const bar = async (id) => switches.to((at) => at.id === id, id);
  for (const id of ['kioskSize', 'kioskContrast']) {
    await bar(id);
    await switches.choose();
    assert.equal((await focused(page)).id, id, 'the focus stays on it');
  }
  assert.match(await page.locator('html').getAttribute('class'), /size-2.*contrast|contrast.*size-2/);
  await bar('kioskHelp');
  await switches.choose();
  const panel = page.locator('#kioskHelpPanel');
  await panel.waitFor();
  await switches.to(({ text }) => text === 'Close', 'Close');
  await switches.choose();
  assert.equal(await panel.isVisible(), false);
  await bar('kioskAgain');
  await switches.choose(); // nothing was answered: the start
  await page.locator('html.scripted.kiosk-start').waitFor();
  await open(page, `/kiosk/${conversation}/EN`);
  await walkToField(page, 'overall');
  await switches.to(({ type }) => type === 'radio', 'a choice');
  await switches.choose();
  assert.equal(await page.locator('#answers :checked').count(), 1);
  await bar('kioskLanguages');
  await switches.choose();
  await switches.to(({ text }) => text === 'Cymraeg', 'Cymraeg');
  await switches.choose();
  await page.locator('html.js[lang="cy"]').waitFor();
  assert.equal(await page.locator('#answers :checked').count(), 1);
  await bar('kioskAgain');
  await switches.choose();
  await page.locator('#kioskAsk[open]').waitFor();
  assert.equal((await focused(page)).id, 'kioskAskNo');
  await switches.next();
  assert.equal((await focused(page)).id, 'kioskAskYes');
  await switches.choose();
  await page.locator('html.scripted.kiosk-start').waitFor();
});

scanTest('every radio is a stop, forwards and backwards, whichever is chosen', async (page) => {
  await open(page, `/kiosk/${conversation}/EN`);
  await walkToField(page, 'overall');
  const values = await page.locator('[name="overall"]').evaluateAll((list) => list.map(({ value }) => value));
  for (const chosen of [undefined, values[2]]) {
    if (chosen) await page.locator(`[name="overall"][value="${chosen}"]`).check();
    await page.locator('h1:visible').focus();
    const forwards = [];
    for (let now = await tabTo(page, ({ name }) => name === 'overall', 'the first'); now.name === 'overall'; now = await focused(page)) {
      forwards.push(now.value);
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(forwards, values);
    const backwards = [];
    await page.keyboard.press('Shift+Tab');
    for (let now = await focused(page); now?.name === 'overall'; now = await focused(page)) {
      backwards.push(now.value);
      await page.keyboard.press('Shift+Tab');
    }
    assert.deepEqual(backwards, [...values].reverse());
    assert.equal(await page.locator('[name="overall"]:checked').count(), chosen ? 1 : 0, 'nobody has chosen anything by passing');
  }
});

scanTest('two switches by ear: rows, keys and what they do are heard, what is typed is not', async (page) => {
  const tools = ['Capital letters', 'Letters with accents', 'Numbers and signs', 'Other languages', 'Space', 'Delete', 'New line', 'Done'];
  const heard = await listen(page, ...tools, 's');
  await open(page, `/kiosk/${conversation}/EN`);
  await walkToField(page, 'next');
  await page.locator('#next').focus();
  const soon = async (count) => {
    const all = [];
    await until('what is heard', async () => all.push(...await heard()) && all.length >= count);
    return all.join(' ');
  };
  await heard();
  await page.keyboard.press('Enter');
  assert.equal(await soon(10), 'Q W E R T Y U I O P');
  await page.keyboard.press('Tab');
  assert.equal(await soon(9), 'A S D F G H J K L');
  await page.keyboard.press('Enter');
  assert.equal(await soon(1), 'A');
  await page.keyboard.press('Tab');
  assert.equal(await soon(1), 'S');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#next').inputValue(), 's');
  assert.equal(await soon(10), 'Q W E R T Y U I O P', 'the rows begin again; the word is not read out');
  for (const count of [9, 7]) {
    await page.keyboard.press('Tab');
    await soon(count);
  }
  await page.keyboard.press('Tab');
  assert.equal(await soon(tools.length), tools.join(' '));
  await page.keyboard.press('Enter');
  assert.equal(await soon(1), 'Capital letters');
});

scanTest('the rows of keys: arrow keys, Escape, the name of each row', async (page) => {
  await open(page, `/kiosk/${conversation}/EN`);
  await walkToField(page, 'next');
  await page.locator('#next').focus();
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).text, 'Row 1: q w e r t y u i o p');
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).text, "Row 2: a s d f g h j k l '");
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  assert.equal(await keyOf(page), 'q');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.equal(await keyOf(page), 's');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('#next').inputValue(), 's');
  assert.equal(await page.locator('#kioskKeys [role="status"]').textContent(), 's', 'said to whoever does not see the field');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#kioskKeys').isVisible(), false);
  assert.equal((await focused(page)).id, 'next');
  await page.keyboard.press('Tab');
  assert.match((await focused(page)).className, /keys__open/);
  await page.keyboard.press('Enter');
  assert.match((await focused(page)).className, /keys__row/, 'the button behind the field brings them back');
});

await inPairs(jobs);
await finish();
