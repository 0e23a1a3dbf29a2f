// poster.test.mjs: posters as people get them. Each is asked of the real poster, by its daemon and by itself, printed (to pixels at 150
// dpi) and read by a real decoder: as it is, in grey, turned by 7 degrees, and at half its size; its words are taken out of the PDF
// again; fonts, languages, alternative texts, and that nothing in it acts. Then what somebody may type as a title.
//
// POSTERS=all: every kind in every language, and all 300 titles. Otherwise a sample.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { atEnd, build, finish, scratch, sleep, test, until } from '../harness.mjs';
import { nasty } from '../nasty.mjs';

const USAGE = 64, DATA = 65;
const isWhole = process.env.POSTERS === 'all';
const poster = join(build, 'poster');
const work = scratch();
const kinds = ['a4', 'a3', 'tent', 'cards', 'slide', 'qr'];
const address = 'HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QX';
const organisation = 'Crown Prosecution Service';

// Words of this test's own: what an organiser's program would send.
const keys = ['title', 'lead', 'what', 'minutes', 'anonymous', 'until', 'type_it', 'code_label', 'paper', 'phone', 'alt'];
const face = (lang, dir, ...texts) => Object.fromEntries([['lang', lang], ['dir', dir], ...texts.map((text, i) => [keys[i], text])]);
const faces = {
  en: face('en', 'ltr', 'Community Conversation, Slough', 'Tell us what you think', 'Your answers help us do better for people here.', 'About 3 minutes', 'We do not ask your name',
    'Open until Friday 4 December 2026', 'Or type this into your browser:', 'Code', 'Ask for paper, large print or Easy Read', 'Questions? 0300 123 4567', 'QR code that opens feedback.example.org, code E4K7QX'),
  cy: face('cy', 'ltr', 'Sgwrs Gymunedol, Wrecsam', 'Dywedwch wrthym beth yw eich barn', 'Mae eich atebion yn ein helpu i wneud yn well i bobl yma.', 'Tua 3 munud', 'Nid ydym yn gofyn am eich enw',
    'Ar agor tan ddydd Gwener 4 Rhagfyr 2026', 'Neu teipiwch hwn yn eich porwr:', 'Cod', 'Gofynnwch am bapur, print bras neu Hawdd ei Ddeall', 'Cwestiynau? 0300 123 4567', 'Cod QR sy\'n agor feedback.example.org, cod E4K7QX'),
  ar: face('ar', 'rtl', 'حوار مجتمعي في سلاو', 'أخبرنا برأيك', 'إجاباتك تساعدنا على تحسين عملنا مع الناس هنا.', 'حوالي 3 دقائق', 'لا نسأل عن اسمك', 'مفتوح حتى الجمعة 4 ديسمبر 2026', 'أو اكتب هذا في متصفحك:', 'الرمز',
    'اطلب نسخة ورقية أو بحروف كبيرة أو سهلة القراءة', 'أسئلة؟ 0300 123 4567', 'رمز QR يفتح feedback.example.org'),
  ur: face('ur', 'rtl', 'سلاؤ میں کمیونٹی گفتگو', 'ہمیں بتائیں آپ کیا سوچتے ہیں', 'آپ کے جوابات یہاں کے لوگوں کے لیے بہتر کام کرنے میں ہماری مدد کرتے ہیں۔', 'تقریباً 3 منٹ', 'ہم آپ کا نام نہیں پوچھتے', 'جمعہ 4 دسمبر 2026 تک کھلا ہے',
    'یا اپنے براؤزر میں یہ لکھیں:', 'کوڈ', 'کاغذ، بڑے حروف یا آسان تحریر مانگیں', 'سوالات؟ 0300 123 4567', 'QR کوڈ جو feedback.example.org کھولتا ہے'),
  bn: face('bn', 'ltr', 'স্লাউয়ে কমিউনিটি আলোচনা', 'আপনি কী ভাবেন আমাদের বলুন', 'আপনার উত্তর এখানকার মানুষের জন্য আরও ভালো কাজ করতে আমাদের সাহায্য করে।', 'প্রায় ৩ মিনিট', 'আমরা আপনার নাম জিজ্ঞাসা করি না',
    'শুক্রবার ৪ ডিসেম্বর ২০২৬ পর্যন্ত খোলা', 'অথবা আপনার ব্রাউজারে এটি টাইপ করুন:', 'কোড', 'কাগজ, বড় অক্ষর বা সহজ পাঠ চান', 'প্রশ্ন? 0300 123 4567', 'QR কোড যা feedback.example.org খোলে'),
  pa: face('pa', 'ltr', 'ਸਲੋਹ ਵਿੱਚ ਭਾਈਚਾਰਕ ਗੱਲਬਾਤ', 'ਸਾਨੂੰ ਦੱਸੋ ਤੁਸੀਂ ਕੀ ਸੋਚਦੇ ਹੋ', 'ਤੁਹਾਡੇ ਜਵਾਬ ਇੱਥੋਂ ਦੇ ਲੋਕਾਂ ਲਈ ਬਿਹਤਰ ਕੰਮ ਕਰਨ ਵਿੱਚ ਸਾਡੀ ਮਦਦ ਕਰਦੇ ਹਨ।', 'ਲਗਭਗ 3 ਮਿੰਟ', 'ਅਸੀਂ ਤੁਹਾਡਾ ਨਾਂ ਨਹੀਂ ਪੁੱਛਦੇ',
    'ਸ਼ੁੱਕਰਵਾਰ 4 ਦਸੰਬਰ 2026 ਤੱਕ ਖੁੱਲ੍ਹਾ', 'ਜਾਂ ਆਪਣੇ ਬ੍ਰਾਊਜ਼ਰ ਵਿੱਚ ਇਹ ਟਾਈਪ ਕਰੋ:', 'ਕੋਡ', 'ਕਾਗਜ਼, ਵੱਡੇ ਅੱਖਰ ਜਾਂ ਸੌਖਾ ਪਾਠ ਮੰਗੋ', 'ਸਵਾਲ? 0300 123 4567', 'QR ਕੋਡ ਜੋ feedback.example.org ਖੋਲ੍ਹਦਾ ਹੈ'),
};
const request = (kind, format, langs, more = {}) => ({
  kind, format, address, shown_address: 'feedback.example.org', code: 'E4K7QX', organisation, faces: langs.map((lang) => faces[lang]), ...more,
});

