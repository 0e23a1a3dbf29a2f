// keyboard.test.mjs: the whole journey by keyboard alone, with JavaScript and without. At every stop the focus can be seen, is not
// covered by anything (WCAG 2.4.7, 2.4.11) and comes in the order of the page (2.4.3).
import assert from 'node:assert/strict';
import { finish, test, until } from '../harness.mjs';
import { makeEverything, opening } from '../everything.mjs';
import { fieldsOf, goOn, inPairs, launch, plan, reached, readForm, step, thanked, walkTo, walkToField, withPage } from './browser.mjs';

const { instance, events } = await makeEverything({ only: ['community-conversation', 'everything'] });
const eventOf = (name) => events.find(({ form, place }) => form === name && place === 'england').code;
const practice = eventOf('community-conversation'), party = eventOf('everything');
await instance.start();
const browser = await launch();
const english = `/${practice}/EN`;
const jobs = [];
// A keyboard has a desk: no touch, and a window as low as a phone's, so that what sticks could cover something.
const desk = { isMobile: false, hasTouch: false, viewport: { width: 640, height: 480 } };
const keyTest = (name, js, run, path = english) => jobs.push(() => test(`keyboard: ${name}${js ? '' : ', without JavaScript'}`, () => withPage(browser, instance, { js, ...desk }, async (page, watch) => {
  await page.goto(path);
  if (js) await page.locator('html.js').waitFor();
  await run(page, watch);
})));

/** Notes how everything that can have the focus looks without it. */
const remember = (page) => page.evaluate(() => {
  window.looks = (element) => {
    const shown = ['radio', 'checkbox'].includes(element.type) ? element.labels[0] : element;
    const style = getComputedStyle(shown);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecorationLine].join(' | ');
  };
  window.unfocused ??= new WeakMap();
  for (const one of document.querySelectorAll('a, button, input, textarea, select, summary, [tabindex]'))
    if (one !== document.activeElement && !window.unfocused.has(one)) window.unfocused.set(one, window.looks(one));
});

/** What has the focus, and how it is to be seen. Fails where it cannot be. */
const focused = async (page) => {
  await remember(page);
  const at = await page.evaluate(async () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    const shown = ['radio', 'checkbox'].includes(element.type) ? element.labels[0] : element;
    const box = shown.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    // The middle of what of it is in the window; a heading or a text field may be higher than that.
    const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const over = document.elementFromPoint(x, y);
    const all = Array.from(document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex]'));
    return {
      tag: element.localName, type: element.type, id: element.id, name: element.name, value: element.value, className: element.className,
      text: (shown.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 120),
      place: all.indexOf(element),
      isInWindow: box.bottom > 0 && box.top < innerHeight && box.width > 0,
      isCovered: !(over && (shown.contains(over) || over.contains(shown) && over.localName !== 'body' || over === element)),
      cover: over && `${over.localName}.${over.className}`,
      before: window.unfocused.get(element), now: window.looks(element),
    };
  });
  if (!at) return null;
  const what = `${at.tag}#${at.id || at.name || ''} "${at.text}"`;
  assert(at.isInWindow, `${what} has the focus and is outside the window`);
  assert(!at.isCovered, `${what} has the focus and lies under ${at.cover}`);
  // What the script moves the focus to, to be read aloud, is no control and needs no mark.
  if (['a', 'button', 'input', 'textarea', 'select', 'summary'].includes(at.tag)) assert.notEqual(at.now, at.before, `${what} has the focus and looks the same`);
  return at;
};

const tab = async (page) => {
  await page.keyboard.press('Tab');
  return focused(page);
};

/** Tabs until IS is true of what has the focus. */
const tabTo = async (page, is, what) => {
  for (let i = 0; i < 120; i++) {
    const at = await tab(page);
    if (at && is(at)) return at;
  }
  throw new Error(`no ${what} within 120 tabs`);
};

/** Answers the field that has just got the focus. */
const give = async (page, at, given) => {
  if (at.tag === 'textarea' || at.tag === 'select' || at.type === 'text') return page.keyboard.type(given);
  if (at.type === 'checkbox') return [].concat(given).includes(at.value) ? page.keyboard.press('Space') : null;
  await page.keyboard.press('Space');
  for (let i = 0; i < 30; i++) {
    const now = await focused(page);
    assert.equal(now.name, at.name, 'arrows stay within the question');
    if (now.value === given) return null;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`${at.name} has no ${given}`);
};

const row = async (answers) => {
  const row = await until('the response', () => instance.exported(practice).responses.find(({ next }) => next === answers.next));
  for (const [name, value] of Object.entries(answers)) if (name in row) assert.deepEqual(row[name], value, name);
  assert(Object.keys(answers).filter((name) => name in row).length > 8);
};

