// withdraw.test.mjs: from the thank-you by its link to the page that takes answers back, with the receipt copied there: the answers are
// gone. With and without JavaScript, in every language of the form, and on a page that is written from right to left. And the way out.
import assert from 'node:assert/strict';
import { Instance, finish, test } from '../harness.mjs';
import { Spool } from '../site/spool.mjs';
import { answer, faces, fieldsOf, goOn, inPairs, launch, openSteps, plan, readForm, receiptOn, send, thanked, walk, withPage } from './browser.mjs';
import { formsWithRtl, rightReceipt } from './states.mjs';

const instance = await Instance.make({ ...formsWithRtl(), conf: { batch_min: 1 } });
const practice = instance.event('--practice');
await instance.start();
const spool = new Spool(instance);
const browser = await launch();
const jobs = [];

const responses = (text) => instance.exported(practice).responses.filter(({ next }) => next === text).length;

/** Sends a form with TEXT in FACE. */
const respond = async (page, face, js, text) => {
  if (js) {
    await openSteps(page, `/${practice}/${face.path}`);
    await goOn(page);
    await walk(page, { ...plan(await readForm(page), 1), next: text });
  } else {
    await page.goto(`/${practice}/${face.path}`);
    await answer(page, fieldsOf(await readForm(page)).find(({ type }) => type === 'text'), text);
  }
  await send(page);
  await spool.settled();
  assert.equal(responses(text), 1, 'it is there');
};

/** Follows the link beside the receipt; it opens beside the thank-you. */
const followLink = async (page) => {
  await page.locator('.receipt summary').click();
  const [beside] = await Promise.all([page.waitForEvent('popup'), page.locator('.receipt a').click()]);
  await beside.locator('#receipt').waitFor();
  assert(await thanked(page).isVisible(), 'the thank-you stays open');
  return beside;
};

/** Pastes RECEIPT and sends it; the answer shows it nowhere. */
const takeBack = async (page, receipt) => {
  const field = page.locator('#receipt');
  await field.focus();
  await page.keyboard.insertText(receipt);
  assert.equal(await field.inputValue(), receipt);
  await page.locator('form.code button').click();
  await thanked(page).waitFor();
  assert(!(await page.content()).includes(receipt) && !page.url().includes(receipt.slice(0, 4)) && !(await page.title()).includes(receipt));
};

for (const face of faces) {
  for (const js of [true, false]) {
    jobs.push(() => test(`withdraw: ${face.name}, ${js ? 'with' : 'without'} JavaScript: from the thank-you to the answer, and the answers are gone`, () => withPage(browser, instance, { js, locale: face.locale }, async (page) => {
      const text = `taken back, ${face.name}, ${js}`;
      await respond(page, face, js, text);
      const receipt = await receiptOn(page);
      const beside = await followLink(page);
      assert.equal(new URL(beside.url()).pathname, `/withdraw/${face.path}`);
      assert.equal(await beside.locator('html').getAttribute('lang'), face.name.slice(0, 2));
      await takeBack(beside, receipt);
      await spool.settled();
      assert.equal(responses(text), 0);
    })));
  }
}

jobs.push(() => test('withdraw: in a language that the form has not, from right to left', () => withPage(browser, instance, { js: false }, async (page) => {
  await respond(page, faces[0], false, 'right to left');
  const receipt = await receiptOn(page);
  const beside = await followLink(page);
  await beside.locator('.languages a', { hasText: 'العربية' }).click();
  await beside.waitForURL('/withdraw/AR');
  assert.deepEqual(await beside.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ['ar', 'rtl']);
  const { left, right, width, text } = await beside.evaluate(() => {
    const label = document.querySelector('label[for="receipt"]');
    const box = label.getBoundingClientRect();
    return { left: box.left, right: innerWidth - box.right, width: innerWidth, text: getComputedStyle(document.getElementById('receipt')).direction };
  });
  assert(right < left && right < width / 8, 'the label stands at the right');
  assert.equal(text, 'ltr', 'a receipt reads from left to right');
  await takeBack(beside, receipt);
  assert.equal(await beside.locator('html').getAttribute('dir'), 'rtl');
  await spool.settled();
  assert.equal(responses('right to left'), 0);
})));

