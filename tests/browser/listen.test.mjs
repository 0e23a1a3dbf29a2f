// listen.test.mjs: a form by ear alone, with sounds that are really made: published, recorded over, named where they lack; played by the
// script in step with what a screen reader has, and without script.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, cli, finish, root, scratch, sleep, test, until } from '../harness.mjs';
import { axe, launch, phone, withPage } from './browser.mjs';
import { heard } from './ear.mjs';

// ---- forms of one language of the page's own words: a minute less to make ------------------------------------------------------
const forms = join(scratch(), 'forms');
mkdirSync(join(forms, 'strings'), { recursive: true });
cpSync(join(root, 'forms/strings/en.yaml'), join(forms, 'strings/en.yaml'));
// Of the helplines and of each notice the first: the rest is the same once more.
const [before, helplines, notices] = readFileSync(join(root, 'forms/organisation.yaml'), 'utf8').split(/^(?=helplines:|notices:)/m);
const [privacy, ...others] = notices.split(/^(?= {2}accessibility:)/m);
const firstOf = (text, mark) => text.split(mark).slice(0, 2).join('');
writeFileSync(join(forms, 'organisation.yaml'), before + firstOf(helplines, /^(?= {2}- helpline:)/m) + firstOf(privacy, /^(?= {4}- section:)/m) + others.join(''));
cpSync(join(root, 'tests/forms/listen'), join(forms, 'listen'), { recursive: true });
mkdirSync(join(forms, 'library'));
const folder = join(forms, 'listen');

const instance = await Instance.make({ forms: [], formsDir: forms, conf: { sound: 'on' } });
const publish = () => instance.cli(['form', 'publish', folder, '--because', 'A test listens to it']).stdout;
const sounds = () => readdirSync(join(instance.dir, 'sound')).sort();

/** A recording of SECONDS of a tone: 16-bit PCM, one channel. */
const wav = (seconds, hertz = 440, rate = 16000) => {
  const count = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + 2 * count);
  bytes.write('RIFF', 0).toString();
  bytes.writeUInt32LE(36 + 2 * count, 4);
  bytes.write('WAVEfmt ', 8);
  [[16, 4], [1, 2], [1, 2], [rate, 4], [2 * rate, 4], [2, 2], [16, 2]].reduce((at, [value, size]) => bytes.writeUIntLE(value, at, size), 16);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * count, 40);
  for (let i = 0; i < count; i++) bytes.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hertz * i) / rate)), 44 + 2 * i);
  return bytes;
};

// ---- making ------------------------------------------------------------------------------------------------------------------
let first;
await test('listen: publishing makes what can be heard, says how much that is, and names what nobody can say', () => {
  const said = publish();
  first = sounds();
  assert.match(said, /It can be heard: \d+ texts, 0 of them recorded by people, \d+ minutes, \d+\.\d MB in two formats; \d+ sounds made just now/);
  assert.match(said, /there is no voice for so, and nobody has recorded them/);
  assert.match(said, new RegExp(`${folder}/sound/so/[a-z_.]+\\.wav: `));
  assert(first.length > 300, `${first.length} files`);
  const bytes = first.reduce((sum, name) => sum + statSync(join(instance.dir, 'sound', name)).size, 0);
  console.log(`# ${first.length} files, ${(bytes / 1e6).toFixed(1)} MB: ${said.match(/It can be heard.*/)[0]}`);
});

await test('listen: every text has its sound or is a named gap; the gaps are the Somali ones', () => {
  const rows = instance.cli(['form', 'sound', folder, '--list']).stdout.trimEnd().split('\n').map((line) => line.split('\t'));
  const gaps = rows.filter(([, by]) => by === 'nobody');
  assert(gaps.length >= 10 && gaps.every(([file]) => file.includes('/sound/so/')), 'gaps are Somali');
  assert(rows.every(([file, by]) => by !== 'nobody' || file.includes('/so/')));
  const check = cli(['--instance', instance.dir, 'form', 'sound', folder, '--check']).stdout;
  for (const [file, , text] of gaps) assert(check.includes(`${file}: ${text}`), `${file} is named`);
  assert.match(cli(['--instance', instance.dir, 'form', 'check', folder]).stdout, /no voice for so/);
});

