// html.test.mjs: the HTML checker of the W3C (vnu) finds nothing on any page of the gallery, but what html-exceptions.json says is meant.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { finish, root, scratch, test } from '../harness.mjs';
import { make, out } from './pages.mjs';

const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

/** What the checker says about files: a list of { url, message, extract }. */
const check = (files) => {
  const run = spawnSync('java', ['-Xss8m', '-jar', jar, '--format', 'json', '--stdout', '--exit-zero-always', ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`vnu: exit ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout).messages;
};

const pages = make();
const exceptions = JSON.parse(readFileSync(join(root, 'tests/gallery/html-exceptions.json'), 'utf8'));

await test(`html: ${pages.length} pages and the gallery's own: nothing but what is meant`, () => {
  const messages = check([...pages.map(({ file }) => join(out, 'raw', file)), join(out, 'index.html'), join(out, 'view.html')]);
  const used = new Set();
  const left = messages.filter(({ message, extract }) => {
    const meant = exceptions.find((one) => message.includes(one.message) && new RegExp(one.extract).test(extract ?? ''));
    used.add(meant);
    return !meant;
  });
  const lines = left.map(({ url, message, extract }) => `${url?.split('/raw/')[1]}: ${message}\n      ${extract}`);
  assert.equal(left.length, 0, `${left.length} messages\n    ${lines.slice(0, 50).join('\n    ')}`);
  for (const one of exceptions) {
    assert(used.has(one), `nothing needs this exception any more: ${one.message}`);
    assert(one.reason.length > 20, `no reason: ${one.message}`);
  }
});

await test('html: finds what is wrong', () => {
  const dir = scratch();
  mkdirSync(dir, { recursive: true });
  const page = join(dir, 'page.html');
  writeFileSync(page, '<!doctype html>\n<html lang="en"><head><title>A page</title></head><body><p id="a">One<p id="a"><li>Two</li><img src="a.png"></body></html>\n');
  const said = check([page]).map(({ message }) => message).join('\n');
  for (const wrong of [/Duplicate ID/, /not allowed as child/, /must have an “alt” attribute/]) assert.match(said, wrong);
});

await finish();
