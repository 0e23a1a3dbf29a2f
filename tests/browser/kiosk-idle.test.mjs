// kiosk-idle.test.mjs: one person after another at a kiosk, with a clock that the test turns: the question whether somebody is there, what
// extends it, what is announced (WCAG 2.2.1, 4.1.3), and that nothing of one person is left for the next.
import assert from 'node:assert/strict';
import { finish, sleep, test, until } from '../harness.mjs';
import { goOn, inPairs, launch, plan, readForm, send, step, thanked, touch, walk, walkToField } from './browser.mjs';
import { focused, listen, makeKiosk, open, turnClock, withScreen } from './kiosk-page.mjs';

const { instance, codeOf } = await makeKiosk('community-conversation');
const browser = await launch();
const code = codeOf('community-conversation');
const start = `/kiosk/${code}`;
const marker = 'Zwetschgenbaum';
const jobs = [];

const asks = (page) => page.locator('#kioskIdle[open]');
const left = (page) => page.locator('#kioskIdleLeft').textContent();
const path = (page) => new URL(page.url()).pathname;

/** SECONDS pass. */
const pass = (page, seconds) => page.clock.runFor(seconds * 1000);

const idleTest = (name, run, options = {}) => jobs.push(() => test(`kiosk, idle: ${name}`, () => withScreen(browser, instance, options, async (page, watch, sent) => {
  await turnClock(page);
  await run(page, watch, sent);
})));

/** The form with a choice made and a word typed, at the step where it was typed. */
const begun = async (page, face = 'EN') => {
  await open(page, `${start}/${face}`);
  const [first] = (await readForm(page)).flatMap(({ fields }) => fields).filter(({ type }) => type === 'radio');
  await walkToField(page, first.name);
  await touch(page, first.choices[0].id);
  await walkToField(page, 'next');
  await page.locator('#next').fill(marker);
};

/** Nothing that was sent, and nothing in the page, says what was typed. */
const isClean = async (page, sent) => {
  assert(!(await page.content()).includes(marker), 'the page does not hold what was typed');
  assert.deepEqual(await page.evaluate(() => Array.from(document.querySelectorAll('input:not([type="hidden"]), textarea, select')).filter((one) => one.checked || (!['radio', 'checkbox'].includes(one.type) && one.value))
    .map(({ name, value }) => [name, value])), [], 'nothing is filled in');
  assert.deepEqual(sent.filter(([where]) => !where.startsWith('/staff/')), [], 'nothing was sent');
};

/** Waits until the start screen is there, and tells that the session was ended once. */
const isOver = async (page, sent) => {
  await until('the start screen', () => path(page) === start);
  await page.locator('html.scripted.kiosk-start').waitFor();
  assert.equal(sent.filter(([where]) => where === '/staff/end').length, 1, 'whoever supervises the browser was told, once');
};

// ---- the question -----------------------------------------------------------------------------------------------------------

