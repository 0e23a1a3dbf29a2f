// smuggle.test.mjs: what must not be two requests, or another one than it says: security.md, E3. Every trick gets exactly one answer, 4xx or 5xx,
// stores nothing and spoils nothing for whoever comes next. What nginx takes on purpose (a bare line feed, a chunked body) is one request too.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { Instance, finish, receiptOf, test } from '../harness.mjs';
import { lengthTricks, lineTricks } from './smuggling.mjs';
import { Spool } from './spool.mjs';

const ANSWER_MS = 12000; // nginx waits 10 s for a header that does not end

const instance = await Instance.make({ conf: { batch_min: 1 } });
instance.addresses = 20;
const practice = instance.event('--practice');
await instance.start();
const spool = new Spool(instance);
const page = await instance.page(`/${practice}`);
const host = `Host: 127.0.0.1:${instance.port}`;
let number = 0;

/** The body of a response that nobody has sent yet, and the word by which it would be found. */
const response = (word = `smuggled ${++number}`) => new URLSearchParams({ ...page.hidden, nonce: randomBytes(20).toString('hex'), overall: 'good', next: word }).toString();
const post = (headers, body = '', path = page.action) => `POST ${path} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${body}`;
const form = 'Content-Type: application/x-www-form-urlencoded';
const close = 'Connection: close';

/** Sends BYTES as they are; what comes until the other side ends, or until nothing more has come for IDLE_MS. */
const raw = (bytes, idleMs = 400) => new Promise((done, fail) => {
  const parts = [];
  let timer = null;
  const socket = net.connect({ port: instance.port, host: '127.0.0.1', localAddress: instance.localAddress() }, () => socket.write(bytes));
  const end = () => {
    clearTimeout(timer);
    clearTimeout(last);
    socket.destroy();
    done(Buffer.concat(parts));
  };
  const last = setTimeout(end, ANSWER_MS);
  socket.on('data', (part) => {
    parts.push(part);
    clearTimeout(timer);
    timer = setTimeout(end, idleMs);
  });
  socket.on('error', (error) => (['ECONNRESET', 'EPIPE'].includes(error.code) ? end() : fail(error)));
  socket.on('close', end);
});

/** Status codes of all answers in BYTES. */
const statuses = (bytes) => [...bytes.toString('latin1').matchAll(/HTTP\/1\.[01] (\d{3}) [^\r\n]*\r\n/g)].map(([, status]) => Number(status));

const goes = async () => {
  const fresh = await instance.request(`/${practice}`);
  assert.equal(fresh.status, 200);
  assert.match(fresh.text, /<form id="answers"/);
};

const refused = async (bytes, { expected = null } = {}) => {
  const found = statuses(await raw(bytes));
  assert.equal(found.length, 1, `one answer, not ${found.length}: ${found.join(' ')}`);
  assert(expected ? expected.includes(found[0]) : found[0] >= 400 && found[0] < 600, `status ${found[0]}`);
  await goes();
};

// ---- where a request ends --------------------------------------------------------------------------------------------

const hidden = `GET /${practice} HTTP/1.1\r\n${host}\r\n\r\n`; // what is smuggled
const body = response();
const chunked = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const lengths = lengthTricks({ host, action: page.action, body, hidden });
for (const [name, bytes] of lengths) await test(`smuggle: ${name}: one refusal`, () => refused(bytes));

// ---- lines and headers ------------------------------------------------------------------------------------------------

