// once.test.mjs: however often the same response arrives, it is stored once and thanked for with the same page: double tap,
// reload, a cut connection and the retry, a replay after a restart, after closing and after release. An edit counts whatever
// order it is filed in. And where two people share a screen, they are two.
import assert from 'node:assert/strict';
import { Instance, finish, formFields, receiptOf, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const instance = await Instance.make({ conf: { batch_min: 1 } });
const practice = instance.event('--practice');
const ordinary = instance.event('--open');
await instance.start();
const spool = new Spool(instance);
await spool.tap();

/** A fresh page of an event, filled in: what a browser would send. */
const filledIn = async (site, code, next, more = {}) => {
  const page = await site.page(`/${code}`);
  assert.equal(page.status, 200);
  return { path: page.action, fields: { ...page.hidden, overall: 'good', age_band: '25_34', next, ...more } };
};
const bytesOf = (site, { path, fields }, headers) => site.bytes(path, fields, headers);

const thanked = (answer) => {
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert(answer.isComplete);
  const receipt = receiptOf(answer.text);
  assert(receipt, 'a receipt');
  return receipt;
};

const rowsWith = (site, code, marker) => site.exported(code).responses.filter((row) => row.next?.startsWith(marker));

/** COUNT envelopes come in while RUN runs: that they came more than once must be seen, or "stored once" says nothing. */
const came = async (count, run) => {
  const before = await spool.captured();
  try {
    await run();
  } finally {
    await spool.mode('pass');
  }
  assert.equal((await spool.captured()) - before, count, 'envelopes that reached the spooler');
};

// ---- the same bytes -------------------------------------------------------------------------------------------------

for (const [name, headers] of [['page', {}], ['script', { Accept: 'application/json' }]]) {
  await test(`once: double tap (${name}): one response, the same thank-you twice`, async () => {
    const bytes = bytesOf(instance, await filledIn(instance, practice, `double tap ${name}`), headers);
    await came(2, async () => {
      const [one, two] = await Promise.all([instance.exchange(bytes), instance.exchange(bytes)]);
      assert.equal(thanked(one), thanked(two));
      assert.equal(one.text, two.text);
    });
    await spool.settled();
    assert.equal(rowsWith(instance, practice, `double tap ${name}`).length, 1);
  });
}

await test('once: reload of the page that the POST gave, after it was filed', async () => {
  const bytes = bytesOf(instance, await filledIn(instance, practice, 'reload'));
  await came(3, async () => {
    const first = await instance.exchange(bytes);
    await spool.settled();
    for (let i = 0; i < 2; i++) {
      const again = await instance.exchange(bytes);
      assert.equal(thanked(again), thanked(first));
      assert.equal(again.text, first.text);
    }
  });
  await spool.settled();
  assert.equal(rowsWith(instance, practice, 'reload').length, 1);
});

// ---- cut connections ------------------------------------------------------------------------------------------------

await test('once: the phone is cut off after the commit and before the answer, and sends again', async () => {
  const bytes = bytesOf(instance, await filledIn(instance, practice, 'cut phone'));
  await came(2, async () => {
    await spool.mode('hold');
    const before = await spool.committed();
    const cut = instance.connect(bytes);
    await until('the commit', async () => (await spool.committed()) > before);
    cut.socket.destroy();
    assert.equal((await cut.answer).status, 0, 'nobody was thanked yet');
    await spool.mode('pass');
    thanked(await instance.exchange(bytes));
  });
  await spool.settled();
  assert.equal(rowsWith(instance, practice, 'cut phone').length, 1);
});

await test("once: the spooler's answer is lost after the commit; the page sent again is the same response", async () => {
  const sent = await filledIn(instance, practice, 'lost answer');
  await came(3, async () => {
    await spool.mode('lose');
    const before = await spool.committed();
    const answer = await instance.exchange(bytesOf(instance, sent));
    assert.equal((await spool.committed()) - before, 1, 'it is on disk');
    assert.equal(answer.status, 503);
    assert.equal(receiptOf(answer.text), undefined, 'nobody knows, so nobody is thanked');
    await spool.mode('pass');
    const again = formFields(answer.text);
    assert.equal(again.find(([name]) => name === 'edit')[1], '1');
    const receipt = thanked(await instance.exchange(bytesOf(instance, { ...sent, fields: again })));
    assert.equal(receipt, thanked(await instance.exchange(bytesOf(instance, sent))), 'the same receipt as the first attempt');
  });
  await spool.settled();
  assert.equal(rowsWith(instance, practice, 'lost answer').length, 1);
});

await test('once: cut before the commit; the retry is the first that is stored', async () => {
  const sent = await filledIn(instance, practice, 'cut early');
  await came(2, async () => {
    await spool.mode('keep');
    const before = await spool.committed();
    const answer = await instance.exchange(bytesOf(instance, sent));
    assert.equal((await spool.committed()) - before, 0, 'it is not on disk');
    assert.equal(answer.status, 503);
    await spool.mode('pass');
    thanked(await instance.exchange(bytesOf(instance, { ...sent, fields: formFields(answer.text) })));
  });
  await spool.settled();
  assert.equal(rowsWith(instance, practice, 'cut early').length, 1);
});

// ---- edits: the same nonce, other answers ---------------------------------------------------------------------------

// Each row: [edit, answer] in the order of arrival; which answer counts; whether the second comes when the first is filed.
const edits = [
  { name: 'edit 0, then edit 1', sent: [[0, 'was'], [1, 'is']], counts: 'is' },
  { name: 'edit 1, then edit 0', sent: [[1, 'is'], [0, 'was']], counts: 'is' },
  { name: 'edit 9, then edit 10', sent: [[9, 'z'], [10, 'a']], counts: 'a' },
  { name: 'a tie, the greater answers last', sent: [[2, 'aaa'], [2, 'zzz']], counts: 'zzz' },
  { name: 'a tie, the greater answers first', sent: [[2, 'zzz'], [2, 'aaa']], counts: 'zzz' },
].flatMap((row) => [{ ...row, how: 'one filed after the other' }, ...Array.from({ length: 3 }, (_, i) => ({ ...row, how: `in one batch, ${i + 1}` }))]);

for (const [i, row] of edits.entries()) {
  row.marker = `edits ${i} `;
  const { path, fields } = await filledIn(instance, practice, '');
  // Every answer differs between the edits, so that a mixture of two would be seen.
  row.bytes = row.sent.map(([edit, word]) => instance.bytes(path, { ...fields, edit, next: row.marker + word, overall: word === row.counts ? 'ok' : 'poor' }));
}

const apart = edits.filter(({ how }) => how.startsWith('one filed'));
const together = edits.filter((row) => !apart.includes(row));
for (const turn of [0, 1]) {
  for (const row of apart) (row.receipts ??= []).push(thanked(await instance.exchange(row.bytes[turn])));
  await spool.settled();
}
const collector = instance.main('collector');
process.kill(collector, 'SIGSTOP');
for (const turn of [0, 1]) for (const row of together) (row.receipts ??= []).push(thanked(await instance.exchange(row.bytes[turn])));
process.kill(collector, 'SIGCONT');
await spool.settled();

const filed = instance.exported(practice);
for (const row of edits) {
  await test(`once: ${row.name} (${row.how}): one response, the right one`, async () => {
    const found = filed.responses.filter(({ next }) => next?.startsWith(row.marker));
    assert.deepEqual(found.map(({ next, overall }) => [next, overall]), [[row.marker + row.counts, 'ok']]);
    assert.equal(row.receipts[0], row.receipts[1], 'one receipt for both');
  });
}

await test('once: Back after the thank-you is an empty form with a new nonce: another response', async () => {
  const first = await filledIn(instance, practice, 'back');
  const one = await instance.request(first.path, { method: 'POST', body: first.fields });
  const back = await instance.request(`/${practice}`);
  // no-store makes the browser ask again; autocomplete=off keeps it from filling in what was typed (security.md, F4).
  for (const page of [one, back]) assert.match(page.headers['cache-control'], /no-store/);
  assert.match(back.text, /<form id="answers"[^>]* autocomplete="off"/);
  const empty = Object.fromEntries(formFields(back.text));
  assert.equal(empty.next, '');
  assert.equal(empty.overall, undefined);
  assert.notEqual(empty.nonce, first.fields.nonce);
  const two = await instance.request(first.path, { method: 'POST', body: { ...empty, overall: 'good', next: 'back' } });
  assert.notEqual(receiptOf(one.text), receiptOf(two.text));
  await spool.settled();
  assert.equal(rowsWith(instance, practice, 'back').length, 2);
});

await test('once: nothing else was filed: as many responses, and as many sets of equality answers, as people', async () => {
  const out = instance.exported(practice);
  assert.equal(out.responses.length, 6 + edits.length + 2);
  assert.equal(out['about-you'].length, 6 + edits.length + 2);
  assert.deepEqual(instance.office('SELECT reason FROM quarantine'), []);
});

// ---- later ----------------------------------------------------------------------------------------------------------

const people = [];
const late = []; // envelopes that reach the spooler only after release; five, because a second release waits for so many

await test('once: replayed after a restart and a new catalogue, the same bytes are the same response', async () => {
  for (let i = 0; i < 12; i++) {
    const bytes = bytesOf(instance, await filledIn(instance, ordinary, `person ${i}`));
    const receipt = thanked(await instance.exchange(bytes));
    people.push({ bytes, receipt, envelope: await spool.captured() });
  }
  await spool.mode('keep');
  for (let i = 12; i < 17; i++) {
    assert.equal((await instance.exchange(bytesOf(instance, await filledIn(instance, ordinary, `person ${i}`)))).status, 503);
    late.push(await spool.captured());
  }
  await spool.settled();
  await instance.stop();
  instance.event('--practice'); // publishes a catalogue with a higher serial
  await instance.start();
  for (const person of people) assert.equal(thanked(await instance.exchange(person.bytes)), person.receipt);
});

await test('once: the same in grace, when new pages are no longer given', async () => {
  instance.cli(['event', 'close', ordinary]);
  assert.match((await instance.request(`/${ordinary}`)).text, /we have stopped taking answers/);
  assert.equal(thanked(await instance.exchange(people[0].bytes)), people[0].receipt);
});

const refused = async () => {
  const answer = await instance.exchange(people[0].bytes);
  assert.equal(answer.status, 410);
  assert.match(answer.text, /Your answers were not saved/);
  assert.equal(receiptOf(answer.text), undefined);
};

/** The answers of the ordinary event, sorted: person 0, 1, 10, 11, ... */
const releasedAnswers = () => instance.exported(ordinary).responses.map(({ next }) => next).sort();
const expected = (count) => Array.from({ length: count }, (_, i) => `person ${i}`).sort();

await test('once: closed and released, the page says closed, and nothing was counted twice', async () => {
  await spool.settled();
  instance.cli(['event', 'open', ordinary]);
  instance.cli(['event', 'close', ordinary, '--now']);
  await refused();
  instance.cli(['event', 'release', ordinary]);
  await refused();
  assert.deepEqual(releasedAnswers(), expected(12));
});

await test('once: envelopes put straight into the spool after release are not filed twice; those that are new are filed once', async () => {
  for (let i = 0; i < 2; i++) {
    for (const envelope of [...people.map((person) => person.envelope), ...late]) await spool.replay(envelope);
    await spool.settled();
  }
  instance.cli(['event', 'release', ordinary]);
  assert.deepEqual(releasedAnswers(), expected(17));
  assert.deepEqual(instance.office('SELECT reason FROM quarantine'), []);
});

// ---- a shared screen ------------------------------------------------------------------------------------------------

const kiosk = await Instance.make({ conf: { mode: 'kiosk' } });
const shared = kiosk.event('--practice');
await kiosk.start();
const kioskSpool = new Spool(kiosk);

await test('once: on a kiosk two people with one page are two responses and two receipts; each of them once', async () => {
  const page = await filledIn(kiosk, shared, 'kiosk');
  const bytes = ['kiosk one', 'kiosk two'].map((next) => bytesOf(kiosk, { ...page, fields: { ...page.fields, next } }));
  const receipts = [];
  for (const person of bytes) receipts.push(thanked(await kiosk.exchange(person)));
  assert.notEqual(receipts[0], receipts[1]);
  const again = await Promise.all([bytes[0], bytes[0], bytes[1]].map((person) => kiosk.exchange(person)));
  assert.deepEqual(again.map(thanked), [receipts[0], receipts[0], receipts[1]]);
  await kioskSpool.settled();
  assert.deepEqual(rowsWith(kiosk, shared, 'kiosk').map(({ next }) => next).sort(), ['kiosk one', 'kiosk two']);
});

await finish();
