// axe.test.mjs: axe-core (WCAG 2.0 to 2.2, A and AA, and best practice) finds nothing in any face and state, in light and in dark,
// with no rule switched off.
import assert from 'node:assert/strict';
import { finish, test } from '../harness.mjs';
import { axe, faces, launch, withPage } from './browser.mjs';
import { asleep, downStates, formsWithRtl, lateWithScript, lateWithout, makeSite, smallStates, statesOfNothing, statesWithScript, statesWithout, unsavedWithScript, unsavedWithdrawal, unsavedWithout, withdrawStates, withoutIntake } from './states.mjs';

const site = await makeSite();
const browser = await launch({ isShell: true });
let looks = 0;

/** Axe on the states that WALK leads PAGE through: on every one in light and in dark with AXE=all (make forms); else by turns, and of FACE, a
 *  number, on every second, so that two faces that follow one another have seen all of them. */
const scan = async (page, js, walk, face = NaN) => {
  const found = [];
  let at = 0;
  await walk(async (state) => {
    if (process.env.AXE !== 'all' && (at++ + face) % 2 === 1) return;
    for (const colorScheme of process.env.AXE === 'all' ? ['light', 'dark'] : [['light', 'dark'][looks % 2]]) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await axe(page, { js })).map((line) => `${state}, ${colorScheme}: ${line}`));
      looks++;
    }
  });
  assert.equal(found.length, 0, `${found.length} violations\n    ${found.join('\n    ')}`);
};

/** A test of every face; two at a time, for machines with two processors. */
const everyFace = (name, js, walk, expected = []) => Promise.all(faces.map((face) => test(`axe: ${face.name}, ${name}: 0 violations`, () => withPage(browser, site.instance, { js, locale: face.locale }, async (page, watch) => {
  await scan(page, js, (look) => walk(page, face, look), faces.indexOf(face));
  for (const pattern of expected) watch.expect(pattern);
}))));

await everyFace('every step', true, (page, face, look) => statesWithScript(page, site.practice, face, look));
await everyFace('nothing answered', true, (page, face, look) => statesOfNothing(page, site.practice, face, look), [/422/]);
await everyFace('without JavaScript', false, (page, face, look) => statesWithout(page, site.practice, face, look), [/422/]);
await everyFace('small pages', false, (page, face, look) => smallStates(page, site, face, look), [/404/, /422/]);
await everyFace('too late', true, (page, face, look) => lateWithScript(page, site, face, look), [/410/]);
await everyFace('too late, without JavaScript', false, (page, face, look) => lateWithout(page, site, face, look), [/410/]);

// Of no event: in every language of the strings, one of them from right to left.
const rtl = await makeSite(formsWithRtl());
const everyLanguage = (name, js, walk, expected) => Promise.all([...faces.map(({ path }) => ({ path, at: site })), { path: 'AR', at: rtl }].map(({ path, at }) => test(`axe: ${path}, ${name}: 0 violations`, () => withPage(browser, at.instance, { js }, async (page, watch) => {
  await scan(page, js, (look) => walk(page, path, look));
  watch.expect(expected);
}))));
await everyLanguage('taking answers back', true, withdrawStates, /422/);
await everyLanguage('taking answers back, without JavaScript', false, withdrawStates, /422/);

await asleep(site.instance, 'spooler', () => asleep(rtl.instance, 'spooler', () => everyLanguage('taking answers back, not saved', false, unsavedWithdrawal, /503/)));
await asleep(site.instance, 'spooler', async () => {
  await everyFace('not saved', true, (page, face, look) => unsavedWithScript(page, site.practice, face, look), [/503/]);
  await everyFace('not saved, without JavaScript', false, (page, face, look) => unsavedWithout(page, site.practice, face, look), [/503/]);
});

await test("axe: nginx's page while intake is down: 0 violations", () => withPage(browser, site.instance, { js: false }, async (page, watch) => {
  await page.goto(`/${site.practice}/EN`);
  await withoutIntake(site.instance, () => scan(page, false, (look) => downStates(page, look)));
  watch.expect(/502|503/);
}));

await test('axe: finds what is wrong, with and without JavaScript', async () => {
  for (const js of [true, false]) {
    await withPage(browser, site.instance, { js }, async (page) => {
      await page.goto(`/${site.practice}/EN`);
      assert.deepEqual(await axe(page, { js }), []);
      await page.evaluate(() => {
        document.documentElement.removeAttribute('lang');
        document.querySelector('.calm p').style.color = '#999';
      });
      const found = (await axe(page, { js })).join('\n');
      assert.match(found, /^html-has-lang: /m);
      assert.match(found, /^color-contrast: .*\.calm/m);
    });
  }
});

console.log(`axe looked ${looks} times`);
await finish();