// ---- the whole way ----------------------------------------------------------------------------------------------------

keyTest('the whole journey', true, async (page) => {
  const questions = await readForm(page);
  const answers = { ...plan(questions, 1), next: 'by keyboard' };
  await tabTo(page, ({ className }) => className.includes('next__on'), 'Start');
  await page.keyboard.press('Enter');
  const given = [];
  for (let at = await step(page); at !== 'check'; at = await step(page)) {
    const heading = await focused(page);
    assert.equal(heading.tag, 'h1', `the heading of ${at} has the focus`);
    for (;;) {
      const now = await tab(page);
      if (now.className.includes('next__on')) break;
      if (now.name && !(given.includes(now.name) && now.type === 'radio')) {
        await give(page, now, answers[now.name]);
        if (!given.includes(now.name)) given.push(now.name);
      }
    }
    await page.keyboard.press('Enter');
    assert.notEqual(await step(page), at);
  }
  assert.deepEqual(given, fieldsOf(questions).map(({ name }) => name));
  assert.equal((await focused(page)).tag, 'h1');
  await tabTo(page, ({ type }) => type === 'submit', 'Send');
  await page.keyboard.press('Enter');
  await thanked(page).waitFor();
  assert((await focused(page)).className.includes('thanks'), 'the thank-you has the focus');
  await tabTo(page, ({ tag }) => tag === 'summary', 'receipt');
  await page.keyboard.press('Enter');
  assert(await page.locator('.receipt__code').isVisible());
  await row(answers);
});

keyTest('the whole journey', false, async (page) => {
  const questions = await readForm(page);
  const answers = { ...plan(questions, 2), next: 'by keyboard, plain' };
  const given = [];
  for (;;) {
    const at = await tabTo(page, ({ name, text, type }) => (name && name !== 'to') || (type === 'submit' && text === 'Send my answers'), 'field');
    if (at.type === 'submit') break;
    if (at.type === 'radio' && given.includes(at.name)) continue;
    await give(page, at, answers[at.name]);
    if (!given.includes(at.name)) given.push(at.name);
  }
  assert.deepEqual(given, fieldsOf(questions).map(({ name }) => name));
  await page.keyboard.press('Space');
  await thanked(page).waitFor();
  await row(answers);
});

// ---- every kind of question ----------------------------------------------------------------------------------------------

/** What is in the office of the person who wrote WORDS is what ANSWERS says. */
const partyHas = async (words, answers) => {
  const found = await until('the response', () => instance.exported(party).responses.find((one) => one.words === words));
  const meant = (name) => (typeof found[name] === 'number' ? Number(answers[name]) : answers[name]);
  const names = Object.keys(answers).filter((name) => ![null, undefined].includes(found[name]));
  for (const name of names) assert.deepEqual(found[name], meant(name), name);
  assert(names.length > 40, `${names.length} answers`);
};
const datePart = (date, part) => String(Number(date.split('-')[['year', 'month', 'day'].indexOf(part)]));
const partyAnswers = async (page, words) => {
  const answers = { ...plan(await readForm(page), 1), ...opening, words };
  delete answers.never;
  return answers;
};

keyTest('every kind of question', true, async (page) => {
  const answers = await partyAnswers(page, 'more of it by keyboard');
  await tabTo(page, ({ className }) => className.includes('next__on'), 'Start');
  await page.keyboard.press('Enter');
  const given = [];
  for (let at = await step(page); at !== 'check'; at = await step(page)) {
    assert.equal((await focused(page)).tag, 'h1', `the heading of ${at} has the focus`);
    for (let pressed = 0; ;) {
      const now = await tab(page);
      if (now.className.includes('next__on')) break;
      if (now.className.includes('rank__')) {
        // The first and then one of the others are chosen; then that goes up. From a choice the focus goes to the next one that is left.
        if (pressed < 2 && now.className.includes('rank__toggle')) {
          await page.keyboard.press('Enter');
          assert.match((await focused(page)).className, /rank__toggle/);
          assert.match((await focused(page)).text, /^Choose next /, 'the focus is on the next choice');
          pressed++;
        }
        if (pressed === 2) {
          for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+Tab');
          assert.match((await focused(page)).className, /rank__up/);
          await page.keyboard.press('Enter');
          assert.match((await focused(page)).className, /rank__up/, 'also where it can go no higher');
          pressed++;
        }
        continue;
      }
      const [name, part] = (now.name ?? '').split('.');
      if (!name || answers[name] === undefined || (given.includes(name) && now.type === 'radio')) continue;
      await give(page, now, part ? datePart(answers[name], part) : answers[name]);
      if (!given.includes(name)) given.push(name);
    }
    for (const [name, put] of Object.entries(await page.evaluate(() => Object.fromEntries(Array.from(document.querySelectorAll('.rank')).filter((list) => list.checkVisibility())
      .map((list) => [list.id, Array.from(list.querySelectorAll('select')).filter(({ value }) => value).sort((a, b) => a.value - b.value).map((one) => one.name.split('.')[1])]))))) {
      assert.equal(put.length, 2, name);
      answers[name] = put;
    }
    await page.keyboard.press('Enter');
    assert.notEqual(await step(page), at, await page.locator('.govuk-error-summary').allInnerTexts());
  }
  await tabTo(page, ({ type }) => type === 'submit', 'Send');
  await page.keyboard.press('Enter');
  await thanked(page).waitFor();
  await partyHas(answers.words, answers);
}, `/${party}/EN`);

