// kiosk-pages.test.mjs: an event in the kiosk's face, without script: no way out, the buttons of the bar, what is sent and what is shown of it,
// on a kiosk and on a machine beside a hub.
import assert from 'node:assert/strict';
import { finish, formFields, hiddenFields, Instance, readAnswer, receiptOf, test, until } from '../harness.mjs';
import { check, html } from './answer.mjs';

const hub = await Instance.make({ forms: ['forms/community-conversation', 'forms/work-experience-before', 'forms/work-experience-day'], conf: { spool_wait_ms: 1500, kiosk_idle_s: 300, kiosk_warning_s: 40, kiosk_thanks_s: 90 } });
const kiosk = await Instance.make({ conf: { mode: 'kiosk' } });
const languages = ['--form', 'community-conversation', '--languages', 'en,cy,ar,en-x-easy'];
const code = hub.event('--practice', ...languages), shared = kiosk.event('--practice', ...languages);
const welsh = hub.event('--practice', '--area', 'cymru-wales', ...languages);
const several = hub.event('--practice', '--form', 'work-experience-before', '--form', 'work-experience-day', '--programme', 'work-experience');
const viewed = hub.event('--practice', ...languages), over = hub.event('--practice', ...languages);
await hub.start();
await kiosk.start();

const get = (instance, path, headers) => instance.request(path, { headers });
const links = (page) => [...page.text.matchAll(/<a\s[^>]*href="([^"]*)"/g)].map(([, href]) => href);
const actions = (page) => [...page.text.matchAll(/\s(?:form)?action="([^"]*)"/g)].map(([, path]) => path);
const htmlClass = (page) => page.text.match(/<html class="([^"]*)"/)[1].split(' ').slice(1).join(' ');
const lang = (page) => page.text.match(/<html[^>]* lang="([^"]*)"/)[1];
const data = (page, name) => page.text.match(new RegExp(`<template id="kiosk"[^>]* data-${name}="([^"]*)"`))?.[1];
const button = (page, id) => page.text.match(new RegExp(`<button[^>]*id="${id}"[^>]*>`))?.[0];
const pairs = (page) => Object.entries(hiddenFields(page.text));
const post = (instance, path, fields, headers) => instance.request(path, { method: 'POST', body: fields, headers });
const said = 'We want a ramp at the side door';
const answers = [['overall', 'good'], ['next', said]];

// ---- addresses -----------------------------------------------------------------------------------------------------------
await test('kiosk: /kiosk leads to the first page on a machine that is none, and the first page to /kiosk on one that is', async () => {
  for (const path of ['/kiosk', '/KIOSK/']) {
    const answer = await get(hub, path);
    assert.deepEqual([answer.status, answer.headers.location], [303, '/'], path);
  }
  const answer = await get(kiosk, '/');
  assert.deepEqual([answer.status, answer.headers.location], [303, '/kiosk']);
});

await test('kiosk: the start screen says what it is in the event\'s own language, whatever the browser asks for', async () => {
  for (const wanted of ['en', 'cy', 'ar;q=0.9,cy;q=0.8']) {
    const page = await get(hub, `/kiosk/${code}`, { 'Accept-Language': wanted });
    check(page, { status: 200, type: html });
    assert.equal(lang(page), 'en');
    assert.match(page.text, /<h1>Tell us about today<\/h1>/);
  }
  const page = await get(hub, `/kiosk/${code}`);
  assert.deepEqual(links(page).filter((href) => href !== '#main'), [`/kiosk/${code}/EN`, ...['EN', 'CY', 'AR', 'EN-X-EASY'].map((tag) => `/kiosk/${code}/${tag}`)]);
  for (const [tag, name] of [['cy', 'Cymraeg'], ['ar', 'العربية']]) assert.match(page.text, new RegExp(`<a[^>]*lang="${tag}"[^>]*>${name}</a>`));
});

