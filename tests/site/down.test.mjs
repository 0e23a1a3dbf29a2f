// down.test.mjs: what nginx says while a program is down: to people who answer that nothing is saved yet; to organisers something else, on their own
// address; on a kiosk that it is starting, and it looks again by itself. Each in the languages of the page strings.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Instance, finish, test } from '../harness.mjs';

const instance = await Instance.make({ hasOrganisers: true, conf: { mode: 'kiosk' } });
const event = instance.event('--open');
await instance.start();

const titles = {
  people: [/Your answers are not saved yet|not saved yet/i],
  team: [/The organisers’ pages are not there for a moment/, /Nid yw tudalennau’r trefnwyr yno am ennyd/],
  staff: [/This kiosk is starting/, /Mae’r ciosg hwn yn dechrau/, /هذا الكشك قيد التشغيل/],
};

/** Asks while a program's socket is not there, which is how nginx meets one that is down. */
const without = async (program, ask) => {
  const socket = join(instance.dir, `run/${program}.sock`);
  renameSync(socket, `${socket}.away`);
  try {
    return await ask();
  } finally {
    renameSync(`${socket}.away`, socket);
  }
};

const team = (path, options = {}) => new Promise((done, fail) => {
  const request = http.request({ host: '127.0.0.1', port: instance.teamPort, path, agent: false, ...options }, (response) => {
    let text = '';
    response.on('data', (part) => { text += part; });
    response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
  });
  request.on('error', fail);
  request.end(options.body);
});

const check = (response, whose) => {
  assert.equal(response.status, 502);
  assert.equal(response.headers['cache-control'], 'no-store');
  assert.equal(response.headers['retry-after'], '5');
  assert.match(response.headers['content-security-policy'], /default-src 'none'/);
  for (const [name, list] of Object.entries(titles)) for (const title of list) (name === whose ? assert.match : assert.doesNotMatch)(response.text, title, `${name} for ${whose}`);
  assert.doesNotMatch(response.text, /<a |<form/, 'nothing would answer a link');
};

await test('down: organisers are told of their own pages, whatever they asked or sent', async () => {
  await without('organiser', async () => {
    for (const path of ['/', '/events', '/sign-in', '/nothing']) check(await team(path), 'team');
    check(await team('/sign-in', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': 3 }, body: 'a=b' }), 'team');
  });
  assert.equal((await team('/sign-in')).status, 200);
});

await test('down: people who answer are told that nothing is saved yet', async () => {
  await without('intake', async () => {
    for (const path of [`/${event}`, `/kiosk/${event}`, '/help']) {
      const response = await instance.request(path);
      check(response, 'people');
      assert.equal(response.headers.refresh, undefined, 'what somebody has typed is never thrown away');
    }
  });
  assert.equal((await instance.request(`/${event}`)).status, 200);
});

await test('down: a kiosk says that it is starting, and looks again by itself', async () => {
  await without('kiosk', async () => {
    for (const path of ['/kiosk', '/staff']) {
      const response = await instance.request(path);
      check(response, 'staff');
      assert.equal(response.headers.refresh, '10');
    }
  });
  assert.equal((await instance.request('/kiosk')).headers.refresh, undefined);
});

await finish();
