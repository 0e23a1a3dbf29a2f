// organiser-actions.test.mjs: you said, we did, in the organisers' pages: written, changed, removed, seen by attendees at once; two people at the
// same one; what may not be; and whatever somebody types.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'parse5';
import { Instance, finish, test } from '../harness.mjs';
import { nasty } from '../nasty.mjs';
import { Browser, csrfOf, plant } from './team.mjs';
import { write } from './loop.mjs';

const instance = await Instance.make({ hasOrganisers: true, forms: ['forms/work-experience-day'] });
const form = ['--form', 'work-experience-day', '--date', '2026-10-08'];
const over = instance.event('--open', '--area', 'wessex', ...form, '--title', 'Talk & tea');
const open = instance.event('--open', '--area', 'wessex', ...form, '--title', 'Still open');
const foreign = instance.event('--open', '--area', 'north-east', ...form, '--title', 'Not theirs');
instance.cli(['event', 'close', over]);
await instance.start();
const people = plant(instance, { people: [
  { name: 'kim@example.org', role: 'organiser', areas: ['wessex'], sessions: [{}] },
  { name: 'lou@example.org', role: 'organiser', areas: ['wessex'], sessions: [{}] },
  { name: 'ann@example.org', role: 'analyst', sessions: [{}] },
  { name: 'sam@example.org', role: 'administrator', has_totp: true, sessions: [{}] },
] }).people;
const [kim, lou, ann, sam] = people.map(({ sessions: [{ token }] }) => new Browser(instance, { token }));

const nodes = (node, want) => [...(node.tagName && want(node) ? [node] : []), ...(node.childNodes ?? []).flatMap((child) => nodes(child, want))];
const attribute = (node, name) => node.attrs.find((one) => one.name === name)?.value;
const text = (node) => (node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(text).join(''));
const said = (html) => nodes(parse(html), ({ tagName }) => tagName === 'main').map(text).join('').replace(/\s+/g, ' ');

/** The fields of the page's form to ACTION, as a browser would send them. */
const fieldsOf = (html, action) => {
  const form = nodes(parse(html), (node) => node.tagName === 'form' && attribute(node, 'action') === action)[0];
  assert(form, `a form to ${action}`);
  const pairs = [];
  for (const node of nodes(form, ({ tagName }) => ['input', 'textarea', 'select'].includes(tagName))) {
    const name = attribute(node, 'name'), type = attribute(node, 'type');
    if (node.tagName === 'textarea') pairs.push([name, text(node)]);
    else if (node.tagName === 'select') pairs.push([name, attribute(nodes(node, (one) => one.tagName === 'option' && attribute(one, 'selected') !== undefined)[0] ?? nodes(node, ({ tagName }) => tagName === 'option')[0], 'value')]);
    else if (!['radio', 'checkbox'].includes(type) || attribute(node, 'checked') !== undefined) pairs.push([name, attribute(node, 'value') ?? '']);
  }
  return Object.fromEntries(pairs);
};
const errors = (html) => nodes(parse(html), (node) => attribute(node, 'id') === 'errors').flatMap((box) => nodes(box, ({ tagName }) => tagName === 'li').map((li) => text(li)));

/** Writes a new action as WHO: what the fresh page has, and CHANGES. */
const add = async (who, changes = {}, query = `?event=${over}`) => {
  const page = await who.request(`/actions/new${query}`);
  assert.equal(page.status, 200);
  return who.request('/actions/new', { method: 'POST', body: { ...fieldsOf(page.text, '/actions/new'), ...changes } });
};
const right = { theme: 'court', 'said-en': 'I was afraid.', 'did-en': 'There is another door now.', status: 'done', many: 'many', owner: 'Head of Victim Care' };
const ids = () => instance.office('SELECT CAST(id AS TEXT) FROM action WHERE is_removed = 0 ORDER BY said_on, id').map(([id]) => id);
const linked = (html) => [...html.matchAll(/href="\/actions\/(\d+)"/g)].map(([, id]) => id);
const attendee = async (path) => said((await instance.request(path, { headers: { 'Accept-Language': 'en' } })).text);

await test('organiser actions: before there is any, the page says what it is for', async () => {
  const page = await kim.request('/actions');
  assert.equal(page.status, 200);
  assert.match(said(page.text), /Nothing is written down yet/);
  assert.match(page.text, /href="\/actions\/new"/);
});

