// authorisation.test.mjs: who may do what in the organisers' pages. authorisation.tsv, which people wrote, is tried cell by cell over HTTP with real
// sessions; a route that the program has and the table has not fails, and one that the program has not too.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, root, test } from '../harness.mjs';
import { Browser, csrfOf, plant } from './team.mjs';

const [columns, ...rows] = readFileSync(join(root, 'tests/site/authorisation.tsv'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t'));
const OWN = 'thames-and-chiltern', OTHER = 'cymru-wales';
const people = {
  administrator: ['administrator', []], organiser: ['organiser', [OWN]], 'organiser-elsewhere': ['organiser', [OWN]],
  analyst: ['analyst', []], keyer: ['keyer', [OWN]], 'keyer-elsewhere': ['keyer', [OWN]],
};
const words = ['yes', 'sign-in', 'refused', 'hidden', 'unlisted', 'unmade', '-'];

await test('authorisation: the table is whole', () => {
  assert.deepEqual(columns, ['method', 'route', 'nobody', ...Object.keys(people)]);
  for (const row of rows) {
    assert.equal(row.length, columns.length, row.join(' '));
    for (const cell of row.slice(2)) assert(words.includes(cell), `${row[1]}: ${cell}`);
  }
});

await test('authorisation: the table has every route of the program, and no other', () => {
  const { stdout } = spawnSync(join(build, 'organiser'), ['--routes'], { encoding: 'utf8' });
  const found = stdout.trim().split('\n').map((line) => line.split('\t').slice(0, 2).join(' '));
  assert.deepEqual(found.toSorted(), rows.map(([method, route]) => `${method} ${route}`).toSorted());
});

// ---- an instance with everything twice ------------------------------------------------------------------------------------------

const instance = await Instance.make({ hasOrganisers: true });
const events = Object.fromEntries([OWN, OTHER].map((area) => [area, instance.event('--open', '--area', area, '--form', 'community-conversation')]));
await instance.start();

// A session, an action, a placement and a victim for each cell, so that none sees what another has done.
const cells = rows.flatMap(([method, route, nobody, ...rest]) => [['nobody', nobody], ...Object.keys(people).map((who, i) => [who, rest[i]])]
  .filter(([, expected]) => expected !== '-').map(([who, expected]) => ({ method, route, who, expected, area: who.endsWith('elsewhere') ? OTHER : OWN })));
const planted = plant(instance, {
  people: [
    ...Object.entries(people).map(([who, [role, areas]]) => ({ name: `${who}@example.org`, role, areas, has_totp: true, sessions: cells.filter((cell) => cell.who === who) })),
    ...cells.map((_, i) => ({ name: `somebody-${i}@example.org`, role: 'analyst', sessions: [{}] })),
  ],
  actions: cells.map(({ area }) => ({ area })),
  placements: cells.map(({ area }) => ({ area })),
});
for (const [who] of Object.entries(people)) {
  const { sessions } = planted.people.find(({ name }) => name === `${who}@example.org`);
  cells.filter((cell) => cell.who === who).forEach((cell, i) => { cell.session = sessions[i]; });
}

const pathOf = (cell, i) => cell.route.replace('{code}', events[cell.area]).replace('{action}', planted.actions[i].id).replace('{placement}', planted.placements[i].id)
  .replace('{account}', planted.people[Object.keys(people).length + i].id).replace('{id}', cell.session?.id ?? '1').replace('{token}', 'A'.repeat(43));

const tables = ['event', 'action', 'placement', 'placement_target', 'account', 'session'];
const counting = `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table})`).join(', ')}`;
const counted = () => Object.fromEntries(instance.office(counting)[0].map((count, i) => [tables[i], count]));

const first = ['/sign-in', '/code', '/enrol', '/prove'];
const isElsewhere = (answer) => answer.status === 303 && first.some((path) => answer.headers.location === path || answer.headers.location.startsWith(`${path}?`));

const judge = {
  yes: (answer, cell) => {
    const isWelcome = cell.route === '/welcome/{token}'; // that address was never given: nothing is there, for anybody alike
    const isOwnStep = first.some((path) => cell.route.startsWith(path)) || cell.route === '/sign-out';
    assert(answer.status < 400 || [409, 422, 503].includes(answer.status) || (isWelcome && [403, 404, 410].includes(answer.status)), `${answer.status} ${answer.text.slice(0, 400)}`);
    if (answer.status === 503) assert.equal(cell.route, '/events/{code}/poster/file', 'the poster program may be away');
    assert(isOwnStep || !isElsewhere(answer), `sent to ${answer.headers.location}`);
  },
  'sign-in': (answer) => {
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location, /^\/sign-in(\?|$)/);
  },
  refused: (answer) => assert.equal(answer.status, 403),
  hidden: (answer) => assert.equal(answer.status, 404),
  unlisted: (answer, cell) => {
    assert.equal(answer.status, 200);
    const own = { '/events': events[OWN], '/actions': 'action', '/placements': 'placement' }[cell.route];
    assert(answer.text.includes(own), 'what is of their own Area stands there');
    assert(!answer.text.includes(events[OTHER]), 'the other Area\'s event does not');
    for (const list of [planted.actions, planted.placements])
      for (const { area, id } of list) assert(area === OWN || !answer.text.includes(id), 'nor its actions and placements');
  },
};

/** Fields of a form that makes something of AREA. */
const made = {
  '/events/new': (area) => ({ title: 'Made in a cell', area, programme: 'community-conversation', form: 'community-conversation', held_on: '2026-12-01', language: 'en' }),
  '/actions/new': (area) => ({ area, said: 'It was cold', tag: 'en' }),
  '/placements/target': (area) => ({ area, year: '2026', [`target-${area}`]: '10' }),
  '/placements/new': (area) => ({ area, year: '2026', quarter: '1', kind: 'five-day', offered: '1', taken_up: '1', completed: '0' }),
};

for (const [i, cell] of cells.entries()) {
  await test(`authorisation: ${cell.method} ${cell.route}: ${cell.who}: ${cell.expected}`, async () => {
    const browser = new Browser(instance, { token: cell.session?.token });
    const path = pathOf(cell, i);
    let csrf;
    if (cell.method === 'POST') {
      const page = await browser.request(cell.session ? '/account' : '/sign-in');
      csrf = csrfOf(page);
      assert(csrf, `a form's token: ${page.status} ${page.text.slice(0, 300)}`);
    }
    const before = counted();
    const body = cell.method === 'POST' ? { csrf, ...(made[cell.route] && (cell.expected !== 'yes' || cell.route === '/placements/target') ? made[cell.route](cell.area) : {}) } : undefined;
    const answer = await browser.request(path, { method: cell.method, body });
    if (cell.expected === 'unmade') assert([403, 422].includes(answer.status), `${answer.status}`);
    else judge[cell.expected](answer, cell);
    if (cell.expected !== 'yes') assert.deepEqual(counted(), before, 'and nothing has come or gone');
    if (cell.method === 'GET' && cell.expected === 'yes') {
      const head = await new Browser(instance, { token: cell.session?.token }).request(path, { method: 'HEAD' });
      assert.equal(head.status, answer.status, 'HEAD as GET');
    }
  });
}

