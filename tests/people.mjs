// people.mjs: people who answer a form, every one otherwise, until each choice of each question, each place of each list, each limit of
// each number and date and each refusal has been given at least once by somebody who was asked. What they send, and what the office
// must then hold of it, both worked out from the page alone: which questions are asked is decided here a third time, apart from the
// script and the server, over what the answers mean.

/** mulberry32: numbers from 0 to 1, the same for the same SEED. */
export const randomly = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

// ---- expressions (cgi/lib/form/expr.h), over what is stored ---------------------------------------------------------------

const isNone = (value) => value === '' || Number.isNaN(value);
const operators = {
  q: (of, name) => of(name) ?? '',
  n: (of, name) => (typeof of(name) === 'number' ? of(name) : NaN),
  d: (of, name) => of(name) ?? NaN,
  selected: (of, list, code) => [].concat(list).includes(code),
  'count-selected': (of, list) => (list === '' ? 0 : list.length),
  'string-length': (of, text) => text.length,
  regex: (of, text, pattern) => new RegExp(`^(?:${pattern})$`, 'u').test(text),
  '=': (of, a, b) => (isNone(a) && isNone(b) ? a === '' || b === '' : a === b),
  '!=': (of, a, b) => !operators['='](of, a, b),
  '<': (of, a, b) => a < b,
  '<=': (of, a, b) => a <= b,
  '>': (of, a, b) => a > b,
  '>=': (of, a, b) => a >= b,
  and: (of, ...list) => list.every(Boolean),
  or: (of, ...list) => list.some(Boolean),
  not: (of, a) => !a,
  if: (of, condition, yes, no) => (condition ? yes : no),
  coalesce: (of, a, b) => (isNone(a) ? b : a),
};
/** What EXPRESSION gives, OF(name) being what is stored under that name. */
export const resultOf = (expression, of) => {
  if (!Array.isArray(expression)) return expression;
  const [operator, ...given] = expression;
  return operators[operator](of, ...given.map((one) => resultOf(one, of)));
};

// ---- one answer -----------------------------------------------------------------------------------------------------------

const digits = { latin: 0x30, arabic: 0x660, persian: 0x6f0, bengali: 0x9e6 };
const written = (text, script) => text.replace(/\d/g, (digit) => String.fromCodePoint(digits[script] + Number(digit)));
const dayAfter = (date, days) => new Date(Date.parse(date) + days * 86400000).toISOString().slice(0, 10);

/** Words that differ in every answer; the signs that matter somewhere: markup, quotes, formulas, letters of other scripts. */
const phrases = ['ŵ ŷ', '🙂', '=1+1', '<b>&amp;</b>', '"a";\'b\'', 'مرحبا', 'ਸਤ ਸ੍ਰੀ', '字', 'e\u0301', '\tx', '  two  spaces', '- 5', '@me', '%41', 'a+b&c=d', '?#', '\\n', '{name}'];

/** An answer to FIELD: what is GIVEN (as browser.mjs gives it: a value, a list, what is typed; of a date its three parts), what is SENT
 * by its names, what is STORED, and the MARKS that it makes on the list of what must come up. WANTED(mark): it has not come up yet. */
