// durable.test.mjs: a response is only ever thanked after its commit. Whatever keeps it from the disk, the answer is 503 with
// everything kept; with intake down it is nginx's own page. When the cause is gone the site works again by itself, and in the
// end nothing that was thanked for is missing and nothing is there twice.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, build, finish, formFields, receiptOf, root, sleep, test, until } from '../harness.mjs';
import { Spool } from './spool.mjs';

const RECOVERY_MS = 5000;

const instance = await Instance.make({ conf: { spool_wait_ms: 1000, spool_free_min: 1, spool_ballast: 1 } });
const practice = instance.event('--practice');
const kill = (pid, signal) => process.kill(pid, signal);

// ---- a disk of its own for the spool ----------------------------------------------------------------------------------

// A small tmpfs that only this instance's programs see, and that goes with them. As root, or where users may have namespaces.
const spoolDir = join(instance.dir, 'spool');
const ways = [
  { name: 'a tmpfs in a mount namespace', through: ['unshare', '-m'], enter: ['-m'] },
  { name: 'a tmpfs in a user namespace', through: ['unshare', '-r', '-m'], enter: ['-U', '-m', '--preserve-credentials'] },
];
const mountTmpfs = 'mount -t tmpfs -o size=8m,mode=0700 soundings-test "$1" && shift && exec "$@"';
const way = ways.find(({ through: [command, ...args] }) => spawnSync(command, [...args, 'sh', '-c', mountTmpfs, 'sh', spoolDir, 'true']).status === 0);
console.log(`# the spool's disk: ${way ? way.name : 'no mounts here, so a limit on the size of files stands for full and read-only disks'}`);

