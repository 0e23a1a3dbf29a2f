// nasty.test.mjs: 300 nasty texts (tests/nasty.mjs) as answers, over HTTP. The office has each exactly as it was typed, but for line
// ends; what is too long gets its message and stays in the field. Every page that shows one shows it as text: the thank-you page, the
// page that came back with a mistake (in a text field, in a line, hidden in a face that does not ask it), what came too late. But for
// the text those pages are the same, element for element, as with a harmless one. The exports give it back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { finish, nonce, scratch, test } from '../harness.mjs';
import { all, attribute, byId, hasClass, parsed, textOf, valueOf } from '../dom.mjs';
import { makeEverything } from '../everything.mjs';
import { isTooLong, kept, nasty } from '../nasty.mjs';

const { instance, events } = await makeEverything({ only: ['community-conversation', 'everything'] });
const code = events.find(({ form, place }) => form === 'community-conversation' && place === 'england').code;
const other = events.find(({ form }) => form === 'everything').code;
const late = instance.event('--open', '--form', 'community-conversation');
await instance.start();
const pages = Object.fromEntries(await Promise.all([code, other, late].map(async (one) => [one, await instance.page(`/${one}/EN`)])));
instance.cli(['event', 'close', late, '--now']);

const harmless = 'harmless';
// As a browser sends a text field: every line end is CR LF. A hall does not send a thousand responses in ten seconds from one address; who does is
// asked to wait (429, nginx), and waits.
const post = async (one, answers, path = pages[one].action) => {
  const body = [...Object.entries({ ...pages[one].hidden, nonce: nonce() }), ...answers];
  for (;;) {
    const answer = await instance.request(path, { method: 'POST', body });
    if (answer.status !== 429) return answer;
    await new Promise((done) => setTimeout(done, 200));
  }
};

/** All that a document consists of, in order, a line each; what differs from page to page anyway is left out. */
const bones = (document) => {
  const lines = [];
  const known = (value) => value.replace(/\b[0-9a-f]{40}\b/, 'NONCE').replace(/^[0-9A-Z]{4}( [0-9A-Z]{4}){3} .$/, 'RECEIPT');
  const walk = (node) => {
    if (node.nodeName === '#text') lines.push(known(node.value));
    else if (!node.tagName) lines.push(node.nodeName);
    else lines.push(`<${node.tagName} ${node.attrs.map(({ name, value }) => `${name}="${known(value)}"`).join(' ')}>`);
    for (const child of node.childNodes ?? []) walk(child);
    if (node.tagName) lines.push('</>');
  };
  walk(document);
  return lines;
};

// Each way that a text can come back: what is asked, and where the text must stand then.
const inTextField = (document, name) => valueOf(byId(document, name));
const ways = {
  'the thank-you page': {
    isFor: (text) => !isTooLong(text), status: 200,
    ask: (text) => post(code, [['next', text]]),
    read: (document) => textOf(all(document, ({ tagName }) => tagName === 'dd').at(-1)),
  },
  'its message, and the field, where it is too long': {
    isFor: isTooLong, status: 422, isLike: () => harmless.repeat(200),
    ask: (text) => post(code, [['next', text]]),
    read: (document) => inTextField(document, 'next'),
    check: (document) => assert.match(textOf(byId(document, 'next-error')), /must be 1000 characters or less/),
  },
  'the text field of a page with a mistake': {
    isFor: (text) => !isTooLong(text), status: 422,
    ask: (text) => post(code, [['next', text], ['learned', 'other'], ['learned', 'nothing_new']]),
    read: (document) => inTextField(document, 'next'),
  },
  'the line of a page with a mistake': {
    isFor: () => true, status: 422, isLike: (text) => (kept(text).length > 40 ? harmless.repeat(6) : harmless),
    ask: (text) => post(other, [['line', text]]),
    read: (document) => inTextField(document, 'line'),
  },
  'a face that does not ask it': {
    isFor: () => true, status: 200,
    ask: (text) => post(other, [['secret', text], ['to', 'en-x-easy']], `/${other}/EN-X-EASY`),
    read: (document) => valueOf(all(document, (one) => attribute(one, 'name') === 'keep-base-secret')[0]),
  },
  'what came too late': {
    isFor: (text) => !isTooLong(text), status: 410,
    ask: (text) => post(late, [['next', text]]),
    read: (document) => textOf(all(document, (one) => one.tagName === 'dd' && hasClass(one, 'govuk-summary-list__value'))[0]),
  },
};

for (const [way, { isFor, status, isLike = () => harmless, ask, read, check = () => {} }] of Object.entries(ways)) {
  const texts = nasty.filter(({ text }) => isFor(text));
  await test(`nasty: ${texts.length} texts: ${way}`, async () => {
    const plain = new Map();
    /** The page with a harmless text, and TEXT in its place. */
    const plainOf = async (text) => {
      const like = isLike(text);
      if (!plain.has(like)) plain.set(like, ask(like).then((answer) => bones(parsed(answer.text))));
      return (await plain.get(like)).map((line) => line.replaceAll(like, () => kept(text)));
    };
    const left = [...texts];
    const wrong = [];
    const lane = async () => {
      for (let one = left.shift(); one; one = left.shift()) {
        const { name, text } = one;
        try {
          const answer = await ask(text);
          assert.equal(answer.status, status, answer.text.slice(0, 200));
          const document = parsed(answer.text);
          assert.equal(read(document), kept(text));
          check(document);
          assert.deepEqual(bones(document), await plainOf(text));
        } catch (error) {
          wrong.push(`${name}: ${error.message.slice(0, 600)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, lane));
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} are wrong`);
  });
}

const taken = nasty.map(({ text }) => text).filter((text) => !isTooLong(text));
const expected = [...taken, harmless].map(kept).sort();

await test(`nasty: ${taken.length} texts: the office has them as they were typed`, async () => {
  const out = await instance.filed(code, expected.length);
  assert.equal(out.responses.length, expected.length, 'and nothing that was a mistake');
  assert.deepEqual(instance.office('SELECT text FROM free_text').flat().sort(), expected);
  assert.deepEqual(out.responses.map(({ next }) => next).sort(), expected, 'the export as JSON');
});

await test('nasty: as CSV each is one cell, and those that a spreadsheet would run begin with an apostrophe', () => {
  const file = join(scratch(), 'nasty.csv');
  instance.cli(['export', code, '--format', 'csv', '-o', file]);
  const read = spawnSync('/usr/bin/python3', ['-c', `
import csv, json, sys
csv.field_size_limit(1 << 24)
print(json.dumps([row['next'] for row in csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline=''), strict=True)]))
`, file], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(read.status, 0, read.stderr);
  const cells = JSON.parse(read.stdout).map((cell) => cell.replace(/\r\n/g, '\n')).sort();
  // What shows nothing may go before a spreadsheet looks at the cell.
  const runs = (text) => /^(?:(?![\t\n\r])[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}])*[=+@\-\t\r\n＝＋－＠]/u.test(text);
  assert.deepEqual(cells, expected.map((text) => (runs(text) ? `'${text}` : text)).sort());
  assert(expected.filter(runs).length > 30);
});

await test('nasty: there are 300 of them, and each is another one', () => {
  assert.equal(nasty.length, 300);
  assert.equal(new Set(nasty.map(({ text }) => text)).size, 300);
});
await finish();
