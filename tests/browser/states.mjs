// states.mjs: every state that a person can see a page in, each in turn: what axe, the reflow test and the picture taker walk
// through. LOOK(name) runs wherever there is something to see; it may change the window and the colours, nothing else.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, root, scratch, until } from '../harness.mjs';
import { answer, answerVisible, fieldsOf, goOn, openSteps, plan, readForm, send, sendButton, step, thanked, walkTo } from './browser.mjs';

/** A receipt whose check sign is right, and that belongs to nothing. */
export const rightReceipt = 'K7QX 9M2T 4WRB 6HD3 K';

/** A copy of forms/ with page strings in a language that is written from right to left. The words only look like it: every letter of the
 * English has become one of the Arabic alphabet. What makeSite() takes. */
export const formsWithRtl = () => {
  const dir = scratch();
  cpSync(join(root, 'forms'), dir, { recursive: true });
  const letters = [...'ابكديفجهيجكلمنوبقرستوفوخيز'];
  const fake = (text) => text.replace(/\{\w+\}|\\u[\da-f]{4}|[a-z]/gi, (sign) => (sign.length > 1 ? sign : letters[sign.toLowerCase().charCodeAt(0) - 97]));
  const english = readFileSync(join(dir, 'strings/en.yaml'), 'utf8');
  const own = english.split('\n').filter((line) => !/^(#|language:|name:|status:|$)/.test(line)).map((line) => line.replace(/^(\w+: )(.*)$/, (_, key, text) => key + fake(text)));
  writeFileSync(join(dir, 'strings/ar.yaml'), `language: ar\nname: العربية\nstatus: draft\ndirection: rtl\n${own.join('\n')}\n`);
  return { formsDir: dir, forms: [join(dir, 'community-conversation')] };
};

/** An instance with an event in every state. */
export const makeSite = async (made = {}) => {
  const instance = await Instance.make({ ...made, conf: { spool_wait_ms: 1500 } });
  const site = {
    instance,
    practice: instance.event('--practice', '--place', 'Your own table'),
    open: instance.event('--open', '--place', 'Slough', '--area', 'thames-and-chiltern', '--programme', 'community-conversation'),
    closed: instance.event('--open'),
    planned: instance.event('--date', '2099-03-01'),
    welsh: instance.event('--open', '--area', 'cymru-wales'),
    unknown: 'ZZZZZ9',
  };
  instance.cli(['event', 'close', site.closed]);
  await instance.start();
  return site;
};

const openDetails = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));

const tooLong = (fields) => {
  const field = fields.find(({ type }) => type === 'text');
  return { field, value: 'Too long. '.repeat(120) };
};

/** With the script: the welcome, every step, mistakes, the check page, the thank-you page. */
export const statesWithScript = async (page, code, face, look) => {
  await openSteps(page, `/${code}/${face.path}`);
  const questions = await readForm(page);
  const answers = plan(questions, 1);
  const long = tooLong(fieldsOf(questions));
  await look('welcome');
  await openDetails(page);
  await look('welcome, opened');
  await goOn(page);
  for (let at = await step(page); at !== 'check'; at = await step(page)) {
    const done = await answerVisible(page, answers);
    if (done.includes(long.field.name)) {
      await answer(page, long.field, long.value);
      await goOn(page);
      await page.locator('.govuk-error-summary').waitFor();
      await look(`${at}, too long`);
      await answer(page, long.field, answers[long.field.name]);
    } else {
      await look(at);
    }
    await goOn(page);
  }
  await look('check');
  await page.locator('.check a').first().click();
  await look('change');
  await goOn(page);
  await send(page);
  await look('thanks');
  await openDetails(page);
  await look('thanks, opened');
};

/** With the script: sent with nothing answered, and what the server says to that. */
export const statesOfNothing = async (page, code, face, look) => {
  await openSteps(page, `/${code}/${face.path}`);
  await walkTo(page, 'check');
  await look('check, empty');
  await sendButton(page).click();
  await page.locator('.govuk-error-summary').waitFor();
  await look('check, nothing answered');
};

/** The one page: empty, nothing answered, too long, thanks. */
export const statesWithout = async (page, code, face, look) => {
  await page.goto(`/${code}/${face.path}`);
  const fields = fieldsOf(await readForm(page));
  const answers = plan(await readForm(page), 2);
  const long = tooLong(fields);
  await look('one page');
  await sendButton(page).click();
  await page.locator('.govuk-error-summary').waitFor();
  await look('one page, nothing answered');
  for (const field of fields) await answer(page, field, field === long.field ? long.value : answers[field.name]);
  await sendButton(page).click();
  await page.locator('.govuk-error-message').waitFor();
  await look('one page, too long');
  await answer(page, long.field, answers[long.field.name]);
  await send(page);
  assert(await page.evaluate(() => !document.documentElement.classList.contains('js')), 'JavaScript is off');
  await look('thanks page');
  await openDetails(page);
  await look('thanks page, opened');
};

