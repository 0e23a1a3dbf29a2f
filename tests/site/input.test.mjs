// input.test.mjs: bad input. Each kind is refused with its status and a kind page in the reader's language (or its JSON form), and
// nothing of it is stored. Before anything is broken, the same request unbroken must be taken, or no refusal proves anything.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Instance, finish, formFields, nonce, receiptOf, test } from '../harness.mjs';
import { check, json, visible, words } from './answer.mjs';
import { fastcgi } from './fastcgi.mjs';
import { Spool } from './spool.mjs';

const instance = await Instance.make({ conf: { workers: 2 } });
instance.addresses = 20;
const code = instance.event('--practice');
const planned = instance.event();
const closed = instance.event('--open');
instance.cli(['event', 'close', closed, '--now']);
await instance.start();
const spool = new Spool(instance);
const strings = Object.fromEntries(['en', 'cy', 'en-x-easy'].map((language) => [language, words(language)]));

/** Answers that were taken: whatever else is in the spool or the export was stored by mistake. */
const taken = [];
let markers = 0;
const marker = (kind) => `${kind} ${++markers} ${nonce().slice(0, 12)}`;
const stored = async () => {
  const { waiting, filed } = await spool.count();
  return waiting + filed;
};
const nothingStored = async () => assert.equal(await stored(), taken.length, 'nothing was stored');

const fields = (face = 'en', more = {}) => ({ nonce: nonce(), version: '1', edit: '0', at: '', face, overall: face === 'en-x-easy' ? 'bad' : 'good', next: marker('refused'), ...more });
const pathOf = (face) => (face === 'en' ? `/${code}` : `/${code}/${face.toUpperCase()}`);
const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
const post = (path, body, headers = {}) => instance.request(path, { method: 'POST', body, headers });

/** A kind page: its language, its words and nothing of what came. */
const kind = (answer, { status, key, language = 'en', more, isShown = false }) => {
  check(answer, { status, more });
  assert.match(answer.text, new RegExp(`<html[^>]* lang="${language.slice(0, 2)}"`));
  for (const part of ['title', key === 'not_open' ? 'text_plain' : 'text']) assert(visible(answer.text).includes(strings[language][`${key}_${part}`].split('{')[0]), `${key}_${part} in ${visible(answer.text)}`);
  assert.equal(answer.text.includes('refused '), isShown, 'what came is shown where it can be copied, and nowhere else');
};
const kindJson = (answer, { status, key, language = 'en' }) => {
  check(answer, { status, type: json });
  const said = strings[language];
  assert.deepEqual(JSON.parse(answer.text), { state: 'refused', title: said[`${key}_title`], message: said[`${key}_text`] });
};
/** What nginx says itself, in every language. */
const kindOfNginx = (answer, { status, key, more }) => {
  check(answer, { status, more });
  for (const language of ['en', 'cy']) assert(visible(answer.text).includes(strings[language][`${key}_title`]), language);
};

const take = async (face, more = {}, headers = {}) => {
  const next = marker('taken');
  const answer = await post(pathOf(face), fields(face, { next, ...more }), headers);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  taken.push(more.next ?? next);
};

await test('input: what is broken below is taken while it is whole', async () => {
  for (const face of ['en', 'cy', 'en-x-easy']) for (const headers of [{}, { Accept: json }, type, { 'Content-Type': `${type['Content-Type']}; charset=UTF-8` }]) await take(face, {}, headers);
  await take('en', { learned: 'decisions', sex: 'female', know_before: 'a_lot' });
  await take('en', {}, { Origin: instance.base, 'Sec-Fetch-Site': 'same-origin' });
  await take('en', {}, { Origin: instance.base.toUpperCase() });
  for (const site of ['none', 'same-site']) await take('en', {}, { 'Sec-Fetch-Site': site });
  await take('en', { edit: '9999' });
  await take('en', { 'keep-easy-overall': 'bad', 'keep-base-next': 'kept' });
  const many = marker('taken');
  assert.equal((await post(pathOf('en'), `${new URLSearchParams(fields('en', { next: many }))}${'&keep-base-next=x'.repeat(1100)}`, type)).status, 200);
  taken.push(many);
  assert.equal((await post(pathOf('en'), fields('en', { to: 'cy' }))).status, 200);
  await nothingStored();
});

// ---- fields that no page of ours sends --------------------------------------------------------------------------------

