// organiser-events.test.mjs: events in the organisers' pages, from the empty list to the printed code that leads elsewhere; two people at once;
// calendar files; 300 texts that somebody may paste; placements. Real programs, real nginx; forms are sent as a browser would fill them.
import assert from 'node:assert/strict';
import { Instance, finish, test, until } from '../harness.mjs';
import { nasty } from '../nasty.mjs';
import { Browser, plant } from './team.mjs';

const instance = await Instance.make({ hasOrganisers: true, forms: [] });
for (const form of ['community-conversation', 'work-experience-before', 'work-experience-day', 'work-experience-end']) instance.cli(['form', 'publish', `forms/${form}`]);
const { people } = plant(instance, {
  people: [
    { name: 'admin@example.org', role: 'administrator', sessions: [{}] },
    { name: 'cymru@example.org', role: 'organiser', areas: ['cymru-wales'], sessions: [{}] },
    { name: 'london@example.org', role: 'organiser', areas: ['london-north', 'london-south'], sessions: [{}] },
    { name: 'analyst@example.org', role: 'analyst', sessions: [{}] },
  ],
});
await instance.start();
const [admin, cymru, london, analyst] = people.map((person) => new Browser(instance, { token: person.sessions[0].token }));

// ---- pages as a browser has them ----------------------------------------------------------------------------------------------

const decoded = (text) => text.replace(/&#39;|&#x27;/g, "'").replace(/&#34;|&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
const textOf = (html) => decoded(html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<\/?(?:p|div|h\d|t[dhr]|li|dt|dd|legend|label|button|caption|section|ul|ol|form|a|strong|summary)\b[^>]*>/g, ' ').replace(/<[^>]*>/g, ''));
const mainOf = (page) => page.text.match(/<main[\s\S]*<\/main>/)[0];
const said = (page) => textOf(mainOf(page)).replace(/\s+/g, ' ');
const attribute = (tag, name) => decoded(tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? '');

/** All that a browser would send of the form whose action is ACTION. */
const fieldsOf = (page, action) => {
  const form = [...page.text.matchAll(/<form[\s\S]*?<\/form>/g)].map(([html]) => html).find((html) => attribute(html.match(/<form[^>]*>/)[0], 'action') === action);
  assert(form, `a form for ${action}`);
  const pairs = [];
  for (const [, input, area, text, select, options] of form.matchAll(/<input\b([^>]*)>|<textarea\b([^>]*)>\n?([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const tag = input ?? area ?? select;
    if (select !== undefined) pairs.push([attribute(tag, 'name'), attribute(options.match(/<option[^>]* selected[^>]*>/)?.[0] ?? options.match(/<option[^>]*>/)[0], 'value')]);
    else if (['radio', 'checkbox'].includes(attribute(tag, 'type'))) { if (/ checked\b/.test(tag)) pairs.push([attribute(tag, 'name'), attribute(tag, 'value')]); }
    else pairs.push([attribute(tag, 'name'), text !== undefined ? decoded(text) : attribute(tag, 'value')]);
  }
  return pairs;
};

/** Fills CHANGES into what the page holds already: a value, or a list for tick boxes. */
const filled = (pairs, changes) => {
  const rest = pairs.filter(([name]) => !(name in changes));
  return [...rest, ...Object.entries(changes).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))];
};

const send = (browser, action, pairs) => browser.request(action, { method: 'POST', body: new URLSearchParams(pairs).toString() });
/** Opens PATH, fills the form for ACTION, sends it. */
const fill = async (browser, path, changes, action = path) => {
  const page = await browser.request(path);
  assert.equal(page.status, 200, path);
  return send(browser, action, filled(fieldsOf(page, action), changes));
};
/** The address that an answer leads to, and the word of its notice. */
const led = (answer) => {
  assert.equal(answer.status, 303, textOf(answer.text));
  const [, path, notice] = answer.headers.location.match(/^([^?]*)(?:\?(?:.*&)?notice=(.*))?$/);
  return { path, notice };
};
const noticeOf = async (browser, answer, notice) => {
  assert.equal(led(answer).notice, notice);
  const page = await browser.request(answer.headers.location);
  assert.equal(page.status, 200);
  return page;
};
/** Each link of the error summary leads to something on the page, and the words stand beside that as well. */
const mistakesOf = (page, status = 422) => {
  assert.equal(page.status, status);
  assert.match(page.text, /<title>Error: /);
  const summary = page.text.match(/<div class="govuk-error-summary"[\s\S]*?<\/div>/)[0];
  return [...summary.matchAll(/<li>(?:<a href="#([^"]*)">)?([^<]*)/g)].map(([, id, words]) => {
    if (id) {
      assert(page.text.includes(` id="${id}"`), `something with the id ${id}`);
      assert.equal(page.text.split(words).length, 3, `“${words}” stands in the summary and at its field`);
    }
    return `${id ?? ''}: ${decoded(words)}`;
  });
};

