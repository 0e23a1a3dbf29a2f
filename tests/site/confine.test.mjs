// confine.test.mjs: every program of a running instance is held to its job by the kernel; the whole product works like that; and a hole
// in what holds a program stops it before its first request. What each policy denies, act by act and on older kernels, is
// tests/unit/lib/confine's.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, existsSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, atEnd, build, finish, nonce, receiptOf, root, scratch, test, until } from '../harness.mjs';

const CONFINE_EXIT = 80, UNAVAILABLE = 69;

// A form whose longest answer fills the largest envelope: Bengali letters have three bytes each.
const forms = scratch();
cpSync(join(root, 'forms'), forms, { recursive: true });
const path = join(forms, 'community-conversation/form.yaml');
writeFileSync(path, readFileSync(path, 'utf8').replace(/max: 1000\b/, 'max: 10000'));
const made = { forms: [join(forms, 'community-conversation')], formsDir: forms };

const instance = await Instance.make({ ...made, conf: { batch_min: 1, workers: 3 }, hasOrganisers: true });
instance.addresses = 20;
const practice = instance.event('--practice');
const ordinary = instance.event('--open');
const kiosk = await Instance.make({ ...made, conf: { mode: 'kiosk', workers: 2, confine: 'strict' } });
const shared = kiosk.event('--practice');
await instance.start();
await kiosk.start();

/** What the kernel says of a process. */
const status = (pid) => Object.fromEntries(readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n').map((line) => line.split(/:\s*/)));

const heldPids = (site) => ['intake', 'spooler', 'collector', ...(site.team ? ['organiser', 'poster'] : []), ...(site === kiosk ? ['kiosk'] : [])].flatMap((program) => {
  const pids = site.pids(program);
  assert(pids.length >= 1, `${program} runs`);
  return pids.map((pid) => ({ program, pid, isWorker: ['intake', 'organiser', 'kiosk'].includes(program) && pid !== site.main(program) }));
});

const checkHeld = (site) => {
  for (const { program, pid, isWorker } of heldPids(site)) {
    const found = status(pid);
    const what = `${program} ${pid}`;
    assert.equal(found.Seccomp, '2', what);
    assert.equal(found.NoNewPrivs, '1', what);
    if ('CoreDumping' in found) assert.equal(found.CoreDumping, '0', what);
    if ('Seccomp_filters' in found) assert.equal(found.Seccomp_filters, isWorker ? '2' : '1', `${what}: a worker may do less than its parent`);
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size\s+0\s+0\s/m, what);
  }
};

const ledger = []; // what was thanked for, in the practice event
const respond = async (code, next, { site = instance } = {}) => {
  const answer = await site.request(`/${code}`, { method: 'POST', body: { nonce: nonce(), version: '1', edit: '0', at: '', face: 'en', overall: 'good', age_band: '25_34', next } });
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  return receiptOf(answer.text);
};

await test('confine: every running program is held by the kernel, workers more than their parent', () => {
  assert.equal(heldPids(instance).filter(({ program, isWorker }) => program === 'intake' && isWorker).length, 3);
  assert(heldPids(instance).filter(({ program, isWorker }) => program === 'organiser' && isWorker).length > 1);
  checkHeld(instance);
  checkHeld(kiosk);
});

await test('confine: forms, mistakes, notices, kiosk mode and the largest answer work', async () => {
  assert.equal((await instance.page(`/${practice}`)).status, 200);
  const mistaken = await instance.send(`/${practice}`, { next: 'x'.repeat(10001) });
  assert.equal(mistaken.status, 422);
  for (const [address, expected] of [['/', 200], ['/help', 200], ['/withdraw', 200], ['/privacy', 200], ['/nothing', 404]]) assert.equal((await instance.request(address)).status, expected, address);
  for (const next of ['a word', 'ক'.repeat(10000)]) {
    await respond(practice, next);
    ledger.push(next);
  }
  await respond(shared, 'on the kiosk', { site: kiosk });
  const filed = await instance.filed(practice, ledger.length);
  assert.deepEqual(filed.responses.map(({ next }) => next).sort(), [...ledger].sort());
  assert.equal((await kiosk.filed(shared, 1)).responses[0].next, 'on the kiosk');
});

