// sound.test.mjs: every text that a page shows is one that a sound is made of, in every language of every shipped form; where nothing is
// made, pages are as they were.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, formFields, hiddenFields, root, test } from '../harness.mjs';
import { pretend, textsOf } from '../sounds.mjs';

// As the browser's script does it.
const { cover, plainText } = await import(`data:text/javascript,${encodeURIComponent(readFileSync(join(root, 'static/js/listen/pieces.js'), 'utf8'))}`);

const forms = ['community-conversation', 'work-experience-before', 'work-experience-day', 'work-experience-end'];
const folders = forms.map((name) => join(root, 'forms', name));
const instance = await Instance.make({ forms: folders });
const title = 'Zzevent', place = 'Zzplace';
const languages = (name) => ['en', ...readdirSync(join(root, 'forms', name)).filter((file) => /^[a-z-]+\.yaml$/.test(file) && file !== 'form.yaml').map((file) => file.slice(0, -5))]
  .filter((tag) => !tag.endsWith('-wales'));
const event = (name, ...more) => instance.event('--open', '--practice', '--title', title, '--place', place, '--form', name,
  '--programme', name.startsWith('work') ? 'work-experience' : 'community-conversation', ...languages(name).flatMap((tag) => ['--language', tag]), ...more);

const before = event(forms[0]);
const lists = forms.map((name, i) => textsOf(instance, folders[i]));
pretend(instance, lists.flat());
const codes = forms.map((name) => event(name));
await instance.start();

/** The texts of a page's own part, as they stand between tags. */
const shownIn = (html) => html.slice(html.indexOf('<main'), html.indexOf('</main>')).replace(/<(script|style|textarea|select|svg|template)\b[\s\S]*?<\/\1>/g, ' ')
  .replace(/<bdi class="receipt__code[\s\S]*?<\/bdi>/g, ' ').replace(/<[^>]*>/g, '\n')
  .replace(/&#39;/g, "'").replace(/&quot;|&#34;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
  .split('\n').map((text) => plainText(text).replace(/^\((.*)\)$/, '$1')).filter(Boolean);

const soundsFor = (list, tag) => {
  const sounds = new Map(list.filter((one) => [tag.split('-')[0], 'en'].includes(one.tag.split('-')[0])).map((one) => [one.text, 'x']));
  sounds.signs = new Map();
  return sounds;
};
const isOwn = (text) => text.includes(title) || text.includes(place);
// What changes with every key that is pressed is not read out, and what somebody has typed never is.
const unheard = (html, sounds, pass) => shownIn(html).filter((text) => !isOwn(text) && !pass.test(text) && /[\p{L}\p{N}]/u.test(cover(text, sounds).skipped));

for (const [i, name] of forms.entries()) {
  for (const tag of languages(name)) {
    await test(`sound: ${name} in ${tag}: fresh, with mistakes, thanked for: every text has its sound`, async () => {
      const sounds = soundsFor(lists[i], tag);
      const counting = /\d+ (characters|character|nod)|\bnodau?\b|حرف|letters/;
      const fresh = await instance.page(`/listen/${codes[i]}/${tag}`);
      assert.equal(fresh.status, 200);
      assert.deepEqual(unheard(fresh.text, sounds, counting), []);
      const empty = await instance.send(`/listen/${codes[i]}/${tag}`, [], { page: fresh });
      assert.equal(empty.status, 422);
      assert.deepEqual(unheard(empty.text, sounds, counting), []);
      const radio = fresh.text.match(/type="radio" name="([^"]+)" id="[^"]+" value="([^"]+)"/);
      const required = [...fresh.text.matchAll(/data-required/g)].length;
      const thanks = await instance.send(`/listen/${codes[i]}/${tag}`, [[radio[1], radio[2]]]);
      if (thanks.status === 422 && required) return;
      assert.equal(thanks.status, 200);
      assert.deepEqual(unheard(thanks.text, sounds, counting), []);
    });
  }
}

await test('sound: a kiosk names the sounds of its form, its panels and its thank-you', async () => {
  const page = await instance.request(`/kiosk/${codes[0]}/en`);
  assert.equal(page.status, 200);
  assert.match(page.text, /<template id="pageSounds"/);
  const sounds = soundsFor(lists[0], 'en');
  assert.deepEqual(unheard(page.text, sounds, /characters/), []);
  const panels = page.text.slice(page.text.indexOf('id="kioskBar"'));
  assert.deepEqual(unheard(`<main${panels}</main>`, sounds, /^(Cymraeg|العربية|Easy Read|English)$/), []);
});

