// kiosk-keyboard.test.mjs: the keyboard on a kiosk's screen: every letter of every layout is typed, every language's alphabet is on its own; keys are
// real buttons of at least 44 px that cover nothing; numbers, dates and physical keyboards. Two switches: kiosk-scan.test.mjs.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { inPairs, launch, walkToField } from './browser.mjs';
import { focused, makeKiosk, open, withScreen } from './kiosk-page.mjs';

const { instance, codeOf } = await makeKiosk('community-conversation', 'everything');
const browser = await launch({ isShell: true });
const code = codeOf('community-conversation');
const form = (face) => `/kiosk/${code}/${face}`;
const isWhole = process.env.KIOSK === 'all'; // make kiosk: each letter by a touch
const jobs = [];
const keyTest = (name, run, options = {}) => jobs.push(() => test(`kiosk, keyboard: ${name}`, () => withScreen(browser, instance, options, run)));

/** The letters of each language, as its schools teach them: each must be on its layout, on the first layer or behind Shift. */
const alphabets = {
  en: 'abcdefghijklmnopqrstuvwxyz',
  cy: 'abcdefghijklmnoprstuwyâêîôûŵŷ',
  ar: 'ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةى',
  bn: 'অআইঈউঊঋএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহড়ঢ়য়ৎংঃঁািীুূৃেৈোৌ্',
  ckb: 'ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەیێ',
  es: 'abcdefghijklmnñopqrstuvwxyzáéíóúü',
  fa: 'آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءئؤ\u200c',
  fr: 'abcdefghijklmnopqrstuvwxyzàâçèéêëîïôœùûü',
  hi: 'अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहािीुूृेैोौ्ंँः़',
  it: 'abcdefghijklmnopqrstuvwxyzàèéìòù',
  pa: 'ਅਆਇਈਉਊਏਐਓਔਕਖਗਘਙਚਛਜਝਞਟਠਡਢਣਤਥਦਧਨਪਫਬਭਮਯਰਲਵੜਸਹਾਿੀੁੂੇੈੋੌੰੱਂ਼੍',
  pl: 'aąbcćdeęfghijklłmnńoóprsśtuwyzźż',
  pt: 'abcdefghijklmnopqrstuvwxyzáâãàçéêíóôõú',
  ro: 'aăâbcdefghiîjklmnopqrsștțuvwxyz',
  so: 'abcdefghijklmnopqrstuwxy\'',
  sq: 'abcçdeëfghijklmnopqrstuvxyz',
  tr: 'abcçdefgğhıijklmnoöprsştuüvyz',
  uk: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
  ur: 'آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤ',
};