const day = (ahead) => new Date(Date.now() + ahead * 864e5);
const iso = (date) => date.toISOString().slice(0, 10);
const dayFields = (name, date) => date ? { [`${name}.day`]: String(date.getUTCDate()), [`${name}.month`]: String(date.getUTCMonth() + 1), [`${name}.year`]: String(date.getUTCFullYear()) } : { [`${name}.day`]: '', [`${name}.month`]: '', [`${name}.year`]: '' };
const make = async (browser, changes, path = '/events/new') => {
  const answer = await fill(browser, path, { programme: 'community-conversation', title: 'A conversation', ...dayFields('day', day(3)), ...changes }, '/events/new');
  return led(answer).path.split('/')[2];
};
const row = (code) => instance.office(`SELECT title, place, held_on, area, programme, is_practice, is_wales, state FROM event WHERE code = '${code}'`)[0];
const languagesOf = (code) => instance.office(`SELECT tag FROM event_language WHERE event = '${code}' ORDER BY place`).flat();
const formsOf = (code) => instance.office(`SELECT form FROM event_form WHERE event = '${code}' ORDER BY place`).flat();

// ---- making one --------------------------------------------------------------------------------------------------------------------

await test('events: an empty list says what an event is, and offers to make one', async () => {
  const page = await cymru.request('/events');
  assert.match(said(page), /No events yet/);
  assert.match(page.text, /href="\/events\/new"/);
  assert.doesNotMatch((await analyst.request('/events')).text, /href="\/events\/new"/);
});

await test('new: nothing filled in, so each field that needs something says so, and nothing is made', async () => {
  assert.deepEqual(mistakesOf(await fill(admin, '/events/new', {})), ['programme: Select what it is part of', 'title: Enter what it is called', 'day: Enter the day it is on', 'area: Select the Area that runs it']);
  assert.deepEqual(mistakesOf(await fill(cymru, '/events/new', {})).map((line) => line.split(':')[0]), ['programme', 'title', 'day'], 'one Area is not asked');
  assert.equal(instance.office('SELECT count(*) FROM event')[0][0], 0);
});

await test('new: what is wrong is said at its field, and everything that was typed stays', async () => {
  const rows = [
    ['a title that is too long', { title: 'x'.repeat(201) }, /^title: .*“What is it called\?” must be 200 characters or less/],
    ['a day that there is not', { 'day.day': '31', 'day.month': '2' }, /^day: .*must be a real date/],
    ['half a day', { 'day.month': '' }, /^day: .*must have a day, a month and a year/],
    ['a year with a slip', { 'day.year': '2206' }, /^day: .*must be between/],
    ['letters', { 'day.day': 'x' }, /^day: .*must be a real date/],
    ['no number', { expected: 'many' }, /^expected: .*must be a whole number/],
    ['a number below nothing', { reach: '-1' }, /^reach: .*must be a whole number/],
    ['a note that is too long', { note: 'x'.repeat(2001) }, /^note: .*must be 2000 characters or less/],
    ['signs of control', { title: 'a\u001b[31mb' }, /^title: .*has signs that cannot be shown/],
    ['closing before opening', { ...dayFields('opens', day(9)), ...dayFields('closes', day(8)) }, /^closes: It must close on the day it opens, or later/],
    ['closing in the past', dayFields('closes', day(-1)), /^closes: The day on which it closes must be today or later/],
    ['no form', { choose: 'own', language: ['en'] }, /^form: Select at least one form/],
    ['no language', { choose: 'own', form: ['community-conversation'] }, /^language: Select at least one language that the form has/],
    ['a language that the form lacks', { choose: 'own', form: ['work-experience-day'], language: ['ar'] }, /^language: /],
    ['a programme without a form', { programme: 'conference' }, /^choose: No form belongs to this yet/],
    ['a programme that there is not', { programme: 'x' }, /^programme: /],
    ['an Area that there is not', { area: 'x' }, /^area: /],
  ];
  for (const [name, changes, expected] of rows) {
    const typed = { programme: 'community-conversation', title: 'Kept & <kept>', ...dayFields('day', day(3)), place: 'Kept "place"', area: 'wessex', partner: 'Kept partner', ...changes };
    const page = await fill(admin, '/events/new', typed);
    const found = mistakesOf(page);
    assert.equal(found.length, 1, `${name}: ${found}`);
    assert.match(found[0], expected, name);
    const kept = fieldsOf(page, '/events/new');
    for (const [key, value] of Object.entries(typed)) {
      if (['x', 'ar'].includes(value) && ['programme', 'area'].includes(key)) continue; // a list has no such line
      for (const one of [value].flat()) assert(kept.some(([a, b]) => a === key && b === one), `${name}: ${key} is kept`);
    }
  }
  assert.equal(instance.office('SELECT count(*) FROM event')[0][0], 0);
});

let first;
await test('new: title, day, place and programme are enough; the usual form and languages are there', async () => {
  first = await make(london, { title: 'Conversation, Camden', place: 'Library', area: 'london-north' });
  assert.deepEqual(row(first), ['Conversation, Camden', 'Library', iso(day(3)), 'london-north', 'community-conversation', 0, 0, 'planned']);
  assert.deepEqual(formsOf(first), ['community-conversation']);
  assert.deepEqual(languagesOf(first), ['en', 'en-x-easy']);
  const page = await london.request(`/events/${first}?notice=o_done_event_made`);
  assert.match(said(page), /The event is made\. Conversation, Camden Planned .* Library · London North Nobody can answer yet Next: make the poster/);
  assert(said(page).includes(first));
  assert.match((await instance.request(`/${first}`)).text, /not open yet|has not begun|opens/i);
});