idleTest('the question, what is announced, twenty extensions, and the end', async (page, watch, sent) => {
  await begun(page);
  const at = await step(page);
  await page.locator('#next').focus();
  await pass(page, 119);
  assert.equal(await asks(page).count(), 0, 'not before 120 s');
  const ways = [
    () => page.keyboard.press('x'),
    () => page.keyboard.press('Tab'),
    () => page.keyboard.press('Enter'),
    () => page.keyboard.press('Escape'),
    () => page.keyboard.press('Shift'),
    () => page.touchscreen.tap(20, 20), // beside the dialog
    () => page.locator('#kioskIdleTitle').tap(),
    () => page.locator('#kioskIdleStay').tap(),
    () => page.mouse.click(640, 760), // where the bar lies below
    () => page.locator('#kioskIdleStay').evaluate((button) => button.click()), // as a screen reader does
  ];
  let asked = 0;
  for (let i = 0; i < 20; i++) {
    await pass(page, i ? 121 : 2);
    const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
    await dialog.waitFor();
    asked++;
    assert.equal((await focused(page)).id, 'kioskIdleStay', 'the focus is in the question');
    assert.match(await dialog.evaluate((one) => document.getElementById(one.getAttribute('aria-describedby')).textContent), /Touch the screen or press any key/);
    const status = dialog.getByRole('status');
    await pass(page, 1);
    assert.equal(await status.textContent(), 'Seconds left: 60');
    if (i < 2) {
      await pass(page, 25);
      assert.equal(await left(page), 'Seconds left: 60', 'nothing in between');
      await pass(page, 5);
      assert.equal(await left(page), 'Seconds left: 30');
      await pass(page, 15);
      assert.equal(await left(page), 'Seconds left: 30');
      await pass(page, 6);
      assert.equal(await left(page), 'Seconds left: 10');
    } else {
      await pass(page, 50 + (i % 8));
    }
    await ways[i % ways.length]();
    await pass(page, 0.4);
    assert.equal(await asks(page).count(), 0, `extension ${i + 1} counts`);
    assert.equal(await step(page), at, 'what answered the question did nothing else');
    assert.equal(await page.locator('#next').inputValue(), marker);
    assert.equal((await focused(page)).id, 'next', 'the focus is back where it was');
    assert.equal(await page.locator('html').getAttribute('class').then((list) => /contrast|size-[23]/.test(list)), false);
  }
  assert.equal(asked, 20);
  await pass(page, 121);
  await asks(page).waitFor();
  await pass(page, 58);
  assert.equal(path(page), `${start}/EN`);
  await pass(page, 3);
  await isOver(page, sent);
  await isClean(page, sent);
  await page.goBack().catch(() => {});
  await isClean(page, sent);
});

idleTest('a touch on the question does not press what lies below it', async (page) => {
  await open(page, `${start}/EN`);
  const [first] = (await readForm(page)).flatMap(({ fields }) => fields).filter(({ type }) => type === 'radio');
  await walkToField(page, first.name);
  const box = await page.locator(`.govuk-radios__item:has(> [id="${first.choices[0].id}"])`).boundingBox();
  for (const how of ['touchscreen', 'mouse']) {
    await pass(page, 121);
    await asks(page).waitFor();
    const place = [box.x + 10, box.y + box.height / 2];
    await (how === 'mouse' ? page.mouse.click(...place) : page.touchscreen.tap(...place));
    await pass(page, 0.4);
    assert.equal(await asks(page).count(), 0);
    assert.equal(await page.locator('#answers :checked').count(), 0, how);
  }
  // A key that is held: neither its first stroke nor those that follow press the button that has the focus again.
  const at = await step(page);
  await page.locator('.next__on').focus();
  await pass(page, 121);
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  assert.equal(await step(page), at);
  await page.keyboard.up('Enter');
  await page.keyboard.press('Enter');
  assert.notEqual(await step(page), at, 'the next stroke does');
});

idleTest('the question is spoken to those who listen, and what is left', async (page, watch, sent) => {
  const words = ['Are you still there?', 'Touch the screen or press any key to go on. If nobody does, we wipe this screen for the next person. We do not send anything that you have not sent.',
    'Seconds left: 30', 'Seconds left: 10'];
  const heard = await listen(page, ...words);
  await open(page, `${start}/EN`);
  await goOn(page);
  await heard();
  await pass(page, 121);
  await asks(page).waitFor();
  await pass(page, 2);
  assert.deepEqual(await heard(), words.slice(0, 2));
  await pass(page, 25);
  assert.deepEqual(await heard(), []);
  await pass(page, 5);
  assert.deepEqual(await heard(), [words[2]]);
  await pass(page, 20);
  assert.deepEqual(await heard(), [words[3]]);
  await page.keyboard.press('x');
  await pass(page, 100);
  assert.equal(await asks(page).count(), 0);
  await pass(page, 21);
  await asks(page).waitFor();
  await pass(page, 1);
  assert.equal((await heard())[0], words[0], 'each time');
  await page.locator('#kioskIdleEnd').tap();
  await isOver(page, sent);
});

