// types.test.mjs: every kind of question over the whole line, without JavaScript: what is typed, in whatever digits, is in the office
// and the export as what it means; what is wrong comes back as it was typed, also over a change of the language.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, hiddenFields, root, scratch, test } from '../harness.mjs';

const formsDir = scratch();
cpSync(join(root, 'forms'), formsDir, { recursive: true });
cpSync(join(root, 'tests/forms/everything'), join(formsDir, 'everything'), { recursive: true });
const instance = await Instance.make({ formsDir, forms: [join(formsDir, 'everything')] });
const practice = instance.event('--practice', '--form', 'everything');
await instance.start();

/** What everybody must answer, and nothing else. */
const needed = {
  must_one: 'yes', must_many: 'scone', must_say: 'tea42', must_count: '3', must_rate: '2', must_grid_cat: 'yes', must_grid_hare: 'no',
  'must_order.mouse': '1', 'must_order.hatter': '3', 'must_day.day': '1', 'must_day.month': '4', 'must_day.year': '2026',
  'came.day': '1', 'came.month': '1', 'came.year': '2026', // must_day is to be after it
};
const kept = {
  must_one: 'yes', must_many: ['scone'], must_say: 'tea42', must_count: 3, must_rate: 2, must_grid_cat: 'yes', must_grid_hare: 'no',
  must_order: ['mouse', 'hatter'], must_day: '2026-04-01', came: '2026-01-01',
};

// [name, what is sent, what the export has]. Each is a person.
const people = [
  ['a date, leading zeros', { 'came.day': '03', 'came.month': '02', 'came.year': '2026' }, { came: '2026-02-03' }],
  ['a date in Arabic-Indic digits', { 'came.day': '\u0662\u0667', 'came.month': '\u0663', 'came.year': '\u0662\u0660\u0662\u0666' }, { came: '2026-03-27' }],
  ['a month by name', { 'came.day': '3', 'came.month': 'march', 'came.year': '2026' }, { came: '2026-03-03' }],
  ['a month by how its name begins', { 'came.day': '3', 'came.month': ' SEPT. ', 'came.year': '2026', 'must_day.month': 'Oct' }, { came: '2026-09-03', must_day: '2026-10-01' }],
  ['asked because of a month by name', { 'came.day': '1', 'came.month': 'July', 'came.year': '2026', summer: '7', 'must_day.month': '8' }, { came: '2026-07-01', summer: 7, must_day: '2026-08-01' }],
  ['a rank with a gap', { 'order.scone': '5', 'order.lemon': '2', 'order.bara': '' }, { order: ['lemon', 'scone'] }],
  ['a rank of all', { 'order.scone': '5', 'order.bara': '4', 'order.carrot': '3', 'order.lemon': '2', 'order.fruit': '1' }, { order: ['fruit', 'lemon', 'carrot', 'bara', 'scone'] }],
  ['a scale', { again: '10' }, { again: 10 }],
  ['a scale below nothing', { score: '-2' }, { score: -2 }],
  ['a scale refused', { score: 'dont_know' }, { score: 'dont_know' }],
  ['a pair of scales', { calm_before: '1', calm_now: '5' }, { calm_before: 1, calm_now: 5 }],
  ['an integer in Bengali digits', { cups: ' \u09e7\u09e8 ' }, { cups: 12 }],
  ['no cups', { cups: '0' }, { cups: 0 }],
  ['a decimal with a comma', { price: '2,50' }, { price: 2.5 }],
  ['a decimal in Persian digits with its mark', { price: '\u06f1\u066b\u06f2\u06f5' }, { price: 1.25 }],
  ['a decimal below nothing, with the minus of typography', { height: '\u22121.125' }, { height: -1.125 }],
  ['all refused', { age_refusal: 'prefer_not', height_refusal: 'dont_know', birthday_refusal: 'prefer_not', secret_refusal: 'dont_know', friends_refusal: 'dont_know' },
    { age_refusal: 'prefer_not', height_refusal: 'dont_know', birthday_refusal: 'prefer_not', secret_refusal: 'dont_know', friends_refusal: 'dont_know' }],
  ['asked because of a number', { cups: '+7', more_cups: '006', chain: 'nine' }, { cups: 7, more_cups: 6, chain: 'nine' }],
  ['asked because of a date', { 'came.day': '1', 'came.month': '7', 'came.year': '2026', summer: '7', 'must_day.month': '8' }, { came: '2026-07-01', summer: 7, must_day: '2026-08-01' }],
  ['asked because of a place', { 'order.scone': '1', 'best_cake.day': '29', 'best_cake.month': '2', 'best_cake.year': '2024' }, { order: ['scone'], best_cake: '2024-02-29' }],
  ['asked because of a refusal', { age_refusal: 'prefer_not', refused_age: 'yes' }, { age_refusal: 'prefer_not', refused_age: 'yes' }],
  ['not asked, and dropped', { more_cups: '6', summer: '7', refused_age: 'yes' }, {}],
];

