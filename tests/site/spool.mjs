// spool.mjs: a way to the spooler of an instance for tests that must see what lies behind the pages, or get between.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd, root, scratch, until } from '../harness.mjs';

export class Spool {
  /** A helper process beside INSTANCE, which need not run yet. */
  constructor(instance) {
    this.captures = scratch();
    this.helper = spawn('/usr/bin/python3', [join(root, 'tests/site/spool_peer.py'), join(instance.dir, 'run'), this.captures], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    createInterface({ input: this.helper.stdout }).on('line', (line) => this.waiting.shift()(line));
    this.ended = new Promise((done) => this.helper.on('exit', done));
    atEnd(() => this.close());
  }

  async close() {
    this.helper.stdin.end();
    await this.ended;
  }

  /** One command of spool_peer.py. */
  async ask(...words) {
    const answer = new Promise((done) => this.waiting.push(done));
    this.helper.stdin.write(`${words.join(' ')}\n`);
    const line = await Promise.race([answer, this.ended.then(() => 'error the helper ended')]);
    if (line.startsWith('error')) throw new Error(`spool_peer.py ${words.join(' ')}: ${line}`);
    return line;
  }

  async count() {
    const [waiting, filed] = (await this.ask('count')).split(' ').map(Number);
    return { waiting, filed };
  }

  /** The same for each period of which anything is held: { ID: { waiting, filed } }. */
  async periods() {
    const line = await this.ask('periods');
    return Object.fromEntries((line === 'none' ? [] : line.split(' ')).map((row) => row.split(':')).map(([id, waiting, filed]) => [id, { waiting: Number(waiting), filed: Number(filed) }]));
  }

  /** Waits until the collector has dealt with all that the spooler holds. */
  async settled() {
    await until('an empty spool', async () => (await this.count()).waiting === 0, 20000);
  }

  /** From now on envelopes pass through the helper and are captured. Before the first POST: intake keeps its connections. */
  async tap() {
    await this.ask('tap');
  }

  async mode(mode) {
    await this.ask('mode', mode);
  }

  async committed() {
    return Number(await this.ask('committed'));
  }

  async captured() {
    return Number(await this.ask('captured'));
  }

  /** The Nth captured envelope (from 1). */
  envelope(n) {
    return readFileSync(join(this.captures, String(n)));
  }

  /** Puts the Nth captured envelope into the spool once more, past intake. */
  async replay(n) {
    assert.equal(await this.ask('append', join(this.captures, String(n))), 'O');
  }
}
