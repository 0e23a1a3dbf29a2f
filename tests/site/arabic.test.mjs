// arabic.test.mjs: whatever page is asked for in Arabic answers in Arabic: its words are, what the script would say too, and no English
// is left but names, codes and addresses. What is filled in (titles of events) stands isolated, so that it cannot turn the sentence round.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, receiptOf, root, scratch, test } from '../harness.mjs';

// The Community Conversation, and the same without the exit button: only such forms name their event.
const formsDir = scratch();
cpSync(join(root, 'forms'), formsDir, { recursive: true });
cpSync(join(formsDir, 'community-conversation'), join(formsDir, 'talk'), { recursive: true });
const path = join(formsDir, 'talk/form.yaml');
writeFileSync(path, readFileSync(path, 'utf8').replace('form: community-conversation', 'form: talk').replace(/^safety:.*\n/m, ''));

const instance = await Instance.make({ formsDir, forms: ['community-conversation', 'talk'].map((name) => join(formsDir, name)) });
const title = 'What next? (Part 2)';
const event = (...args) => instance.event('--title', title, '--place', 'Hall 3, Slough', ...args);
const practice = event('--practice', '--form', 'community-conversation');
const talk = event('--practice', '--form', 'talk', '--date', '2026-11-21');
const closed = event('--open', '--form', 'talk');
const planned = event('--form', 'talk', '--date', '2099-03-01');
const welsh = event('--practice', '--form', 'community-conversation', '--area', 'cymru-wales');
instance.cli(['event', 'close', closed]);
await instance.start();

// Names, which stay as they are: what answers a telephone, what stands in the law, what can be looked up.
const names = [
  'Crown\u00a0Prosecution\u00a0Service', 'Crown Prosecution Service', 'Relay UK', 'Crimestoppers', 'National Domestic Abuse Helpline', 'Live Fear Free', 'Men’s Advice Line',
  'Galop', 'Karma Nirvana', 'FGM Helpline', 'Rape and Sexual Abuse Support Line', 'Childline', 'NSPCC', 'Samaritans', 'Victim Support',
  'True Vision', 'Stop Hate UK', 'Tell MAMA', 'Community Security Trust', 'Modern Slavery Helpline', 'Hourglass', 'UK GDPR',
  'Data Protection Act 2018', 'Equality Act 2010', 'Information Commissioner', 'Equality and Human Rights Commission',
  'Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018',
  'Equality Advisory and Support Service', 'Web Content Accessibility Guidelines', 'axe-core', 'JavaScript', 'Easy Read', 'English',
  'Cymraeg', 'Shift', 'LGBT', 'CPS', 'EHRC', 'EASS', 'BBC', 'IP', 'AA', '6(1)(e)', '9(2)(g)',
  'E4K7QX', 'K7QX 9M2T 4WRB 6HD3 5', // examples of a code and a receipt
  title, 'Hall 3, Slough',
];
const isolated = `\u2068${title}\u2069`;

const decoded = (text) => text.replace(/&#39;|&#x27;/g, "'").replace(/&#34;|&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** What a page says: its texts, and those in attributes that are read or shown. Not what names of languages say in their own. */
const sayings = (html) => {
  const attributes = [...html.matchAll(/\s(?:data-(?!step|relevant|constraint|maxlength|behaviour|kind)[a-z-]+|aria-label|alt|placeholder)="([^"]*)"/g)].map(([, text]) => text);
  const texts = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<textarea[\s\S]*?<\/textarea>/g, '').split(/<[^>]*>/);
  return [...texts, ...attributes].map(decoded).filter((text) => text.trim());
};

