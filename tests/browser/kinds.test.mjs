// kinds.test.mjs: every kind of question with the script: what it does in a step of its own, by touch and by keyboard, what is read
// out, and what the check page says; and that the page is whole again where the script gives up.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, scratch, test, until } from '../harness.mjs';
import { answer, axe, fieldsOf, filledIn, goOn, inPairs, launch, openSteps, plan, readForm, reached, send, step, thanked, touch, visibleFields, walk, walkTo, walkToField, withPage } from './browser.mjs';

const forms = scratch();
cpSync(join(root, 'forms'), forms, { recursive: true });
cpSync(join(root, 'tests/forms/everything'), join(forms, 'everything'), { recursive: true });
const instance = await Instance.make({ formsDir: forms, forms: [join(forms, 'everything')] });
const event = instance.event('--practice', '--form', 'everything');
await instance.start();
const browser = await launch({ isShell: true });
const english = `/${event}/EN`;
const jobs = [];
const kindTest = (name, run, options = {}) => jobs.push(() => test(`kinds: ${name}`, () => withPage(browser, instance, options, async (page, watch) => {
  await openSteps(page, english);
  await run(page, watch);
})));

/** Past what needs an answer, the last of them later than the first. */
const needed = { came: '2026-03-27', must_one: 'yes', must_many: ['scone'], must_say: 'tea42', must_count: '3', must_rate: '2', must_grid_cat: 'yes', must_grid_hare: 'no', must_order: ['hare', 'mouse'], must_day: '2027-01-05' };
const fieldNamed = async (page, name) => fieldsOf(await readForm(page)).find((field) => field.name === name);
const give = async (page, answers) => {
  for (const [name, value] of Object.entries(answers)) await answer(page, await fieldNamed(page, name), value);
};
const summary = (page) => page.locator('.govuk-error-summary li').allInnerTexts();
const row = (page, name) => page.locator(`.check .govuk-summary-list__row:has(a[href="#question-${name}"]) dd`).first();
const stored = (marker) => until(`a response with ${marker}`, () => instance.exported(event).responses.find(({ words }) => words === marker));

// ---- order ----------------------------------------------------------------------------------------------------------------

/** [["1", "Scone", "up? down toggle", ...]...] as they stand. */
const order = (page, name) => page.locator(`[id="${name}"] > li`).evaluateAll((items) => items.map((item) => [
  item.querySelector('.rank__place').textContent, item.querySelector('label').textContent.trim(), item.querySelector('select').value,
]));
const button = (page, label, kind) => page.getByRole('button', { name: new RegExp(`^${kind}\\s+${label}$`) }).filter({ visible: true });
const heard = (page) => page.locator('#question-order [role="status"]');
const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

kindTest('order: chosen one after the other, moved, taken out; said politely; the focus goes on to the next choice, and else stays', async (page) => {
  await walkToField(page, 'order');
  assert.deepEqual(await visibleFields(page), ['order'], 'a step of its own');
  assert.equal(await page.locator('#question-order select:visible').count(), 0);
  // What the form says of the question, and how it is answered, both seen and heard with the group.
  assert.equal(await page.locator('#order-hint').innerText(), 'Think of the last time you had them');
  assert.match(await page.locator('#order-how').innerText(), /^Choose what comes first for you, .*You can leave some out/);
  assert.equal(await page.locator('#question-order fieldset').getAttribute('aria-describedby'), 'order-hint order-how');
  for (const [i, [label, next]] of [['Carrot cake', 'Scone'], ['Scone', 'Bara brith'], ['Lemon cake', 'Bara brith']].entries()) {
    await button(page, label, 'Choose next').click();
    assert.equal(await heard(page).textContent(), `${label} is now number ${i + 1} of 5`);
    assert(await hasFocus(button(page, next, 'Choose next')), 'the next that has no number: pressing again takes nothing out');
  }
  assert.deepEqual((await order(page, 'order')).map(([place, label]) => `${place} ${label}`), ['1 Carrot cake', '2 Scone', '3 Lemon cake', ' Bara brith', ' Fruit cake']);
  await button(page, 'Lemon cake', 'Move up').click();
  assert.equal(await heard(page).textContent(), 'Lemon cake is now number 2 of 5');
  assert(await hasFocus(button(page, 'Lemon cake', 'Move up')));
  await button(page, 'Lemon cake', 'Move up').click();
  assert(await hasFocus(button(page, 'Lemon cake', 'Move up')), 'also at the top, where it does nothing any more');
  assert.equal(await button(page, 'Lemon cake', 'Move up').getAttribute('aria-disabled'), 'true');
  await button(page, 'Lemon cake', 'Move up').press('Enter');
  assert.deepEqual((await order(page, 'order')).map(([, label]) => label).slice(0, 3), ['Lemon cake', 'Carrot cake', 'Scone']);
  await button(page, 'Lemon cake', 'Move down').click();
  await button(page, 'Scone', 'Move down').press('Enter');
  assert.deepEqual((await order(page, 'order')).map(([, label]) => label).slice(0, 3), ['Carrot cake', 'Lemon cake', 'Scone'], 'the last one cannot go lower');
  await button(page, 'Carrot cake', 'Take out').click();
  assert.equal(await heard(page).textContent(), 'Carrot cake has no number now');
  assert(await hasFocus(button(page, 'Carrot cake', 'Choose next')));
  assert.deepEqual(await order(page, 'order'), [['1', 'Lemon cake', '1'], ['2', 'Scone', '2'], ['', 'Bara brith', ''], ['', 'Carrot cake', ''], ['', 'Fruit cake', '']]);
});