await test('confine: a worker that is killed is replaced by one that is held too', async () => {
  const { pid } = heldPids(instance).find(({ isWorker }) => isWorker);
  process.kill(pid, 'SIGKILL');
  await until('another worker', () => instance.pids('intake').length === 4 && !instance.pids('intake').includes(pid));
  await until('two filters', () => heldPids(instance).filter(({ isWorker }) => isWorker).every((each) => (status(each.pid).Seccomp_filters ?? '2') === '2'));
  checkHeld(instance);
});

await test('confine: publishing anew, a new key period, backups and letting go work while everything is held', async () => {
  instance.cli(['form', 'publish', ...made.forms]);
  instance.cli(['key', 'rotate']);
  await respond(practice, 'under the new key');
  ledger.push('under the new key');
  await instance.filed(practice, ledger.length);
  instance.cli(['backup']);
  instance.cli(['expire']);
});

await test('confine: a large office is filed, put into order, withdrawn from, released, and exported', async () => {
  const long = 'খ'.repeat(9900);
  const people = Array.from({ length: 560 }, (_, i) => `${long} ${i}`);
  const receipts = [];
  const send = async () => {
    for (let next; (next = people.pop()) !== undefined;) receipts.push([await respond(ordinary, next), next]);
  };
  await Promise.all(Array.from({ length: 6 }, send));
  await until('all filed', () => instance.office(`SELECT count(*) FROM response WHERE event = '${ordinary}'`)[0][0] === 560, 60000);
  assert(statSync(join(instance.dir, 'office/office.db')).size > 16 << 20, 'large enough for the slower way');
  await until('in order', () => instance.office('SELECT unordered FROM meta')[0][0] === 0, 60000);
  const [receipt] = receipts[0];
  assert.equal((await instance.request('/withdraw', { method: 'POST', body: { receipt } })).status, 200);
  await until('withdrawn', () => instance.office(`SELECT count(*) FROM response WHERE event = '${ordinary}'`)[0][0] === 559, 60000);
  instance.cli(['event', 'close', ordinary, '--now']);
  instance.cli(['event', 'release', ordinary]);
  assert.equal(instance.exported(ordinary).responses.length, 559);
});

await test('confine: doctor tries the same and finds it denied', () => {
  assert.match(instance.cli(['doctor'], { expected: null }).stdout, /^ok {4}what the programs must never do is denied to them \(Landlock \d+, seccomp yes\)$/m);
});

await test('confine: all of it was done without a word, and SIGTERM ends it in order', async () => {
  const told = (site) => site.output.split('\n').filter((line) => /level=(error|warn)/.test(line) && !/event=http\.worker died=signal code=9$/.test(line));
  checkHeld(instance);
  assert.deepEqual(await instance.stop('SIGTERM'), { code: 0, signal: null });
  assert.deepEqual(await kiosk.stop('SIGTERM'), { code: 0, signal: null });
  assert.deepEqual([...told(instance), ...told(kiosk)], []);
  assert.match(instance.output, /program=collector event=collector\.stopped error=ok/);
  assert.match(instance.output, /program=spooler event=spooler\.stopped error=ok/);
  const left = readdirSync(instance.dir).concat(...['run', 'spool', 'catalogue', 'front', 'office', 'keys/periods'].map((name) => readdirSync(join(instance.dir, name))));
  assert.deepEqual(left.filter((name) => name.includes('self-test')), []);
});

// ---- holes ---------------------------------------------------------------------------------------------------------------------------

const holed = await Instance.make({ conf: { workers: 2 } });

