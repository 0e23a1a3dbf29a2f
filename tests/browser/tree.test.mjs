// tree.test.mjs: with a screen reader's eyes: every step of a form as the accessibility tree has it, and what is said when something
// changes: choices put in order, characters counted, mistakes, sending. tests/browser/tree/ has it as it shall be, for people to read;
// a difference fails and is shown. --renew writes what is there now.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, root, scratch, test } from '../harness.mjs';
import { makeEverything, opening } from '../everything.mjs';
import { heard, listen } from './ear.mjs';
import { answerVisible, goOn, inPairs, launch, openSteps, plan, readForm, sendButton, step, thanked, withPage } from './browser.mjs';

const isRenewed = process.argv.includes('--renew');
const { instance, events } = await makeEverything({ only: ['community-conversation', 'everything'] });
await instance.start();
const browser = await launch({ isShell: true });
const codeOf = (form) => events.find((one) => one.form === form && one.place === 'england').code;
const jobs = [];

/** What differs from day to day; the dates on pages that say when something is. */
const steady = (lines) => {
  let isDated = true; // the page that opens
  return lines.map((line) => {
    if (line.startsWith('==')) isDated = /thanks|opens/.test(line);
    const known = line.replace(/\b[0-9A-Z]{4}( [0-9A-Z]{4}){3} [0-9A-Z*~$=]/, 'RECEIPT');
    return isDated ? known.replace(/\d{1,2} \p{L}+ 20\d\d/u, 'DAY') : known;
  });
};

const compare = (name, lines) => {
  const path = join(root, 'tests/browser/tree', `${name}.txt`);
  const now = `${steady(lines).join('\n')}\n`;
  if (isRenewed) writeFileSync(path, now);
  if (existsSync(path) && readFileSync(path, 'utf8') === now) return;
  const fresh = join(scratch(), 'now.txt');
  writeFileSync(fresh, now);
  const { stdout } = spawnSync('diff', ['-u', path, fresh], { encoding: 'utf8' });
  assert.fail(`${path} differs; if it shall be so: node tests/browser/tree.test.mjs --renew\n${stdout.slice(0, 4000)}`);
};

for (const form of ['community-conversation', 'everything']) {
  for (const face of ['en', 'ar']) {
    jobs.push(() => test(`tree: ${form} in ${face}: each step as it is heard`, () => withPage(browser, instance, { isMobile: false, hasTouch: false }, async (page, watch) => {
      await openSteps(page, `/${codeOf(form)}/${face.toUpperCase()}`);
      const lines = [`${form} in ${face}, with JavaScript. How to renew it: tests/browser/tree.test.mjs`];
      const said = await listen(page);
      const title = (name) => lines.push('', `== ${name}`);
      const look = async (name, options = { isMain: true }) => {
        title(name);
        lines.push(`title “${await page.title()}”`);
        lines.push(...await said(), ...await heard(page, options));
      };
      const does = async (what, action) => {
        await action();
        lines.push(`-- ${what}`);
        const found = await said();
        lines.push(...(found.length ? found : ['says nothing']));
      };
      const spoken = () => page.waitForFunction(() => window.said.length > 0);
      await look('the page that opens', {});
      await goOn(page);
      const answers = { ...plan(await readForm(page), 1, 'Answer'), ...(form === 'everything' ? opening : {}) };
      const now = async () => (await step(page)).replace(/^question-/, '');
      for (let at = await now(); at !== 'check'; at = await now()) {
        await look(at);
        const steps = {
          // Left as it is once, where an answer is needed.
          must_one: ['nothing answered'], must_grid: ['nothing answered'], must_order: ['nothing answered'], must_day: ['nothing answered'],
          came: ['31 February', async () => { for (const [part, given] of [['day', '31'], ['month', '2'], ['year', '2026']]) await page.locator(`#came-${part}`).fill(given); }],
          cups: ['a number that is too large', () => page.locator('#cups').fill('21')],
          next: ['1,002 letters'],
        };
        if (at === 'order' || at === 'friends') {
          const button = (kind, n) => page.locator(`[id="${at}"] > li:nth-child(${n}) .rank__${kind}`);
          await does('“choose next” of the first, then of the third', async () => { await button('toggle', 1).click(); await button('toggle', 3).click(); });
          await does('“move up” of the second', () => button('up', 2).click());
          await look(`${at}, two of them chosen`);
          await does('“take out” of the first', () => button('toggle', 1).click());
          await button('toggle', 1).click();
          await said();
        }
        if (at === 'words' || at === 'next') {
          const id = `#${at}`, most = Number(await page.locator(`.govuk-character-count:has(${id})`).getAttribute('data-maxlength'));
          for (const count of [most - 100, most - 2, most + 2]) {
            await does(`${count} letters are typed`, async () => {
              await page.locator(id).fill('x'.repeat(count));
              // Nothing is said before three quarters are used.
              if (count > most * 0.75) await spoken(); else await page.waitForTimeout(2000);
            });
          }
        }
        if (steps[at]) {
          const [what, spoil = () => {}] = steps[at];
          await spoil();
          await does(`Continue, ${what}`, () => goOn(page));
          await look(`${at}, ${what}`);
        }
        await answerVisible(page, answers);
        if (['easy', 'overall', 'why_poor'].includes(at)) await look(`${at}, answered`);
        else await said();
        await goOn(page);
        assert.notEqual(await now(), at, `Continue leads on from ${at}: ${await page.locator('.govuk-error-summary').allInnerTexts()}`);
      }
      await look('check');
      // While it is being sent: the answer takes a moment.
      let go;
      const held = new Promise((done) => { go = done; });
      await page.route(`**/${codeOf(form)}/**`, async (route) => { await held; await route.continue(); });
      await does('Send, and the answer takes long', async () => { await sendButton(page).click(); await spoken(); });
      go();
      await thanked(page).waitFor();
      await look('thanks', {});
      compare(`${form}.${face}`, lines);
    })));
  }
}

jobs.push(() => test('tree: everything on one page, without JavaScript', () => withPage(browser, instance, { js: false, isMobile: false, hasTouch: false }, async (page) => {
  await page.goto(`/${codeOf('everything')}/EN`);
  compare('everything.en.plain', ['everything in en, without JavaScript. How to renew it: tests/browser/tree.test.mjs', '', ...await heard(page)]);
})));

await inPairs(jobs);
await finish();