await test('kiosk: in Wales it begins in Welsh and in English, side by side, Welsh first', async () => {
  const page = await get(hub, `/kiosk/${welsh}`);
  assert.equal(lang(page), 'cy');
  assert.deepEqual(links(page).slice(1), ['CY', 'EN', 'CY', 'EN', 'AR', 'EN-X-EASY'].map((tag) => `/kiosk/${welsh}/${tag}`));
  assert.match(page.text, /lang="cy"[^>]*>\s*<h1>Dywedwch wrthym am heddiw<\/h1>[\s\S]*lang="en"[^>]*>\s*<h2>Tell us about today<\/h2>/);
});

await test('kiosk: of several forms one is chosen when the language is', async () => {
  const start = await get(hub, `/kiosk/${several}`);
  assert.match(start.text, /<h1>Tell us about today<\/h1>/);
  const chooser = await get(hub, `/kiosk/${several}/CY`);
  const forms = links(chooser).filter((href) => /work-experience/.test(href));
  assert.deepEqual(forms, ['work-experience-before', 'work-experience-day'].map((form) => `/kiosk/${several}/${form}/CY`));
  for (const path of [forms[0], `/kiosk/${several}/work-experience-day`]) {
    const page = await get(hub, path);
    assert.equal(page.status, 200);
    assert.match(page.text, /<form id="answers"/);
  }
});

await test('kiosk: the times of the machine stand in the page; only one that is a kiosk has staff', async () => {
  const page = await get(hub, `/kiosk/${code}/EN`), own = await get(kiosk, `/kiosk/${shared}/EN`);
  assert.deepEqual(['idle', 'warning', 'thanks', 'start', 'alive', 'end'].map((name) => data(page, name)), ['300', '40', '90', `/kiosk/${code}`, undefined, undefined]);
  assert.deepEqual(['idle', 'warning', 'thanks', 'start', 'alive', 'end'].map((name) => data(own, name)), ['120', '60', '45', `/kiosk/${shared}`, '/staff/alive', '/staff/end']);
  assert.deepEqual(links(await get(hub, `/kiosk/${code}`)).filter((href) => href.startsWith('/staff')), []);
  assert.deepEqual(links(await get(kiosk, `/kiosk/${shared}`)).filter((href) => href.startsWith('/staff')), ['/staff']);
});

// ---- no way out ----------------------------------------------------------------------------------------------------------
const everyPage = async (instance, event) => {
  const pages = [];
  for (const tag of ['EN', 'CY', 'AR', 'EN-X-EASY']) {
    const path = `/kiosk/${event}/${tag}`;
    const form = await instance.page(path);
    pages.push(form);
    pages.push(await instance.send(path, [['next', 'x'.repeat(1001)]], { page: form }));
    pages.push(await instance.send(path, answers, { page: form }));
    pages.push(await post(instance, path, [['nonce', 'no']]));
    pages.push(await get(instance, `/kiosk/${event}/nothing/${tag}`));
    pages.push(await get(instance, `/kiosk/ZZZZZ9/${tag}`));
  }
  return [await get(instance, `/kiosk/${event}`), ...pages];
};