/** [name, status, words, what is done to the fields: change P, or give the whole body back; FACE when it must be one]. */
const bodies = [];
const add = (status, key, rows, face) => bodies.push(...rows.map(([name, change]) => ({ name, status, key, change, face })));
const raw = (text) => (p) => Buffer.concat([Buffer.from(`${p}&`), Buffer.from(text, 'latin1')]);
const without = (name) => (p) => p.delete(name);
const set = (name, value) => (p) => p.set(name, value);
const twice = (name, value) => (p) => p.append(name, value ?? p.get(name));

add(400, 'refused', [
  ['invalid UTF-8, escaped', raw('helped=%FF')],
  ['invalid UTF-8, as a byte', raw('helped=\xff')],
  ['invalid UTF-8 in a name', raw('%FF=1')],
  ['invalid UTF-8: overlong', raw('helped=%C0%AF')],
  ['invalid UTF-8: half a pair', raw('helped=%ED%A0%80')],
  ['invalid UTF-8: beyond the last sign', raw('helped=%F4%90%80%80')],
  ['invalid UTF-8: cut off', raw('helped=%E2%82')],
  ['NUL, escaped', raw('helped=no%00')],
  ['NUL, as a byte', raw('helped=no\0')],
  ['NUL in a name', raw('helped%00=no')],
  ['a broken escape at the end', raw('helped=%')],
  ['half an escape', raw('helped=%4')],
  ['an escape that is none', raw('helped=%zz')],
  ['an escape with a sign', raw('helped=%+1')],
  ['an unknown field', set('unknown', '1')],
  ['a field with another case', set('Helped', 'no')],
  ['a field with something after it', set('helped[]', 'no')],
  ['__proto__', set('__proto__', 'no')],
  ['a note, answered', set('report_help', 'x')],
  ['kept for an unknown face', set('keep-xx-next', 'x')],
  ['kept for an unknown field', set('keep-base-unknown', 'x')],
  ['no name', raw('=x')],
  ['a name that is too long', raw(`${'n'.repeat(101)}=x`)],
  ['too many fields', raw(Array(2400).fill('keep-base-next=x').join('&'))],
  ['one of several, twice', (p) => { p.append('learned', 'decisions'); p.append('learned', 'decisions'); }],
  ['a choice that is not offered', set('overall', 'excellent')],
  ['a choice of another question', set('overall', 'female')],
  ['a choice with a space', set('overall', 'good ')],
  ['a choice with another case', set('overall', 'GOOD')],
  ['one of several that is not offered', set('learned', 'bogus')],
  ['half of a pair that is not offered', set('know_before', 'bogus')],
  ['a nonce that is too short', set('nonce', 'ab'.repeat(19))],
  ['a nonce that is too long', set('nonce', 'ab'.repeat(21))],
  ['a nonce of other signs', set('nonce', 'gg'.repeat(20))],
  ['an empty nonce', set('nonce', '')],
  ['no nonce', without('nonce')],
  ['a negative edit', set('edit', '-1')],
  ['a huge edit', set('edit', '10000')],
  ['an edit beyond every number', set('edit', '99999999999999999999')],
  ['an edit with a plus', set('edit', '+1')],
  ['an edit with a zero before it', set('edit', '01')],
  ['an edit that is a fraction', set('edit', '1.0')],
  ['an empty edit', set('edit', '')],
  ['no edit', without('edit')],
  ['a version below zero', set('version', '-1')],
  ['a version that is no number', set('version', 'one')],
  ['a version beyond every number', set('version', '99999999999999999999')],
  ['no version', without('version')],
  ['an unknown language', set('face', 'pl')],
  ['an empty language', set('face', '')],
  ['no language', without('face')],
  ['a change to an unknown language', set('to', 'pl')],
  ['no fields at all', () => ''],
  ...['nonce', 'version', 'edit', 'face', 'at', 'overall', 'next'].map((name) => [`twice: ${name}`, twice(name)]),
  ['twice with different answers', twice('overall', 'poor')],
  ['twice, the first one empty', (p) => { p.set('overall', ''); p.append('overall', 'good'); }],
  ['two changes of language', (p) => { p.append('to', 'cy'); p.append('to', 'en'); }],
]);
add(400, 'refused', [
  ['a choice of Easy Read in the plain face', set('overall', 'bad')],
], 'en');
add(400, 'refused', [
  ['a choice of the plain face in Easy Read', set('overall', 'very_good')],
  ['a question that Easy Read does not ask', set('learned', 'decisions')],
  ['half of a pair that Easy Read does not ask', set('fair_before', 'very')],
], 'en-x-easy');
add(400, 'old_form', [
  ['an unknown form version', set('version', '2')],
  ['form version 0', set('version', '0')],
  ['a far form version', set('version', '999999999')],
]);