const answerTo = (field, { random, isArabic, count, wanted }) => {
  const upTo = (n) => Math.floor(random() * n);
  const pick = (list) => list[upTo(list.length)];
  const { name, type, choices } = field;
  const values = choices.map(({ value }) => value);
  const mark = (what) => `${name}=${what}`;
  const missing = values.filter((value) => wanted(mark(value)));
  const any = () => (missing.length && random() < 0.7 ? pick(missing) : pick(values));
  if (['radio', 'scale', 'refusal'].includes(type)) {
    const value = any();
    return { given: value, sent: [[name, value]], stored: type === 'scale' && /^-?\d+$/.test(value) ? Number(value) : value, marks: [mark(value)] };
  }
  if (type === 'checkbox') {
    const first = any();
    const isAlone = (value) => choices.find((one) => one.value === value).isExclusive;
    const share = random();
    const taken = isAlone(first) ? [first] : values.filter((value) => value === first || (!isAlone(value) && random() < share));
    return { given: taken, sent: taken.map((value) => [name, value]), stored: taken, marks: taken.map(mark) };
  }
  if (type === 'rank') {
    const order = values.map((value) => [random(), value]).sort(([a], [b]) => a - b).map(([, value]) => value).slice(0, 1 + upTo(values.length));
    return { given: order, sent: values.map((value) => [`${name}.${value}`, order.includes(value) ? String(order.indexOf(value) + 1) : '']), stored: order, marks: order.map((value, i) => mark(`${value}@${i + 1}`)) };
  }
  if (type === 'date') {
    const least = field.min ?? '1900-02-28', most = field.max ?? '2100-12-31';
    const days = (Date.parse(most) - Date.parse(least)) / 86400000;
    const edge = [least, most].find((day) => wanted(mark(day)) && random() < 0.5);
    const day = edge ?? dayAfter(least, upTo(days + 1));
    const script = isArabic && random() < 0.7 ? 'arabic' : 'latin';
    const parts = day.split('-').reverse().map((part) => written(random() < 0.5 ? part : String(Number(part)), script));
    return { given: parts, sent: ['day', 'month', 'year'].map((part, i) => [`${name}.${part}`, parts[i]]), stored: day, marks: [mark('date'), mark(day), mark(script)] };
  }
  if (['integer', 'decimal'].includes(type)) {
    const unit = 10 ** Number(field.decimals ?? 0);
    const least = Math.ceil(Number(field.min ?? 0) * unit), most = Math.floor(Number(field.max ?? Number(field.min ?? 0) + 40) * unit);
    const edge = [field.min, field.max].filter((one) => one !== undefined).find((one) => wanted(mark(Number(one))) && random() < 0.5);
    const value = edge !== undefined ? Number(edge) : (least + upTo(most - least + 1)) / unit;
    const script = isArabic && random() < 0.7 ? 'arabic' : pick(['latin', 'latin', 'latin', 'persian', 'bengali']);
    // Three digits behind a comma are thousands.
    const point = script === 'arabic' ? '\u066b' : pick(['.', /\.\d{3}$/.test(String(value)) ? '.' : ',']);
    const typed = pick(['', '', ' ']) + written(String(value).replace('.', point).replace('-', pick(['-', '\u2212'])), script);
    return { given: typed, sent: [[name, typed]], stored: value, marks: [mark('number'), mark(value), mark(script)] };
  }
  // The number makes every text another one; for what must look like a word and digits there is one like that.
  const max = Number(field.max);
  const typed = random() < 0.3 ? `tea${count}${upTo(10)}` : `${count} ${pick(phrases)} ${pick(phrases)}${field.isLine || random() < 0.5 ? ` ${pick(phrases)}` : `\n${pick(phrases)}`}`;
  const cut = typed.slice(0, max).replace(/[\ud800-\udbff]$/, '');
  return { given: cut, sent: [[name, cut.replace(/\n/g, '\r\n')]], stored: cut, marks: [mark('text')] };
};

// ---- everybody --------------------------------------------------------------------------------------------------------------

/** What must come up in the answers to FIELD. */
const marksOf = ({ name, type, choices, min, max }, isArabic) => {
  const mark = (what) => `${name}=${what}`;
  if (type === 'rank') return choices.flatMap(({ value }) => choices.map((_, i) => mark(`${value}@${i + 1}`)));
  if (type === 'text') return [mark('text')];
  const script = isArabic ? [mark('arabic')] : [];
  if (type === 'date') return [mark('date'), ...[min, max].filter(Boolean).map(mark), ...script];
  if (['integer', 'decimal'].includes(type)) return [mark('number'), ...[min, max].filter((one) => one !== undefined).map((one) => mark(Number(one))), ...script];
  return choices.map(({ value }) => mark(value));
};

const fieldsOf = (questions) => questions.flatMap(({ fields }) => fields);

/** One person: { given, sent, stored: { response, apart }, asked, marks }; null where what was answered before leaves no answer that the
 * form would take. IS_PLAIN: as of a page without the script, where also what is
 * not asked may be answered, and is dropped. */