const get = (path, headers = [host, close], version = 'HTTP/1.1') => `GET ${path} ${version}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;
const lines = lineTricks({ host, action: page.action, body });
for (const [name, bytes] of lines) await test(`lines: ${name}: one refusal`, () => refused(bytes));

await test('lines: HTTP/0.9: no header, no page of ours, or a refusal', async () => {
  const got = (await raw(`GET /${practice}\r\n`)).toString('utf8');
  assert(statuses(Buffer.from(got)).every((status) => status >= 400) && !got.includes('<form id="answers"'), got.slice(0, 200));
  await goes();
});

// ---- paths -------------------------------------------------------------------------------------------------------------

const paths = ['/../etc/passwd', '/static/../../soundings.conf', '/static/..%2f..%2fsoundings.conf', '/static/%2e%2e/%2e%2e/soundings.conf', '/static/%2e%2e%2f%2e%2e%2fkeys/content.secret', '/static../soundings.conf',
  '/static/%252e%252e%252fsoundings.conf', '/static/..%5c..%5csoundings.conf', '/static/..%c0%af..%c0%afsoundings.conf', '/static//../keys/keyset', '/static/./../../office/office.db', '/%00', `/${practice}%00.html`, '/static/%00', '/%ff',
  '/%', '/%2', '/%zz', '/_pages/not-saved.html', '/_pages/', '/_down', '/static/', '/static', '/.git/config', '/soundings.conf', '/run/nginx.conf', '/run/append.sock', '/keys/periods/', '/office/office.db', '/catalogue/current/manifest',
  `/${practice}/../../keys`, `/${practice}/EN/x/y/z`, `/${practice};a=b`, `/${practice}\\..`, '/a b', '/\u00e9', 'static/', '', '*', '?', '//evil.example/%2f..', '/%2f%2fevil.example'];
for (const path of paths) {
  await test(`paths: ${JSON.stringify(path)}: one refusal, and nothing of the machine`, async () => {
    const bytes = await raw(Buffer.from(get(path), 'utf8'));
    const [first, ...more] = statuses(bytes), text = bytes.toString('latin1');
    assert.equal(more.length, 0, 'one answer');
    assert(first >= 400 && first < 600, `status ${first}`);
    assert(!/root:|listen = |worker_processes|SQLite format|"serial"|PRIVATE/.test(text), text.slice(0, 300));
    assert(!/^location:/im.test(text), 'leads nowhere else');
    await goes();
  });
}

// ---- what is taken on purpose --------------------------------------------------------------------------------------------

await test('taken: a chunked body, with an extension and a trailer, is one response', async () => {
  const word = 'taken chunked', text = response(word), half = Math.floor(text.length / 2);
  const pieces = [text.slice(0, half), text.slice(half)].map((piece) => `${piece.length.toString(16)};a=b\r\n${piece}\r\n`).join('');
  const bytes = await raw(post([host, form, 'Transfer-Encoding: chunked', 'Trailer: Content-Length', close], `${pieces}0\r\nContent-Length: 4\r\nX-Evil: 1\r\n\r\n`));
  assert.deepEqual(statuses(bytes), [200]);
  assert(receiptOf(bytes.toString('utf8')));
  await goes();
});

await test('taken: lines that end in a bare line feed are one request (nginx stands in front alone: security.md, E3)', async () => {
  const text = response('taken line feed');
  const bytes = await raw(post([host, form, `Content-Length: ${text.length}`, close], text).replaceAll('\r\n', '\n'));
  assert.deepEqual(statuses(bytes), [200]);
  await goes();
});

await test('taken: HTTP/1.10 is HTTP/1.1 to nginx, and one request', async () => {
  assert.deepEqual(statuses(await raw(get(`/${practice}`, [host, close], 'HTTP/1.10') + hidden)), [200]);
});

await test('taken: two requests one after the other on a connection are two answers: the counting works', async () => {
  assert.deepEqual(statuses(await raw(get(`/${practice}`, [host]) + get(`/${practice}`, [host, close]))), [200, 200]);
});

await test('taken: nothing that was refused was stored', async () => {
  await spool.settled();
  const words = instance.exported(practice).responses.map(({ next }) => next);
  assert(words.includes('taken chunked') && words.includes('taken line feed'));
  assert.deepEqual(words.filter((word) => !word.startsWith('taken')), []);
});

await finish();