await test('new: in Wales Welsh comes first, and the only Area is not asked', async () => {
  const page = await cymru.request('/events/new');
  assert.match(page.text, /<input type="hidden" name="area" value="cymru-wales">/);
  assert.doesNotMatch(page.text, /<select[^>]*name="area"/);
  const code = await make(cymru, { programme: 'work-experience', title: 'Profiad gwaith, Caerdydd' });
  assert.deepEqual(row(code).slice(3), ['cymru-wales', 'work-experience', 0, 1, 'planned']);
  assert.deepEqual(languagesOf(code), ['cy', 'en', 'en-x-easy']);
  assert.deepEqual(formsOf(code), ['work-experience-before', 'work-experience-day', 'work-experience-end']);
});

await test('new: forms and languages of one\'s own choice, and everything optional, are kept', async () => {
  const more = { partner: 'Age UK', communities: 'Somali, Libyan', topic: 'Hate crime', strand: 'Trust', expected: '40', channel: 'Posters', reach: '1200', note: 'Line one\nLine two', refuge: 'yes', ...dayFields('closes', day(9)), ...dayFields('next', day(60)) };
  const code = await make(london, { area: 'london-south', choose: 'own', form: ['community-conversation', 'work-experience-day'], language: ['ar', 'cy', 'en'], title: 'Everything', ...more });
  assert.deepEqual(formsOf(code), ['community-conversation', 'work-experience-day']);
  assert.deepEqual(languagesOf(code).sort(), ['ar', 'cy', 'en']);
  const page = said(await london.request(`/events/${code}`));
  for (const part of ['Age UK', 'Somali, Libyan', 'Hate crime', 'Trust', '40', 'Posters', '1200', 'Line one Line two', 'Discreet', 'العربية', 'Cymraeg']) assert(page.includes(part), part);
  const form = fieldsOf(await london.request(`/events/${code}/edit`), `/events/${code}/edit`);
  for (const [name, value] of Object.entries(more)) assert(form.some(([a, b]) => a === name && b.replaceAll('\r', '') === value), `${name} is ${value} when it is changed`);
});

await test('new: a button that is pressed twice makes one event, unless a second is meant', async () => {
  const again = { programme: 'community-conversation', title: 'Twice', ...dayFields('day', day(3)), area: 'london-north' };
  const code = await make(london, again);
  const page = await fill(london, '/events/new', again);
  assert.deepEqual(mistakesOf(page), ['again: Check whether you have made this event already']);
  assert(page.text.includes(`href="/events/${code}"`));
  led(await send(london, '/events/new', filled(fieldsOf(page, '/events/new'), { again: 'yes' })));
  assert.equal(instance.office("SELECT count(*) FROM event WHERE title = 'Twice'")[0][0], 2);
});

// ---- who may ----------------------------------------------------------------------------------------------------------------------------

await test('Areas: what is another Area\'s is not there, cannot be made there, and cannot be moved there', async () => {
  for (const path of ['', '/edit', '/copy', '/series', '/point', '/event.ics', '/poster']) assert.equal((await cymru.request(`/events/${first}${path}`)).status, 404, path);
  assert.match(mistakesOf(await fill(cymru, '/events/new', { programme: 'community-conversation', title: 'x', ...dayFields('day', day(3)), area: 'wessex' }))[0], /^area: Select an Area that is yours/);
  assert.match(mistakesOf(await fill(london, `/events/${first}/edit`, { area: 'wessex' }))[0], /^area: /);
  assert.equal(row(first)[3], 'london-north');
  const page = await analyst.request(`/events/${first}`);
  assert.equal(page.status, 200);
  assert.doesNotMatch(mainOf(page), /<form|\/edit|\/copy/);
  assert.equal((await analyst.request(`/events/${first}/edit`)).status, 403);
});

await test('search: by words, code, Area, programme and state; others\' Areas never', async () => {
  const found = async (browser, query) => [...(await browser.request(`/events?${query}`)).text.matchAll(/href="\/events\/([2-9A-Z]{6})"/g)].map(([, code]) => code);
  assert.deepEqual(await found(london, 'words=camden'), [first]);
  assert.deepEqual(await found(london, `words=${first.toLowerCase()}`), [first]);
  assert.deepEqual(await found(london, 'words=camden+library'), [first]);
  assert.deepEqual(await found(london, 'words=camden+xyzzy'), []);
  assert.deepEqual(await found(cymru, 'words=camden'), []);
  assert.equal((await found(london, 'area=london-south')).length, 1);
  assert.deepEqual(await found(london, 'area=cymru-wales'), []);
  assert.equal((await found(admin, 'area=cymru-wales')).length, 1);
  assert.equal((await found(admin, 'programme=work-experience')).length, 1);
  assert.deepEqual(await found(admin, 'state=open'), []);
  const page = await london.request('/events?words=%3Cb%3E%22x&area=london-north&state=planned');
  assert.match(page.text, /value="&lt;b&gt;&quot;x"|value="&lt;b&gt;&#34;x"/);
  assert.match(page.text, /<option value="planned" selected>/);
});