const person = (questions, context) => {
  const { random, isPlain } = context;
  const own = { given: {}, sent: [], stored: { response: {}, apart: {} }, asked: [], marks: [] };
  const all = {};
  for (const { name: question, fields, rule, constraint, isApart, isRequired } of questions) {
    const isAsked = !rule || Boolean(resultOf(rule, (name) => all[name]));
    if (isAsked) own.asked.push(...fields.map(({ name }) => name));
    if (!isAsked && !(isPlain && random() < 0.3)) continue;
    const refusal = fields.find(({ type }) => type === 'refusal');
    const isRefused = refusal && random() < 0.3;
    for (const field of fields) {
      if (refusal && (field === refusal) !== Boolean(isRefused)) continue;
      if (!isRequired && random() < 0.05) continue;
      // Where the form has a rule on the answer, this finds one that keeps to it.
      const isGood = ({ stored }) => !constraint || !isAsked || field === refusal || resultOf(constraint, (name) => (name === question ? stored : all[name]));
      let answer = answerTo(field, context);
      for (let tries = 0; !isGood(answer) && tries < 200; tries++) answer = answerTo(field, context);
      if (!isGood(answer)) return null;
      own.given[field.name] = answer.given;
      own.sent.push(...answer.sent);
      if (!isAsked) continue;
      all[field.name] = answer.stored;
      own.stored[isApart ? 'apart' : 'response'][field.name] = answer.stored;
      own.marks.push(...answer.marks);
    }
  }
  return own;
};

/** People who together give every answer that the form of these QUESTIONS can get, and what none of them could be asked: { list, left }.
 * MOST: no more than so many, those who say most that nobody has said yet. */
export const everybody = (questions, { seed, isArabic = false, isPlain = false, most = Infinity }) => {
  const left = new Set(fieldsOf(questions).flatMap((field) => marksOf(field, isArabic)));
  const context = { random: randomly(seed), isArabic, isPlain, wanted: (mark) => left.has(mark), count: 10 };
  const list = [];
  for (let dry = 0; left.size && dry < 200 && list.length < most;) {
    const drawn = Array.from({ length: most === Infinity ? 3 : 30 }, () => person(questions, context)).filter(Boolean);
    const gain = ({ marks }) => new Set(marks.filter((mark) => left.has(mark))).size;
    const best = drawn.reduce((a, b) => (a && gain(a) >= gain(b) ? a : b), null);
    if (!best || !gain(best)) {
      dry++;
      continue;
    }
    dry = 0;
    best.marks.forEach((mark) => left.delete(mark));
    list.push(best);
    context.count++;
  }
  return { list, left: [...left] };
};

/** ROW without what was left out, its names in order: two rows with the same answers are the same text. */
export const canonical = (row) => JSON.stringify(Object.entries(row).filter(([, value]) => value !== null && value !== '').sort(([a], [b]) => (a < b ? -1 : 1)));

/** What FOUND has more and less than EXPECTED, both lists of rows in any order. */
export const difference = (found, expected) => {
  const count = (rows) => rows.map(canonical).reduce((all, row) => all.set(row, (all.get(row) ?? 0) + 1), new Map());
  const [a, b] = [count(found), count(expected)];
  const less = (one, other) => [...one].filter(([row, n]) => n > (other.get(row) ?? 0)).map(([row]) => row);
  return { surplus: less(a, b), missing: less(b, a) };
};

/** What OUT, an export of a practice event in PLACE, has more and less than these PEOPLE, each with the face, have answered. */
export const differences = (out, people, place) => {
  const { responses, ...others } = out;
  // With the equality answers stands in which words somebody was asked, those of Wales, too.
  const words = place === 'wales' ? '-x-wales' : '';
  return [
    difference(responses, people.map(({ stored }) => stored.response)),
    difference(Object.values(others).filter(Array.isArray).flat(), people.map(({ stored, face }) => ({ ...stored.apart, language: face + words, mode: 'phone' }))),
  ];
};
