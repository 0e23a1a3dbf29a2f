// weight.test.mjs: what a phone must fetch before it can show the form, counted on the wire; and that a visit leaves nothing behind
// in the browser. The figures are printed.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, scratch, test } from '../harness.mjs';
import { pretend, textsOf } from '../sounds.mjs';
import { faces, launch, openSteps, plan, readForm, send, walk, withPage } from './browser.mjs';

const firstViewMax = 14 * 1024;
const everythingMax = 20 * 1024; // a form with every kind of question, in many positions
const cssMax = 7 * 1024;
const scriptMax = 10 * 1024;

// Every shipped form, and beside them the one with every kind of question.
const formsDir = scratch();
cpSync(join(root, 'forms'), formsDir, { recursive: true });
cpSync(join(root, 'tests/forms/everything'), join(formsDir, 'everything'), { recursive: true });
const forms = readdirSync(formsDir).filter((name) => existsSync(join(formsDir, name, 'form.yaml')));
const instance = await Instance.make({ formsDir, forms: forms.map((name) => join(formsDir, name)) });
const codes = Object.fromEntries(forms.map((form) => [form, instance.event('--practice', '--place', 'Your own table', '--form', form)]));
const practice = codes['community-conversation'];
// As they are when they can be heard, with one button more.
pretend(instance, forms.flatMap((form) => textsOf(instance, join(formsDir, form))));
const welsh = instance.event('--open', '--area', 'cymru-wales', '--place', 'Caerdydd', '--form', 'community-conversation');
await instance.start();
const browser = await launch({ isShell: true });

/** Everything that a first visit to PATH fetches: [{ path, kind, blocks, bytes, requestBytes, type }], headers counted, cache empty. */
const fetched = (path, options = {}) => withPage(browser, instance, options, async (page) => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const list = new Map();
  session.on('Network.requestWillBeSent', ({ requestId, request, type }) => list.set(requestId, { path: request.url.replace(instance.base, ''), kind: type, bytes: 0 }));
  session.on('Network.responseReceived', ({ requestId, response }) => Object.assign(list.get(requestId), { type: response.mimeType, encoding: response.headers['Content-Encoding'] ?? response.headers['content-encoding'] }));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { list.get(requestId).bytes = encodedDataLength; });
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  const blocking = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking').map(({ name }) => name));
  return Array.from(list.values()).map((one) => ({ ...one, blocks: one.kind === 'Document' || blocking.includes(instance.base + one.path) }));
});

const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
const shown = (list) => list.map(({ path, bytes }) => `${bytes} ${path}`).join(', ');

/** The addresses of a form's languages, as its page offers them. */
const languagesOf = async (code) => {
  const { text } = await instance.request(`/${code}`, { headers: { 'Accept-Language': 'en' } });
  return ['EN', ...Array.from(text.matchAll(/formaction="\/\w+\/(?:[a-z-]+\/)?([A-Z-]+)"/g), ([, tag]) => tag)];
};

for (const form of forms) {
  const max = form === 'everything' ? everythingMax : firstViewMax;
  for (const tag of await languagesOf(codes[form])) {
    await test(`weight: ${form} in ${tag}: at most ${max} bytes in at most 2 requests before the first paint`, async () => {
      // The script does not block; once with it, to see that.
      for (const js of form === 'community-conversation' ? [true, false] : [false]) {
        const all = await fetched(`/${codes[form]}/${tag}`, { js });
        const before = all.filter(({ blocks }) => blocks);
        console.log(`  ${form} ${tag}: ${sum(before)} bytes before the first paint (${shown(before)}); then ${sum(all) - sum(before)}`);
        assert.deepEqual(before.map(({ type }) => type), ['text/html', 'text/css']);
        assert(before.every(({ encoding }) => encoding === 'gzip'));
        assert(sum(before) <= max, `${sum(before)} bytes`);
      }
    });
  }
}

await test('weight: each language of each form was weighed', async () => {
  assert.deepEqual(await languagesOf(practice), ['EN', 'CY', 'AR', 'EN-X-EASY']);
  assert(forms.length >= 5, `${forms}`);
});