await test('types: each answer is in the export as what it means', async () => {
  for (const [name, sent] of people) {
    const answer = await instance.send(`/${practice}`, { ...needed, ...sent, words: name });
    assert.equal(answer.status, 200, `${name}: ${answer.text.match(/govuk-error-message[\s\S]{0,200}/)?.[0]}`);
  }
  const { responses } = await instance.filed(practice, people.length);
  assert.equal(responses.length, people.length);
  for (const [name, , wanted] of people) {
    const found = responses.find((row) => row.words === name);
    assert.deepEqual({ ...found, language: undefined, mode: undefined }, { language: undefined, mode: undefined, words: name, ...kept, ...wanted }, name);
  }
});

await test('types: in CSV numbers stand bare, a rank has its places', () => {
  const file = join(instance.dir, 'types.csv');
  instance.cli(['export', practice, '--format', 'csv', '-o', file]);
  const [names, ...rows] = readFileSync(file, 'utf8').replace('\ufeff', '').split('\r\n').filter(Boolean).map((line) => line.split(','));
  const cells = (name) => Object.fromEntries(rows.find((row) => row[names.indexOf('words')] === name).map((cell, i) => [names[i], cell]));
  assert.equal(cells('a scale below nothing').score, '-2');
  assert.equal(cells('a scale refused').score, 'dont_know');
  assert.equal(cells('no cups').cups, '0');
  const ranked = cells('a rank with a gap');
  assert.deepEqual([ranked.order, ranked.order__lemon, ranked.order__scone, ranked.order__bara], ['lemon scone', '1', '2', '']);
  assert.equal(ranked.must_grid_hare, 'no');
  assert.equal(ranked.must_day, '2026-04-01');
});

const valueOf = (html, name) => html.match(new RegExp(`<input[^>]*\\sname="${name.replace('.', '\\.')}"[^>]*>`))?.[0].match(/\svalue="([^"]*)"/)?.[1];
const placeOf = (html, name) => html.match(new RegExp(`<select[^>]*\\sname="${name.replace('.', '\\.')}"[\\s\\S]*?</select>`))?.[0].match(/<option selected>(\d+)</)?.[1];

const wrong = {
  ...needed, cups: ' 2,5', price: '2.505', height: 'tall', age: '121', 'came.day': '31', 'came.month': '02', 'came.year': '2026',
  'birthday.day': '5', 'order.scone': '2', 'order.bara': '2', must_count: '\u0661\u0663', secret: 'x', secret_refusal: 'dont_know',
};
const typed = ['cups', 'price', 'height', 'age', 'came.day', 'came.month', 'came.year', 'birthday.day', 'must_count', 'must_say'];
const areShown = (html, names) => {
  for (const name of names) assert.equal(valueOf(html, name), wrong[name], name);
};