let first;
await test('organiser actions: written from the event\'s page, and attendees read it at once, in each language it has', async () => {
  const fresh = await kim.request(`/actions/new?event=${over}`);
  const fields = fieldsOf(fresh.text, '/actions/new');
  assert.equal(fields.event, over);
  assert.deepEqual([fields['due.day'], fields['due.month'], fields['due.year']], ['6', '1', '2027'], '90 days after the event');
  assert.equal(fields.public, 'yes');
  const answer = await add(kim, { ...right, 'said-cy': 'Roedd ofn arnaf.', 'did-cy': 'Mae drws arall nawr.', aim: 'casework', partner: 'A charity', evidence: 'https://intranet.example/x' });
  assert.equal(answer.status, 303, said(answer.text));
  assert.equal(answer.headers.location, `/actions?event=${over}&notice=o_done_action`);
  assert.match(said((await kim.request(answer.headers.location)).text), /It is saved\./);
  [first] = ids();
  assert.deepEqual(instance.office('SELECT area, event, status, many, owner, aim, partner, evidence, said_on, is_public, version FROM action'), [['wessex', over, 'done', 'many', 'Head of Victim Care', 'casework', 'A charity', 'https://intranet.example/x', '2026-10-08', 1, 1]]);
  assert.match(await attendee(`/${over}`), /Going to court, and meeting the other side there Done Many people said this You said I was afraid\. We did There is another door now\./);
  assert.match(await attendee(`/${over}/CY`), /Mynd i’r llys, a chwrdd â’r ochr arall yno/);
  assert(!/Victim Care|charity|intranet/.test(await attendee(`/${over}`)));
  assert.match(await attendee('/areas/wessex'), /Talk & tea/);
});

await test('organiser actions: the same sent twice is written once', async () => {
  assert.equal((await add(kim, { ...right, 'said-cy': 'Roedd ofn arnaf.', 'did-cy': 'Mae drws arall nawr.' })).status, 303);
  assert.equal(ids().length, 1);
});

await test('organiser actions: its page has everything in its fields, and saving that changes nothing but the version', async () => {
  const path = `/actions/${first}`;
  const page = await kim.request(path);
  const fields = fieldsOf(page.text, path);
  assert.equal(fields.theme, 'court');
  assert.equal(fields['heading-en'], '', 'the organisation\'s heading is not typed as well');
  assert.equal(fields['did-cy'], 'Mae drws arall nawr.');
  assert.deepEqual([fields.status, fields.many, fields.aim, fields.evidence], ['done', 'many', 'casework', 'https://intranet.example/x']);
  const dump = () => [instance.office('SELECT area, event, status, many, owner, aim, partner, evidence, said_on, due, done_on, is_public FROM action'), instance.office('SELECT tag, theme, said, did FROM action_text ORDER BY place')];
  const before = dump();
  assert.equal((await kim.request(path, { method: 'POST', body: fields })).status, 303);
  assert.deepEqual(dump(), before);
  assert.deepEqual(instance.office('SELECT version FROM action'), [[2]]);
});

await test('organiser actions: what is missing is said at its field, and everything typed is kept', async () => {
  const answer = await add(kim, { theme: '', 'said-en': '', owner: '', 'said-cy': 'Dim ond Cymraeg', 'due.day': '', 'due.month': '', 'due.year': '' });
  assert.equal(answer.status, 422);
  assert.deepEqual(errors(answer.text), ['Select how far it is', 'Choose a heading, or write one of your own', 'Enter what people said', 'Choose a heading, or write one of your own (Cymraeg)', 'Enter the role that sees to it', 'Enter the day by which people hear more']);
  assert.match(answer.text, />\nDim ond Cymraeg</);
  assert.match(answer.text, /<title>Error: What did you hear\?/);
  for (const [changes, message] of [
    [{ status: 'doing', 'did-en': '' }, 'Enter what you did, are doing, or cannot do'],
    [{ evidence: 'http://elsewhere.example/' }, 'The address must begin with https:// and have no blanks'],
    [{ evidence: 'javascript:alert(1)' }, 'The address must begin with https:// and have no blanks'],
    [{ evidence: 'https://x/"><b>' }, 'The address must begin with https:// and have no blanks'],
    [{ public: '' }, 'Select who may read it'],
    [{ event: 'ZZZZZ9' }, 'Select an event of yours, or “At no single event”'],
    [{ event: foreign }, 'Select an event of yours, or “At no single event”'],
    [{ event: '', area: 'north-east' }, 'Select the Area whose page it is for'],
    [{ 'due.day': '31', 'due.month': '2' }, /real date|must be/],
    [{ 'heading-en': 'x'.repeat(201) }, /200 characters/],
    [{ 'said-en': 'x'.repeat(2001) }, /2000 characters/],
    [{ owner: 'x'.repeat(201) }, /200 characters/],
  ]) {
    const refused = await add(kim, { ...right, 'said-en': 'Another', ...changes });
    assert.equal(refused.status, 422, JSON.stringify(changes));
    const found = errors(refused.text);
    assert(found.length === 1 && (typeof message === 'string' ? found[0] === message : message.test(found[0])), JSON.stringify([changes, found]));
  }
  assert.equal(ids().length, 1);
});

