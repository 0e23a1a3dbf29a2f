// kiosk-policies.test.mjs: the policies that a kiosk ships, in real Chromium: each is one that this Chromium knows and holds (chrome://policy), each has
// its reason in the file, and what they are to shut is shut: other origins and schemes, downloads, the source, tools,
// what a page could ask of the machine. Every attempt is made without policies as well, and has to succeed there, or it proves nothing.
//
// To look into a browser a test needs what one of the policies forbids. So all but the tests of that run with two of them changed
// (openToTests in hall.mjs), and chrome://policy allowed where it is read.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { finish, root, sleep, test, until } from '../harness.mjs';
import { alone, ask, filesWith, noPolicies, openToTests, pages, place, policies, putPolicies } from './hall.mjs';

alone(import.meta.url);
const dir = place();
const other = await pages({ '/': ['text/html', '<!doctype html><title>Other</title><h1>Other</h1>'] });
const site = await pages({
  '/kiosk': () => ['text/html', `<!doctype html><html lang=en><title>Kiosk</title><h1>Kiosk</h1>
<p><a id=other href="${other.base}/">other</a> <a id=localhost href="http://localhost:${other.port}/">localhost</a>
<a id=file href="file:///etc/passwd">file</a> <a id=source href="view-source:${site.base}/kiosk">source</a>
<a id=down href="/down" download>down</a> <a id=attached href="/attached">attached</a></p>
<form method=post action="${other.base}/"><button id=post>post</button></form>`],
  '/down': ['application/octet-stream', 'down-5c1e'],
  '/attached': ['application/octet-stream', 'attached-5c1e', { 'Content-Disposition': 'attachment; filename="a.bin"' }],
});

/** What Chromium says of each policy that is set: [name, status, what it says besides]. */
const rows = async (page) => {
  await page.goto('chrome://policy');
  return until('the rows', async () => {
    const list = await page.evaluate(() => {
      const found = [];
      const walk = (node) => {
        for (const one of node.querySelectorAll('*')) {
          if (one.localName === 'policy-row') {
            const text = (selector) => one.shadowRoot.querySelector(selector)?.textContent.replace(/\s+/g, ' ').trim() ?? '';
            found.push([text('.policy.row .name'), text('.policy.row .messages'), text('.errors'), text('.policy.row .value')]);
          }
          if (one.shadowRoot) walk(one.shadowRoot);
        }
      };
      walk(document);
      return found;
    });
    const set = list.filter(([, status]) => status && status !== 'Not set.');
    return set.length > 50 ? set : null;
  });
};

// Why a row may be other than OK.
const known = {
  AutofillAddressEnabled: ['Deprecated', 'still read; AutofillSettings is to take its place'],
  AutofillCreditCardEnabled: ['Deprecated', 'still read; AutofillSettings is to take its place'],
};

await test('each policy is one that this Chromium knows and holds, or on the written list', async () => {
  const looked = ['chrome://policy', 'chrome://sandbox', ...policies(site.port).URLAllowlist];
  putPolicies(site.port, { ...openToTests, URLAllowlist: looked });
  const { page, kill } = await ask(dir, join(dir, 'home/policy'), `${site.base}/kiosk`);
  const said = await rows(page);
  const wrong = said.filter(([name, status]) => status !== (known[name]?.[0] ?? 'OK'));
  assert.deepEqual(wrong, []);
  assert.deepEqual(said.map(([name]) => name).sort(), Object.keys(policies(site.port)).sort(), 'all that the file says, and no more');
  await page.goto('chrome://sandbox');
  assert.match(await page.locator('body').innerText(), /You are adequately sandboxed/);
  await kill();
});

await test('each policy has its reason in the file, and the file is taken as it is shipped', () => {
  const lines = readFileSync(join(root, 'kiosk-config/chromium/policies.json.in'), 'utf8').split('\n');
  let isExplained = false;
  const bare = lines.filter((line) => {
    if (/^\t\/\/ [A-Zaz]/i.test(line)) isExplained = !line.startsWith('\t// ----');
    else if (line.trim() === '' || line.startsWith('\t// ----')) isExplained = false;
    return /^\t"/.test(line) && !isExplained;
  });
  assert.deepEqual(bare, []);
});