kindTest('order: by keyboard alone, in the order of the page', async (page) => {
  await walkToField(page, 'order');
  await button(page, 'Scone', 'Choose next').focus();
  // Each that is chosen goes up, and the focus to the next one that is left; behind the last one it is with that, and no key undoes it.
  for (let i = 0; i < 5; i++) await page.keyboard.press('Enter');
  const last = page.locator('[id="order"] > li').last();
  for (const key of ['Enter', 'Space']) {
    assert(await hasFocus(last));
    assert.deepEqual((await order(page, 'order')).map(([place, label]) => `${place} ${label}`), ['1 Scone', '2 Bara brith', '3 Carrot cake', '4 Lemon cake', '5 Fruit cake']);
    await page.keyboard.press(key);
  }
  assert.equal(await step(page), 'question-order');
  assert.equal(await last.evaluate((element) => getComputedStyle(element).outlineStyle), 'solid', 'and can be seen to be there');
  for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
  assert(await hasFocus(page.locator('.next__on')), 'its three buttons, and then Continue');
}, { isMobile: false, hasTouch: false });

kindTest('order: what would do nothing looks like that, in light, dark and forced colours', async (page) => {
  await walkToField(page, 'order');
  await button(page, 'Scone', 'Choose next').click();
  await button(page, 'Bara brith', 'Choose next').click();
  const look = (name, kind) => button(page, name, kind).evaluate((element) => {
    const { borderTopColor, color, opacity, cursor } = getComputedStyle(element);
    return { borderTopColor, color, opacity, cursor };
  });
  for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }]) {
    await page.emulateMedia(media);
    const off = await look('Scone', 'Move up'), on = await look('Scone', 'Move down');
    assert.match(off.borderTopColor, /rgba\(.*, 0\)/, 'no border');
    assert(off.cursor === 'default' && on.cursor === 'pointer' && Number(off.opacity) < 1 && on.opacity === '1');
    assert.notEqual(off.color, on.color);
    assert.deepEqual(await look('Bara brith', 'Move down'), off, 'the last one downwards, too');
  }
  await page.emulateMedia({ forcedColors: 'active' });
  assert.notEqual((await look('Scone', 'Move up')).color, (await look('Scone', 'Move down')).color);
});

kindTest('order: every target at least 44 px, in a window of 320 px', async (page) => {
  await walkToField(page, 'order');
  await button(page, 'Scone', 'Choose next').click();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const box of await page.locator('.rank button:visible, .next__on').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))) assert(box.height >= 44 && box.width >= 44, `${box.width} by ${box.height}`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, 'nothing to scroll sideways');
  assert.deepEqual(await axe(page), []);
});