// ---- asking ---------------------------------------------------------------------------------------------------------------

const socket = join(work, 'poster.sock');
const daemon = spawn(poster, ['--socket', socket], { stdio: ['ignore', 'ignore', 'pipe'] });
let said = '';
daemon.stderr.on('data', (data) => { said += data; });
atEnd(() => daemon.kill());
await until('the daemon listens', () => said.includes('poster.started') || daemon.exitCode !== null);

/** Sends BYTES as a client does (END: and shuts its side), and gives all that comes back. */
const talk = (bytes, end = true) => new Promise((done, fail) => {
  const parts = [];
  const client = net.connect({ path: socket, allowHalfOpen: true }, () => (end ? client.end(bytes) : client.write(bytes)));
  client.on('data', (part) => parts.push(part));
  client.on('end', () => { client.destroy(); done(Buffer.concat(parts)); });
  client.on('error', (error) => (parts.length ? done(Buffer.concat(parts)) : fail(error)));
});

/** { file } or { words }. */
const ask = async (asked) => {
  const answer = await talk(typeof asked === 'string' ? asked : JSON.stringify(asked));
  const line = answer.subarray(0, answer.indexOf(10)).toString();
  if (line.startsWith('no ')) return { words: line.slice(3) };
  const file = answer.subarray(answer.indexOf(10) + 1);
  assert.equal(line, `ok ${asked.format} ${file.length}`, said);
  return { file };
};
const draw = async (asked) => {
  const { file, words } = await ask(asked);
  assert.equal(words, undefined);
  return file;
};
const once = (asked, args = [], env = process.env) =>
  spawnSync(poster, args, { input: typeof asked === 'string' ? asked : JSON.stringify(asked), env, maxBuffer: 1 << 26 });

