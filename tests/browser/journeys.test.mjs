// journeys.test.mjs: the form at phone size in real Chromium, in its three faces, with and without JavaScript, each with answers of
// its own, all of them found again in the export; and what the script adds to the page: steps, the check page, sending.
import assert from 'node:assert/strict';
import { Instance, atEnd, finish, test, until } from '../harness.mjs';
import { Spool } from '../site/spool.mjs';
import {
  answer, answerVisible, faces, fieldsOf, filledIn, goOn, inPairs, launch, openSteps, plan, reached, readForm, receiptOn, send, sendButton, step, thanked, touch,
  visibleFields, walk, walkToField, withPage,
} from './browser.mjs';

const instance = await Instance.make({ conf: { spool_wait_ms: 1500 } });
const practice = instance.event('--practice');
const event = instance.event('--practice'); // what counts responses has one of its own
await instance.start();
const spool = new Spool(instance);
const browser = await launch();
const inFace = (face) => `/${practice}/${face.path}`;
const english = `/${event}/EN`;

const jobs = []; // what can run beside others; see the end
const withScript = (name, run) => jobs.push(() => test(`journey: ${name}`, () => withPage(browser, instance, {}, run)));
const withoutScript = (name, run) => jobs.push(() => test(`journey: ${name}, without JavaScript`, () => withPage(browser, instance, { js: false }, run)));

/** The responses to the second event that were written with MARKER. */
const responses = (marker) => instance.exported(event).responses.filter(({ next }) => next?.startsWith(marker));

/** Waits for one response with MARKER and the office to be done; there must be no second. */
const storedOnce = async (marker) => {
  await until(`a response with ${marker}`, () => responses(marker).length > 0);
  await spool.settled();
  const found = responses(marker);
  assert.equal(found.length, 1, `one response with ${marker}`);
  return found[0];
};

/** Answers as plan() gives them, from the pairs that filledIn() gives. */
const byField = (pairs) => pairs.reduce((all, [name, value]) => ({ ...all, [name]: ['learned', 'hard'].includes(name) ? [...(all[name] ?? []), value] : value }), {});

/** To the check page with a text of one's own and the first answer to the first question. */
const fillIn = async (page, text, more = {}) => {
  await openSteps(page, english);
  await goOn(page);
  const questions = await readForm(page);
  const first = questions[0].fields[0];
  await walk(page, { [first.name]: first.choices[0].value, next: text, ...more });
};

await test('journey: what a browser complains of would be seen', () => withPage(browser, instance, {}, async (page, watch) => {
  await openSteps(page, english);
  await page.evaluate(() => {
    document.head.append(document.createElement('script'));
    document.body.append(Object.assign(document.createElement('img'), { src: 'https://elsewhere.example/a.png' }));
    document.body.setAttribute('style', 'color: red');
    setTimeout(() => { throw new Error('on purpose'); });
    fetch('/nowhere');
  });
  await until('every complaint', () => watch.problems.length >= 4);
  watch.expect(/page error: Error: on purpose/);
  watch.expect(/style-src/);
  watch.expect(/img-src|request to another host/);
  await until('the missing page', () => watch.problems.some((problem) => /404/.test(problem)));
  watch.expect(/404/);
}));

// ---- every face, every question, every way ----------------------------------------------------------------------------

const text = (face, js) => `“${face}” ${js ? 'with' : 'without'}: ŵ ŷ 🙂 =1+1 <b>&amp;</b>, "a";'b'\n\tsecond line`;
const sent = [];

