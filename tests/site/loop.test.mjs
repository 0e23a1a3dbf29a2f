// loop.test.mjs: the loop closed: what the code on the poster shows when an event is over, where a printed code leads, the pages of Areas
// and their feeds, and the organisers' note above the form.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'parse5';
import { Instance, finish, root, scratch, test } from '../harness.mjs';
import { nasty } from '../nasty.mjs';
import { action, detail, publish, write } from './loop.mjs';

// The Community Conversation, and the same without the exit button.
const formsDir = scratch();
cpSync(join(root, 'forms'), formsDir, { recursive: true });
cpSync(join(formsDir, 'community-conversation'), join(formsDir, 'talk'), { recursive: true });
const talk = join(formsDir, 'talk/form.yaml');
writeFileSync(talk, readFileSync(talk, 'utf8').replace('form: community-conversation', 'form: talk').replace('safety: exit-page', 'safety: none'));
const exit = ['--form', 'community-conversation'], plain = ['--form', 'talk'];
const instance = await Instance.make({ formsDir, forms: [join(formsDir, 'community-conversation'), join(formsDir, 'talk')] });
const area = ['--area', 'wessex', '--date', '2027-03-08'];
const event = (title, ...args) => instance.event(...args, '--title', title);
const over = event('Talk & tea', '--open', ...area, ...plain);
const quiet = event('Nothing yet', '--open', ...area, ...plain);
const careful = event('The refuge in Acacia Avenue', '--open', ...area, ...exit);
const refuge = event('The other refuge', '--open', ...area, ...plain);
const wales = event('Te a sgwrs', '--open', '--area', 'cymru-wales', '--date', '2027-03-08', ...plain);
const open = event('Still open', '--open', ...area, ...plain);
const practice = event('For practice', '--practice', ...area, ...plain);
const later = event('The next one', '--open', ...area, ...plain);
await instance.start();

const get = (path, language = 'en', headers = {}) => instance.request(path, { headers: { 'Accept-Language': language, ...headers } });
const nodes = (node, test) => [...(node.tagName && test(node) ? [node] : []), ...(node.childNodes ?? []).flatMap((child) => nodes(child, test))];
const attribute = (node, name) => node.attrs.find((one) => one.name === name)?.value;
const text = (node) => (node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(text).join(''));
const named = (tag) => (node) => node.tagName === tag;
const classed = (name) => (node) => (attribute(node, 'class') ?? '').split(' ').includes(name);
const only = (html, test) => { const found = nodes(parse(html), test); assert.equal(found.length, 1); return found[0]; };
const main = (html) => text(only(html, named('main'))).replace(/\s+/g, ' ');

const close = (...codes) => codes.forEach((code) => instance.cli(['event', 'close', code]));

// ---- before there is anything -------------------------------------------------------------------------------------------------

close(over, quiet, careful, wales);

await test('loop: an event that is over thanks, and says until when there will be more: 90 days after it', async () => {
  const page = await get(`/${quiet}`);
  assert.equal(page.status, 200);
  assert.match(main(page.text), /Thank you Nothing yet is over.* By 6 June 2027 we say here what we heard/);
  assert.match(main(page.text), /The same code leads here\./);
  assert.match(main(page.text), /Samaritans/);
  assert(!/<form/.test(page.text), 'no form any more');
  assert.match(main((await get(`/${quiet}/CY`)).text), /Diolch .* Erbyn 6 Mehefin 2027/);
  assert.match(main((await get(`/${quiet}/AR`)).text), /شكرًا لكم .*6 يونيو 2027/);
  assert(!/Tell us/.test((await get(`/${quiet}/AR`)).text), 'the form\'s title too');
  assert.match(main((await get(`/${quiet}/EN-X-EASY`)).text), /Look here again by 6 June 2027/);
});

await test('loop: or until the day that the organisers name', async () => {
  detail(instance, quiet, { next_on: '2027-04-20' });
  publish(instance);
  assert.match(main((await get(`/${quiet}`)).text), /By 20 April 2027 /);
});

