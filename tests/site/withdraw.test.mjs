// withdraw.test.mjs: a receipt takes its answers back, for good: from the office, and against an edit, a replay, a copy on a kiosk, and
// answers that arrive only later. The page and the command say the same about every receipt, and no receipt is left anywhere.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Instance, build, finish, formFields, nonce, receiptOf, root, scratch, test, until } from '../harness.mjs';
import { check, visible, words } from './answer.mjs';
import { Spool } from './spool.mjs';

// Three languages as shipped, and one that is written from right to left.
const forms = scratch();
cpSync(join(root, 'forms'), forms, { recursive: true });
writeFileSync(join(forms, 'strings/ar.yaml'), 'language: ar\nname: العربية\nstatus: draft\ndirection: rtl\nwithdraw_title: استرجاع إجاباتك\nwithdrawn_title: وصلنا إيصالك\n');
const made = { forms: [join(forms, 'community-conversation')], formsDir: forms };
const instance = await Instance.make({ ...made, conf: { batch_min: 1, workers: 2, spool_wait_ms: 1500 } });
const practice = instance.event('--practice');
const ordinary = instance.event('--open');
const kiosk = await Instance.make({ ...made, conf: { batch_min: 1, workers: 2, mode: 'kiosk' } });
const shared = kiosk.event('--open');
await instance.start();
await kiosk.start();
const spool = new Spool(instance);
await spool.tap();
const kioskSpool = new Spool(kiosk);
await kioskSpool.tap();

const smallest = 120 + 1024 + 16;
const used = []; // every receipt of these tests
const languages = ['EN', 'CY', 'EN-X-EASY', 'AR'];

const take = (receipt, { site = instance, path = '/withdraw/EN', headers = {} } = {}) => site.request(path, { method: 'POST', body: { receipt }, headers });

/** The answer to every receipt that was taken. */
const taken = (answer) => {
  check(answer, { status: 200 });
  return answer;
};