for (const [i, face] of faces.entries()) {
  for (const js of [true, false]) {
    jobs.push(() => test(`journey: ${face.name}, ${js ? 'with' : 'without'} JavaScript: every question answered, and thanked`, () => withPage(browser, instance, { js, locale: face.locale }, async (page) => {
      if (js) await openSteps(page, inFace(face));
      else await page.goto(inFace(face));
      assert.equal(await page.locator('html').getAttribute('lang'), face.name.slice(0, 2));
      const questions = await readForm(page);
      const answers = plan(questions, 2 * i + Number(js), text(face.name, js));
      const asked = [];
      if (js) {
        await walk(page, answers, async () => {
          asked.push(...await visibleFields(page));
          assert.equal(await page.locator('.when:visible').count(), 0, 'what is asked now need not say when to answer it');
        });
        for (const [name, value] of Object.entries(answers)) {
          for (const one of [].concat(value)) {
            const { choices, type } = fieldsOf(questions).find((field) => field.name === name);
            const shown = type === 'text' ? one : choices.find((choice) => choice.value === one).label;
            const said = await page.locator('.check dd p').allInnerTexts();
            assert(said.some((line) => line.replace(/\s+/g, ' ') === shown.replace(/\s+/g, ' ')), `"${shown}" stands on the check page: ${said}`);
          }
        }
      } else {
        for (const field of fieldsOf(questions)) await answer(page, field, answers[field.name]);
        asked.push(...await visibleFields(page));
      }
      assert.deepEqual(asked, fieldsOf(questions).map(({ name }) => name), 'every question was asked');
      await send(page);
      assert.match(await receiptOn(page), /^[0-9A-Z]{4} /);
      assert(await page.locator('main .help li').count() >= 6, 'helplines on the thank-you page');
      assert.match(await page.locator('main .help a').getAttribute('href'), /^\/help\//, 'and the way to all of them');
      sent.push({ face: face.name, js, questions, answers, receipt: await receiptOn(page) });
    })));
  }
}
await inPairs(jobs);

await test('journey: no two gave the same answers, and each has a receipt of its own', () => {
  assert.equal(sent.length, 6);
  assert.equal(new Set(sent.map(({ receipt }) => receipt)).size, 6);
  for (const key of ['overall', 'next']) assert.equal(new Set(sent.map(({ face, answers }) => `${face} ${answers[key]}`)).size, 6, key);
  assert(sent.every(({ questions }) => questions.some(({ rule }) => rule)), 'a conditional question in every face');
});

const exported = await instance.filed(practice, 6);
const half = ({ questions, answers }, isApart) => Object.fromEntries(fieldsOf(questions).filter((field) => field.isApart === isApart).map(({ name }) => [name, answers[name]]));
const answered = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== ''));
const sorted = (row) => JSON.stringify(Object.entries(row).sort());

await test('journey: six responses and six sets of equality answers are in the export, nothing else', () => {
  assert.equal(exported.responses.length, 6);
  assert.equal(exported['about-you'].length, 6);
});

for (const one of sent) {
  await test(`journey: ${one.face}, ${one.js ? 'with' : 'without'} JavaScript: every answer is in the export, exactly, and no other`, () => {
    const row = exported.responses.find(({ next }) => next === one.answers.next);
    assert(row, `the text is there as typed: ${JSON.stringify(exported.responses.map(({ next }) => next))}`);
    assert.deepEqual(answered(row), half(one, false));
    const apart = { language: one.face, mode: 'phone', ...half(one, true) };
    assert(exported['about-you'].some((other) => sorted(answered(other)) === sorted(apart)), `${JSON.stringify(apart)} in ${JSON.stringify(exported['about-you'])}`);
  });
}

// ---- the page without the script --------------------------------------------------------------------------------------

for (const face of faces) {
  withoutScript(`${face.name}: a conditional question says when to answer it`, async (page) => {
    await page.goto(inFace(face));
    const conditional = (await readForm(page)).filter(({ rule }) => rule);
    assert(conditional.length > 0);
    for (const { id } of conditional) {
      const when = page.locator(`#${id} .when`);
      assert(await when.isVisible());
      assert((await when.innerText()).length > 15);
      const described = await page.locator(`#${id} fieldset, #${id} textarea`).first().getAttribute('aria-describedby');
      assert(described.split(' ').includes(await when.getAttribute('id')), 'and it is read aloud with the question');
    }
  });
}

