// organiser-poster.test.mjs: posters as organisers get them: chosen on a page, without script and with it, handed out as files that a decoder reads;
// the same from the command line; what cannot be made says why; and titles that somebody may type.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { Instance, finish, scratch, sleep, test } from '../harness.mjs';
import { nasty } from '../nasty.mjs';
import { detail, publish } from './loop.mjs';
import { Browser, plant } from './team.mjs';

const work = scratch();
const instance = await Instance.make({ hasOrganisers: true });
const args = ['--form', 'community-conversation', '--date', '2027-03-08', '--place', 'Chalvey Community Centre'];
const event = instance.event('--open', '--area', 'wessex', '--programme', 'community-conversation', ...args, '--title', 'Trust & tea, Slough');
const welsh = instance.event('--open', '--area', 'cymru-wales', '--programme', 'community-conversation', ...args, '--title', 'Sgwrs, Wrecsam');
const refuge = instance.event('--open', '--area', 'wessex', ...args, '--title', 'Acacia House refuge');
await instance.start();
detail(instance, refuge, { is_refuge: 1 });
detail(instance, event, { closes_on: '2027-03-12' });
publish(instance);
const people = plant(instance, { people: [{ name: 'kim@example.org', role: 'organiser', areas: ['wessex', 'cymru-wales'], sessions: [{}] }, { name: 'mair@example.org', role: 'organiser', areas: ['wessex'], language: 'cy', sessions: [{}] }] }).people;
const kim = new Browser(instance, { token: people[0].sessions[0].token });

const mair = new Browser(instance, { token: people[1].sessions[0].token });

const nodes = (node, want) => [...(node.tagName && want(node) ? [node] : []), ...(node.childNodes ?? []).flatMap((child) => nodes(child, want))];
const attribute = (node, name) => node.attrs.find((one) => one.name === name)?.value;
const text = (node) => (node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(text).join(''));
const byId = (html, id) => nodes(parse(html), (node) => attribute(node, 'id') === id)[0];
const said = (html) => nodes(parse(html), ({ tagName }) => tagName === 'main').map(text).join('').replace(/\s+/g, ' ');

const run = (command, ...rest) => {
  const done = spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(done.status, 0, `${command}: ${done.stderr}`);
  return done.stdout;
};
/** What a decoder reads off a picture. */
const decoded = (file) => [...new Set(run('zbarimg', '--quiet', '--raw', file).trim().split('\n'))];
let number = 0;
/** BYTES as a picture, printed at 150 dpi where they are a PDF. */
const picture = (bytes, kind) => {
  const file = join(work, `${++number}.${kind}`);
  writeFileSync(file, bytes);
  if (kind === 'png') return file;
  if (kind === 'svg') run('rsvg-convert', '-w', '600', '--background-color', 'white', '-o', `${file}.png`, file);
  else run('pdftoppm', '-r', '150', '-png', '-singlefile', file, file);
  return `${file}.png`;
};
const words = (bytes) => {
  const file = join(work, `${++number}.pdf`);
  writeFileSync(file, bytes);
  return run('pdftotext', file, '-').replace(/\s+/g, ' ');
};
const address = (code) => `${instance.base.toUpperCase()}/${code}`;
const posterOf = async (code, query = '') => kim.request(`/events/${code}/poster${query}`);

await test('organiser poster: its page shows what will be printed, and says that it was read back', async () => {
  const page = await posterOf(event);
  assert.equal(page.status, 200);
  assert.match(said(page.text), /Posters for Trust & tea, Slough/);
  assert.match(said(page.text), /We read this code back\. It works\./);
  const shown = await kim.request(attribute(byId(page.text, 'posterPicture'), 'src'));
  assert.equal(shown.status, 200);
  assert.equal(shown.headers['content-type'], 'image/png');
  assert.match(shown.headers['content-disposition'], /^inline/);
  assert.deepEqual(decoded(picture(shown.bytes, 'png')), [address(event)]);
});

await test('organiser poster: without script each choice is one press away, and the page has it', async () => {
  const page = await posterOf(event, '?asked=yes&kind=tent&language=cy&laminated=yes&distance=50');
  const form = byId(page.text, 'poster');
  const checked = nodes(form, (node) => attribute(node, 'checked') !== undefined).map((node) => `${attribute(node, 'name')}=${attribute(node, 'value')}`);
  assert.deepEqual(checked, ['kind=tent', 'language=cy', 'laminated=yes']);
  assert.equal(attribute(nodes(form, (node) => attribute(node, 'selected') !== undefined)[0], 'value'), '50');
  assert.equal(attribute(form, 'method'), 'get');
  const file = await kim.request(attribute(byId(page.text, 'posterPdf'), 'href'));
  assert.match(words(file.bytes), /Dywedwch wrthym beth yw eich barn/);
  assert.doesNotMatch(words(file.bytes), /Tell us what you think/);
});