/** Pages without a form: events that take no answers, home, notices, the chooser. */
export const smallStates = async (page, site, face, look) => {
  const go = async (path, name, status = 200) => {
    const response = await page.goto(path);
    assert.equal(response.status(), status, path);
    await look(name);
  };
  await go(`/${site.closed}/${face.path}`, 'closed');
  await go(`/${site.planned}/${face.path}`, 'not open yet');
  await go(`/${site.unknown}/${face.path}`, 'unknown code', 404);
  await go('/nowhere', 'not found', 404);
  await go('/', 'home');
  for (const [name, typed] of [['wrong code', 'E4K'], ['a receipt', rightReceipt]]) {
    await page.goto('/');
    await page.locator('#code').fill(typed);
    await page.locator('form.code button').click();
    await page.locator('.govuk-error-message').waitFor();
    await look(`home, ${name}`);
  }
  for (const notice of ['help', 'privacy', 'accessibility', 'cookies']) await go(`/${notice}/${face.path}`, notice);
  await go(`/${site.welsh}`, 'chooser');
};

/** Sent after the event has closed: with the script, and the page without. */
export const lateWithScript = async (page, site, face, look) => {
  const code = site.instance.event('--open');
  await openSteps(page, `/${code}/${face.path}`);
  await goOn(page);
  await answerVisible(page, plan(await readForm(page), 3));
  await walkTo(page, 'check');
  site.instance.cli(['event', 'close', code, '--now']);
  await sendButton(page).click();
  await page.locator('.end h1').waitFor();
  await look('too late');
};

export const lateWithout = async (page, site, face, look) => {
  const code = site.instance.event('--open');
  await page.goto(`/${code}/${face.path}`);
  const fields = fieldsOf(await readForm(page));
  await answer(page, fields[0], fields[0].choices[0].value);
  site.instance.cli(['event', 'close', code, '--now']);
  await sendButton(page).click();
  await page.locator('dl').waitFor();
  await look('too late, one page');
};

/** Taking answers back: the empty field, what is wrong with a receipt, and the answer to one that is right. PATH: "EN". */
export const withdrawStates = async (page, path, look) => {
  const field = page.locator('#receipt');
  const button = page.locator('form.code button');
  await page.goto(`/withdraw/${path}`);
  await look('withdraw');
  await openDetails(page);
  await look('withdraw, opened');
  for (const [name, typed] of [['nothing', ''], ['too short', 'K7QX 9M2T'], ['wrong sign', 'K7QX 9M2T 4WRB 6HD3 5']]) {
    await field.fill(typed);
    await button.click();
    await page.locator('.govuk-error-message').waitFor();
    await look(`withdraw, ${name}`);
  }
  await field.fill(rightReceipt);
  await button.click();
  await thanked(page).waitFor();
  await look('withdraw, taken');
};

/** While the spooler sleeps: a receipt that is not taken yet. */
export const unsavedWithdrawal = async (page, path, look) => {
  await page.goto(`/withdraw/${path}`);
  await page.locator('#receipt').fill(rightReceipt);
  await page.locator('form.code button').click();
  await page.locator('.not-saved').waitFor();
  await look('withdraw, not saved');
};

/** While the spooler sleeps, with the script: not saved, also when the phone is offline. */
export const unsavedWithScript = async (page, code, face, look) => {
  await openSteps(page, `/${code}/${face.path}`);
  await goOn(page);
  await answerVisible(page, plan(await readForm(page), 3));
  await walkTo(page, 'check');
  await sendButton(page).click();
  await page.locator('.not-saved').waitFor();
  await look('check, not saved');
};

/** While the spooler sleeps: the page that came back. */
export const unsavedWithout = async (page, code, face, look) => {
  await page.goto(`/${code}/${face.path}`);
  const fields = fieldsOf(await readForm(page));
  await answer(page, fields[0], fields[0].choices[0].value);
  await sendButton(page).click();
  await page.locator('.not-saved').waitFor();
  await look('one page, not saved');
};

/** While intake is down, from a page that was OPENED before: nginx's own page. */
export const downStates = async (page, look) => {
  await sendButton(page).click();
  await page.locator('.down').first().waitFor();
  await look("nginx's page: not saved");
};

/** Runs RUN while a program of INSTANCE sleeps. */
export const asleep = async (instance, program, run) => {
  const pids = instance.pids(program);
  assert(pids.length, `${program} runs`);
  pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    return await run();
  } finally {
    pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }
};

/** Runs RUN while intake is gone; the supervisor sleeps meanwhile, since it would start it again. */
export const withoutIntake = async (instance, run) => {
  instance.process.kill('SIGSTOP');
  try {
    instance.pids('intake').forEach((pid) => process.kill(pid, 'SIGKILL'));
    await until('no intake', async () => (await instance.request('/')).status === 502);
    return await run();
  } finally {
    instance.process.kill('SIGCONT');
    await until('intake again', async () => (await instance.request('/')).status === 200);
  }
};
