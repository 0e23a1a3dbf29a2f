// home.test.mjs: the first page in every language, kept when a code is typed; and that a page says where its words are a draft.
import assert from 'node:assert/strict';
import { Instance, finish, test } from '../harness.mjs';

const instance = await Instance.make();
const code = instance.event('--practice');
await instance.start();

const languages = ({ text }) => Array.from(text.match(/<nav class="languages"[^]*?<\/nav>/)?.[0].matchAll(/href="([^"]+)"/g) ?? [], ([, url]) => url);
const tags = ['EN', 'CY', 'AR', 'EN-X-EASY']; // Welsh stands second wherever it is

for (const [name, path, status, here] of [['the first page', '/', 200, 'EN'], ['the first page in Welsh', '/CY', 200, 'CY'], ['no page', '/nowhere', 404, 'EN'], ['no language of ours', '/zz', 404, 'EN']]) {
  await test(`home: ${name} leads to the first page in each other language`, async () => {
    const page = await instance.request(path, { headers: { 'Accept-Language': 'en' } });
    assert.equal(page.status, status);
    assert.deepEqual(languages(page), tags.filter((tag) => tag !== here).map((tag) => `/${tag}`));
  });
}

await test('home: the language chosen there is the form\'s when a code is typed, if it has it', async () => {
  const [, action] = (await instance.request('/CY')).text.match(/<form class="code" method="post" action="([^"]+)"/);
  assert.equal(action, '/CY');
  const go = (path, typed) => instance.request(path, { method: 'POST', body: { code: typed } });
  assert.equal((await go(action, code)).headers.location, `/${code}/CY`);
  assert.equal((await go('/', code)).headers.location, `/${code}`);
  assert.equal((await go('/CY', 'ZZZZZ9')).headers.location, '/ZZZZZ9');
  const wrong = await go(action, 'E4K');
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /lang="cy"/);
});

await test('home: every page in a language that nobody has checked says so, and no other', async () => {
  const draft = { CY: 'Drafft cyntaf', EN: 'first draft' };
  for (const [tag, words] of Object.entries(draft)) {
    for (const path of [`/${tag}`, `/help/${tag}`, `/privacy/${tag}`, `/withdraw/${tag}`, `/ZZZZZ9/${tag}`, `/${code}/${tag}`]) {
      const { text } = await instance.request(path);
      assert.equal(text.split(words).length - 1, tag === 'CY' ? 1 : 0, path);
    }
  }
});

await finish();
