// nasty.mjs: 300 texts that somebody may type or paste, by what may go wrong with them. Each is { name, text }; no two texts are the same.
// What would run, if anything ran it, sets the title, asks a host that is not there, or opens a dialog.
const point = (...codes) => String.fromCodePoint(...codes);
const u = (code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
const list = [];
const add = (kind, texts) => texts.forEach((text, i) => list.push({ kind, name: `${kind} ${i + 1}`, text }));
const named = (kind, pairs) => pairs.forEach(([name, text]) => list.push({ kind, name: `${kind} ${name}`, text }));

// ---- markup: out of the place where the text stands, or into what runs -----------------------------------------------------

const run = "document.title='run'";
const ends = ['', '</textarea>', '</dd>', '</p></dd></dl>', '"', '">', "'>", '</title>', '</template>', '-->', ']]>', '</script>', '</style>', '</form>'];
add('markup', [
  ...ends.map((end) => `${end}<script>${run}</script>`),
  ...ends.slice(1, 7).map((end) => `${end}<img src=x onerror=${run}>`),
  '<svg onload=alert(1)>', '<svg/onload=alert(1)//', '<math><mi xlink:href="javascript:alert(1)">x</mi></math>', '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;">',
  '<a href="javascript:alert(1)">x</a>', '<a href=//elsewhere.example/>x</a>', '<form action=//elsewhere.example/><button>x', '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>', '<link rel=stylesheet href=//elsewhere.example/a.css>', '<style>*{display:none}</style>', '<meta http-equiv=refresh content="0;url=//elsewhere.example/">',
  '<base href="//elsewhere.example/">', '<plaintext>', '<xmp>', '<noscript><b>x', '<template><b>x', '<select><option>x', '<table><tr><td>x', '<!-- x', '<![CDATA[x]]>', '<?xml version="1.0"?>',
  '<!DOCTYPE html>', '<', '<b', '</', '</b', '<b>bold</b>', '&lt;b&gt;', '&amp;', '&amp;amp;', '&#60;script&#62;', '&#x3c;b&#x3e;', '&nbsp;', '&copy', '&', '&;', '&#0;', '&#xD800;',
  '" onmouseover="alert(1)', "' onmouseover='alert(1)", '` onmouseover=`alert(1)', 'x" autofocus onfocus="alert(1)" x="', 'javascript:alert(1)', 'data:text/html,<script>alert(1)</script>',
]);

// ---- what other readers take for theirs -------------------------------------------------------------------------------------

add('quoting', [
  "'", '"', '`', '\\', "\\'", '\\"', "'; DROP TABLE response; --", "' OR '1'='1", '"; SELECT 1; --', "x'); DELETE FROM free_text; --", '{"a":"b"}', '","next":"x', '\\u0000', '\\x3cb\\x3e', '\\n\\r\\t', '$(id)', '`id`', '${7*7}', '{{7*7}}',
  '{{t send}}', '{label}', '{count} {choice} {n}', '%s%s%n', '%00', '%3Cb%3E', '%', '%zz', '+', 'a+b', 'a&b=c', 'a=b;c=d', '../../../etc/passwd', 'C:\\CON', '-rf', '| id', '<!--#exec cmd="id"-->', 'null', 'undefined', 'NaN', 'true', '0', '-0', '1e309', 'NULL',
  '[object Object]', '__proto__', 'constructor', 'a\r\nSet-Cookie: a=b', 'a\n\n<b>', 'a\r\rb',
]);
add('table', ['a,b', 'a;b', 'a"b', '""', '"a","b"', 'a\nb', 'a\n"b",c', 'a\tb', ',', '"\n"', "'a", 'a|b']);

// ---- formulas ---------------------------------------------------------------------------------------------------------------

for (const sign of ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20']) add('formula', [`${sign}1+1`, ` ${sign}HYPERLINK("//elsewhere.example/","x")`]);
named('formula', [0x09, 0x0a, 0xa0, 0x3000, 0x200b, 0xfeff, 0x200e, 0x2060, 0x00ad].map((code) => [`behind ${u(code)}`, `${point(code)}=1+1`]));
add('formula', ['=cmd|\' /C calc\'!A0', '"=1+1"', "'=1+1", '=', '-', '\u2212 1', '\n\n=1+1', '==1', '@SUM(1,1)']);

// ---- directions -------------------------------------------------------------------------------------------------------------

const directions = [0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068];
named('direction', [
  ...directions.map((code) => [`${u(code)}, never closed`, `a ${point(code)} 123 <b> שלום (x)`]),
  ...directions.slice(2).map((code) => [`${u(code)}, closed`, `a ${point(code)}abc 1${point(code < 0x2060 ? 0x202c : 0x2069)} d`]),
  ...[0x200e, 0x200f, 0x061c, 0x202c, 0x2069].map((code) => [`${u(code)} alone`, `${point(code)}x${point(code)}`]),
  ['200 overrides', '\u202e'.repeat(200) + 'x'], ['200 ends of what was not begun', 'x' + '\u2069\u202c'.repeat(100)], ['an override, and markup', '\u202e<script>alert(1)</script>'],
  ['a file name turned round', 'photo\u202egpj.exe'], ['Hebrew and English', 'שלום abc 123 שלום'], ['Arabic, brackets, digits', 'مرحبا (abc) ١٢٣ 45%'],
]);

// ---- what is not seen ---------------------------------------------------------------------------------------------------------

named('unseen', [0x00ad, 0x034f, 0x115f, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x2028, 0x2029, 0x2060, 0x2061, 0x206a, 0x3164, 0xfe0e, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xe0001, 0xe0041, 0xe0100].map((code) => [u(code), `a${point(code)}b`]));
named('unseen', [['many', 'a' + '\u200b'.repeat(300) + 'b'], ['at both ends', '\ufeffa\ufeff'], ['spaces of every width', 'a\u00a0\u2000\u2003\u2009\u202f\u205f\u3000b'], ['at the ends', '  a  '], ['lines at the ends', '\n\na\n\n'], ['NEL', 'a\u0085b']]);

// ---- signs of control, and what is no sign -----------------------------------------------------------------------------------

named('control', [0x01, 0x02, 0x07, 0x08, 0x0b, 0x0c, 0x0e, 0x1a, 0x1b, 0x1f, 0x7f, 0x80, 0x90, 0x9b, 0x9f].map((code) => [u(code), `a${point(code)}b`]));
named('control', [['colours of a terminal', '\u001b[31mred\u001b[0m'], ['a title of a terminal', '\u001b]0;run\u0007']]);
named('no sign', [0xfdd0, 0xfffe, 0xffff, 0x1ffff, 0x10ffff, 0xe000, 0xf8ff, 0x0378, 0xfffd].map((code) => [u(code), `a${point(code)}b`]));

// ---- signs of several parts ----------------------------------------------------------------------------------------------------

named('emoji', [
  ['one', '🙂'], ['skin', '👍🏽'], ['family', '👩‍👩‍👧‍👦'], ['flag', '🇬🇧'], ['half a flag', '🇬'], ['Wales', '🏴󠁧󠁢󠁷󠁬󠁳󠁿'], ['key', '3️⃣'], ['heart as text', '❤︎ ❤️'], ['joined with nothing', '👩‍'],
  ['500', '🙂'.repeat(500)], ['rainbow', '🏳️‍🌈'], ['in words', 'a🙂b🙂c'],
]);
named('marks', [
  ['apart', 'e\u0301'], ['in one', '\u00e9'], ['200 on a letter', `a${'\u0301'.repeat(200)}`], ['before any letter', '\u0301a'], ['Welsh', 'ŵ ŷ Ŵ Ŷ'], ['Thai', 'กำ ก็'], ['Devanagari', 'क्षि'], ['Hangul in parts', '\u1112\u1161\u11ab'], ['ligature', 'ﬁ ﷽'],
  ['Turkish', 'İ ı'], ['sharp s', 'ß ẞ'], ['Greek end', 'ὈΔΥΣΣΕΎΣ'], ['beyond the first plane', '𝕊 𠮷 𐍈'], ['on two lines', 'a\u20dd\u0332'], ['Zalgo', [...'words'].map((sign) => sign + '\u0300\u0316\u0489'.repeat(20)).join('')],
]);

add('mixed', [
  '<scr\u200bipt>alert(1)</script>', '<ScRiPt>alert(1)</sCrIpT>', '< script>alert(1)</ script>', '<script\n>alert(1)</script\n>', '\uff1cscript\uff1e', '\u2039b\u203a', '<\u0301b>', '<b\u00a0c>', '<svg><style><img src=x onerror=alert(1)>',
  '<div>'.repeat(150), '</div>'.repeat(150), '"'.repeat(500), '&'.repeat(500), '<'.repeat(500), "'+1", '\u202e=1+1', '\u200f\u200f=1+1', '\ufeff\u0000'.replace('\u0000', '\u2400'), 'https://elsewhere.example/?a=<b>', 'a@elsewhere.example',
  '\u0430\u0440\u0440l\u0435', '\u2028alert(1)\u2029', '\u001c\u001d\u001e', '</textarea\u000c><b>',
]);

// ---- lengths: LIMIT is what the question takes -----------------------------------------------------------------------------------

export const limit = 1000;
named('length', [
  ['one', 'x'], ['all that is taken', 'x'.repeat(limit)], ['all that is taken, in lines', 'x\n'.repeat(limit / 2 - 1) + 'xy'], ['one word, two bytes a letter', 'ŵ'.repeat(limit)], ['three bytes a letter', '字'.repeat(limit)],
  ['one more', 'y'.repeat(limit + 1)], ['one more by half a sign', `${'y'.repeat(limit - 1)}🙂`], ['10,000 letters', 'z'.repeat(10000)], ['10,000 signs of four bytes', '🙂'.repeat(5000)], ['10,000 lines', '\n'.repeat(9999) + 'z'], ['10,000 markup', '<b>&"'.repeat(2000)],
]);

/** All of them. */
export const nasty = list;

/** TEXT as it is kept: every end of a line is one sign. */
export const kept = (text) => text.replace(/\r\n?/g, '\n');

/** Whether TEXT is more than the question takes. */
export const isTooLong = (text) => kept(text).length > limit;