await test('organiser actions: of a whole Area, with a heading of its own; of an open event it waits; hidden it stays hidden', async () => {
  assert.equal((await add(kim, { ...right, event: '', theme: '', 'heading-en': 'In our own words', 'said-en': 'Said everywhere' }, '')).status, 303);
  assert.match(await attendee('/areas/wessex'), /In our own words/);
  assert.equal((await add(kim, { ...right, event: open, 'said-en': 'Said while it is open' })).status, 303);
  assert(!/while it is open/.test(await attendee('/areas/wessex')));
  assert.equal((await add(kim, { ...right, 'said-en': 'For colleagues alone', public: 'no' })).status, 303);
  assert(!/For colleagues alone/.test(await attendee(`/${over}`)));
  assert.match(said((await kim.request('/actions')).text), /Done, not public/);
});

await test('organiser actions: what is overdue stands first and says so', async () => {
  assert.equal((await add(kim, { ...right, status: 'doing', 'said-en': 'Promised long ago', 'heading-en': 'Promised', 'due.day': '1', 'due.month': '11', 'due.year': '2026' })).status, 303);
  const page = await kim.request('/actions');
  const late = instance.office("SELECT CAST(id AS TEXT) FROM action WHERE due = '2026-11-01'").map(([id]) => id);
  assert.equal(linked(page.text)[0], late[0]);
  assert.equal(linked(page.text).filter((id) => id === late[0]).length, 1, 'once');
  assert.match(said(page.text), /Overdue People were told that they would hear by these days\. Promised ?Wessex · Head of Victim Care · was due 1 November 2026 Overdue ?Say what came of it/);
  const own = await kim.request(`/actions?event=${open}`);
  assert(!/Overdue/.test(said(own.text)));
  assert.match(said(own.text), /You said, we did: Still open/);
});

await test('organiser actions: two people at once: the second is told, sees both, and loses nothing', async () => {
  const path = `/actions/${first}`;
  const mine = fieldsOf((await kim.request(path)).text, path), theirs = fieldsOf((await lou.request(path)).text, path);
  assert.equal((await lou.request(path, { method: 'POST', body: { ...theirs, 'did-en': 'Their words', owner: 'Their owner' } })).status, 303);
  const answer = await kim.request(path, { method: 'POST', body: { ...mine, 'did-en': 'My words' } });
  assert.equal(answer.status, 409);
  assert.match(said(answer.text), /Somebody else changed this while you were writing/);
  assert.match(said(answer.text), /There now: Their words ?On your page: My words/);
  assert.match(said(answer.text), /There now: Their owner ?On your page: Head of Victim Care/);
  assert.match(await attendee(`/${over}`), /Their words/);
  const again = fieldsOf(answer.text, path);
  assert.equal(again['did-en'], 'My words');
  assert.equal((await kim.request(path, { method: 'POST', body: again })).status, 303, 'with both in sight, mine counts');
  assert.match(await attendee(`/${over}`), /My words/);
});

