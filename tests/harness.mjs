// harness.mjs: what the site and browser tests share: a fresh instance with every real program and a real nginx on a free
// port, a small HTTP client that can say anything, and a runner that prints "ok NAME" and "not ok NAME".
//
// BUILD (build/release unless given) is where the programs are. Everything lies in one temporary folder, which goes at the end.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const build = resolve(root, process.env.BUILD ?? 'build/release');
const soundings = join(build, 'soundings');

// ---- running tests ---------------------------------------------------------------------------------------------------
let failed = 0;
const cleanups = [];

/** Runs one named test; its failure does not stop the others. */
export const test = async (name, run) => {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}`);
    console.log(String(error?.stack ?? error).replace(/^/gm, '    '));
  }
};

/** Something to do when the tests are over, last first, whatever happened. */
export const atEnd = (run) => cleanups.push(run);

/** Ends the test program: cleans up and gives the exit code. */
export const finish = async () => {
  while (cleanups.length) {
    try {
      await cleanups.pop()();
    } catch (error) {
      failed++;
      console.log('not ok clean-up');
      console.log(String(error?.stack ?? error).replace(/^/gm, '    '));
    }
  }
  process.exit(failed ? 1 : 0);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => finish());
// What fails between the tests must not leave programs running either.
process.on('uncaughtException', (error) => {
  failed++;
  console.log('not ok the test program itself');
  console.log(String(error?.stack ?? error).replace(/^/gm, '    '));
  finish();
});

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks again until ASK gives something true; fails with WHAT after TIMEOUT_MS. */
export const until = async (what, ask, timeoutMs = 15000) => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(50);
  }
};

// ---- an instance -----------------------------------------------------------------------------------------------------
const freePort = () => new Promise((done, fail) => {
  const server = net.createServer();
  server.on('error', fail);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** A temporary folder that goes at the end. */
export const scratch = () => {
  const dir = mkdtempSync(join(tmpdir(), 'soundings-test-'));
  atEnd(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** The command line; throws unless its exit code is EXPECTED (null: any). */
export const cli = (args, { expected = 0, input, cwd = root } = {}) => {
  const result = spawnSync(soundings, args, { cwd, input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (expected !== null && result.status !== expected) {
    throw new Error(`soundings ${args.join(' ')}: exit ${result.status}, expected ${expected}\n${result.stdout}${result.stderr}`);
  }
  return result;
};

export class Instance {
  /** CONF: extra lines of soundings.conf, e.g. { mode: 'kiosk' }. FORMS: folders to publish. HASORGANISERS: with the organisers' pages, at
   *  instance.team; their port is instance.teamPort. */
  static async make({ conf = {}, forms = ['forms/community-conversation'], formsDir = 'forms', hasOrganisers = false } = {}) {
    const instance = new Instance();
    if (hasOrganisers) {
      instance.teamPort = await freePort();
      instance.team = `http://127.0.0.1:${instance.teamPort}`;
    }
    // Sounds take a minute a form: whoever listens says so.
    conf = { organiser_port: instance.teamPort ?? 0, sound: 'off', ...conf };
    instance.dir = join(scratch(), 'instance');
    instance.port = await freePort();
    instance.base = `http://127.0.0.1:${instance.port}`;
    cli(['init', instance.dir, '--forms', resolve(root, formsDir), '--port', String(instance.port)]);
    const lines = Object.entries(conf).map(([key, value]) => `${key} = ${value}\n`).join('');
    const path = join(instance.dir, 'soundings.conf');
    writeFileSync(path, readFileSync(path, 'utf8') + lines);
    for (const form of forms) instance.cli(['form', 'publish', form, '--because', 'The drafts are looked at by a test']);
    return instance;
  }

  cli(args, options) {
    return cli(['--instance', this.dir, ...args], options);
  }

  /** How advice names the command for this instance. */
  get command() {
    return `soundings --instance ${this.dir}`;
  }

  /** Adds an event and gives its code. */
  event(...args) {
    const out = this.cli(['event', 'add', '--title', 'Test event', ...args]).stdout;
    return out.match(/^([2-9A-HJKMNP-Z]{6})\b/)[1];
  }

  /** Starts `soundings run`; resolves when the site answers. THROUGH: a command that becomes what stands behind it, like env(1). */
  async start({ through = [] } = {}) {
    this.output = '';
    const [command, ...args] = [...through, soundings, '--instance', this.dir, 'run'];
    this.process = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const child = this.process;
    this.ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { this.output += data; });
    atEnd(() => this.stop());
    await Promise.race([
      until('the site', () => this.output.includes('Ctrl-C stops everything')),
      this.ended.then(({ code }) => { throw new Error(`soundings run ended with ${code}:\n${this.output}`); }),
    ]);
    return this;
  }

  async stop(signal = 'SIGINT') {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return this.ended;
    this.process.kill(signal);
    return this.ended;
  }

  /** The process ids of a program of this instance ("intake", "spooler", "collector", "organiser", "poster", "nginx"). */
  pids(program) {
    if (program === 'poster') { // it is told of no instance: it runs in one
      const all = spawnSync('pgrep', ['-f', 'poster --socket run/poster.sock$'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
      return all.filter((pid) => { try { return readlinkSync(`/proc/${pid}/cwd`) === this.dir; } catch { return false; } });
    }
    const pattern = program === 'nginx' ? `nginx: master.*${this.dir}/` : `${program} --instance ${this.dir}$`;
    return spawnSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
  }

  /** The program that this instance's `soundings run` started itself (not the workers of that program); undefined while it is down. */
  main(program) {
    const own = spawnSync('pgrep', ['-P', String(this.process.pid)], { encoding: 'utf8' }).stdout.split('\n').map(Number);
    return this.pids(program).find((pid) => own.includes(pid));
  }

  /** Waits until every program of this instance has ended. */
  async gone() {
    await until('no program left', () => ['intake', 'spooler', 'collector', 'organiser', 'poster', 'kiosk', 'nginx'].every((name) => this.pids(name).length === 0));
  }

  /** Starts one program without `soundings run`; nginx as the last run has set it up. It ends with the tests, if not before.
   *  IS_HEARD: said() gives what it has written to standard error. */
  byHand(program, { isHeard = false } = {}) {
    const [command, args] = program === 'nginx'
      ? ['/usr/sbin/nginx', ['-p', `${this.dir}/`, '-e', 'run/nginx-error.log', '-c', 'run/nginx.conf']]
      : [join(build, program), ['--instance', this.dir]];
    const child = spawn(command, args, { cwd: this.dir, stdio: ['ignore', 'ignore', isHeard ? 'pipe' : 'ignore'] });
    let output = '';
    child.stderr?.on('data', (data) => { output += data; });
    const ended = new Promise((done) => {
      child.on('exit', (code, signal) => done({ code, signal }));
      child.on('error', (error) => done({ code: error.code })); // it never began
    });
    const end = (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    };
    atEnd(() => end());
    return { pid: child.pid, end, ended, said: () => output };
  }

  /** The bytes of a POST, for sending more than once or not to the end. */
  bytes(path, fields, headers = {}) {
    const body = Buffer.from(new URLSearchParams(fields).toString());
    const lines = Object.entries({ Host: `127.0.0.1:${this.port}`, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length, Connection: 'close', ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines}\r\n`), body]);
  }

  /** Sends BYTES over a connection of their own. Gives the socket, and a promise of the answer as it came (see readAnswer). */
  connect(bytes) {
    const parts = [];
    const socket = net.connect({ port: this.port, host: '127.0.0.1', localAddress: this.localAddress() }, () => socket.write(bytes));
    const answer = new Promise((done) => {
      socket.on('data', (part) => parts.push(part));
      socket.on('error', () => {}); // a cut connection is an answer too: what had come by then
      socket.on('close', () => done(readAnswer(Buffer.concat(parts))));
    });
    return { socket, answer };
  }

  exchange(bytes) {
    return this.connect(bytes).answer;
  }

  /** How many addresses requests come from, by turns. nginx lets one address have 100 requests a second: whoever asks as fast as it can is
   *  several, or is refused on a fast machine and not on a slow one. */
  addresses = 1;
  #requests = 0;

  localAddress() {
    return `127.0.0.${1 + this.#requests++ % this.addresses}`;
  }

  /** One request. BODY: a string, or an object or list of pairs that is sent as a form. */
  request(path, { method = 'GET', headers = {}, body, timeout = 20000 } = {}) {
    if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
      body = new URLSearchParams(body).toString();
      headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
    }
    if (body !== undefined) headers = { 'Content-Length': Buffer.byteLength(body), ...headers };
    return new Promise((done, fail) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, localAddress: this.localAddress(), path, method, headers, timeout, agent: false }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          done({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, bytes, text: bytes.toString('utf8') });
        });
        response.on('error', fail);
      });
      request.on('timeout', () => request.destroy(new Error('time-out')));
      request.on('error', fail);
      request.end(body);
    });
  }

  /** A fresh page of an event, with what its form carries. */
  async page(path, headers = {}) {
    const response = await this.request(path, { headers });
    return { ...response, hidden: hiddenFields(response.text), action: response.text.match(/<form[^>]*\saction="([^"]+)"[^>]*method="post"|<form[^>]*method="post"[^>]*\saction="([^"]+)"/)?.slice(1).find(Boolean) };
  }

  /** Sends ANSWERS as a browser would: with the page's own hidden fields. */
  async send(path, answers, { headers = {}, page } = {}) {
    page ??= await this.page(path);
    const fields = [...Object.entries(page.hidden), ...(Array.isArray(answers) ? answers : Object.entries(answers))];
    const body = new URLSearchParams(fields).toString();
    const response = await this.request(page.action ?? path, { method: 'POST', body: fields, headers });
    return { ...response, page, body };
  }

  /** The export of an event as JSON. */
  exported(code) {
    return JSON.parse(this.cli(['export', code, '--format', 'json']).stdout);
  }

  /** What the office's database answers to a query, for what no command shows: a list of rows. */
  office(sql) {
    const read = 'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=20).execute(sys.argv[2]).fetchall()))';
    let result;
    for (let i = 0; i < 20; i++) {
      result = spawnSync('/usr/bin/python3', ['-c', read, join(this.dir, 'office/office.db'), sql], { encoding: 'utf8' });
      // A program that was killed while it wrote has left its journal: the next one that opens the office puts it back.
      if (!result.stderr.includes('readonly database')) break;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
    if (result.status !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout);
  }

  /** Waits until the office holds at least COUNT responses of a practice event. */
  async filed(code, count) {
    return until(`${count} filed responses`, () => {
      const out = this.exported(code);
      return out.responses.length >= count ? out : null;
    });
  }
}