/** Runs a shell command where the programs see the disk. */
const onDisk = (command) => {
  const result = spawnSync('nsenter', ['-t', String(instance.process.pid), ...way.enter, 'sh', '-c', command, 'sh', spoolDir], { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
};
/** Fills the disk up to its last KIB. */
const fillDisk = (kib) => onDisk(`cat /dev/zero >"$1/filler" 2>/dev/null; truncate -s -${kib}K "$1/filler"`);
// With a source named, mount(8) passes these options alone: those it would look up hold numbers that mean nothing in a user namespace.
const remount = (access) => onDisk(`mount -t tmpfs -o remount,${access} soundings-test "$1"`);

await instance.start(way && { through: [...way.through, 'sh', '-c', mountTmpfs, 'sh', spoolDir] });
const spool = new Spool(instance);

// ---- people -----------------------------------------------------------------------------------------------------------

const thanked = new Map(); // the answer by which a response is found again -> how often it was sent
let people = 0;

/** A person with an open page and answers of every kind, as pairs like formFields. */
const person = async (name, language = 'EN') => {
  const page = await instance.page(`/${practice}/${language}`);
  assert.equal(page.status, 200);
  const words = `${name} ${++people}: "quotes" & <b> \u0175 \u0645\u0631\u062d\u0628\u0627\r\n\r\n  two lines further`;
  const answers = [['overall', 'good'], ['learned', 'decisions'], ['learned', 'hate_crime'], ['easy', 'very_hard'], ['hard', 'words'], ['next', words], ['age_band', '25_34']];
  return { path: page.action, words: words.replaceAll('\r', ''), sent: 0, fields: [...Object.entries(page.hidden), ...answers] };
};

const post = (who, headers) => {
  who.sent++;
  return instance.exchange(instance.bytes(who.path, who.fields, headers));
};

const title = {
  EN: 'Not saved yet',
  CY: 'Heb eu cadw eto',
};

const sorted = (pairs) => pairs.map(([name, value]) => `${name}=${value.replaceAll('\r\n', '\n')}`).sort();

/** Sends; the answer must be 503 and the same page with everything kept. The person then has that page. */
const isNotSaved = async (who, language = 'EN') => {
  const answer = await post(who);
  assert.equal(answer.status, 503, answer.text.slice(0, 300));
  assert(answer.isComplete && answer.text.trimEnd().endsWith('</html>'), 'the whole page');
  assert.equal(receiptOf(answer.text), undefined, 'no receipt');
  assert.match(answer.text, new RegExp(`class="not-saved" role="alert"[^>]*><h2>${title[language]}<`));
  const kept = formFields(answer.text);
  const expected = who.fields.map(([name, value]) => [name, name === 'edit' ? String(Number(value) + 1) : value]);
  assert.deepEqual(sorted(kept), sorted(expected));
  who.fields = kept;
};

/** The same for the script, which keeps the page itself. */
const isNotSavedJson = async (who) => {
  const answer = await post(who, { Accept: 'application/json' });
  assert.equal(answer.status, 503);
  const edit = who.fields.find(([name]) => name === 'edit');
  edit[1] = String(Number(edit[1]) + 1);
  assert.deepEqual(JSON.parse(answer.text), { state: 'not-saved', edit: Number(edit[1]), mistakes: [] });
};

/** Sends again and again; must be thanked within LIMIT_MS, and never meets anything but a thank-you or "not saved". */
const isSavedSoon = async (who, limitMs = RECOVERY_MS) => {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await post(who);
    assert(answer.isComplete);
    if (answer.status === 200) {
      assert(receiptOf(answer.text), 'a receipt');
      thanked.set(who.words, who.sent);
      return;
    }
    assert([502, 503].includes(answer.status), `status ${answer.status}`);
    assert(Date.now() < end, `not saved within ${limitMs} ms`);
    await sleep(100);
  }
};

await test('durable: a response in good times is thanked at once', async () => {
  const who = await person('good times');
  await isSavedSoon(who);
  assert.equal(who.sent, 1);
});

// ---- what keeps a response from the disk ------------------------------------------------------------------------------

/** Kills the spooler, and keeps `soundings run` from starting it again until SIGCONT. */
const endSpooler = async () => {
  kill(instance.process.pid, 'SIGSTOP');
  const pid = instance.main('spooler');
  kill(pid, 'SIGKILL');
  await until("the spooler's end", () => /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
};
/** Sets how long a file of the spooler's may become, also when it is started again. */
const limitFiles = (bytes) => {
  for (const pid of [instance.process.pid, instance.main('spooler')].filter(Boolean)) {
    const result = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
  }
};

let outputBefore = 0; // what the programs had written when the cause began
const saysFull = () => until('"full" in the log', () => /event=spool\.(full|failed error=full)/.test(instance.output.slice(outputBefore)));

const causes = [
  {
    name: 'the spooler hangs',
    begin: () => kill(instance.main('spooler'), 'SIGSTOP'),
    end: () => kill(instance.main('spooler'), 'SIGCONT'),
  },
  {
    name: 'the spooler was killed and is not back yet',
    begin: endSpooler,
  },
  {
    name: 'every write fails, and the spooler ends and begins again and again',
    begin: () => limitFiles(0),
    end: () => limitFiles('unlimited'),
  },
];
if (way)
  causes.push(
    {
      name: 'the disk is full to the last byte',
      begin: () => fillDisk(0),
      check: saysFull,
      end: () => onDisk('rm "$1/filler"'),
    },
    {
      // The spooler keeps a part of the disk free (here 1 MiB), so that on a full one it can still let go of what is filed.
      name: 'the disk is full but for the reserve, and what waits is filed all the same',
      begin: async () => {
        const collector = instance.main('collector');
        kill(collector, 'SIGSTOP');
        for (let i = 0; i < 6; i++) await isSavedSoon(await person('before the disk was full'));
        fillDisk(512);
        assert((await spool.count()).waiting >= 6);
        kill(collector, 'SIGCONT');
      },
      check: async () => {
        await saysFull();
        await spool.settled();
      },
      end: () => onDisk('rm "$1/filler"'),
    },
    {
      name: 'the disk is read-only, for longer than the spooler needs to fail many times',
      begin: async () => {
        await endSpooler();
        remount('ro');
        kill(instance.process.pid, 'SIGCONT');
        await sleep(8000);
      },
      end: () => remount('rw'),
    },
  );

for (const cause of causes) {
  await test(`durable: ${cause.name}: 503, everything kept; then it works again by itself`, async () => {
    const english = await person(cause.name), welsh = await person(cause.name, 'CY'), script = await person(cause.name);
    outputBefore = instance.output.length;
    try {
      await cause.begin();
      await isNotSaved(english);
      await isNotSaved(english);
      await isNotSaved(welsh, 'CY');
      await isNotSavedJson(script);
      assert.equal((await instance.request(`/${practice}`)).status, 200, 'the form itself is still shown');
      await cause.check?.();
    } finally {
      kill(instance.process.pid, 'SIGCONT');
      await cause.end?.();
    }
    for (const who of [english, welsh, script]) await isSavedSoon(who);
  });
}

await test('durable: the spooler is killed again and again while people send', async () => {
  const end = Date.now() + 4000;
  const killing = (async () => {
    while (Date.now() < end) {
      const pid = instance.main('spooler');
      if (pid) kill(pid, 'SIGKILL');
      await sleep(700);
    }
  })();
  await Promise.all(Array.from({ length: 6 }, async () => {
    while (Date.now() < end) {
      await isSavedSoon(await person('killed'), 20000);
      await sleep(150); // all are one address to nginx, which lets 100 requests a second through
    }
  }));
  await killing;
});

await test('durable: the office is locked for longer than the collector waits: all are thanked, and filed when it is free', async () => {
  // A reader, like a long export: the collector can begin to file and cannot commit.
  const reader = spawn('/usr/bin/python3', ['-c', `
import sqlite3, sys
office = sqlite3.connect(sys.argv[1], isolation_level=None)
office.execute('BEGIN')
office.execute('SELECT * FROM meta').fetchall()
print('locked', flush=True)
sys.stdin.read()`, join(instance.dir, 'office/office.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(reader, 'exit');
  try {
    await once(reader.stdout, 'data');
    for (let i = 0; i < 7; i++) await isSavedSoon(await person('locked'));
    await until('the collector to give up', () => /collector\.batch error=busy/.test(instance.output), 30000);
  } finally {
    reader.stdin.end();
    await ended;
  }
  await spool.settled();
});

// ---- without intake: nginx's own page ---------------------------------------------------------------------------------

const headers = Object.fromEntries([...readFileSync(join(root, 'kiosk-config/nginx/headers.conf'), 'utf8').matchAll(/^add_header (\S+) "?(.*?)"? always;$/gm)].map(([, name, value]) => [name.toLowerCase(), value]));

const isNginxPage = (answer, statuses) => {
  assert(statuses.includes(answer.status), `status ${answer.status}`);
  for (const [language, words] of [['en', 'Not saved yet'], ['cy', 'Heb eu cadw eto']])
    assert.match(answer.text, new RegExp(`<section[^>]* lang="${language}"[^>]*>\\s*<h2[^>]*>${words}</h2>`));
  assert.match(answer.text, /You will not be counted twice/);
  assert(answer.text.trimEnd().endsWith('</html>'));
  assert.equal(receiptOf(answer.text), undefined);
  assert(Object.keys(headers).length >= 8);
  for (const [name, value] of Object.entries({ ...headers, 'retry-after': '5' })) assert.equal(answer.headers[name], value, name);
  assert.match(answer.headers['cache-control'], /^no-store(, no-store)?$/); // twice where intake asked for the page
};

await test('durable: intake is down: nginx says so in every language, for a page and for a POST; then it works again', async () => {
  const who = await person('intake down');
  kill(instance.process.pid, 'SIGSTOP'); // so that it is not started again yet
  try {
    kill(instance.main('intake'), 'SIGKILL');
    await until('no worker left', () => instance.pids('intake').length === 0);
    isNginxPage(await post(who), [502]);
    isNginxPage(await instance.request(`/${practice}`), [502]);
    assert.equal((await instance.request('/static/none.css')).status, 404, 'static files are still served');
  } finally {
    kill(instance.process.pid, 'SIGCONT');
  }
  await isSavedSoon(who);
});

await test("durable: intake hangs: nginx waits longer than intake would, then says so; what was sent counts once", async () => {
  const who = await person('intake hangs');
  const pids = instance.pids('intake');
  for (const pid of pids) kill(pid, 'SIGSTOP');
  try {
    isNginxPage(await post(who), [504]);
  } finally {
    for (const pid of pids) kill(pid, 'SIGCONT');
  }
  await isSavedSoon(who);
});

// ---- the end ----------------------------------------------------------------------------------------------------------

await test('durable: where writes failed the spooler has begun a new file, and what the old one held is salvaged', async () => {
  assert.match(instance.output, /event=spool\.damaged /);
  const salvage = `'${join(build, 'soundings')}' --instance '${instance.dir}' spool salvage && [ -z "$(find "$1" -name '*.damaged')" ] && [ -n "$(find "$1" -name '*.salvaged')" ]`;
  if (way) onDisk(salvage);
  else assert.equal(spawnSync('sh', ['-c', salvage, 'sh', spoolDir]).status, 0);
});

await test('durable: nothing that was thanked for is missing, nothing is there twice', async () => {
  await spool.settled();
  const found = instance.exported(practice).responses.map(({ next }) => next);
  assert.deepEqual(found.sort(), [...thanked.keys()].sort());
  assert.equal(thanked.size, people, 'everybody was thanked in the end');
  assert([...thanked.values()].some((sent) => sent > 2), 'some had to send more than twice');
});

await test('durable: started by hand, without a spooler: 503; with one it works; without a catalogue nginx says so', async () => {
  await instance.stop();
  const programs = [instance.byHand('intake'), instance.byHand('nginx')];
  const site = () => instance.request('/').then(({ status }) => status === 200, () => false);
  await until('the site', site);
  const who = await person('by hand');
  await isNotSaved(who);
  await isNotSavedJson(who);
  programs.push(instance.byHand('spooler'), instance.byHand('collector'));
  await isSavedSoon(who);
  // A spool folder of its own: the tmpfs went with `soundings run`.
  await spool.settled();
  assert.equal(instance.exported(practice).responses.filter(({ next }) => next === who.words).length, 1);

  assert.deepEqual(await programs[0].end(), { code: 0, signal: null });
  // Nothing is published: the folder is there, and what it leads to is not. Without the folder intake would not know what it may open.
  const catalogue = join(instance.dir, 'catalogue/current');
  renameSync(catalogue, `${catalogue}.away`);
  programs[0] = instance.byHand('intake');
  const answer = await until("nginx's page", async () => {
    const got = await instance.request(`/${practice}`);
    return got.status === 503 && got;
  });
  isNginxPage(answer, [503]);
  renameSync(`${catalogue}.away`, catalogue);
  await until('the site', site, RECOVERY_MS);
  for (const program of programs) assert.deepEqual(await program.end(), { code: 0, signal: null });
});

await finish();