const files = { a4: ['pdf', 'png'], a3: ['pdf', 'png'], tent: ['pdf', 'png'], cards: ['pdf', 'png'], slide: ['png', 'pdf'], qr: ['svg', 'png', 'pdf'] };
for (const [kind, formats] of Object.entries(files))
  await test(`organiser poster: ${kind}: every file that the page leads to is read by a decoder`, async () => {
    const page = await posterOf(event, `?asked=yes&kind=${kind}&language=en&language=cy`);
    assert.match(said(page.text), /It works/, said(page.text));
    const links = { pdf: byId(page.text, 'posterPdf'), png: byId(page.text, 'posterPng'), svg: byId(page.text, 'posterSvg') };
    assert.equal(Boolean(links.svg), formats.includes('svg'));
    for (const format of formats) {
      const file = await kim.request(attribute(links[format], 'href'));
      assert.equal(file.status, 200);
      assert.equal(file.headers['content-disposition'], `attachment; filename="poster-${event}-${kind}.${format}"`);
      assert.equal(file.headers['cache-control'], 'no-store');
      assert.deepEqual(decoded(picture(file.bytes, format)), [address(event)], format);
    }
  });

await test('organiser poster: what is always on it, in each language that is chosen; Welsh first in Wales', async () => {
  const file = async (code, query) => words((await kim.request(`/events/${code}/poster/file?asked=yes&kind=a4&format=pdf${query}`)).bytes);
  const english = await file(event, '&language=en');
  for (const part of ['Crown Prosecution Service', 'Trust & tea, Slough', 'Chalvey Community Centre', '8 March 2027', 'Community Conversations', 'Tell us what you think', 'About 3 minutes', 'We do not ask your name', 'Open until 12 March 2027',
    `127.0.0.1:${instance.port}`, event, 'Ask for paper, large print or Easy Read', 'Questions? enquiries@cps.gov.uk']) assert(english.includes(part), `${part} in ${english}`);
  const both = await file(welsh, '&language=en&language=cy');
  assert(both.indexOf('Dywedwch wrthym') >= 0 && both.indexOf('Dywedwch wrthym') < both.indexOf('Tell us what'), both);
  assert(both.includes('Gwasanaeth Erlyn y Goron'));
  const arabic = await file(event, '&language=ar');
  assert.match(arabic, /[\u0600-\u06ff]/);
});

await test('organiser poster: of a discreet event nothing tells what it is, unless somebody unticks it', async () => {
  const page = await posterOf(refuge);
  assert(nodes(byId(page.text, 'poster'), (node) => attribute(node, 'name') === 'refuge' && attribute(node, 'checked') !== undefined).length === 1);
  const file = words((await kim.request(attribute(byId(page.text, 'posterPdf'), 'href'))).bytes);
  assert(!/Acacia|refuge|Crown|CPS|cps\.gov|Chalvey/i.test(file), file);
  assert.match(file, /How was it for you\?/);
  const wall = await posterOf(refuge, '?asked=yes&kind=a3&language=en&refuge=yes');
  assert.equal(wall.status, 200);
  assert.match(said(wall.text), /This poster cannot be made like that .*a wall tells every visitor/);
  assert(!byId(wall.text, 'posterPicture'), 'nothing that does not work is shown');
});

await test('organiser poster: what cannot be made says why; nothing else is handed out', async () => {
  const far = await posterOf(event, '?asked=yes&kind=cards&language=en&distance=500');
  assert.match(said(far.text), /cannot be made like that From that far away the code would be too large for this\. .*distance_cm/);
  assert.match(far.text, /<details class="govuk-details"><summary[^]*<p lang="en">distance_cm/, 'the poster\'s own words lie behind');
  assert.match(far.text, /<p lang="en">distance_cm/);
  const file = await kim.request(`/events/${event}/poster/file?asked=yes&kind=cards&format=pdf&language=en&distance=500`);
  assert.equal(file.status, 422);
  assert.match(file.headers['content-type'], /^text\/html/);
  assert.match(said(file.text), /Choose a shorter distance, or an A3 poster/);
  assert.doesNotMatch(said(file.text), /distance_cm/);
    assert.match(said((await mair.request(`/events/${event}/poster?asked=yes&kind=cards&language=en&distance=500`)).text), /Dewiswch bellter byrrach, neu boster A3/);
  const long = instance.event('--open', '--area', 'wessex', ...args, '--title', 'Wwwwwwwwww '.repeat(12).trim());
  const small = await posterOf(long, '?asked=yes&kind=cards&language=en&language=cy');
  if (!/It works/.test(said(small.text))) assert.match(said(small.text), /The title is too long for this/, said(small.text));
  for (const query of ['?asked=yes&kind=nonsense&distance=7&language=zz', '?kind=a4&kind=a3', '?asked=yes&language=en&language=en']) assert.match(said((await posterOf(event, query)).text), /It works/, query);
  assert.equal((await kim.request('/events/ZZZZZ9/poster')).status, 404);
});

