// headers.test.mjs: every answer, of a program or of nginx itself, carries exactly the headers that it must: each once, none more,
// and of the pages none that a browser or a proxy could keep them by.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Instance, build, finish, nonce, readAnswer, receiptOf, root, scratch, test } from '../harness.mjs';
import { assetSecurity, check, html, json, once } from './answer.mjs';

const asset = 'public, max-age=31536000, immutable';

// ---- an instance with an event in every state ------------------------------------------------------------------------

// A second form, so that one event has a choice of forms.
const forms = join(scratch(), 'forms');
cpSync(join(root, 'forms'), forms, { recursive: true });
cpSync(join(root, 'forms/community-conversation'), join(forms, 'second-form'), { recursive: true });
const second = join(forms, 'second-form/form.yaml');
writeFileSync(second, readFileSync(second, 'utf8').replace('form: community-conversation', 'form: second-form'));
const instance = await Instance.make({ conf: { workers: 2, spool_wait_ms: 1500 }, forms: ['community-conversation', 'second-form'].map((name) => join(forms, name)), formsDir: forms });
const form = ['--form', 'community-conversation'];
const practice = instance.event('--practice', ...form);
const planned = instance.event(...form);
const closed = instance.event('--open', ...form);
const welsh = instance.event('--open', '--area', 'cymru-wales', ...form);
const two = instance.event('--open', ...form, '--form', 'second-form');
instance.cli(['event', 'close', closed, '--now']);
await instance.start();