await test('loop: an event in Wales begins with the choice of language, Cymraeg first', async () => {
  const page = await get(`/${wales}`);
  assert(page.text.indexOf('>Cymraeg<') > 0 && page.text.indexOf('>Cymraeg<') < page.text.indexOf('>English<'));
  assert.match(main((await get(`/${wales}/CY`)).text), /Diolch Mae Te a sgwrs drosodd/);
});

await test('loop: a form with the exit button keeps it, and its page names neither event nor organisation', async () => {
  detail(instance, refuge, { is_refuge: 1 });
  close(refuge);
  for (const code of [careful, refuge]) {
    const { text: html } = await get(`/${code}`);
    assert.match(html, /govuk-js-exit-this-page-button/);
    assert.match(html, /<script src="\/static\/form-/);
    assert.match(html, /<title>Thank you<\/title>/);
    assert(!/refuge|Acacia|Crown Prosecution|CPS|\/areas/.test(html.replace(/<footer[^]*/, '')), main(html));
  }
});

// ---- you said, we did -----------------------------------------------------------------------------------------------------------

const english = ['en', 'Going to court', 'I was afraid.\nNobody told me.', 'There is another door now.'];
const welsh = ['cy', 'Mynd i’r llys', 'Roedd ofn arnaf.', 'Mae drws arall nawr.'];
const ids = {
  done: action(instance, { area: 'wessex', event: over, status: 'done', many: 'many', changed: '2027-05-20', texts: [english, welsh] }),
  cannot: action(instance, { area: 'wessex', event: over, status: 'cannot', many: 'few', changed: '2027-05-21', texts: [['en', 'Bus fares', 'The bus is dear.', 'The law says so.']] }),
  heard: action(instance, { area: 'wessex', event: over, changed: '2027-05-22', texts: [['en', 'Schools', 'Come to our school.', '']] }),
  hidden: action(instance, { area: 'wessex', event: over, status: 'done', isPublic: false, texts: [['en', 'Hidden', 'Not for everybody.', 'Nothing.']] }),
  ofArea: action(instance, { area: 'wessex', status: 'doing', many: 'several', changed: '2027-05-19', texts: [['en', 'Of the Area', 'Said everywhere.', 'We write letters again.']] }),
  ofOpen: action(instance, { area: 'wessex', event: open, texts: [['en', 'Too early', 'Said while it is open.', '']] }),
  ofPractice: action(instance, { area: 'wessex', event: practice, texts: [['en', 'Practised', 'Said in practice.', '']] }),
  ofCareful: action(instance, { area: 'wessex', event: careful, status: 'doing', changed: '2027-05-18', texts: [['en', 'Safe letters', 'Do not write to my home.', 'We ask where to write.']] }),
};
instance.cli(['event', 'close', practice]);

const heard = (html) => nodes(parse(html), classed('heard')).map((node) => ({
  id: attribute(node, 'id').replace('action-', ''),
  state: attribute(node, 'class').match(/heard--(\w+)/)[1],
  theme: text(nodes(node, named('h3'))[0]),
  facts: text(nodes(node, classed('heard__facts'))[0]).trim(),
  said: text(nodes(nodes(node, classed('heard__you'))[0], named('p'))[0]),
  did: nodes(node, classed('heard__we')).map((one) => text(nodes(one, named('p'))[0]))[0],
  lang: attribute(nodes(node, named('h3'))[0], 'lang'),
  from: nodes(node, classed('heard__from')).map(text)[0],
}));

await test('loop: what was heard and done, done first, in words and never in numbers', async () => {
  const { text: html } = await get(`/${over}`);
  assert.deepEqual(heard(html).map(({ id, state }) => [id, state]), [[ids.done, 'done'], [ids.cannot, 'cannot'], [ids.heard, 'heard']]);
  const [done, cannot, last] = heard(html);
  assert.deepEqual([done.theme, done.said, done.did], english.slice(1));
  assert.equal(done.facts, 'Done Many people said this');
  assert.equal(cannot.facts, 'We cannot do this A few people said this');
  assert.deepEqual([last.facts, last.did], ['We heard this', undefined]);
  assert(!/Hidden|evidence|Head of a unit|A partner/.test(html), 'what is for colleagues stays with them');
  assert.match(main(html), /There is more to come\. Look here again by 6 June 2027\./);
  assert.match(html, /href="\/areas\/wessex\/EN">More from Wessex</);
});

await test('loop: each text in the page\'s language, else in English, marked, and said in a sentence', async () => {
  const { text: html } = await get(`/${over}/CY`);
  assert.match(html, /<html[^>]* lang="cy"/);
  assert.deepEqual(heard(html).map(({ theme, lang }) => [theme, lang]), [['Mynd i’r llys', undefined], ['Bus fares', 'en'], ['Schools', 'en']]);
  assert.match(main(html), /Dim ond yn Saesneg y mae rhywfaint o’r dudalen hon/);
  const arabic = (await get(`/${over}/AR`)).text;
  assert(heard(arabic).every(({ lang }) => lang === 'en'));
  assert.match(main(arabic), /متاح بالإنجليزية فقط/);
  assert(!/only in English/.test((await get(`/${over}/EN`)).text));
  assert.match(main((await get(`/${over}/EN-X-EASY`)).text), /Some of this page is not in Easy Read yet/);
});

await test('loop: no text is shown while the event is open', async () => {
  assert(!(await get(`/${open}`)).text.includes('Too early'));
});

await test('loop: released, the same page goes on, without the event\'s forms', async () => {
  write(instance, [["UPDATE event SET state = 'released', grace_until = NULL, release = 1, release_backup = 1 WHERE code IN (?, ?)", over, careful]]);
  instance.cli(['backup']);
  publish(instance);
  const { text: html } = await get(`/${over}`);
  assert.deepEqual(heard(html).map(({ id }) => id), [ids.done, ids.cannot, ids.heard]);
  assert.match(main(html), /Talk & tea is over/);
  assert(!/govuk-js-exit-this-page-button/.test(html));
  assert.deepEqual(nodes(parse(html), classed('languages')).flatMap((nav) => nodes(nav, named('a')).map((a) => attribute(a, 'href'))), [`/${over}/CY`, `/${over}/AR`, `/${over}/EN-X-EASY`]);
  const own = (await get(`/${careful}`)).text;
  assert.match(own, /govuk-js-exit-this-page-button/);
  assert.deepEqual(heard(own).map(({ id }) => id), [ids.ofCareful]);
  assert(!/Acacia|Crown Prosecution/.test(own.replace(/<footer[^]*/, '')));
});

// ---- Areas ----------------------------------------------------------------------------------------------------------------------

await test('loop: /areas names every Area, in each language', async () => {
  const page = await get('/areas');
  assert.equal(page.status, 200);
  const links = nodes(only(page.text, classed('choices')), named('a'));
  assert.equal(links.length, 14);
  assert.equal(attribute(links[0], 'href'), '/areas/cymru-wales');
  const other = await get('/areas/CY');
  assert.equal(attribute(nodes(only(other.text, classed('choices')), named('a'))[0], 'href'), '/areas/cymru-wales/CY');
  assert.match((await get('/')).text, /href="\/areas">What we heard, and what we did</);
  for (const [path, status] of [['/areas/ZZ', 404], ['/areas/atlantis', 404], ['/areas/wessex/ZZ', 404], ['/areas/wessex/feed.xml/more', 404]]) assert.equal((await get(path)).status, status, path);
  assert.equal((await instance.request('/areas', { method: 'POST', body: { a: '1' } })).status, 404);
});

await test('loop: an Area\'s page: newest change first, where it was said, nothing of practice, and no careful event by name', async () => {
  const { text: html } = await get('/areas/wessex');
  assert.deepEqual(heard(html).map(({ id }) => id), [ids.heard, ids.cannot, ids.done, ids.ofArea, ids.ofCareful]);
  assert.deepEqual(heard(html).map(({ from }) => from), ['Said at Talk & tea, 8\u00a0March 2027', 'Said at Talk & tea, 8\u00a0March 2027', 'Said at Talk & tea, 8\u00a0March 2027', undefined, undefined]);
  assert(!/Too early|Practised|Hidden|Acacia/.test(html));
  assert.match(html, /href="\/areas\/wessex\/feed\.xml"/);
  assert.match(main((await get('/areas/north-east')).text), /There is nothing here yet/);
  assert.match(main((await get('/areas/wessex/CY')).text), /Beth a glywsom yn ardal Wessex/);
});

const readFeed = (xml) => {
  const program = `
import json, sys, xml.etree.ElementTree as tree
A = "{http://www.w3.org/2005/Atom}"
feed = tree.fromstring(sys.stdin.buffer.read())
assert feed.tag == A + "feed"
def one(node, name):
    found = node.findall(A + name)
    assert len(found) == 1, name
    return found[0]
def links(node): return [[l.get("rel"), l.get("type"), l.get("href")] for l in node.findall(A + "link")]
def plain(node): return {"id": one(node, "id").text, "title": one(node, "title").text, "updated": one(node, "updated").text, "links": links(node)}
out = plain(feed)
out["author"] = one(one(feed, "author"), "name").text
out["lang"] = feed.get("{http://www.w3.org/XML/1998/namespace}lang")
out["entries"] = []
for entry in feed.findall(A + "entry"):
    row = plain(entry)
    content = one(entry, "content")
    assert content.get("type") == "xhtml" and len(content) == 1 and content[0].tag == "{http://www.w3.org/1999/xhtml}div"
    row["texts"] = ["".join(p.itertext()) for p in content[0].iter("{http://www.w3.org/1999/xhtml}p")]
    row["tags"] = sorted({node.tag.split("}")[1] for node in content.iter()})
    out["entries"].append(row)
print(json.dumps(out))`;
  const run = spawnSync('/usr/bin/python3', ['-c', program], { input: xml, encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, run.stderr + xml.toString().slice(0, 2000));
  return JSON.parse(run.stdout);
};

await test('loop: an Area\'s feed is Atom (RFC 4287), and knows days only', async () => {
  const answer = await get('/areas/wessex/feed.xml');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'application/atom+xml; charset=utf-8');
  assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
  const feed = readFeed(answer.bytes);
  assert.equal(feed.id, `${instance.base}/areas/wessex`);
  assert.equal(feed.lang, 'en');
  assert.equal(feed.updated, '2027-05-22T00:00:00Z');
  assert.equal(feed.author, 'Crown Prosecution Service');
  assert.deepEqual(feed.links, [['self', 'application/atom+xml', '/areas/wessex/feed.xml'], ['alternate', 'text/html', '/areas/wessex']]);
  assert.deepEqual(feed.entries.map(({ id }) => id), [ids.heard, ids.cannot, ids.done, ids.ofArea, ids.ofCareful].map((id) => `${instance.base}/areas/wessex#action-${id}`));
  assert.equal(new Set(feed.entries.map(({ id }) => id)).size, 5);
  for (const entry of feed.entries) {
    assert.match(entry.updated, /^2027-05-\d\dT00:00:00Z$/);
    assert.deepEqual(entry.tags, entry.texts.length > 2 ? ['content', 'div', 'h4', 'p', 'strong'] : entry.tags);
  }
  assert.deepEqual(feed.entries[2].texts.slice(0, 3), ['Done Many people said this', english[2], english[3]]);
  const page = await get('/areas/wessex');
  for (const { links: [[, , href]] } of feed.entries) assert(page.text.includes(`id="${href.split('#')[1]}"`), href);
  const own = readFeed((await get('/areas/wessex/CY/feed.xml')).bytes);
  assert.equal(own.lang, 'cy');
  assert.equal(own.entries[2].title, 'Mynd i’r llys');
  const empty = readFeed((await get('/areas/north-east/feed.xml')).bytes);
  assert.deepEqual(empty.entries, []);
  assert.match(empty.updated, /^\d{4}-\d\d-\d\dT00:00:00Z$/);
  assert.equal((await get('/areas/atlantis/feed.xml')).status, 404);
});

// ---- where a printed code leads -----------------------------------------------------------------------------------------------------

await test('loop: a code that points elsewhere leads there, in the language that was asked for; open pages still count for the old event', async () => {
  const page = await instance.page(`/${open}/CY`);
  detail(instance, open, { points_to: later });
  publish(instance);
  for (const [path, location] of [[`/${open}`, `/${later}`], [`/${open}/CY`, `/${later}/CY`], [`/${open.toLowerCase()}/en-x-easy`, `/${later}/EN-X-EASY`], [`/${open}/talk/AR`, `/${later}/AR`], [`/${open}/PL`, `/${later}`]]) {
    const answer = await get(path);
    assert.deepEqual([answer.status, answer.headers.location], [303, location], path);
  }
  assert.equal((await instance.request(`/${open}`, { method: 'HEAD' })).headers.location, `/${later}`);
  assert.equal((await instance.request('/', { method: 'POST', body: { code: open } })).headers.location, `/${open}`);
  const sent = await instance.send(`/${open}/CY`, { overall: 'good' }, { page });
  assert.equal(sent.status, 200, main(sent.text));
  await instance.request(`/${later}`);
  assert.match((await get(`/${later}`)).text, /The next one/);
  detail(instance, open, { points_to: '' });
  publish(instance);
  assert.equal((await get(`/${open}`)).status, 200);
});

await test('loop: once the event that a code leads to takes no more answers, the code is its own event\'s again', async () => {
  const closed = event('Heard already', '--open', ...area, ...plain), target = event('For a while', '--open', ...area, ...plain), planned = event('Still to come', ...area, ...plain);
  const id = action(instance, { area: 'wessex', event: closed, texts: [['en', 'Buses', 'Said here.', '']] });
  close(closed);
  const led = async (to) => { detail(instance, closed, { points_to: to }); publish(instance); return get(`/${closed}/EN`); };
  assert.equal((await led(target)).headers.location, `/${target}/EN`);
  assert.equal((await led(planned)).headers.location, `/${planned}/EN`);
  await led(target);
  close(target);
  const own = await get(`/${closed}/EN`);
  assert.equal(own.status, 200);
  assert.deepEqual(heard(own.text).map((one) => one.id), [id]);
  assert.equal((await led(over)).status, 200, 'nor to one whose results are released');
});

// ---- the note -------------------------------------------------------------------------------------------------------------------

await test('loop: the organisers\' note stands above the form, as plain text, marked as theirs', async () => {
  const note = 'Tea is at 4.\n\n<b>Doors</b> on the left & "right" {event}';
  detail(instance, later, { note });
  publish(instance);
  const { text: html } = await get(`/${later}`);
  const shown = only(html, classed('note'));
  assert.equal(text(shown), note);
  assert.equal(attribute(shown, 'dir'), 'auto');
  assert.equal(attribute(shown, 'lang'), undefined);
  assert(html.indexOf('class="note"') < html.indexOf('name="overall"') || html.indexOf('class="note"') < html.indexOf('id="question-'), 'before the first question');
  assert.equal(attribute(only((await get(`/${later}/CY`)).text, classed('note')), 'lang'), 'en');
  assert(!/class="note"/.test((await get(`/${open}`)).text), 'on no other event\'s page');
});

// ---- whatever organisers type ------------------------------------------------------------------------------------------------------

/** A text as the catalogue shows it: line ends are LF, and what neither HTML nor XML may hold is a blank. */
const tidy = (value) => value.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ');

await test('loop: 300 nasty texts: shown as they were typed on the page and in the feed, and nothing of them acts', async () => {
  const texts = nasty.map((one) => one.text).filter((value) => value.isWellFormed() && !value.includes('\0') && value.length > 0 && [...value].length <= 2000);
  assert(texts.length > 250, `${texts.length}`);
  const wanted = new Map();
  for (let i = 0; i < texts.length; i += 80) {
    const code = event(`<script>alert(${i})</script> & "x"`, '--open', '--area', 'london-south', '--date', '2027-03-08', ...plain);
    wanted.set(code, texts.slice(i, i + 80));
  }
  for (const [code, list] of wanted)
    for (let i = 0; i < list.length; i += 2) action(instance, { area: 'london-south', event: code, status: 'done', texts: [['en', list[i].slice(0, 100).isWellFormed() && !/\n/.test(list[i]) ? list[i].slice(0, 100) : 'Theme', list[i], list[i + 1] ?? 'x']] });
  close(...wanted.keys());
  for (const [code, list] of wanted) {
    const { text: html } = await get(`/${code}`);
    const got = new Set(heard(html).flatMap(({ said, did }) => [said, did]));
    for (const one of list) assert(got.has(tidy(one)) || got.has(tidy(one).replace(/^\n/, '')), JSON.stringify(one));
    const page = parse(html);
    assert.deepEqual(nodes(page, named('script')), []);
    assert.deepEqual([...new Set(nodes(only(html, named('main')), () => true).map(({ tagName }) => tagName))].sort(), ['a', 'bdi', 'div', 'h1', 'h2', 'h3', 'h4', 'li', 'main', 'p', 'section', 'span', 'strong', 'ul']);
    for (const node of nodes(page, () => true)) for (const { name } of node.attrs) assert(!/^on|^style$/.test(name), `${node.tagName} ${name}`);
  }
  const feed = readFeed((await get('/areas/london-south/feed.xml')).bytes);
  assert.equal(feed.entries.length, 40);
  const every = new Set(texts.map(tidy));
  for (const entry of feed.entries) assert(every.has(entry.texts[1]), JSON.stringify(entry.texts[1]));
});

// ---- weight ----------------------------------------------------------------------------------------------------------------------

await test('loop: page and style come in at most 14 KB, with as many actions as one event has in a year', async () => {
  const words = 'The court in Reading now has an entrance of its own for witnesses and we tell everybody about it in the first letter that we write to them'.split(' ');
  const sentence = (seed) => words.map((_, i) => words[(i * 7 + seed) % words.length]).join(' ');
  for (let i = 0; i < 12; i++) action(instance, { area: 'wessex', event: quiet, status: ['done', 'doing', 'heard'][i % 3], many: 'several', texts: [['en', `Theme ${i}`, sentence(i), sentence(i + 5)], ['cy', `Thema ${i}`, sentence(i + 1), sentence(i + 3)]] });
  publish(instance);
  for (const path of [`/${quiet}`, `/${quiet}/AR`, '/areas/wessex/CY', '/areas']) {
    const page = await get(path, 'en', { 'Accept-Encoding': 'gzip' });
    const html = await get(path);
    const css = html.text.match(/rel="stylesheet" href="(\/static\/loop-[^"]+)"/)[1];
    const style = await get(css, 'en', { 'Accept-Encoding': 'gzip' });
    assert.equal(style.headers['content-encoding'], 'gzip');
    const bytes = (page.headers['content-encoding'] === 'gzip' ? page.bytes.length : gzipSync(page.bytes).length) + style.bytes.length;
    console.log(`  ${path}: ${bytes} bytes`);
    assert(bytes <= 14 * 1024 - 1024, `${path}: ${bytes}`); // headers stand beside them
  }
});

await finish();
