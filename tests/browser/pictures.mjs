// pictures.mjs [DIR]: no test. Takes the README's pictures of an ordinary open event, of organisers and of a kiosk, into tests/pictures/. With DIR: every
// state in every face at four widths, light and dark, into DIR, for looking at.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, test } from '../harness.mjs';
import { plant } from '../site/team.mjs';
import { faces, goOn, launch, openSteps, send, still, touch, walk, withPage } from './browser.mjs';
import { asleep, downStates, lateWithScript, lateWithout, makeSite, smallStates, statesOfNothing, statesWithScript, statesWithout, unsavedWithScript, unsavedWithout, withoutIntake } from './states.mjs';

const folder = join(root, 'tests/pictures');
const pictureMax = 90 * 1024;
const dir = process.argv[2];

const site = await makeSite();
const browser = await launch();

/** The window as it stands, and no more of the page. */
const picture = async (page, name) => {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > pictureMax) throw new Error(`${path} has ${size} bytes, more than ${pictureMax}`);
  console.log(`${path}: ${size} bytes`);
};

const forReadme = () => withPage(browser, site.instance, {}, async (page) => {
  mkdirSync(folder, { recursive: true });
  await openSteps(page, `/${site.open}/EN`);
  await still(page);
  await picture(page, 'start');
  await goOn(page);
  await touch(page, 'overall-2');
  await still(page);
  await picture(page, 'question');
  await walk(page, { next: 'More time to talk' });
  await send(page);
  await page.locator('.receipt summary').click();
  await page.evaluate(() => document.activeElement.blur());
  await still(page);
  await picture(page, 'thanks');
});

/** The second question in another face. */
const inFace = (tag, name) => withPage(browser, site.instance, {}, async (page) => {
  await openSteps(page, `/${site.open}/${tag}`);
  await goOn(page);
  await goOn(page);
  await still(page);
  await picture(page, name);
});

/** Three pages of an organiser, on the way to a poster. */
const ofOrganisers = async () => {
  const instance = await Instance.make({ hasOrganisers: true });
  const add = (...args) => instance.cli(['event', 'add', '--area', 'thames-and-chiltern', '--form', 'community-conversation', '--because', 'A picture', ...args]).stdout.match(/^([2-9A-HJKMNP-Z]{6})\b/)[1];
  const open = add('--title', 'Conversation with Somali elders', '--place', 'Slough', '--languages', 'en', '--open');
  add('--title', 'Conversation at the day centre', '--place', 'Reading', '--languages', 'en', '--date', '2026-12-04');
  const { people: [{ sessions: [{ token }] }] } = plant(instance, {
    people: [{ name: 'sam.taylor', shown: 'Sam Taylor', role: 'organiser', areas: ['thames-and-chiltern'], has_totp: true, sessions: [{}] }],
  });
  await instance.start();
  await withPage(browser, { base: instance.team }, { isMobile: false, hasTouch: false, viewport: { width: 900, height: 640 } }, async (page) => {
    await page.context().addCookies([{ name: 'soundings', value: token, url: instance.team, httpOnly: true, sameSite: 'Strict' }]);
    await page.goto('/');
    await picture(page, 'organiser-home');
    await page.goto(`/events/${open}`);
    await picture(page, 'organiser-event');
    await page.goto(`/events/${open}/poster`);
    await page.locator('#posterPicture').evaluate((one) => one.decode());
    await picture(page, 'organiser-poster');
  });
};

/** A kiosk in a hall: its start, and a question with its bar. */
const ofKiosk = async () => {
  const instance = await Instance.make({ conf: { mode: 'kiosk' } });
  const code = instance.event('--open', '--form', 'community-conversation', '--place', 'Slough');
  await instance.start();
  await withPage(browser, instance, { isMobile: false, viewport: { width: 1280, height: 800 } }, async (page) => {
    await page.goto(`/kiosk/${code}`);
    await picture(page, 'kiosk-start');
    await openSteps(page, `/kiosk/${code}/EN`);
    await goOn(page);
    await touch(page, 'overall-2');
    await still(page);
    await picture(page, 'kiosk-question');
  });
};

let count = 0; // so that a folder lists its pictures in the order in which they were taken
const widths = [320, 375, 768, 1280];

/** Shoots every state that WALK leads PAGE through. */
const shoot = (face, js, walk) => withPage(browser, site.instance, { js, locale: face.locale, isMobile: false }, async (page, watch) => {
  await walk(page, face, async (state) => {
    count++;
    for (const width of widths) {
      for (const colorScheme of ['light', 'dark']) {
        await page.setViewportSize({ width, height: 740 });
        await page.emulateMedia({ colorScheme });
        if (js) await still(page);
        const name = `${String(count).padStart(3, '0')} ${state.replace(/[^a-z0-9]+/gi, '-')}`;
        await page.screenshot({ path: join(dir, `${face.name}${js ? '' : ' plain'}`, `${name} ${width} ${colorScheme}.png`), fullPage: true });
      }
    }
    await page.setViewportSize({ width: 375, height: 740 });
    await page.emulateMedia({ colorScheme: 'light' });
  });
  watch.problems = []; // 422, 503 and 404 are what is to be seen
});

const everyState = async () => {
  for (const face of faces) {
    await shoot(face, true, (page, one, look) => statesWithScript(page, site.practice, one, look));
    await shoot(face, true, (page, one, look) => statesOfNothing(page, site.practice, one, look));
    await shoot(face, false, (page, one, look) => statesWithout(page, site.practice, one, look));
    await shoot(face, false, (page, one, look) => smallStates(page, site, one, look));
    await shoot(face, true, (page, one, look) => lateWithScript(page, site, one, look));
    await shoot(face, false, (page, one, look) => lateWithout(page, site, one, look));
  }
  await asleep(site.instance, 'spooler', async () => {
    for (const face of faces) {
      await shoot(face, true, (page, one, look) => unsavedWithScript(page, site.practice, one, look));
      await shoot(face, false, (page, one, look) => unsavedWithout(page, site.practice, one, look));
    }
  });
  await shoot({ name: 'down' }, false, async (page, face, look) => {
    await page.goto(`/${site.practice}/EN`);
    await withoutIntake(site.instance, () => downStates(page, look));
  });
};

const readme = async () => {
  await forReadme();
  await inFace('EN-X-EASY', 'easy-read');
  await inFace('AR', 'arabic');
  await ofOrganisers();
  await ofKiosk();
};
await test('pictures', dir ? everyState : readme);
await finish();
