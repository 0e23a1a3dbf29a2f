// kiosk-axe.test.mjs: axe (WCAG 2.2 AA and best practice) on a kiosk in every state that its script makes, in every language. In make check each
// state has one language, by turns; make kiosk has all of all.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { axe, goOn, inPairs, launch, plan, readForm, send, walk, walkTo, walkToField } from './browser.mjs';
import { makeKiosk, open, turnClock, withScreen } from './kiosk-page.mjs';

const { instance, codeOf } = await makeKiosk('community-conversation', 'everything');
const isWhole = process.env.KIOSK === 'all';
const browser = await launch({ isShell: true });
const code = codeOf('community-conversation'), everything = codeOf('everything');
const jobs = [];

const press = (page, key) => page.locator(`#kioskKeys [data-skbtn="${key}"]`).tap();
const typing = async (page, start) => {
  await open(page, start);
  await walkToField(page, 'next');
  await page.locator('#next').tap();
  await page.locator('#kioskKeys').waitFor();
};
const idle = async (page, seconds) => {
  await page.clock.runFor((seconds + 1) * 1000);
  await page.locator('#kioskIdle[open]').waitFor();
  await page.clock.runFor(1000);
  await page.clock.resume(); // axe has timers of its own
};

/** NAME: how to come there from START, the form's address. "clock": with one that the test turns. */
const states = {
  'the start screen': (page) => open(page, `/kiosk/${code}`),
  'the form’s first page': (page, start) => open(page, start),
  'a question': async (page, start) => {
    await open(page, start);
    await walkToField(page, 'overall');
  },
  'a question in the largest text': async (page, start) => {
    await open(page, start);
    await walkToField(page, 'overall');
    for (let i = 0; i < 2; i++) await page.locator('#kioskSize').tap();
  },
  'a question in high contrast': async (page, start) => {
    await open(page, start);
    await walkToField(page, 'overall');
    await page.locator('#kioskContrast').tap();
  },
  'the keyboard': typing,
  'the keyboard in high contrast, large, with Shift': async (page, start) => {
    await typing(page, start);
    await page.locator('#kioskContrast').tap();
    await page.locator('#kioskSize').tap();
    await press(page, '{shift}');
  },
  'the keyboard’s signs': async (page, start) => {
    await typing(page, start);
    await press(page, '{signs}');
  },
  'the keyboard’s languages': async (page, start) => {
    await typing(page, start);
    await press(page, '{languages}');
  },
  'the keyboard of another language': async (page, start) => {
    await typing(page, start);
    await press(page, '{languages}');
    await press(page, '{to-bn}');
  },
  'a row of keys that is scanned': async (page, start) => {
    await open(page, start);
    await walkToField(page, 'next');
    await page.locator('#next').focus();
    for (const key of ['Enter', 'Enter', 'Tab']) await page.keyboard.press(key);
  },
  'digits': async (page, start) => {
    await open(page, start.replace(code, everything));
    const id = await page.evaluate(() => document.querySelector('[data-kind="integer"]:not([data-relevant]) input').id);
    await walkToField(page, id);
    await page.locator(`[id="${id}"]`).tap();
  },
  'a mistake': async (page, start) => {
    await open(page, start);
    await walkToField(page, 'next');
    await page.locator('#next').fill('x'.repeat(1001));
    await goOn(page);
    await page.locator('.govuk-error-summary').waitFor();
  },
  'check your answers': async (page, start) => {
    await open(page, start);
    await walk(page, plan(await readForm(page), 1));
  },
  'not saved yet': async (page, start) => {
    await open(page, start);
    await walkTo(page, 'check');
    await page.route(`**${start}`, (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{"state":"not-saved","edit":1}' }));
    await page.locator('#send button').tap();
    await page.locator('.not-saved').waitFor();
  },
  'the thank-you': async (page, start) => {
    await open(page, start);
    await walk(page, plan(await readForm(page), 1));
    await send(page);
  },
  '“Are you still there?”': async (page, start) => {
    await turnClock(page);
    await open(page, start);
    await goOn(page);
    await idle(page, 120);
  },
  '“Are you still there?” after the thank-you, in high contrast': async (page, start) => {
    await turnClock(page);
    await open(page, start);
    await page.locator('#kioskContrast').tap();
    await walk(page, plan(await readForm(page), 1));
    await send(page);
    await idle(page, 45);
  },
  'Start again': async (page, start) => {
    await typing(page, start);
    await press(page, '{done}');
    await page.locator('#next').fill('x');
    await page.locator('#kioskAgain').tap();
    await page.locator('#kioskAsk[open]').waitFor();
  },
  'I need help': async (page, start) => {
    await open(page, start);
    await page.locator('#kioskHelp').tap();
    await page.locator('#kioskHelpPanel').waitFor();
  },
  'languages': async (page, start) => {
    await open(page, start);
    await page.locator('#kioskLanguages').tap();
    await page.locator('#kioskLanguagesPanel').waitFor();
  },
};

for (const [turn, face] of ['EN', 'CY', 'AR', 'EN-X-EASY'].entries()) {
  const names = Object.keys(states).filter((_, i) => isWhole || i % 4 === turn);
  for (const name of names) {
    const isPortrait = names.indexOf(name) % 2 === 1;
    jobs.push(() => test(`kiosk, axe: ${face}: ${name}`, () => withScreen(browser, instance, isPortrait ? { viewport: { width: 800, height: 1280 } } : {}, async (page, watch) => {
      await states[name](page, `/kiosk/${code}/${face}`);
      assert.deepEqual(await axe(page), []);
      watch.problems = watch.problems.filter((problem) => !/503/.test(problem));
    })));
  }
}

await inPairs(jobs);
await finish();
