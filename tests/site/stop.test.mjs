// stop.test.mjs: programs are stopped, killed and started again while people send: whoever saw a thank-you is in the export
// once, and nobody sees half a page. And what `soundings run` says when it cannot start.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, atEnd, build, finish, nonce, receiptOf, scratch, sleep, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const CLIENTS = 20;

const instance = await Instance.make();
const practice = instance.event('--practice');
await instance.start();
const spool = new Spool(instance);
const ledger = { thanked: [], unknown: [] }; // what was promised, and what may or may not be stored

/**
 * Twenty people send while ACT runs, which is given what has come so far. None of them sees half a page (unless with MAY_BE_CUT) or anything but a thank-you, "not
 * saved yet" in one of its forms, or (only with MAY_BE_AWAY) nobody there at all.
 */
const whilePeopleSend = async (act, { mayBeAway = false, mayBeCut = false } = {}) => {
  const tally = { thanked: 0, notSaved: 0, away: 0 };
  const page = await instance.page(`/${practice}`);
  let isOver = false;
  const client = async (number) => {
    for (let i = 0; !isOver; i++) {
      const words = `client ${number} ${i} ${Math.random()}`;
      // A nonce of its own for each, as though each had opened the page.
      const answer = await instance.exchange(instance.bytes(page.action, { ...page.hidden, nonce: nonce(), next: words, learned: 'decisions' }));
      (receiptOf(answer.text) ? ledger.thanked : ledger.unknown).push(words);
      if (answer.status === 0) {
        assert(mayBeAway, 'nobody answered');
        tally.away++;
      } else if (answer.isComplete || !mayBeCut) {
        assert([200, 502, 503].includes(answer.status), `status ${answer.status}`);
        assert(answer.isComplete && answer.text.trimEnd().endsWith('</html>'), `half a page:\n${answer.text}`);
        assert.equal(Boolean(receiptOf(answer.text)), answer.status === 200, 'a receipt with a thank-you, and only then');
        tally[answer.status === 200 ? 'thanked' : 'notSaved']++;
      }
      await sleep(200); // all are one address to nginx, which lets 100 requests a second through
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)));
  clients.catch(() => { isOver = true; });
  try {
    await Promise.race([until('the first thank-yous', () => tally.thanked >= CLIENTS), clients]);
    await act(tally);
  } finally {
    isOver = true;
  }
  await clients;
};

const isBack = async (program, before) => {
  await until(`another ${program}`, () => ![undefined, before].includes(instance.main(program)));
  await until('the site', async () => (await instance.request(`/${practice}`).catch(() => ({}))).status === 200);
  await until('the spooler', () => spool.count().catch(() => null)); // a process that has begun does not listen yet
};

/** Everybody who was thanked is in the export once, and nobody twice. */
const isComplete = async () => {
  await spool.settled();
  const counts = new Map();
  for (const { next } of instance.exported(practice).responses) counts.set(next, (counts.get(next) ?? 0) + 1);
  assert.deepEqual(ledger.thanked.filter((words) => counts.get(words) !== 1), [], 'thanked, and not there once');
  assert.deepEqual([...counts].filter(([, count]) => count !== 1), [], 'there more than once');
  const sent = new Set([...ledger.thanked, ...ledger.unknown]);
  assert.deepEqual([...counts.keys()].filter((words) => !sent.has(words)), [], 'there, and never sent');
};

/** Stops a program twice, and waits until people are thanked again. */
const twice = (program, signal) => async (tally) => {
  for (let i = 0; i < 2; i++) { // the second when it has only just begun again
    const before = instance.main(program);
    process.kill(before, signal);
    await isBack(program, before);
  }
  const { thanked } = tally;
  await until('more thank-yous', () => tally.thanked > thanked + CLIENTS);
};

