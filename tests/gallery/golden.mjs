// golden.mjs: what the gallery's pages are held to. Parts of pages stand in golden/parts as lines of normalised HTML, one file each, so that
// a change of a template can be read in a diff; every page has a digest of its own lines in golden/pages.txt. Run as a program (make
// gallery-golden) it renews both.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../harness.mjs';
import { attribute, hasClass, lines, out, pageLines, parsed, rawPage, select } from './pages.mjs';

export const golden = join(root, 'tests/gallery/golden');
const accepted = join(out, 'accepted'); // lines by digest, of pages that were right once: for the diff, on this machine only

const id = (wanted) => (node) => attribute(node, 'id') === wanted;
const tag = (wanted) => (node) => node.tagName === wanted;
const question = (state, ...names) => names.map((name) => ({ name: `${name}-${state}`, file: `en/everything-${state}.html`, test: id(`question-${name}`) }));

/** The parts, and which page each is taken from. */
export const parts = [
  { name: 'head', file: 'en/everything-fresh.html', test: tag('head') },
  { name: 'head-error', file: 'cy/everything-mistakes-1.html', test: tag('head') },
  { name: 'top-form', file: 'cy/community-conversation-fresh.html', test: tag('header') },
  { name: 'top-page', file: 'ar/help-fresh.html', test: tag('header') },
  { name: 'exit', file: 'en/community-conversation-fresh.html', test: hasClass('govuk-exit-this-page') },
  { name: 'foot', file: 'en/help-fresh.html', test: tag('footer') },
  { name: 'foot-form', file: 'en/everything-fresh.html', test: tag('footer') },
  { name: 'faces', file: 'en/community-conversation-fresh.html', test: hasClass('sprite') },
  { name: 'welcome', file: 'en/everything-fresh.html', test: id('pageWelcome') },
  { name: 'welcome-exit', file: 'ar/community-conversation-fresh.html', test: id('pageWelcome') },
  { name: 'welcome-practice', file: 'en/everything-practice.html', test: id('pageWelcome') },
  { name: 'words', file: 'en/everything-fresh.html', test: id('pageWords') },
  { name: 'send', file: 'en/everything-fresh.html', test: id('send') },
  { name: 'send-practice', file: 'en/everything-practice.html', test: id('send') },
  { name: 'error-summary', file: 'en/community-conversation-nothing.html', test: hasClass('govuk-error-summary') },
  { name: 'not-saved', file: 'en/everything-not-saved.html', test: hasClass('not-saved') },
  ...[['thanks', 'everything-thanks'], ['thanks-on-request', 'community-conversation-thanks'], ['late', 'everything-late'], ['late-nothing', 'everything-late-nothing'],
    ['closed', 'everything-closed'], ['closed-exit', 'community-conversation-closed'], ['planned', 'everything-planned'], ['released', 'everything-released'],
    ['old-form', 'everything-old-form'], ['home', 'home-fresh'], ['home-wrong', 'home-wrong'], ['home-receipt', 'home-receipt'], ['help', 'help-fresh'],
    ['cookies', 'cookies-fresh'], ['withdraw', 'withdraw-fresh'], ['withdraw-wrong', 'withdraw-wrong'], ['withdraw-not-saved', 'withdraw-not-saved'],
    ['withdraw-done', 'withdraw-done'], ['chooser-forms', 'chooser-forms'], ['areas', 'areas-fresh'], ['area', 'areas-one'], ['area-nothing', 'areas-nothing'],
    ['released-exit', 'community-conversation-released']].map(([name, file]) => ({ name, file: `en/${file}.html`, test: tag('main') })),
  { name: 'chooser-wales', file: 'cy/chooser-wales.html', test: tag('main') },
  { name: 'down', file: 'nginx/nginx-not-saved.html', test: tag('body') },
  ...[['start', 'en/kiosk-start', tag('main')], ['start-set', 'en/kiosk-start-set', tag('main')], ['start-wales', 'cy/kiosk-start-wales', tag('main')], ['forms', 'cy/kiosk-forms', tag('main')],
    ['welcome', 'cy/kiosk-community-conversation-fresh', id('pageWelcome')], ['data', 'en/kiosk-community-conversation-fresh', id('kiosk')], ['bar', 'en/kiosk-community-conversation-contrast', id('kioskBar')],
    ['languages', 'cy/kiosk-community-conversation-fresh', id('kioskLanguagesPanel')], ['help', 'en/kiosk-start', id('kioskHelpPanel')], ['ask', 'en/kiosk-everything-fresh', id('kioskAsk')],
    ['idle', 'en/kiosk-start', id('kioskIdle')], ['thanks', 'en/kiosk-community-conversation-thanks', tag('main')], ['late', 'en/kiosk-community-conversation-late', tag('main')]]
    .map(([name, file, test]) => ({ name: `kiosk-${name}`, file: `${file}.html`, test })),
  ...question('fresh', 'came', 'overall', 'tea', 'cakes', 'order', 'again', 'served', 'cups', 'price', 'line', 'words', 'thanks', 'liking', 'calm', 'age', 'birthday', 'secret', 'friends', 'score', 'must_grid', 'more_cups', 'ethnic_group'),
  ...question('filled', 'came', 'cakes', 'order', 'served', 'words'),
  ...question('mistakes-1', 'came', 'cakes', 'order', 'cups', 'price', 'words', 'must_one', 'must_grid', 'must_rate'),
  ...question('mistakes-2', 'came', 'cups', 'price', 'must_many', 'must_say', 'must_order'),
  ...question('mistakes-3', 'came', 'cups', 'price', 'age', 'secret', 'birthday'),
  ...question('mistakes-4', 'came', 'cups', 'price'),
];

export const partLines = (part, html) => select(parsed(html), part.test).slice(0, 1).flatMap((node) => lines(node));
export const digest = (text) => createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);

/** Digests by file, as they were accepted. */
export const expectedPages = () => new Map(readFileSync(join(golden, 'pages.txt'), 'utf8').split('\n').filter(Boolean).map((line) => line.split(' ').reverse()));

export const keep = (text) => {
  mkdirSync(accepted, { recursive: true });
  const path = join(accepted, `${digest(text)}.txt`);
  if (!existsSync(path)) writeFileSync(path, text.join('\n'));
};

/** The lines with this digest; null when this machine has never seen them. */
export const kept = (wanted) => (existsSync(join(accepted, `${wanted}.txt`)) ? readFileSync(join(accepted, `${wanted}.txt`), 'utf8').split('\n') : null);

const renew = () => {
  const pages = JSON.parse(readFileSync(join(out, 'raw/pages.json'), 'utf8'));
  const folder = join(golden, 'parts');
  mkdirSync(folder, { recursive: true });
  readdirSync(folder).forEach((name) => rmSync(join(folder, name)));
  for (const part of parts) {
    const found = partLines(part, rawPage(part));
    if (!found.length) throw new Error(`${part.file} has no ${part.name}`);
    writeFileSync(join(folder, `${part.name}.html`), `${found.join('\n')}\n`);
  }
  const rows = pages.map((page) => {
    const text = pageLines(rawPage(page));
    keep(text);
    return `${digest(text)} ${page.file}\n`;
  });
  writeFileSync(join(golden, 'pages.txt'), rows.join(''));
  console.log(`${parts.length} parts and ${pages.length} pages are what the tests expect now; git diff tests/gallery/golden shows what changed`);
};
if (process.argv[1] === fileURLToPath(import.meta.url)) renew();