idleTest('listening counts while a sound goes on, and for five minutes; a sound that does not come does not count', async (page, watch, sent) => {
  await listen(page, 'Continue');
  for (const reading of ['moves', 'stalls']) {
    sent.length = 0;
    await open(page, `${start}/EN`);
    await goOn(page);
    await page.evaluate((how) => { window.reading = how; }, reading);
    await goOn(page);
    await page.locator('#listenBar[data-state="playing"]').waitFor();
    if (reading === 'moves') {
      await pass(page, 299);
      assert.equal(await asks(page).count(), 0, 'somebody listens');
      await pass(page, 119);
      assert.equal(await asks(page).count(), 0, '120 s from when nobody is taken to listen any more');
      await pass(page, 4);
    } else {
      await pass(page, 118);
      assert.equal(await asks(page).count(), 0);
      await pass(page, 4);
    }
    await asks(page).waitFor();
    await pass(page, 61);
    await isOver(page, sent);
    await isClean(page, sent);
  }
});

idleTest('a key that is held, or stuck, is nobody: it does not extend, does not answer, does not begin', async (page, watch, sent) => {
  for (const key of process.env.KIOSK === 'all' ? ['x', 'Enter', ' '] : ['x', 'Enter']) {
    sent.length = 0;
    await begun(page);
    await page.locator(key === 'x' ? '#next' : '.govuk-back-link').focus();
    if (key !== 'x') await page.evaluate(() => document.activeElement.addEventListener('click', (event) => event.stopPropagation()));
    const held = async (seconds) => {
      for (let i = 0; i < seconds; i += 10) {
        await page.keyboard.down(key);
        await pass(page, 10);
      }
    };
    await held(110);
    assert.equal(await asks(page).count(), 0);
    if (key === 'x') assert.match(await page.locator('#next').inputValue(), /x{10}/, 'it types all the same');
    await held(20);
    await asks(page).waitFor();
    await held(20);
    assert.equal(await asks(page).count(), 1, 'it does not answer');
    if (key === 'x') {
      await page.keyboard.up(key);
      await pass(page, 1);
      assert.equal(await asks(page).count(), 1, 'nor does its end');
      await page.keyboard.press(key);
      assert.equal(await asks(page).count(), 0, 'the next stroke does');
      await page.keyboard.down(key);
      await held(130);
      await asks(page).waitFor();
    }
    await held(20);
    await until('the end', () => path(page) === start || pass(page, 3).then(() => false));
    await isOver(page, sent);
    await isClean(page, sent);
    await held(130);
    assert.equal(await asks(page).count(), 0, 'nobody has touched the start screen');
    await page.keyboard.up(key);
  }
});

idleTest('“No, wipe it now” ends it at once', async (page, watch, sent) => {
  await begun(page);
  await pass(page, 121);
  await page.locator('#kioskIdleEnd').tap();
  await isOver(page, sent);
  await isClean(page, sent);
});

idleTest('a touch that is held, or that moves, extends as well', async (page) => {
  await open(page, `${start}/EN`);
  await goOn(page);
  await pass(page, 121);
  await asks(page).waitFor();
  await page.mouse.move(300, 40);
  await page.mouse.down();
  await pass(page, 59); // held: the time has begun anew
  assert.equal(path(page), `${start}/EN`);
  await page.mouse.move(600, 600);
  await page.mouse.up();
  await pass(page, 1);
  assert.equal(await asks(page).count(), 0);
});

for (const [face, title, seconds] of [['CY', 'Ydych chi’n dal yno?', 'Eiliadau ar ôl: 60'], ['AR', 'هل ما زلتم هنا؟', 'الثواني المتبقية: 60'], ['EN-X-EASY', 'Are you still there?', 'Seconds left: 60']]) {
  idleTest(`in the page's language, ${face}`, async (page, watch, sent) => {
    await begun(page, face);
    await pass(page, 121);
    await page.getByRole('dialog', { name: title }).waitFor();
    await pass(page, 1);
    assert.equal(await left(page), seconds);
    await pass(page, 60);
    await isOver(page, sent);
    await isClean(page, sent);
  });
}

// ---- other ends -------------------------------------------------------------------------------------------------------------