await test('search: a long list comes in parts, each of which leads to the next', async () => {
  for (let i = 0; i < 28; i++) instance.cli(['event', 'add', '--title', `Of many ${i}`, '--area', 'wessex', '--form', 'community-conversation', '--languages', 'en', '--date', iso(day(30 + i))]);
  const one = await admin.request('/events?words=of+many'), codes = new Set();
  assert.match(said(one), /1 to 25 of 28/);
  const next = attribute(one.text.match(/<a[^>]*rel="next"[^>]*>/)[0], 'href');
  const two = await admin.request(next);
  assert.match(said(two), /26 to 28 of 28/);
  for (const page of [one, two]) for (const [, code] of page.text.matchAll(/href="\/events\/([2-9A-Z]{6})"/g)) codes.add(code);
  assert.equal(codes.size, 28);
});

// ---- changing ---------------------------------------------------------------------------------------------------------------------------

await test('edit: what is changed is changed, on the public side as well', async () => {
  await noticeOf(london, await fill(london, `/events/${first}/edit`, { title: 'Conversation, Kentish Town', place: 'Town hall' }), 'o_done_event_saved');
  assert.deepEqual(row(first).slice(0, 2), ['Conversation, Kentish Town', 'Town hall']);
});

await test('edit: of two organisers the second is told, sees both sides, loses nothing, and decides', async () => {
  const mine = await london.request(`/events/${first}/edit`), theirs = await admin.request(`/events/${first}/edit`), action = `/events/${first}/edit`;
  led(await send(admin, action, filled(fieldsOf(theirs, action), { title: 'Theirs', topic: 'Their topic' })));
  const both = await send(london, action, filled(fieldsOf(mine, action), { title: 'Mine', place: 'My place', note: 'My note' }));
  mistakesOf(both, 409);
  assert.match(said(both), /What is it called\? There now: Theirs On your page: Mine/);
  assert.match(said(both), /Topic There now: Their topic On your page: nothing/);
  assert.match(said(both), /A note to those who answer There now: nothing On your page: My note/);
  assert.equal(row(first)[0], 'Theirs', 'theirs is kept');
  const fields = fieldsOf(both, action);
  for (const [name, value] of [['title', 'Mine'], ['place', 'My place'], ['note', 'My note']]) assert(fields.some(([a, b]) => a === name && b === value), `my ${name} is in its field`);
  led(await send(london, action, fields));
  assert.deepEqual(row(first).slice(0, 2), ['Mine', 'My place']);
  mistakesOf(await send(admin, action, filled(fieldsOf(theirs, action), { title: 'Late' })), 409);
  assert.equal(row(first)[0], 'Mine');
});

await test('copy: a new event like it, without its day', async () => {
  const page = await london.request(`/events/${first}/copy`);
  assert.match(said(page), /Copy of “Mine”/);
  const fields = Object.fromEntries(fieldsOf(page, '/events/new'));
  assert.deepEqual([fields.title, fields.place, fields.area, fields.programme, fields['day.day'], fields.choose], ['Mine', 'My place', 'london-north', 'community-conversation', '', 'own']);
  const code = led(await send(london, '/events/new', filled(fieldsOf(page, '/events/new'), { title: 'A copy', ...dayFields('day', day(12)) }))).path.split('/')[2];
  assert.deepEqual(row(code).slice(0, 3), ['A copy', 'My place', iso(day(12))]);
  assert.deepEqual([formsOf(code), languagesOf(code)], [formsOf(first), languagesOf(first)]);
});

// ---- a series ----------------------------------------------------------------------------------------------------------------------------

await test('series: five working days from a Thursday, a code each, and made once', async () => {
  const thursday = day(3);
  while (thursday.getUTCDay() !== 4) thursday.setTime(thursday.getTime() + 864e5);
  const code = await make(cymru, { programme: 'work-experience', title: 'Placement', ...dayFields('day', thursday) });
  const path = `/events/${code}/series`;
  for (const [days, expected] of [['1', /between 2 and 20/], ['21', /between 2 and 20/], ['x', /whole number/], ['', /Enter an answer/]]) assert.match(mistakesOf(await fill(cymru, path, { days }))[0], expected);
  assert.match(mistakesOf(await fill(cymru, path, { title: 'x'.repeat(195) }))[0], /must be 193 characters or less/);
  const page = await cymru.request(path), fields = filled(fieldsOf(page, path), {});
  assert(fields.some(([name, value]) => name === 'days' && value === '5') && fields.some(([name]) => name === 'skip'), 'five days without weekends is what is offered');
  assert(!fields.some(([name]) => name === 'codes'), 'no choice that does nothing');
  assert.match(said(page), /Each day has a code and a poster of its own/);
  const made = await noticeOf(cymru, await send(cymru, path, fields), 'o_done_series');
  const days = instance.office(`SELECT e.title, e.held_on, e.code, e.state FROM event e JOIN event_detail d ON d.event = e.code WHERE d.series = '${code}' ORDER BY e.held_on`);
  const expected = [0, 1, 4, 5, 6].map((ahead) => iso(new Date(thursday.getTime() + ahead * 864e5)));
  assert.deepEqual(days.map(([title]) => title), [1, 2, 3, 4, 5].map((n) => `Placement, day ${n}`));
  assert.deepEqual(days.map(([, held]) => held), expected);
  assert.equal(new Set(days.map(([, , one]) => one)).size, 5);
  assert.equal(days[0][2], code);
  for (const [, , one] of days) assert.deepEqual(languagesOf(one), ['cy', 'en', 'en-x-easy']);
  for (const [title] of days) assert(said(made).includes(title));
  assert.equal(led(await send(cymru, path, fields)).notice, 'o_done_series_is', 'pressed twice');
  assert.equal(instance.office(`SELECT count(*) FROM event_detail WHERE series = '${code}'`)[0][0], 5);
});