await test('sound: on a kiosk without script Listen shows the players, and takes them away', async () => {
  const path = `/kiosk/${codes[0]}/en`;
  const players = (html) => html.match(/<audio/g)?.length ?? 0;
  let page = await instance.request(path);
  assert.equal(players(page.text), 0);
  for (const [value, least] of [['1', 1], ['0', 0]]) {
    page = await instance.request(path, { method: 'POST', body: [...Object.entries(hiddenFields(page.text)), ['view-listen', value]] });
    assert.equal(page.status, 200);
    assert.equal(players(page.text) >= 1, least === 1, `view-listen ${value}`);
  }
});

await test('sound: Listen stands on a page that can be heard, keeps what was typed, and leads back', async () => {
  const page = await instance.page(`/${codes[0]}/EN`);
  assert.match(page.text, new RegExp(`<button type="submit" form="answers" name="to" value="en" formaction="/listen/${codes[0]}/EN" formnovalidate>Listen</button>`));
  assert.doesNotMatch(page.text, /pageSounds|<audio/);
  const heard = await instance.send(`/listen/${codes[0]}/EN`, [[page.text.match(/<textarea[^>]* name="([^"]+)"/)[1], 'Keep this'], ['to', 'en']], { page: { ...page, action: `/listen/${codes[0]}/EN` } });
  assert.equal(heard.status, 200);
  assert.match(heard.text, /Keep this<\/textarea>/);
  assert.match(heard.text, /class="govuk-template[^"]* listening"/);
  assert.match(heard.text, new RegExp(`formaction="/${codes[0]}/EN" formnovalidate>Without sound</button>`));
  assert.doesNotMatch(heard.text, /name="view-/, 'a plain page refuses them');
  const back = await instance.send(`/${codes[0]}/EN`, [...formFields(heard.text).filter(([name]) => name !== 'to'), ['to', 'en']].filter(([name]) => !(name in hiddenFields(heard.text))),
    { page: { ...page, hidden: hiddenFields(heard.text), action: `/${codes[0]}/EN` } });
  assert.equal(back.status, 200);
  assert.match(back.text, /Keep this<\/textarea>/);
  assert.equal((await instance.exported(codes[0])).responses.some((one) => JSON.stringify(one).includes('Keep this')), false);
});

await test('sound: what nobody made a sound for is said, and a page without any has no button', async () => {
  const silent = await Instance.make({ forms: [folders[2]] });
  const code = silent.event('--open', '--practice', '--form', forms[2], '--programme', 'work-experience');
  await silent.start();
  assert.doesNotMatch((await silent.request(`/${code}`)).text, /formaction="\/listen/);
  const page = await silent.request(`/listen/${code}/EN`);
  assert.equal(page.status, 200);
  assert.match(page.text, /This page cannot be heard yet in this language/);
  assert.equal((await silent.request('/sound/0123456789abcdef0123.opus')).status, 404);
  for (const path of [`/kiosk/${code}`, `/kiosk/${code}/EN`]) {
    const kiosk = await silent.request(path);
    assert.doesNotMatch(kiosk.text.slice(0, kiosk.text.indexOf('</main>')), /cannot be heard yet/);
    const pressed = await silent.request(path, { method: 'POST', body: [...Object.entries(hiddenFields(kiosk.text)), ['view-listen', '1']] });
    assert.equal(pressed.status, 200);
    assert.match(pressed.text.slice(0, pressed.text.indexOf('</main>')), /This page cannot be heard yet in this language/);
  }
  await silent.stop();
});

await test('sound: a catalogue with every text of all forms costs a page no more than some milliseconds', async () => {
  const time = async (path) => {
    const begin = process.hrtime.bigint();
    for (let i = 0; i < 40; i++) assert.equal((await instance.request(path)).status, 200);
    return Number(process.hrtime.bigint() - begin) / 40e6;
  };
  await time(`/${codes[0]}/EN`);
  const plain = await time(`/${codes[0]}/EN`), heard = await time(`/listen/${codes[0]}/EN`);
  console.log(`# a plain page ${plain.toFixed(1)} ms, the same with its sounds ${heard.toFixed(1)} ms`);
  assert(heard - plain < 40, `${heard} against ${plain} ms`);
});

assert(before);
await finish();
