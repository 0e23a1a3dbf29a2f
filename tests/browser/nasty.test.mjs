// nasty.test.mjs: 300 nasty texts (tests/nasty.mjs) in real Chromium, under the real content security policy. Each stands on the check
// page as text and in no other place; nothing opens, runs, is asked for or changes its name, and no other letter on the page moves: a
// text that turns its own direction round turns nothing else. Some of them (all with --all, which takes half
// an hour) are sent, and the thank-you page that the
// script makes, the one that the server makes, and the page that came back with a mistake are looked at the same way.
import assert from 'node:assert/strict';
import { Instance, finish, test } from '../harness.mjs';
import { isTooLong, kept, nasty } from '../nasty.mjs';
import { inPairs, launch, openSteps, send, sendButton, thanked, touch, walk, withPage } from './browser.mjs';

const isAll = process.argv.includes('--all');
const instance = await Instance.make();
const code = instance.event('--practice');
await instance.start();
const browser = await launch({ isShell: true });
const desk = { isMobile: false, hasTouch: false, viewport: { width: 900, height: 700 } };
const texts = nasty.filter(({ text }) => !isTooLong(text));

/** Fails when a dialog opens or another page is gone to while RUN runs. */
const watched = (name, options, run) => test(name, () => withPage(browser, instance, { ...desk, ...options }, async (page, watch) => {
  page.on('dialog', (dialog) => {
    watch.problems.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('popup', () => watch.problems.push('another window'));
  await run(page, watch);
}));

/** Runs in the page: what can be seen of it, but for what stands in PLACE (of which only the elements count): elements with their
 * attributes, the title, directions, and where the first and the last letter of each text stand. */
const prepare = () => {
  window.lookAround = (place) => {
    const elements = Array.from(document.querySelectorAll('*'), (one) => {
      const isOwn = one.matches('textarea, input');
      return `${one.localName} ${isOwn ? one.name : Array.from(one.attributes, ({ name, value }) => (name === 'style' ? '' : `${name}=${value}`)).join(' ')}`;
    });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const letters = [];
    const range = document.createRange();
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (place.contains(node) || !node.data.trim() || !node.parentElement.checkVisibility()) continue;
      const spans = [node.data.search(/\S/), node.data.trimEnd().length - 1].map((at) => {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const { left, right } = range.getBoundingClientRect();
        return `${Math.round(left)}-${Math.round(right)}`;
      });
      letters.push(`${node.data.trim().slice(0, 30)}: ${spans.join(' ')}`);
    }
    return { elements, letters, title: document.title, directions: [document.documentElement, document.body, document.querySelector('main')].map((one) => getComputedStyle(one).direction), wide: document.documentElement.scrollWidth };
  };
};

await watched(`nasty: ${texts.length} texts on the check page`, {}, async (page) => {
  await openSteps(page, `/${code}/EN`);
  await page.evaluate(prepare);
  await walk(page, { overall: 'good', next: 'harmless' });
  const found = await page.evaluate((list) => {
    history.pushState = () => {}; // Chromium ignores more than a few of these a second
    const click = (selector) => document.querySelector(selector).click();
    const put = (text) => {
      click('.check a[href="#question-next"]');
      const field = document.getElementById('next');
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      click('.next__on');
      const place = document.querySelector('.check a[href="#question-next"]').closest('.govuk-summary-list__row').querySelector('dd');
      return { text: Array.from(place.querySelectorAll('p'), (one) => one.textContent), value: field.value, isolated: getComputedStyle(place).unicodeBidi, at: document.querySelector('[name="at"]').value, ...window.lookAround(place) };
    };
    const first = JSON.stringify(put('harmless'));
    return [first, ...list.map((text) => {
      const now = put(text);
      // What is as it was need not be told.
      const plain = JSON.parse(first);
      return { ...now, ...Object.fromEntries(['elements', 'letters'].map((name) => [name, now[name].filter((line, i) => line !== plain[name][i]).concat(now[name].length === plain[name].length ? [] : [`${now[name].length} instead of ${plain[name].length}`])])) };
    })];
  }, texts.map(({ text }) => text));
  const plain = JSON.parse(found.shift());
  assert.equal(plain.at, 'check');
  assert(plain.letters.length > 20 && plain.elements.length > 100);
  const wrong = found.map((now, i) => ({ name: texts[i].name, ...now, text: now.text.length === 1 && now.text[0] === kept(texts[i].text) ? null : now.text, value: now.value === kept(texts[i].text) }))
    .filter(({ text, value, elements, letters, title, directions, wide, at }) => text || !value || elements.length || letters.length || title !== plain.title || directions.join() !== 'ltr,ltr,ltr' || wide > plain.wide || at !== 'check');
  assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} are wrong`);
});

await watched('nasty: what is looked for would be seen', {}, async (page) => {
  await openSteps(page, `/${code}/EN`);
  await page.evaluate(prepare);
  const seen = () => page.evaluate(() => window.lookAround(document.getElementById('answers').querySelector('input')));
  const before = await seen();
  assert.deepEqual(await seen(), before);
  await page.locator('.hero__time').evaluate((line) => line.prepend('\u202e'));
  assert.notDeepEqual((await seen()).letters, before.letters, 'letters that were turned round');
  await page.locator('.hero__time').evaluate((line) => line.append(document.createElement('b')));
  assert.notDeepEqual((await seen()).elements, before.elements);
});

// ---- pages that follow a POST: one of each kind on one of them, another each day ------------------------------------------------------

const day = Math.floor(Date.now() / 86400000);
const kinds = Array.from(new Set(texts.map(({ kind }) => kind)));
const oneOfEach = kinds.map((kind) => texts.filter((one) => one.kind === kind)).map((list) => list[day % list.length]);

/** The page around the answer, and that there is nothing of it but its text. IN_FIELD: it stands in the text field. */
const look = async (page, text, inField) => {
  await page.evaluate(prepare);
  const found = await page.evaluate((isField) => {
    document.querySelectorAll('details').forEach((one) => { one.open = true; });
    document.querySelectorAll('.receipt__code, [name="nonce"]').forEach((one) => { one.textContent = ''; });
    const place = isField ? document.getElementById('next') : Array.from(document.querySelectorAll('dd')).at(-1);
    return { text: isField ? place.value : place.textContent, count: place.childElementCount, ...window.lookAround(place) };
  }, inField);
  assert.equal(found.text, text);
  return { ...found, text: '' };
};

/** Each page that a text comes back on, by how it is got. */
const pages = {
  'the thank-you page of the script': { js: true, go: async (page, text) => {
    await openSteps(page, `/${code}/EN`);
    await walk(page, { next: text });
    await send(page);
  } },
  'the thank-you page of the server': { js: false, go: async (page, text) => {
    await page.goto(`/${code}/EN`);
    await page.locator('#next').fill(text);
    await send(page);
  } },
  'the page that came back with a mistake': { js: false, inField: true, go: async (page, text, watch) => {
    await page.goto(`/${code}/EN`);
    await page.locator('#next').fill(text);
    for (const value of ['other', 'nothing_new']) await touch(page, await page.locator(`[name="learned"][value="${value}"]`).getAttribute('id'));
    await sendButton(page).click();
    await page.locator('.govuk-error-summary').waitFor();
    watch.expect(/422/);
  } },
};
const jobs = Object.entries(pages).map(([name, { js, go, inField = false }], i) => async () => {
  const some = isAll ? texts : oneOfEach.filter((_, k) => (k + day + i) % 3 === 0);
  let plain;
  await watched(`nasty: ${name}, with a harmless text`, { js }, async (page, watch) => {
    await go(page, 'harmless', watch);
    plain = await look(page, 'harmless', inField);
  });
  for (const { name: what, text } of some) {
    await watched(`nasty: ${name}: ${what}`, { js }, async (page, watch) => {
      await go(page, text, watch);
      assert.deepEqual(await look(page, kept(text), inField), plain);
    });
  }
});
await inPairs(jobs);
await finish();