// ---- open, close ---------------------------------------------------------------------------------------------------------------------------

const open = async (browser, code, because = 'They are read on Monday') => {
  const page = await browser.request(`/events/${code}`);
  const fields = fieldsOf(page, `/events/${code}/state`);
  return send(browser, `/events/${code}/state`, filled(fields, fields.some(([name]) => name === 'because') ? { because } : {}));
};

let today;
await test('open: with drafts it asks why, keeps the reason in the audit, and people can answer', async () => {
  today = await make(london, { title: 'Today', ...dayFields('day', day(0)), area: 'london-north' });
  const page = await london.request(`/events/${today}`);
  assert.match(said(page), /Next: open it, so that people can answer Nobody has checked these words yet: “Tell us about today” in Easy Read/);
  for (const because of ['', ' ', 'x'.repeat(501)]) assert.deepEqual(mistakesOf(await open(london, today, because)), ['because: Say why it is used before it is finished']);
  assert.equal(row(today)[7], 'planned');
  await noticeOf(london, await open(london, today, 'Easy Read is read on Monday'), 'o_done_opened');
  assert.equal(row(today)[7], 'open');
  assert.equal((await instance.request(`/${today}`)).status, 200);
  assert(instance.office("SELECT words FROM audit WHERE words IS NOT NULL").flat().includes('Easy Read is read on Monday'));
  assert.match(said(await london.request(`/events/${today}`)), /People can answer now Next: put the code where everybody sees it/);
  const other = await make(london, { title: 'Asked once', ...dayFields('day', day(0)), area: 'london-north' });
  assert.doesNotMatch(said(await london.request(`/events/${other}`)), /Nobody has checked/);
  led(await open(london, other));
});

await test('edit: forms chosen while the event was planned, saved after it opened: told beside what there is, by hand and by the timer', async () => {
  for (const by of ['hand', 'timer']) {
    const code = await make(london, { title: `Opened by ${by}`, ...dayFields('day', day(0)), area: 'london-north' }), path = `/events/${code}/edit`;
    const mine = filled(fieldsOf(await london.request(path), path), { form: ['work-experience-day'], language: ['en'], note: 'My note' });
    if (by === 'hand') led(await open(admin, code));
    else {
      const page = fieldsOf(await admin.request(path), path);
      const asked = await send(admin, path, filled(page, dayFields('opens', day(0))));
      if (asked.status !== 303) led(await send(admin, path, filled(fieldsOf(asked, path), { because: 'It is read on Monday' })));
      mine.splice(0, mine.length, ...filled(fieldsOf(await london.request(path), path), { form: ['work-experience-day'], language: ['en'], note: 'My note' }));
      await until('the timer opens it', () => { if (row(code)[7] === 'planned') instance.cli(['event', 'tick']); return row(code)[7] === 'open'; });
    }
    const both = await send(london, path, mine);
    mistakesOf(both, 409);
    assert.match(said(both), /Forms? There now: Tell us about today On your page: (?!Tell us about today)\S/, by);
    assert.match(said(both), /A note to those who answer There now: nothing On your page: My note/);
    assert.deepEqual(formsOf(code), ['community-conversation'], 'people have been asked these');
    const again = await send(london, path, fieldsOf(both, path));
    led(again.status === 303 ? again : await send(london, path, filled(fieldsOf(again, path), { because: 'It is read on Monday' })));
    assert.deepEqual(formsOf(code), ['community-conversation']);
    assert.match(said(await london.request(`/events/${code}`)), /My note/);
  }
});

await test('open: an event that opens by itself is asked for its reason when it is made', async () => {
  const by = { programme: 'work-experience', title: 'By itself', ...dayFields('day', day(5)), ...dayFields('opens', day(5)), area: 'wessex' };
  const page = await fill(admin, '/events/new', by);
  assert.deepEqual(mistakesOf(page), ['because: Say why it is used before it is finished']);
  const code = led(await send(admin, '/events/new', filled(fieldsOf(page, '/events/new'), { because: 'Until the week after' }))).path.split('/')[2];
  assert.match(said(await admin.request(`/events/${code}`)), /It opens by itself on \w+day \d+ \w+ \d+\./);
});