const decoded = (text) => text.replace(/&#39;|&#x27;/g, "'").replace(/&#34;|&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** The hidden fields of the answers form, by name. */
export const hiddenFields = (html) => {
  const fields = {};
  for (const [tag] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = tag.match(/\sname="([^"]*)"/)?.[1];
    if (name) fields[name] = decoded(tag.match(/\svalue="([^"]*)"/)?.[1] ?? '');
  }
  return fields;
};

/** All that a browser would send of the answers form when Send is pressed, as pairs in the page's order. */
export const formFields = (html) => {
  const form = html.match(/<form id="answers"[\s\S]*?<\/form>/)?.[0] ?? '';
  const pairs = [];
  for (const [, input, area, text] of form.matchAll(/<input\b([^>]*)>|<textarea\b([^>]*)>\n?([\s\S]*?)<\/textarea>/g)) {
    const attribute = (name) => (input ?? area).match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
    const isChoice = ['radio', 'checkbox'].includes(attribute('type'));
    if (!isChoice || / checked\b/.test(input)) pairs.push([attribute('name'), decoded(text ?? attribute('value') ?? '')]);
  }
  return pairs;
};

/** An HTTP answer from its bytes. STATUS 0: none came. IS_COMPLETE: to its last byte, as its own headers say. */
export const readAnswer = (bytes) => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { status: 0, headers: {}, raw: [], text: '', isComplete: false };
  const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const pairs = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
  let rest = bytes.subarray(end + 4);
  let body = rest;
  let isComplete = rest.length === Number(headers['content-length']);
  if (headers['transfer-encoding'] === 'chunked') {
    const parts = [];
    for (let length = -1; length && rest.includes('\r\n');) {
      const start = rest.indexOf('\r\n') + 2;
      length = parseInt(rest.subarray(0, start).toString('latin1'), 16);
      parts.push(rest.subarray(start, start + length));
      isComplete = length === 0 && rest.length === start + 2;
      rest = rest.subarray(start + length + 2);
    }
    body = Buffer.concat(parts);
  }
  return { status: Number(first.split(' ')[1]), headers, raw: pairs.flat(), text: body.toString('utf8'), isComplete };
};

export const nonce = () => randomBytes(20).toString('hex');

/** The receipt on a thank-you page. */
export const receiptOf = (html) => html.match(/\b([0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z*~$=U])/)?.[1];

/** Spearman's rank correlation of two lists of equal length without ties. */
export const spearman = (xs, ys) => {
  const ranks = (list) => {
    const order = list.map((value, index) => [value, index]).sort((a, b) => a[0] - b[0]);
    const out = new Array(list.length);
    order.forEach(([, index], rank) => { out[index] = rank; });
    return out;
  };
  const a = ranks(xs), b = ranks(ys), n = xs.length;
  const sum = a.reduce((total, rank, i) => total + (rank - b[i]) ** 2, 0);
  return 1 - (6 * sum) / (n * (n * n - 1));
};
