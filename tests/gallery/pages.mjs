// pages.mjs: what the tests of the gallery share: its pages, made anew, a server for them, and HTML as lines that can be compared.
import { spawnSync } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parse, parseFragment } from 'parse5';
import { spacing } from '../browser/layout.mjs';
import { atEnd, root } from '../harness.mjs';

export const out = join(root, 'build/gallery');

/** Makes the gallery. CI runs this with what is built already: nothing is built twice. */
export const make = () => {
  const made = spawnSync('make', ['--no-print-directory', '-s', 'gallery'], { cwd: root, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`make gallery: ${made.stdout}${made.stderr}`);
  return JSON.parse(readFileSync(join(out, 'raw/pages.json'), 'utf8'));
};

/** As intake wrote it. */
export const rawPage = ({ file }) => readFileSync(join(out, 'raw', file), 'utf8');

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };

/** Serves the gallery on a free port; resolves to its address. The pages stay as they come: scripts are empty. */
export const serve = () => new Promise((done) => {
  const server = http.createServer((request, response) => {
    if (/\.js$/.test(request.url)) {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end();
      return;
    }
    const path = normalize(decodeURI(new URL(request.url, 'http://localhost').pathname));
    const stream = createReadStream(join(out, path));
    stream.on('open', () => response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', 'Cache-Control': 'max-age=600' }));
    stream.on('error', () => { response.writeHead(404); response.end(); });
    stream.pipe(response);
  });
  server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}`));
  atEnd(() => { server.close(); server.closeAllConnections(); });
});

// ---- HTML as lines ------------------------------------------------------------------------------------------------------
const keeps = new Set(['textarea', 'pre']);

const attributesOf = (node) => (node.attrs ?? []).map(({ name, value }) => [name, name === 'class' ? value.trim().split(/\s+/).sort().join(' ') : value])
  .map(([name, value]) => [name, value.replace(/(\/static\/[\w-]+)-[0-9a-f]{10}(\.\w+)$/, '$1$2')]) // a style that changed is no page that changed
  .sort(([a], [b]) => (a < b ? -1 : 1));

/** A parsed node as lines: one for each tag and text, indented; white space as a browser would show it. */
export const lines = (node, depth = 0, isKept = false) => {
  const indent = '  '.repeat(depth);
  if (node.nodeName === '#text') {
    const text = isKept ? node.value : node.value.replace(/[ \t\r\n]+/g, ' ').trim();
    return text ? [indent + (isKept ? JSON.stringify(text) : text)] : [];
  }
  if (node.nodeName === '#comment') return [];
  if (node.nodeName === '#documentType') return [`${indent}<!doctype html>`];
  const children = (node.content ?? node).childNodes.flatMap((child) => lines(child, node.tagName ? depth + 1 : depth, isKept || keeps.has(node.tagName)));
  if (!node.tagName) return children;
  const tag = `${indent}<${node.tagName}${attributesOf(node).map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}=${JSON.stringify(value)}`)).join('')}>`;
  return [tag, ...children];
};

export const parsed = (html) => parse(html);
export const pageLines = (html) => lines(parse(html));
export const fragmentLines = (html) => lines(parseFragment(html));

/** Every element that TEST likes, in document order. */
export const select = (node, test) => [...(node.tagName && test(node) ? [node] : []), ...((node.content ?? node).childNodes ?? []).flatMap((child) => select(child, test))];
export const attribute = (node, name) => node.attrs?.find((one) => one.name === name)?.value;
export const hasClass = (name) => (node) => (attribute(node, 'class') ?? '').split(/\s+/).includes(name);

/** What changed from BEFORE to AFTER (lists of lines), as diff -u shows it; at most MOST lines. */
export const difference = (before, after, most = 60) => {
  const table = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) for (let j = after.length - 1; j >= 0; j--) table[i][j] = before[i] === after[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const result = [];
  let i = 0, j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) { i++; j++; } else if (j === after.length || (i < before.length && table[i + 1][j] >= table[i][j + 1])) result.push(`- ${before[i++]}`);
    else result.push(`+ ${after[j++]}`);
  }
  return result.length > most ? [...result.slice(0, most), `  … and ${result.length - most} lines more`] : result;
};

/** RUN(page, each of LIST) with two pages of BROWSER side by side, for machines with two processors. */
export const inLanes = async (browser, options, list, run) => {
  const queue = [...list];
  const lane = async () => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    while (queue.length) await run(page, queue.shift());
    await context.close();
  };
  await Promise.all([lane(), lane()]);
};

// ---- ways of looking -----------------------------------------------------------------------------------------------------
/** Each with a width, and what else is different; see wear(). */
export const ways = [
  { name: '320', width: 320 },
  { name: '375', width: 375 },
  { name: '768', width: 768 },
  { name: '1280', width: 1280 },
  { name: 'dark-375', width: 375, media: { colorScheme: 'dark' } },
  { name: 'dark-1280', width: 1280, media: { colorScheme: 'dark' } },
  { name: 'forced-320', width: 320, media: { forcedColors: 'active' } },
  { name: 'large-375', width: 375, font: 32 },
  { name: 'spaced-320', width: 320, css: spacing },
  { name: 'print', width: 718, media: { media: 'print' } }, // A4 with margins of a centimetre
];

/** Shows PAGE in that WAY. */
export const wear = async (page, session, way) => {
  await page.setViewportSize({ width: way.width, height: 800 });
  await page.emulateMedia({ media: 'screen', colorScheme: 'light', forcedColors: 'none', ...way.media });
  await session.send('Page.setFontSizes', { fontSizes: { standard: way.font ?? 16 } });
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css ?? '');
    document.adoptedStyleSheets = [sheet];
  }, way.css);
};
