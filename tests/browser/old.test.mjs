// old.test.mjs: the script where browsers are as old as Chromium 90, Firefox 90 and Safari 14, and older. What came to JavaScript and
// to pages later is taken away before the page begins: the script works all the same. Where something is missing that it needs, the
// page is complete without it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { Instance, finish, root, test, until } from '../harness.mjs';
import { answer, fieldsOf, launch, openSteps, plan, readForm, send, sendButton, thanked, walk, withPage } from './browser.mjs';

const instance = await Instance.make();
const event = instance.event('--practice');
await instance.start();
const browser = await launch({ isShell: true });
const english = `/${event}/EN`;

const [, built] = readFileSync(join(root, 'build/static/names.txt'), 'utf8').match(/^form\.js (\S+)$/m);
const source = readFileSync(join(root, 'build/static', built), 'utf8');

/** [object, what came to it after one of the three browsers] */
const later = [
  ['Array.prototype', 'at findLast findLastIndex toSorted toReversed toSpliced with group'],
  ['String.prototype', 'at replaceAll isWellFormed toWellFormed'],
  ['Object', 'hasOwn groupBy'],
  ['Map', 'groupBy'],
  ['Array', 'fromAsync'],
  ['Promise', 'any withResolvers try'],
  ['Set.prototype', 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom'],
  ['AbortSignal', 'timeout any'],
  ['AbortSignal.prototype', 'reason throwIfAborted'],
  ['Response', 'json'],
  ['Element.prototype', 'checkVisibility setHTML setHTMLUnsafe getHTML togglePopover moveBefore'],
  ['HTMLElement.prototype', 'showPopover hidePopover togglePopover inert popover'],
  ['Document.prototype', 'startViewTransition'],
  ['Intl', 'Segmenter DurationFormat ListFormat DisplayNames supportedValuesOf'],
  ['Intl.PluralRules.prototype', 'selectRange'],
  ['Intl.DateTimeFormat.prototype', 'formatRange formatRangeToParts'],
  ['URLSearchParams.prototype', 'size'],
  ['URL', 'canParse parse createObjectURL'],
  ['window', 'structuredClone scheduler navigation requestIdleCallback cookieStore trustedTypes WeakRef FinalizationRegistry BroadcastChannel CSSStyleSheet'],
];
const takeAway = (lists) => {
  for (const [path, names] of lists) {
    const owner = path.split('.').reduce((object, name) => object?.[name], window);
    for (const name of owner ? names.split(' ') : []) {
      delete owner[name];
      if (owner[name] !== undefined && Object.getOwnPropertyDescriptor(owner, name)?.configurable !== false) Object.defineProperty(owner, name, { value: undefined });
    }
  }
};

await test('old: the syntax is that of Chromium 90, Firefox 90 and Safari 14', async () => {
  // esbuild would have to write it otherwise, or complain.
  const { code, warnings } = await esbuild.transform(source, { target: ['chrome90', 'firefox90', 'safari14'], minify: true, legalComments: 'none' });
  assert.deepEqual(warnings, []);
  assert(code.length >= source.length - 10 && code.length <= source.length + 10, `${code.length} of ${source.length} characters: something was rewritten`);
  for (const syntax of [/\(\?<[=!]/, /\?\?=|\|\|=|&&=/, /\bstatic\s*\{/, /\bimport\s*\(/, /\bawait\s+[^;]*;?\s*$/m, /\/[dgimsuy]*v[dgimsuy]*\.(test|exec)/]) assert.doesNotMatch(source, syntax);
});

await test('old: nothing is called that came later', () => {
  const names = later.flatMap(([, list]) => list.split(' ')).filter((name) => !['json', 'size', 'any', 'parse', 'try', 'with', 'group', 'at', 'reason', 'union'].includes(name));
  for (const name of names) assert.doesNotMatch(source, new RegExp(`\\.${name}\\b`), name);
  assert.doesNotMatch(source, /\.at\(|\.with\(|Promise\.any|AbortSignal|Response\.json|URL\.parse/);
});

await test('old: without any of what came later, the whole way', () => withPage(browser, instance, {}, async (page) => {
  // The test itself asks what is in sight by one of them.
  await page.addInitScript(takeAway, later.map(([path, list]) => [path, list.replace('checkVisibility ', '')]));
  await openSteps(page, english);
  assert.equal(await page.evaluate(() => [typeof Array.prototype.at, typeof window.structuredClone, typeof String.prototype.replaceAll, typeof Object.hasOwn].join()), 'undefined,undefined,undefined,undefined');
  await walk(page, { ...plan(await readForm(page), 1), next: 'an older one' });
  await send(page);
  await until('the response', () => instance.exported(event).responses.find(({ next }) => next === 'an older one'));
}));

// What the script looks for before it begins, and the very old that cannot even read it.
for (const [name, change] of [
  ['AbortController', () => { delete window.AbortController; }],
  ['Intl.PluralRules', () => { delete Intl.PluralRules; }],
  ['replaceChildren', () => { delete Element.prototype.replaceChildren; }],
]) {
  await test(`old: without ${name} the page is complete without the script`, () => withPage(browser, instance, {}, async (page) => {
    await page.addInitScript(change);
    await page.goto(english);
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('html.js').count(), 0);
    assert.equal(await page.locator('.question:visible').count(), await page.locator('.question').count());
    const field = fieldsOf(await readForm(page)).find(({ type }) => type === 'text');
    await answer(page, field, `without ${name}`);
    await sendButton(page).click();
    await thanked(page).waitFor();
    await until('the response', () => instance.exported(event).responses.find((one) => one[field.name] === `without ${name}`));
  }));
}

await test('old: what cannot read the script shows the page', () => withPage(browser, instance, {}, async (page, watch) => {
  await page.route('**/static/form-*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: `${source}\nlet a ??== 1;` }));
  await page.goto(english);
  await page.waitForLoadState('networkidle');
  assert.equal(await page.locator('html.js').count(), 0);
  assert.equal(await page.locator('.question:visible').count(), await page.locator('.question').count());
  await until('the complaint', () => watch.problems.length > 0);
  watch.expect(/page error/);
}));

await finish();
