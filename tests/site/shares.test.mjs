// shares.test.mjs: the recovery key on paper. Sheets are printed (to pixels), scanned with a real decoder and read as text; any two of
// three give everything back, one alone or two that do not belong together nothing but words; the files tell no time of day.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, cli, finish, scratch, test } from '../harness.mjs';

const USAGE = 64, DATA = 65, CANTCREAT = 73;
const instance = await Instance.make({ forms: [] });
const work = scratch();
const letters = ['A', 'B', 'C'];
const recovery = join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-')));
const today = () => new Date().toISOString().slice(0, 10);

const run = (command, args) => {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(result.status, 0, `${command} ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
};

/** What a page looks like to a reader of codes: at 150 dpi in greys, as from a scanner, or at 300 dpi in black and white, as from a fax. */
const looks = { 'grey, 150 dpi': ['-r', '150', '-gray'], 'black and white, 300 dpi': ['-r', '300', '-mono'] };
let pages = 0;
const print = (pdf, look) => {
  const page = join(work, `page-${pages++}`);
  run('pdftoppm', [...look, '-singlefile', pdf, page]);
  return ['.pgm', '.pbm'].map((end) => page + end).find(existsSync);
};
const decode = (image) => run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', image]).slice(0, -1); // the last line end is its own
const scan = (pdf, look) => decode(print(pdf, look));

/** The lines beside the code, as a person would type them. */
const typed = (pdf, begin, end) => {
  const lines = run('pdftotext', ['-layout', pdf, '-']).split('\n').map((line) => line.trim());
  const from = lines.findIndex((line) => line.startsWith(begin)), to = lines.indexOf(end);
  assert(from >= 0 && to > from, 'both marks are on the page');
  return lines.slice(from, to + 1).filter(Boolean);
};

/** One set of sheets in a folder of its own, and each share as a text file. */
const makeSet = (name, ...args) => {
  const dir = join(work, name);
  const { stdout } = instance.cli(['key', 'shares', ...args, '-o', dir]);
  const texts = letters.map((letter) => scan(join(dir, `share-${letter}.pdf`), looks['grey, 150 dpi']));
  const files = texts.map((text, i) => {
    const file = join(dir, `${letters[i]}.txt`);
    writeFileSync(file, text);
    return file;
  });
  return { dir, stdout, texts, files, pdf: letters.map((letter) => join(dir, `share-${letter}.pdf`)) };
};

const first = makeSet('first');
const second = makeSet('second');

/** One line, ours, and nothing of a secret in it. */
const told = ({ stdout, stderr }, message) => {
  assert.equal(stdout, '');
  assert.match(stderr, /^soundings: [^\n]+\n$/, stderr);
  assert.match(stderr, message);
};

const secrets = () => {
  const dir = join(instance.dir, 'keys/periods');
  return Object.fromEntries(readdirSync(dir).sort().map((name) => [name, readFileSync(join(dir, name)).toString('hex')]));
};
const known = secrets();

/** Loses every period's secret, and asks for them back. */
const recover = (args, options) => {
  for (const name of Object.keys(known)) rmSync(join(instance.dir, 'keys/periods', name), { force: true });
  return instance.cli(['key', 'recover', ...args], options);
};

// ---- on paper ---------------------------------------------------------------------------------------------------------

for (const [i, letter] of letters.entries()) {
  for (const [name, look] of Object.entries(looks)) {
    await test(`shares: the code of sheet ${letter} decodes (${name}) to the lines beside it`, () => {
      const text = scan(first.pdf[i], look);
      const lines = typed(first.pdf[i], 'BEGIN-RECOVERY-SHARE', 'END-RECOVERY-SHARE');
      assert.equal(text, `${lines.join('\n')}\n`);
      assert.equal(lines.length, 10);
      assert.equal(lines[0], `BEGIN-RECOVERY-SHARE ${letter}`);
      for (const line of lines.slice(1, -1)) assert.match(line, /^([0-9A-HJKMNP-TV-Z]{4} ){4}[0-9A-HJKMNP-TV-Z*~$=U]$/);
    });
  }
  await test(`shares: sheet ${letter} is one A4 page, for its owner only, that says what it is and what to do`, () => {
    const info = run('pdfinfo', [first.pdf[i]]);
    assert.match(info, /^Pages: +1$/m);
    assert.match(info, /^Page size: .*\(A4\)$/m);
    assert.equal(statSync(first.pdf[i]).mode & 0o777, 0o600);
    const words = run('pdftotext', ['-layout', first.pdf[i], '-']).replace(/\s+/g, ' ');
    const set = first.stdout.match(/set ([0-9a-f]{4} [0-9a-f]{4})/)[1];
    for (const part of [`Recovery share ${letter}`, `${letter} of A, B, C`, set, today(), ' instance ', 'Keep this sheet in a locked place', 'with another person',
      'Any two of the three open everything. One opens nothing.', 'Never photograph', 'restore BACKUP --share ONE.txt --share OTHER.txt'])
      assert(words.includes(part), `${part}: ${words}`);
  });
  await test(`shares: the file of sheet ${letter} tells a day, and no time, machine or person`, () => {
    // Without what is compressed: by chance such bytes can spell anything.
    const bytes = readFileSync(first.pdf[i], 'latin1').replace(/\bstream\r?\n[^]*?endstream/g, '');
    const dates = bytes.match(/\/\w*Date\b[^\n]*/g);
    assert.equal(dates.length, 1, String(dates));
    assert.match(dates[0], new RegExp(`^/CreationDate \\((D:)?${today().replaceAll('-', '')}\\)`));
    assert.doesNotMatch(bytes, /\/(Author|Creator|ID|ModDate)\b/);
    assert.doesNotMatch(run('pdfinfo', ['-meta', first.pdf[i]]), /\S/);
  });
}

await test('shares: a code that was folded through the middle and stained still decodes', () => {
  const image = print(first.pdf[0], looks['grey, 150 dpi']), bytes = readFileSync(image);
  const [header, width] = bytes.toString('latin1', 0, 40).match(/^P5\s(\d+)\s\d+\s255\s/);
  const mm = 150 / 25.4, at = (x, y) => header.length + Math.round(y * mm) * Number(width) + Math.round(x * mm);
  // The code is the longest run of millimetres, downwards, that are dark in many places.
  const isMany = (y) => Array.from({ length: 78 }, (_, x) => bytes[at(21 + x, y)] < 128).filter(Boolean).length > 20;
  let top = 0, height = 0;
  for (let y = 0, run = 0; y < 290; y++) {
    run = isMany(y) ? run + 1 : 0;
    if (run > height) [top, height] = [y - run + 1, run];
  }
  assert(height > 60 && height < 90, `the code is ${height} mm high`);
  const middle = top + height / 2;
  const blot = (fromX, toX, fromY, toY, grey) => {
    for (let y = fromY; y < toY; y += 0.1) bytes.fill(grey, at(fromX, y), at(toX, y));
  };
  blot(20, 105, middle, middle + 2, 255); // the fold
  blot(75, 87, middle + 10, middle + 22, 0); // the stain
  writeFileSync(image, bytes);
  assert.equal(decode(image), first.texts[0]);
});

await test('shares: what was made is told, with what to do; no share is', () => {
  for (const pdf of first.pdf) assert(first.stdout.includes(pdf));
  assert(first.stdout.includes(recovery), 'the recovery file that is still here opens everything alone');
  for (const line of first.texts.join('').split('\n').filter((text) => /^\w{4} /.test(text))) assert(!first.stdout.includes(line.slice(0, 9)));
});

await test('shares: each splitting is another', () => {
  for (const i of [0, 1, 2])
    for (const j of [1, 2, 3, 4, 5, 6, 7, 8]) assert.notEqual(first.texts[i].split('\n')[j], second.texts[i].split('\n')[j]);
});

// ---- giving back ------------------------------------------------------------------------------------------------------

for (const [i, j] of [[0, 1], [1, 2], [2, 0]]) {
  await test(`shares: ${letters[i]} and ${letters[j]}, scanned, give everything back`, () => {
    recover(['--share', first.files[i], '--share', first.files[j]]);
    assert.deepEqual(secrets(), known);
  });
}

await test('shares: two scans pasted into standard input, each in one line, give everything back', () => {
  const input = `${second.texts[2].replaceAll('\n', ' ')}\n${second.texts[0].replaceAll('\n', ' ')}\n`;
  recover(['--share', '-', '--share', '-'], { input });
  assert.deepEqual(secrets(), known);
});

await test('shares: lines typed in small letters give everything back', () => {
  const file = join(work, 'typed.txt');
  writeFileSync(file, typed(first.pdf[1], 'BEGIN-RECOVERY-SHARE', 'END-RECOVERY-SHARE').join('\r\n').toLowerCase());
  recover(['--share', file, '--share', first.files[0]]);
  assert.deepEqual(secrets(), known);
});

const refusals = [
  ['one alone', ['--share', first.files[0]], USAGE, /one share alone opens nothing: give another of the three with a second --share/],
  ['the same twice', ['--share', first.files[1], '--share', first.files[1]], DATA, /are the same share, B: one share alone opens nothing/],
  ['two that were not made together', ['--share', first.files[0], '--share', second.files[1]], DATA, /they were not made together; give two sheets of one set/],
  ['three', first.files.flatMap((file) => ['--share', file]), USAGE, /--share is given three times: two are enough/],
  ['a sheet as PDF', ['--share', first.pdf[0], '--share', first.files[1]], DATA, /share-A\.pdf is a PDF: open it, and copy the lines/],
  ['the whole key as a share', ['--share', recovery, '--share', first.files[1]], DATA, /is the whole recovery key, not a share of it: give it with --recovery/],
  ['a share as the whole key', ['--recovery', first.files[0]], DATA, /is a share of the recovery key, not the key: give it with --share/],
];
for (const [name, args, expected, message] of refusals) {
  await test(`shares: refused with words, and nothing is opened: ${name}`, () => {
    told(recover(args, { expected }), message);
    assert.deepEqual(secrets(), {});
  });
}

await test('shares: a wrong sign is told with its line', () => {
  const lines = first.texts[0].split('\n'), file = join(work, 'wrong.txt');
  lines[4] = lines[4].replace(/^(.{7})(.)/, (_, before, sign) => before + (sign === '7' ? '8' : '7'));
  writeFileSync(file, lines.join('\n'));
  told(recover(['--share', file, '--share', first.files[1]], { expected: DATA }), /wrong\.txt:5: the fourth of the 8 lines has a wrong sign/);
});
recover([]); // with the recovery file that is still there

// ---- making ------------------------------------------------------------------------------------------------------------

await test('shares: nothing is written over, and no part of a set is left', () => {
  const before = readFileSync(first.pdf[2]);
  rmSync(first.pdf[0]);
  told(instance.cli(['key', 'shares', '-o', first.dir], { expected: CANTCREAT }), /share-B\.pdf is there already, and is not written over/);
  assert(!existsSync(first.pdf[0]));
  assert.deepEqual(readFileSync(first.pdf[2]), before);
});

await test('shares: two shares make a new set, without the recovery file', () => {
  const third = makeSet('third', '--share', first.files[0], '--share', first.files[2]);
  recover(['--share', third.files[1], '--share', third.files[2]]);
  assert.deepEqual(secrets(), known);
});

await test('shares: without an instance, from a recovery file, with the name in it', () => {
  const dir = join(work, 'nowhere');
  cli(['--instance', join(work, 'no-such-instance'), 'key', 'shares', '--recovery', recovery, '-o', dir]);
  assert.deepEqual(readdirSync(dir).sort(), ['share-A.pdf', 'share-B.pdf', 'share-C.pdf']);
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  assert.match(run('pdftotext', ['-layout', join(dir, 'share-A.pdf'), '-']), /^instance +A of A, B, C/m);
});

await test('shares: without an instance and without a recovery file they are refused', () => {
  const dir = join(work, 'none');
  told(cli(['--instance', join(work, 'no-such-instance'), 'key', 'shares', '-o', dir], { expected: USAGE }), /this needs the recovery key: --recovery FILE/);
  assert(!existsSync(dir));
});

await test('shares: the key of another instance is refused', async () => {
  const other = await Instance.make({ forms: [] }), dir = join(work, 'other');
  told(other.cli(['key', 'shares', '--recovery', recovery, '-o', dir], { expected: DATA }), /this recovery key is not the one of .*: name its own with --recovery/);
  assert(!existsSync(dir));
});

await test('shares: without -o the way is shown', () => {
  assert.match(instance.cli(['key', 'shares'], { expected: USAGE }).stderr, /^usage: soundings key shares .*-o DIR\n/);
});

// ---- the whole ---------------------------------------------------------------------------------------------------------

const whole = join(work, 'whole.pdf');
await test('sheet: the whole key is one page whose code holds the lines, for its owner only', () => {
  const { stdout } = instance.cli(['key', 'sheet', '-o', whole]);
  assert(stdout.includes(whole) && stdout.includes(recovery));
  assert.equal(statSync(whole).mode & 0o777, 0o600);
  assert.match(run('pdfinfo', [whole]), /^Pages: +1$/m);
  const block = readFileSync(recovery, 'utf8').match(/BEGIN-RECOVERY-KEY[^]*END-RECOVERY-KEY\n/)[0];
  for (const look of Object.values(looks)) assert.equal(scan(whole, look), block);
  assert.deepEqual(typed(whole, 'BEGIN-RECOVERY-KEY', 'END-RECOVERY-KEY'), block.trim().split('\n').map((line) => line.trim()));
});

await test('sheet: its scan, in one line on standard input, gives everything back', () => {
  recover(['--recovery', '-'], { input: scan(whole, looks['grey, 150 dpi']).replaceAll('\n', ' ') });
  assert.deepEqual(secrets(), known);
});

await test('sheet: for a printer, on standard output', () => {
  const { stdout } = instance.cli(['key', 'sheet', '-o', '-']);
  assert.match(stdout, /^%PDF-1\./);
});

await test('sheet: nothing is written over', () => {
  const before = readFileSync(whole);
  told(instance.cli(['key', 'sheet', '-o', whole], { expected: CANTCREAT }), /is there already, and is not written over; name another file/);
  assert.deepEqual(readFileSync(whole), before);
});

await finish();