for (const { name, status, key, change, face } of bodies) {
  await test(`input: ${name}: ${status}`, async () => {
    for (const language of face ? [face] : ['en', 'cy'])
      for (const headers of [{}, { Accept: json }]) {
        const p = new URLSearchParams(fields(language));
        const body = change(p) ?? p.toString();
        const answer = await post(pathOf(language), body, { ...type, ...headers, 'Accept-Language': language.slice(0, 2) });
        (headers.Accept ? kindJson : kind)(answer, { status, key, language });
      }
    await nothingStored();
  });
}

await test('input: a page of one language sent to the address of another: 400', async () => {
  kind(await post(pathOf('cy'), fields('en')), { status: 400, key: 'refused', language: 'cy' });
  kind(await post(`/${code}/PL`, fields('en')), { status: 400, key: 'refused' });
  await nothingStored();
});

// ---- requests that no page of ours makes ------------------------------------------------------------------------------

/** [name, status, words, headers]. */
const other = `http://127.0.0.1:${instance.port + 1}`;
const heads = [
  ...['text/plain', 'multipart/form-data; boundary=x', 'application/json', 'application/x-www-form-urlencodedx', ''].map((value) => [`content type "${value}"`, 415, 'refused', { 'Content-Type': value }]),
  ...['https://elsewhere.example', other, `${instance.base}.elsewhere.example`, 'null', 'file://', instance.base.replace('http://', ''), `${instance.base}/`].map((value) => [`Origin "${value.replace(/\d{4,5}/, 'PORT')}"`, 403, 'foreign', { Origin: value }]),
  ...['cross-site', 'Cross-Site'].map((value) => [`Sec-Fetch-Site "${value}"`, 403, 'foreign', { 'Sec-Fetch-Site': value }]),
  ['our own Origin, but Sec-Fetch-Site "cross-site"', 403, 'foreign', { Origin: instance.base, 'Sec-Fetch-Site': 'cross-site' }],
];
for (const [name, status, key, headers] of heads) {
  await test(`input: ${name}: ${status}`, async () => {
    for (const language of ['en', 'cy']) {
      const body = new URLSearchParams(fields(language)).toString();
      kind(await post(pathOf(language), body, { ...type, ...headers }), { status, key, language });
      kindJson(await post(pathOf(language), body, { ...type, ...headers, Accept: json }), { status, key, language });
    }
    await nothingStored();
  });
}

await test('input: an event that takes no answers, an unknown one, a page that is no form', async () => {
  for (const language of ['en', 'cy']) {
    const at = (path) => post(language === 'en' ? path : `${path}/CY`, fields(language));
    kind(await at(`/${planned}`), { status: 403, key: 'not_open', language });
    kind(await at(`/${closed}`), { status: 410, key: 'late', language, isShown: true });
    kind(await at('/ABCDE2'), { status: 404, key: 'unknown_code', language });
    kind(await at('/privacy'), { status: 404, key: 'not_found', language });
  }
  await nothingStored();
});

await test('input: sent after the end: not saved, said plainly, and what was written is there to be copied', async () => {
  for (const language of ['en', 'cy', 'en-x-easy']) {
    const said = strings[language];
    const path = language === 'en' ? `/${closed}` : `/${closed}/${language.toUpperCase()}`;
    const sent = fields(language, { next: 'refused \u201clate\u201d <b>' });
    const page = await post(path, sent);
    const seen = visible(page.text);
    for (const part of [said.late_title, said.late_text, said.late_copy, said.late_list, sent.next]) assert(seen.includes(part), `${part} in ${seen}`);
    for (const part of [said.footer_new_tab, said.open_form, said.not_saved_text, 'Test event']) assert(!seen.includes(part), part);
    assert(!page.text.includes('<b>'));
    const answer = await post(path, sent, { Accept: json });
    check(answer, { status: 410, type: json });
    assert.deepEqual(JSON.parse(answer.text), { state: 'late', title: said.late_title, message: said.late_text, copy: said.late_copy, list: said.late_list });
    // What is no form of ours is told the same, and nothing of it comes back.
    for (const change of [{ unknown: '1' }, { version: '99' }, { nonce: '' }, { overall: 'bogus' }]) {
      const other = visible((await post(path, { ...sent, ...change })).text);
      assert(other.includes(said.late_title) && other.includes(said.late_back) && !other.includes('refused '), other);
    }
  }
  await nothingStored();
});