// nginx is told to stop as `soundings run` and systemd tell it: SIGQUIT. Its SIGTERM means: at once, cutting what is under way.
for (const [program, signal] of [['spooler', 'SIGTERM'], ['intake', 'SIGTERM'], ['collector', 'SIGTERM'], ['nginx', 'SIGQUIT']]) {
  await test(`stop: ${signal} to ${program} while ${CLIENTS} people send: it comes back, every thank-you is kept, no page is cut`, async () => {
    await whilePeopleSend(twice(program, signal), { mayBeAway: program === 'nginx' });
    await isComplete();
  });
}

for (const program of ['spooler', 'intake', 'collector', 'nginx']) {
  await test(`stop: SIGKILL to ${program} while people send: it comes back, and every thank-you is kept`, async () => {
    await whilePeopleSend(twice(program, 'SIGKILL'), { mayBeAway: true, mayBeCut: true });
    await isComplete();
  });
}

await test('stop: a spooler that was replaced while the collector slept is greeted like the first', async () => {
  await spool.settled(); // the collector has a connection
  const collector = instance.main('collector'), spooler = instance.main('spooler');
  process.kill(collector, 'SIGSTOP');
  process.kill(spooler, 'SIGKILL');
  await isBack('spooler', spooler);
  await until('the new spooler', () => spool.count().catch(() => null));
  process.kill(collector, 'SIGCONT');
  await whilePeopleSend(() => {});
  await isComplete();
  assert.equal(instance.main('collector'), collector, 'the same collector as before');
});

// ---- what is under way is finished ------------------------------------------------------------------------------------

for (const [program, signal] of [['intake', 'SIGTERM'], ['nginx', 'SIGQUIT'], ['soundings run', 'SIGTERM']]) {
  await test(`stop: ${signal} to ${program} lets a response that is under way be stored and thanked for`, async () => {
    await instance.stop();
    await instance.start();
    await spool.tap();
    await spool.mode('hold');
    const page = await instance.page(`/${practice}`);
    const before = await spool.committed();
    const words = `under way ${program}`;
    const sent = instance.connect(instance.bytes(page.action, { ...page.hidden, next: words }));
    try {
      await until('the commit', async () => (await spool.committed()) > before);
      process.kill(instance.main(program) ?? instance.process.pid, signal);
      await sleep(500); // whoever does not wait is gone by now
    } finally {
      await spool.mode('pass');
    }
    const answer = await sent.answer;
    assert.equal(answer.status, 200, answer.text.slice(0, 300));
    assert(answer.isComplete && receiptOf(answer.text));
    ledger.thanked.push(words);
    if (program === 'soundings run') {
      assert.deepEqual(await instance.ended, { code: 0, signal: null });
      await instance.start();
    }
    await isComplete();
  });
}

for (const program of ['spooler', 'collector']) {
  await test(`stop: SIGTERM that reaches the ${program} in the same instant as envelopes`, async () => {
    await instance.stop();
    await instance.start();
    const before = instance.main(program);
    const page = await instance.page(`/${practice}`);
    const send = (words) => ({ words, connection: instance.connect(instance.bytes(page.action, { ...page.hidden, nonce: nonce(), next: words })) });
    // First every worker gets a connection to the spooler: envelopes on new ones are not even looked at after a SIGTERM.
    for (let i = 0; i < 4; i++) {
      const warm = Array.from({ length: 16 }, (_, j) => send(`warm ${program} ${i} ${j}`));
      for (const { words, connection } of warm) {
        assert.equal((await connection.answer).status, 200);
        ledger.thanked.push(words);
      }
    }
    process.kill(before, 'SIGSTOP');
    const sent = Array.from({ length: 6 }, (_, i) => send(`same instant ${program} ${i}`)); // fewer than intake has workers
    await sleep(500);
    process.kill(before, 'SIGTERM');
    process.kill(before, 'SIGCONT');
    for (const { words, connection } of sent) {
      const answer = await connection.answer;
      assert([200, 503].includes(answer.status), `status ${answer.status}`);
      assert(answer.isComplete);
      (answer.status === 200 ? ledger.thanked : ledger.unknown).push(words);
    }
    await isBack(program, before);
    await isComplete();
  });
}