keyTest('every kind of question', false, async (page) => {
  const answers = await partyAnswers(page, 'more of it by keyboard, plain');
  const given = [];
  for (;;) {
    const at = await tabTo(page, ({ name, text, type }) => (name && name !== 'to') || (type === 'submit' && text === 'Send my answers'), 'field');
    if (at.type === 'submit') break;
    const [name, part] = at.name.split('.');
    if (answers[name] === undefined || (at.type === 'radio' && given.includes(name))) continue;
    if (at.tag === 'select') {
      // A list of places: the number is typed.
      const place = answers[name].indexOf(part) + 1;
      if (place) await give(page, at, String(place));
    } else {
      await give(page, at, part ? datePart(answers[name], part) : answers[name]);
    }
    if (!given.includes(name)) given.push(name);
  }
  await page.keyboard.press('Space');
  await thanked(page).waitFor();
  await partyHas(answers.words, answers);
}, `/${party}/EN`);

// ---- order and ways round ---------------------------------------------------------------------------------------------

for (const js of [true, false]) {
  keyTest('the focus goes through the page in its order, and back', js, async (page) => {
    const places = [];
    for (let at = await tab(page); at && !places.includes(at.place); at = await tab(page)) places.push(at.place);
    assert(places.length > (js ? 8 : 30), `${places.length} stops`);
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    const last = places.at(-1);
    await page.keyboard.press('Shift+Tab');
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('Shift+Tab');
      const at = await focused(page);
      if (at) assert(at.place <= last);
    }
  });

  keyTest('the first link skips to the main part', js, async (page) => {
    const skip = await tab(page);
    assert.equal(skip.text, 'Skip to the main part');
    await page.keyboard.press('Enter');
    const next = await tab(page);
    assert(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), `${next.text} is in the main part`);
  });

  keyTest('the second link leaves the page', js, async (page, watch) => {
    watch.hosts.push('www.bbc.co.uk');
    await page.route('https://www.bbc.co.uk/weather', (route) => route.fulfill({ contentType: 'text/html', body: 'Rain later' }));
    await tab(page);
    assert.equal((await tab(page)).text, 'Exit this page');
    await page.keyboard.press('Enter');
    await page.waitForURL('https://www.bbc.co.uk/weather');
  });
}

keyTest('Enter on an answer goes on a step', true, async (page) => {
  await goOn(page);
  const before = await step(page);
  const at = await tabTo(page, ({ type }) => type === 'radio', 'radio');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  assert.notEqual(await step(page), before);
  assert.equal(new URL(page.url()).pathname, english);
  await page.goBack();
  await reached(page, before);
  assert.equal(await page.locator(`[name="${at.name}"]:checked`).count(), 1);
});

keyTest('Enter on an answer sends, and does not change the language', false, async (page) => {
  await tabTo(page, ({ type }) => type === 'radio', 'radio');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await thanked(page).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
});

// ---- mistakes ---------------------------------------------------------------------------------------------------------

keyTest('a mistake: the summary has the focus, its link leads to the field, and the message goes', true, async (page) => {
  await walkToField(page, 'next');
  await tabTo(page, ({ tag }) => tag === 'textarea', 'text field');
  await page.keyboard.insertText('x'.repeat(1001));
  await tabTo(page, ({ className }) => className.includes('next__on'), 'Continue');
  await page.keyboard.press('Enter');
  assert((await focused(page)).className.includes('govuk-error-summary'));
  assert.match(await page.title(), /^Error: /);
  const link = await tab(page);
  assert.match(link.text, /^Your answer to “What should the CPS do next\?” must be 1000/);
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).id, 'next');
  const described = await page.locator('#next').getAttribute('aria-describedby');
  assert(described.includes('next-error'), 'the message is read aloud with the field');
  assert.match(await page.locator('#next-error').innerText(), /Error:\s+Your answer to “What should the CPS do next\?” must be 1000 characters or less$/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('shorter');
  await tabTo(page, ({ className }) => className.includes('next__on'), 'Continue');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#next').isVisible(), false);
  assert.equal(await page.locator('#next-error').count(), 0);
});