await test('input: pages of forms with the exit button have it when they are closed or not open, and name no event', async () => {
  for (const language of ['en', 'cy', 'en-x-easy'])
    for (const [which, key] of [[closed, 'closed'], [planned, 'not_open']])
      for (const answer of [await instance.request(`/${which}/${language.toUpperCase()}`), ...(key === 'closed' ? [await post(`/${which}/${language.toUpperCase()}`, fields(language))] : [])]) {
        assert.match(answer.text, /class="[^"]*govuk-js-exit-this-page-button/);
        assert.match(answer.text, /<script src="\/static\/form-/, 'the quick way out');
        assert(!answer.text.includes('Test event'), answer.text);
        if (answer.status === 200) assert(visible(answer.text).includes(strings[language][`${key}_text_plain`].split('{')[0]));
      }
});

// ---- the first page ---------------------------------------------------------------------------------------------------

await test('input: what is typed on the first page comes in a POST and leads on, and stands in no address', async () => {
  const page = await instance.request('/');
  assert.match(page.text, /<form class="code" method="post" action="\/"/);
  assert.equal((await instance.request(`/?code=${code}`)).text, page.text, 'a GET reads nothing that was typed');
  for (const typed of [code, code.toLowerCase(), ` ${code.slice(0, 3)}-${code.slice(3)} `]) check(await post('/', { code: typed }), { status: 303, more: { location: `/${code}` } });
  for (const [typed, key] of [['', 'home_code_missing'], ['   ', 'home_code_missing'], ['E4K', 'home_code_wrong'], ['"><script>', 'home_code_wrong']]) {
    const answer = await post('/', { code: typed });
    check(answer, { status: 422 });
    assert.equal(visible(answer.text).split(strings.en[key]).length, 3, 'in the summary and beside the field');
    assert(!answer.text.includes('"><script>'));
  }
  for (const body of [fields(), { code, more: '1' }, `code=${code}&code=${code}`]) check(await post('/', body, type), { status: 400 });
  check(await post('/', { code }, { Origin: 'https://elsewhere.example' }), { status: 403 });
});

await test('input: a receipt that is typed on the first page is led to where it belongs, and not shown again', async () => {
  const thanks = await post(pathOf('en'), fields('en', { next: 'taken for its receipt' }));
  taken.push('taken for its receipt');
  const receipt = receiptOf(thanks.text);
  for (const language of ['en', 'cy', 'en-x-easy'])
    for (const typed of [receipt, receipt.toLowerCase().replaceAll(' ', ''), `Your receipt: ${receipt}.`]) {
      const answer = await post('/', { code: typed }, { 'Accept-Language': language });
      check(answer, { status: 422 });
      const said = strings[language.slice(0, 2)];
      const seen = visible(answer.text);
      assert.equal(seen.split(said.home_is_receipt).length, 3);
      assert.match(answer.text, new RegExp(`href="/withdraw/${language.slice(0, 2).toUpperCase()}">${said.home_to_withdraw}</a>`));
      assert(!answer.text.replaceAll(' ', '').toUpperCase().includes(receipt.replaceAll(' ', '').slice(0, 12)), 'not repeated');
    }
  // One sign wrong: nobody knows what it is, and it is not shown either.
  const wrong = await post('/', { code: `${receipt.slice(0, -1)}${receipt.endsWith('7') ? '8' : '7'}` });
  check(wrong, { status: 422 });
  assert(!wrong.text.includes(receipt.slice(0, 12)));
  await nothingStored();
});

await test('input: a body that is too large: 413', async () => {
  const body = new URLSearchParams(fields('en', { next: 'x'.repeat(256 * 1024) })).toString();
  for (const headers of [{}, { Accept: json }]) kindOfNginx(await post(`/${code}`, body, { ...type, ...headers }), { status: 413, key: 'too_large' });
  await nothingStored();
});

