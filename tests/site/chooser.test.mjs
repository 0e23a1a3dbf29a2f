// chooser.test.mjs: an event with several forms is headed by its own title, in the bar and in the browser's, and not by that of one of
// them; where one of them has the exit button nothing names the event, and the button is there.
import assert from 'node:assert/strict';
import { Instance, finish, test, until } from '../harness.mjs';
import { all, attribute, hasClass, parsed, seen } from '../dom.mjs';

const instance = await Instance.make({ forms: ['forms/community-conversation', 'forms/work-experience-day', 'forms/work-experience-end'] });
const event = (...args) => instance.event('--practice', '--title', 'Placement in Leeds', ...args.flatMap((form) => ['--form', form]));
const several = event('work-experience-day', 'work-experience-end');
const careful = event('work-experience-day', 'community-conversation');
const carefulFirst = event('community-conversation', 'work-experience-day');
const welsh = instance.event('--practice', '--title', 'Placement in Cardiff', '--area', 'cymru-wales', '--form', 'work-experience-day', '--form', 'work-experience-end');
const one = instance.event('--practice', '--title', 'A day', '--form', 'work-experience-day');
await instance.start();

/** The page at PATH: what its bar, its title and its main heading say, its links, and whether one can leave quickly. */
const look = async (path) => {
  const { status, text } = await instance.request(path, { headers: { 'Accept-Language': 'en' } });
  assert.equal(status, 200, path);
  const document = parsed(text);
  const [bar] = all(document, (element) => hasClass(element, 'top__name'));
  const [title] = all(document, ({ tagName }) => tagName === 'title');
  const [heading] = all(document, ({ tagName }) => tagName === 'h1');
  const list = all(document, (element) => hasClass(element, 'choices'));
  return {
    text, bar: seen(bar), title: seen(title), heading: seen(heading),
    links: list.flatMap((ul) => all(ul, ({ tagName }) => tagName === 'a')).map((link) => attribute(link, 'href')),
    hasExit: text.includes('govuk-exit-this-page__button'), hasScript: /<script src="[^"]*form-[^"]*\.js"/.test(text),
  };
};

await test('chooser: of an event with several forms: its own title, in every language', async () => {
  for (const tag of ['', '/EN', '/CY', '/EN-X-EASY']) {
    const { bar, heading, title, links, hasExit } = await look(`/${several}${tag}`);
    assert.equal(bar, 'Placement in Leeds');
    assert.deepEqual(links.map((link) => link.toLowerCase()), ['day', 'end'].map((form) => `/${several}/work-experience-${form}${tag}`.toLowerCase()));
    assert.equal(hasExit, false);
    assert(title.startsWith(heading), title);
    assert.doesNotMatch(`${bar} ${title} ${heading}`, /today|heddiw|Your placement|Eich lleoliad/, 'nothing of one of its forms');
  }
});

await test('chooser: a form of it has its own title again', async () => {
  assert.equal((await look(`/${several}/work-experience-day/EN`)).heading, (await look(`/${one}/EN`)).heading);
});

await test('chooser: where one of the forms has the exit button nothing names the event, whichever comes first', async () => {
  for (const code of [careful, carefulFirst]) {
    const { text, bar, title, heading, links, hasExit, hasScript } = await look(`/${code}/EN`);
    assert.equal(links.length, 2);
    assert.equal(bar, '');
    assert.equal(title, heading, 'not even who asks: the history keeps it');
    assert.doesNotMatch(text, /Placement in Leeds/);
    assert(hasExit && hasScript, 'the quick way out');
  }
});

await test('chooser: of languages, in Wales, where there are several forms: the same', async () => {
  const { bar, links } = await look(`/${welsh}`);
  assert.equal(bar, 'Placement in Cardiff');
  assert.equal(links.length, 3);
  assert.match(links[0], /\/CY$/);
});

await test('chooser: nor is one form named when the event takes no answers any more', async () => {
  for (const [code, wanted] of [[several, 'Placement in Leeds'], [careful, '']]) {
    instance.cli(['event', 'close', code, '--now']);
    await until('the closed page', async () => !(await look(`/${code}/EN`)).links.length);
    const { bar, text, hasExit } = await look(`/${code}/EN`);
    assert.equal(bar, wanted);
    assert.equal(hasExit, !wanted);
    assert.equal(text.includes('Placement in Leeds'), Boolean(wanted));
    const day = await look(`/${code}/work-experience-day/EN`);
    assert.equal(day.bar, 'How was today?', 'of the form that was asked for');
  }
});

await finish();
