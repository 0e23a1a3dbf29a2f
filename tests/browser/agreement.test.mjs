// agreement.test.mjs: the page and the server judge answers alike. Sets of answers are drawn at random and put into the shipped page
// of a form, in real Chromium with the shipped script: which questions it asks, what it says is wrong, beside which control, and how
// many characters it counts. The same sets go, as the browser would send them, to the functions that intake and the collector judge
// with (judge.c), and some of them to intake itself. Every difference fails.
//
// AGREEMENT_SETS=N (3,000; make forms: 10,000) and AGREEMENT_SEED=N (another each day) choose how many sets, and which.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Instance, build, finish, nonce, root, scratch, test } from '../harness.mjs';
import { inPairs, launch, openSteps, withPage } from './browser.mjs';

const total = Number(process.env.AGREEMENT_SETS ?? 3000);
const seed = Number(process.env.AGREEMENT_SEED ?? Math.floor(Date.now() / 86400000));
const lanes = 2;

const made = spawnSync('make', ['-s', '-f', 'tests/browser/judge.mk', `MODE=${basename(build)}`, 'judge'], { cwd: root, encoding: 'utf8' });
assert.equal(made.status, 0, made.stderr);

// Beside the organisation's own forms, whose library and strings they use.
const forms = scratch();
cpSync(join(root, 'forms'), forms, { recursive: true });
const folders = Object.fromEntries(['agreement', 'everything'].map((form) => [form, join(forms, form)]));
for (const form of Object.keys(folders)) cpSync(join(root, 'tests/forms', form), folders[form], { recursive: true });
const instance = await Instance.make({ formsDir: forms, forms: Object.values(folders) });
instance.addresses = 20;
const open = (form) => instance.event('--practice', '--form', form);
const agreement = open('agreement');
const everything = open('everything');
await instance.start();
const browser = await launch({ isShell: true });

// ---- in the page --------------------------------------------------------------------------------------------------------

