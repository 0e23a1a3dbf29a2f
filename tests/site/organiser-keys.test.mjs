// organiser-keys.test.mjs: keys are rotated and recovered while organisers work: their program is confined to the files that were there, so it starts
// anew by itself, nobody is signed out, and what they change is published with the new keys.
import assert from 'node:assert/strict';
import { readlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, test, until } from '../harness.mjs';
import { Browser, csrfOf, plant } from './team.mjs';

const instance = await Instance.make({ hasOrganisers: true });
const event = instance.event('--open', '--form', 'community-conversation', '--area', 'thames-and-chiltern');
await instance.start();
const { people: [sam] } = plant(instance, { people: [{ name: 'sam@example.org', role: 'administrator', has_totp: true, sessions: [{}] }] });
const browser = new Browser(instance, { token: sam.sessions[0].token });
const current = () => readlinkSync(join(instance.dir, 'catalogue/current'));

/** Changes the event by its page, which publishes. */
const change = async () => {
  const page = await browser.request(`/events/${event}`), before = current();
  const to = instance.office(`SELECT state FROM event WHERE code = '${event}'`)[0][0] === 'open' ? 'closed' : 'open';
  const answer = await browser.request(`/events/${event}/state`, { method: 'POST', body: { csrf: csrfOf(page), to, now: 'yes', sure: 'yes', version: page.text.match(/name="version" value="(\d+)"/)?.[1] ?? '' } });
  assert.equal(answer.status, 303, answer.text.slice(0, 1500));
  assert.notEqual(current(), before, 'it was published');
};

await test('organiser keys: a change is published', change);

for (const [name, args, spoil] of [['rotated', ['key', 'rotate'], () => {}], ['recovered', ['key', 'recover'], () => unlinkSync(join(instance.dir, 'keys/content.secret'))]])
  await test(`organiser keys: ${name} while it runs: it starts anew, the session stays, and changes are published with the new keys`, async () => {
    const before = instance.main('organiser');
    spoil();
    instance.cli(args);
    await until('another organiser', () => instance.main('organiser') && instance.main('organiser') !== before);
    await until('its pages', async () => (await browser.request('/account')).status === 200);
    await change();
    assert.equal((await instance.request(`/${event}`)).status, 200);
  });

await test('organiser keys: it said why it ended, and no more', () => {
  const said = instance.output.split('\n').filter((line) => line.includes('program=organiser'));
  assert(said.some((line) => line.includes('event=organiser.keys')));
  for (const line of said) assert.match(line, /^level=info /);
});

await finish();