idleTest('answers that came back from the server go, too', async (page, watch, sent) => {
  await begun(page);
  await page.locator('#kioskLanguages').tap();
  await page.locator('#kioskLanguagesPanel [lang="cy"]').tap();
  await page.locator('html.js[lang="cy"]').waitFor();
  assert.equal(await page.locator('#next').inputValue(), marker, 'a change of language keeps what was typed');
  sent.length = 0;
  await pass(page, 121);
  await asks(page).waitFor();
  await pass(page, 61);
  await isOver(page, sent);
  await isClean(page, sent);
});

idleTest('after the thank-you 45 s, or “Finished”', async (page, watch, sent) => {
  for (const isPressed of [false, true]) {
    sent.length = 0;
    await open(page, `${start}/EN`);
    await walk(page, { ...plan(await readForm(page), isPressed ? 2 : 1), next: marker });
    await send(page);
    assert(await page.locator('#kioskBar').isVisible(), 'the bar stays');
    assert.equal(await page.locator('#kioskLanguages').count(), 0, 'without what has nothing more to do');
    sent.splice(0);
    if (isPressed) {
      await page.locator('#kioskFinished').tap();
    } else {
      await pass(page, 44);
      assert.equal(await asks(page).count(), 0);
      await pass(page, 2);
      await asks(page).waitFor();
      await page.keyboard.press('x');
      assert(await thanked(page).isVisible());
      await pass(page, 46);
      await asks(page).waitFor();
      await pass(page, 61);
    }
    await isOver(page, sent);
    await isClean(page, sent);
  }
});

idleTest('a start screen that nobody has touched stays as it is', async (page, watch, sent) => {
  await open(page, start);
  await pass(page, 3600);
  assert.equal(await asks(page).count(), 0);
  assert.deepEqual(sent.filter(([where]) => where !== '/staff/alive'), []);
  await page.touchscreen.tap(640, 5);
  await pass(page, 121);
  await asks(page).waitFor();
});

idleTest('the page says every 15 s that it lives', async (page, watch, sent) => {
  await open(page, start);
  await pass(page, 61);
  const beats = sent.filter(([where]) => where === '/staff/alive').length;
  assert(beats >= 4 && beats <= 6, `${beats} in a minute`);
});

idleTest('Start again asks where something would be lost', async (page, watch, sent) => {
  await open(page, `${start}/EN`);
  await goOn(page);
  await page.locator('#kioskAgain').tap();
  await isOver(page, sent);
  sent.length = 0;
  await begun(page);
  await page.locator('#kioskAgain').tap();
  const dialog = page.getByRole('dialog', { name: 'Do you want to start again?' });
  await dialog.waitFor();
  assert.equal((await focused(page)).id, 'kioskAskNo');
  await page.locator('#kioskAskNo').tap();
  assert.equal(await dialog.count(), 0);
  assert.equal(await page.locator('#next').inputValue(), marker);
  // Idle beside an open question: that of the clock is the one that is asked.
  await page.locator('#kioskAgain').tap();
  await dialog.waitFor();
  await pass(page, 121);
  await asks(page).waitFor();
  assert.equal(await dialog.count(), 0);
  await page.keyboard.press('x');
  await page.locator('#kioskAgain').tap();
  await page.locator('#kioskAskYes').tap();
  await isOver(page, sent);
  await isClean(page, sent);
});

idleTest('what waits to be sent again is not, once the screen is wiped', async (page, watch, sent) => {
  await open(page, `${start}/EN`);
  await walk(page, { ...plan(await readForm(page), 3), next: marker });
  await page.route(`**${start}/EN`, (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ state: 'not-saved', edit: 1 }) }) : route.fallback()));
  await page.locator('#send button').tap();
  await page.locator('.not-saved').waitFor();
  await pass(page, 121);
  await asks(page).waitFor();
  await pass(page, 61);
  await isOver(page, sent);
  sent.length = 0;
  await pass(page, 600);
  await isClean(page, sent);
  watch.expect(/503/);
});