withoutScript('double click on Send: one response', async (page) => {
  await page.goto(english);
  const fields = fieldsOf(await readForm(page));
  await answer(page, fields.find(({ type }) => type === 'text'), 'double plain');
  await sendButton(page).dblclick();
  await thanked(page).waitFor();
  await storedOnce('double plain');
});

withoutScript('Back after the thank-you is an empty form', async (page) => {
  await page.goto(english);
  await answer(page, fieldsOf(await readForm(page)).find(({ type }) => type === 'text'), 'back plain');
  const before = await page.locator('[name="nonce"]').inputValue();
  await send(page);
  await page.goBack();
  await page.locator('#answers').waitFor();
  assert.deepEqual(await filledIn(page), []);
  assert.notEqual(await page.locator('[name="nonce"]').inputValue(), before, 'another response, if it is sent');
});

withoutScript('language change keeps answers', async (page) => {
  await page.goto(english);
  const questions = await readForm(page);
  const answers = plan(questions, 5);
  for (const field of fieldsOf(questions)) await answer(page, field, answers[field.name]);
  const before = await filledIn(page);
  for (const face of ['cy', 'en-x-easy', 'en']) {
    await page.locator(`.languages [value="${face}"]`).click();
    await page.waitForURL(`/${event}/${face.toUpperCase()}`);
    // Easy Read does not ask everything; what it leaves out comes back with the face that does.
    if (face !== 'en-x-easy') assert.deepEqual(await filledIn(page), before, face);
  }
});

// ---- steps ------------------------------------------------------------------------------------------------------------

withScript('Continue, progress, Back with answers kept, and the way the phone’s own Back and Forward go', async (page) => {
  await openSteps(page, english);
  const answers = plan(await readForm(page), 1);
  const seen = [];
  await walk(page, answers, async (at) => seen.push({ at, way: await page.locator('#pageWay').textContent(), heading: await page.locator('h1:visible').innerText() }));
  const numbered = seen.filter(({ way }) => way);
  assert(numbered.length > 8, 'steps');
  numbered.forEach(({ way }, i) => assert.equal(way, `Question ${i + 1} of ${numbered.length}`));
  assert.equal(seen[0].at, '');
  const steps = [...seen.map(({ at }) => at), 'check'];
  for (let i = steps.length - 2; i > 0; i--) {
    await page.locator('.govuk-back-link').click();
    await reached(page, steps[i]);
    assert.equal(await page.locator('h1:visible').innerText(), seen[i].heading);
  }
  assert.deepEqual(byField(await filledIn(page)), answers, 'every answer is still there');
  assert(await page.locator('h1:visible').evaluate((heading) => heading === document.activeElement), 'the heading has the focus');
  await page.goForward();
  await reached(page, steps[2]);
  await page.goBack();
  await reached(page, steps[1]);
});

withScript('Change goes to the question and comes back to the check page', async (page) => {
  await fillIn(page, 'change me');
  const fields = fieldsOf(await readForm(page));
  const [first] = fields;
  const row = page.locator('.check .govuk-summary-list__row').first();
  assert.match(await row.innerText(), new RegExp(first.choices[0].label));
  assert.equal(await row.getByRole('link', { name: `Change your answer to: ${await row.locator('dt').innerText()}` }).count(), 1, 'read aloud with spaces');
  await row.locator('a').click();
  assert.equal(await page.locator('.check').isVisible(), false);
  assert.deepEqual(await visibleFields(page), [first.name]);
  await touch(page, first.choices[2].id);
  await goOn(page);
  await reached(page, 'check');
  assert.match(await row.innerText(), new RegExp(first.choices[2].label));
  await page.locator('.check a[href="#question-next"]').click();
  await page.locator('#next').fill('changed');
  await goOn(page);
  await reached(page, 'check');
  await send(page);
  const stored = await storedOnce('changed');
  assert.equal(stored[first.name], first.choices[2].value);
  assert.equal(responses('change me').length, 0);
});

