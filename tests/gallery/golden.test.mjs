// golden.test.mjs: pages are what they were, to the tag and the word; what is meant to change is renewed by `make gallery-golden`. And every
// kind of mistake is to be seen on some page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { finish, root, scratch, test } from '../harness.mjs';
import { digest, expectedPages, golden, keep, kept, partLines, parts } from './golden.mjs';
import { difference, make, pageLines, rawPage } from './pages.mjs';

const pages = make();
const advice = "Meant? Then 'make gallery-golden', and look at git diff.";

await test(`golden: ${parts.length} parts of pages are what they were`, () => {
  const stored = readdirSync(join(golden, 'parts')).map((name) => name.replace(/\.html$/, '')).sort();
  assert.deepEqual(stored, parts.map(({ name }) => name).sort(), `parts that are held to something. ${advice}`);
  const changed = parts.flatMap((part) => {
    const before = readFileSync(join(golden, 'parts', `${part.name}.html`), 'utf8').trimEnd().split('\n');
    const after = partLines(part, rawPage(part));
    return before.join('\n') === after.join('\n') ? [] : [`${part.name}, of ${part.file}`, ...difference(before, after)];
  });
  assert.equal(changed.length, 0, `${advice}\n${changed.join('\n')}`);
});

await test(`golden: ${pages.length} pages are what they were`, () => {
  const expected = expectedPages();
  const changed = [];
  for (const page of pages) {
    const text = pageLines(rawPage(page));
    const wanted = expected.get(page.file);
    expected.delete(page.file);
    if (wanted === digest(text)) {
      keep(text);
    } else {
      const before = wanted && kept(wanted);
      changed.push(wanted ? `${page.file} changed` : `${page.file} is new`, ...(before ? difference(before, text, 20) : []));
    }
  }
  changed.push(...[...expected.keys()].map((file) => `${file} is gone`));
  assert.equal(changed.length, 0, `${advice}\n${changed.slice(0, 200).join('\n')}`);
});

await test('golden: nothing changes from one run to the next', () => {
  const again = scratch();
  execFileSync(join(root, 'build/release/gallery'), [again], { cwd: root });
  for (const page of pages) assert(readFileSync(join(again, page.file), 'utf8') === rawPage(page), `${page.file} is another each time`);
});

// Nobody can see these: the checker asks every rule for words of its own.
const unseenByDesign = ['error_constraint'];

await test('golden: every message about a mistake is on some page', () => {
  const words = readFileSync(join(root, 'forms/strings/en.yaml'), 'utf8');
  const all = pages.filter(({ language }) => language === 'en').map((page) => pageLines(rawPage(page)).filter((line) => !/^\s*<template/.test(line)).join('\n')).join('\n');
  const unseen = [...words.matchAll(/^(error_\w+): (.*)$/gm)].filter(([, name, text]) => {
    const pattern = text.replace(/^"(.*)"$/, '$1').replace(/\\u([\da-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16))).replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^\\n]+');
    return name !== 'error_page_title' && !new RegExp(pattern, 'u').test(all);
  }).map(([, name]) => name);
  assert.deepEqual(unseen, unseenByDesign);
});

await finish();