// ---- what is moved ---------------------------------------------------------------------------------------------------------------

/** All that a browser would send of a page's form with ACTION, with what CHANGED says instead. */
const filled = (page, action, changed) => {
  const form = page.text.split('<form').slice(1).find((part) => part.split('>')[0].replaceAll('&amp;', '&').includes(`action="${action}"`));
  assert(form, `a form for ${action}: ${page.status} ${page.text.slice(0, 300)}`);
  const text = (value) => value.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const pairs = [];
  for (const [, input, area, written, select, options] of form.split('</form>')[0].matchAll(/<input\b([^>]*)>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const attributes = input ?? area ?? select, of = (name) => attributes.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
    if (!of('name') || (['radio', 'checkbox'].includes(of('type')) && !/\schecked/.test(attributes))) continue;
    pairs.push([of('name'), text(input !== undefined ? of('value') ?? '' : area !== undefined ? written.replace(/^\n/, '') : options.match(/<option[^>]*value="([^"]*)"[^>]*\sselected/)?.[1] ?? '')]);
  }
  return [...pairs.filter(([name]) => !(name in changed)), ...Object.entries(changed)];
};

await test('authorisation: nobody moves what is theirs to an Area that is not', async () => {
  const mine = plant(instance, {
    people: [{ name: 'mover@example.org', role: 'organiser', areas: [OWN], has_totp: true, sessions: [{}] }, { name: 'anywhere@example.org', role: 'administrator', has_totp: true, sessions: [{}] }],
    actions: [{ area: OWN }, { area: OWN }], placements: [{ area: OWN }, { area: OWN }],
  });
  const areas = () => ['event', 'action', 'placement'].map((table) => instance.office(`SELECT count(*) FROM ${table} WHERE area = '${OTHER}'`)[0][0]);
  const own = [1, 2].map(() => instance.event('--open', '--area', OWN, '--form', 'community-conversation', '--programme', 'community-conversation'));
  const paths = (i) => [[`/events/${own[i]}/edit`, 0], [`/actions/${mine.actions[i].id}`, 1], [`/placements/${mine.placements[i].id}`, 2]];
  for (const [who, isMoved] of [[0, false], [1, true]]) {
    for (const [path, which] of paths(who)) {
      const browser = new Browser(instance, { token: mine.people[who].sessions[0].token }), before = areas();
      const page = await browser.request(path);
      assert.equal(page.status, 200, path);
      const answer = await browser.request(path, { method: 'POST', body: filled(page, path, { area: OTHER }) });
      const after = areas();
      assert.equal(after[which] - before[which], isMoved ? 1 : 0, `${path}: ${answer.status} ${[...answer.text.matchAll(/error-summary[\s\S]{0,900}/g)][0] ?? ''}`);
    }
  }
});

// ---- beyond the table ------------------------------------------------------------------------------------------------------------

const session = (who, more = {}) => plant(instance, { people: [{ name: `${who}-${Math.random().toString(36).slice(2)}@example.org`, role: people[who][0], areas: people[who][1], has_totp: true, sessions: [{}], ...more }] }).people[0];

await test('authorisation: only the password given opens nothing but the way to the code', async () => {
  const who = session('administrator', { sessions: [{ stage: 'password' }] });
  for (const [method, route, , administrator] of rows.filter(([method, route]) => method === 'GET' && !['/sign-in', '/code', '/welcome/{token}'].includes(route))) {
    assert.equal(administrator, 'yes');
    const answer = await new Browser(instance, { token: who.sessions[0].token }).request(pathOf({ route, area: OWN }, 0), { method });
    assert.equal(answer.status, 303, route);
    assert.match(answer.headers.location, /^\/code(\?|$)/, route);
  }
});

await test('authorisation: a proof that is older than ten minutes is asked for again, and only where the table of routes says so', async () => {
  const { stdout } = spawnSync(join(build, 'organiser'), ['--routes'], { encoding: 'utf8' });
  const who = session('administrator', { sessions: [{ proved_s: 11 * 60 }] });
  const needy = [];
  for (const [method, route, , , proof] of stdout.trim().split('\n').map((line) => line.split('\t'))) {
    if (method !== 'GET' || route.startsWith('/welcome')) continue;
    const answer = await new Browser(instance, { token: who.sessions[0].token }).request(pathOf({ route, area: OWN }, 0));
    const isAsked = answer.status === 303 && /^\/prove(\?|$)/.test(answer.headers.location);
    assert.equal(isAsked, proof === 'proof', route);
    if (isAsked) needy.push(route);
  }
  for (const route of ['/people/new', '/people/{account}', '/enrol']) assert(needy.includes(route), `${route} needs a proof (security.md O3)`);
});

await test('authorisation: fewer Areas, a smaller role and an ended account count from the next request on', async () => {
  const who = session('organiser');
  const browser = () => new Browser(instance, { token: who.sessions[0].token }).request(`/events/${events[OWN]}`);
  assert.equal((await browser()).status, 200);
  change(`UPDATE account_area SET area = '${OTHER}' WHERE account = ${who.id}`);
  assert.equal((await browser()).status, 404);
  change(`UPDATE account_area SET area = '${OWN}' WHERE account = ${who.id}`);
  assert.equal((await browser()).status, 200);
  change(`UPDATE account SET role = 'keyer' WHERE id = ${who.id}`);
  assert.equal((await new Browser(instance, { token: who.sessions[0].token }).request(`/events/${events[OWN]}/edit`)).status, 403);
  change(`UPDATE account SET state = 'ended', password = NULL, totp = NULL WHERE id = ${who.id}`);
  const answer = await browser();
  assert.equal(answer.status, 303);
  assert.match(answer.headers.location, /^\/sign-in/);
});

function change(sql) {
  const { status, stderr } = spawnSync('/usr/bin/python3', ['-c', 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None); c.execute(sys.argv[2])', join(instance.dir, 'office/office.db'), sql], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

await finish();
