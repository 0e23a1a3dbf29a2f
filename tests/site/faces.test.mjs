// faces.test.mjs: changing the language, without JavaScript: a button of the form that keeps every answer and stores nothing. What one
// face cannot show travels along, comes back with its face, and is dropped at Send.
import assert from 'node:assert/strict';
import { Instance, finish, hiddenFields, test } from '../harness.mjs';

const instance = await Instance.make();
const practice = instance.event('--practice');
await instance.start();

const button = (html, tag) => html.match(new RegExp(`<button[^>]*name="to" value="${tag}"[^>]*formaction="([^"]+)"`))?.[1];
const isChecked = (html, name, value) => new RegExp(`<input[^>]*name="${name}"[^>]*value="${value}"[^>]* checked`).test(html);

/** Presses the button of another language on a page: its hidden fields and ANSWERS go along. */
const change = async (page, tag, answers) => {
  const path = button(page.text, tag);
  assert(path, `a button for ${tag}`);
  const response = await instance.request(path, { method: 'POST', body: [...Object.entries(hiddenFields(page.text)), ...answers, ['to', tag]] });
  assert.equal(response.status, 200, response.text.slice(0, 300));
  return response;
};

const mine = [['overall', 'very_good'], ['learned', 'decide'], ['fair_before', 'fairly'], ['next', 'Kept & <safe>'], ['religion', 'muslim']];
let english, easy;

await test('faces: from English to Welsh every answer is kept, at the address of the new language', async () => {
  english = await instance.page(`/${practice}`);
  const names = [...english.text.matchAll(/<input[^>]*name="([a-z_]+)"[^>]*value="([a-z0-9_]+)"/g)].map(([, name, value]) => `${name}=${value}`);
  for (const [name, value] of mine.filter(([name]) => name !== 'next')) if (!names.includes(`${name}=${value}`)) mine[mine.findIndex(([n]) => n === name)][1] = names.find((one) => one.startsWith(`${name}=`)).split('=')[1];
  const welsh = await change(english, 'cy', mine);
  assert.match(welsh.text, /<html[^>]* lang="cy"/);
  assert.match(welsh.text, new RegExp(`action="/${practice}/CY"`));
  for (const [name, value] of mine.filter(([name]) => name !== 'next')) assert(isChecked(welsh.text, name, value), `${name}=${value}`);
  assert(welsh.text.includes('Kept &amp; &lt;safe&gt;'));
  assert.equal(hiddenFields(welsh.text).nonce, english.hidden.nonce, 'the same response');
  assert(!/govuk-error-summary/.test(welsh.text), 'nothing is judged');
});

await test('faces: to Easy Read, what it cannot show travels along', async () => {
  easy = await change(english, 'en-x-easy', mine);
  const kept = hiddenFields(easy.text);
  assert.equal(kept['keep-base-overall'], 'very_good');
  assert.equal(kept['keep-base-religion'], mine.find(([name]) => name === 'religion')[1]);
  assert(easy.text.includes('Kept &amp; &lt;safe&gt;'), 'what both ask is shown');
});

await test('faces: and back again, every answer stands where it was, beside those of Easy Read', async () => {
  const back = await change(easy, 'en', [['overall', 'good'], ['next', 'Changed in Easy Read']]);
  for (const [name, value] of mine.filter(([name]) => name !== 'next')) assert(isChecked(back.text, name, value), `${name}=${value}`);
  assert(back.text.includes('Changed in Easy Read'));
  assert.equal(hiddenFields(back.text)['keep-easy-overall'], 'good');
  const again = await change(back, 'en-x-easy', mine);
  assert(isChecked(again.text, 'overall', 'good'), 'what was said in Easy Read comes back there');
});

await test('faces: at Send the answers of other faces are dropped', async () => {
  const sent = await instance.request(`/${practice}/EN-X-EASY`, { method: 'POST', body: [...Object.entries(hiddenFields(easy.text)), ['next', 'Sent in Easy Read']] });
  assert.equal(sent.status, 200, sent.text.slice(0, 300));
  const out = await instance.filed(practice, 1);
  assert.deepEqual(out.responses.map((row) => ({ ...row })), [{ next: 'Sent in Easy Read' }]);
  assert.equal(out.responses.length, 1, 'changing the language stored nothing');
});

await test('faces: a language that is not offered, and a form sent to another face, are refused', async () => {
  const fields = Object.entries(english.hidden);
  assert.equal((await instance.request(`/${practice}/CY`, { method: 'POST', body: [...fields, ['to', 'pl']] })).status, 400);
  assert.equal((await instance.request(`/${practice}/CY`, { method: 'POST', body: [...fields, ['next', 'x']] })).status, 400);
});

await finish();
