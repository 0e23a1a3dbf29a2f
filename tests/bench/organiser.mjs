// organiser.mjs FILL: how fast the organisers' pages are with 2,000 events in 14 Areas, beside an office of 20, and beside what nginx and the
// kernel take for a file of the same size. Every page must come under 50 ms (median and 95th of 100, one at a time, each on a connection of its own).
//
// Figures of one run on one machine: what counts are the ratios. It is no test of `make check`.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Instance, finish, test } from '../harness.mjs';
import { Browser, plant } from '../site/team.mjs';

const fill = resolve(process.argv[2]);
const LIMIT_MS = 50, ASKED = 100, FEW = 20, MANY = 2000;

const instances = {};
for (const events of [FEW, MANY]) {
  const instance = await Instance.make({ hasOrganisers: true });
  const { status, stderr } = spawnSync(fill, [join(instance.dir, 'office/office.db'), String(events)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  await instance.start();
  const { people } = plant(instance, { people: [
    { name: 'everywhere', role: 'administrator', sessions: [{}] }, { name: 'wessex', role: 'organiser', areas: ['wessex'], sessions: [{}] }] });
  instances[events] = { instance, people };
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** [median, 95th] of ASKED requests in milliseconds, and the page's bytes. */
const measure = async (browser, path) => {
  const took = [];
  let bytes = 0;
  for (let i = 0; i < ASKED + 5; i++) {
    const begun = process.hrtime.bigint();
    const answer = await browser.request(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    bytes = answer.bytes.length;
    if (i >= 5) took.push(Number(process.hrtime.bigint() - begun) / 1e6);
  }
  took.sort((a, b) => a - b);
  return { median: quantile(took, 0.5), most: quantile(took, 0.95), bytes };
};

const rows = [];
for (const role of [0, 1]) {
  const pages = ['/', '/events', '/events?words=conversation+leeds', '/events?state=open', '/events?part=3', 'event', '/actions'];
  for (const path of pages) {
    const row = { path, role: role ? 'organiser' : 'administrator' };
    for (const events of [FEW, MANY]) {
      const { instance, people } = instances[events];
      const browser = new Browser(instance, { token: people[role].sessions[0].token });
      let at = path;
      if (path === 'event') at = (await browser.request('/events')).text.match(/href="(\/events\/[2-9A-Z]{6})"/)[1];
      if (role && path === '/events?part=3' && events === FEW) at = '/events';
      row[events] = await measure(browser, at);
    }
    rows.push(row);
  }
}
const base = await measure(new Browser(instances[MANY].instance, {}), '/sign-in');
const ms = (value) => value.toFixed(1).padStart(6);
console.log(`page                              who            ${FEW} events: median  95th   ${MANY}: median  95th  ratio  to /sign-in  bytes`);
for (const { path, role, [FEW]: few, [MANY]: many } of rows) {
  console.log(`${path.padEnd(33)} ${role.padEnd(14)} ${ms(few.median).padStart(18)} ${ms(few.most)} ${ms(many.median).padStart(14)} ${ms(many.most)} ${(many.median / few.median).toFixed(1).padStart(6)} ${(many.median / base.median).toFixed(1).padStart(11)} ${String(many.bytes).padStart(7)}`);
}
for (const { path, role, [MANY]: many } of rows) {
  await test(`bench: ${path} for an ${role}: ${many.median.toFixed(1)} ms, 95 of 100 within ${many.most.toFixed(1)} ms; at most ${LIMIT_MS}`, async () => {
    if (many.most > LIMIT_MS) throw new Error('too slow');
  });
}
await finish();