const fields = (next, more = {}) => ({ nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', age_band: '25_34', next, ...more });

/** A response, thanked for and filed. */
const respond = async (code, next, { site = instance, wait = spool } = {}) => {
  const sent = fields(next);
  const bytes = site.bytes(`/${code}`, sent);
  const answer = await site.exchange(bytes);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  const envelope = await wait.captured();
  await wait.settled();
  const receipt = receiptOf(answer.text);
  used.push(receipt);
  return { sent, bytes, receipt, envelope };
};

/** A receipt with a right check sign that belongs to nothing. */
const unknown = () => {
  const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U';
  const number = BigInt(`0x${randomBytes(10).toString('hex')}`);
  const text = Array.from({ length: 16 }, (_, i) => signs[Number((number >> BigInt(75 - 5 * i)) & 31n)]).join('') + signs[Number(number % 37n)];
  const receipt = text.match(/.{1,4}/g).join(' ');
  used.push(receipt);
  return receipt;
};

/** How many rows of the office hold something of the response that says NEXT; of the event CODE, all of each kind. */
const texts = (site, next) => site.office(`SELECT count(*) FROM free_text WHERE text = '${next}'`)[0][0];
const rows = (site, code) => {
  const of = (table) => site.office(`SELECT count(*) FROM ${table} WHERE event = '${code}'`)[0][0];
  const links = site.office(`SELECT count(*) FROM link l JOIN response r ON r.row = l.response WHERE r.event = '${code}'`)[0][0];
  return [of('response'), of('apart'), of('free_text'), links];
};

// ---- gone for good --------------------------------------------------------------------------------------------------

for (const [name, site, wait, code] of [['a practice response', instance, spool, practice], ['an ordinary response', instance, spool, ordinary], ['a response on a kiosk', kiosk, kioskSpool, shared]]) {
  await test(`withdraw: ${name} goes, all of it, and what stands beside it stays`, async () => {
    const [stays, goes] = ['stays', 'goes'].map((word) => `${name} ${word}`);
    await respond(code, stays, { site, wait });
    const before = rows(site, code);
    const one = await respond(code, goes, { site, wait });
    assert.equal(texts(site, goes), 1, 'it was there');
    assert.deepEqual(rows(site, code), before.map((count) => count + 1));
    taken(await take(one.receipt, { site }));
    await wait.settled();
    assert.deepEqual(rows(site, code), before);
    assert.deepEqual([texts(site, goes), texts(site, stays)], [0, 1]);

    // What would bring it back.
    const edit = await site.request(`/${code}`, { method: 'POST', body: { ...one.sent, edit: '7', next: `${goes}, edited` } });
    assert.equal(edit.status, 200, 'it is said to be saved: nobody here knows of the withdrawal');
    if (site === kiosk) assert.notEqual(receiptOf(edit.text), one.receipt, 'on a kiosk other answers are somebody else');
    else assert.equal(receiptOf(edit.text), one.receipt);
    const copy = await site.exchange(one.bytes);
    assert.equal(copy.status, 200);
    assert.equal(receiptOf(copy.text), one.receipt);
    await wait.replay(one.envelope);
    await wait.settled();
    assert.equal(texts(site, goes), 0, 'neither a copy nor a replay brings it back');
    if (site === kiosk) {
      assert.equal(texts(site, `${goes}, edited`), 1, 'the other person is counted');
      taken(await take(receiptOf(edit.text), { site }));
      await wait.settled();
    }
    assert.deepEqual(rows(site, code), before);
  });
}

await test('withdraw: it comes before the answers, which then never arrive', async () => {
  for (const code of [practice, ordinary]) {
    const before = rows(instance, code);
    const sent = fields('held up on its way');
    await spool.mode('keep');
    const answer = await instance.request(`/${code}`, { method: 'POST', body: sent });
    assert.equal(answer.status, 503);
    const envelope = await spool.captured();
    await spool.mode('pass');
    const ids = spawnSync('/usr/bin/python3', [join(root, 'tests/readers/envelope.py'), 'ids', code, 'community-conversation', sent.nonce], { encoding: 'utf8' });
    const receipt = ids.stdout.split('\n')[1];
    assert.match(receipt, /^\w{4} /, ids.stderr);
    used.push(receipt);
    taken(await take(receipt));
    await spool.settled();
    await spool.replay(envelope);
    await spool.settled();
    assert.deepEqual(rows(instance, code), before);
    // Nor does the person's own second attempt; it has the receipt that was expected.
    const again = await instance.request(`/${code}`, { method: 'POST', body: Object.fromEntries(formFields(answer.text)) });
    assert.equal(receiptOf(again.text), receipt);
    await spool.settled();
    assert.deepEqual(rows(instance, code), before);
  }
  assert.deepEqual(instance.office('SELECT reason FROM quarantine'), []);
});

// ---- what people type -----------------------------------------------------------------------------------------------

for (const [name, change] of [
  ['lower case, without spaces', (receipt) => receipt.replace(/ /g, '').toLowerCase()],
  ['O for 0, I and L for 1', (receipt) => receipt.slice(0, -1).replace(/0/g, 'O').replace(/1/g, 'l') + receipt.slice(-1)],
  ['hyphens, and spaces around', (receipt) => `  ${receipt.replace(/ /g, '-')} `],
  ['copied with marks of direction', (receipt) => `\u2066${receipt.replace(/ /g, '\u00a0')}\u2069\u200e`],
  ['full width', (receipt) => receipt.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).replace(/ /g, '\u3000')],
]) {
  await test(`withdraw: typed as people do: ${name}`, async () => {
    const one = await respond(practice, `typed ${name}`);
    taken(await take(change(one.receipt)));
    await spool.settled();
    assert.equal(texts(instance, `typed ${name}`), 0);
  });
}

await test('withdraw: every withdrawal is an envelope of the smallest size, to the ordinary period', async () => {
  const period = (n) => spool.envelope(n).subarray(8, 16).toString('hex');
  const answers = await respond(ordinary, 'an ordinary one');
  const long = await instance.request(`/${practice}`, { method: 'POST', body: fields('x'.repeat(1000)) });
  const big = await spool.captured();
  assert(spool.envelope(big).length > smallest, 'what people write can be longer');
  for (const receipt of [answers.receipt, receiptOf(long.text), unknown(), answers.receipt]) {
    taken(await take(receipt));
    const n = await spool.captured();
    assert.equal(spool.envelope(n).length, smallest);
    assert.equal(period(n), period(answers.envelope));
  }
  await spool.settled();
  assert.equal(texts(instance, 'x'.repeat(1000)), 0);
});

// ---- the same answer ------------------------------------------------------------------------------------------------

for (const language of languages) {
  await test(`withdraw: ${language}: the same bytes for a receipt that exists, does not, is used already, or belongs to a practice`, async () => {
    const path = `/withdraw/${language}`;
    const one = await respond(ordinary, 'same answer'), two = await respond(practice, 'same answer');
    const answers = [];
    for (const receipt of [one.receipt, unknown(), one.receipt, two.receipt, two.receipt.toLowerCase()]) {
      answers.push(taken(await take(receipt, { path })));
      await spool.settled();
    }
    const plain = ({ text, headers: { date, ...headers } }) => ({ text, headers });
    for (const answer of answers) assert.deepEqual(plain(answer), plain(answers[0]));
    const said = words(['AR'].includes(language) ? 'en' : language.toLowerCase());
    if (language !== 'AR') for (const key of ['withdrawn_title', 'withdrawn_text', 'withdrawn_when', 'withdraw_copies', 'withdrawn_late', 'withdraw_too_late']) assert(visible(answers[0].text).includes(said[key]), key);
    for (const receipt of used) assert(!answers[0].text.replace(/ /g, '').includes(receipt.replace(/ /g, '')), 'no receipt is shown');
    assert(!/<form|name="receipt"/.test(answers[0].text));
    assert(visible(answers[0].text).includes('116 123'), 'helplines');
    assert.equal(texts(instance, 'same answer'), 0);
  });
}

// ---- the page -------------------------------------------------------------------------------------------------------

const organisation = 'Crown Prosecution Service';
const titleOf = (html) => html.match(/<title>([^<]*)<\/title>/)[1];

for (const language of languages) {
  await test(`withdraw: ${language}: the page: language, direction, the other languages, the way out, and nothing in its title`, async () => {
    const page = await instance.request(`/withdraw/${language}`);
    check(page, { status: 200 });
    const base = language.slice(0, 2).toLowerCase();
    assert.match(page.text, new RegExp(`<html[^>]* lang="${base}" dir="${language === 'AR' ? 'rtl' : 'ltr'}"`));
    const others = [...page.text.matchAll(/<a href="(\/withdraw\/[A-Z-]+)" lang="/g)].map(([, path]) => path);
    assert.deepEqual(others.sort(), languages.filter((one) => one !== language).map((one) => `/withdraw/${one}`).sort());
    assert.match(page.text, new RegExp(`<form[^>]* method="post" action="/withdraw/${language}"[^>]* autocomplete="off"`));
    assert.match(page.text, /<input[^>]* name="receipt"[^>]* value=""[^>]* dir="ltr" autocomplete="off"/);
    assert.match(page.text, /href="https:\/\/www\.bbc\.co\.uk\/weather"[^>]*govuk-js-exit-this-page-button[^>]* rel="nofollow noreferrer"/);
    for (const answer of [page, await take('K7QX', { path: `/withdraw/${language}` }), await take(unknown(), { path: `/withdraw/${language}` })]) {
      assert(!titleOf(answer.text).includes(organisation) && !/CPS|GEG|E4K/.test(titleOf(answer.text)), titleOf(answer.text));
      assert(!visible(answer.text.match(/<header[\s\S]*?<\/header>/)[0]).includes(organisation));
    }
  });
}

await test('withdraw: the language is that of the address, else what the browser asks for', async () => {
  assert.match((await instance.request('/withdraw', { headers: { 'Accept-Language': 'cy-GB,en;q=0.5' } })).text, /<html[^>]* lang="cy"[\s\S]*action="\/withdraw\/CY"/);
  assert.match((await instance.request('/withdraw')).text, /<html[^>]* lang="en"/);
  assert.match((await take('', { path: '/Withdraw/cy' })).text, /<html[^>]* lang="cy"/);
});

await test('withdraw: every page leads there, and the thank-you says so beside the receipt', async () => {
  for (const path of ['/', '/help/CY', '/privacy/EN-X-EASY', `/${practice}`, `/${practice}/CY`, '/nowhere']) {
    const { text } = await instance.request(path);
    assert.match(text.match(/<footer[\s\S]*<\/footer>/)[0], /href="\/withdraw\/(EN|CY|EN-X-EASY)"/, path);
  }
  const thanks = await instance.request(`/${practice}/CY`, { method: 'POST', body: fields('thanks', { face: 'cy' }) });
  assert.match(thanks.text.match(/<div class="receipt">[\s\S]*?<\/details>/)[0], /href="\/withdraw\/CY" target="_blank"/);
  used.push(receiptOf(thanks.text));
});

await test('withdraw: a GET writes nothing and shows nothing, whatever stands in its address', async () => {
  const one = await respond(ordinary, 'only read');
  const came = await spool.captured();
  const plain = (await instance.request('/withdraw/EN')).text;
  for (const method of ['GET', 'HEAD'])
    for (const path of ['/withdraw/EN', `/withdraw/EN?receipt=${encodeURIComponent(one.receipt)}`]) {
      const answer = await instance.request(path, { method });
      check(answer, { status: 200 });
      if (method === 'GET') assert.equal(answer.text, plain);
    }
  check(await instance.request(`/withdraw/${one.receipt.replace(/ /g, '')}`), { status: 404 });
  assert.equal(await spool.captured(), came);
  assert.equal(texts(instance, 'only read'), 1);
});

// ---- what is not taken ----------------------------------------------------------------------------------------------

const said = words('en');
for (const [name, typed, expected] of [
  ['a wrong check sign', () => { const receipt = unknown(); return receipt.slice(0, -1) + (receipt.endsWith('7') ? '8' : '7'); }, said.withdraw_wrong],
  ['a sign that no receipt has', () => unknown().replace(/^./, '!'), said.withdraw_wrong],
  ['a sign too few', () => unknown().slice(0, -2), said.withdraw_length.replace('{count}', '16')],
  ['a sign too many', () => `${unknown()}0`, said.withdraw_length.replace('{count}', '18')],
  ['an event\'s code', () => 'e4k-7qx', said.withdraw_is_code],
  ['six letters that are no code', () => 'ABCDEF', said.withdraw_length.replace('{count}', '6')],
  ['two receipts', () => `${unknown()} ${unknown()}`, said.withdraw_length.replace('{count}', '34')],
  ['nothing', () => '', said.withdraw_missing],
  ['markup', () => '"><script>alert(1)</script>', said.withdraw_length.replace('{count}', '27')],
]) {
  await test(`withdraw: ${name}: 422, what to look at, and everything kept`, async () => {
    const before = await spool.captured();
    const text = typed();
    const answer = await take(text);
    check(answer, { status: 422 });
    assert.match(titleOf(answer.text), /^Error: /);
    assert.equal(visible(answer.text).split(expected).length, 3, `in the summary and beside the field: ${visible(answer.text)}`);
    const kept = answer.text.match(/<input[^>]* name="receipt"[^>]* value="([^"]*)"/)[1];
    assert.equal(visible(kept), visible(text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')));
    assert(!answer.text.includes('<script>alert'));
    assert.equal(await spool.captured(), before, 'nothing was sent on');
  });
}

await test('withdraw: a receipt that is pasted with the words around it is found', async () => {
  for (const around of [(one) => `Your receipt ${one}`, (one) => `${one}.`, (one) => `\u201c${one}\u201d`, (one) => `Receipt: ${one.replaceAll(' ', '-')}, thank you`, (one) => `Eich derbynneb: ${one}`]) {
    const before = await spool.captured();
    const answer = await take(around(unknown()));
    check(answer, { status: 200 });
    assert(visible(answer.text).includes(said.withdrawn_title));
    assert.equal(await spool.captured(), before + 1);
  }
});

await test('withdraw: from another site: 403; other fields, types and sizes are refused; nothing is sent on', async () => {
  const before = await spool.captured();
  const receipt = unknown();
  const post = (body, headers = {}) => instance.request('/withdraw/EN', { method: 'POST', body, headers });
  for (const headers of [{ Origin: 'https://elsewhere.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
    const answer = await take(receipt, { headers });
    check(answer, { status: 403 });
    assert(visible(answer.text).includes(said.foreign_title));
    assert.match(answer.text, /href="\/withdraw\/EN" *>|class="govuk-button"[^>]*href="\/withdraw\/EN"/, 'and the way back');
    assert(!titleOf(answer.text).includes(organisation));
  }
  for (const body of [{}, { receipt, more: '1' }, [['receipt', receipt], ['receipt', receipt]], { Receipt: receipt }, `receipt=%ff`]) check(await post(body, { 'Content-Type': 'application/x-www-form-urlencoded' }), { status: 400 });
  check(await post(receipt, { 'Content-Type': 'text/plain' }), { status: 415 });
  check(await post({ receipt: 'x'.repeat(300000) }), { status: 413 });
  check(await instance.request('/help', { method: 'POST', body: { receipt } }), { status: 404 });
  assert.equal(await spool.captured(), before);
  check(await take(receipt, { headers: { Origin: instance.base, 'Sec-Fetch-Site': 'same-origin' } }), { status: 200 });
  assert.equal(await spool.captured(), before + 1, 'the same from our own page is');
});

await test('withdraw: the spooler does not answer: 503, not saved yet, the receipt kept; then it is taken', async () => {
  const one = await respond(ordinary, 'spooler down');
  await spool.mode('keep');
  try {
    for (const language of languages) {
      const answer = await take(one.receipt, { path: `/withdraw/${language}` });
      check(answer, { status: 503, more: { 'retry-after': '5' } });
      assert(answer.text.includes(`value="${one.receipt}"`));
      const own = words(language === 'AR' ? 'en' : language.toLowerCase());
      for (const key of ['not_saved_title', 'withdraw_not_saved_text', 'withdraw_not_saved_do', 'withdraw_twice']) assert(visible(answer.text).includes(own[key]), `${language} ${key}`);
      assert(!visible(answer.text).includes(own.withdrawn_title));
    }
  } finally {
    await spool.mode('pass');
  }
  await spool.settled();
  assert.equal(texts(instance, 'spooler down'), 1);
  const spooler = instance.main('spooler');
  process.kill(spooler, 'SIGSTOP');
  try {
    check(await take(unknown()), { status: 503, more: { 'retry-after': '5' } });
  } finally {
    process.kill(spooler, 'SIGCONT');
  }
  taken(await take(one.receipt));
  await spool.settled();
  assert.equal(texts(instance, 'spooler down'), 0);
});

// ---- the command ----------------------------------------------------------------------------------------------------

await test('withdraw: the command takes a receipt from standard input, and says the same for each', async () => {
  const one = await respond(ordinary, 'by command');
  const say = (input, expected = 0) => instance.cli(['withdraw'], { input, expected });
  const first = say(`${one.receipt.toLowerCase()}\n`);
  await spool.settled();
  assert.equal(texts(instance, 'by command'), 0);
  for (const again of [say(one.receipt), say(unknown()), say(`${unknown()}\n\n`)]) assert.deepEqual([again.stdout, again.stderr], [first.stdout, first.stderr]);
  assert.match(first.stdout, /within a day or so[\s\S]*35 days[\s\S]*released/);
  assert.equal(first.stderr, '');
});

await test('withdraw: the command says what is wrong, and never takes a receipt as an argument', async () => {
  const before = await spool.captured();
  const receipt = unknown();
  const say = (input, expected, ...more) => {
    const { stdout, stderr } = instance.cli(['withdraw', ...more], { input, expected });
    assert.equal(stdout, '');
    for (const text of [receipt, receipt.replace(/ /g, '')]) assert(!stderr.includes(text), 'the receipt is not repeated');
    return stderr;
  };
  assert.match(say('', 64, receipt), /standard input, not .* history.* history -d -2/);
  assert.match(say('', 65), /no receipt on standard input/);
  assert.match(say(receipt.slice(0, -2), 65), /has 17 letters, numbers and signs, and this has 16/);
  assert.match(say(receipt.slice(0, -1) + (receipt.endsWith('7') ? '8' : '7'), 65), /do not fit together/);
  assert.match(say(`${receipt}\n${receipt}\n`, 65), /one receipt at a time/);
  assert.match(say('x'.repeat(100000), 65), /one receipt at a time/);
  assert.match(say(Buffer.from([0xff, 0xfe]), 65), /not text/);
  assert.match(instance.cli(['withdraw', '--help']).stdout, /standard input/);
  assert.equal(await spool.captured(), before);
  const still = await Instance.make(made); // nothing runs here
  const { stderr } = still.cli(['withdraw'], { input: receipt, expected: 75 });
  assert.match(stderr, /not saved yet: the spooler does not answer.*soundings --instance \S+ run/s);
});

await test('withdraw: at a terminal the command asks for the receipt, and one line is enough', async () => {
  const one = await respond(ordinary, 'at a terminal');
  const child = spawn('/usr/bin/script', ['-qec', `'${join(build, 'soundings')}' --instance '${instance.dir}' withdraw`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (data) => { out += data; });
  const ended = new Promise((done) => child.on('exit', done));
  await until('the prompt', () => out.includes('Receipt: '));
  child.stdin.write(`${one.receipt}\n`);
  assert.equal(await ended, 0, out);
  assert.match(out, /If this receipt belongs to answers/);
  await spool.settled();
  assert.equal(texts(instance, 'at a terminal'), 0);
});

// ---- nothing is left ------------------------------------------------------------------------------------------------

/** The files below DIR that hold one of MARKERS, in any of the ways that a receipt is written. */
const holding = (dir, markers) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).filter((path) => {
  const bytes = readFileSync(path);
  return markers.some((marker) => [marker, marker.replace(/ /g, ''), marker.replace(/ /g, '').toLowerCase(), marker.replace(/ /g, '+'), marker.replace(/ /g, '%20')].some((text) => bytes.includes(text)));
});

await test('withdraw: no receipt is in any file of the instance, nor in what the programs said; a planted one is found', async () => {
  const planted = join(instance.dir, 'run/planted');
  for (const text of [`a=${used[3].replace(/ /g, '+')}`, used[5], used[0].replace(/ /g, '').toLowerCase()]) {
    writeFileSync(planted, `before ${text} after`);
    assert.deepEqual(holding(instance.dir, used), [planted]);
  }
  rmSync(planted);
  assert(used.length > 30);
  for (const site of [instance, kiosk]) {
    assert.deepEqual(holding(site.dir, used), []);
    for (const receipt of used) for (const text of [receipt, receipt.replace(/ /g, '')]) assert(!site.output.includes(text));
  }
  assert.equal(statSync(join(instance.dir, 'run/nginx-error.log')).size, 0, 'nginx has written nothing');
});

// ---- the limit ------------------------------------------------------------------------------------------------------

/** One request from an address of its own (all of 127.0.0.0/8 is this machine). */
const from = (site, address, path, { method = 'POST', body = 'receipt=K7QX' } = {}) => new Promise((done, fail) => {
  const headers = method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) } : {};
  const request = http.request({ host: '127.0.0.1', port: site.port, path, method, localAddress: address, agent: false, headers }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('end', () => done({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, text: Buffer.concat(parts).toString('utf8') }));
  });
  request.on('error', fail);
  request.end(method === 'POST' ? body : undefined);
});

await test('withdraw: a hall of 100 passes at once, a script that goes on does not; reading, forms and other addresses go on', async () => {
  const hall = '127.0.44.1';
  // Not receipts: what is limited is trying, and these cost the spooler nothing.
  const first = await Promise.all(Array.from({ length: 100 }, (_, i) => from(instance, hall, ['/withdraw', '/withdraw/CY', '/WITHDRAW/', '/withdraw?x=1'][i % 4])));
  assert.deepEqual([...new Set(first.map(({ status }) => status))], [422], '100 pass');
  const more = await Promise.all(Array.from({ length: 40 }, (_, i) => from(instance, hall, ['/withdraw/EN', '/Withdraw/cy', '/withdraw/'][i % 3])));
  const refused = more.filter(({ status }) => status === 429);
  assert(refused.length >= 35, `${refused.length} of 40 are refused`);
  for (const answer of refused) check(answer, { status: 429, more: { 'retry-after': '5' } });
  for (const language of ['en', 'cy']) for (const key of ['too_many_receipts_title', 'too_many_receipts_text', 'withdraw_twice']) assert(visible(refused[0].text).includes(words(language)[key]), `${language} ${key}`);
  assert(refused[0].text.includes('lang="ar" dir="rtl"'), 'and in every other language');
  for (const path of ['/withdraw', '/withdraw/CY', `/${practice}`]) assert.equal((await from(instance, hall, path, { method: 'GET' })).status, 200);
  const form = await from(instance, hall, `/${practice}`, { body: new URLSearchParams(fields('from the hall')).toString() });
  assert.equal(form.status, 200, 'forms are still taken');
  assert.equal((await from(instance, '127.0.44.2', '/withdraw')).status, 422);
  assert.equal(statSync(join(instance.dir, 'run/nginx-error.log')).size, 0, 'and nobody wrote down who it was');
});

await finish();