/** Presses KEY of the keyboard with a finger. */
const press = (page, key) => page.locator(`#kioskKeys [data-skbtn="${CSS_escape(key)}"]`).tap();
const CSS_escape = (text) => text.replace(/["\\]/g, '\\$&');

/** The keys of the layer that is shown, without those that do something. */
const keysNow = (page) => page.evaluate(() => Array.from(document.querySelectorAll('#kioskKeys .hg-button')).map((key) => key.dataset.skbtn).filter((key) => !/^\{.+\}$/.test(key)));

/** Types each key of the layer, with a touch where HASTOUCH (else as a touch ends: by a click, in a tenth of the time); what stands in the field
 *  is what stands on them. Shift lasts for one letter. Gives the keys. */
const typeAll = async (page, isShifted, hasTouch = isWhole) => {
  const keys = await keysNow(page);
  await page.locator('#next').fill('');
  const list = keys.flatMap((key, i) => (isShifted && i ? ['{shift}', key] : [key]));
  if (hasTouch) {
    for (const key of list) await press(page, key);
  } else {
    await page.evaluate((all) => all.forEach((key) => Array.from(document.querySelectorAll('#kioskKeys .hg-button')).find((one) => one.dataset.skbtn === key).click()), list);
  }
  assert.equal(await page.locator('#next').inputValue(), keys.join(''), 'each key writes what stands on it, in order');
  assert.equal(new Set(keys).size, keys.length, 'none twice');
  return keys;
};

const toField = async (page, face = 'EN') => {
  await open(page, form(face));
  await walkToField(page, 'next');
  await page.locator('#next').tap();
  await page.locator('#kioskKeys').waitFor();
};

const tags = Object.keys(alphabets);
keyTest('every letter of every layout', async (page) => {
  await toField(page);
  for (const tag of tags) {
    if (tag !== 'en') {
      await press(page, '{languages}');
      assert.deepEqual(await page.evaluate(() => Array.from(document.querySelectorAll('#kioskKeys [data-skbtn^="{to-"]'), (key) => key.lang).sort()), [...tags].sort(), 'every layout can be chosen, in its own name');
      await press(page, `{to-${tag}}`);
    }
    const hasTouch = isWhole || tag === 'cy';
    const plain = await typeAll(page, false, hasTouch);
    await press(page, '{shift}');
    const shifted = await typeAll(page, true, hasTouch);
    const all = [...plain, ...shifted].join(' ').normalize('NFC');
    const missing = Array.from(alphabets[tag].normalize('NFC')).filter((letter) => !all.includes(letter));
    assert.deepEqual(missing, [], `${tag}: letters without a key`);
    if (!/\p{Lu}/u.test(shifted.join(''))) continue;
    const small = Array.from(alphabets[tag]).map((letter) => letter.toLocaleUpperCase(tag)).filter((letter) => !shifted.includes(letter));
    assert.deepEqual(small, [], `${tag}: capitals without a key`);
  }
}, { minutes: isWhole ? 20 : 2 });

keyTest('digits, signs and accents', async (page) => {
  await toField(page);
  await press(page, '{signs}');
  const signs = await typeAll(page, false);
  for (const sign of '0123456789.,?!:;-()/\'"&@%£€+=*') assert(signs.includes(sign), sign);
  await press(page, '{signs}');
  await press(page, '{accents}');
  const accents = await typeAll(page, false);
  for (const letter of 'àáâäçèéêëìíîïñòóôöùúûüẁẃŵẅỳýŷÿßø') assert(accents.includes(letter), letter);
  await press(page, '{shift}');
  await typeAll(page, true);
});

for (const [face, tag] of [['EN', 'en'], ['CY', 'cy'], ['AR', 'ar'], ['EN-X-EASY', 'en']]) {
  keyTest(`the layout of the page's language, ${face}`, async (page) => {
    await toField(page, face);
    const keys = (await keysNow(page)).join('');
    assert(Array.from(alphabets[tag]).slice(0, 20).filter((letter) => !keys.includes(letter)).length < 3);
    assert.equal(await page.locator('#kioskKeys .hg-button[lang]').first().getAttribute('lang'), tag);
    // Named in the page's language: what does something, and rows.
    const names = await page.evaluate(() => Array.from(document.querySelectorAll('#kioskKeys button')).map((one) => one.getAttribute('aria-label') ?? one.textContent));
    assert(names.every((name) => name.trim() && !/undefined|[{}]/.test(name)), names.join('|'));
  });
}

// ---- buttons ------------------------------------------------------------------------------------------------------------------

for (const viewport of [{ width: 1280, height: 800 }, { width: 800, height: 1280 }, { width: 1920, height: 1080 }]) {
  keyTest(`keys of 44 px that cover nothing, at ${viewport.width} x ${viewport.height}`, async (page) => {
    await toField(page);
    for (const size of [1, 2, 3]) {
      // The widest rows and the most of them; in the whole run each.
      for (const tag of isWhole ? tags : ['en', 'fr', 'bn', 'ar']) {
        await press(page, '{languages}');
        await press(page, `{to-${tag}}`);
        const found = await page.evaluate(() => {
          const boxes = Array.from(document.querySelectorAll('#kioskKeys .hg-button'), (key) => ({ key: key.dataset.skbtn, box: key.getBoundingClientRect(), is: `${key.localName} ${key.type}`, over: key.scrollWidth - key.clientWidth }));
          const rect = (selector) => document.querySelector(selector).getBoundingClientRect();
          const [keys, main, bar, field] = ['#kioskKeys', 'main', '#kioskBar', '#next'].map(rect);
          return {
            small: boxes.filter(({ box }) => box.width < 44 || box.height < 44).map(({ key, box }) => `${key} ${box.width}x${box.height}`),
            outside: boxes.filter(({ box }) => box.left < 0 || box.right > innerWidth || box.bottom > bar.top + 1).map(({ key }) => key),
            cut: boxes.filter(({ over }) => over > 1).map(({ key, over }) => `${key} by ${over}`),
            other: boxes.filter(({ is }) => is !== 'button button').map(({ key }) => key),
            rows: main.bottom <= keys.top + 1 && keys.bottom <= bar.top + 1 && bar.bottom <= innerHeight + 1,
            isSeen: field.top >= main.top - 1 && Math.min(field.bottom, field.top + 60) <= main.bottom + 1,
          };
        });
        assert.deepEqual(found, { small: [], outside: [], cut: [], other: [], rows: true, isSeen: true }, `${tag}, size ${size}`);
      }
      await page.locator('#kioskSize').tap();
    }
  }, { viewport });
}

keyTest('by touch: the focus and the caret stay in the field; marks, deleting, lines, Shift for one letter', async (page) => {
  await toField(page);
  const value = () => page.locator('#next').inputValue();
  for (const key of ['h', 'e', 'k', 'l', 'o']) await press(page, key);
  assert.equal((await focused(page)).id, 'next');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await press(page, '{delete}');
  await press(page, 'l');
  assert.equal(await value(), 'hello');
  await page.keyboard.press('End');
  await press(page, '{line}');
  await press(page, '{shift}');
  assert.equal(await page.locator('#kioskKeys [data-skbtn="{shift}"]').getAttribute('aria-pressed'), 'true');
  await press(page, 'Y');
  await press(page, 'o');
  await press(page, '{space}');
  await press(page, '.');
  assert.equal(await value(), 'hello\nYo .');
  await page.locator('#next').selectText();
  await press(page, 'x');
  assert.equal(await value(), 'x');
  await press(page, '{delete}');
  await press(page, '{delete}');
  assert.equal(await value(), '');
  await page.locator('#next').fill('a😀');
  await page.keyboard.press('End');
  await press(page, '{delete}');
  assert.equal(await value(), 'a', 'a sign of two halves goes as one');
  // The page hears of it as of typing.
  await page.locator('#next').fill('x'.repeat(998));
  for (const key of ['a', 'b', 'c']) await press(page, key);
  assert.match(await page.locator('.govuk-character-count__message:visible').innerText(), /1 character too many/);
  await press(page, '{done}');
  assert.equal(await page.locator('#kioskKeys').isVisible(), false);
  assert.equal(await page.evaluate(() => Object.values(window.SimpleKeyboardInstances ?? {}).map((one) => Object.values(one.input).join('')).join('')), '', 'the keyboard remembers nothing');
});

keyTest('a physical keyboard goes on as it was', async (page) => {
  await open(page, form('EN'));
  await walkToField(page, 'next');
  await page.locator('#next').focus();
  assert.equal(await page.locator('#kioskKeys').isVisible(), false, 'nobody has asked for keys');
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  assert.equal(await page.locator('#next').inputValue(), 'one\ntwo');
  await page.locator('#next').tap();
  await page.keyboard.press('End');
  await page.keyboard.type(' three');
  await press(page, '?');
  assert.equal(await page.locator('#next').inputValue(), 'one\ntwo three?');
  await page.keyboard.press('Tab');
  assert.equal(await page.locator('#next').getAttribute('inputmode'), 'none', 'no tablet shows a keyboard of its own, which learns words');
});

keyTest('numbers and dates have digits, and the signs that the field takes', async (page) => {
  await open(page, `/kiosk/${codeOf('everything')}/EN`);
  const fields = await page.evaluate(() => Array.from(document.querySelectorAll('.question')).filter((one) => ['integer', 'decimal', 'date'].includes(one.dataset.kind) && !one.dataset.relevant)
    .map((one) => ({ kind: one.dataset.kind, name: one.querySelector('input').name.split('.')[0], id: one.querySelector('input').id, min: one.querySelector('input').dataset.min })));
  assert(['integer', 'decimal', 'date'].every((kind) => fields.some((one) => one.kind === kind)), JSON.stringify(fields));
  const seen = new Set();
  for (const { kind, name, id, min } of fields) {
    if (seen.has(kind)) continue;
    seen.add(kind);
    await page.reload();
    await page.locator('html.js').waitFor();
    await walkToField(page, name);
    await page.locator(`[id="${id}"]`).tap();
    const keys = (await keysNow(page)).join('');
    assert.equal(keys, `1234567890${kind !== 'date' && !(Number(min) >= 0) ? '-' : ''}${kind === 'decimal' ? '.' : ''}`, `${name}, ${kind}`);
    await press(page, '1');
    await press(page, '2');
    assert.equal(await page.locator(`[id="${id}"]`).inputValue(), '12');
  }
});

await inPairs(jobs);
await finish();