await test('listen: nothing is made twice', () => {
  const begin = Date.now();
  assert.doesNotMatch(publish(), /made just now/);
  assert.deepEqual(sounds(), first);
  assert(Date.now() - begin < 5000, `${Date.now() - begin} ms`);
});

await test('listen: a recording is laid over a text, and over what stands for want of a voice; a slip in its name is told', () => {
  for (const tag of ['en', 'so']) mkdirSync(join(folder, 'sound', tag), { recursive: true });
  writeFileSync(join(folder, 'sound/en/overall.label.wav'), wav(3));
  for (const [i, path] of ['overall.label', 'choices.liking.good', 'choices.liking.bad'].entries()) writeFileSync(join(folder, `sound/so/${path}.wav`), wav(1, 500 + 90 * i));
  writeFileSync(join(folder, 'sound/so/overall.lable.wav'), wav(1));
  const said = publish();
  assert.match(said, /4 of them recorded by people/);
  assert.match(said, new RegExp(`${folder}/sound/so/overall\\.lable\\.wav is a recording of no text: correct its name`));
  const gaps = instance.cli(['form', 'sound', folder, '--list']).stdout.split('\n').filter((line) => /\tnobody\t/.test(line));
  assert(!gaps.some((line) => /overall\.label|liking/.test(line)));
  rmSync(join(folder, 'sound/so/overall.lable.wav'));
  writeFileSync(join(folder, 'sound/so/saw.label.wav'), 'no sound at all');
  assert.match(instance.cli(['form', 'publish', folder, '--because', 'A test']).stderr, /saw\.label\.wav cannot be heard/);
  rmSync(join(folder, 'sound/so/saw.label.wav'));
  publish();
});

// ---- serving -----------------------------------------------------------------------------------------------------------------
const code = instance.event('--open', '--practice', '--form', 'listen', '--programme', 'engagement', '--language', 'en', '--language', 'so');
await instance.start();

await test('listen: nginx serves a sound for ever, whole or in part, and nothing else of that folder', async () => {
  const name = sounds().find((one) => one.endsWith('.opus')).replace('.opus', '');
  for (const [ending, type] of [['opus', 'audio/ogg'], ['mp3', 'audio/mpeg']]) {
    const whole = await instance.request(`/sound/${name}.${ending}`);
    assert.equal(whole.status, 200);
    assert.equal(whole.headers['content-type'], type);
    assert.match(whole.headers['cache-control'], /immutable/);
    assert.equal(whole.headers['content-security-policy'], "default-src 'none'");
    const part = await instance.request(`/sound/${name}.${ending}`, { headers: { Range: 'bytes=0-1' } });
    assert.equal(part.status, 206);
    assert.deepEqual(part.bytes, whole.bytes.subarray(0, 2));
  }
  for (const path of ['/sound/', '/sound/..%2fsoundings.conf', '/sound/index', `/sound/${name}.wav`]) assert.notEqual((await instance.request(path)).status, 200, path);
});

// ---- without script ------------------------------------------------------------------------------------------------------------
const browser = await launch();

await test('listen: without script a button and a player at each question, notice and mistake; what was typed stays', async () => {
  await withPage(browser, instance, { js: false }, async (page, watch) => {
    await page.goto(`/${code}/EN`);
    await page.fill('[name=words]', 'Go there');
    await page.click('text=Listen');
    assert.equal(new URL(page.url()).pathname, `/listen/${code}/EN`);
    assert.equal(await page.inputValue('[name=words]'), 'Go there');
    for (const selector of ['.hero', '.calm', '.help', '#question-overall', '#question-saw', '#question-words', '#send']) assert.equal(await page.locator(`${selector} audio.sound`).count(), 1, selector);
    assert.deepEqual(await page.locator('#question-overall audio').evaluate((one) => [one.controls, one.preload, one.sources, one.querySelectorAll('source').length, one.getAttribute('aria-label')]), [true, 'none', undefined, 2, 'Listen to this part']);
    assert(await page.locator('#question-overall audio').isVisible());
    await page.click('#send button');
    assert.equal(await page.locator('.govuk-error-summary audio').count(), 1);
    assert.equal(await page.locator('#question-overall .govuk-error-message + audio').count(), 1);
    await page.check('#overall');
    await page.click('#send button');
    for (const selector of ['.end > audio:nth-of-type(1)', '.receipt audio', '.calm audio', '.help audio']) assert.equal(await page.locator(selector).count(), 1, selector);
    assert.equal(new URL(page.url()).pathname, `/listen/${code}/EN`);
    watch.expect(/422/);
  });
});