/** Runs in the page: makes window.answerSet(seed), which draws a set, puts it into the page and gives what the page makes of it. */
const prepare = () => {
  // Chromium ignores more than a few of these a second; where the script keeps its place is no matter here.
  history.pushState = () => {};
  const blocks = Array.from(document.querySelectorAll('.question'));
  const form = document.getElementById('answers');
  // Led by the script like any link of a summary.
  const summary = document.createElement('div');
  summary.className = 'govuk-error-summary';
  const link = document.createElement('a');
  summary.append(link);
  document.querySelector('main').append(summary);
  const text = (element) => element.textContent;
  /* What stands there while there is room. */
  const allowed = new Map(Array.from(document.querySelectorAll('.govuk-character-count')).map((box) => [box, text(box.querySelector('.govuk-character-count__message'))]));
  const isNote = (block) => !block.querySelector('input, textarea, select');
  const stepOf = (block) => `${block.closest('.part').id}/${block.dataset.step || block.id}`;

  // mulberry32
  let state = 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const upTo = (n) => Math.floor(random() * n);
  const pick = (list) => list[upTo(list.length)];
  const often = (share) => random() < share;
  const many = (most, make) => Array.from({ length: upTo(most + 1) }, make).join('');

  const blanks = ['', '', ' ', '\t', '\u0085', '\u00a0\u2003', '\u3000', '\ufeff', '\u200b', '\u200f', '\u180e', '\u2028'];
  const zeros = [0x30, 0x30, 0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66];
  /** The digits of a text in some script, mixed scripts now and then. */
  const script = (digits) => {
    const zero = pick(zeros);
    return digits.replace(/\d/g, (digit) => String.fromCharCode((often(0.02) ? pick(zeros) : zero) + Number(digit)));
  };
  const around = (typed) => (often(0.15) ? pick(blanks) + typed + pick(blanks) : typed);
  const grouped = (digits, sign) => digits.replace(/\B(?=(\d{3})+$)/g, () => sign());
  const number = () => {
    const kind = random();
    if (kind < 0.25) return many(9, () => pick([...'0123456789', ...'0123456789,. -+\'', ',', '.', '\u066b', '\u066c', '\u2212', '\u00a0', '\u202f', '\u2019', '\u0663', '\u06f4', '\u096b', '\u09ec', '\u0a6d', '\u200e', 'e', '½', '٪', '２']));
    if (kind < 0.3) return pick(['abc', '1e3', '0x10', '5.', '.', '-', '+', '--3', '1 2', 'NaN', 'Infinity', '9'.repeat(15), '9'.repeat(16), `0.${'1'.repeat(14)}`, `0.${'1'.repeat(15)}`, `${'0'.repeat(40)}7`, `7.${'0'.repeat(40)}`, '-0', '-0.0', '1,5', '1.5', '1,500', '01,500', '1,500,5', '1 500,5', "1'500'000", '12\u00a0345\u202f678', '12 345,678', '1;5']);
    const whole = String(pick([upTo(12), upTo(12), upTo(40), upTo(130), upTo(3000), upTo(3000000)]));
    const between = pick([',', ' ', '\u00a0', '\u202f', "'", '\u2019', '\u066c']);
    const sign = pick(['', '', '', '', '', '-', '\u2212', '+']);
    const mark = often(0.35) ? pick(['.', '.', ',', '\u066b']) + String(upTo(pick([10, 100, 100000]))) + many(2, () => '0') : '';
    const main = often(0.3) ? grouped(whole, () => (often(0.03) ? ',' : between)) : whole;
    return around(script(`${sign}${many(1, () => '0')}${main}${mark}`));
  };
  const letters = ['a', 'b', 'Q', 'Word', ' ', ' ', '1', '23', '.', '\n', 'é', 'ŵ', 'ش', '字', '🙂', '👩‍👧', '\u200f', "'", '\u0000'.slice(1), '\\', '<b>', '\u0085', '\ufeff', '😀😀'];
  const words = (max, isLine) => {
    const kind = random();
    let typed = '';
    if (kind < 0.1) typed = many(3, () => pick(blanks));
    else if (kind < 0.35) typed = pick(['Word 12', 'Ab1', 'Zed 999', 'Abc 1234', 'word 12', 'Tea', 'tea42', 'a', 'none']);
    else {
      const most = Math.ceil(max * (often(0.4) ? 1.4 : 0.9));
      while (typed.length < most && !often(1 / (most + 1))) typed += pick(letters);
      if (often(0.1)) typed = '🙂'.repeat(max / 2 + upTo(2)) + pick(['', 'x']);
    }
    return isLine ? typed.replace(/\n/g, ' ') : typed;
  };
  const year = () => pick([1000, 1899, 1900, 1949, 1965, 1999, 2000, 2004, 2010, 2011, 2024, 2026, 2027, 9999, 1970 + upTo(50), 2026, 2026]);
  const monthNames = (document.getElementById('pageWords').dataset.months || '').split(',');
  /** A month's name, whole or cut, in capitals, with a point, without its hamza; or something like it. */
  const month = () => {
    let name = pick(often(0.9) ? monthNames : ['May', 'mawrth', 'مارس', 'Ma', 'Ju', 'Jun', 'constructor', 'Sept.', 'JANUARYX', 'no month']);
    if (often(0.4)) name = name.slice(0, 2 + upTo(4));
    if (often(0.2)) name = name.toUpperCase();
    if (often(0.2)) name += pick(['.', '..', '\u200f', ' .', 'i']);
    return around(name.replace(/أ/g, () => pick(['أ', 'ا', 'إ'])));
  };
  const date = () => {
    const kind = random();
    if (kind < 0.1) return ['', '', ''].map(() => pick(blanks));
    const parts = [1 + upTo(often(0.1) ? 34 : 28), 1 + upTo(often(0.1) ? 14 : 12), year()].map(String);
    if (kind < 0.2) parts[upTo(3)] = pick(blanks);
    if (kind >= 0.2 && kind < 0.3) parts[upTo(3)] = pick(['0', '00', '000', '1 2', '3\u200e1', '31', '30', '29', '2', '-1', '1.', 'May', '999', '10000', '0999', '99', '1e3', '٠', '\u200f', '२']);
    if (kind >= 0.3 && kind < 0.4) return [pick(['28', '29', '30', '31']), pick(['2', '02', '4', '06']), pick(['1900', '2000', '2023', '2024'])];
    const typed = parts.map((part) => around(script(part.length < 2 && often(0.3) ? `0${part}` : part)));
    if (often(0.25)) typed[1] = month();
    return typed;
  };

  /** Puts an answer into each field of BLOCK; nothing that is CAREFUL for one that would be out of place. */
  const fill = (block, isCareful) => {
    const controls = Array.from(block.querySelectorAll('input, textarea, select'));
    const kind = block.dataset.kind;
    const isEmpty = !isCareful && often(0.15);
    const refusal = controls.find((one) => one.dataset.behaviour === 'refusal');
    const isRefused = refusal && often(isCareful ? 0.15 : 0.1);
    if (refusal) refusal.checked = isRefused;
    const isSilent = isEmpty || (isRefused && (isCareful || often(0.7)));
    const named = new Map();
    for (const one of controls) {
      if (one === refusal) continue;
      const name = one.name.split('.')[0];
      named.set(name, [...(named.get(name) || []), one]);
    }
    for (const list of named.values()) {
      const [first] = list;
      if (first.type === 'radio') {
        const chosen = isSilent || (!isCareful && often(0.15)) ? null : pick(list);
        list.forEach((one) => { one.checked = one === chosen; });
      } else if (first.type === 'checkbox') {
        const free = list.filter((one) => one.dataset.behaviour !== 'exclusive');
        const share = isSilent ? 0 : pick([0.1, 0.3, 0.6]);
        list.forEach((one) => { one.checked = (!isCareful || free.includes(one)) && often(share); });
        if (isCareful && !list.some((one) => one.checked)) pick(list).checked = true;
      } else if (kind === 'rank') {
        const places = list.map((_, i) => String(i + 1)).sort(() => random() - 0.5);
        list.forEach((one, i) => { one.value = isSilent || often(0.3) ? '' : isCareful || often(0.8) ? places[i] : pick(places); });
      } else if (kind === 'date') {
        const parts = isSilent ? ['', '', ''] : isCareful ? [String(1 + upTo(28)), String(1 + upTo(12)), String(year())] : date();
        list.forEach((one, i) => { one.value = parts[i]; });
      } else {
        const box = first.closest('.govuk-character-count');
        const isLine = first.localName === 'input';
        first.value = isSilent ? '' : isCareful && often(0.8)
          ? (box ? pick(['Word 12', 'tea42', 'Abc 1', 'Zed 999']) : pick([script(String(16 + upTo(4))), String(upTo(25)), `${upTo(10)}.5`, '1', '100']))
          : box ? words(Number(box.dataset.maxlength), isLine) : number();
        first.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }
  };

  const counted = () => Object.fromEntries(Array.from(document.querySelectorAll('.govuk-character-count')).map((box) => [
    box.querySelector('textarea, input').name, { max: Number(box.dataset.maxlength), shown: text(box.querySelector('.govuk-character-count__message')), allowed: allowed.get(box), length: box.querySelector('textarea, input').value.length },
  ]));
  const isSeen = (block) => !block.hidden && !block.closest('.part').hidden;
  const visit = (block) => {
    link.href = `#${block.id}`;
    link.click();
  };
  const complaints = () => {
    const shown = document.querySelector('.way + .govuk-error-summary');
    return shown ? Array.from(shown.querySelectorAll('li a')).map((one) => ({ id: decodeURIComponent(one.hash.slice(1)), message: text(one) })) : [];
  };

  /** What the page makes of what stands in it. */
  const look = () => {
    (blocks[0].querySelector('input') || form).dispatchEvent(new Event('change', { bubbles: true }));
    const relevant = {}, mistakes = [], done = new Set();
    for (const block of blocks) {
      const key = stepOf(block);
      if (done.has(key)) continue;
      visit(block);
      const name = block.id.slice('question-'.length);
      if (!isSeen(block)) {
        if (!isNote(block)) relevant[name] = false;
        continue;
      }
      for (const other of blocks) if (stepOf(other) === key) relevant[other.id.slice('question-'.length)] = isSeen(other);
      if (isNote(block)) continue;
      done.add(key);
      document.querySelector('.next__on').click();
      const found = complaints();
      for (const one of found) {
        const control = document.getElementById(one.id);
        const field = control.name.split('.')[0];
        const note = document.getElementById(`${field}-error`);
        const described = note.closest('.question').querySelector(`[aria-describedby~="${note.id}"]`);
        one.field = field;
        one.beside = text(note).replace(/^.*?:\s/, '').trim();
        one.isDescribed = Boolean(described) && (described === control || described.contains(control));
      }
      const marked = blocks.filter((other) => stepOf(other) === key && isSeen(other)).flatMap((other) => Array.from(other.querySelectorAll('p.govuk-error-message')));
      if (found.length && marked.filter((one) => one.id).length !== found.length) found.push({ message: `${marked.length} messages beside fields` });
      mistakes.push(...found);
    }
    const sent = new URLSearchParams(new FormData(form));
    for (const name of ['nonce', 'version', 'edit', 'at', 'face']) sent.delete(name);
    return { body: sent.toString(), relevant, mistakes, counts: counted(), isAlive: document.documentElement.classList.contains('js') };
  };

  /** Most sets are wild; some are careful, and of those, where all is one step, some are mended until nothing is wrong. */
  window.answerSet = (number) => {
    state = number;
    const isCareful = often(0.3), canMend = isCareful && often(0.1) && blocks[0].dataset.step;
    for (const block of blocks) fill(block, isCareful && often(0.97));
    let found = look();
    for (let i = canMend ? 20 : 0; i && found.mistakes.length; i--) {
      for (const { id } of found.mistakes) fill(document.getElementById(id).closest('.question'), true);
      found = look();
    }
    return found;
  };
};

// ---- beside the server --------------------------------------------------------------------------------------------------

/** What the server makes of the sets. */
const judge = (form, language, sets) => {
  const { status, stdout, stderr } = spawnSync(join(build, 'tests/judge'), [folders[form], join(forms, 'library'), join(forms, 'strings'), language], {
    cwd: root, input: sets.map(({ body }) => `${body}\n`).join(''), encoding: 'utf8', maxBuffer: 1 << 30,
  });
  assert.equal(status, 0, stderr);
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines.length, sets.length);
  return lines;
};