kindTest('order: the lists of a page that came back are taken over', async (page, watch) => {
  // Sent by the browser itself: the numbers 5 and 2, which leave room between.
  await walkToField(page, 'order');
  await page.evaluate(() => {
    for (const [code, place] of [['bara', 5], ['fruit', 2]]) document.getElementById(`order.${code}`).value = place;
    HTMLFormElement.prototype.submit.call(document.getElementById('answers'));
  });
  await page.locator('html.js .govuk-error-summary').waitFor();
  await page.locator('.check a[href="#question-order"]').click();
  assert.deepEqual((await order(page, 'order')).slice(0, 2), [['1', 'Fruit cake', '1'], ['2', 'Bara brith', '2']]);
  watch.expect(/422/);
});

kindTest('order: what may be asked because of it comes and goes', async (page) => {
  await walk2(page, 'order');
  await button(page, 'Scone', 'Choose next').click();
  await walk(page, needed);
  assert.equal(await page.locator('.check a[href="#question-best_cake"]').count(), 1);
  await page.locator('.check a[href="#question-order"]').click();
  await button(page, 'Scone', 'Take out').click();
  await goOn(page);
  await reached(page, 'check');
  assert.equal(await page.locator('.check a[href="#question-best_cake"]').count(), 0);
});

// ---- letting go, and how far one has come ------------------------------------------------------------------------------------

const clearing = (page) => page.locator('.clear:visible').allInnerTexts();

kindTest('clearing an answer is named by its statement, and nobody meets it before Continue', async (page) => {
  await walkToField(page, 'served_hot');
  assert.deepEqual(await clearing(page), [], 'nothing to let go of yet');
  // By keyboard through the grid: what is pressed by accident on the way is nothing that lets go.
  const stops = [];
  await page.locator('#served_hot').focus();
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Space');
    stops.push(await page.evaluate(() => document.activeElement.name || document.activeElement.className));
    await page.keyboard.press('Tab');
  }
  assert.deepEqual(stops, ['served_hot', 'served_kind', 'served_heard']);
  assert(await hasFocus(page.locator('.next__on')), 'behind the last statement comes Continue');
  assert.deepEqual(await clearing(page), ['The tea was hot', 'People were kind', 'I could hear what people said'].map((one) => `Clear your answer to: ${one}`));
  for (const button of await page.locator('.clear:visible').all()) {
    assert(await button.evaluate((element) => Boolean(document.querySelector('.next__on').compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)));
    assert((await button.boundingBox()).height >= 44);
  }
  await page.getByRole('button', { name: 'Clear your answer to: People were kind' }).press('Enter');
  assert.deepEqual((await filledIn(page)).map(([name]) => name).filter((name) => name.startsWith('served')), ['served_hot', 'served_heard']);
  assert(await hasFocus(page.locator('#served_kind')), 'there it can be answered again');
  assert.deepEqual(await clearing(page), ['The tea was hot', 'I could hear what people said'].map((one) => `Clear your answer to: ${one}`));
  assert.deepEqual(await axe(page), []);
  // In the next step those of this one are gone.
  await goOn(page);
  assert.deepEqual(await clearing(page), []);
}, { isMobile: false, hasTouch: false });

kindTest('clearing: of a question alone without its name, of a pair by its halves; on the check page there is none', async (page) => {
  await walkToField(page, 'overall');
  await touch(page, 'overall-2');
  assert.deepEqual(await clearing(page), ['Clear this answer']);
  await page.locator('.clear:visible').click();
  assert.equal((await filledIn(page)).filter(([name]) => name === 'overall').length, 0);
  await touch(page, 'overall-2');
  await walkToField(page, 'calm_before');
  await touch(page, 'calm_now-3');
  assert.deepEqual(await clearing(page), ['Clear your answer to: After the tea']);
  await walk(page, needed);
  assert.deepEqual(await clearing(page), []);
});

