// sending.test.mjs: sending over a connection that dies in every way that we know of. Between the browser and the real site stands a
// line that can be cut, be silent, trickle, lose the answer of what arrived, or answer itself as a hotel's wireless does. Each time:
// nobody is thanked for what is not stored, nothing that was typed is lost, the page says in words how it stands, it goes on by
// itself, and one response with one receipt is in the office.
import assert from 'node:assert/strict';
import http from 'node:http';
import { Instance, atEnd, finish, sleep, test, until } from '../harness.mjs';
import { Spool } from '../site/spool.mjs';
import { filledIn, goOn, inPairs, launch, openSteps, readForm, receiptOn, sendButton, thanked, walk, withPage } from './browser.mjs';

const instance = await Instance.make({ conf: { spool_wait_ms: 1500 } });
const event = instance.event('--practice');
await instance.start();
const spool = new Spool(instance);
const browser = await launch();

// ---- the line -----------------------------------------------------------------------------------------------------------

/** What can happen to a POST: (request, response, pass) where pass() asks the real site, and resolves with its answer. */
const give = (response, { status, headers, body }) => {
  response.writeHead(status, headers);
  response.end(body);
};
const html = '<!doctype html><title>Guest wireless</title><h1>Log in to go on</h1><form method="post"><input name="room"></form>';
const portal = (status) => (request, response) => give(response, { status, headers: { 'Content-Type': 'text/html' }, body: html });
const json = (body) => (request, response) => give(response, { status: 200, headers: { 'Content-Type': 'application/json' }, body });
const ways = {
  pass: async (request, response, pass) => give(response, await pass()),
  cut: (request, response) => response.destroy(),
  silent: () => {},
  // It arrived and was stored; nobody here hears of it.
  lost: async (request, response, pass) => {
    await pass();
    response.destroy();
  },
  // The answer stops half way and the line is closed, as if that were all.
  half: async (request, response, pass) => {
    const { status, headers, body } = await pass();
    response.writeHead(status, headers);
    response.write(body.subarray(0, body.length / 2));
    await sleep(100);
    response.destroy();
  },
  // A byte now and then, for ever.
  trickle: async (request, response, pass) => {
    const { status, headers, body } = await pass();
    response.writeHead(status, headers);
    for (const byte of body.subarray(0, 40)) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await sleep(50);
    }
  },
  // Slow, but all of it comes.
  slow: async (request, response, pass) => {
    const { status, headers, body } = await pass();
    response.writeHead(status, headers);
    for (let at = 0; at < body.length; at += 200) {
      response.write(body.subarray(at, at + 200));
      await sleep(60);
    }
    response.end();
  },
  portal: portal(200),
  forbidden: portal(403),
  missing: portal(404),
  down: portal(503),
  gateway: portal(511),
  redirect: (request, response) => give(response, { status: 302, headers: { Location: 'http://127.0.0.1:1/login' }, body: '' }),
  null: json('null'),
  list: json('[1,2]'),
  word: json('"thanks"'),
  other: json('{"state":"ok","edit":"x"}'),
  noise: json('\u0000{"state":'),
  empty: json(''),
};

/** A line to the site: POSTs go the way that LINE.way names, all else passes. LINE.sent: what each POST carried. */
const makeLine = async () => {
  const line = { way: 'pass', sent: [] };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      if (request.method === 'POST') line.sent.push(new URLSearchParams(body.toString()));
      const pass = () => new Promise((done, fail) => {
        const onward = http.request({ host: '127.0.0.1', port: instance.port, path: request.url, method: request.method, headers: request.headers, agent: false }, (answer) => {
          const got = [];
          answer.on('data', (part) => got.push(part));
          answer.on('end', () => {
            const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
            const whole = Buffer.concat(got);
            done({ status: answer.statusCode, headers: { ...headers, 'content-length': whole.length }, body: whole });
          });
        });
        onward.on('error', fail);
        onward.end(body);
      });
      ways[request.method === 'POST' ? line.way : 'pass'](request, response, pass);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(line, { base: `http://127.0.0.1:${server.address().port}` });
};

// ---- what every way has in common -----------------------------------------------------------------------------------------

const jobs = [];
const panel = (page) => page.locator('.not-saved');
const heard = (page) => page.locator('#send [role="status"]');
const responses = (marker) => instance.exported(event).responses.filter(({ next }) => next === marker);

/** RUN(page, line, watch) at the check page, with the text MARKER typed. The clock of the page can be put forward. */
const sendTest = (name, marker, run) => jobs.push(() => test(`sending: ${name}`, async () => {
  const line = await makeLine();
  await withPage(browser, line, {}, async (page, watch) => {
    await page.clock.install();
    await openSteps(page, `/${event}/EN`);
    await goOn(page);
    const [first] = (await readForm(page))[0].fields;
    await walk(page, { [first.name]: first.choices[0].value, next: marker });
    await run(page, line, watch);
    // What a browser prints of the ways above; anything else still fails the test.
    watch.problems = watch.problems.filter((problem) => !/Failed to load resource|net::ERR_|status of \d{3}|CORS|Refused to connect|Content Security Policy.*connect-src/.test(problem));
  });
}));

/** Thanked, once, and one response is in the office; every POST had the same nonce, and each a later edit. */
const arrives = async (page, line, marker) => {
  await thanked(page).waitFor();
  assert.match(await receiptOn(page), /^[0-9A-Z]{4} /);
  await until(`a response with ${marker}`, () => responses(marker).length > 0);
  await spool.settled();
  assert.equal(responses(marker).length, 1, 'counted once');
  assert.equal(new Set(line.sent.map((fields) => fields.get('nonce'))).size, 1, 'the same nonce every time');
  const edits = line.sent.map((fields) => Number(fields.get('edit')));
  assert.deepEqual(edits, [...edits].sort((a, b) => a - b));
  assert.equal(new Set(edits).size, edits.length, `a later edit every time: ${edits}`);
};

