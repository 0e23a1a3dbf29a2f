// organiser-headers.test.mjs: every answer of the organisers' address carries exactly the headers that it must, over http on this machine and
// as over https; cookies have their attributes; other methods, hosts, origins, types and smuggled requests are refused; and no GET writes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import tls from 'node:tls';
import { Instance, build, finish, scratch, test, until } from '../harness.mjs';
import { assetSecurity, once, security as publicSecurity } from './answer.mjs';
import { lengthTricks, lineTricks } from './smuggling.mjs';
import { Browser, cookieOf, csrfOf, exchange, plant } from './team.mjs';

const UNUSABLE = 78;
// The organisers' pages play no sound.
const security = { ...publicSecurity, 'content-security-policy': publicSecurity['content-security-policy'].replace(" media-src 'self';", '') };
const hsts = 'max-age=63072000; includeSubDomains';
const overHttps = { ...security, 'content-security-policy': `${security['content-security-policy']}; upgrade-insecure-requests`, 'strict-transport-security': hsts };

const local = await Instance.make({ hasOrganisers: true });
const event = local.event('--open', '--form', 'community-conversation');
await local.start();
// As an installation has it: https in front, by a proxy of this machine.
const real = await Instance.make({ hasOrganisers: true, conf: { organiser_url: 'https://team.example.org' } });
const realEvent = real.event('--open', '--form', 'community-conversation');
await real.start();
const sides = [
  { name: 'http', instance: local, code: event, origin: local.team, cookie: 'soundings', headers: security },
  { name: 'https', instance: real, code: realEvent, origin: 'https://team.example.org', cookie: '__Host-soundings', headers: overHttps },
];
for (const side of sides) {
  const asked = plant(side.instance, {
    people: [{ name: 'sam@example.org', role: 'administrator', has_totp: true, sessions: [{}] }, { name: 'alex@example.org', role: 'analyst', sessions: [{}] }],
    actions: [{ area: 'thames-and-chiltern' }], placements: [{ area: 'thames-and-chiltern' }],
  });
  side.token = asked.people[0].sessions[0].token;
  side.ids = { account: asked.people[1].id, action: asked.actions[0].id, placement: asked.placements[0].id };
}
const routes = spawnSync(join(build, 'organiser'), ['--routes'], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => line.split('\t'));
const pathOf = (side, route) => route.replace('{code}', side.code).replace('{id}', '1').replace('{token}', 'A'.repeat(43)).replace(/\{(account|action|placement)\}/, (_, kind) => side.ids[kind]);
const browser = (side, { isNobody = false } = {}) => new Browser(side.instance, { token: isNobody ? undefined : side.token, origin: side.origin, cookie: side.cookie });

/** Exactly what a page of this side has; MORE and what only files and redirects have beside it. */
const check = (side, answer, { isStatic = false } = {}) => {
  const found = once({ raw: answer.raw.filter((_, i, all) => !/^set-cookie$/i.test(all[i - (i % 2)])) });
  const allowed = ['server', 'content-type', 'connection', 'content-length', 'transfer-encoding', 'date', 'keep-alive', 'location', 'content-disposition', 'clear-site-data', 'retry-after', 'allow', 'vary', 'cache-control'];
  for (const name of allowed) delete found[name];
  assert.deepEqual(found, isStatic ? { ...assetSecurity, ...(side.headers['strict-transport-security'] ? { 'strict-transport-security': hsts } : {}) } : side.headers);
  if (!isStatic) assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers.server, 'nginx');
  assert(answer.headers['content-type'], 'a type');
};

const wanted = (side, token = '[A-Za-z0-9_-]{43}') => new RegExp(`^${side.cookie}-form=${token}; Path=/;${side.name === 'https' ? ' Secure;' : ''} HttpOnly; SameSite=Strict$`);
const checkCookies = (side, answer, route) => {
  if (route !== '/sign-in' && !route.startsWith('/welcome/')) assert.equal(answer.headers['set-cookie'], undefined, 'only pages for whom nobody knows yet set one');
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) assert(wanted(side).test(line) || line === `${side.cookie}=; Path=/;${side.name === 'https' ? ' Secure;' : ''} HttpOnly; SameSite=Strict; Max-Age=0`, line);
};

// ---- every route ---------------------------------------------------------------------------------------------------------------------

for (const side of sides)
  for (const [method, route] of routes)
    for (const isNobody of [false, true])
      await test(`organiser headers: ${side.name}: ${method} ${route}: ${isNobody ? 'nobody' : 'an administrator'}`, async () => {
        const who = browser(side, { isNobody });
        const answer = await who.request(pathOf(side, route), { method, keeps: false, ...(method === 'POST' ? { body: { nothing: '1' } } : {}) });
        assert(answer.status < 500 || (answer.status === 503 && route.endsWith('/poster/file')), `${answer.status}`);
        if (method === 'POST') assert.equal(answer.status, 403, 'without the token of its form');
        check(side, answer);
        checkCookies(side, answer, route);
      });