await test('organiser actions: removed only when that is meant, and not behind somebody\'s back', async () => {
  const path = `/actions/${first}`;
  const old = fieldsOf((await kim.request(path)).text, `${path}/remove`);
  const unsure = await kim.request(`${path}/remove`, { method: 'POST', body: old });
  assert.equal(unsure.status, 422);
  assert.deepEqual(errors(unsure.text), ['Tick the box to remove it']);
  assert.equal(fieldsOf(unsure.text, path)['did-en'], 'My words', 'its fields are as they were');
  await lou.request(path, { method: 'POST', body: { ...fieldsOf((await lou.request(path)).text, path), 'did-en': 'Changed meanwhile' } });
  const late = await kim.request(`${path}/remove`, { method: 'POST', body: { ...old, sure: 'yes' } });
  assert.equal(late.status, 409);
  assert.match(errors(late.text)[0], /Somebody changed this in the meantime/);
  assert.equal(fieldsOf(late.text, path)['did-en'], 'Changed meanwhile');
  const gone = await kim.request(`${path}/remove`, { method: 'POST', body: { ...fieldsOf(late.text, `${path}/remove`), sure: 'yes' } });
  assert.equal(gone.status, 303);
  assert(!/Changed meanwhile|Going to court/.test(await attendee(`/${over}`)));
  assert.equal((await kim.request(path)).status, 404);
  assert.equal((await kim.request(path, { method: 'POST', body: { csrf: csrfOf(await kim.request('/account')) } })).status, 404);
});

await test('organiser actions: who may not write reads, and nobody reaches into another Area', async () => {
  const [id] = ids(), path = `/actions/${id}`;
  const page = await ann.request(path);
  assert.equal(page.status, 200);
  assert(!page.text.includes('<textarea'));
  assert.match(said(page.text), /Who sees to it\? ?Head of Victim Care/);
  assert(!(await ann.request('/actions')).text.includes('/actions/new'));
  assert.equal((await ann.post(path, right)).status, 403);
  assert.equal((await ann.request('/actions/new')).status, 403);
  await sam.request('/actions/new');
  const other = await add(sam, { ...right, event: foreign, 'said-en': 'In the north' }, '');
  assert.equal(other.status, 303, said(other.text));
  const [[far]] = instance.office("SELECT CAST(id AS TEXT) FROM action WHERE area = 'north-east'");
  assert.equal((await kim.request(`/actions/${far}`)).status, 404);
  assert.equal((await kim.request(`/actions?event=${foreign}`)).status, 404);
  assert(!said((await kim.request('/actions')).text).includes('North East'));
  assert(said((await ann.request('/actions')).text).includes('North East'));
});

await test('organiser actions: in Welsh', async () => {
  write(instance, [["UPDATE account SET language = 'cy' WHERE name = 'lou@example.org'"]]);
  const page = await lou.request(`/actions/new?event=${over}`);
  assert.match(page.text, /<html[^>]* lang="cy"/);
  assert.match(said(page.text), /Beth a glywsoch\?/);
  const fields = fieldsOf(page.text, '/actions/new');
  const answer = await lou.request('/actions/new', { method: 'POST', body: { ...fields, theme: 'trust', 'said-cy': 'Dywedwyd yn Gymraeg', 'did-cy': 'Gwnaed', status: 'done', owner: 'Pennaeth' } });
  assert.equal(answer.status, 303, said(answer.text));
  assert.deepEqual(instance.office("SELECT tag, theme FROM action_text WHERE said = 'Dywedwyd yn Gymraeg'"), [['cy', 'Ymddiriedaeth, a chael eich trin yn deg']]);
  assert.match((await instance.request(`/${over}/EN`)).text, /<p lang="cy" dir="auto">Dywedwyd yn Gymraeg<\/p>/);
  assert.match(await attendee(`/${over}/EN`), /Some of this page is only in another language so far/);
});

