// kiosk-page.mjs: what the tests of a kiosk's script share: a machine in its mode, an event on it, and pages of the size of its screen.
import assert from 'node:assert/strict';
import { makeEverything } from '../everything.mjs';
import { withPage } from './browser.mjs';

/** A kiosk with these forms, running. codeOf(form) is the code of an event with it. Its sounds are another test's. */
export const makeKiosk = async (...only) => {
  const { instance, events } = await makeEverything({ only, conf: { mode: 'kiosk', sound: 'off' } });
  await instance.start();
  return { instance, codeOf: (name) => events.find(({ form }) => form === name).code };
};

export const screen = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: true };

/** RUN(page, watch, sent): a page on the kiosk's screen. SENT: every POST that it makes, as [path, body]; those to /staff/ are answered here. */
export const withScreen = (browser, instance, options, run) => withPage(browser, instance, { ...screen, ...options }, async (page, watch) => {
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push([new URL(request.url()).pathname, request.postData()]);
  });
  await page.route('**/staff/*', (route) => route.fulfill({ status: 204 }));
  return run(page, watch, sent);
});

/** Opens a page of the kiosk and waits for its script. */
export const open = async (page, path) => {
  await page.goto(path);
  await page.locator('html.scripted').waitFor();
  if (await page.locator('#answers').count()) await page.locator('html.js').waitFor();
};

/** From now on time stands still on the page until page.clock.runFor(ms). */
export const turnClock = async (page) => {
  await page.clock.install({ time: '2026-11-22T10:00:00Z' });
  await page.clock.pauseAt('2026-11-22T10:00:01Z');
};

/** A page that is listened to, and what is heard on it: of TEXTS and of letters. No sound is made, none is fetched: that is another test's.
 *  heard() gives what has been heard since it was asked last. Where the page sets window.reading, no sound comes to its end: it goes on ("moves")
 *  or does not ("stalls"). */
export const listen = async (page, ...texts) => {
  await page.addInitScript((all) => {
    window.heard = [];
    window.Audio = class extends EventTarget {
      canPlayType() { return 'maybe'; }
      pause() { clearTimeout(this.timer); }
      getAttribute(name) { return name === 'src' ? this.src : null; }
      get currentTime() { return window.reading === 'stalls' ? 0 : performance.now() / 1000; }
      async play() {
        window.heard.push(decodeURIComponent(this.src).replace(/^\/sound\/(.*)\.opus$/, '$1'));
        if (!window.reading) this.timer = setTimeout(() => this.dispatchEvent(new Event('ended')), 10);
      }
    };
    document.addEventListener('readystatechange', () => {
      if (document.readyState !== 'interactive') return;
      document.documentElement.classList.add('listening');
      document.getElementById('pageSounds')?.remove();
      const list = document.createElement('template');
      list.id = 'pageSounds';
      Object.assign(list.dataset, { label: 'Listen', play: 'Listen', stop: 'Stop', again: 'Again', quieter: 'Quieter', louder: 'Louder', volume: '{n}', chosen: 'Chosen', notChosen: 'Not chosen' });
      const add = (text, isSign) => {
        const one = document.createElement('p');
        Object.assign(one.dataset, { text, sound: encodeURIComponent(text), ...(isSign ? { sign: '1' } : {}) });
        list.content.append(one);
      };
      all.forEach((text) => add(text));
      Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789').forEach((sign) => add(sign, true));
      document.body.append(list);
    });
  }, texts);
  return () => page.evaluate(() => window.heard.splice(0));
};

/** What has the focus: {tag, id, name, type, value, text, className}; undefined when nothing has. It can be seen, and nothing lies over it. */
export const focused = async (page) => {
  const at = await page.evaluate(() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + Math.min(height / 2, 20)];
    const above = document.elementFromPoint(x, y);
    const isWhole = element.matches('.keys__row'); // it lies over its keys and lets touches through
    return {
      tag: element.localName, id: element.id, name: element.name, type: element.type, value: element.value, className: element.className,
      text: (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent).trim(),
      isSeen: width > 0 && height > 0 && (isWhole || element.matches('main, dialog') || (above !== null && (element.contains(above) || above.contains(element) || element.labels?.[0]?.contains(above)))),
    };
  });
  if (!at) return undefined;
  assert(at.isSeen, `the focus is in sight: ${JSON.stringify(at)}`);
  return at;
};

/** Presses Tab until WANTED(what has the focus); gives that, and fails when all has been passed. */
export const tabTo = async (page, wanted, what, most = 120) => {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at && wanted(at)) return at;
  }
  throw new Error(`${what} does not get the focus`);
};