/** Runs PROGRAM until it ends by itself. */
const runOut = async (program) => {
  const run = holed.byHand(program, { isHeard: true });
  const timer = setTimeout(() => run.end(), 10000);
  const { code } = await run.ended;
  clearTimeout(timer);
  return { code, said: run.said() };
};

/** What a careless link makes of a folder that a program may open: the whole instance. Each as the program still finds what it needs. */
const holes = [
  ['collector', 'keys/periods', (dir) => {
    for (const name of readdirSync(join(dir, 'keys/periods'))) copyFileSync(join(dir, 'keys/periods', name), join(dir, name));
  }, '..'],
  ['intake', 'front', (dir) => copyFileSync(join(dir, 'front/root.pub'), join(dir, 'root.pub')), '.'],
];
for (const [program, folder, prepare, target] of holes) {
  await test(`confine: ${program} stops at once when ${folder} leads to more than its own`, async () => {
    prepare(holed.dir);
    renameSync(join(holed.dir, folder), join(holed.dir, `${folder}.away`));
    symlinkSync(target, join(holed.dir, folder));
    try {
      const { code, said } = await runOut(program);
      assert.equal(code, CONFINE_EXIT, said);
      assert.match(said, new RegExp(`^level=error program=${program} event=confine\\.refused policy=${program} act=\\S+ reason="it went through"`, 'm'));
      assert(!existsSync(join(holed.dir, 'run/intake.sock')), 'no socket is left that nobody serves');
    } finally {
      unlinkSync(join(holed.dir, folder));
      renameSync(join(holed.dir, `${folder}.away`), join(holed.dir, folder));
    }
  });
}

// The real programs on a kernel that lacks something: a filter that is there before them says so.
const without = (...calls) => {
  const python = `
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
numbers = [int(n) for n in sys.argv[1].split(',')]
ld, jeq, ret = 0x20, 0x15, 0x06
steps = [struct.pack('HBBI', ld, 0, 0, 0)]
for i, n in enumerate(numbers): steps.append(struct.pack('HBBI', jeq, len(numbers) - i, 0, n))
steps.append(struct.pack('HBBI', ret, 0, 0, 0x7fff0000))
steps.append(struct.pack('HBBI', ret, 0, 0, 0x00050000 | 38))
code = ctypes.create_string_buffer(b''.join(steps))
class Program(ctypes.Structure): _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
program = Program(len(steps), ctypes.addressof(code))
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0
os.execv(sys.argv[2], sys.argv[2:])
`;
  return ['/usr/bin/python3', '-c', python, calls.join(',')];
};
const LANDLOCK_CREATE_RULESET = 444, SECCOMP = process.arch === 'arm64' ? 277 : 317;

