// harness.mjs: what the site and browser tests share: a fresh instance with every real program and a real nginx on a free
// port, a small HTTP client that can say anything, and a runner that prints "ok NAME" and "not ok NAME".
//
// BUILD (build/release unless given) is where the programs are. Everything lies in one temporary folder, which goes at the end.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** CONF: extra lines of soundings.conf, e.g. { mode: 'kiosk' }. FORMS: folders to publish. */
  static async make({ conf = {}, forms = ['forms/community-conversation'], formsDir = 'forms' } = {}) {
    const instance = new Instance();
    instance.dir = join(scratch(), 'instance');
    instance.port = await freePort();
    instance.base = `http://127.0.0.1:${instance.port}`;
    cli(['init', instance.dir, '--forms', resolve(root, formsDir), '--port', String(instance.port)]);
    const lines = Object.entries(conf).map(([key, value]) => `${key} = ${value}\n`).join('');
    const path = join(instance.dir, 'soundings.conf');
    writeFileSync(path, readFileSync(path, 'utf8') + lines);
    for (const form of forms) instance.cli(['form', 'publish', form]);
    return instance;
  }

  cli(args, options) {
    return cli(['--instance', this.dir, ...args], options);
  }

  /** Adds an event and gives its code. */
  event(...args) {
    const out = this.cli(['event', 'add', '--title', 'Test event', ...args]).stdout;
    return out.match(/^([2-9A-HJKMNP-Z]{6})\b/)[1];
  }

  /** Starts `soundings run`; resolves when the site answers. */
  async start() {
    this.output = '';
    this.process = spawn(soundings, ['--instance', this.dir, 'run'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
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

  /** The process ids of a program of this instance ("intake", "spooler", "collector", "nginx"). */
  pids(program) {
    const pattern = program === 'nginx' ? `nginx: master.*${this.dir}/` : `${program} --instance ${this.dir}$`;
    return spawnSync('pgrep', ['-f', pattern], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
  }

  /** One request. BODY: a string, or an object or list of pairs that is sent as a form. */
  request(path, { method = 'GET', headers = {}, body, timeout = 20000 } = {}) {
    if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
      body = new URLSearchParams(body).toString();
      headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
    }
    if (body !== undefined) headers = { 'Content-Length': Buffer.byteLength(body), ...headers };
    return new Promise((done, fail) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, path, method, headers, timeout, agent: false }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, text: Buffer.concat(parts).toString('utf8') }));
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

  /** Waits until the office holds at least COUNT responses of a practice event. */
  async filed(code, count) {
    return until(`${count} filed responses`, () => {
      const out = this.exported(code);
      return out.responses.length >= count ? out : null;
    });
  }
}

/** The hidden fields of the answers form, by name. */
export const hiddenFields = (html) => {
  const fields = {};
  for (const [tag] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = tag.match(/\sname="([^"]*)"/)?.[1];
    if (name) fields[name] = (tag.match(/\svalue="([^"]*)"/)?.[1] ?? '').replace(/&#39;|&#x27;/g, "'").replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
  }
  return fields;
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
