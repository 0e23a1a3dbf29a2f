// privacy.test.mjs: the marker test. A thousand responses with markers in addresses, answers and nonces; then a search of every
// byte of the instance. First the search must find a marker where one was planted, or it proves nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Instance, finish, nonce, root, scratch, spearman, test } from '../harness.mjs';

const instance = await Instance.make();
const event = instance.event('--open', '--place', 'Slough');
await instance.start();
const dir = scratch();

const python = (...args) => {
  const result = spawnSync('/usr/bin/python3', [join(root, 'tests/site/privacy.py'), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
};

/** One response from its own address (all of 127.0.0.0/8 is this machine). */
const send = (fields, address, headers = {}) => new Promise((done, fail) => {
  const body = new URLSearchParams(fields).toString();
  const request = http.request({
    host: '127.0.0.1', port: instance.port, path: `/${event}`, method: 'POST', localAddress: address, agent: false,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), Accept: 'application/json', ...headers },
  }, (response) => {
    let text = '';
    response.on('data', (part) => { text += part; });
    response.on('end', () => done({ status: response.statusCode, text }));
  });
  request.on('error', fail);
  request.end(body);
});

// Sequence numbers are written as words without order, so that only this list knows who came when.
const word = (i) => `marker${createWord(i)}x`;
const words = new Map();
function createWord(i) {
  if (!words.has(i)) words.set(i, nonce().slice(0, 16));
  return words.get(i);
}
const people = Array.from({ length: 1000 }, (_, i) => ({
  text: word(i), nonce: `feedfacecafe${nonce().slice(12)}`, address: `127.${1 + (i % 200)}.${3 + (i % 250)}.${7 + (i % 240)}`, agent: `agent${nonce().slice(0, 12)}`, cookie: `cookie${nonce().slice(0, 12)}`,
}));
const fieldsOf = (person) => ({
  nonce: person.nonce, version: '1', edit: '0', at: '', face: 'en', overall: 'good', next: person.text, age_band: '25_34', religion: 'muslim',
});
const sendAll = async (list) => {
  for (const person of list) {
    const { status, text } = await send(fieldsOf(person), person.address, { 'User-Agent': person.agent, Cookie: `id=${person.cookie}`, 'X-Forwarded-For': person.address });
    assert.equal(status, 200, text);
    person.receipt = JSON.parse(text).receipt.replace(/ /g, '');
  }
};

const [collector] = instance.pids('collector');
assert(collector, 'the collector runs');

await test('privacy: 500 arrivals, and the order in the spool says nothing', async () => {
  process.kill(collector, 'SIGSTOP');
  const first = people.slice(0, 500);
  await sendAll(first);
  const copy = join(dir, 'spool.db');
  const file = readdirSync(join(instance.dir, 'spool')).find((name) => name.endsWith('.db'));
  copyFileSync(join(instance.dir, 'spool', file), copy);
  const rows = python('spool', copy, join(instance.dir, 'keys/periods'));
  assert.equal(rows.length, 500);
  const place = new Map(rows.map(([text, key, offset]) => [text, { key: Number(BigInt(key) >> 11n), offset: Number(offset) }]));
  const arrival = first.map((_, i) => i);
  for (const what of ['key', 'offset']) {
    const rho = spearman(arrival, first.map((person) => place.get(person.text)[what]));
    console.log(`# spool ${what}: Spearman ${rho.toFixed(3)}`);
    assert(Math.abs(rho) <= 0.2, `${what} follows arrival: ${rho}`);
  }
  assert.deepEqual([...new Set(rows.map((row) => Number(row[3])))].filter((size) => ![1024, 4096, 16384, 65536].includes(size - 136)), [], 'only bucket sizes');
  assert.deepEqual([...new Set(rows.map((row) => row[3]))], ['1160'], 'these are all of the smallest bucket');
});