// ---- by ear alone ----------------------------------------------------------------------------------------------------------------
/** The browser's player, ended at once, and a list of what it was given. */
const listenIn = (page) => page.addInitScript(() => {
  window.heardNames = [];
  HTMLMediaElement.prototype.play = function play() {
    window.heardNames.push([this.src.split('/').pop().split('.')[0], this.volume, document.querySelector('.spoken')?.textContent ?? null]);
    setTimeout(() => this.dispatchEvent(new Event('ended')), 2);
    return Promise.resolve();
  };
});

/** What was heard since the last time, as words. */
const said = async (page) => {
  await page.waitForFunction(() => document.getElementById('listenBar')?.dataset.state === 'still');
  return page.evaluate(() => {
    const words = new Map(Array.from(document.getElementById('pageSounds').content.querySelectorAll('i')).map(({ dataset }) => [dataset.sound, dataset.text]));
    return window.heardNames.splice(0).map(([name]) => words.get(name));
  });
};

const spaced = (text) => text.replace(/[\u2066-\u2069]/g, '').replace(/\s+/g, ' ').trim();
const lettersOf = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** What a screen reader finds in the middle of the page is heard, word for word; what is typed into, pressed and live apart. */
const inStep = async (page, list) => {
  const tree = await heard(page, { isMain: true });
  const names = [tree].flat().join('\n').split('\n').flatMap((line) => {
    const found = line.match(/^\s*(?:(heading|radio|checkbox|StaticText) )?“([^”]*)”/);
    return found && !/\(live/.test(line) ? [found[2]] : [];
  });
  const all = lettersOf(list.join(' '));
  for (const name of names) {
    assert(all.includes(lettersOf(name)), `“${name}” is heard; heard was: ${list.join(' | ')}`);
  }
  return names;
};

await test('listen: the whole form by ear and keyboard alone, in step with the accessibility tree', async () => {
  await withPage(browser, instance, { viewport: phone }, async (page, watch) => {
    await listenIn(page);
    await page.goto(`/listen/${code}/EN`);
    let list = await said(page);
    assert.deepEqual(list.slice(0, 1), ['How was the walk?']);
    assert.equal(list.at(-1), 'Start');
    assert.equal(await page.locator('audio.sound:visible').count(), 0, 'the script has a player of its own');
    await page.locator('.next__on').focus();
    await page.keyboard.press('Enter');
    list = await said(page);
    assert.deepEqual(list.slice(list.indexOf('Question 1 of 3')), ['Question 1 of 3', 'The walk', 'We walked by the river.', 'How did you like it?', 'needs an answer', 'Good', 'Bad', 'Continue']);
    await inStep(page, list);

    // passed without an answer: the mistake comes first
    for (let i = 0; i < 9 && !(await page.evaluate(() => document.activeElement.matches('.next__on'))); i++) await page.keyboard.press('Tab');
    await said(page);
    await page.keyboard.press('Enter');
    list = await said(page);
    assert.deepEqual(list.slice(0, 2), ['There is a problem', 'Select an answer to: How did you like it?']);
    await inStep(page, list);

    // each choice as it is come to, and that it is chosen
    await page.locator('#overall').focus();
    await page.keyboard.press('Space');
    assert.deepEqual((await said(page)).slice(-2), ['Good', 'Chosen']);
    await page.keyboard.press('ArrowDown');
    assert.deepEqual((await said(page)).slice(-2), ['Bad', 'Chosen']);
    await page.locator('.next__on').focus();
    await page.keyboard.press('Enter');
    list = await said(page);
    assert(list.includes('What did you see?') && list.includes('Choose as many as you like') && list.includes('Nothing'));
    await inStep(page, list);
    await page.locator('.next__on').focus();
    await page.keyboard.press('Enter');
    list = await said(page);
    assert(list.indexOf('A sentence is enough') === list.indexOf('What would you say to a friend?') + 1, 'the hint behind its question');
    await page.fill('#words', 'Samaritans 3 Good');
    await page.locator('.next__on').focus();
    await page.keyboard.press('Enter');
    list = await said(page);
    assert(list.includes('Check your answers') && list.includes('Bad') && list.includes('Send my answers'));
    assert(!list.includes('Samaritans') && !list.includes('Good'), 'what was typed is not read out');
    await page.locator('#send button').focus();
    await page.keyboard.press('Enter');
    await page.locator('h1.thanks').waitFor();
    list = await said(page);
    list = list.slice(list.indexOf('Thank you. We heard you.'));
    assert.deepEqual(list.slice(0, 2), ['Thank you. We heard you.', 'Your answers are saved. You can close this page.']);
    const receipt = spaced(await page.locator('.receipt__code').first().textContent()).replace(/ /g, '');
    const at = list.indexOf('Your receipt');
    assert.deepEqual(list.slice(at + 1, at + 1 + receipt.length), Array.from(receipt), 'the receipt sign by sign');
  });
});

await test('listen: play, stop, again, quieter, louder; any touch stops; the spoken part is marked; a new page is as loud as the first', async () => {
  await withPage(browser, instance, { viewport: phone }, async (page) => {
    await page.addInitScript(() => {
      window.played = [];
      HTMLMediaElement.prototype.play = function play() { window.played.push([this, this.volume]); return Promise.resolve(); };
    });
    await page.goto(`/listen/${code}/EN`);
    await page.locator('#listenBar[data-state=playing]').waitFor();
    const volumes = () => page.evaluate(() => window.played.map(([, volume]) => volume));
    assert.equal((await volumes())[0], 0.7);
    assert.equal(await page.locator('.spoken').count(), 1);
    assert.equal(await page.locator('.listen__play').textContent(), 'Stop');
    await page.locator('.listen__play').click();
    assert.equal(await page.locator('#listenBar').getAttribute('data-state'), 'still');
    assert.equal(await page.locator('.spoken').count(), 0);
    await page.locator('.listen__more').click();
    assert.match(await page.locator('#listenBar [role=status]').textContent(), /^Volume 5 of 6$/);
    await page.locator('.listen__again').click();
    assert.equal((await volumes()).at(-1), 0.85);
    await page.locator('#main').click({ position: { x: 5, y: 5 } });
    assert.equal(await page.locator('#listenBar').getAttribute('data-state'), 'still', 'a touch stops it');
    await page.locator('.listen__less').click();
    await page.locator('.listen__less').click();
    await page.locator('.listen__play').click();
    assert.equal((await volumes()).at(-1), 0.5);
    for (const box of await page.locator('.listen button').evaluateAll((list) => list.map((one) => one.getBoundingClientRect().height))) assert(box >= 44, `${box} px`);
    await page.goto(`/listen/${code}/EN`);
    await page.locator('#listenBar[data-state=playing]').waitFor();
    assert.equal((await volumes())[0], 0.7);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  });
});

await test('listen: axe finds nothing, with script and without, at rest and while something is read', async () => {
  for (const js of [true, false]) {
    await withPage(browser, instance, { js }, async (page, watch) => {
      if (js) await page.addInitScript(() => { HTMLMediaElement.prototype.play = () => new Promise(() => {}); });
      await page.goto(`/listen/${code}/EN`);
      if (js) await page.locator('#listenBar[data-state=playing]').waitFor();
      assert.deepEqual(await axe(page, { js }), []);
      await page.click(js ? '.next__on' : '#send button');
      assert.deepEqual(await axe(page, { js }), []);
      if (!js) {
        watch.expect(/422/);
        return;
      }
      await page.click('.next__on');
      await page.locator('.govuk-error-summary').waitFor();
      assert.deepEqual(await axe(page, { js }), []);
    });
  }
});

await test('listen: the browser itself plays both formats to their end', async () => {
  await withPage(browser, instance, { viewport: phone }, async (page) => {
    await page.goto(`/listen/${code}/EN`);
    await page.mouse.click(5, 700);
    const names = await page.evaluate(() => Array.from(document.getElementById('pageSounds').content.querySelectorAll('i')).filter(({ dataset }) => ['Start', 'Good'].includes(dataset.text)).map(({ dataset }) => dataset.sound));
    for (const file of names.flatMap((name) => [`${name}.opus`, `${name}.mp3`])) {
      const played = await page.evaluate((src) => new Promise((done) => {
        const audio = new Audio(src);
        audio.volume = 0.01;
        audio.addEventListener('ended', () => done({ duration: audio.duration, time: audio.currentTime }));
        audio.addEventListener('error', () => done({ error: audio.error.message }));
        audio.play().catch((error) => done({ error: error.message }));
      }), `/sound/${file}`);
      assert(played.duration > 0.2 && played.duration < 2 && Math.abs(played.time - played.duration) < 0.3, `${file}: ${JSON.stringify(played)}`);
    }
  });
});

await test('listen: a sound that is missing is passed over, and the reading goes on; what stops it from elsewhere leaves the button at rest', async () => {
  await withPage(browser, instance, { viewport: phone }, async (page, watch) => {
    const asked = [];
    await page.addInitScript(() => {
      window.players = [];
      window.Audio = new Proxy(window.Audio, { construct: (target, given) => window.players[window.players.push(new target(...given)) - 1] });
    });
    await page.goto(`/listen/${code}/EN`);
    await page.locator('#listenBar').waitFor();
    await page.locator('.next__on').click(); // a browser plays after a touch
    await page.locator('#listenBar[data-state=playing]').waitFor();
    await page.locator('.listen__play').click();
    const names = await page.evaluate(() => Object.fromEntries(Array.from(document.getElementById('pageSounds').content.querySelectorAll('i'), ({ dataset }) => [dataset.text, dataset.sound])));
    const missing = ['Question 1 of 3', 'We walked by the river.'].map((text) => names[text]);
    assert(missing.every(Boolean));
    await page.route('**/sound/*', (route) => {
      const name = route.request().url().match(/([0-9a-f]+)\.\w+$/)[1];
      asked.push(name);
      return missing.includes(name) ? route.fulfill({ status: 404 }) : route.fallback();
    });
    await page.locator('.listen__play').click();
    await until('what comes behind them', () => asked.includes(names['How did you like it?']));
    await page.locator('.spoken', { hasText: 'How did you like it?' }).waitFor();
    assert.equal(await page.locator('#listenBar').getAttribute('data-state'), 'playing');
    assert(missing.every((name) => asked.includes(name)), 'they were asked for');
    await until('a sound', () => page.evaluate(() => window.players[0].currentTime > 0));
    await page.evaluate(() => window.players[0].pause());
    await page.locator('#listenBar[data-state=still]').waitFor();
    watch.expect(/404/);
  });
});

await test('listen: on a kiosk: off until somebody wants it, then the same; off again is still', async () => {
  await withPage(browser, instance, { viewport: { width: 1280, height: 800 } }, async (page) => {
    await listenIn(page);
    await page.route('**/staff/*', (route) => route.fulfill({ status: 204 }));
    await page.goto(`/kiosk/${code}/EN`);
    await page.locator('html.js').waitFor();
    assert(await page.locator('#listenBar').isHidden());
    assert.deepEqual(await page.evaluate(() => window.heardNames), []);
    await page.click('#kioskListen');
    let list = await said(page);
    assert.equal(list[0], 'How was the walk?');
    assert.equal(await page.locator('[name="view-listen"]').first().inputValue(), '1');
    await page.click('.next__on');
    list = await said(page);
    assert(list.includes('How did you like it?') && list.includes('Good'));
    await inStep(page, list);
    await page.click('#kioskListen');
    assert(await page.locator('#listenBar').isHidden());
    await page.evaluate(() => window.heardNames.splice(0));
    await page.check('#overall');
    await page.click('.next__on');
    await sleep(200);
    assert.deepEqual(await page.evaluate(() => window.heardNames), []);
  });
});

await test('listen: in Somali what people have recorded is heard, and the rest is left out', async () => {
  await withPage(browser, instance, { viewport: phone, locale: 'so' }, async (page) => {
    await listenIn(page);
    await page.goto(`/listen/${code}/SO`);
    await said(page);
    await page.click('.next__on');
    const list = await said(page);
    assert.deepEqual(list.filter((text) => ['Sidee baad u aragtay?', 'Wanaagsan', 'Xun'].includes(text)), ['Sidee baad u aragtay?', 'Wanaagsan', 'Xun']);
  });
});

await finish();