/** It says that nothing is saved yet, to eyes and ears, and everything is still there. */
const saysSo = async (page, before, pattern = /Not saved yet: we will try again/) => {
  await panel(page).filter({ hasText: pattern }).waitFor();
  assert.match(await panel(page).innerText(), /could not save your answers just now.*still on this page/s);
  assert.match(await heard(page).textContent(), pattern);
  await sendButton(page).filter({ hasText: 'Send again' }).waitFor();
  assert.equal(await sendButton(page).getAttribute('aria-disabled'), null);
  assert.equal(await thanked(page).count(), 0);
  assert.deepEqual(await filledIn(page), before);
};

for (const way of Object.keys(ways)) {
  if (['pass', 'slow', 'silent', 'trickle'].includes(way)) continue;
  sendTest(`${way}: said, tried again by itself, once in the office`, `way ${way}`, async (page, line) => {
    const before = await filledIn(page);
    line.way = way;
    await sendButton(page).click();
    await saysSo(page, before);
    await page.clock.fastForward(4000);
    await until('a second try', () => line.sent.length === 2);
    await saysSo(page, before);
    line.way = 'pass';
    await page.clock.fastForward(8000);
    await arrives(page, line, `way ${way}`);
  });
}

sendTest('slow but whole: waited for, said while it lasts', 'way slow', async (page, line) => {
  line.way = 'slow';
  await sendButton(page).click();
  await sendButton(page).filter({ hasText: 'Sending your answers' }).waitFor();
  assert.equal(await heard(page).textContent(), 'Sending your answers');
  assert.equal(await sendButton(page).getAttribute('aria-disabled'), 'true');
  await arrives(page, line, 'way slow');
  assert.equal(line.sent.length, 1);
});

for (const way of ['silent', 'trickle']) {
  sendTest(`${way}: given up after 30 seconds, then with more patience`, `way ${way}`, async (page, line) => {
    const before = await filledIn(page);
    line.way = way;
    await sendButton(page).click();
    await until('the first try', () => line.sent.length === 1);
    await sleep(300);
    await page.clock.fastForward(25000);
    assert.equal(await panel(page).count(), 0, 'not yet');
    await page.clock.fastForward(6000);
    await saysSo(page, before);
    await page.clock.fastForward(4000);
    await until('the second try', () => line.sent.length === 2);
    await sleep(300);
    await page.clock.fastForward(45000);
    assert.match(await sendButton(page).innerText(), /Sending/);
    await page.clock.fastForward(16000);
    await saysSo(page, before);
    line.way = 'pass';
    await sendButton(page).click();
    await arrives(page, line, `way ${way}`);
  });
}

sendTest('pauses grow, from 2 seconds to a minute; after four tries it says what to do', 'pauses', async (page, line) => {
  const before = await filledIn(page);
  line.way = 'cut';
  await sendButton(page).click();
  for (const [i, pause] of [2, 5, 10, 20, 30, 60, 60].entries()) {
    await until(`try ${i + 1}`, () => line.sent.length === i + 1);
    await saysSo(page, before, i < 3 ? /Not saved yet: we will try again/ : /still not saved. Keep this page open and press “Send again”/);
    await page.clock.fastForward(pause * 1000 - 1000);
    await sleep(100);
    assert.equal(line.sent.length, i + 1, `not before ${pause} seconds`);
    await page.clock.fastForward(pause * 500 + 2000);
  }
  line.way = 'pass';
  await until('the last try', () => line.sent.length === 8);
  await page.clock.fastForward(100000);
  await arrives(page, line, 'pauses');
});

sendTest('offline, and back: sent at once', 'offline and back', async (page, line) => {
  const before = await filledIn(page);
  await page.context().setOffline(true);
  await sendButton(page).click();
  await saysSo(page, before, /You are not connected right now/);
  await page.context().setOffline(false);
  await arrives(page, line, 'offline and back');
});

sendTest('“Send again” does not wait for the pause', 'pressed', async (page, line) => {
  line.way = 'down';
  for (let i = 1; i <= 5; i++) {
    await sendButton(page).click();
    await until(`try ${i}`, () => line.sent.length === i);
    await sendButton(page).filter({ hasText: 'Send again' }).waitFor();
  }
  line.way = 'pass';
  await sendButton(page).click();
  await arrives(page, line, 'pressed');
});

sendTest('a change while it waits: nothing is sent behind one’s back; then the changed answer, once', 'changed', async (page, line) => {
  line.way = 'lost';
  await sendButton(page).click();
  await panel(page).waitFor();
  await page.locator('.check a[href="#question-next"]').click();
  await page.clock.fastForward(10000);
  await sleep(200);
  assert.equal(line.sent.length, 1);
  assert.equal(await panel(page).count(), 0);
  await page.locator('#next').fill('changed afterwards');
  line.way = 'pass';
  await goOn(page);
  await sendButton(page).click();
  await arrives(page, line, 'changed afterwards');
  assert.equal(responses('changed').length, 0, 'the later edit counts');
});

sendTest('twice in a row on a slow line: one request', 'twice', async (page, line) => {
  line.way = 'slow';
  await sendButton(page).dblclick();
  await arrives(page, line, 'twice');
  assert.equal(line.sent.length, 1);
});

await inPairs(jobs);
await finish();