await test('close: for new people, or at once; open again; a step that does not exist changes nothing', async () => {
  const page = await london.request(`/events/${today}`);
  const csrf = fieldsOf(page, `/events/${today}/state`).find(([name]) => name === 'csrf');
  const to = (state) => send(london, `/events/${today}/state`, [csrf, ['to', state]]);
  assert.equal(led(await to('grace')).notice, 'o_done_closing');
  assert.equal(row(today)[7], 'grace');
  assert.match(said(await london.request(`/events/${today}`)), /It is closing Whoever has the form open can still send it, for 24 hours/);
  assert.equal(led(await to('grace')).notice, 'o_done_state_moved');
  assert.equal(led(await to('closed')).notice, 'o_done_closed');
  assert.match(said(await london.request(`/events/${today}`)), /Nobody can answer any more/);
  assert.equal(led(await to('open')).notice, 'o_done_opened');
  for (const state of ['planned', 'released', 'x', '']) assert.equal(led(await to(state)).notice, 'o_done_state_moved', state);
  assert.equal(row(today)[7], 'open');
});

await test('extend: the day on which it closes is set, moved and taken away; of two people the second is told', async () => {
  const path = `/events/${today}`, action = `${path}/extend`;
  const old = fieldsOf(await admin.request(path), action);
  await noticeOf(london, await fill(london, path, dayFields('closes', day(2)), action), 'o_done_extended');
  assert.match(said(await london.request(path)), /It closes by itself at the end of \w+day/);
  assert.match(mistakesOf(await fill(london, path, dayFields('closes', day(-2)), action))[0], /^closes: .*today or later/);
  assert.match(mistakesOf(await fill(london, path, { 'closes.day': '40' }, action))[0], /^closes: .*real date/);
  assert.match(mistakesOf(await send(admin, action, filled(old, dayFields('closes', day(7)))), 409)[0], /^closes: Somebody else changed this event/);
  led(await fill(london, path, dayFields('closes', null), action));
  assert.doesNotMatch(said(await london.request(path)), /closes by itself at/);
});

await test('door: how many came; the share of them in bands, from ten on; a slip is told', async () => {
  const path = `/events/${today}`, action = `${path}/door`;
  for (let i = 0; i < 6; i++) assert.equal((await instance.send(`/${today}/EN`, { overall: 'good' })).status, 200);
  await until('the band', async () => /5 to 9 have answered/.test(said(await london.request(path))));
  assert.match(mistakesOf(await fill(london, path, { came: '1.5' }, action))[0], /^came: .*must be a whole number/);
  await noticeOf(london, await fill(london, path, { came: '9' }, action), 'o_done_door');
  assert.match(said(await london.request(path)), /Fewer than 10 came/);
  assert.doesNotMatch(said(await london.request(path)), /of those who came answered/);
  led(await fill(london, path, { came: '20' }, action));
  assert.match(said(await london.request(path)), /5 to 9 have answered 20 came 2 to 5 in 10 of those who came answered/);
  led(await fill(london, path, { came: '' }, action));
  assert.doesNotMatch(said(await london.request(path)), / came /);
});

await test('practice: opens at once, says that it never counts, and shows no share of anybody', async () => {
  const code = await make(cymru, { title: 'To try' }, '/events/new?practice=yes');
  assert.deepEqual(row(code).slice(5), [1, 1, 'open']);
  const page = said(await cymru.request(`/events/${code}`));
  assert.match(page, /never counts.*answer it yourself, as people will/);
  assert.match(page, /None yet answered, for practice/);
  assert.doesNotMatch(page, /At the door|People hear what you did/);
  assert.match(said(await cymru.request('/events')), new RegExp(`${code} · Practice`));
  assert.doesNotMatch(said(await cymru.request('/events?practice=no')), new RegExp(code));
});

// ---- a printed code that leads elsewhere -----------------------------------------------------------------------------------------------------

await test('point: a printed code opens another event, and its own again; what cannot be is told', async () => {
  const [a, b, c] = [];
  const codes = [];
  for (const title of ['Poster is up', 'Really this one', 'A third']) {
    const code = await make(london, { title, ...dayFields('day', day(0)), area: 'london-north', choose: 'own', form: ['community-conversation'], language: ['en'] });
    led(await open(london, code));
    codes.push(code);
  }
  const path = `/events/${codes[0]}/point`;
  const old = fieldsOf(await admin.request(path), path);
  await noticeOf(london, await fill(london, path, { target: codes[1] }), 'o_done_point');
  assert.match(said(await london.request(`/events/${codes[0]}`)), /This printed code leads to another event: Really this one/);
  const reached = async () => { const answer = await instance.request(`/${codes[0]}/EN`); return answer.status === 303 || answer.status === 302 ? answer.headers.location : answer.text; };
  assert((await reached()).includes(codes[1]), 'the printed code opens the other event');
  const other = async (typed) => mistakesOf(await fill(london, path, { other: typed }))[0];
  assert.match(await other(codes[0].toLowerCase()), /^other: That is this event itself/);
  assert.match(await other('222222'), /^other: No event of yours has this code/);
  assert.match(await other('x'), /^other: No event of yours/);
  const foreign = instance.office("SELECT code FROM event WHERE area = 'cymru-wales' LIMIT 1")[0][0];
  assert.match(await other(foreign), /^other: No event of yours/);
  assert.match(mistakesOf(await fill(london, `/events/${codes[2]}/point`, { other: codes[0] }))[0], /^other: That event’s own code leads on/);
  const more = async (...args) => instance.event('--area', 'london-north', '--form', 'community-conversation', '--date', iso(day(0)), '--title', 'Not this one', '--because', 'A test', ...args);
  const practised = await more('--practice'), over = await more('--open');
  instance.cli(['event', 'close', over]);
  assert.match(await other(practised), /^other: That event is for practice, so answers to it never count/);
  assert.match(await other(over), /^other: That event takes no more answers/);
  assert.match(mistakesOf(await fill(admin, `/events/${practised}/point`, { other: codes[1] }))[0], /^other: This event is for practice and that one is not/);
  mistakesOf(await send(admin, path, filled(old, { target: codes[2] })), 409);
  led(await fill(london, path, { other: `${codes[2].slice(0, 3)} ${codes[2].slice(3).toLowerCase()}` }));
  assert((await reached()).includes(codes[2]));
  await noticeOf(london, await fill(london, path, { target: '' }), 'o_done_point_back');
  assert(!(await reached()).includes(codes[2]));
});

