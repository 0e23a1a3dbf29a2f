// smuggle.test.mjs: what must not be two requests, or another one than it says: security.md, E3. Every trick gets exactly one answer, 4xx or 5xx,
// stores nothing and spoils nothing for whoever comes next. What nginx takes on purpose (a bare line feed, a chunked body) is one request too.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { Instance, finish, receiptOf, test } from '../harness.mjs';
import { Spool } from './spool.mjs';

const ANSWER_MS = 12000; // nginx waits 10 s for a header that does not end

const instance = await Instance.make({ conf: { batch_min: 1 } });
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
  const socket = net.connect(instance.port, '127.0.0.1', () => socket.write(bytes));
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
const lengths = [
  ['length and chunked', post([host, form, `Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'], chunked(body))],
  ['chunked and length', post([host, form, 'Transfer-Encoding: chunked', 'Content-Length: 4'], `${chunked(body)}${hidden}`)],
  ['a length of 0 and chunked', post([host, form, 'Content-Length: 0', 'Transfer-Encoding: chunked'], chunked(body) + hidden)],
  ['chunked twice', post([host, form, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], chunked(body))],
  ['chunked, identity', post([host, form, 'Transfer-Encoding: chunked, identity'], chunked(body))],
  ['identity, chunked', post([host, form, 'Transfer-Encoding: identity, chunked'], chunked(body))],
  ['xchunked', post([host, form, 'Transfer-Encoding: xchunked'], chunked(body))],
  ['chunked after a vertical tab', post([host, form, 'Transfer-Encoding: \x0bchunked'], chunked(body))],
  ['chunked in quotes', post([host, form, 'Transfer-Encoding: "chunked"'], chunked(body))],
  ['gzip, chunked', post([host, form, 'Transfer-Encoding: gzip, chunked'], chunked(body))],
  ['a length twice, the same', post([host, form, `Content-Length: ${body.length}`, `Content-Length: ${body.length}`], body)],
  ['a length twice, another', post([host, form, `Content-Length: ${body.length}`, 'Content-Length: 0'], body + hidden)],
  ['two lengths in a line', post([host, form, `Content-Length: ${body.length}, ${body.length}`], body)],
  ...['+4', '-4', '0x4', '4 4', '4a', ' 4;', '', '1e1', '18446744073709551616', '9223372036854775808', '4\u0000'].map((value) => [`a length of ${JSON.stringify(value)}`, post([host, form, `Content-Length: ${value}`], body)]),
  ['a space before the colon', post([host, form, `Content-Length : ${body.length}`], body)],
  ['a space before the colon of chunked', post([host, form, 'Transfer-Encoding : chunked'], chunked(body))],
  ['a tab before the colon', post([host, form, `Content-Length\t: ${body.length}`], body)],
  ['a line that is folded', post([host, form, 'Transfer-Encoding:', ' chunked'], chunked(body))],
  ['a chunk of -1', post([host, form, 'Transfer-Encoding: chunked'], `-1\r\n${body}\r\n0\r\n\r\n`)],
  ['a chunk without a length', post([host, form, 'Transfer-Encoding: chunked'], `\r\n${body}\r\n0\r\n\r\n`)],
  ['a chunk that is longer than it says', post([host, form, 'Transfer-Encoding: chunked'], `4\r\n${body}\r\n0\r\n\r\n`)],
  ['a chunk of 2^64', post([host, form, 'Transfer-Encoding: chunked'], `10000000000000000\r\n${body}\r\n0\r\n\r\n`)],
  ['a chunk in hexadecimal with 0x', post([host, form, 'Transfer-Encoding: chunked'], `0x4\r\nabcd\r\n0\r\n\r\n`)],
  ['a body with neither length nor chunks', post([host, form, close], body)],
  ['chunked in HTTP/1.0', post([host, form, 'Transfer-Encoding: chunked'], chunked(body)).replace('HTTP/1.1', 'HTTP/1.0')],
];
for (const [name, bytes] of lengths) await test(`smuggle: ${name}: one refusal`, () => refused(bytes));

// ---- lines and headers ------------------------------------------------------------------------------------------------

const get = (path, headers = [host, close], version = 'HTTP/1.1') => `GET ${path} ${version}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;
const lines = [
  ['no host', get('/', [close])],
  ['an empty host', get('/', ['Host:', close])],
  ['two hosts', get('/', [host, 'Host: evil.example', close])],
  ['another host', get('/', ['Host: evil.example', close])],
  ['a host with a slash', get('/', ['Host: 127.0.0.1/evil', close])],
  ['a host with a space', get('/', ['Host: 127.0.0.1 evil.example', close])],
  ['a host with a NUL', get('/', ['Host: 127.0.0.1\u0000', close])],
  ['an absolute address of another host', get('http://evil.example/', [host, close])],
  ['an absolute address of another host, with ours as user', get(`http://127.0.0.1:${instance.port}@evil.example/`, [host, close])],
  ['an absolute https address', get('https://evil.example/', [host, close])],
  ['CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n\r\n`],
  ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n\r\n`],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`],
  ['a method in lower case', `get / HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`],
  ['a method with a NUL', `GE\u0000T / HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`],
  ['HTTP/2.0', get('/', [host, close], 'HTTP/2.0')],
  ['HTTP/11', get('/', [host, close], 'HTTP/11')],
  ['hTTP/1.1', get('/', [host, close], 'hTTP/1.1')],
  ['a header with a NUL', get('/', [host, 'X-A: a\u0000b', close])],
  ['a header without a name', get('/', [host, ': a', close])],
  ['a header without a colon and a body', post([host, form, 'Content-Length'], body)],
  ['a bare carriage return in a header', get('/', [host, `X-A: a\rTransfer-Encoding: chunked`, close])],
  ['a line of 9 KB', get(`/${'a'.repeat(9 * 1024)}`)],
  ['a line of 100 KB', get(`/${'a'.repeat(100 * 1024)}`)],
  ['a header of 9 KB', get('/', [host, `X-A: ${'a'.repeat(9 * 1024)}`, close])],
  ['40 KB of headers', get('/', [host, ...Array.from({ length: 40 }, (_, i) => `X-${i}: ${'a'.repeat(1000)}`), close])],
  ['20,000 headers', get('/', [host, ...Array.from({ length: 20000 }, (_, i) => `X-${i}: a`), close])],
  ['a flood of one header', get('/', [host, ...Array.from({ length: 5000 }, () => 'Cookie: a=b'), close])],
  ['TLS to a plain port', Buffer.from('16030100a5010000a10303', 'hex')],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a line of PROXY', `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${get('/')}`],
];
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
