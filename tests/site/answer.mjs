// answer.mjs: what every answer must be like, whatever was asked.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness.mjs';

// Written out, not read from nginx's configuration: whoever loosens one must do it here too.
export const security = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'origin-agent-cluster': '?1',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'permissions-policy': 'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
};
/** Of a file that is fetched for a page: nginx/soundings.conf.in says why it is less. */
export const assetSecurity = {
  'content-security-policy': "default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex, nofollow, noarchive',
};
export const html = 'text/html; charset=utf-8', json = 'application/json';

/** The headers by name, each exactly once. */
export const once = (answer) => {
  const found = {};
  for (let i = 0; i < answer.raw.length; i += 2) {
    const name = answer.raw[i].toLowerCase();
    assert(!(name in found), `${name} comes twice: ${found[name]} and ${answer.raw[i + 1]}`);
    found[name] = answer.raw[i + 1];
  }
  return found;
};

/** Exactly what a page has, with MORE; only the connection's own business may be there or not. */
export const check = (answer, { status, type = html, cache = 'no-store', headers = security, more = {} }) => {
  assert.equal(answer.status, status, answer.text.slice(0, 300));
  const found = once(answer);
  for (const name of ['connection', 'content-length', 'transfer-encoding', 'date', 'vary', 'keep-alive']) delete found[name];
  assert.deepEqual(found, { server: 'nginx', 'content-type': type, 'cache-control': cache, ...headers, ...more });
};

/** The page's own strings in a language, as forms/strings/LANG.yaml has them. What is left out there is what English says. */
export const words = (language) => {
  const own = readFileSync(join(root, `forms/strings/${language}.yaml`), 'utf8');
  const found = Object.fromEntries([...own.matchAll(/^(\w+): (.*)$/gm)].map(([, key, value]) => [key, value.replace(/^"(.*)"$/, '$1')]));
  return language === 'en' ? found : { ...words('en'), ...found };
};

/** HTML as a person reads it: without tags, entities decoded, one space between words. */
export const visible = (text) => text.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ').replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code))
  .replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();