withScript('a conditional question comes and goes, and its answer with it', async (page) => {
  await openSteps(page, english);
  const fields = fieldsOf(await readForm(page));
  const choice = (name, value) => fields.find((field) => field.name === name).choices.find((one) => one.value === value).id;
  await walkToField(page, 'easy');
  assert.deepEqual(await visibleFields(page), ['easy']);
  await touch(page, choice('easy', 'very_hard'));
  assert.deepEqual(await visibleFields(page), ['easy', 'hard']);
  const below = await page.evaluate(() => document.querySelector('.next__on').compareDocumentPosition(document.getElementById('hard')) === Node.DOCUMENT_POSITION_PRECEDING);
  assert(below, 'Continue stands below the question that came');
  await touch(page, choice('hard', 'language'));
  await touch(page, choice('easy', 'ok'));
  assert.deepEqual(await visibleFields(page), ['easy']);
  await walk(page, { next: 'no longer hard' });
  assert.equal(await page.locator('.check a[href="#question-hard"]').count(), 0);
  await send(page);
  const stored = await storedOnce('no longer hard');
  assert.equal(stored.easy, 'ok');
  assert(!stored.hard?.length, `dropped: ${JSON.stringify(stored.hard)}`);
});

withScript('a conditional question that a change brings up is asked before the check page comes back', async (page) => {
  await fillIn(page, 'brought up', { easy: 'easy' });
  const fields = fieldsOf(await readForm(page));
  await page.locator('.check a[href="#question-easy"]').click();
  await touch(page, fields.find(({ name }) => name === 'easy').choices.find(({ value }) => value === 'hard').id);
  assert((await visibleFields(page)).includes('hard'));
  await goOn(page);
  await reached(page, 'check');
  assert.equal(await page.locator('.check a[href="#question-hard"]').count(), 1);
});

withScript('an exclusive tick takes the others away, and another tick takes it away', async (page) => {
  await openSteps(page, english);
  const field = fieldsOf(await readForm(page)).find(({ choices }) => choices.some(({ isExclusive }) => isExclusive));
  const alone = field.choices.find(({ isExclusive }) => isExclusive);
  const ticked = async () => (await filledIn(page)).filter(([name]) => name === field.name).map(([, value]) => value);
  await walkToField(page, field.name);
  await touch(page, field.choices[0].id);
  await touch(page, field.choices[1].id);
  assert.deepEqual(await ticked(), field.choices.slice(0, 2).map(({ value }) => value));
  await touch(page, alone.id);
  assert.deepEqual(await ticked(), [alone.value]);
  await touch(page, field.choices[1].id);
  assert.deepEqual(await ticked(), [field.choices[1].value]);
});

withScript('the character count is shown at once, and announced when typing pauses', async (page) => {
  await openSteps(page, english);
  await walkToField(page, 'next');
  const box = page.locator('.govuk-character-count');
  const heard = box.locator('[role="status"]');
  assert.match(await box.innerText(), /up to 1000 characters/);
  await page.locator('#next').fill('a'.repeat(900));
  assert.match(await box.innerText(), /You have 100 characters remaining/);
  await heard.filter({ hasText: 'You have 100 characters remaining' }).waitFor({ state: 'attached' });
  await page.locator('#next').fill('a'.repeat(999));
  await heard.filter({ hasText: 'You have 1 character remaining' }).waitFor({ state: 'attached' });
  await page.locator('#next').fill('a'.repeat(1001));
  await heard.filter({ hasText: 'You have 1 character too many' }).waitFor({ state: 'attached' });
  await goOn(page);
  assert.match(await page.locator('.govuk-error-summary').innerText(), /must be 1000 characters or less/);
  await page.locator('#next').fill('a');
  await heard.filter({ hasNotText: /./ }).waitFor({ state: 'attached' });
});