await test('kiosk: no page of it has a link out, a new tab, an exit, a footer; everything that is sent stays in its face', async () => {
  for (const [instance, event] of [[hub, code], [kiosk, shared]]) {
    const pages = await everyPage(instance, event);
    assert.deepEqual(pages.map(({ status }) => status), [200, ...Array.from({ length: 4 }, () => [200, 422, 200, 400, 404, 404]).flat()]);
    for (const page of pages) {
      const out = [...links(page), ...actions(page)].filter((path) => !/^#|^\/kiosk(\/|$)|^\/staff$/.test(path));
      assert.deepEqual(out, []);
      assert.doesNotMatch(page.text, /\starget=|<footer|exit-this-page"|http:|tel:|mailto:/);
      assert.match(page.text, /id="kioskBar"/);
      assert.match(page.text, /id="kioskHelpPanel" popover/);
      assert.match(page.headers['cache-control'], /no-store/);
      for (const [form] of page.text.matchAll(/<form[^>]*>/g)) assert.match(form, /autocomplete="off"/);
    }
  }
});

// ---- the view --------------------------------------------------------------------------------------------------------------
const view = (page) => ['view-size', 'view-contrast', 'view-listen'].map((name) => hiddenFields(page.text)[name]).join('');

await test('kiosk: without script the bar changes how the page looks and sounds, keeps what was typed, judges and stores nothing', async () => {
  const path = `/kiosk/${viewed}/EN`;
  let page = await hub.page(path);
  assert.equal(view(page), '100');
  assert.equal(htmlClass(page), 'kiosk kiosk-form size-1');
  const wrong = [['next', 'y'.repeat(1001)], ['overall', 'good']]; // too long, which only Send says
  for (const [name, value, expected, classes] of [['view-size', '2', '200', 'size-2'], ['view-contrast', '1', '210', 'size-2 contrast'], ['view-listen', '1', '211', 'size-2 contrast listening'],
    ['view-size', '3', '311', 'size-3 contrast listening'], ['view-size', '1', '111', 'size-1 contrast listening'], ['view-contrast', '0', '101', 'size-1 listening']]) {
    const id = { 'view-size': 'kioskSize', 'view-contrast': 'kioskContrast', 'view-listen': 'kioskListen' }[name];
    assert.match(button(page, id), new RegExp(`name="${name}" value="${value}"`), `${name} offers ${value}`);
    const before = hiddenFields(page.text);
    page = await post(hub, path, [...pairs(page), ...wrong, [name, value]]);
    assert.equal(page.status, 200);
    assert.equal(view(page), expected);
    assert.equal(htmlClass(page), `kiosk kiosk-form ${classes}`);
    assert.match(button(page, id), / autofocus/, 'the button has the focus again');
    const after = hiddenFields(page.text);
    for (const kept of ['nonce', 'edit', 'version', 'face']) assert.equal(after[kept], before[kept], kept);
    assert.doesNotMatch(page.text, /class="govuk-error/);
    assert(page.text.includes('y'.repeat(1001)));
    assert.match(page.text, /value="good" checked/);
  }
  assert.equal(hub.exported(viewed).responses.length, 0);
});

await test('kiosk: the view outlives a language, mistakes and a spooler that does not answer', async () => {
  const path = `/kiosk/${code}/EN`;
  const first = await hub.page(path);
  const set = Object.entries({ ...hiddenFields(first.text), 'view-size': '3', 'view-contrast': '1', 'view-listen': '1' });
  const other = await post(hub, `/kiosk/${code}/CY`, [...set, ...answers, ['to', 'cy']]);
  assert.deepEqual([other.status, lang(other), view(other)], [200, 'cy', '311']);
  assert(other.text.includes(said));
  const mistakes = await post(hub, `/kiosk/${code}/CY`, [...pairs(other), ['next', 'z'.repeat(1001)]]);
  assert.deepEqual([mistakes.status, view(mistakes), htmlClass(mistakes)], [422, '311', 'kiosk kiosk-form size-3 contrast listening']);
  const [spooler] = hub.pids('spooler');
  process.kill(spooler, 'SIGSTOP');
  const unsaved = await post(hub, `/kiosk/${code}/CY`, [...pairs(other), ...answers]);
  process.kill(spooler, 'SIGCONT');
  assert.deepEqual([unsaved.status, view(unsaved), htmlClass(unsaved)], [503, '311', 'kiosk kiosk-form size-3 contrast listening']);
  assert(unsaved.text.includes(said));
  const thanks = await post(hub, `/kiosk/${code}/CY`, [...pairs(other), ...answers]);
  assert.deepEqual([thanks.status, htmlClass(thanks)], [200, 'kiosk kiosk-thanks size-3 contrast listening']);
});

await test('kiosk: what is set on the start screen goes along into the form', async () => {
  const start = await get(hub, `/kiosk/${code}`);
  const set = await post(hub, `/kiosk/${code}`, [...pairs(start), ['view-size', '2']]);
  assert.deepEqual([set.status, htmlClass(set)], [200, 'kiosk kiosk-start size-2']);
  assert.deepEqual(links(set).filter((href) => href.startsWith('/kiosk')), [], 'links would lose it');
  assert.deepEqual(formFields(set.text) && [...set.text.matchAll(/name="to" value="([^"]*)" formaction="([^"]*)"/g)].map(([, tag, path]) => `${tag} ${path}`).slice(1),
    ['en', 'cy', 'ar', 'en-x-easy'].map((tag) => `${tag} /kiosk/${code}/${tag.toUpperCase()}`));
  const form = await post(hub, `/kiosk/${code}/CY`, [...pairs(set), ['to', 'cy']]);
  assert.deepEqual([form.status, lang(form), htmlClass(form)], [200, 'cy', 'kiosk kiosk-form size-2']);
  assert.match(form.text, /name="nonce" value="[0-9a-f]{40}"/);
  const chooser = await post(hub, `/kiosk/${several}/EN`, [['view-size', '1'], ['view-contrast', '1'], ['to', 'en']]);
  assert.match(chooser.text, /<button[^>]*formaction="\/kiosk\/\w+\/work-experience-day\/EN"/);
});

await test('kiosk: the view is nobody\'s business elsewhere: a plain page refuses its fields, and a foreign site cannot send them', async () => {
  const plain = await hub.page(`/${code}/EN`);
  assert.doesNotMatch(plain.text, /view-size|kioskBar/);
  assert.equal((await post(hub, `/${code}/EN`, [...Object.entries(plain.hidden), ['view-size', '2']])).status, 400);
  assert.equal((await post(hub, `/kiosk/${code}`, [['view-size', '2']], { 'Sec-Fetch-Site': 'cross-site' })).status, 403);
  assert.equal((await post(hub, `/kiosk/${code}/EN`, [['view-size', '2'], ['overall', 'good']])).status, 400, 'answers without a page');
});

// ---- sending ----------------------------------------------------------------------------------------------------------------
await test('kiosk: whoever is thanked sees their receipt, and nothing of what they said; so does the script', async () => {
  const path = `/kiosk/${shared}/EN`;
  const thanks = await kiosk.send(path, answers);
  assert.equal(thanks.status, 200);
  assert(receiptOf(thanks.text));
  assert(!thanks.text.includes(said));
  assert.match(thanks.text, new RegExp(`<a[^>]*id="kioskFinished"[^>]*href="/kiosk/${shared}"`));
  const page = await kiosk.page(path);
  const json = JSON.parse((await kiosk.send(path, answers, { page, headers: { Accept: 'application/json' } })).text);
  assert.equal(json.state, 'thanks');
  assert.deepEqual(json.stored, []);
  assert.equal(json.words.finished, 'Finished');
  assert(!JSON.stringify(json).includes(said));
});

await test('kiosk: in a practice nothing says that nobody here can read; otherwise it does', async () => {
  const real = hub.event('--open', ...languages);
  const claims = { EN: /Nobody in this room|Nobody here/, CY: /Ni all neb yn yr ystafell/, AR: /لا يمكن لأحد في هذه القاعة/, 'EN-X-EASY': /Nobody in this room|Nobody here/ };
  for (const [tag, claim] of Object.entries(claims)) {
    for (const [event, isReal] of [[code, false], [real, true]]) {
      const path = `/kiosk/${event}/${tag}`, page = await hub.page(path);
      const json = await hub.send(path, [['next', `${said} ${tag}`]], { page: await hub.page(path), headers: { Accept: 'application/json' } });
      for (const [what, text] of [['form', page.text], ['thanks', (await hub.send(path, [['next', said]], { page })).text], ['json', json.text]]) assert.equal(claim.test(text), isReal, `${what} ${path}`);
    }
  }
});

await test('kiosk: the privacy panel says how answers are taken back from elsewhere', async () => {
  const panel = (page) => page.text.slice(page.text.indexOf('id="kioskPrivacyPanel"'), page.text.indexOf('id="kioskAsk"'));
  for (const [tag, words] of Object.entries({ EN: 'use your own phone or computer. Type the address on the poster, choose “Take back your answers”', CY: 'dewiswch “Tynnu eich atebion yn ôl” ar waelod', AR: 'واختاروا «سحب إجاباتكم» في أسفل' })) {
    assert(panel(await get(hub, `/kiosk/${code}/${tag}`)).includes(words), tag);
  }
});

await test('kiosk: answers of another face that are not shown are told of, above all when nothing else was answered', async () => {
  const page = await hub.page(`/kiosk/${code}/EN`);
  assert.doesNotMatch(page.text, /pageKept/);
  const easy = await hub.send(`/kiosk/${code}/EN-X-EASY`, [['overall', 'good'], ['to', 'en-x-easy']], { page: { ...page, action: `/kiosk/${code}/EN-X-EASY` } });
  assert.match(easy.text, /name="keep-base-overall" value="good"[\s\S]*id="pageKept">Some of your answers are not on this page\. [^<]* We do not send those answers from here\./);
  const empty = await post(hub, `/kiosk/${code}/EN-X-EASY`, pairs(easy));
  assert.equal(empty.status, 422);
  assert.match(empty.text, /Answer 1 question or more[\s\S]*id="pageKept"/);
});

await test('kiosk: two people on one page that stayed open are two responses, of mode kiosk, on any machine', async () => {
  for (const [instance, event] of [[hub, code], [kiosk, shared]]) {
    const before = instance.exported(event).responses.length;
    const page = await instance.page(`/kiosk/${event}/EN`);
    const receipts = [];
    for (const words of ['the first', 'the second']) receipts.push(receiptOf((await instance.send(`/kiosk/${event}/EN`, [['next', words]], { page })).text));
    assert.notEqual(receipts[0], receipts[1]);
    const plain = await instance.send(`/${event}/EN`, [['next', 'on a phone']]);
    assert.equal(plain.status, 200);
    const out = await until('all of them', () => {
      const found = instance.exported(event);
      return ['the first', 'the second', 'on a phone'].every((words) => found.responses.some(({ next }) => next === words)) && found;
    });
    assert(out.responses.length >= before + 3);
    const modes = (out['about-you'] ?? out.about_you ?? out.responses).map(({ mode }) => mode);
    assert(modes.includes('kiosk'), JSON.stringify(modes));
  }
});

await test('kiosk: too late is said, and what was written is shown to nobody', async () => {
  const page = await hub.page(`/kiosk/${over}/EN`);
  hub.cli(['event', 'close', over, '--now']);
  const late = await until('the event to be over', async () => {
    const answer = await hub.send(`/kiosk/${over}/EN`, answers, { page });
    return answer.status === 410 && answer;
  });
  assert(!late.text.includes(said));
  assert.match(late.text, /Your answers were not saved/);
  const json = await hub.send(`/kiosk/${over}/EN`, answers, { page, headers: { Accept: 'application/json' } });
  assert.deepEqual([json.status, JSON.parse(json.text).state], [410, 'refused']);
  const closed = await get(hub, `/kiosk/${over}`);
  assert.equal(closed.status, 200);
  assert.match(closed.text, /class="[^"]*kiosk-message/);
  assert.match(closed.text, /id="kioskBegin"/);
  const large = await post(hub, `/kiosk/${over}`, [...pairs(closed), ['view-size', '3']]);
  assert.deepEqual([large.status, htmlClass(large)], [200, 'kiosk kiosk-message size-3']);
});

await finish();
