// team.mjs: organisers for tests of their pages: people with sessions, and requests as their browsers send them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { readAnswer, root } from '../harness.mjs';

/** Puts what ASK names into the office (team.py), and gives it back with ids, tokens and secrets. */
export const plant = (instance, ask) => {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [join(root, 'tests/site/team.py'), join(instance.dir, 'office/office.db')], { input: JSON.stringify(ask), encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
};

/** The value of one cookie that an answer sets; undefined when it sets none. */
export const cookieOf = (answer, name = 'soundings') => {
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) if (line.startsWith(`${name}=`)) return line.slice(name.length + 1).split(';')[0];
  return undefined;
};

/** A browser at the organisers' pages: keeps its cookie, knows its page's csrf token. */
export class Browser {
  constructor(instance, { token, origin = instance.team, cookie = 'soundings', port = instance.teamPort } = {}) {
    Object.assign(this, { instance, origin, cookie, port, token });
    this.host = origin.replace(/^https?:\/\//, '');
  }

  request(path, { method = 'GET', body, headers = {}, token = this.token, keeps = true } = {}) {
    const cookies = [...(token ? [`${this.cookie}=${token}`] : []), ...(this.form ? [`${this.cookie}-form=${this.form}`] : [])];
    const sent = { Host: this.host, ...(cookies.length > 0 ? { Cookie: cookies.join('; ') } : {}) };
    if (body !== undefined) {
      if (typeof body !== 'string') body = new URLSearchParams(body).toString();
      Object.assign(sent, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), Origin: this.origin });
    }
    for (const [name, value] of Object.entries(headers))
      if (value === undefined) delete sent[name];
      else sent[name] = value;
    return new Promise((done, fail) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, path, method, headers: sent, timeout: 40000, agent: false, setHost: false }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          const bytes = Buffer.concat(parts), answer = { status: response.statusCode, headers: response.headers, raw: response.rawHeaders, bytes, text: bytes.toString('utf8') };
          const set = cookieOf(answer, this.cookie);
          if (keeps && set !== undefined) this.token = set || undefined;
          const form = cookieOf(answer, `${this.cookie}-form`);
          if (keeps && form !== undefined) this.form = form || undefined;
          done(answer);
        });
        response.on('error', fail);
      });
      request.on('timeout', () => request.destroy(new Error('time-out')));
      request.on('error', fail);
      request.end(body);
    });
  }

  /** The token of forms: of a page with a form that this browser may see. */
  async csrf(path = this.token && this.isSignedIn !== false ? '/account' : '/sign-in') {
    const page = await this.request(path);
    return csrfOf(page) ?? csrfOf(await this.request('/sign-in'));
  }

  async post(path, fields = {}, options = {}) {
    const csrf = await this.csrf();
    assert(csrf, `a form's token for ${path}`);
    return this.request(path, { method: 'POST', body: [['csrf', csrf], ...(Array.isArray(fields) ? fields : Object.entries(fields))], ...options });
  }

  /** Signs in with name and password, and with the code where there is one; gives the last answer. */
  async signIn(name, password, code) {
    this.isSignedIn = false;
    const csrf = await this.csrf('/sign-in');
    let answer = await this.request('/sign-in', { method: 'POST', body: { csrf, name, password } });
    if (answer.status === 303 && answer.headers.location.startsWith('/code') && code !== undefined) {
      const page = await this.request('/code');
      answer = await this.request('/code', { method: 'POST', body: { csrf: csrfOf(page), code } });
    }
    this.isSignedIn = undefined;
    return answer;
  }
}

export const csrfOf = (page) => page.text.match(/name="csrf" value="([^"]+)"/)?.[1];

/** The one-time code of a secret (RFC 6238), STEPS away from now: a second implementation, beside liboath. */
export const totp = (secret, steps = 0, nowMs = Date.now()) => {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((sign) => signs.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest(), at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
};

/** Sends BYTES to the organisers' port as they are; the answer as it came (readAnswer), and everything that came. */
export const exchange = (instance, bytes, idleMs = 15000) => new Promise((done) => {
  const parts = [];
  const socket = net.connect(instance.teamPort, '127.0.0.1', () => socket.write(bytes));
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('data', (part) => parts.push(part));
  socket.on('error', () => {});
  socket.on('close', () => {
    const all = Buffer.concat(parts);
    done({ ...readAnswer(all), all: all.toString('latin1') });
  });
});