// ---- calendar -----------------------------------------------------------------------------------------------------------------------------------

/** A reader of RFC 5545 of our own: lines unfolded, properties of the one VEVENT, TEXT unescaped. */
const calendar = (answer) => {
  assert.equal(answer.status, 200);
  const text = answer.bytes.toString('utf8');
  assert(Buffer.from(text).equals(answer.bytes), 'UTF-8');
  assert(text.endsWith('\r\n') && !/[^\r]\n/.test(text) && !/\r[^\n]/.test(text), 'lines end in CR LF');
  for (const line of text.split('\r\n')) assert(Buffer.byteLength(line) <= 75, `at most 75 octets: ${line}`);
  const lines = text.replaceAll('\r\n ', '').split('\r\n').slice(0, -1);
  assert.deepEqual([lines[0], lines.at(-1)], ['BEGIN:VCALENDAR', 'END:VCALENDAR']);
  assert.equal(lines.filter((line) => line === 'BEGIN:VEVENT').length, 1);
  const event = lines.slice(lines.indexOf('BEGIN:VEVENT') + 1, lines.indexOf('END:VEVENT'));
  return Object.fromEntries(event.map((line) => {
    const [, name, value] = line.match(/^([A-Z-]+(?:;[A-Z]+=[A-Z-]+)*):(.*)$/s);
    return [name, value.replace(/\\([\\;,nN])/g, (_, sign) => (/n/i.test(sign) ? '\n' : sign))];
  }));
};

await test('calendar: an all-day event with a UID that stays, no time of day, and nobody in it', async () => {
  const answer = await london.request(`/events/${first}/event.ics`);
  assert.match(answer.headers['content-type'], /^text\/calendar/);
  assert.match(answer.headers['content-disposition'], new RegExp(`^attachment; filename="?${first}\\.ics"?`));
  const event = calendar(answer);
  const plain = (date) => iso(date).replaceAll('-', '');
  assert.deepEqual(Object.keys(event).sort(), ['DTEND;VALUE=DATE', 'DTSTAMP', 'DTSTART;VALUE=DATE', 'LOCATION', 'SEQUENCE', 'SUMMARY', 'TRANSP', 'UID', 'URL']);
  assert.deepEqual([event['DTSTART;VALUE=DATE'], event['DTEND;VALUE=DATE'], event.SUMMARY, event.LOCATION], [plain(day(3)), plain(day(4)), 'Mine', 'My place']);
  assert.match(event.DTSTAMP, /^\d{8}T000000Z$/);
  assert.equal(event.URL, `${instance.base}/${first}`);
  led(await fill(london, `/events/${first}/edit`, { topic: 'Changed' }));
  const later = calendar(await london.request(`/events/${first}/event.ics`));
  assert.equal(later.UID, event.UID);
  assert(Number(later.SEQUENCE) > Number(event.SEQUENCE));
});

// ---- what somebody may paste ----------------------------------------------------------------------------------------------------------------------