await test('privacy: while envelopes wait, no answer, address or nonce is anywhere outside the seal', async () => {
  const markers = people.slice(0, 500).flatMap((person) => [person.text, person.nonce, person.address, person.agent, person.cookie, person.receipt]);
  const list = join(dir, 'markers-1');
  writeFileSync(list, markers.join('\n'));
  const planted = join(instance.dir, 'run', 'planted');
  writeFileSync(planted, `something ${people[7].text} ${people[8].address} ${people[9].nonce} in the middle`);
  const found = python('search', instance.dir, list);
  rmSync(planted);
  process.kill(collector, 'SIGCONT');
  assert.deepEqual(found.map(([file]) => file), ['run/planted', 'run/planted', 'run/planted'], 'the search finds what was planted, three markers, and nothing else');
});

await test('privacy: 500 more as they come, filed, released', async () => {
  await sendAll(people.slice(500));
  instance.cli(['event', 'close', event, '--now']);
  instance.cli(['event', 'release', event]);
  const out = instance.exported(event);
  assert.deepEqual(out.responses.map((row) => row.next).sort(), people.map((person) => person.text).sort());
});

await test('privacy: row ids, places in the office file and export order say nothing about arrival', async () => {
  const second = people.slice(500);
  const out = instance.exported(event).responses.map((row) => row.next);
  // What nginx itself would write about somebody whom no program answers.
  unlinkSync(join(instance.dir, 'run/intake.sock'));
  for (const person of people.slice(0, 20)) {
    const { status } = await send(fieldsOf(person), person.address);
    assert.equal(status, 502);
  }
  await instance.stop();
  const rows = new Map(python('office', join(instance.dir, 'office/office.db'), 'next').map(([text, row, offset]) => [text, { row: Number(BigInt(row) >> 11n), offset: Number(offset) }]));
  assert.equal(rows.size, 1000);
  const arrival = second.map((_, i) => i);
  for (const what of ['row', 'offset']) {
    const rho = spearman(arrival, second.map((person) => rows.get(person.text)[what]));
    console.log(`# office ${what}: Spearman ${rho.toFixed(3)}`);
    assert(Math.abs(rho) <= 0.2, `${what} follows arrival: ${rho}`);
  }
  const order = new Map(out.map((text, i) => [text, i]));
  const rho = spearman(arrival, second.map((person) => order.get(person.text)));
  console.log(`# export order: Spearman ${rho.toFixed(3)}`);
  assert(Math.abs(rho) <= 0.2, `export order follows arrival: ${rho}`);
});

await test('privacy: afterwards no address, agent, cookie, nonce or receipt is anywhere, and answers only in the office', async () => {
  const list = join(dir, 'markers-2'), answers = join(dir, 'markers-3');
  writeFileSync(list, people.flatMap((person) => [person.nonce, person.address, person.agent, person.cookie, person.receipt]).join('\n'));
  writeFileSync(answers, people.map((person) => person.text).join('\n'));
  assert.deepEqual(python('search', instance.dir, list), []);
  const files = new Set(python('search', instance.dir, answers).map(([file]) => file));
  assert.deepEqual([...files], ['office/office.db'], 'the same search finds every answer in the office, and only there');
  assert.equal(python('search', instance.dir, answers).length, 1000);
});

await test('privacy: no table holds a time of day', async () => {
  const office = python('times', join(instance.dir, 'office/office.db'));
  assert.deepEqual(office.filter(([column]) => column !== 'event.grace_until'), []);
  for (const name of readdirSync(join(instance.dir, 'spool')).filter((file) => file.endsWith('.db')))
    assert.deepEqual(python('times', join(instance.dir, 'spool', name)), []);
});

await test('privacy: what the programs said holds no address, code, answer or time', async () => {
  for (const person of people)
    for (const marker of [person.text, person.nonce, person.address, person.agent, person.cookie, person.receipt])
      assert(!instance.output.includes(marker));
  assert(!/\d\d:\d\d/.test(instance.output.replace(/127\.0\.0\.1:\d+/g, '')), instance.output);
});

await finish();
