// qr.test.mjs: QR codes decode with a real decoder to the event's address, are in alphanumeric mode, and have their quiet zone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { Instance, finish, scratch, test } from '../harness.mjs';

const instance = await Instance.make();
const code = instance.event('--practice');
const dir = scratch();
const address = `${instance.base}/${code}`;

const decode = (file) => {
  const result = spawnSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file], { encoding: 'utf8' });
  return result.stdout.trim();
};

/** An 8-bit PNG's grey values, row by row (enough of PNG for what cairo writes). */
const pixels = (file) => {
  const data = readFileSync(file);
  let at = 8, width, height, channels;
  const parts = [];
  while (at < data.length) {
    const length = data.readUInt32BE(at), type = data.toString('latin1', at + 4, at + 8), body = data.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      channels = { 0: 1, 2: 3, 6: 4 }[body[9]];
    }
    if (type === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  const raw = zlib.inflateSync(Buffer.concat(parts)), stride = width * channels, out = [];
  let previous = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)], line = Uint8Array.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? line[x - channels] : 0, up = previous[x], corner = x >= channels ? previous[x - channels] : 0;
      const p = left + up - corner, d = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
      const paeth = d[0] <= d[1] && d[0] <= d[2] ? left : d[1] <= d[2] ? up : corner;
      line[x] = (line[x] + [0, left, up, (left + up) >> 1, paeth][filter]) & 255;
    }
    out.push(Array.from({ length: width }, (_, x) => line[x * channels]));
    previous = line;
  }
  return out;
};

await test('qr: PNG decodes to the address', async () => {
  const file = join(dir, 'code.png');
  instance.cli(['qr', code, '--format', 'png', '-o', file]);
  assert.equal(decode(file), address.toUpperCase());
});

await test('qr: SVG decodes to the address', async () => {
  const file = join(dir, 'code.svg'), png = join(dir, 'from-svg.png');
  instance.cli(['qr', code, '--format', 'svg', '-o', file]);
  const convert = spawnSync('python3', ['-c', `
import re, sys
svg = open(sys.argv[1]).read()
assert svg.count('<svg') == 1 and '<script' not in svg
print(re.search(r'width="(\\d+)', svg).group(1))
`, file], { encoding: 'utf8' });
  assert.equal(convert.status, 0, convert.stderr);
  const drawn = spawnSync('rsvg-convert', ['-w', '600', '-o', png, file], { encoding: 'utf8' });
  assert.equal(drawn.status, 0, drawn.stderr);
  assert.equal(decode(png), address.toUpperCase());
});

await test('qr: text for a terminal decodes to the address', async () => {
  const lines = instance.cli(['qr', code, '--format', 'text']).stdout.split('\n').filter(Boolean);
  const scale = 8, width = [...lines[0]].length;
  const rows = [];
  for (const line of lines) {
    const upper = [], lower = [];
    for (const sign of line) {
      upper.push('\u2580\u2588'.includes(sign) ? 0 : 255);
      lower.push('\u2584\u2588'.includes(sign) ? 0 : 255);
    }
    rows.push(upper, lower);
  }
  const image = rows.flatMap((row) => Array(scale).fill(row.flatMap((value) => Array(scale).fill(value)).join(' ')));
  const file = join(dir, 'text.pgm');
  writeFileSync(file, `P2\n${width * scale} ${rows.length * scale}\n255\n${image.join('\n')}\n`);
  assert.equal(decode(file), address.toUpperCase());
});

await test('qr: a quiet zone of 4 modules on every side', async () => {
  const image = pixels(join(dir, 'code.png')), module = 16, quiet = 4 * module, size = image.length;
  const dark = (x, y) => image[y][x] < 128;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < quiet; j++)
      assert(!dark(i, j) && !dark(j, i) && !dark(i, size - 1 - j) && !dark(size - 1 - j, i), `dark module in the quiet zone at ${i},${j}`);
  assert(dark(quiet, quiet) && dark(size - 1 - quiet, quiet), 'the finder patterns begin right behind it');
});

await test('qr: alphanumeric mode (read from the symbol itself)', async () => {
  // The mode indicator is the first 4 bits, placed upwards from the lower right corner, under a mask that the format bits name.
  const image = pixels(join(dir, 'code.png')), module = 16, modules = image.length / module - 8;
  const dark = (x, y) => image[(y + 4) * module + 8][(x + 4) * module + 8] < 128;
  const bits = [0, 1, 2, 3, 4].map((x) => dark(x, 8)).reduce((value, bit) => value * 2 + bit, 0) ^ 0b10101;
  const mask = bits & 7;
  assert.equal(bits >> 3, 0b00, 'error correction level M');
  const masks = [(x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3, (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2,
    (x, y) => ((x * y) % 2) + ((x * y) % 3), (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2];
  const n = modules - 1;
  const mode = [[n, n], [n - 1, n], [n, n - 1], [n - 1, n - 1]].map(([x, y]) => dark(x, y) !== (masks[mask](x, y) === 0));
  assert.deepEqual(mode, [false, false, true, false], 'mode 0010');
});

await test('qr: an unknown code and a wrong format are refused with a way out', async () => {
  assert.match(instance.cli(['qr', 'E4K7QX', '--format', 'svg'], { expected: 65 }).stderr, /event list/);
  assert.match(instance.cli(['qr', code, '--format', 'gif'], { expected: 64 }).stderr, /svg, png or text/);
});

await finish();