const tally = { sets: 0, faultless: 0, kinds: {}, asked: {}, counts: 0, posted: 0 };

/** All that may be said of LEFT characters: which of them is for the plural rules of the language. */
const phrases = (words, left) => Object.entries(words).filter(([key]) => key.startsWith(left < 0 ? 'over' : 'left')).map(([, text]) => text.replace('{count}', Math.abs(left)));

/** Fails with the first difference between what the page and the server make of one set. */
const compare = (number, page, server) => {
  const where = `set ${number}: ${page.body}`;
  assert(page.isAlive, `the script gave up: ${where}`);
  assert.equal(server.refused, null, where);
  for (const [name, isRelevant] of Object.entries(page.relevant)) assert.equal(isRelevant, server.relevant[name], `${name} is asked: ${where}`);
  // That nothing at all was answered is for the server to say, when everything is sent.
  const theirs = server.mistakes.filter(({ kind }) => kind !== 'nothing');
  assert.deepEqual(page.mistakes.map(({ field, id, message }) => ({ field, id, message })), theirs.map(({ field, id, message }) => ({ field, id, message })), where);
  // Each can be told from the others by its words, those of the halves of a pair and of the statements of a grid, too; which choice stands
  // alone is said in the same words of all questions that have it.
  const told = theirs.filter(({ kind }) => kind !== 'exclusive').map(({ message }) => message);
  assert.deepEqual(told.filter((message, i) => told.indexOf(message) !== i), [], where);
  for (const { message, beside, isDescribed, id } of page.mistakes) {
    assert.equal(beside, message, where);
    assert(isDescribed, `the message is read out with ${id}: ${where}`);
  }
  for (const [name, used] of Object.entries(server.used)) {
    const { max, shown, allowed, length } = page.counts[name];
    assert.equal(length, used, `${name} is ${used} long: ${where}`);
    const left = max - used;
    if (left > max / 4) assert.equal(shown, allowed, where);
    else assert(phrases(page.words, left).includes(shown), `${name} has ${left} left, and says ${shown}: ${where}`);
    tally.counts++;
  }
  tally.sets++;
  tally.faultless += theirs.length === 0;
  for (const { kind } of server.mistakes) tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
  for (const [name, isRelevant] of Object.entries(server.relevant)) {
    const asked = (tally.asked[name] ??= [0, 0]);
    asked[Number(isRelevant)]++;
  }
};

