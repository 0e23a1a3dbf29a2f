// kiosk-keys.test.mjs: keys and a mouse at a kiosk: cage and kiosk-session(8) on a real (virtual) screen, Chromium with the shipped flags and
// policies, and each key and click that opens something in a browser. The page has to stay in front, alone, and to take what is typed next.
// The same keys at a browser without those flags take it away: the test proves that it would see it.
//
// On this screen Control and Alt come from the screen's own keyboard, which a real one does not have (the last test): so this is what would
// happen if somebody brought them back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { finish, root, sleep, test, until } from '../harness.mjs';
import { alone, flags, pages, place, putPolicies, reporter, screen, session } from './hall.mjs';

alone(import.meta.url);
const dir = place();
const site = await pages({
  '/kiosk': ['text/html', `<!doctype html><html lang=en><title>Kiosk</title><h1>Kiosk</h1><input id=i autofocus>
<p><button id=print>print</button></p><script>${reporter}
document.getElementById('i').focus();
document.getElementById('print').onclick = () => { window.print(); document.getElementById('i').focus(); };
</script>`],
  // The kiosk's own script holds back what no flag does.
  '/plain': ['text/html', `<!doctype html><html lang=en><title>Kiosk</title><h1>Kiosk</h1><input id=i autofocus>
<p><a href="#here">link</a></p><script>${reporter}document.getElementById('i').focus();
addEventListener('hashchange', () => { told({ did: 'followed' }); document.getElementById('i').focus(); });</script>
<script type=module>import { beginPlain } from '/plain.js'; beginPlain();</script>`],
  '/plain.js': ['text/javascript', readFileSync(join(root, 'static/js/kiosk/plain.js'), 'utf8')],
});
putPolicies(site.port);
const on = await screen(dir);
const count = (did) => site.heard.filter((one) => one.did === did).length;
const typed = () => site.heard.filter(({ did }) => did === 'input').length;

const begin = async (path = '/kiosk') => {
  const loads = count('load');
  const running = await session(dir, `${site.base}${path}`, { on });
  await until(`the page\n${running.all()}`, () => count('load') > loads && site.heard.at(-1), 25000);
  await sleep(2500); // until it fills the screen
  on.does('mousemove', '100', '97', 'click', '1'); // into the field
  return running;
};

/** Whether a key press after ACT still reaches the field, with no other page in between. */
const stays = async (act) => {
  const before = { typed: typed(), loads: count('load'), hidden: site.heard.filter(({ visible }) => visible === 'hidden').length };
  on.does(...act);
  await sleep(250);
  on.does('key', 'z');
  await until('the letter', () => typed() > before.typed, 3000).catch(() => {});
  return typed() > before.typed && count('load') === before.loads && site.heard.filter(({ visible }) => visible === 'hidden').length === before.hidden;
};

// What opens, closes or hides something in a browser. Reloading (F5) and going back are no way out: kiosk-traces.test.mjs.
const combinations = ['ctrl+t', 'ctrl+n', 'ctrl+shift+n', 'ctrl+l', 'F6', 'F11', 'F12', 'ctrl+u', 'ctrl+p', 'ctrl+shift+p', 'ctrl+s', 'ctrl+o', 'ctrl+h', 'ctrl+j', 'ctrl+shift+o', 'ctrl+shift+b',
  'F1', 'F3', 'ctrl+f', 'ctrl+g', 'F10', 'alt+f', 'alt+e', 'alt+d', 'alt+space', 'shift+Escape', 'ctrl+shift+Delete', 'ctrl+d', 'ctrl+shift+d', 'ctrl+w', 'ctrl+shift+w', 'ctrl+Tab', 'ctrl+shift+t',
  'ctrl+shift+a', 'ctrl+shift+m', 'ctrl+1', 'ctrl+k', 'ctrl+e', 'alt+F4', 'super', 'Menu', 'ctrl+shift+q', 'XF86Search', 'XF86HomePage', 'XF86Mail', 'XF86Explorer'];

await test('no key of a browser takes the kiosk page away', async () => {
  const running = await begin();
  assert(await stays(['key', 'a']), 'a letter is typed');
  const lost = [];
  for (const combination of combinations) {
    if (await stays(['key', combination])) continue;
    lost.push(combination);
    on.does('key', 'Escape');
  }
  assert.deepEqual(lost, []);
  // Two keys lead to a notice (tools are not allowed) and a question (a cursor in the page?), and no further.
  for (const combination of ['ctrl+shift+i', 'F7']) {
    await stays(['key', combination]);
    on.does('key', 'Escape');
    await sleep(400);
    assert(await stays(['key', 'b']), `what ${combination} opened goes, the page is there`);
  }
  assert(await stays(['click', '3']), 'a mouse has no menu');
  await running.stop();
});

await test('a page cannot print', async () => {
  const running = await begin();
  const blurs = count('blur');
  on.does('key', 'Tab', 'Return'); // the button, which gives the focus back
  await sleep(1500);
  assert.equal(count('blur'), blurs, 'no window to print opens');
  assert(await stays(['key', 'a']));
  await running.stop();
});

await test('with the kiosk script no key asks anything, and a link opens here whatever is held down', async () => {
  const running = await begin('/plain');
  for (const combination of ['F7', 'F5', 'ctrl+r', 'ctrl+shift+i', 'alt+Left', 'alt+Home', 'ctrl+plus']) assert(await stays(['key', combination]), combination);
  on.does('key', 'Tab', 'shift+Return');
  await until('the link is followed, here', () => count('followed') > 0, 4000);
  for (const click of [['click', '2'], ['keydown', 'shift', 'click', '1', 'keyup', 'shift'], ['keydown', 'ctrl', 'click', '1', 'keyup', 'ctrl']]) {
    on.does('mousemove', '20', '145');
    assert(await stays([...click, 'sleep', '0.3', 'mousemove', '100', '97', 'click', '1']), click.join(' '));
  }
  await running.stop();
});

await test('without the flags that take commands away, keys do open something: it would have been seen', async () => {
  writeFileSync(join(dir, 'flags'), flags().filter((flag) => !/^--(force-app-mode|app-id)/.test(flag)).join('\n'));
  const running = await begin();
  assert(await stays(['key', 'a']), 'a letter is typed');
  assert(!(await stays(['key', 'ctrl+t'])), 'a new tab hides the page');
  await running.stop();
});

await test('the keyboard of the session has no Control, Alt, Windows or function keys, in any layout', () => {
  const keys = join(root, 'kiosk-config/session/xkb');
  const map = (rules, layout) => {
    const { status, stdout, stderr } = spawnSync('xkbcli', ['compile-keymap', '--rules', rules, '--layout', layout], { encoding: 'utf8', env: { ...process.env, XKB_CONFIG_EXTRA_PATH: keys } });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const forbidden = /\b(Control_[LR]|Alt_[LR]|Meta_[LR]|Super_[LR]|Hyper_[LR]|F[1-9][0-9]?|Menu|Print|Sys_Req|XF86(?!ClearGrab|Ungrab|Next_VMode|Prev_VMode)\w+)\b/;
  const symbols = (text) => text.slice(text.indexOf('xkb_symbols')).replace(/^\s*modifier_map.*$/gm, '');
  assert.match(symbols(map('evdev', 'gb')), forbidden, 'the usual keyboard has them');
  for (const layout of ['gb', 'us', 'ara', 'ro', 'pl', 'in', 'ir', 'pk', 'bd', 'ua']) assert.doesNotMatch(symbols(map('soundings', layout)), forbidden, layout);
  assert.match(readFileSync(join(keys, 'rules/soundings'), 'utf8'), /soundings/);
});

await finish();