await test('organiser headers: there are routes to try', () => assert(routes.length > 3));

/** All that the office holds, but for when a session was last used. */
const dump = (instance) => Object.fromEntries(instance.office("SELECT name FROM sqlite_schema WHERE type = 'table'").map(([table]) => {
  const columns = instance.office(`SELECT name FROM pragma_table_info('${table}')`).map(([name]) => name).filter((name) => name !== 'used_s');
  return [table, instance.office(`SELECT ${columns.map((name) => `quote("${name}")`).join(" || ',' || ")} FROM "${table}"`).flat().toSorted()];
}));
for (const side of sides)
  await test(`organiser headers: ${side.name}: GET only, and the office is as it was`, async () => {
    const before = dump(side.instance), published = readlinkSync(join(side.instance.dir, 'catalogue/current'));
    for (const [method, route] of routes) if (method === 'GET') await browser(side).request(pathOf(side, route), { keeps: false });
    assert.deepEqual(dump(side.instance), before);
    assert.equal(readlinkSync(join(side.instance.dir, 'catalogue/current')), published, 'nor was anything published');
  });

// ---- what is not there, and what is refused --------------------------------------------------------------------------------------------

for (const side of sides) {
  const { name } = side;
  await test(`organiser headers: ${name}: unknown pages`, async () => {
    for (const path of ['/nothing', '/events/ABCDE2', '/people/1', '/.git/config', '/_pages/refused.html', '/static/none.css', '/admin', '/E4K7QX', '/withdraw']) {
      const answer = await browser(side).request(path, { keeps: false });
      assert.equal(answer.status, 404, path);
      check(side, answer);
    }
  });

  for (const method of ['PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT', 'PROPFIND'])
    await test(`organiser headers: ${name}: ${method}: 405`, async () => {
      const answer = await exchange(side.instance, Buffer.from(`${method} / HTTP/1.1\r\nHost: ${side.origin.replace(/^.*:\/\//, '')}\r\nConnection: close\r\nCookie: ${side.cookie}=${side.token}\r\n\r\n`));
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.allow, 'GET, HEAD, POST');
      check(side, answer);
      assert(!answer.text.includes(side.token), 'TRACE says nothing back');
    });

  await test(`organiser headers: ${name}: a known page asked in another way: 405`, async () => {
    const csrf = csrfOf(await browser(side).request('/account', { keeps: false })) ?? '';
    const answer = await browser(side).request('/account/codes', { keeps: false });
    assert([404, 405].includes(answer.status), `${answer.status}`);
    const posted = await browser(side).request('/audit', { method: 'POST', body: { csrf }, keeps: false });
    assert.equal(posted.status, 405);
    check(side, posted);
  });

  const host = side.origin.replace(/^.*:\/\//, '');
  await test(`organiser headers: ${name}: another host's name: 421, nothing of ours`, async () => {
    for (const other of ['elsewhere.example', 'localhost', name === 'https' ? '127.0.0.1' : 'team.example.org']) {
      const answer = await browser(side).request('/sign-in', { headers: { Host: other }, keeps: false });
      assert.equal(answer.status, 421, other);
      check(side, answer);
      assert.equal(answer.headers['set-cookie'], undefined);
    }
  });

  const foreign = [
    ['another site', { Origin: 'https://evil.example' }], ['null', { Origin: 'null' }], ['another port', { Origin: `${name === 'https' ? side.origin : 'http://127.0.0.1'}:1` }],
    ['the public pages', { Origin: side.instance.base }], ['the other scheme', { Origin: name === 'https' ? side.origin.replace('https', 'http') : side.origin.replace('http', 'https') }],
    ['ours as a beginning', { Origin: `${side.origin}.evil.example` }], ['cross-site alone', { Origin: undefined, 'Sec-Fetch-Site': 'cross-site' }],
    ['same-site: another port of this host', { Origin: undefined, 'Sec-Fetch-Site': 'same-site' }],
  ];
  for (const [what, headers] of foreign)
    await test(`organiser headers: ${name}: a POST from ${what}: 403, and nothing is done`, async () => {
      const page = await browser(side).request('/account', { keeps: false });
      const answer = await browser(side).request('/sign-out', { method: 'POST', body: { csrf: csrfOf(page) }, headers, keeps: false });
      assert.equal(answer.status, 403);
      check(side, answer);
      assert.equal((await browser(side).request('/account', { keeps: false })).status, 200, 'still signed in');
    });

  await test(`organiser headers: ${name}: other types, too much, and what cannot be read`, async () => {
    const post = (body, headers = {}) => browser(side).request('/account', { method: 'POST', body, headers, keeps: false });
    for (const [answer, status] of [
      [await post('{"csrf":"x"}', { 'Content-Type': 'application/json' }), 415], [await post('x', { 'Content-Type': 'text/plain' }), 415],
      [await post('x', { 'Content-Type': 'multipart/form-data; boundary=x' }), 415], [await post(`a=${'x'.repeat(300000)}`), 413],
      [await post('a=%zz'), 400], [await post('a=%00'), 400], [await post('a=%ff'), 400], [await post('=a'), 400], [await post(`${'n'.repeat(101)}=a`), 400], [await post('a&'.repeat(2500)), 400],
    ]) {
      assert.equal(answer.status, status);
      check(side, answer);
    }
  });

  await test(`organiser headers: ${name}: a field that comes twice: 400`, async () => {
    const page = await browser(side).request('/account', { keeps: false }), csrf = csrfOf(page);
    assert(csrf);
    for (const [path, body] of [
      ['/account', [['csrf', csrf], ['csrf', csrf]]], ['/account', [['csrf', csrf], ['shown', 'One'], ['shown', 'Two']]],
      ['/sign-in', [['csrf', csrf], ['name', 'sam@example.org'], ['name', 'alex@example.org'], ['password', 'x']]],
      [`/events/${side.code}/state`, [['csrf', csrf], ['to', 'closed'], ['to', 'open']]], [`/events/${side.code}/door`, [['csrf', csrf], ['came', '1'], ['came', '2']]],
      ['/people/new', [['csrf', csrf], ['name', 'x@example.org'], ['role', 'analyst'], ['role', 'administrator']]],
    ]) {
      if (!routes.some(([method, route]) => method === 'POST' && pathOf(side, route) === path)) continue;
      const answer = await browser(side).request(path, { method: 'POST', body, keeps: false });
      assert.equal(answer.status, 400, `${path} ${JSON.stringify(body.slice(1))}`);
      check(side, answer);
    }
  });

  await test(`organiser headers: ${name}: static files: kept for ever, and no more`, async () => {
    const page = await browser(side, { isNobody: true }).request('/sign-in');
    const names = [...new Set(page.text.match(/\/static\/[^"]+/g))];
    assert(names.length >= 2);
    for (const file of names) {
      const answer = await browser(side).request(file, { keeps: false });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert(answer.headers.etag);
      for (const own of ['etag', 'last-modified', 'accept-ranges']) answer.raw = answer.raw.filter((_, i, all) => all[i - (i % 2)].toLowerCase() !== own);
      check(side, answer, { isStatic: true });
    }
  });

  await test(`organiser headers: ${name}: pages are not compressed: what people type and a secret stand on the same page`, async () => {
    const answer = await browser(side).request('/sign-in', { headers: { 'Accept-Encoding': 'gzip, br' }, keeps: false });
    assert.equal(answer.headers['content-encoding'], undefined);
  });

  // ---- requests that are two ---------------------------------------------------------------------------------------------------------
  const hidden = `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const given = { host: `Host: ${host}`, action: '/sign-in', body: new URLSearchParams({ csrf: 'x'.repeat(43), name: 'sam@example.org', password: 'wrong' }).toString(), hidden };
  for (const [what, bytes] of [...lengthTricks(given), ...lineTricks(given)])
    await test(`organiser smuggle: ${name}: ${what}: one refusal`, async () => {
      const { all } = await exchange(side.instance, bytes, 1500);
      const found = [...all.matchAll(/HTTP\/1\.[01] (\d{3}) [^\r\n]*\r\n/g)].map(([, status]) => Number(status));
      assert(found.length === 1 && found[0] >= 400, `answers: ${found.join(' ')}`);
    });
  await test(`organiser smuggle: ${name}: and all goes on`, async () => assert.equal((await browser(side).request('/account', { keeps: false })).status, 200));
}

// ---- cookies -----------------------------------------------------------------------------------------------------------------------------

for (const side of sides)
  await test(`organiser cookies: ${side.name}: ${side.cookie}-form, with every attribute, and no domain`, async () => {
    const page = await browser(side, { isNobody: true }).request('/sign-in');
    const lines = [page.headers['set-cookie']].flat();
    assert.equal(lines.length, 1);
    assert.match(lines[0], wanted(side));
  });

await test('organiser cookies: https: a cookie without the prefix, which a neighbour could set, is nobody\'s', async () => {
  const [, side] = sides;
  const neighbour = new Browser(side.instance, { token: side.token, origin: side.origin, cookie: 'soundings' });
  const answer = await neighbour.request('/account', { keeps: false });
  assert.equal(answer.status, 303);
  const twice = await browser(side).request('/account', { headers: { Cookie: `${side.cookie}=${'A'.repeat(43)}; ${side.cookie}=${side.token}` }, keeps: false });
  assert.equal(twice.status, 303, 'nor are two of a name anybody\'s');
});

await test('organiser cookies: the public pages neither set nor see one', async () => {
  const answer = await local.request('/', { headers: { Cookie: `soundings=${sides[0].token}` } });
  assert.equal(answer.headers['set-cookie'], undefined);
  const conf = readFileSync(join(local.dir, 'run/nginx.conf'), 'utf8');
  assert.equal(conf.match(/HTTP_COOKIE/g).length, 1, 'one server passes it on');
  assert.equal(conf.match(/REMOTE_ADDR/g).length, 1);
  assert(conf.indexOf('HTTP_COOKIE') > conf.indexOf('run/organiser.sock'));
});

// ---- TLS of our own ------------------------------------------------------------------------------------------------------------------------

const folder = scratch();
const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=team.example.org', '-addext', 'subjectAltName=DNS:team.example.org',
  '-keyout', join(folder, 'team.key'), '-out', join(folder, 'team.pem')], { encoding: 'utf8' });
if (made.error) console.log('# no openssl here: a certificate of our own is not tried');
else
  await test('organiser TLS: with a certificate nginx speaks 1.2 and 1.3 and nothing else, as for https', async () => {
    const own = await Instance.make({ hasOrganisers: true, conf: { organiser_url: 'https://team.example.org', organiser_certificate: join(folder, 'team.pem'), organiser_certificate_key: join(folder, 'team.key') } });
    await own.start();
    const ca = readFileSync(join(folder, 'team.pem'));
    const get = (more) => new Promise((done, fail) => {
      const request = https.request({ host: '127.0.0.1', port: own.teamPort, path: '/sign-in', servername: 'team.example.org', ca, agent: false, headers: { Host: 'team.example.org' }, ...more }, (response) => {
        response.resume();
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, protocol: response.socket?.getProtocol?.() }));
      });
      request.on('error', fail);
      request.end();
    });
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const answer = await get({ minVersion: version, maxVersion: version });
      assert.equal(answer.status, 200, version);
      assert.match(cookieOf(answer, '__Host-soundings-form'), /^[A-Za-z0-9_-]{43}$/);
      check(sides[1], answer);
    }
    await assert.rejects(new Promise((done, fail) => {
      const socket = tls.connect({ host: '127.0.0.1', port: own.teamPort, servername: 'team.example.org', ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }, () => done(socket.destroy()));
      socket.on('error', fail);
    }));
    const plain = await exchange(own, Buffer.from('GET /sign-in HTTP/1.1\r\nHost: team.example.org\r\nConnection: close\r\n\r\n'));
    assert.equal(plain.status, 400, 'plain http on that port is refused');
    await own.stop();
  });

// ---- settings --------------------------------------------------------------------------------------------------------------------------------

await test('organiser settings: plain http for others is refused, with what to write instead', async () => {
  for (const [key, value, message] of [
    ['organiser_url', 'http://team.example.org', /http:\/\/ is for this machine alone/], ['organiser_listen', '0.0.0.0', /needs organiser_certificate/],
  ]) {
    const wrong = await Instance.make({ forms: [], conf: {} });
    appendFileSync(join(wrong.dir, 'soundings.conf'), `${key} = ${value}\n`);
    assert.match(wrong.cli(['run'], { expected: UNUSABLE }).stderr, message);
  }
});

await test('organiser settings: the same port as the public pages is refused', async () => {
  const wrong = await Instance.make({ forms: [], conf: {} });
  const path = join(wrong.dir, 'soundings.conf');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/organiser_port = 0/, `organiser_port = ${wrong.port}`));
  assert.match(wrong.cli(['run'], { expected: UNUSABLE }).stderr, /give them different ones/);
});

await test('organiser settings: with organiser_port = 0 nothing of it runs, and run says nothing of it', async () => {
  const none = await Instance.make({ forms: [] });
  await none.start();
  assert.deepEqual(none.pids('organiser'), []);
  assert(!/organiser|welcome/i.test(none.output), none.output);
  await none.stop();
});

await test('organiser: killed, it comes back; stopped, it ends with the rest', async () => {
  const [first] = [local.main('organiser')];
  assert(first);
  process.kill(first, 'SIGKILL');
  await until('another organiser', () => local.main('organiser') && local.main('organiser') !== first);
  await until('pages again', async () => (await browser(sides[0]).request('/account', { keeps: false })).status === 200);
  await local.stop();
  await until('no organiser left', () => local.pids('organiser').length === 0);
});

await finish();