for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS']) {
  await test(`input: ${method}: 405`, async () => {
    const body = method === 'TRACE' ? undefined : fields();
    kindOfNginx(await instance.request(`/${code}`, { method, body }), { status: 405, key: 'refused', more: { allow: 'GET, HEAD, POST' } });
    await nothingStored();
  });
}

await test('input: another Host: 421', async () => {
  for (const host of ['elsewhere.example', `elsewhere.example:${instance.port}`, '127.0.0.2'])
    kindOfNginx(await post(`/${code}`, fields(), { Host: host }), { status: 421, key: 'not_found' });
  await nothingStored();
});

await test('input: a GET that carries answers stores nothing', async () => {
  const query = new URLSearchParams(fields()).toString();
  const answer = await instance.request(`/${code}?${query}`);
  assert.equal(answer.status, 200);
  assert(!answer.text.includes('refused '));
  assert.equal((await instance.request(`/${code}`, { body: fields() })).status, 200);
  await nothingStored();
});

// Domestic abuse: whoever looks through the history of a shared phone reads titles (forms/README.md, safety: exit-page).
await test('input: no refusal at an event whose form has the exit button names the organisation in its title', async () => {
  const name = visible((await instance.request('/privacy')).text.match(/<title>(.*?)<\/title>/)[1]).split(' \u2013 ')[1];
  assert(name.length > 5);
  const own = pathOf('en');
  const answers = [
    await post(own, fields('en', { unknown: '1' })), await post(own, fields('en', { nonce: '' })), await post(own, fields('en', { version: '9' })), await post(own, fields('en', { face: 'pl' })), await post(own, fields('en', { overall: '', next: '' })),
    await post(own, 'x', { 'Content-Type': 'text/plain' }), await post(own, fields(), { Origin: 'null' }), await post(`${own}/CY`, fields()), await post(`${own}/unknown-form`, fields()),
    await instance.request(`${own}/PL`), await instance.request(`${own}/unknown-form`), await instance.request(`/${closed}`), await instance.request(`/${planned}`), await post(`/${closed}`, fields()),
  ];
  for (const { status, text } of answers) {
    const title = visible(text.match(/<title>(.*?)<\/title>/)[1]);
    assert(!title.includes(name), `${status}: ${title}`);
  }
  await nothingStored();
});

// ---- addresses --------------------------------------------------------------------------------------------------------