withScript('language change keeps answers and the place', async (page) => {
  await openSteps(page, english);
  const questions = await readForm(page);
  const answers = plan(questions, 4);
  const place = questions.findIndex(({ fields }) => fields.some(({ name }) => name === 'next'));
  let at = '';
  while (!(await visibleFields(page)).includes('next')) {
    await answerVisible(page, answers);
    await goOn(page);
  }
  await answerVisible(page, answers);
  at = await step(page);
  assert(place > 5 && at);
  const before = await filledIn(page);
  for (const face of ['cy', 'en']) {
    await page.locator(`.languages [value="${face}"]`).click();
    await page.waitForURL(`/${event}/${face.toUpperCase()}`);
    await page.locator('html.js').waitFor();
    assert.equal(await step(page), at);
    assert(await page.locator('#next').isVisible());
    assert.deepEqual(await filledIn(page), before);
  }
  await walk(page, answers);
  await send(page);
  const stored = await storedOnce(answers.next);
  for (const { name, isApart } of fieldsOf(questions)) if (!isApart) assert.deepEqual(stored[name], answers[name], name);
});

// ---- sending ----------------------------------------------------------------------------------------------------------

withScript('double click on Send: one response', async (page) => {
  await fillIn(page, 'double click');
  await sendButton(page).dblclick();
  await thanked(page).waitFor();
  await storedOnce('double click');
});

withScript('offline: everything is kept, it says not saved, and sends by itself when the phone is back', async (page, watch) => {
  await fillIn(page, 'offline');
  const before = await filledIn(page);
  await page.context().setOffline(true);
  await sendButton(page).click();
  const status = page.locator('.not-saved p').first();
  await status.filter({ hasText: 'You are not connected right now' }).waitFor();
  assert.deepEqual(await filledIn(page), before);
  assert.match(await page.locator('.not-saved').innerText(), /could not save.*still on this page/s);
  assert.equal(responses('offline').length, 0);
  await page.context().setOffline(false);
  await thanked(page).waitFor();
  await storedOnce('offline');
  watch.expect(/ERR_INTERNET_DISCONNECTED/);
});

withScript('the thank-you shows what was stored, the receipt on request; reload gives an empty form', async (page) => {
  await fillIn(page, 'reload');
  await send(page);
  assert(await thanked(page).evaluate((heading) => heading === document.activeElement));
  assert.equal(await page.locator('.receipt__code').isVisible(), false);
  await page.locator('.receipt summary').click();
  assert(await page.locator('.receipt__code').isVisible());
  assert.match(await page.locator('main .govuk-summary-list').textContent(), /reload/);
  await page.reload();
  await page.locator('html.js').waitFor();
  assert.equal(await step(page), '');
  assert.deepEqual(await filledIn(page), []);
  assert(!(await page.content()).includes('reload'));
});

withScript('Back after the thank-you shows no answers, however often', async (page) => {
  await page.goto('/');
  await fillIn(page, 'back secret');
  await send(page);
  for (let i = 0; i < 3; i++) {
    await page.goBack();
    await page.locator('html.js').waitFor();
    assert.deepEqual(await filledIn(page), []);
    assert(!(await page.content()).includes('back secret'));
  }
});

withScript('a page out of the browser’s memory shows nothing, and begins anew', async (page) => {
  await fillIn(page, 'memory secret');
  const nonce = await page.locator('[name="nonce"]').inputValue();
  const hidden = await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    return document.body.hidden;
  });
  assert(hidden, 'hidden at once');
  await page.waitForFunction((old) => ![undefined, old].includes(document.querySelector('[name="nonce"]')?.value), nonce);
  assert.deepEqual(await filledIn(page), []);
});

// ---- leaving ----------------------------------------------------------------------------------------------------------