await test('nasty: 300 texts as title, place, partner, topic and note stand as they were typed on the page and in the calendar; what cannot is told', async () => {
  const trimmed = (text) => text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, '');
  const asLine = (text) => trimmed(text).replace(/[\n\r\t]/g, ' ');
  const isControl = (text) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text);
  const isSent = (text) => { try { return decodeURIComponent(new URLSearchParams({ a: text }).get('a') ? 'x' : 'x') === 'x'; } catch { return false; } };
  const texts = [...new Set(nasty.map(({ text }) => text))].filter(isSent);
  const fine = texts.filter((text) => !isControl(asLine(text)) && asLine(text) && [...asLine(text)].length <= 200);
  const refused = texts.filter((text) => asLine(text) && (isControl(asLine(text)) || [...asLine(text)].length > 200));
  assert(fine.length > 200 && refused.length > 20, `${fine.length} and ${refused.length}`);
  for (let i = 0; i < fine.length; i += 4) {
    const [title, place, partner, topic] = [0, 1, 2, 3].map((n) => fine[(i + n) % fine.length]);
    const code = await make(london, { title, place, partner, topic, note: title, area: 'london-north', choose: 'own', form: ['community-conversation'], language: ['en'] });
    const page = await london.request(`/events/${code}`), shown = textOf(mainOf(page));
    for (const text of [title, place, partner, topic]) assert(shown.includes(asLine(text)), `${JSON.stringify(text)} as it was typed`);
    assert(decoded(page.text.match(/<title>([\s\S]*?)<\/title>/)[1]).includes(asLine(title)), 'in the title of the page');
    const event = calendar(await london.request(`/events/${code}/event.ics`));
    assert.deepEqual([event.SUMMARY, event.LOCATION], [asLine(title), asLine(place)]);
    const edit = Object.fromEntries(fieldsOf(await london.request(`/events/${code}/edit`), `/events/${code}/edit`));
    assert.deepEqual([edit.title, edit.place, edit.partner, edit.topic], [title, place, partner, topic].map(asLine));
  }
  const found = await london.request('/events?area=london-north');
  assert(!/<script>|<img|<[a-z]+[^>]* onerror=/.test(mainOf(found)), 'nothing of it is markup');
  for (const text of refused) {
    const page = await fill(london, '/events/new', { programme: 'community-conversation', title: text, ...dayFields('day', day(3)), area: 'london-north' });
    assert.match(mistakesOf(page)[0], /^title: /, JSON.stringify(text.slice(0, 40)));
  }
});

// ---- placements ----------------------------------------------------------------------------------------------------------------------------------

const now = new Date(), financial = now.getUTCMonth() >= 3 ? now.getUTCFullYear() : now.getUTCFullYear() - 1, quarter = Math.floor(((now.getUTCMonth() + 9) % 12) / 3) + 1;
const places = { quarter: `${financial}-${quarter}`, kind: 'five-day', offered: '60', taken_up: '59', completed: '50', 'criterion-1': '20', 'criterion-5': '7' };
let placement;
await test('placements: what is written down is added up against the target; slips are told', async () => {
  for (const [name, changes, expected] of [
    ['more than offered', { taken_up: '61' }, [/^taken_up: No more places/]],
    ['more than taken up', { completed: '60' }, [/^completed: No more places/]],
    ['a criterion of more than there are', { 'criterion-2': '60' }, [/^criterion-2: “A school below average.*no more than were taken up/]],
    ['letters', { offered: 'x' }, [/^offered: .*whole number/]],
    ['nothing', { offered: '', taken_up: '', completed: '' }, [/^offered: Enter/, /^taken_up: Enter/, /^completed: Enter/]],
    ['no quarter', { quarter: [] }, [/^quarter: Select/]],
    ['another kind', { kind: 'x' }, [/^kind: Select/]],
  ]) {
    const found = mistakesOf(await fill(cymru, '/placements/new', { ...places, ...changes }));
    assert.equal(found.length, expected.length, `${name}: ${found}`);
    expected.forEach((pattern, i) => assert.match(found[i], pattern, name));
  }
  const page = await noticeOf(cymru, await fill(cymru, '/placements/new', places), 'o_done_placement');
  assert.match(said(page), /Cymru-Wales 59 places were taken up\. There is no target yet\./);
  placement = page.text.match(/href="\/placements\/(\d+)"/)[1];
  assert.equal((await cymru.post('/placements/target', { area: 'cymru-wales', year: String(financial), 'target-cymru-wales': '150' })).status, 403);
  assert.match(mistakesOf(await admin.post('/placements/target', { area: 'cymru-wales', year: String(financial), 'target-cymru-wales': 'x' }))[0], /^target-cymru-wales: /);
  await noticeOf(admin, await admin.post('/placements/target', { area: 'cymru-wales', year: String(financial), 'target-cymru-wales': '150' }), 'o_done_target');
  const after = await cymru.request('/placements');
  assert.match(said(after), /59 of 150 places were taken up/);
  assert.match(said(after), /Free school meals or pupil premium(?: \d+){4} 20 /);
  assert.match(said(after), /Disability(?: \d+){4} 7 /);
  assert.match(said(await analyst.request('/placements')), /Cymru-Wales 150 60 59 50/);
});

await test('placements: a second record of the same kind is refused; of two organisers the second is told and loses nothing', async () => {
  assert.match(mistakesOf(await fill(cymru, '/placements/new', places))[0], /^kind: There is a record of this kind in this quarter already/);
  const path = `/placements/${placement}`, old = fieldsOf(await admin.request(path), path);
  led(await fill(cymru, path, { completed: '55' }));
  const both = await send(admin, path, filled(old, { completed: '52', 'criterion-6': '3' }));
  mistakesOf(both, 409);
  assert.match(said(both), /Completed There now: 55 On your page: 52/);
  assert.match(said(both), /Cared for by the local authority There now: 0 On your page: 3/);
  assert.deepEqual(instance.office(`SELECT completed FROM placement WHERE id = ${placement}`), [[55]]);
  led(await send(admin, path, fieldsOf(both, path)));
  assert.deepEqual(instance.office(`SELECT completed FROM placement WHERE id = ${placement}`), [[52]]);
  assert.equal((await london.request(path)).status, 404);
  assert.equal((await analyst.request(path)).status, 403);
});

await finish();