const long = 'A'.repeat(300);
for (const [path, status, by] of [
  [`/%2e%2e/${code}`, 400], [`/../${code}`, 400], [`/${code}/../${code}`, 404], ['/../../../../etc/passwd', 400], ['/static/../../soundings.conf', 400],
  ['/static/%2e%2e/%2e%2e/keys/content.secret', 400], ['/static/..%2f..%2fsoundings.conf', 400], ['/static/..\\..\\soundings.conf', 404, 'nginx'], ['/%2e%2e%2fkeys%2fkeyset', 400],
  [`//${code}`, 404], [`/${code}//CY`, 404], [`/${code}/CY//`, 404], [`/${code}%00`, 400], [`/${code}%00/CY`, 400], ['/static%00/', 400], [`/${code}%`, 400], [`/${code}%zz`, 400],
  [`/%${code.charCodeAt(0).toString(16)}${code.slice(1)}`, 404], [`/${code};x`, 404], [`/${code}%0d%0aSet-Cookie:x=1`, 404], [`/${code}%ff`, 404], [`/${code}/PL`, 404], [`/${code}/unknown-form`, 404],
  [`/${code}/community-conversation/CY/x`, 404], [`/${long}`, 404], [`/${code}/${long}`, 404], [`/${code}?${long}`, 200], [`/${'A'.repeat(9000)}`, 414], [`/${code}?${'A'.repeat(9000)}`, 414],
  [`/${code}?%zz=%00`, 200], ['/?code=%zz', 200], ['/?code=%00', 200],
]) {
  await test(`input: address ${path.replaceAll(code, 'CODE').slice(0, 60)}: ${status}`, async () => {
    for (const language of ['en', 'cy']) {
      const answer = await instance.exchange(Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${instance.port}\r\nAccept-Language: ${language}\r\nConnection: close\r\n\r\n`, 'latin1'));
      assert(!/root:|\[|workers/.test(answer.text.replace(/<[^>]*>/g, '')), 'no file of ours');
      if (status === 404 && by !== 'nginx') kind(answer, { status, key: 'not_found', language });
      else if (status === 200) check(answer, { status });
      else kindOfNginx(answer, { status, key: status === 404 ? 'not_found' : 'refused' });
    }
    await nothingStored();
  });
}

// ---- a body that is not as long as it says ----------------------------------------------------------------------------

const head = (length, more = '') => `POST /${code} HTTP/1.1\r\nHost: 127.0.0.1:${instance.port}\r\nContent-Type: ${type['Content-Type']}\r\nConnection: close\r\n${length === null ? '' : `Content-Length: ${length}\r\n`}${more}\r\n`;
/** The nonce last, so that whatever is cut off makes it wrong. */
const body = () => {
  const { nonce: last, ...rest } = fields();
  return `${new URLSearchParams(rest)}&nonce=${last}`;
};

for (const [name, bytes, statuses] of [
  ['shorter than the body', (text) => head(text.length - 5) + text, [400]],
  ['cut within an escape', (text) => head(text.length + 2) + `${text}%41`, [400]],
  ['none', (text) => head(null) + text, [400]],
  ['negative', (text) => head(-text.length) + text, [400]],
  ['no number', (text) => head('many') + text, [400]],
  ['hexadecimal', (text) => head(`0x${text.length.toString(16)}`) + text, [400]],
  ['beyond every number', (text) => head('9'.repeat(40)) + text, [400, 413]],
  ['twice', (text) => head(text.length, `Content-Length: ${text.length - 1}\r\n`) + text, [400]],
  ['with chunks', (text) => `${head(text.length, 'Transfer-Encoding: chunked\r\n')}${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`, [400]],
  ['in chunks, the last one missing a sign', (text) => `${head(null, 'Transfer-Encoding: chunked\r\n')}${text.length.toString(16)}\r\n${text.slice(0, -1)}\r\n0\r\n\r\n`, [400]],
  ['in chunks of no length', (text) => `${head(null, 'Transfer-Encoding: chunked\r\n')}many\r\n${text}\r\n0\r\n\r\n`, [400]],
]) {
  await test(`input: Content-Length: ${name}: ${statuses}`, async () => {
    const answer = await instance.exchange(Buffer.from(bytes(body()), 'latin1'));
    assert(statuses.includes(answer.status), String(answer.status));
    check(answer, { status: answer.status });
    assert(visible(answer.text).includes(strings.en[answer.status === 413 ? 'too_large_title' : 'refused_title']));
    await nothingStored();
  });
}

await test('input: a body in chunks is a body like any other', async () => {
  const next = marker('taken'), text = new URLSearchParams(fields('en', { next })).toString();
  const answer = await instance.exchange(Buffer.from(`${head(null, 'Transfer-Encoding: chunked\r\n')}${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`));
  check(answer, { status: 200 });
  taken.push(next);
  await nothingStored();
});

await test('input: Content-Length: longer than the body, and the line is cut: never thanked, nothing stored', async () => {
  const { socket, answer } = instance.connect(Buffer.from(head(body().length + 10) + body()));
  socket.on('connect', () => setTimeout(() => socket.end(), 200));
  const { status, text } = await answer;
  assert([0, 400, 408].includes(status), `${status} ${text}`);
  await nothingStored();
});

// Past nginx, intake itself must notice.
const socketPath = join(instance.dir, 'run/intake.sock');
const asked = (text, more = {}) => fastcgi(socketPath, {
  REQUEST_METHOD: 'POST', REQUEST_URI: `/${code}`, CONTENT_TYPE: type['Content-Type'], CONTENT_LENGTH: String(text.length), HTTP_HOST: '127.0.0.1', HTTP_ORIGIN: '', HTTP_SEC_FETCH_SITE: '', HTTP_ACCEPT: '', HTTP_ACCEPT_LANGUAGE: '', ...more,
}, text);

await test('input: FastCGI: a whole request is taken', async () => {
  const next = marker('taken');
  const answer = await asked(new URLSearchParams(fields('en', { next })).toString());
  assert.equal(answer.status, 200, answer.text);
  assert(receiptOf(answer.text));
  taken.push(next);
  await nothingStored();
});

for (const [name, status, key, params] of [
  ['CONTENT_LENGTH longer than the body', 400, 'refused', (text) => ({ CONTENT_LENGTH: String(text.length + 1) })],
  ['CONTENT_LENGTH shorter than the body', 400, 'refused', (text) => ({ CONTENT_LENGTH: String(text.length - 1) })],
  ['CONTENT_LENGTH 0 with a body', 400, 'refused', () => ({ CONTENT_LENGTH: '0' })],
  ['no CONTENT_LENGTH', 400, 'refused', () => ({ CONTENT_LENGTH: '' })],
  ['CONTENT_LENGTH with a sign', 400, 'refused', (text) => ({ CONTENT_LENGTH: `+${text.length}` })],
  ['a negative CONTENT_LENGTH', 400, 'refused', () => ({ CONTENT_LENGTH: '-1' })],
  ['CONTENT_LENGTH that wraps around', 413, 'too_large', (text) => ({ CONTENT_LENGTH: String(2n ** 64n + BigInt(text.length)) })],
  ['CONTENT_LENGTH beyond the limit', 413, 'too_large', () => ({ CONTENT_LENGTH: '262145' })],
  ['an unknown method', 405, 'refused', () => ({ REQUEST_METHOD: 'BREW' })],
  ['no method', 405, 'refused', () => ({ REQUEST_METHOD: '' })],
  ['an Origin and no Host', 403, 'foreign', () => ({ HTTP_ORIGIN: 'http://127.0.0.1', HTTP_HOST: '' })],
  ['an address with a control character', 404, 'not_found', () => ({ REQUEST_URI: `/${code}\n` })],
  ['an address without its slash', 404, 'not_found', () => ({ REQUEST_URI: code })],
  ['no address', 404, 'not_found', () => ({ REQUEST_URI: '' })],
  ['an address that is no UTF-8', 404, 'not_found', () => ({ REQUEST_URI: `/${code}\xff` })],
  ['an address that is longer than any', 404, 'not_found', () => ({ REQUEST_URI: `/${code}/${'x'.repeat(60000)}` })],
]) {
  await test(`input: FastCGI: ${name}: ${status}`, async () => {
    for (const [language, wanted] of [['en', strings.en], ['cy', strings.cy]]) {
      const text = new URLSearchParams(fields()).toString(); // the text last: a sign more or less would not be noticed otherwise
      const answer = await asked(text, { HTTP_ACCEPT_LANGUAGE: language, ...params(text) });
      assert.equal(answer.status, status, answer.text);
      assert(answer.hasEnded && answer.isComplete);
      assert(visible(answer.text).includes(wanted[`${key}_title`]) && visible(answer.text).includes(wanted[`${key}_text`]));
      assert(!answer.text.includes('refused '));
    }
    await nothingStored();
  });
}

// ---- mistakes of a person: the same page, everything kept, what is wrong and where ------------------------------------

const faces = { en: { face: 'en', overall: 'good' }, cy: { face: 'cy', overall: 'good' }, 'en-x-easy': { face: 'en-x-easy', overall: 'bad' } };
const given = (pairs) => pairs.filter(([, value]) => value !== '').map((pair) => pair.join('=')).sort();

/** Sends ANSWERS; expects MISTAKES, [field, message] in form order, as page and as JSON. Gives the page. */
const mistaken = async (face, answers, mistakes) => {
  const page = await instance.page(pathOf(face));
  const sent = [...Object.entries(page.hidden), ...answers];
  const answer = await post(page.action, new URLSearchParams(sent).toString(), type);
  check(answer, { status: 422 });
  assert.match(answer.text, new RegExp(`<html[^>]* lang="${face.slice(0, 2)}"`));
  const said = strings[face];
  assert(answer.text.includes(`<title>${said.error_page_title.split('{')[0]}`), 'the title says it first');
  const summary = answer.text.match(/<div class="govuk-error-summary"[\s\S]*?<\/ul>/)[0];
  assert(visible(summary).startsWith(said.error_summary_title), visible(summary));
  const links = [...summary.matchAll(/<a href="#([^"]*)">([\s\S]*?)<\/a>/g)].map(([, id, text]) => [id, visible(text)]);
  assert.deepEqual(links, mistakes);
  for (const [id] of mistakes) assert(answer.text.includes(` id="${id}"`), `#${id} is there`);
  assert.deepEqual(given(formFields(answer.text)), given(sent.map(([name, value]) => [name, name === 'edit' ? '1' : value.replace(/\r\n/g, '\n')])), 'everything is kept, and edit is one higher');
  const script = await post(page.action, new URLSearchParams(sent).toString(), { ...type, Accept: json });
  check(script, { status: 422, type: json });
  assert.deepEqual(JSON.parse(script.text), { state: 'mistakes', edit: 1, mistakes: mistakes.map(([field, message]) => ({ field, id: field, message })) });
  await nothingStored();
  return { page, answer };
};

const next = { en: 'What should the CPS do next?', cy: 'Beth ddylai’r CPS ei wneud nesaf?', 'en-x-easy': 'What should we do better?' };
const tooLongIn = (face) => strings[face].error_too_long.replace('{max}', '1000').replace('{label}', next[face]);

for (const [face, { overall }] of Object.entries(faces)) {
  const said = strings[face];
  const tooLong = tooLongIn(face);

  await test(`input: 10,000 letters in a text, ${face}: said, kept, and taken when it is shorter`, async () => {
    const { page, answer } = await mistaken(face, [['overall', overall], ['next', `${'x'.repeat(9950)}${`<b>"'&amp;</textarea>`.repeat(3)}`.slice(0, 10000)], ['age_band', '25_34']], [['next', tooLong]]);
    assert.match(answer.text, /id="next-error"/);
    const again = formFields(answer.text).map(([name, value]) => [name, name === 'next' ? value.slice(0, 1000) : value]);
    const thanks = await post(page.action, new URLSearchParams(again).toString(), type);
    check(thanks, { status: 200 });
    assert(receiptOf(thanks.text));
    taken.push('x'.repeat(1000));
    await nothingStored();
  });

  await test(`input: nothing answered, ${face}`, async () => {
    await mistaken(face, [], [['overall', said.error_nothing]]);
  });
}

await test('input: what is too long is counted as the browser counts it', async () => {
  await mistaken('en', [['next', '\u{1F600}'.repeat(501)]], [['next', tooLongIn('en')]]);
  await take('en', { next: '\u{1F600}'.repeat(500) });
  await take('en', { next: `y${'\r\n'.repeat(998)}y` });
  taken[taken.length - 1] = `y${'\n'.repeat(998)}y`;
  await nothingStored();
});

await test('input: the longest body that nginx lets through is a mistake like any other', async () => {
  await mistaken('en', [['next', 'x'.repeat(255 * 1024)]], [['next', tooLongIn('en')]]);
});

await test('input: an exclusive choice beside others', async () => {
  const alone = (label) => strings.en.error_exclusive.replace('{choice}', label);
  await mistaken('en', [['learned', 'hate_crime'], ['learned', 'nothing_new']], [['learned', alone('Nothing new')]]);
  await mistaken('en', [['easy', 'hard'], ['hard', 'none'], ['hard', 'time'], ['learned', 'nothing_new'], ['learned', 'other']], [['learned', alone('Nothing new')], ['hard', alone('Nothing')]]);
});

await test('input: spaces alone are no answer', async () => {
  const page = await instance.page(`/${code}`);
  const answer = await post(page.action, { ...page.hidden, next: ' \n\t\u00a0 ' });
  check(answer, { status: 422 });
  assert(visible(answer.text).includes(strings.en.error_nothing));
  await nothingStored();
});

await test('input: several mistakes are listed in the order of the form', async () => {
  await mistaken('en', [['next', 'x'.repeat(1001)], ['learned', 'review'], ['learned', 'nothing_new']], [
    ['learned', strings.en.error_exclusive.replace('{choice}', 'Nothing new')], ['next', tooLongIn('en')],
  ]);
});

await test('input: an answer to a question that turned out not relevant is dropped without a word', async () => {
  const next = marker('taken');
  await take('en', { easy: 'easy', hard: 'time', next });
  const [row] = (await instance.filed(code, taken.length)).responses.filter((found) => found.next === next);
  assert.equal(row.easy, 'easy');
  assert(!row.hard?.length);
});

// ---- in the end -------------------------------------------------------------------------------------------------------

await test('input: the export holds what was taken, and nothing else', async () => {
  const { responses } = await instance.filed(code, taken.length);
  assert.deepEqual(responses.map(({ next }) => next).sort(), taken.slice().sort());
  assert.deepEqual(instance.office('SELECT count(*) FROM quarantine'), [[0]]);
  for (const event of [planned, closed]) assert.deepEqual(instance.office(`SELECT count(*) FROM response WHERE event = '${event}'`), [[0]]);
});

await test('input: nobody was told of it: the programs logged no request, and none of them ended', async () => {
  assert(!/refused|ended|error/i.test(instance.output.replace(/quarantined="none"/g, '')), instance.output);
});

await finish();