const fields = (more = {}) => ({ nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', ...more });
const own = { Host: `127.0.0.1:${instance.port}`, Connection: 'close' };
const raw = (line, headers = own, body = '') => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return instance.exchange(Buffer.from(`${line}\r\n${lines}\r\n${body}`, 'latin1'));
};
const post = (path, body, headers = {}) => instance.request(path, { method: 'POST', body, headers });
const missing = { status: 404 };

// ---- what is read -----------------------------------------------------------------------------------------------------

const pages = [
  ['the first page', '/', { status: 200 }],
  ['the first page, asked for with a code', `/?code=${practice}`, { status: 200 }],
  ...['withdraw', 'withdraw/CY', 'privacy', 'privacy/CY', 'accessibility', 'accessibility/EN-X-EASY', 'cookies'].map((path) => [`/${path}`, `/${path}`, { status: 200 }]),
  ...['', '/CY', '/EN-X-EASY', '/community-conversation/CY', '?anything=1'].map((path) => [`a form: /CODE${path}`, `/${practice}${path}`, { status: 200 }]),
  ['the choice of a language', `/${welsh}`, { status: 200 }],
  ['the choice of a form', `/${two}`, { status: 200 }],
  ['an event that is not open yet', `/${planned}`, { status: 200 }],
  ['an event that is closed', `/${closed}`, { status: 200 }],
  ['an unknown code', '/ABCDE2', missing],
  ['an unknown page', '/nothing/of/ours', missing],
  ['an unknown language', `/${practice}/PL`, missing],
  ['an unknown static file (nginx)', '/static/none.css', missing],
  ['the folder of static files (nginx)', '/static/', { status: 403 }],
  ["nginx's own pages, asked for (nginx)", '/_pages/refused.html', missing],
  ["nginx's inner address, asked for (nginx)", '/_down', missing],
];

for (const [name, path, expected] of pages) {
  await test(`headers: ${name}`, async () => {
    const answer = await instance.request(path, { headers: { Cookie: 'id=1', 'If-Modified-Since': new Date(Date.now() + 1e6).toUTCString() } });
    check(answer, expected);
    const head = await instance.request(path, { method: 'HEAD' });
    check(head, expected);
    assert.equal(head.text, '', 'HEAD has no body');
    assert.equal(head.headers['content-length'], answer.headers['content-length'], 'HEAD says how long GET would be');
    assert.equal(Number(answer.headers['content-length']), answer.bytes.length);
  });
}

await test('headers: JSON where there is no page for a script', async () => {
  check(await instance.request('/nothing/of/ours', { headers: { Accept: json } }), { ...missing, type: json });
});

// ---- what is sent -----------------------------------------------------------------------------------------------------

const posts = [
  ['thank-you', { status: 200 }, fields()],
  ['another language', { status: 200 }, fields({ to: 'cy' })],
  ['mistakes', { status: 422 }, fields({ overall: '' })],
  ['an unknown field', { status: 400 }, fields({ unknown: 'x' })],
  ['an unknown form version', { status: 400 }, fields({ version: '99' })],
  ['from another site', { status: 403 }, fields(), { Origin: 'https://elsewhere.example' }],
  ['another type', { status: 415 }, 'x', { 'Content-Type': 'text/plain' }],
  ['too large (nginx)', { status: 413 }, fields({ next: 'x'.repeat(300000) })],
];
for (const [name, expected, body, headers] of posts)
  for (const [how, type] of [['page', html], ['script', json]]) {
    const isNginx = name.endsWith('(nginx)');
    await test(`headers: POST, ${name}, ${how}`, async () => {
      const sent = typeof body === 'string' ? body : { ...body, nonce: nonce() };
      const answer = await post(`/${practice}`, sent, { ...headers, Cookie: 'id=1', ...(how === 'script' ? { Accept: json } : {}) });
      check(answer, { ...expected, type: isNginx ? html : type });
      if (name === 'thank-you') assert(how === 'page' ? receiptOf(answer.text) : JSON.parse(answer.text).receipt);
    });
  }

await test('headers: POST to an event that is not open, closed, unknown, and to a page', async () => {
  check(await post(`/${planned}`, fields()), { status: 403 });
  check(await post(`/${closed}`, fields()), { status: 410 });
  check(await post('/ABCDE2', fields()), missing);
  check(await post('/', { code: 'ABC' }), { status: 422 });
  check(await post('/', { code: practice }), { status: 303, more: { location: `/${practice}` } });
  check(await post('/privacy', fields()), missing);
  check(await post('/static/none.css', fields()), missing);
});

await test('headers: not saved, while the spooler hangs', async () => {
  const spooler = instance.main('spooler');
  process.kill(spooler, 'SIGSTOP');
  try {
    const more = { 'retry-after': '5' };
    check(await post(`/${practice}`, fields()), { status: 503, more });
    check(await post(`/${practice}`, fields(), { Accept: json }), { status: 503, type: json, more });
  } finally {
    process.kill(spooler, 'SIGCONT');
  }
});

// ---- what only nginx sees ---------------------------------------------------------------------------------------------

const broken = [
  ...['PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT'].map((method) => [method, `${method} /${practice} HTTP/1.1`, { status: 405, more: { allow: 'GET, HEAD, POST' } }]),
  ['DELETE of a static file', 'DELETE /static/none.css HTTP/1.1', { status: 405, more: { allow: 'GET, HEAD, POST' } }],
  ['another host', 'GET / HTTP/1.1', { status: 421 }, { ...own, Host: 'elsewhere.example' }],
  ['another host, whole address', 'GET http://elsewhere.example/ HTTP/1.1', { status: 421 }],
  ['no host', 'GET / HTTP/1.1', { status: 400 }, { Connection: 'close' }],
  ['two hosts', 'GET / HTTP/1.1', { status: 400 }, { ...own, host: 'elsewhere.example' }],
  ['an address that is too long', `GET /${'a'.repeat(9000)} HTTP/1.1`, { status: 414 }],
  ['a header that is too long', 'GET / HTTP/1.1', { status: 400 }, { ...own, Much: 'x'.repeat(40000) }],
  ['an escape that is none', 'GET /%zz HTTP/1.1', { status: 400 }],
  ['no HTTP', 'hello', { status: 400 }, {}],
  ['HTTP of another kind', 'GET / HTTP/9.9', { status: 505 }],
];
for (const [name, line, expected, headers] of broken) {
  await test(`headers: ${name} (nginx)`, async () => {
    const answer = await raw(line, headers);
    check(answer, expected);
    assert.match(answer.text, /<html[^>]* lang="en"[\s\S]* lang="cy"/, 'a kind page in every language');
  });
}

// ---- static files -----------------------------------------------------------------------------------------------------

const types = { css: 'text/css', js: 'application/javascript; charset=utf-8', svg: 'image/svg+xml' };
const names = [...new Set(`${(await instance.request(`/${practice}`)).text}`.match(/\/static\/[^"]+/g))];

await test('headers: a form uses one style and a rare one, one script and one picture', async () => {
  assert.deepEqual(names.map((name) => name.split('.').pop()).sort(), ['css', 'css', 'js', 'svg']);
});

for (const name of names) {
  const file = name.replace(/^.*\//, '');
  await test(`headers: static ${file.replace(/-[^.]*/, '')}, kept for ever, compressed or not`, async () => {
    const bytes = readFileSync(join(build, '../static', file));
    const plain = await instance.request(name), type = types[file.split('.').pop()];
    const { etag, 'last-modified': changed } = plain.headers;
    assert(etag && changed);
    check(plain, { status: 200, type, cache: asset, headers: assetSecurity, more: { etag, 'last-modified': changed } });
    assert(plain.bytes.equals(bytes));
    const packed = await instance.request(name, { headers: { 'Accept-Encoding': 'gzip' } });
    check(packed, { status: 200, type, cache: asset, headers: assetSecurity, more: { 'content-encoding': 'gzip', etag: packed.headers.etag, 'last-modified': packed.headers['last-modified'] } });
    assert(gunzipSync(packed.bytes).equals(bytes) && packed.bytes.length < bytes.length);
    for (const answer of [plain, packed]) assert.equal(answer.headers.vary, 'Accept-Encoding');
    const head = await instance.request(name, { method: 'HEAD' });
    check(head, { status: 200, type, cache: asset, headers: assetSecurity, more: { etag, 'last-modified': changed } });
    assert.equal(head.bytes.length, 0);
    const known = await instance.request(name, { headers: { 'If-None-Match': etag } });
    assert.equal(known.status, 304);
    const found = once(known);
    for (const [header, value] of Object.entries({ ...assetSecurity, 'cache-control': asset })) assert.equal(found[header], value, header);
    const part = await instance.request(name, { headers: { Range: 'bytes=0-9' } });
    assert.equal(part.status, 200, 'no parts: a page is small');
  });
}

// ---- compression ------------------------------------------------------------------------------------------------------

for (const [name, path, status] of [['a form', `/${practice}`, 200], ['a notice', '/privacy', 200], ['an unknown page', '/nothing/of/ours', 404], ["nginx's own page", '/static/none.css', 404]]) {
  await test(`headers: ${name} is compressed for who asks for it`, async () => {
    const packed = await instance.request(path, { headers: { 'Accept-Encoding': 'gzip, deflate, br' } });
    check(packed, { status, more: { 'content-encoding': 'gzip' } });
    assert.equal(packed.headers.vary, 'Accept-Encoding');
    const plain = await instance.request(path);
    check(plain, { status });
    assert.equal(plain.headers.vary, 'Accept-Encoding');
    const without = (text) => text.replace(/name="nonce" value="[0-9a-f]{40}"/, '');
    assert.equal(without(gunzipSync(packed.bytes).toString('utf8')), without(plain.text));
    assert(packed.bytes.length < plain.bytes.length * 0.7, `${packed.bytes.length} of ${plain.bytes.length} bytes`);
  });
}

// ---- when a program is away -------------------------------------------------------------------------------------------

await test('headers: intake has nothing to serve from', async () => {
  const fresh = await Instance.make({ conf: { workers: 1 } });
  await fresh.start();
  renameSync(join(fresh.dir, 'catalogue/current'), join(fresh.dir, 'catalogue/was-current'));
  check(await fresh.request('/'), { status: 503, more: { 'retry-after': '5' } });
  check(await fresh.request('/', { method: 'HEAD' }), { status: 503, more: { 'retry-after': '5' } });
  await fresh.stop();
});

await test('headers: intake does not answer', async () => {
  const socket = join(instance.dir, 'run/intake.sock');
  renameSync(socket, `${socket}.away`);
  try {
    check(await instance.request('/'), { status: 502, more: { 'retry-after': '5' } });
    check(await post(`/${practice}`, fields()), { status: 502, more: { 'retry-after': '5' } });
  } finally {
    renameSync(`${socket}.away`, socket);
  }
  check(await instance.request('/'), { status: 200 });
});

await test('headers: more than a hall would ask for at once (nginx)', async () => {
  const one = `HEAD /static/none.css HTTP/1.1\r\nHost: ${own.Host}\r\n`;
  const parts = [];
  const { socket } = instance.connect(Buffer.from(`${one}\r\n`.repeat(900) + `${one.replace('HEAD', 'GET')}Connection: close\r\n\r\n`));
  socket.on('data', (part) => parts.push(part));
  await new Promise((done) => socket.on('close', done));
  const bytes = Buffer.concat(parts), text = bytes.toString('latin1');
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
  assert.equal(statuses.length, 901);
  assert(statuses.indexOf(429) >= 500, `the first refusal is number ${statuses.indexOf(429)}: a hall has room for 600, less what came just before`);
  const last = readAnswer(bytes.subarray(text.lastIndexOf('HTTP/1.1 ')));
  check(last, { status: 429, more: { 'retry-after': '5' } });
  assert(last.isComplete);
});

await finish();