await test('stop: SIGTERM to soundings run while people send: all end in order, and the next start has every thank-you', async () => {
  await whilePeopleSend(async (tally) => {
    assert.deepEqual(await instance.stop('SIGTERM'), { code: 0, signal: null });
    await instance.gone();
    await until('nobody there', () => tally.away > 0);
  }, { mayBeAway: true });
  assert.doesNotMatch(instance.output, /was killed/);
  await instance.start();
  await isComplete();
});

await test('stop: SIGKILL to soundings run: all programs end, and the next start works with the same data', async () => {
  for (let i = 0; i < 2; i++) {
    await whilePeopleSend(async (tally) => {
      assert.deepEqual(await instance.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
      await instance.gone();
      await until('nobody there', () => tally.away > 0);
    }, { mayBeAway: true, mayBeCut: true }); // the kernel sends nginx a SIGTERM then
    await instance.start();
    await isComplete();
  }
});

await test('stop: kill -9 of every program at once leaves nothing in the way', async () => {
  await whilePeopleSend(async () => {
    const groups = ['intake', 'spooler', 'collector', 'nginx'].map((program) => -instance.main(program)); // with their workers
    for (const pid of [instance.process.pid, ...groups]) process.kill(pid, 'SIGKILL');
    await instance.gone();
  }, { mayBeAway: true, mayBeCut: true });
  await instance.start();
  await whilePeopleSend(() => {});
  await isComplete();
});

// ---- what cannot start ------------------------------------------------------------------------------------------------

/** `soundings ARGS` must end with one of CODES and one line that matches WORDS. COMMAND: what it is run through. */
const isRefused = (args, codes, words, [command, ...before] = ['env']) => {
  const { status, stdout, stderr } = spawnSync(command, [...before, join(build, 'soundings'), ...args], { encoding: 'utf8', timeout: 10000 });
  assert.match(stderr, words);
  assert.match(stderr, /^soundings: [^\n]+\n$/, 'one clear line');
  assert.equal(stdout, '');
  assert(codes.includes(status), `exit ${status}`);
};

const other = await Instance.make();

await test('stop: a second run of the same instance is one clear line, and the first goes on', async () => {
  isRefused(['--instance', instance.dir, 'run'], [75], /is running already/);
  isRefused(['--instance', instance.dir, 'run', '--port', String(other.port)], [75], /is running already/);
  assert.equal((await instance.request(`/${practice}`)).status, 200);
});

await test('stop: a busy port is one clear line, and nothing is left running', async () => {
  isRefused(['--instance', other.dir, 'run', '--port', String(instance.port)], [69], /port \d+ is taken by another program; choose another/);
  await other.gone();
});

await test('stop: no instance is one clear line that says how to make one', () => {
  isRefused(['--instance', join(scratch(), 'none'), 'run'], [66], /there is no instance in .*; make one with: soundings init/);
});

await test('stop: a folder that cannot be written is one clear line', () => {
  const folder = join(scratch(), 'folder');
  mkdirSync(folder);
  if (process.getuid() === 0) {
    // Permissions do not stop root; a read-only mount of its own does.
    const readOnly = ['unshare', '-m', 'sh', '-c', 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"', 'sh'];
    isRefused(['--instance', other.dir, 'run'], [73], /cannot be written/, [...readOnly, other.dir]);
    isRefused(['init', join(folder, 'instance')], [73], /cannot be (made|written)/, [...readOnly, folder]);
  } else {
    const run = join(other.dir, 'run');
    chmodSync(run, 0o500);
    atEnd(() => chmodSync(run, 0o700));
    isRefused(['--instance', other.dir, 'run'], [73, 77], /cannot be written/);
    chmodSync(folder, 0o500);
    isRefused(['init', join(folder, 'instance')], [73, 77], /cannot be (made|written)/);
  }
});

await finish();