/** Leaves the form by HOW, three steps in, and looks at what is left: on the page, in the history, in the office. */
const leaves = (name, how) => withScript(name, async (page, watch) => {
  const target = 'https://www.bbc.co.uk/weather';
  watch.hosts.push('www.bbc.co.uk');
  await page.route(target, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Weather</title><p>Rain later' }));
  await page.goto('/');
  await openSteps(page, english);
  const questions = await readForm(page);
  for (let i = 0; i < 3; i++) {
    await answerVisible(page, plan(questions, 1));
    await goOn(page);
  }
  // The page says itself what is on it once it changes, since it is not there for long.
  await page.evaluate(() => new MutationObserver(() => console.info(JSON.stringify({
    text: document.body.innerText, fields: document.querySelectorAll('input, textarea, img, svg').length, title: document.title, top: document.elementFromPoint(180, 300).className,
  }))).observe(document.body, { childList: true }));
  const said = page.waitForEvent('console', (message) => message.type() === 'info');
  await Promise.all([said, how(page)]);
  assert.deepEqual(JSON.parse((await said).text()), { text: 'Leaving this page', fields: 0, title: '\u2060', top: 'govuk-exit-this-page-overlay' }, 'nothing is left to be read over a shoulder');
  await page.waitForURL(target);
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, '/', 'Back leads past the form');
  assert.equal(responses('Answer 1').length, 0);
});

leaves('Exit this page, by the button', (page) => page.locator('.govuk-js-exit-this-page-button').click());
leaves('Exit this page, by Shift three times', async (page) => {
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift');
});

withScript('Shift twice, then something else, does not leave', async (page) => {
  await openSteps(page, english);
  await page.keyboard.press('Shift');
  assert.match(await page.locator('.govuk-exit-this-page [role="status"]').textContent(), /2 more times/);
  await page.keyboard.press('Shift');
  await page.keyboard.press('a');
  await page.keyboard.press('Shift');
  assert(await page.locator('#pageWelcome').isVisible());
});

withoutScript('Exit this page is a link that sends no address of ours', async (page, watch) => {
  watch.hosts.push('www.bbc.co.uk');
  let headers;
  await page.route('https://www.bbc.co.uk/weather', async (route) => {
    headers = await route.request().allHeaders();
    await route.fulfill({ contentType: 'text/html', body: 'Rain later' });
  });
  await page.goto(english);
  await page.locator('.govuk-js-exit-this-page-button').click();
  await page.waitForURL('https://www.bbc.co.uk/weather');
  assert.equal(headers.referer, undefined);
});

await inPairs(jobs);

// ---- alone, since others would notice -----------------------------------------------------------------------------------

// ---- sent after the end -------------------------------------------------------------------------------------------------

for (const js of [true, false]) {
  await test(`journey: sent after the event has closed: not saved, said plainly, and what was written stays in sight${js ? '' : ', without JavaScript'}`, () => withPage(browser, instance, { js }, async (page, watch) => {
    const late = instance.event('--open');
    const close = () => instance.cli(['event', 'close', late, '--now']);
    const path = `/${late}/EN`;
    if (js) {
      await openSteps(page, path);
      await goOn(page);
      await walk(page, { next: 'to be copied' });
    } else {
      await page.goto(path);
      await page.locator('[name="next"]').fill('to be copied');
    }
    close();
    await sendButton(page).click();
    await page.getByRole('heading', { name: 'Your answers were not saved' }).waitFor();
    const seen = () => page.locator('body').innerText();
    const check = async () => {
      const text = await seen();
      for (const part of ['We have stopped taking answers', 'What you wrote', 'to be copied']) assert(text.includes(part), `${part} in ${text}`);
      for (const part of ['Your answers stay here', 'Not saved yet', 'Test event', 'Open the form again', 'Nothing is sent yet']) assert(!text.includes(part), `${part} in ${text}`);
      assert.equal(await sendButton(page).count(), 0, 'nothing to try again');
    };
    await check();
    assert(await page.locator('.govuk-js-exit-this-page-button').isVisible());
    if (js) {
      assert.equal(await page.evaluate(() => document.activeElement.localName), 'h1', 'it is read out');
      await page.goBack();
      await check();
    }
    watch.expect(/410/);
  }));
}