/** Draws COUNT sets from FIRST on in a page of FORM in LANGUAGE, compares them, and gives both sides. Where it IS_UNSEEN nothing is
 * laid out, which is most of the time that a set takes. */
const draw = (form, code, language, first, count, isUnseen = false) => withPage(browser, instance, {}, async (page) => {
  await openSteps(page, `/${code}/${language.toUpperCase()}`);
  await page.evaluate(prepare);
  if (isUnseen) await page.evaluate(() => { document.body.style.display = 'none'; });
  const all = [];
  for (let at = 0; at < count; at += 200) {
    const sets = await page.evaluate(([from, to]) => Array.from({ length: to - from }, (_, i) => window.answerSet(from + i)), [first + at, first + Math.min(at + 200, count)]);
    const judged = judge(form, language, sets);
    const words = await page.evaluate(() => ({ ...document.getElementById('pageWords').dataset }));
    sets.forEach((set, i) => compare(first + at + i, { ...set, words }, judged[i]));
    all.push(...sets.map((set, i) => ({ set: { ...set, words }, judged: judged[i] })));
  }
  return all;
});

const started = Date.now();
const drawn = [];
await test(`agreement: ${total} random sets of answers: the same questions, mistakes, words and counts on the page and on the server`, async () => {
  const share = Math.ceil(total / lanes), pieces = 1000;
  const jobs = [];
  for (let lane = 0; lane < lanes; lane++)
    for (let at = 0; at < share; at += pieces) jobs.push(async () => { drawn.push(...await draw('agreement', agreement, 'en', seed * 1000003 + lane * share + at, Math.min(pieces, share - at), true)); });
  await inPairs(jobs);
  assert(tally.sets >= total);
});
console.log(`  seed ${seed}: ${tally.sets} sets in ${Math.round((Date.now() - started) / 1000)} s; ${tally.faultless} without a mistake; counts compared ${tally.counts}`);
console.log(`  mistakes: ${Object.entries(tally.kinds).map(([kind, n]) => `${kind} ${n}`).join(', ')}`);
console.log(`  asked: ${Object.entries(tally.asked).filter(([, [no]]) => no).map(([name, [no, yes]]) => `${name} ${Math.round((100 * yes) / (yes + no))}%`).join(', ')}`);