await test('weight: the chooser of languages is lighter still', async () => {
  const before = (await fetched(`/${welsh}`)).filter(({ blocks }) => blocks);
  assert.deepEqual(before.map(({ type }) => type), ['text/html', 'text/css']);
  assert(sum(before) <= firstViewMax, shown(before));
});

await test('weight: the browser counts what comes over the wire: the same bytes, headers too', async () => {
  const [html] = await fetched(`/${practice}/EN`);
  const request = `GET ${html.path} HTTP/1.1\r\nHost: 127.0.0.1:${instance.port}\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept: text/html\r\nConnection: close\r\n\r\n`;
  const { socket, answer } = instance.connect(Buffer.from(request));
  await answer;
  // Another nonce in the page, so not to the byte.
  assert(Math.abs(socket.bytesRead - html.bytes) < 100, `${socket.bytesRead} on the wire, ${html.bytes} counted`);
  assert(socket.bytesRead <= firstViewMax);
});

await test(`weight: styles at most ${cssMax} bytes compressed, script at most ${scriptMax}`, async () => {
  const names = Object.fromEntries(readFileSync(join(root, 'build/static/names.txt'), 'utf8').trim().split('\n').map((line) => line.split(' ')));
  const size = (name) => statSync(join(root, 'build/static', `${names[name]}.gz`)).size;
  console.log(`  styles ${size('site.css')} bytes, with every kind ${size('kinds.css')}, rare ones ${size('rare.css')}, script ${size('form.js')} bytes, compressed`);
  assert(size('site.css') < size('kinds.css') && size('kinds.css') + size('rare.css') <= cssMax);
  assert(size('form.js') <= scriptMax);
  const all = await fetched(`/${practice}/EN`);
  for (const kind of ['Stylesheet', 'Script']) {
    const file = all.find((one) => one.kind === kind);
    const expected = size(kind === 'Script' ? 'form.js' : 'site.css');
    assert(file.bytes >= expected && file.bytes < expected + 2000, `${file.path} comes compressed: ${file.bytes} bytes for ${expected}`);
  }
});

/** What the browser has kept. */
const kept = async (page) => ({
  cookies: await page.context().cookies(),
  ...await page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: globalThis.caches ? (await caches.keys()).length : 0,
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
  })),
});
const nothing = { cookies: [], cookie: '', local: 0, session: 0, databases: 0, caches: 0, workers: 0 };

for (const face of faces) {
  await test(`weight: ${face.name}: a visit leaves no cookie and stores nothing, and fetches nothing from elsewhere`, () => withPage(browser, instance, { locale: face.locale }, async (page) => {
    const paths = new Set();
    page.on('request', (request) => paths.add(`${request.method()} ${new URL(request.url()).pathname}`));
    const cookies = [];
    page.on('response', (response) => {
      if (response.headers()['set-cookie']) cookies.push(response.url());
    });
    await openSteps(page, `/${practice}/${face.path}`);
    assert.deepEqual(await kept(page), nothing);
    await walk(page, plan(await readForm(page), 1));
    assert.deepEqual(await kept(page), nothing);
    await send(page);
    assert.deepEqual(await kept(page), nothing);
    // Requests to other hosts fail the test by themselves (browser.mjs); these are all that there were.
    const own = [`GET /${practice}/${face.path}`, `POST /${practice}/${face.path}`];
    assert.deepEqual([...paths].filter((path) => !path.startsWith('GET /static/')), own);
    await page.goto('/privacy');
    assert.deepEqual(await kept(page), nothing);
    assert.deepEqual(cookies, [], 'no answer sets a cookie');
  }));
}

await test('weight: what is kept would be seen', () => withPage(browser, instance, {}, async (page) => {
  await page.goto(`/${practice}/EN`);
  await page.evaluate(() => {
    document.cookie = 'a=b';
    localStorage.a = 'b';
    sessionStorage.a = 'b';
    return new Promise((done) => { indexedDB.open('a').onsuccess = done; });
  });
  const { cookies, ...found } = await kept(page);
  assert.equal(cookies.length, 1);
  assert.deepEqual({ ...nothing, ...found }, { ...nothing, cookie: 'a=b', local: 1, session: 1, databases: 1 });
}));

await finish();