await test('journey: the spooler stops and goes on: not saved, then sent by itself, once', () => withPage(browser, instance, {}, async (page, watch) => {
  await fillIn(page, 'asleep');
  const pids = instance.pids('spooler');
  const wake = () => pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
  atEnd(wake);
  pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  await sendButton(page).click();
  await page.locator('.not-saved').waitFor();
  assert.match(await page.locator('.not-saved p').first().innerText(), /Not saved yet: we will try again/);
  wake();
  await thanked(page).waitFor();
  await storedOnce('asleep');
  watch.expect(/503/);
}));

// ---- pages that the browser keeps in memory -----------------------------------------------------------------------------

const keeping = await launch({ hasBfcache: true });

await test('journey: Back to a page that the browser may have kept in memory shows no answers', () => withPage(keeping, instance, {}, async (page) => {
  const look = async (what) => {
    await page.goto('/cookies');
    await page.goBack();
    await page.locator('html.js').waitFor();
    assert.deepEqual(await filledIn(page), [], what);
    assert(!(await page.content()).includes('kept secret'), what);
  };
  await fillIn(page, 'kept secret');
  await look('a page that was filled in');
  await fillIn(page, 'kept secret');
  await send(page);
  await look('the thank-you page');
}));

// ---- a kiosk ------------------------------------------------------------------------------------------------------------

/** What two people are told who send one after the other from one page: the first one's answer is lost on its way back, after it
 * was stored; the second writes over the first one's answers and sends. */
const twoOnOnePage = async (site, code) => withPage(browser, site, {}, async (page, watch) => {
  await openSteps(page, `/${code}/EN`);
  await goOn(page);
  await walk(page, { next: 'person one' });
  const receipts = [];
  let isLost = true;
  await page.route(`/${code}/EN`, async (route) => {
    const response = await route.fetch();
    receipts.push((await response.json()).receipt);
    return isLost ? route.abort() : route.fulfill({ response });
  });
  await sendButton(page).click();
  await page.locator('.not-saved').waitFor();
  isLost = false;
  await page.locator('.check a[href="#question-next"]').click();
  await page.locator('#next').fill('person two');
  await goOn(page);
  await send(page);
  watch.expect(/ERR_FAILED/);
  assert.equal(await receiptOn(page), receipts.at(-1));
  assert.equal(new Set(receipts).size, new Set([receipts[0], receipts.at(-1)]).size);
  return [receipts[0], receipts.at(-1)];
});
const written = (site, code) => site.exported(code).responses.map(({ next }) => next).sort();

const kiosk = await Instance.make({ conf: { mode: 'kiosk' } });
const shared = kiosk.event('--practice');
await kiosk.start();

await test('journey: a page left open on a kiosk: two people are two responses and two receipts', async () => {
  const [one, two] = await twoOnOnePage(kiosk, shared);
  assert.notEqual(one, two);
  await kiosk.filed(shared, 2);
  assert.deepEqual(written(kiosk, shared), ['person one', 'person two']);
});

await test('journey: on a phone the same is one person who changed an answer: one response, one receipt', async () => {
  const own = instance.event('--practice');
  const [one, two] = await twoOnOnePage(instance, own);
  assert.equal(one, two);
  await until('the edit', () => written(instance, own).includes('person two'));
  assert.deepEqual(written(instance, own), ['person two']);
});

for (const js of [true, false]) {
  await test(`journey: on a kiosk the next person begins with an empty form${js ? '' : ', without JavaScript'}: two receipts`, () => withPage(browser, kiosk, { js }, async (page) => {
    const receipts = [];
    for (const person of ['a', 'b']) {
      if (js) await openSteps(page, `/${shared}/EN`);
      else if (person === 'a') await page.goto(`/${shared}/EN`);
      else await page.getByRole('link', { name: 'Start a new form for another person' }).click();
      if (js) await goOn(page);
      await page.locator('#answers').waitFor();
      assert.deepEqual(await filledIn(page), []);
      if (js) await walk(page, { next: 'the same words' });
      else await page.locator('#next').fill('the same words');
      await send(page);
      receipts.push(await receiptOn(page));
    }
    assert.notEqual(receipts[0], receipts[1]);
  }));
}

await finish();