/** Every run of Latin letters that is neither a name, nor an address, nor among OWN. */
const english = (html, own = []) => sayings(html).flatMap((text) => {
  let left = text.replace(/[\w.-]+@[\w.-]+|\b[a-z0-9-]+(\.[a-z0-9-]+)+(\/[a-z]+)?/g, ' ').replace(/\{\w+\}/g, ' ');
  for (const name of [...names, ...own]) left = left.replaceAll(name, ' ');
  const found = left.match(/[A-Za-z]{2,}[A-Za-z ,.’'-]*/g) ?? [];
  return found.map((one) => `“${one.trim()}” in “${text.trim().slice(0, 80)}”`);
});

/** A page in Arabic, as it must be. */
const check = (name, response, own) => {
  assert.match(response.text, /<html[^>]* lang="ar" dir="rtl"/, name);
  assert(sayings(response.text).filter((text) => /[\u0620-\u064a]{2}/.test(text)).length > 5, `${name} has Arabic words`);
  assert.deepEqual(english(response.text, own), [], `English on ${name}`);
  assert.deepEqual(sayings(response.text).filter((text) => /[\u0620-\u064a][?,;]/.test(text)), [], `${name}: punctuation of Latin letters behind Arabic`);
  return response;
};

await test('arabic: what is looked for is found', () => {
  assert.deepEqual(english('<p>مرحبا CPS, a@b.uk 999bsl.co.uk</p>'), []);
  assert.equal(english('<p>Your answers are saved</p><p data-next-title="Thank you"></p>').length, 2);
});

await test('arabic: the form, with its mistakes, its thanks and its way back', async () => {
  const page = check('the form', await instance.page(`/${practice}/AR`));
  check('the form, nothing answered', await instance.send(`/${practice}/AR`, {}));
  const long = check('the form, too long', await instance.send(`/${practice}/AR`, { overall: 'good', next: 'ن'.repeat(1001) }));
  assert(long.status === 422 && long.text.includes('1000'));
  const thanks = await instance.send(`/${practice}/AR`, { overall: 'good', learned: 'hate_crime', next: 'شكرا' }, { page });
  check('thanks', thanks, [receiptOf(thanks.text)]);
  assert.match(thanks.text, /class="[^"]*thanks/);
  assert.match(thanks.text, /نحذفها قبل نهاية يوم \u2068\d+\u00a0[\u0620-\u064a]+ 20\d\d\u2069/);
});

await test('arabic: answers of one question are joined by its own comma', async () => {
  const page = await instance.page(`/${practice}/AR`);
  const thanks = await instance.send(`/${practice}/AR`, [['learned', 'hate_crime'], ['learned', 'other']], { page });
  assert(thanks.text.includes('جرائم الكراهية، شيء آخر'), thanks.text.match(/<dl[\s\S]*<\/dl>/)?.[0]);
});

await test('arabic: taking back, wrong and right', async () => {
  check('withdraw', await instance.page('/withdraw/AR'));
  for (const receipt of ['', 'K7QX 9M2T', 'K7QX 9M2T 4WRB 6HD3 5', 'E4K7QX']) check(`withdraw “${receipt}”`, await instance.send('/withdraw/AR', { receipt }));
  const thanks = await instance.send(`/${practice}/AR`, { overall: 'good' });
  check('withdrawn', await instance.send('/withdraw/AR', { receipt: receiptOf(thanks.text) }));
});

await test('arabic: help and notices', async () => {
  for (const name of ['help', 'privacy', 'accessibility', 'cookies']) check(name, await instance.page(`/${name}/AR`));
});

await test('arabic: pages that say no, and the first page', async () => {
  const headers = { 'Accept-Language': 'ar-EG,ar;q=0.9,en;q=0.5' };
  check('home', await instance.page('/', headers));
  for (const code of ['', 'E4K', 'K7QX 9M2T 4WRB 6HD3 K']) check(`home “${code}”`, await instance.request('/', { method: 'POST', body: { code }, headers }));
  check('unknown code', await instance.page('/ZZZZZ9/AR', headers));
  check('no such page', await instance.page('/nowhere', headers));
  check('refused', await instance.request(`/${practice}/AR`, { method: 'POST', body: { nonsense: '1' }, headers }));
  check('another site', await instance.request(`/${practice}/AR`, { method: 'POST', body: {}, headers: { ...headers, Origin: 'https://elsewhere.example' } }));
});

await test('arabic: a title stands isolated in the sentence, and the date in words of the language', async () => {
  const form = check('the form of a talk', await instance.page(`/${talk}/AR`));
  assert(form.text.includes(`${isolated}، \u2068Hall 3, Slough\u2069، \u206821\u00a0نوفمبر 2026\u2069`));
  assert(check('closed', await instance.page(`/${closed}/AR`)).text.includes(`لقاء «${isolated}»`));
  const soon = check('not open', await instance.page(`/${planned}/AR`)).text;
  assert(soon.includes(`«${isolated}» هو \u20681\u00a0مارس 2099\u2069`));
  assert(!(await instance.page(`/${talk}/EN`)).text.includes('\u2068'), 'nothing of it in English');
});

await test('arabic: an event in Wales has the words of Wales', async () => {
  const page = check('in Wales', await instance.page(`/${welsh}/AR`));
  assert(page.text.includes('آسيوي أو آسيوي ويلزي أو آسيوي بريطاني'));
});

await finish();