await test('as shipped, nobody can steer the browser from outside', async () => {
  noPolicies();
  const open = await ask(dir, join(dir, 'home/steered'), `${site.base}/kiosk`);
  assert.equal(await open.page.title(), 'Kiosk', 'without policies it can be steered: the attempt is a real one');
  await open.kill();
  putPolicies(site.port);
  await assert.rejects(async () => {
    const shut = await ask(dir, join(dir, 'home/shut'), `${site.base}/kiosk`);
    await shut.page.title();
  }, 'and with them it cannot');
});

/** Tries everything; says what succeeded. A browser that ends over an attempt has not let it succeed: the next begins in another. */
const attempts = async (profile, options) => {
  let starts = 0;
  const start = () => ask(dir, `${profile}-${starts++}`, `${site.base}/kiosk`, options);
  let it = await start();
  const done = new Set();
  const home = async () => {
    for (const one of it.context.pages()) if (one !== it.page) await one.close().catch(() => {});
    for (let i = 0; i < 20 && !it.page.isClosed(); i++) {
      if (await it.page.goto(`${site.base}/kiosk`).then(() => true, () => false)) return it.page; // a refusal may still be on its way
      await sleep(50);
    }
    await it.kill();
    it = await start();
    return it.page;
  };
  const attempt = async (name, run) => {
    const page = await home();
    if (await run(page).catch(() => false)) done.add(name);
  };
  for (const name of ['other', 'localhost', 'post']) {
    await attempt(name, async (page) => {
      await page.locator(`#${name}`).click({ noWaitAfter: true });
      await sleep(400);
      return (await page.locator('h1').first().textContent({ timeout: 1000 })) === 'Other';
    });
  }
  for (const [name, address] of [['goto other', `${other.base}/`], ['goto file', 'file:///etc/passwd'], ['goto source', `view-source:${site.base}/kiosk`], ['goto settings', 'chrome://settings'],
    ['goto version', 'chrome://version'], ['goto about', 'about:version'], ['goto flags', 'chrome://flags'], ['goto gpu', 'chrome://gpu'], 
    ['goto net', 'chrome://net-internals'], ['goto inspect', 'chrome://inspect'], ['goto downloads', 'chrome://downloads'], ['goto data', 'data:text/html,<h1>Other</h1>']]) {
    await attempt(name, async (page) => {
      await page.goto(address, { timeout: 3000 });
      const text = await page.evaluate(() => document.body?.innerText ?? '');
      return text.length > 0 && !/is blocked|BLOCKED_BY_ADMINISTRATOR/i.test(text);
    });
  }
  for (const name of ['down', 'attached']) {
    await attempt(name, async (page) => {
      const download = page.waitForEvent('download', { timeout: 1000 });
      await page.locator(`#${name}`).click({ noWaitAfter: true });
      return (await Promise.race([(await download).failure(), sleep(1500)])) === null;
    });
  }
  for (const name of ['geolocation', 'notifications', 'clipboard-read', 'local-fonts', 'camera', 'microphone', 'window-management', 'idle-detection'])
    await attempt(name, (page) => page.evaluate(async (wish) => (await navigator.permissions.query({ name: wish })).state !== 'denied', name));
  await it.kill();
  return Array.from(done);
};

await test('what leads out of the kiosk is open in a plain browser, and shut in the hall', async () => {
  noPolicies();
  const open = await attempts(join(dir, 'home/open'), { isPlain: true });
  putPolicies(site.port, openToTests);
  const shut = await attempts(join(dir, 'home/hall'));
  assert.deepEqual(shut, [], 'nothing succeeds');
  const expected = ['other', 'localhost', 'post', 'goto other', 'goto file', 'goto source', 'goto version', 'goto data', 
    'geolocation', 'notifications', 'clipboard-read', 'local-fonts', 'camera', 'microphone', 'window-management', 'idle-detection'];
  assert.deepEqual(expected.filter((name) => !open.includes(name)), [], 'each of these works without the policies');
});

await test('no downloaded byte is anywhere', () => {
  assert.deepEqual(filesWith(dir, ['down-5c1e', 'attached-5c1e']).filter(([path]) => !path.includes('/home/open-')), []);
  assert(readdirSync(join(dir, 'home')).length > 0);
});

await finish();