keyTest('nothing answered: the summary has the focus, its link leads to the first question', true, async (page, watch) => {
  await walkTo(page, 'check');
  await tabTo(page, ({ type }) => type === 'submit', 'Send');
  await page.keyboard.press('Enter');
  await page.locator('.govuk-error-summary').waitFor();
  assert((await focused(page)).className.includes('govuk-error-summary'));
  await tab(page);
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).name, 'overall');
  watch.expect(/422/);
});

keyTest('a page that came back with mistakes: the script gives the summary the focus', true, async (page, watch) => {
  // Sent by the browser itself, as when the script fails at the last moment.
  await page.evaluate(() => HTMLFormElement.prototype.submit.call(document.getElementById('answers')));
  await page.locator('html.js .govuk-error-summary').waitFor();
  await until('the focus', () => page.evaluate(() => document.activeElement.className === 'govuk-error-summary'));
  await focused(page);
  watch.expect(/422/);
});

keyTest('nothing answered: the link in the summary leads to the first question', false, async (page, watch) => {
  await tabTo(page, ({ text, type, name }) => type === 'submit' && !name && text === 'Send my answers', 'Send');
  await page.keyboard.press('Enter');
  await page.locator('.govuk-error-summary').waitFor();
  assert.match(await page.title(), /^Error: /);
  await tabTo(page, ({ tag, text }) => tag === 'a' && text === 'Answer at least one question', 'link of the summary');
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).name, 'overall');
  watch.expect(/422/);
});

keyTest('Change on the check page, and back to it', true, async (page) => {
  await walkTo(page, 'check');
  const link = await tabTo(page, ({ text }) => text.startsWith('Change'), 'Change');
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).tag, 'h1', 'the heading of the question has the focus');
  assert.match(link.text, /Change\s?your answer to: /);
  await tabTo(page, ({ className }) => className.includes('next__on'), 'Continue');
  await page.keyboard.press('Enter');
  assert.equal(await step(page), 'check');
  assert.equal((await focused(page)).tag, 'h1');
});

// ---- small pages ------------------------------------------------------------------------------------------------------

for (const path of ['/', '/privacy', '/, wrong code', '/withdraw']) {
  jobs.push(() => test(`keyboard: ${path}: every stop in order and in sight`, () => withPage(browser, instance, { js: false, ...desk }, async (page, watch) => {
    await page.goto(path.split(',')[0]);
    if (path.includes('code')) {
      await page.locator('#code').fill('E4K');
      await page.locator('form.code button').click();
      await page.locator('.govuk-error-message').waitFor();
    }
    const places = [];
    for (let at = await tab(page); at && !places.includes(at.place); at = await tab(page)) places.push(at.place);
    assert(places.length >= 4);
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    if (path.includes('code')) watch.expect(/422/);
  })));
}

// ---- taking answers back ----------------------------------------------------------------------------------------------

for (const js of [true, false]) {
  keyTest('taking answers back: a mistake, mended, and the answer', js, async (page, watch) => {
    await page.goto('/withdraw/EN');
    assert.equal((await tab(page)).text, 'Skip to the main part');
    assert.equal((await tab(page)).text, 'Exit this page');
    await tabTo(page, ({ id }) => id === 'receipt', 'field');
    await page.keyboard.type('k7qx 9m2t');
    await page.keyboard.press('Enter');
    await page.locator('.govuk-error-summary').waitFor();
    assert.match(await page.title(), /^Error: /);
    const link = await tabTo(page, ({ tag, text }) => tag === 'a' && text.startsWith('Look at your receipt again'), 'link of the summary');
    assert.match(link.text, /17 letters/);
    await page.keyboard.press('Enter');
    assert.equal((await focused(page)).id, 'receipt');
    assert.equal(await page.locator('#receipt').inputValue(), 'k7qx 9m2t', 'what was typed is kept');
    assert((await page.locator('#receipt').getAttribute('aria-describedby')).includes('receipt-error'), 'the message is read aloud with the field');
    await page.keyboard.press('End');
    await page.keyboard.type(' 4wrb 6hd3 k');
    await tabTo(page, ({ type }) => type === 'submit', 'button');
    await page.keyboard.press('Enter');
    await thanked(page).waitFor();
    assert.equal(await page.locator('h1').innerText(), 'We have your receipt');
    watch.expect(/422/);
  });
}

await inPairs(jobs);
await finish();
