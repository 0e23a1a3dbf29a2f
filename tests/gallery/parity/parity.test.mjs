// parity.test.mjs: for every GOV.UK component whose class names our pages use, our template, printed with the options of the package's own
// examples, is the same parsed DOM as the package's. parity.json says what is not offered, what is meant to differ (at most 5 things a
// component), and why; what nothing needs any more fails. `node parity.test.mjs --show COMPONENT` prints what differs.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseFragment } from 'parse5';
import { finish, root, test } from '../../harness.mjs';
import { difference, lines, select } from '../pages.mjs';

const components = join(dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')), 'dist/govuk/components');
const data = JSON.parse(readFileSync(join(root, 'tests/gallery/parity/parity.json'), 'utf8'));
const shown = process.argv[2] === '--show' ? process.argv[3] : null;
const differencesMax = 5;

const built = spawnSync('make', ['--no-print-directory', '-s', '-f', 'tests/gallery/parity/parity.mk', 'parity'], { cwd: root, encoding: 'utf8' });
if (built.status !== 0) throw new Error(built.stderr);

// ---- options, as paths ---------------------------------------------------------------------------------------------------
/** { items: [{ text: 'A' }] } is [['items[].text', 'A']]. */
const paths = (value, path = '') => {
  if (Array.isArray(value)) return value.length ? value.flatMap((one) => paths(one, `${path}[]`)) : [[`${path}[]`, '']];
  if (value && typeof value === 'object') return Object.entries(value).length ? Object.entries(value).flatMap(([key, one]) => paths(one, path ? `${path}.${key}` : key)) : [[`${path}{}`, '']];
  return [[path, String(value)]];
};

/** What an example asks for: its options, and "no X" for what we always have. */
const asked = ({ name, options }, { always = [] }) => {
  const all = [...paths(options), [`example ${name}`, '']];
  return [...all, ...always.filter((path) => !all.some(([own]) => own === path)).map((path) => [`no ${path}`, ''])];
};
const covers = (name, [path, value]) => name === path || name === `${path}=${value}` || (name.endsWith('*') && path.startsWith(name.slice(0, -1)));

// ---- trees ----------------------------------------------------------------------------------------------------------------
/** "div.govuk-hint": a tag with classes. */
const matches = (selector) => {
  const [tag, ...classes] = selector.split('.');
  return (node) => node.tagName === tag && classes.every((name) => node.attrs.some((one) => one.name === 'class' && one.value.split(/\s+/).includes(name)));
};
const parents = (node) => [...((node.childNodes ?? []).some(Boolean) ? [node] : []), ...(node.childNodes ?? []).flatMap(parents)];

const changes = {
  /** Takes an attribute away, of any value or one. */
  attribute: (tree, at, name, value) => select(tree, matches(at)).filter((node) => {
    const count = node.attrs.length;
    node.attrs = node.attrs.filter((one) => one.name !== name || (value !== undefined && one.value !== value));
    return node.attrs.length < count;
  }).length,
  /** Takes a class away. */
  class: (tree, at, name) => select(tree, matches(`${at}.${name}`)).map((node) => {
    const own = node.attrs.find((one) => one.name === 'class');
    own.value = own.value.split(/\s+/).filter((one) => one !== name).join(' ');
    if (!own.value) node.attrs = node.attrs.filter((one) => one !== own);
    return node;
  }).length,
  /** Puts what an element holds in its place. */
  unwrap: (tree, at) => parents(tree).flatMap((parent) => parent.childNodes.filter((node) => node.tagName && matches(at)(node)).map((node) => parent.childNodes.splice(parent.childNodes.indexOf(node), 1, ...node.childNodes))).length,
  /** The same, where it holds one element. */
  unwrapAlone: (tree, at) => parents(tree).flatMap((parent) => parent.childNodes.filter((node) => node.tagName && matches(at)(node) && node.childNodes.length === 1).map((node) => parent.childNodes.splice(parent.childNodes.indexOf(node), 1, ...node.childNodes))).length,
  /** Gives an attribute another name. */
  rename: (tree, at, from, to) => select(tree, matches(at)).flatMap((node) => node.attrs.filter(({ name }) => name === from)).map((one) => { one.name = to; return one; }).length,
  /** Puts the words of an attribute in alphabetical order. */
  order: (tree, at, name) => select(tree, matches(at)).flatMap((node) => node.attrs.filter((one) => one.name === name)).map((one) => { one.value = one.value.split(/\s+/).sort().join(' '); return one; }).length,
  /** Takes an element away that holds nothing. */
  empty: (tree, at) => parents(tree).flatMap((parent) => parent.childNodes.filter((node) => node.tagName && matches(at)(node) && lines(node).length === 1).map((node) => parent.childNodes.splice(parent.childNodes.indexOf(node), 1))).length,
  /** Takes an element away with all that it holds. */
  remove: (tree, at) => parents(tree).flatMap((parent) => parent.childNodes.filter((node) => node.tagName && matches(at)(node)).map((node) => parent.childNodes.splice(parent.childNodes.indexOf(node), 1))).length,
};

/** Both sides as lines, after what is meant to differ is taken away. USED counts what each change did. */
const compare = (component, theirs, ours, used) => {
  const trees = { theirs: parseFragment(theirs), ours: { childNodes: select(parseFragment(ours), (node) => component.root.split('|').some((root) => matches(root)(node))).slice(0, 1) } };
  for (const one of component.differences) {
    for (const [side, what, ...rest] of one.changes) {
      const key = JSON.stringify([side, what, ...rest]);
      used.set(key, (used.get(key) ?? 0) + changes[what](trees[side], ...rest));
    }
  }
  return difference(lines(trees.theirs), lines(trees.ours));
};

// ---- the tests --------------------------------------------------------------------------------------------------------------
const templates = execFileSync('git', ['ls-files', 'cgi/pages', 'static/js'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const classesIn = (files) => new Set(files.flatMap((file) => readFileSync(join(root, file), 'utf8').match(/govuk-[a-z]+(?:-[a-z]+)*/g) ?? []));
/** "govuk-radios__item" is of radios: the longest name of a component that it begins with. */
const names = readdirSync(components, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort((a, b) => b.length - a.length);
const componentsOf = (classes) => new Set([...classes].map((name) => names.find((one) => name === `govuk-${one}` || name.startsWith(`govuk-${one}-`))).filter(Boolean));

await test('parity: every component that our pages use is compared', () => {
  const used = componentsOf(classesIn(templates.filter((file) => file.endsWith('.html'))));
  const known = new Set([...Object.keys(data.components), ...Object.keys(data.notCompared)]);
  assert.deepEqual([...used].filter((name) => !known.has(name)), [], 'used in a template, but not in parity.json');
  const anywhere = componentsOf(classesIn(templates));
  assert.deepEqual([...known].filter((name) => !anywhere.has(name)), [], 'in parity.json, but nothing uses it any more');
  assert.deepEqual([...anywhere].filter((name) => !known.has(name)), [], 'used by the script, but not in parity.json');
  for (const [name, reason] of Object.entries(data.notCompared)) assert(reason.length > 20, `${name}: no reason`);
});

for (const [name, component] of Object.entries(data.components)) {
  if (shown && shown !== name) continue;
  const path = join(components, name, 'fixtures.json');
  const { fixtures } = JSON.parse(readFileSync(path, 'utf8'));
  const ours = JSON.parse(execFileSync(join(root, 'build/release/tests/parity'), [name, path], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }));
  const isUnknown = (one) => !one[0].startsWith('example ') && !component.offered.some((key) => covers(key, one)) && !Object.keys(component.notOffered).some((key) => covers(key, one));
  const isOffered = (fixture) => asked(fixture, component).every((one) => !Object.keys(component.notOffered).some((key) => covers(key, one)));
  const offered = fixtures.filter(isOffered);

  await test(`parity: ${name}: the same DOM in ${offered.length} of ${fixtures.length} examples, ${component.differences.length} differences meant`, () => {
    assert.deepEqual([...new Set(fixtures.flatMap((fixture) => asked(fixture, component)).filter(isUnknown).map(([key, value]) => `${key}=${value.slice(0, 60)}`))], [], 'options of which parity.json says nothing');
    assert(offered.length > 0, 'no example is left to compare');
    assert(component.differences.length <= differencesMax, `more than ${differencesMax} differences`);
    const used = new Map();
    const found = offered.flatMap((fixture) => {
      const rest = compare(component, fixture.html, ours[fixtures.indexOf(fixture)].html, used);
      return rest.length ? [`${fixture.name}:`, ...rest] : [];
    });
    if (shown) console.log(found.join('\n'));
    assert.equal(found.length, 0, `differs from the package's\n${found.slice(0, 80).join('\n')}`);
    for (const key of Object.keys(component.notOffered)) assert(fixtures.some((fixture) => asked(fixture, component).some((one) => covers(key, one))), `no example has ${key} any more`);
    for (const [key, reason] of Object.entries(component.notOffered)) assert(data.reasons[reason] ?? reason.length > 20, `${key}: no reason`);
    for (const one of component.differences) {
      assert(one.reason.length > 20, 'a difference without a reason');
      for (const change of one.changes) assert(used.get(JSON.stringify(change)) > 0, `nothing needs this any more: ${change.join(' ')}`);
    }
  });
}

await test('parity: sees what differs', () => {
  const component = { root: 'div.a', differences: [] };
  for (const [theirs, ours] of [['<div class="a"><p>1</p></div>', '<div class="a"><p>2</p></div>'], ['<div class="a"><p id="x">1</p></div>', '<div class="a"><p>1</p></div>'], ['<div class="a b"></div>', '<div class="a"></div>'], ['<div class="a"><b>1</b>2</div>', '<div class="a">2<b>1</b></div>'], ['<div class="a"></div>', '']]) {
    assert.notEqual(compare(component, theirs, ours, new Map()).length, 0, `${theirs} is ${ours}?`);
  }
  assert.deepEqual(compare(component, '<div class="b a"> <p>1 </p></div>', '<div class="a  b"><p> 1</p></div>', new Map()), []);
});

await finish();