jobs.push(() => test('withdraw: the footer of a form leads there beside it, so that nothing typed is lost', () => withPage(browser, instance, { js: false }, async (page) => {
  await page.goto(`/${practice}/EN`);
  await answer(page, fieldsOf(await readForm(page)).find(({ type }) => type === 'text'), 'typed');
  const [beside] = await Promise.all([page.waitForEvent('popup'), page.locator('.foot a', { hasText: 'Take back your answers' }).click()]);
  await beside.waitForURL('/withdraw/EN');
  assert.equal(await page.locator('#next').inputValue(), 'typed');
})));

// ---- leaving ----------------------------------------------------------------------------------------------------------

const target = 'https://www.bbc.co.uk/weather';
const weather = async (page, watch) => {
  watch.hosts.push('www.bbc.co.uk');
  await page.route(target, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Weather</title><p>Rain later' }));
};

for (const [name, how] of [
  ['the button', (page) => page.locator('.govuk-js-exit-this-page-button').click()],
  ['Shift three times', async (page) => { for (let i = 0; i < 3; i++) await page.keyboard.press('Shift'); }],
]) {
  jobs.push(() => test(`withdraw: Exit this page, by ${name}: Back does not lead here again`, () => withPage(browser, instance, {}, async (page, watch) => {
    await weather(page, watch);
    await page.goto('/');
    await page.goto('/withdraw/EN');
    await page.locator('#receipt').fill(rightReceipt);
    await page.locator('.govuk-exit-this-page__indicator').waitFor({ state: 'attached' });
    await how(page);
    await page.waitForURL(target);
    await page.goBack();
    assert.equal(new URL(page.url()).pathname, '/');
  })));
}

jobs.push(() => test('withdraw: Exit this page, without JavaScript, is a link that sends no address of ours', () => withPage(browser, instance, { js: false }, async (page, watch) => {
  watch.hosts.push('www.bbc.co.uk');
  let headers;
  await page.route(target, async (route) => {
    headers = await route.request().allHeaders();
    await route.fulfill({ contentType: 'text/html', body: 'Rain later' });
  });
  await page.goto('/withdraw/EN');
  await page.locator('.govuk-js-exit-this-page-button').click();
  await page.waitForURL(target);
  assert.equal(headers.referer, undefined);
})));

await inPairs(jobs);

const keeping = await launch({ hasBfcache: true });
await test('withdraw: Back to a page that the browser may have kept in memory shows no receipt', () => withPage(keeping, instance, {}, async (page) => {
  await page.goto('/withdraw/EN');
  await page.locator('#receipt').fill(rightReceipt);
  await page.locator('form.code button').click();
  await thanked(page).waitFor();
  for (const away of [async () => {}, () => page.goto('/cookies')]) {
    await away();
    await page.goBack();
    await page.locator('#receipt, h1.thanks').first().waitFor();
    const field = page.locator('#receipt');
    if (await field.count()) assert.equal(await field.inputValue(), '');
    assert(!(await page.content()).includes(rightReceipt));
  }
}));

await test('withdraw: a page out of the browser’s memory shows nothing, and begins anew', () => withPage(browser, instance, {}, async (page) => {
  await page.goto('/withdraw/CY');
  await page.locator('.govuk-exit-this-page__indicator').waitFor({ state: 'attached' });
  await page.locator('#receipt').fill(rightReceipt);
  await page.evaluate(() => { window.isOld = true; });
  const isHidden = await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    return document.body.hidden;
  });
  assert(isHidden, 'hidden at once');
  await page.waitForFunction(() => !window.isOld && document.getElementById('receipt'));
  assert.equal(await page.locator('#receipt').inputValue(), '');
  assert.equal(new URL(page.url()).pathname, '/withdraw/CY');
}));

await finish();