await test('organiser actions: nasty texts are kept and shown as they were typed, and nothing of them acts', async () => {
  const tidy = (value) => value.replace(/\r\n?/g, '\n');
  const hasControl = (value) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(value);
  const texts = nasty.map((one) => one.text).filter((value) => value.isWellFormed() && !hasControl(value) && value.trim() && [...value].length <= 2000).filter((_, i) => i % 5 === 0);
  assert(texts.length > 40, `${texts.length}`);
  for (const value of texts) {
    const answer = await add(kim, { ...right, 'said-en': value, 'did-en': value, 'heading-en': 'Nasty', public: 'no' });
    assert.equal(answer.status, 303, `${JSON.stringify(value)} ${errors(answer.text)}`);
    const [[id, kept]] = instance.office("SELECT CAST(id AS TEXT), said FROM action JOIN action_text ON action = id ORDER BY (SELECT max(number) FROM audit WHERE subject = printf('%016x', id)) DESC LIMIT 1");
    const path = `/actions/${id}`, page = await kim.request(path);
    assert.equal(fieldsOf(page.text, path)['said-en'], kept);
    assert.equal(kept, tidy(value).replace(/^\p{White_Space}+|\p{White_Space}+$/gu, ''), JSON.stringify(value));
    assert.deepEqual(nodes(parse(page.text), ({ tagName }) => tagName === 'script').map((node) => attribute(node, 'src')).filter((src) => !/^\/static\/organiser-/.test(src)), []);
  }
  assert.equal((await kim.request('/actions?part=2')).status, 200);
  assert.match(said((await kim.request('/actions')).text), /1 to 25 of \d+/);
});

// ---- more than a page shows --------------------------------------------------------------------------------------------------------

const change = (sql) => {
  const { status, stderr } = spawnSync('/usr/bin/python3', ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None); c.executescript(sys.argv[2])', join(instance.dir, 'office/office.db'), sql], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
};
const numbers = (count) => `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})`;

await test('organiser actions: of many overdue ones none is out of reach', async () => {
  change(`${numbers(120)} INSERT INTO action (id, area, event, status, many, owner, aim, partner, evidence, said_on, due, is_public, is_removed, version, mark)
    SELECT 1000 + i, 'wessex', '${open}', 'heard', 'few', '', '', '', '', '2026-01-01', date('2026-02-01', '+' || i || ' days'), 0, 0, 1, 1 FROM n;
    ${numbers(120)} INSERT INTO action_text (action, place, tag, theme, said, did) SELECT 1000 + i, 0, 'en', 'Late ' || i, 'It was cold', '' FROM n`);
  const seen = new Set();
  const first = await kim.request(`/actions?event=${open}`);
  linked(first.text).forEach((id) => seen.add(id));
  assert.match(said(first.text), /And 20 more/);
  const [, more] = first.text.match(/href="([^"]*)">And 20 more/);
  const second = await kim.request(more.replaceAll('&amp;', '&'));
  assert.equal(second.status, 200);
  linked(second.text).forEach((id) => seen.add(id));
  assert.match(said(second.text), /Overdue.*101 to 120 of 120/);
  for (let i = 0; i < 120; i++) assert(seen.has(String(1000 + i)), `the one due on day ${i}`);
  assert.doesNotMatch(second.text, />And \d+ more/);
  assert.equal((await kim.request('/actions?late=99999')).status, 200);
  change("DELETE FROM action_text WHERE action BETWEEN 1000 AND 1119; DELETE FROM action WHERE id BETWEEN 1000 AND 1119");
});

await test('organiser home: of 56 events to come tomorrow\'s are shown, and a link leads to all; past ones are there to write an action about', async () => {
  change(`${numbers(56)} INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, wants_tickets, state)
    SELECT 'AAAA' || substr('23456789', i / 8 + 1, 1) || substr('23456789', i % 8 + 1, 1), 'To come ' || i || '.', '', date('now', '+' || (1 + i / 4) || ' days'),
    'wessex', (SELECT programme FROM event WHERE code = '${open}'), 0, 0, 0, 'planned' FROM n;
    INSERT INTO event_language SELECT code, 0, 'en' FROM event WHERE title LIKE 'To come %';
    INSERT INTO event_form SELECT code, 0, 'work-experience-day', NULL FROM event WHERE title LIKE 'To come %'`);
  const home = said((await kim.request('/')).text), all = said((await kim.request('/?all=yes')).text);
  for (const i of [0, 1, 2, 3, 19]) assert(home.includes(`To come ${i}.`), `event ${i}`);
  assert.doesNotMatch(home, /To come 20\./);
  assert.match(home, /Show all 56/);
  for (let i = 0; i < 56; i++) assert(all.includes(`To come ${i}.`), `event ${i}`);
  assert.doesNotMatch(all, /Show all/);
  const offered = said((await kim.request('/actions/new')).text);
  assert.match(offered, /Talk & tea/);
  assert.doesNotMatch(offered, /To come/);
  assert.match(said((await kim.request(`/events/${open}/point`)).text), /To come 0\..*To come 7\./);
});

await finish();