await test('agreement: the sets break every rule, and each question with a condition is asked and not asked, often', () => {
  const kinds = ['required', 'too long', 'exclusive', 'not number', 'not whole', 'too fine', 'too small', 'too large', 'date part', 'not date', 'same place', 'constraint'];
  for (const kind of kinds) assert((tally.kinds[kind] ?? 0) > total / 50, `${kind}: ${tally.kinds[kind]}`);
  for (const [name, [no, yes]] of Object.entries(tally.asked)) assert(no === 0 || (no > total / 50 && yes > total / 50), `${name}: asked ${yes} times, not ${no}`);
  assert(tally.faultless > total / 500, `${tally.faultless} sets without a mistake`);
});

await test('agreement: intake itself says the same of 200 of them', async () => {
  const path = `/${agreement}/EN`;
  const page = await instance.page(path);
  for (const { set, judged } of drawn.slice(0, 200)) {
    const hidden = new URLSearchParams({ ...page.hidden, nonce: nonce() }).toString();
    const answer = await instance.request(path, { method: 'POST', body: `${hidden}&${set.body}`, headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' } });
    const said = JSON.parse(answer.text);
    assert.equal(said.state, judged.mistakes.length ? 'mistakes' : 'thanks', answer.text);
    if (judged.mistakes.length) assert.deepEqual(said.mistakes, judged.mistakes.map(({ field, id, message }) => ({ field, id, message })));
    tally.posted++;
  }
});

for (const language of ['en', 'cy', 'en-x-easy', 'ar']) {
  await test(`agreement: a form of many steps, in ${language}: 60 sets`, async () => {
    await draw('everything', everything, language, seed * 1000003 + 500000, 60, true);
  });
}

await test('agreement: a difference would be seen', async () => {
  const [{ set, judged }] = drawn.filter((one) => one.judged.mistakes.length > 1 && Object.keys(one.judged.used).length);
  const name = Object.keys(judged.relevant)[0], text = Object.keys(judged.used)[0];
  const changes = [
    { relevant: { ...judged.relevant, [name]: !judged.relevant[name] } },
    { mistakes: judged.mistakes.slice(1) },
    { mistakes: judged.mistakes.map((one, i) => (i ? one : { ...one, message: `${one.message}.` })) },
    { mistakes: judged.mistakes.map((one, i) => (i ? one : { ...one, id: 'other' })) },
    { used: { ...judged.used, [text]: judged.used[text] + 1 } },
    { mistakes: judged.mistakes.map((one) => ({ ...one, message: judged.mistakes[0].message })) },
  ];
  for (const change of changes) assert.throws(() => compare(0, set, { ...judged, ...change }), assert.AssertionError);
});

await finish();