await test('organiser poster: where the poster does not answer the page says so, and works otherwise', async () => {
  const [pid] = spawnSync('pgrep', ['-P', String(instance.process.pid), '-f', 'poster --socket'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
  assert(pid, 'the poster\'s daemon');
  process.kill(pid, 'SIGSTOP');
  try {
    const page = await posterOf(event);
    assert.equal(page.status, 200);
    assert.match(said(page.text), /The poster cannot be drawn right now/);
    assert(byId(page.text, 'poster'));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  assert.match(said((await posterOf(event)).text), /It works/);
});

await test('organiser poster: two wait for the poster and no more; the third is told to try again, and pages go on', async () => {
  const [pid] = spawnSync('pgrep', ['-P', String(instance.process.pid), '-f', 'poster --socket'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
  process.kill(pid, 'SIGSTOP');
  const two = [posterOf(event), posterOf(event)];
  try {
    await sleep(1500);
    const since = Date.now();
    const third = await posterOf(event);
    assert.equal(third.status, 503);
    assert.match(said(third.text), /Others are making posters right now\. Try again in a moment\./);
    assert(byId(third.text, 'poster'), 'what was chosen stays');
    const file = await kim.request(`/events/${event}/poster/file?asked=yes&kind=a4&format=pdf&language=en`);
    assert.equal(file.status, 503);
    assert.match(said(file.text), /Try again in a moment/);
    assert.equal((await kim.request('/events')).status, 200);
    assert(Date.now() - since < 5000, `at once, not after the wait: ${Date.now() - since} ms`);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  for (const page of await Promise.all(two)) assert.match(said(page.text), /It works/);
});

await test('organiser poster: from the command line the same poster, while the instance runs and while it does not', async () => {
  const page = await kim.request(`/events/${event}/poster/file?asked=yes&kind=a4&format=pdf&language=en&language=cy&laminated=yes&distance=50`);
  const file = join(work, 'poster.pdf');
  instance.cli(['poster', event, '--kind', 'a4', '--language', 'en', '--language', 'cy', '--laminated', '--distance', '50', '-o', file]);
  const running = readFileSync(file);
  assert.deepEqual(running, page.bytes);
  const alone = await Instance.make();
  const code = alone.event('--open', ...args, '--title', 'Alone');
  alone.cli(['poster', code, '--kind', 'qr', '--format', 'svg', '-o', join(work, 'alone.svg')]);
  assert.deepEqual(decoded(picture(readFileSync(join(work, 'alone.svg')), 'svg')), [`${alone.base.toUpperCase()}/${code}`]);
  assert.deepEqual(decoded(picture(running, 'pdf')), [address(event)]);
  for (const [what, rest, status, message] of [
    ['no event', ['ZZZZZ9', '-o', file], 65, /ZZZZZ9/],
    ['no kind', [event, '--kind', 'flag', '-o', file], 64, /a4, a3, tent/],
    ['no format', [event, '--format', 'gif', '-o', file], 64, /pdf, png or svg/],
    ['no distance', [event, '--distance', 'far', '-o', file], 64, /centimetres/],
    ['a language it has not', [event, '--language', 'pl', '-o', file], 65, /not in the language/],
    ['five languages', [event, ...['en', 'cy', 'ar', 'en', 'cy'].flatMap((tag) => ['--language', tag]), '-o', file], 64, /room for 4/],
    ['no room', [event, '--kind', 'cards', '--distance', '900', '-o', join(work, 'none.pdf')], 65, /distance_cm/],
    ['no room, alone', [code, '--kind', 'cards', '--distance', '900', '-o', join(work, 'none.pdf')], 65, /distance_cm/],
  ]) {
    const done = (what.endsWith('alone') ? alone : instance).cli(['poster', ...rest], { expected: null });
    assert.equal(done.status, status, `${what}: ${done.stderr}`);
    assert.match(done.stderr, message, what);
  }
  assert(!existsSync(join(work, 'none.pdf')));
});

await test('organiser poster: whatever a title is, the page and the file have it, or the page says which sign cannot be printed', async () => {
  const titles = nasty.map((one) => one.text).filter((value) => value.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f]/.test(value) && value.trim() && [...value].length <= 80).filter((_, i) => i % 12 === 0);
  assert(titles.length > 10);
  for (const title of titles) {
    const added = instance.cli(['event', 'add', '--open', '--area', 'wessex', ...args, '--title', title], { expected: null });
    if (added.status !== 0) continue; // the office refuses it, and says so
    const code = added.stdout.match(/^([2-9A-HJKMNP-Z]{6})\b/)[1];
    const page = await posterOf(code, '?asked=yes&kind=a4&language=en');
    assert.equal(page.status, 200);
    assert(text(nodes(parse(page.text), ({ tagName }) => tagName === 'h1')[0]).includes(title.trim()), JSON.stringify(title));
    const isMade = /It works/.test(said(page.text));
    assert(isMade || /cannot be made like that/.test(said(page.text)), JSON.stringify(title));
    if (!isMade) continue;
    const file = await kim.request(attribute(byId(page.text, 'posterPng'), 'href'));
    assert.deepEqual(decoded(picture(file.bytes, 'png')), [address(code)], JSON.stringify(title));
  }
});

await finish();