await test('types: a month may be typed as its name in the page’s language; what is none is told to be a number', async () => {
  const names = { EN: ['March', 'march', 'MAR', 'mar.'], CY: ['Mawrth', 'mawrth', 'Maw'], AR: ['مارس', 'مار'], 'EN-X-EASY': ['March', 'Mar'] };
  for (const [tag, good] of Object.entries(names)) {
    const path = `/${practice}/${tag}`;
    const sent = (month) => ({ 'came.day': '27', 'came.month': month, 'came.year': '2026' }); // much else is left out
    for (const month of good) {
      const answer = await instance.send(path, sent(month));
      assert.doesNotMatch(answer.text, /href="#came-/, `${tag}: ${month}`);
      assert.equal(valueOf(answer.text, 'came.month'), month, 'and comes back as it was typed');
    }
    const others = Object.entries(names).filter(([other]) => other.slice(0, 2) !== tag.slice(0, 2)).flatMap(([, list]) => list[0]);
    for (const month of [...others, 'Ma', '3.5', 'Marching']) {
      const answer = await instance.send(path, sent(month));
      assert.match(answer.text, /href="#came-month">[^<]*27\u00a03\u00a02026/, `${tag}: ${month}`);
    }
    const page = await instance.page(path);
    assert.match(page.text, /id="birthday-hint"[^>]*>[^<]*27\u00a03\u00a02026</, 'and before anybody is wrong, where the form says nothing itself');
    assert.match(page.text, /aria-describedby="birthday-hint"/);
  }
  // With the language the name changes into its number, which both know.
  const page = await instance.page(`/${practice}/EN`);
  const welsh = await instance.request(`/${practice}/CY`, { method: 'POST', body: [...Object.entries(page.hidden), ['came.day', '27'], ['came.month', 'March'], ['birthday.month', 'Foo'], ['to', 'cy']] });
  assert.deepEqual(['came.day', 'came.month', 'birthday.month'].map((name) => valueOf(welsh.text, name)), ['27', '3', 'Foo']);
});

await test('types: no line ends between the day and the month of a date', async () => {
  const { text } = await instance.page(`/${practice}/EN`);
  assert.match(text, /class="hero__event">Test event, \d{1,2}\u00a0\p{L}+ 20\d\d</u);
  const limits = await instance.send(`/${practice}`, { ...needed, 'came.year': '2027' });
  assert.match(limits.text, /between 1\u00a0January 2026 and 31\u00a0December 2026/);
  const thanks = await instance.send(`/${practice}`, { ...needed, words: 'a blank' });
  assert.match(thanks.text, /1\u00a0April 2026/, 'what was stored');
  assert.match(thanks.text, /We delete it by \d{1,2}\u00a0\p{L}+ 20\d\d/u);
  await instance.filed(practice, people.length + 1);
});

await test('types: what is wrong comes back as it was typed, each with its message', async () => {
  const answer = await instance.send(`/${practice}`, wrong);
  assert.equal(answer.status, 422);
  areShown(answer.text, typed);
  assert.equal(placeOf(answer.text, 'order.scone'), '2');
  assert.equal(placeOf(answer.text, 'order.bara'), '2');
  const links = [...answer.text.match(/govuk-error-summary[\s\S]*?<\/ul>/)[0].matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  const ids = ['came-day', 'order.bara', 'cups', 'price', 'age', 'height', 'birthday-month', 'secret', 'must_count']; // not must_day: came is no day, so it has nothing to be after
  assert.deepEqual(links.sort(), ids.sort());
  for (const id of ids) assert.match(answer.text, new RegExp(`\\sid="${id}"`));
});

await test('types: a change of the language keeps what is wrong, also what the other face does not ask', async () => {
  const page = await instance.page(`/${practice}`);
  const change = async (from, tag, answers) => {
    const response = await instance.request(`/${practice}/${tag.toUpperCase()}`, { method: 'POST', body: [...Object.entries(hiddenFields(from.text)), ...Object.entries(answers), ['to', tag]] });
    assert.equal(response.status, 200, response.text.slice(0, 300));
    return response;
  };
  const easy = await change(page, 'en-x-easy', wrong);
  areShown(easy.text, ['cups', 'age', 'came.day', 'came.month', 'came.year', 'birthday.day']);
  const hidden = hiddenFields(easy.text);
  assert.deepEqual([hidden['keep-base-price'], hidden['keep-base-height'], hidden['keep-base-secret'], hidden['keep-base-secret_refusal']], ['2.505', 'tall', 'x', 'dont_know']);
  assert.deepEqual([hidden['keep-base-order.scone'], hidden['keep-base-order.bara'], hidden['keep-base-order.lemon']], ['2', '2', undefined]);
  const shown = Object.fromEntries(Object.entries(wrong).filter(([name]) => !Object.keys(hidden).includes(`keep-base-${name}`)));
  const welsh = await change(easy, 'cy', shown);
  areShown(welsh.text, typed);
  assert.equal(placeOf(welsh.text, 'order.bara'), '2');
});

await test('types: what no page of ours sends is refused', async () => {
  for (const [name, value] of [['came', '2026-02-03'], ['came.hour', '1'], ['order', 'scone'], ['order.scone', '6'], ['order.tea', '1'], ['again', '11'], ['served', 'never'],
    ['cups.day', '1'], ['age_refusal', 'dont_know'], ['score_refusal', 'dont_know'], ['keep-base-came', '2026-02-03'], ['keep-base-order.tea', '1']]) {
    const answer = await instance.send(`/${practice}`, { ...needed, [name]: value });
    assert.equal(answer.status, 400, name);
  }
  assert.equal(instance.exported(practice).responses.length, people.length + 1);
});

await finish();