const run = (command, args, options = {}) => {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  assert.equal(result.status, 0, `${command} ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
};
let files = 0;
const save = (bytes, end) => {
  const path = join(work, `file-${files++}.${end}`);
  writeFileSync(path, bytes);
  return path;
};

// ---- pictures ---------------------------------------------------------------------------------------------------------------

const print = (pdf, ...look) => {
  const page = join(work, `page-${files++}`);
  run('pdftoppm', ['-r', '150', '-singlefile', ...look, pdf, page]);
  return ['.pgm', '.ppm'].map((end) => page + end).find(existsSync);
};
const readGrey = (path) => {
  const bytes = readFileSync(path);
  const [head, width, height] = /^P5\s(\d+)\s(\d+)\s255\s/.exec(bytes.subarray(0, 40).toString('latin1'));
  return { width: +width, height: +height, dots: bytes.subarray(head.length) };
};
const saveGrey = ({ width, height, dots }) => save(Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), dots]), 'pgm');

/** As on a page that lies askew, white around it. */
const turn = ({ width, height, dots }, degrees) => {
  const angle = degrees * Math.PI / 180, cos = Math.cos(angle), sin = Math.sin(angle);
  const wide = Math.ceil(width * cos + height * sin), high = Math.ceil(width * sin + height * cos);
  const out = Buffer.alloc(wide * high, 255);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const dx = x - wide / 2, dy = y - high / 2, fx = dx * cos + dy * sin + width / 2, fy = dy * cos - dx * sin + height / 2;
      const left = Math.floor(fx), top = Math.floor(fy);
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const a = fx - left, b = fy - top, at = top * width + left;
      out[y * wide + x] = (dots[at] * (1 - a) + dots[at + 1] * a) * (1 - b) + (dots[at + width] * (1 - a) + dots[at + width + 1] * a) * b;
    }
  }
  return { width: wide, height: high, dots: out };
};
const halve = ({ width, height, dots }) => {
  const wide = width >> 1, high = height >> 1, out = Buffer.alloc(wide * high);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++) {
      const at = 2 * y * width + 2 * x;
      out[y * wide + x] = (dots[at] + dots[at + 1] + dots[at + width] + dots[at + width + 1]) >> 2;
    }
  return { width: wide, height: high, dots: out };
};

/** Every code on a picture says the address, and there is one at least. */
const assertReads = (what, picture) => {
  const result = spawnSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture], { encoding: 'utf8' });
  const read = result.stdout.split('\n').filter(Boolean);
  assert(read.length > 0, `${what}: nothing was read (${result.stderr})`);
  for (const text of read) assert.equal(text, address, what);
  return read.length;
};
/** One of ROWS rows and COLUMNS columns: what a camera sees of a sheet of cards. */
const cut = ({ width, height, dots }, columns, rows, place) => {
  const wide = Math.floor(width / columns), high = Math.floor(height / rows), left = (place % columns) * wide, top = Math.floor(place / columns) * high;
  const out = Buffer.alloc(wide * high);
  for (let y = 0; y < high; y++) dots.copy(out, y * wide, (top + y) * width + left, (top + y) * width + left + wide);
  return { width: wide, height: high, dots: out };
};
const assertReadsEverywhere = (what, pdf, [columns, rows]) => {
  assertReads(`${what}, in colour`, print(pdf));
  const path = print(pdf, '-gray'), grey = readGrey(path);
  for (let place = 0; place < columns * rows; place++)
    assert.equal(assertReads(`${what}, in grey, ${place + 1}`, columns * rows > 1 ? saveGrey(cut(grey, columns, rows, place)) : path), 1, `${what}: one code in each place`);
  assertReads(`${what}, askew`, saveGrey(turn(grey, 7)));
  assertReads(`${what}, at half the size`, saveGrey(halve(grey)));
};

// ---- words and structure ------------------------------------------------------------------------------------------------------

/** What is left when directions and spaces do not count: pdftotext puts both where it thinks they belong. */
const bare = (text) => text.normalize('NFC').replace(/[\p{Cf}\p{Z}\s\u0085\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu, '');
const wordsOf = (pdf, ...args) => run('pdftotext', [...args, pdf, '-']);

/** TEXTS stand in PDF, in this order. Text from right to left comes back as such only when pdftotext looks at where it stands. */
const assertWords = (what, pdf, texts) => {
  const isBackwards = /[\u0590-\u08ff]/.test(texts.join(''));
  const all = bare(wordsOf(pdf, ...(isBackwards ? [] : ['-raw'])));
  let at = 0;
  for (const text of texts) {
    const found = all.indexOf(bare(text), at);
    assert(found >= 0, `${what}: "${text}" is not there, or not in its place, in\n${all}`);
    at = found + bare(text).length;
  }
};

const readPdf = (pdf) => {
  const json = JSON.parse(run('qpdf', ['--json=2', '--json-key=qpdf', pdf]));
  const objects = json.qpdf[1];
  const value = (what) => {
    if (typeof what === 'string' && /^\d+ \d+ R$/.test(what)) {
      const object = objects[`obj:${what}`];
      return object.value ?? object.stream.dict;
    }
    return what;
  };
  return { objects, value, root: value(objects.trailer.value['/Root']), info: value(objects.trailer.value['/Info']) };
};
const docSigns = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd'; // PDFDocEncoding from 0x80 on (ISO 32000-1, D.2); the last is no sign
const text = (string) => (string?.startsWith('b:')
  ? [...Buffer.from(string.slice(2), 'hex')].map((byte) => (byte === 0xa0 ? '€' : byte >= 0x80 && byte <= 0x9f ? [...docSigns][byte - 0x80] : String.fromCharCode(byte))).join('')
  : string?.slice(2));

/** [{ role, lang, alt }] in reading order. */
const elementsOf = ({ value, root }) => {
  const list = (what) => (Array.isArray(value(what)) ? value(what) : [what]);
  const [document] = list(value(root['/StructTreeRoot'])['/K']).map(value);
  assert.equal(document['/S'], '/Document');
  return list(document['/K']).map(value).map((element) => ({ role: element['/S'].slice(1), lang: text(element['/Lang']), alt: text(element['/Alt']), words: text(element['/ActualText']) }));
};
const forbidden = ['/JS', '/JavaScript', '/OpenAction', '/AA', '/Launch', '/URI', '/A', '/Annots', '/AcroForm', '/EmbeddedFiles', '/RichMedia', '/Author', '/Creator', '/CreationDate', '/ModDate', '/Metadata'];
const keysOf = (what, found = new Set()) => {
  if (what && typeof what === 'object') {
    if (!Array.isArray(what)) Object.keys(what).forEach((key) => found.add(key));
    Object.values(what).forEach((part) => keysOf(part, found));
  }
  return found;
};
const assertSound = (what, pdf, langs, title = faces[langs[0]].title) => {
  assert.match(run('qpdf', ['--check', pdf]), /No syntax or stream encoding errors found/, what);
  const fonts = run('pdffonts', [pdf]).trim().split('\n').slice(2);
  for (const font of fonts) assert.match(font, /\byes yes yes\s+\d+\s+\d+$/, `${what}: embedded, as a part, with its characters: ${font}`);
  const read = readPdf(pdf), present = keysOf(read.objects);
  for (const key of forbidden) assert(!present.has(key), `${what}: ${key}`);
  assert.equal(text(read.root['/Lang']), langs[0], `${what}: the document's language`);
  assert.equal(read.root['/ViewerPreferences']['/DisplayDocTitle'], true, what);
  assert.equal(bare(text(read.info['/Title'])), bare(title), what);
  const elements = elementsOf(read);
  for (const lang of langs) assert(elements.some((element) => element.lang === lang), `${what}: something in ${lang}`);
  for (const element of elements) assert(element.lang, `${what}: each text has a language: ${JSON.stringify(element)}`);
  const figures = elements.filter((element) => element.role === 'Figure');
  assert(figures.length > 0, what);
  for (const figure of figures) assert.equal(figure.alt, faces[figure.lang].alt, `${what}: the code in words`);
  return { fonts: fonts.join('\n'), elements };
};

// ---- the tests ----------------------------------------------------------------------------------------------------------------

const codesOn = { a4: [1, 1], a3: [1, 1], tent: [1, 2], cards: [2, 4], slide: [1, 1], qr: [1, 1] }; // columns and rows
const inOrder = (lang) => {
  const own = faces[lang];
  return [organisation, own.lead, own.title, own.what, own.minutes, own.anonymous, own.until, own.type_it, 'feedback.example.org', own.code_label, 'E4K7QX', own.paper, own.phone];
};

// One that says nothing: begun now, asked for at the end.
const silent = talk('{"kind":', false);
const silentSince = Date.now();
// And one that asks for much, and takes nothing of it.
const deaf = net.connect({ path: socket, allowHalfOpen: true }, () => deaf.end(JSON.stringify(request('a3', 'svg', ['en', 'ar', 'ur', 'bn']))));
deaf.pause();
deaf.on('error', () => {});
atEnd(() => deaf.destroy());
/** [state] of the daemon's children, dead ones as Z. */
const children = () => spawnSync('ps', ['--ppid', String(daemon.pid), '-o', 'stat='], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

for (const lang of Object.keys(faces)) {
  await test(`a poster in ${lang}: read in every state, its words come back in order, sound`, async () => {
    const pdf = save(await draw(request('a4', 'pdf', [lang])), 'pdf');
    assertReadsEverywhere(lang, pdf, codesOn.a4);
    // Beside one another stand the address and the code, above paper and telephone.
    const order = inOrder(lang), runs = faces[lang].dir === 'rtl' ? [order.slice(0, 9), order.slice(9, 11), order.slice(11)] : [order];
    for (const texts of runs) assertWords(lang, pdf, texts);
    const { fonts, elements } = assertSound(lang, pdf, [lang]);
    const named = { en: 'NotoSans-', cy: 'NotoSans-', ar: 'NotoNaskhArabic-', ur: 'NotoNastaliqUrdu-', bn: 'NotoSansBengali-', pa: 'NotoSansGurmukhi-' };
    assert(fonts.includes(named[lang]) && fonts.includes('DejaVuSansMono-Bold'), fonts);
    assert.equal(elements.filter(({ role }) => role === 'H1').length, 1);
    if (/[\u0590-\u0dff]/.test(order[1])) assert.deepEqual(elements.map(({ words }) => words).filter(Boolean), order.filter((words) => /[\u0590-\u0dff]/.test(words)), 'whole in the structure');
  });
}

const sample = isWhole
  ? kinds.flatMap((kind) => Object.keys(faces).map((lang) => [kind, [lang]])).concat(kinds.map((kind) => [kind, ['cy', 'en']]), [['a3', ['en', 'ar', 'ur', 'bn']], ['slide', ['en', 'ur', 'bn', 'pa']], ['cards', ['cy', 'en', 'ar', 'pa']]])
  : [['a4', ['cy', 'en']], ['a3', ['en', 'ar', 'ur', 'bn']], ['tent', ['ur']], ['cards', ['cy', 'en', 'ar', 'pa']], ['slide', ['ar']], ['qr', ['en']]];
for (const [kind, langs] of sample) {
  await test(`${kind} in ${langs}: read in every state, sound, every text on it`, async () => {
    const pdf = save(await draw(request(kind, 'pdf', langs)), 'pdf');
    assertReadsEverywhere(`${kind} ${langs}`, pdf, codesOn[kind]);
    const { elements } = assertSound(`${kind} ${langs}`, pdf, kind === 'qr' ? langs.slice(0, 1) : langs);
    if (kind === 'qr') return;
    const texts = kind === 'cards' ? ['lead', 'minutes', 'anonymous', 'until', 'code_label', 'paper', 'phone'] : keys.filter((key) => key !== 'alt');
    for (const lang of langs) {
      for (const key of texts) {
        // Columns of both directions pdftotext mixes; there the structure is asked.
        if (faces[lang].dir === 'rtl') assert(elements.some(({ words }) => words && bare(words).includes(bare(faces[lang][key]))), `${kind} ${lang}: ${key}`);
        else assertWords(`${kind} ${lang}`, pdf, [faces[lang][key]]);
      }
    }
  });
}

await test('Welsh stands first where it was asked for first', async () => {
  for (const kind of ['a4', 'tent', 'slide']) {
    const pdf = save(await draw(request(kind, 'pdf', ['cy', 'en'])), 'pdf');
    const { elements } = assertSound(kind, pdf, ['cy', 'en']);
    assert.equal(elements.find(({ role }) => role === 'H1').lang, 'cy');
    assertWords(kind, pdf, [faces.cy.lead, faces.en.lead]);
  }
});

await test('PNG and SVG are what they say, in their sizes, and read', async () => {
  const sizes = { a4: [1240, 1754], slide: [1920, 1080] };
  for (const [kind, [width, height]] of Object.entries(sizes)) {
    const png = await draw(request(kind, 'png', ['en']));
    assert.equal(png.readUInt32BE(16), width);
    assert.equal(png.readUInt32BE(20), height);
    assertReads(`${kind} as PNG`, save(png, 'png'));
    for (const chunk of ['tIME', 'tEXt', 'iTXt', 'eXIf']) assert.equal(png.indexOf(chunk), -1, chunk);
  }
  const svg = (await draw(request('qr', 'svg', ['en']))).toString();
  assert.match(svg, /^<\?xml[^>]*\?>\s*<svg /);
  for (const word of ['script', 'href="http', 'onload', 'foreignObject']) assert(!svg.includes(word), word);
  const picture = join(work, 'qr.png');
  run('rsvg-convert', ['-z', '4', '-b', 'white', '-o', picture, save(svg, 'svg')]);
  assertReads('SVG', picture);
});

await test('the same request gives the same bytes, from the daemon or not, whatever the environment says', async () => {
  for (const asked of [request('a4', 'pdf', ['cy', 'en']), request('cards', 'pdf', ['ur']), request('a3', 'svg', ['bn'])]) {
    const first = await draw(asked);
    const second = once(asked, [], { TZ: 'Asia/Tokyo', LC_ALL: 'ar_EG.UTF-8', LANGUAGE: 'ur', PANGO_LANGUAGE: 'ja', FONTCONFIG_FILE: '/dev/null', HOME: work });
    assert.equal(second.status, 0, second.stderr.toString());
    assert(first.equals(second.stdout), `${asked.kind} ${asked.format}`);
  }
});

await test('what is refused is refused in words', async () => {
  const long = 'very long words '.repeat(60);
  const rows = [
    ['not JSON', '{', /no JSON/],
    ['nothing', '', /no JSON/],
    ['too much', `"${'x'.repeat(70000)}"`, /longer than 65536 bytes/],
    ['an unknown key', { ...request('a4', 'pdf', ['en']), colour: 'red' }, /^colour: there is no such key/],
    ['another address', request('a4', 'pdf', ['en'], { shown_address: 'elsewhere.example.org' }), /two places/],
    ['too far away', request('cards', 'pdf', ['en'], { distance_cm: 200 }), /^distance_cm: to be read from 200 cm the code has to be 200 mm wide, and cards has room for 36 mm/],
    ['a long title', request('a4', 'pdf', ['en'], { faces: [{ ...faces.en, title: long }] }), /^the words do not fit a4 in a size that can be read: faces\[0\]\.title \(960 signs\)/],
    ['a sign that no font has', request('a4', 'pdf', ['en'], { faces: [{ ...faces.en, lead: 'ᚠ' }] }), /^faces\[0\]\.lead has a sign \(U\+16A0, in the script Runr\).*install the package fonts-noto-core/],
    ['a wall in a refuge', request('a3', 'pdf', ['en'], { refuge: true, organisation: undefined }), /no kind for a refuge/],
    ['a name in a refuge', request('a4', 'pdf', ['en'], { refuge: true }), /^organisation cannot be on a poster for a refuge/],
  ];
  for (const [name, asked, words] of rows) {
    assert.match((await ask(asked)).words, words, name);
    const { status, stdout, stderr } = once(asked);
    assert.equal(status, DATA, name);
    assert.equal(stdout.length, 0, name);
    assert.match(stderr.toString(), /^poster: [^\n]+\n$/, name);
    assert.match(stderr.toString().slice(8), words, name);
  }
  assert.equal(once('', ['--colour']).status, USAGE);
});

await test('a poster for a refuge names nobody', async () => {
  for (const kind of ['a4', 'tent', 'cards', 'slide']) {
    const own = { ...faces.en, title: 'Tell us about today', phone: undefined };
    const pdf = save(await draw(request(kind, 'pdf', [], { faces: [own], refuge: true, organisation: undefined })), 'pdf');
    const all = wordsOf(pdf) + run('pdfinfo', [pdf]);
    assert.match(all, /Tell us/);
    assert.doesNotMatch(all, /Crown|Prosecution|Slough/i, kind);
    assertReads(kind, print(pdf));
  }
});

await test('whatever somebody types as a title is drawn as typed, or refused in words', async () => {
  let drawn = 0, refused = 0;
  for (const [i, { name, text: typed }] of nasty.entries()) {
    if (!isWhole && i % 9 !== 0) continue;
    const own = { ...faces.en, title: typed };
    const { file, words } = await ask(request('a4', 'pdf', [], { faces: [own], event: { title: typed, place: typed, day: 'Tuesday' } }));
    if (words !== undefined) {
      refused++;
      assert.match(words, /^(faces\[0\]\.title|event\.\w+|the words do not fit|the request is no JSON)/, name);
      assert.match(words, /take it out|write it|shorten it|no JSON/, name);
      continue;
    }
    drawn++;
    const pdf = save(file, 'pdf');
    assertSound(name, pdf, ['en'], typed);
    const all = bare(wordsOf(pdf, '-raw')), wanted = bare(typed);
    if (!/[\u0590-\u08ff\ufb1d-\ufeff\u200f\u2067]/.test(typed)) assert(all.includes(wanted), `${name}: "${wanted}" in\n${all}`);
  }
  assert(drawn > refused && refused > 0, `${drawn} drawn, ${refused} refused`);
});

await test('the daemon is confined, draws for several at once, and gives up on who says nothing', async () => {
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
  assert.match(status, /^Seccomp:\t2$/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);
  const many = await Promise.all(Array.from({ length: 8 }, () => draw(request('qr', 'png', ['en']))));
  assert(many.every((file) => file.equals(many[0])));
  assert.match((await silent).toString(), /^no it took too long to draw; [^\n]+\n$/);
  assert(Date.now() - silentSince >= 9900);
  assert((await draw(request('qr', 'png', ['en']))).equals(many[0]), 'and goes on');
  await sleep(0);
  assert.doesNotMatch(said, /level=error/);
});

await test('whoever takes nothing is given up as well, and the dead are buried though nobody asks', async () => {
  await until('the one that nobody reads has ended', () => said.includes('poster.unread'));
  await until('all children are buried', () => children().length === 0);
  await draw(request('qr', 'png', ['en']));
  await until('and the last one, with nobody behind it', () => children().length === 0);
  assert.doesNotMatch(said, /level=error/);
});

await test('more than are drawn at once wait for their turn, and are told apart from the dead', async () => {
  const since = Date.now();
  const waiting = Array.from({ length: 4 }, () => talk('{', false));
  await until('four are at work', () => children().length === 4);
  const fifth = draw(request('qr', 'png', ['en']));
  for (const answer of await Promise.all(waiting)) assert.match(answer.toString(), /^no it took too long/);
  await fifth;
  assert(Date.now() - since < 15000, 'ten seconds, and one poster');
  await until('all are buried', () => children().length === 0);
});

await finish();
