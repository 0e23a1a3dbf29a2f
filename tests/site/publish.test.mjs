// publish.test.mjs: while organisers publish one thing after another, everybody who asks gets a page: the workers of intake tell each other
// which catalogue is the newest, by way of the spooler, and none turns somebody away because another worker was faster.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, finish, Instance, receiptOf, root, sleep, test } from '../harness.mjs';

const instance = await Instance.make();
const code = instance.event('--open');
await instance.start();
instance.addresses = 40;
const times = 20, askers = 4, timeoutS = 60;

/** The command line, without stopping the world as cli() does; gives its exit code. */
const addEvent = (title) => new Promise((done) => {
  spawn(join(build, 'soundings'), ['--instance', instance.dir, 'event', 'add', '--title', title, '--open'], { cwd: root, stdio: 'ignore' }).on('exit', done);
});

await test(`publish: at least ${times} times in a row while ${askers} ask for pages and send: every page comes and every response is thanked for`, async () => {
  const statuses = {};
  let isOver = false, sent = 0;
  const count = (status) => { statuses[status] = (statuses[status] ?? 0) + 1; };
  const asking = Array.from({ length: askers }, async (_, index) => {
    while (!isOver) {
      const page = await instance.page(`/${code}/EN`);
      count(page.status);
      if (index === 0 && page.status === 200) {
        const answer = await instance.send(`/${code}/EN`, { overall: 'good' }, { page });
        count(answer.status);
        if (receiptOf(answer.text)) sent++;
      }
      await sleep(5);
    }
  });
  const codes = [];
  const end = Date.now() + timeoutS * 1000;
  while ((codes.length < times || sent < times) && Date.now() < end) codes.push(await addEvent('One of many'));
  isOver = true;
  await Promise.all(asking);
  assert.deepEqual(codes, codes.map(() => 0));
  assert.deepEqual(Object.keys(statuses), ['200'], JSON.stringify(statuses));
  assert(sent >= times, `${sent} sent`);
  console.log(JSON.stringify(statuses), sent);
});

await finish();