kindTest('how far one has come is seen in words at each question, in every language, and nowhere else', async (page) => {
  const shown = () => page.locator('.way__place').evaluate((element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility() && box.width > 20 && box.height > 10 && !element.matches('.govuk-visually-hidden') ? element.textContent : '';
  });
  assert.equal(await page.locator('.way__place').isVisible(), false, 'not before the first');
  await goOn(page);
  assert.equal(await shown(), 'Question 1 of 32');
  await goOn(page);
  assert.equal(await shown(), 'Question 2 of 32');
  assert.equal(await page.locator('.depth .on').count(), 2, 'as the marks say');
  await walk(page, needed, async (at) => { if (at.startsWith('question-')) assert.match(await shown(), /^Question \d+ of \d+$/, at); });
  assert.equal(await page.locator('.way__place').isVisible(), false, 'not behind the last');
  for (const [tag, words] of [['CY', 'Cwestiwn 1 o 32'], ['AR', 'السؤال 1 من 32'], ['EN-X-EASY', 'Question 1 of 26']]) {
    await openSteps(page, `/${event}/${tag}`);
    await goOn(page);
    assert.equal(await shown(), words);
  }
});

// ---- mistakes -------------------------------------------------------------------------------------------------------------

/** Types GIVEN at the field NAME, goes on, and is told MESSAGE with the link to ID; then the link leads there. */
const mistake = (name, given, message, id = name) => kindTest(`${name}: “${[].concat(given).join(' ')}”: ${message}`, async (page) => {
  await walk2(page, name);
  await page.evaluate(([field, typed]) => {
    const controls = Array.from(document.querySelectorAll(`[name="${field}"], [name^="${field}."]`));
    [].concat(typed).forEach((one, i) => { controls[i].value = one; });
  }, [name, given]);
  const at = await step(page);
  await goOn(page);
  assert.deepEqual(await summary(page), [message]);
  assert.equal(await step(page), at);
  assert(await hasFocus(page.locator('.govuk-error-summary')));
  assert.match(await page.locator(`[id="${name}-error"]`).innerText(), new RegExp(`^Error:\\s+${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  assert.equal(await page.locator('.govuk-error-message:visible').count(), 1);
  assert.deepEqual(await axe(page), []);
  await page.locator('.govuk-error-summary a').click();
  assert.equal(await page.evaluate(() => document.activeElement.id || document.activeElement.closest('li').querySelector('select').id), id);
});

/** Answers what is needed before the field NAME, and goes to it. */
const walk2 = async (page, name) => {
  while (!(await visibleFields(page)).includes(name)) {
    for (const field of await visibleFields(page)) if (needed[field]) await give(page, { [field]: needed[field] });
    await goOn(page);
  }
};

mistake('cups', '1,5', 'Your answer to “How many cups did you drink?” must be a whole number, like 16');
mistake('cups', '٢١', 'Your answer to “How many cups did you drink?” must be between 0 and 20');
mistake('cups', 'two', 'Your answer to “How many cups did you drink?” must be a number, like 16');
mistake('price', '2.345', 'Your answer to “What would you pay for a cup?” must have no more digits after the point than 1.23 has');
mistake('came', ['27', '', '2026'], 'The date for “When was the party?” must include a month', 'came-month');
mistake('came', ['31', '2', '2026'], 'The date for “When was the party?” must be a real date, in numbers like 27\u00a03\u00a02026', 'came-day');
mistake('came', ['3', 'mawrth', '2026'], 'The date for “When was the party?” must be a real date, in numbers like 27\u00a03\u00a02026', 'came-month');
mistake('came', ['1', '1', '2027'], 'The date for “When was the party?” must be between 1\u00a0January 2026 and 31\u00a0December 2026', 'came-day');
mistake('must_say', 'tea', 'Enter letters, and then 2 to 4 digits, such as tea42');
mistake('must_count', '13', 'Enter any number of spoons but 13');
mistake('must_day', ['', '', ''], 'Enter a date for: When shall we meet again?', 'must_day-day');
mistake('must_order', [], 'Choose what comes first for you in: Who left first?', 'must_order.hatter');

kindTest('a grid: each statement that is left out is told for itself', async (page) => {
  await walk2(page, 'must_grid_cat');
  await goOn(page);
  assert.deepEqual(await summary(page), ['Select an answer to: The cat', 'Select an answer to: The hare']);
  await give(page, { must_grid_hare: 'no' });
  await goOn(page);
  assert.deepEqual(await summary(page), ['Select an answer to: The cat']);
  assert.equal(await page.locator('#must_grid_hare-error').count(), 0, 'what is mended is not told any more');
});

kindTest('a refusal beside an answer is a mistake; alone it is an answer, also where one is needed', async (page) => {
  await walk2(page, 'age');
  await give(page, { age: '40' });
  await page.getByLabel('Prefer not to say').filter({ visible: true }).check();
  await goOn(page);
  assert.deepEqual(await summary(page), ['Answer “How old are you?”, or select “Prefer not to say”, but not both']);
  await give(page, { age: ' ' });
  await goOn(page);
  assert.equal(await summary(page).then((list) => list.length), 0);
  await walk2(page, 'must_count');
  await page.getByLabel('I don’t know').filter({ visible: true }).check();
  await walk(page, { ...needed, must_count: undefined });
  assert.equal((await row(page, 'age').innerText()).trim(), 'Prefer not to say');
  assert.equal((await row(page, 'must_count').innerText()).trim(), 'I don’t know');
});

kindTest('exclusive choices take the others away without a word', async (page) => {
  await walk2(page, 'must_many');
  const field = await fieldNamed(page, 'must_many');
  const of = (code) => field.choices.find(({ value }) => value === code).id;
  const ticked = async () => (await filledIn(page)).filter(([name]) => name === 'must_many').map(([, value]) => value);
  const said = () => page.locator('[role="status"], [role="alert"]').allTextContents().then((all) => all.join('').trim());
  const before = await said();
  await touch(page, of('scone'));
  await touch(page, of('lemon'));
  await touch(page, of('none'));
  assert.deepEqual(await ticked(), ['none']);
  await touch(page, of('dont_know'));
  assert.deepEqual(await ticked(), ['dont_know'], 'of two that stand alone only the last');
  await touch(page, of('bara'));
  assert.deepEqual(await ticked(), ['bara']);
  assert.equal(await said(), before);
});

// ---- the check page, and the office ---------------------------------------------------------------------------------------

kindTest('the check page says each kind in words; the office has it as it was meant', async (page) => {
  await walkTo2(page);
  const questions = await readForm(page);
  const answers = { ...plan(questions, 1), ...needed, words: 'every kind', came: '2026-07-04', order: ['fruit', 'scone', 'bara'], again: '3', served_hot: 'not_much', cups: '5', price: '2.5', tea: 'green', overall: 'poor' };
  for (const name of ['served_kind', 'friends', 'height']) delete answers[name];
  await walk(page, answers);
  const lines = async (name) => (await row(page, name).innerText()).split('\n').map((line) => line.trim()).filter(Boolean);
  assert.deepEqual(await lines('came'), ['4\u00a0July 2026'], 'no line ends between day and month');
  assert.deepEqual(await lines('order'), ['1. Fruit cake', '2. Scone', '3. Bara brith']);
  assert.deepEqual(await lines('again'), ['3']);
  assert.deepEqual(await lines('cups'), ['5 cups']);
  assert.deepEqual(await lines('price'), ['2.5 pounds']);
  assert.deepEqual((await lines('served')).slice(0, 4), ['The tea was hot', await label(page, 'served_hot', 'not_much'), 'People were kind', 'Not answered']);
  assert.deepEqual((await lines('calm')).filter((_, i) => i % 2 === 0), ['Before the tea', 'After the tea']);
  assert.deepEqual(await lines('friends'), ['Not answered']);
  assert.deepEqual(await axe(page), []);
  await send(page);
  const response = await stored('every kind');
  const wanted = { came: '2026-07-04', again: 3, cups: 5, price: 2.5, served_hot: 'not_much', must_day: '2027-01-05' };
  for (const [name, value] of Object.entries(wanted)) assert.equal(String(response[name]), String(value), name);
});

/** Past what a change brings up. */
const backToCheck = async (page) => {
  while ((await step(page)) !== 'check') {
    await goOn(page);
    assert.deepEqual(await summary(page), []);
  }
};

const label = async (page, name, code) => (await fieldNamed(page, name)).choices.find(({ value }) => value === code).label;
const walkTo2 = async (page) => walkToField(page, 'came');

kindTest('months by name are read, and said in words again; how many characters are left is there once', async (page) => {
  await walkToField(page, 'came');
  for (const [part, given] of [['day', '27'], ['month', 'Mar.'], ['year', '2026']]) await page.locator(`#came-${part}`).fill(given);
  await goOn(page);
  await walkToField(page, 'words');
  const info = page.locator('#words-info'), said = page.locator('#question-words [role="status"]');
  assert.equal(await page.locator('#question-words .govuk-character-count__message').count(), 1);
  await page.locator('#words').fill('x'.repeat(190));
  assert.equal(await info.textContent(), 'You have 10 characters remaining');
  assert.equal(await info.getAttribute('aria-hidden'), null, 'who comes back to the field hears it, too');
  await until('it to be said', async () => (await said.textContent()) === 'You have 10 characters remaining');
  await until('it to be said no more', async () => (await said.textContent()) === '', 10000);
  await page.locator('#words').fill('months by name');
  assert.equal(await info.textContent(), 'You can write up to 200 characters');
  await walk(page, { ...needed, came: undefined });
  assert.equal((await row(page, 'came').innerText()).trim(), '27\u00a0March 2026');
  await send(page);
  assert.equal(String((await stored('months by name')).came), '2026-03-27');
  // In the words of the page's language, also where the browser has none of it.
  for (const [tag, month, words] of [['CY', 'Mawrth', '27\u00a0Mawrth 2026'], ['AR', 'مارس', '27\u00a0مارس 2026']]) {
    await openSteps(page, `/${event}/${tag}`);
    await walkToField(page, 'came');
    for (const [part, given] of [['day', '27'], ['month', month], ['year', '2026']]) await page.locator(`#came-${part}`).fill(given);
    await walk(page, { ...needed, came: undefined });
    assert.equal((await row(page, 'came').innerText()).trim(), words);
  }
});

kindTest('numbers in other digits, and dates with zeros, are stored as what they are', async (page) => {
  await walk(page, { ...needed, words: 'other digits' });
  for (const [name, given] of Object.entries({ cups: '١٢', price: '१०,५०', age: ' 00۴٢ ' })) {
    await page.locator(`.check a[href="#question-${name}"]`).click();
    await give(page, { [name]: given });
    await backToCheck(page);
  }
  await page.locator('.check a[href="#question-birthday"]').click();
  for (const [part, given] of [['day', '০৫'], ['month', '٠٣'], ['year', '۲۰۲۷']]) await page.locator(`#birthday-${part}`).fill(given);
  await backToCheck(page);
  await send(page);
  const { cups, price, age, birthday } = await stored('other digits');
  assert.deepEqual([cups, price, age, birthday].map(String), ['12', '10.5', '42', '2027-03-05']);
});

kindTest('questions in steps of their own that a change brings up: each is asked once, then the check page comes back', async (page) => {
  await walk(page, needed);
  await page.locator('.check a[href="#question-cups"]').click();
  await give(page, { cups: '12' });
  await goOn(page);
  await reached(page, 'question-more_cups');
  await give(page, { more_cups: '9' });
  await goOn(page);
  await reached(page, 'question-chain');
  await goOn(page);
  await reached(page, 'check');
});

// ---- giving up --------------------------------------------------------------------------------------------------------------

kindTest('where the script gives up, the page is whole, with every answer, and can be sent', async (page) => {
  await walk2(page, 'order');
  await button(page, 'Lemon cake', 'Choose next').click();
  await button(page, 'Scone', 'Choose next').click();
  await walk(page, { ...needed, words: 'without the script' });
  await page.evaluate(() => {
    // The next thing that it does fails.
    Element.prototype.closest = () => { throw new Error('on purpose'); };
  });
  await page.locator('.check a').first().click();
  await page.locator('html:not(.js)').waitFor();
  assert.equal(await page.locator('.rank button').count(), 0);
  assert(await page.locator('#order\\.lemon').isVisible());
  assert.deepEqual((await filledIn(page)).filter(([name]) => name.startsWith('order.')), [['order.scone', '2'], ['order.lemon', '1']]);
  assert.match(await page.locator('#order-how').innerText(), /^Give number 1 .*leave some out/);
  await page.locator('#send button').click();
  await thanked(page).waitFor();
  const { order: put } = await stored('without the script');
  assert.deepEqual(put, ['lemon', 'scone']);
});

await inPairs(jobs);
await finish();