/** Starts PROGRAM behind a COMMAND for a moment; the end of it, and what it said. */
const startBehind = async (command, program, environment = {}) => {
  const [first, ...rest] = [...command, join(build, program), '--instance', holed.dir];
  const child = spawn(first, rest, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
  let said = '', found = null;
  child.stderr.on('data', (data) => { said += data; });
  const ended = new Promise((done) => child.on('exit', (code) => done(code)));
  atEnd(() => child.kill('SIGKILL'));
  await Promise.race([ended, until('its start', () => /event=spooler\.started/.test(said)).catch(() => {})]);
  if (child.exitCode === null) found = status(child.pid);
  child.kill('SIGTERM');
  return { code: await ended, said, found };
};

const conf = join(holed.dir, 'soundings.conf');
const plain = readFileSync(conf, 'utf8');
const lacking = [
  ['no Landlock', [LANDLOCK_CREATE_RULESET], /landlock=0 seccomp=yes/],
  ['no seccomp', [SECCOMP], /seccomp=no/],
  ['neither', [LANDLOCK_CREATE_RULESET, SECCOMP], /landlock=0 seccomp=no/],
];
for (const [name, calls, line] of lacking) {
  await test(`confine: on a kernel with ${name} a program starts and says so once; with confine = strict it does not`, async () => {
    writeFileSync(conf, plain);
    const auto = await startBehind(without(...calls), 'spooler');
    assert.equal(auto.code, 0, auto.said);
    const lines = auto.said.split('\n').filter((each) => /level=(warn|error)/.test(each) && !/spool\.(ballast|full)/.test(each));
    assert.equal(lines.length, 1, auto.said);
    assert.match(lines[0], /^level=warn program=spooler event=confine\.partial /);
    assert.match(lines[0], line);
    appendFileSync(conf, 'confine = strict\n');
    const strict = await startBehind(without(...calls), 'spooler');
    assert.equal(strict.code, CONFINE_EXIT, strict.said);
    assert.match(strict.said, /event=confine\.refused .*confine = strict/);
    const [first, ...rest] = [...without(...calls), join(build, 'soundings'), '--instance', holed.dir, 'doctor'];
    assert.match(spawnSync(first, rest, { encoding: 'utf8' }).stdout, /^BAD {3}this kernel cannot confine the programs fully: it has no /m);
    writeFileSync(conf, plain);
    assert.match(spawnSync(first, rest, { encoding: 'utf8' }).stdout, /^look {2}this kernel cannot confine the programs fully: it has no /m);
  });
}

await test('confine: no environment variable weakens it; only confine = off does, which is logged and which doctor calls bad', async () => {
  writeFileSync(conf, plain);
  const names = ['CONFINE', 'SOUNDINGS_CONFINE', 'SOUNDINGS_DEBUG', 'SOUNDINGS_NO_CONFINE'];
  const tried = await startBehind([], 'spooler', Object.fromEntries(names.map((name) => [name, 'off'])));
  assert.equal(tried.found.Seccomp, '2');
  const sources = readdirSync(join(root, 'cgi/lib/confine')).map((name) => readFileSync(join(root, 'cgi/lib/confine', name), 'utf8')).join('');
  assert(!/getenv|environ\b/.test(sources), 'nothing there looks at the environment');
  appendFileSync(conf, 'confine = off\n');
  const off = await startBehind([], 'spooler');
  assert.equal(off.found.Seccomp, '0');
  assert.match(off.said, /^level=warn program=spooler event=confine\.off /m);
  assert.match(holed.cli(['doctor'], { expected: UNAVAILABLE }).stdout, /^BAD {3}the programs do not confine themselves \(confine = off\)$/m);
  writeFileSync(conf, plain);
});

// ---- units ---------------------------------------------------------------------------------------------------------------------------

await test('units: systemd finds nothing wrong with them, and little to take away', () => {
  const copies = scratch();
  const names = ['intake', 'spooler', 'collector', 'organiser', 'poster'].map((name) => `soundings-${name}.service`);
  for (const name of names) {
    const text = readFileSync(join(root, 'kiosk-config/systemd', name), 'utf8');
    for (const line of [/^NoNewPrivileges=yes$/m, /^ProtectSystem=strict$/m, /^User=soundings$/m, /^LimitCORE=0$/m, /^PrivateNetwork=yes$/m]) assert.match(text, line);
    writeFileSync(join(copies, name), text.replace(/\/usr\/bin\/(intake|spooler|collector|organiser|poster)/, (_, program) => join(build, program)));
  }
  const paths = names.map((name) => join(copies, name));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
  if (verified.error) {
    console.log('# no systemd-analyze here: the units are only read');
    return;
  }
  assert.deepEqual([verified.status, verified.stdout, verified.stderr], [0, '', '']);
  for (const one of paths) {
    // Tenths: 10 is an exposure of 1.0.
    const { status: code, stdout, stderr } = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=10', '--no-pager', one], { encoding: 'utf8' });
    assert.equal(code, 0, stdout + stderr);
    console.log(`# ${stdout.trim().split('\n').at(-1).replace(/^\W+/, '')}`);
  }
});

await finish();