idleTest('what is on its way when the screen is wiped is broken off, and an answer that is late shows nothing', async (page, watch, sent) => {
  const words = 'Late answer to somebody who has gone';
  await page.addInitScript(() => {
    const { fetch } = window;
    window.fetch = (url, options) => {
      if (options.signal) options.signal.addEventListener('abort', () => console.info('broken off'));
      return fetch(url, options);
    };
    addEventListener('DOMContentLoaded', () => new MutationObserver(() => console.info(`children: ${document.body.childElementCount}`)).observe(document.body, { childList: true, subtree: true }));
  });
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  await open(page, `${start}/EN`);
  await walk(page, { ...plan(await readForm(page), 3), next: words });
  // The first attempt is refused for now; the second reaches nobody before the wipe; the next page is slow, too.
  const waiting = [], leading = [];
  await page.route(`**${start}/EN`, (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    if (!waiting.push(route) || waiting.length > 1) return undefined;
    return route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ state: 'not-saved', edit: 1 }) });
  });
  await page.route(`**${start}`, (route) => { leading.push(route); });
  await page.locator('#send button').tap();
  await page.locator('.not-saved').waitFor();
  // An attempt is given half a minute, or more; the pauses between them are longer each time: until one begins just before the end.
  await pass(page, 121);
  await asks(page).waitFor();
  const before = waiting.length;
  assert(before > 1, 'it was tried again');
  // From here on the page cannot be asked, since the next one is on its way; but it tells.
  pass(page, 61).catch(() => {});
  await until('the way to the start', () => leading.length);
  await until('what was on its way has been broken off', () => said.filter((one) => one === 'broken off').length === waiting.length - 1);
  const count = waiting.length;
  for (const route of waiting.slice(1)) await route.fulfill({ status: 200, contentType: 'application/json', body: '{"state":"thanks"}' }).catch(() => {});
  await sleep(300);
  assert.equal(said.filter((one) => one.startsWith('children')).pop(), 'children: 0', 'nothing is shown');
  await leading[0].fallback();
  await page.locator('html.scripted.kiosk-start').waitFor();
  await pass(page, 300);
  assert(!(await page.content()).includes(words));
  assert.equal(await page.locator('h1.thanks, .not-saved').count(), 0);
  assert.equal(waiting.length, count);
  assert(!instance.exported(code).responses.some(({ next }) => next === words), 'nothing was stored');
  watch.expect(/503/);
});

// ---- size, colours --------------------------------------------------------------------------------------------------------------

idleTest('bigger text and high contrast change the page in place, go along with a language, and end with the person', async (page, watch, sent) => {
  await begun(page);
  const classes = () => page.locator('html').getAttribute('class');
  const fields = () => page.evaluate(() => ['view-size', 'view-contrast'].map((name) => document.querySelector(`#answers [type="hidden"][name="${name}"]`).value));
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('#next')).fontSize));
  const before = await size();
  for (const [n, word] of [[2, 'Bigger text'], [3, 'Normal text']]) {
    await page.locator('#kioskSize').tap();
    assert(await size() > before * (n === 2 ? 1.2 : 1.5));
    assert.equal(await page.locator('#kioskSize').innerText(), word);
    assert.equal(await page.getByRole('status').filter({ hasText: 'Text size' }).textContent(), `Text size ${n} of 3`);
    assert.equal(await page.locator('#next').inputValue(), marker);
  }
  await page.locator('#kioskContrast').tap();
  assert.equal(await page.locator('#kioskContrast').getAttribute('aria-pressed'), 'true');
  assert.deepEqual(await fields(), ['3', '1']);
  await page.locator('#kioskLanguages').tap();
  await page.locator('#kioskLanguagesPanel [lang="cy"]').tap();
  await page.locator('html.js[lang="cy"]').waitFor();
  assert.match(await classes(), /size-3.*contrast/);
  await page.locator('#kioskContrast').tap();
  await page.locator('#kioskSize').tap();
  assert.doesNotMatch(await classes(), /contrast|size-[23]/);
  assert.deepEqual(await fields(), ['1', '0']);
  assert.equal(await size(), before);
  await page.locator('#kioskContrast').tap();
  sent.length = 0;
  await pass(page, 121);
  await page.locator('#kioskIdleEnd').tap();
  await isOver(page, sent);
  assert.doesNotMatch(await classes(), /contrast|size-[23]/);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
});

await inPairs(jobs);
await finish();
