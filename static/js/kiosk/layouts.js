/* SPDX-License-Identifier: MIT */
/* layouts.js: which keys the keyboard on the screen has, for each language that people may want to write in.
 *
 * A layout is {tag, name, rows, shifted, isCased, isLatin, signs, called}: NAME is the language's own; ROWS and SHIFTED are lists of rows, each a list
 * of what its keys type; IS_CASED says that SHIFTED are the capitals (else they are more letters), IS_LATIN that it has accents. Letters that a language needs every day stand on
 * the first layer, where somebody who scans with a switch, or has never used a keyboard, finds them.
 *
 * Scripts other than Latin come from simple-keyboard-layouts, of which only letters and marks are taken (digits and signs are the same layer
 * everywhere), mended where it has none for a letter of everyday words. Latin ones are our own: as on an English keyboard, with the language's
 * own letters in a row above. */
//! Some layouts: simple-keyboard-layouts, Copyright (c) 2019 Francisco Hodge and project contributors, MIT license
import arabic from 'simple-keyboard-layouts/build/layouts/arabic';
import bengali from 'simple-keyboard-layouts/build/layouts/bengali';
import farsi from 'simple-keyboard-layouts/build/layouts/farsi';
import hindi from 'simple-keyboard-layouts/build/layouts/hindi';
import kurdish from 'simple-keyboard-layouts/build/layouts/kurdish';
import punjabi from 'simple-keyboard-layouts/build/layouts/punjabi';
import ukrainian from 'simple-keyboard-layouts/build/layouts/ukrainian';
import urdu from 'simple-keyboard-layouts/build/layouts/urduStandard';

const list = (row) => row.split(' ').filter(Boolean);

/* ---- Latin ---- */

const qwerty = ['q w e r t y u i o p', "a s d f g h j k l '", 'z x c v b n m , . ?'];
const azerty = ['a z e r t y u i o p', 'q s d f g h j k l m', "w x c v b n ' , . ?"];

/* EXTRA: letters of this language, and signs that it needs among them. */
function latin(tag, name, extra = '', base = qwerty) {
	const rows = [extra, ...base].filter(Boolean).map(list);
	return {
		tag,
		name,
		rows,
		shifted: rows.map((row) => row.map((key) => key.toLocaleUpperCase(tag))),
		isCased: true,
		isLatin: true,
		signs: [],
		called: {},
	};
}

/* Every accented letter of the Latin layouts, and those of languages that have none: for names, and for words of elsewhere. */
export const accents = [
	'à á â ã ä å ā æ ç č', 'è é ê ë ē ě ì í î ï', 'ñ ň ò ó ô õ ö ø œ š', 'ù ú û ü ū ẁ ẃ ŵ ẅ ž', 'ỳ ý ŷ ÿ ß ð þ ğ ı ẹ ọ',
].map(list);

/* ---- Other scripts ---- */

const isLetter = (key) => /[\p{L}\p{M}\u200c\u200d]/u.test(key) && !key.startsWith('{') && key !== '.com';

/* Of a layer of the package: three rows of letters; what stands beside the digits goes to the end of the first. LESS: keys that are left
 * out, since they are of another language. */
function lettersOf(layer, less) {
	const [first, ...rows] = layer.slice(0, 4).map((row) => row.split(/ +/).filter((key) => isLetter(key) && !less.includes(key)));
	rows[0].push(...first);
	return rows;
}

/* EXTRA: a row above, with letters of everyday words that the package's layout hides or has not; what stands there is left out below, as is
 * LESS. END: signs behind the last row. SWAPPED: {wrong: right}. CALLED: {key: what is written on it}, where it shows nothing itself. */
function script(tag, name, { layout }, { extra = '', less = '', end = '', signs = '', swapped = {}, called = {}, isCased = false }) {
	const unwanted = list(`${extra} ${less}`);
	const spread = (layer, above) => {
		const rows = lettersOf(layer, unwanted).map((row) => row.map((key) => swapped[key] || key));
		rows[rows.length - 1].push(...list(end));
		return [list(above), ...rows].filter((row) => row.length);
	};
	return { tag, name, rows: spread(layout.default, extra), shifted: spread(layout.shift, ''), isCased, signs: list(signs), called };
}

const arabicEnd = '، . ؟', arabicSigns = '؛ « »', indicEnd = ', । ?';
const joiners = '\u200c \u200d';

/* The first is for pages in a language that has none. */
export const layouts = [
	latin('en', 'English'),
	latin('cy', 'Cymraeg', 'â ê î ô û ŵ ŷ'),
	script('ar', 'العربية', arabic, { extra: 'أ إ آ ذ', less: 'لأ لإ لآ', end: arabicEnd, signs: arabicSigns }),
	script('bn', 'বাংলা', bengali, { extra: 'অ আ ই ঈ উ ঊ ঋ এ ঐ ও ঔ', less: joiners, end: indicEnd, signs: '৳' }),
	latin('es', 'Español', 'á é í ó ú ü ñ ¿ ¡'),
	script('fa', 'فارسی', farsi, { extra: 'آ ژ ئ ء \u200c', less: 'ي ك', end: arabicEnd, signs: arabicSigns, called: { '\u200c': 'نیم‌فاصله' } }),
	latin('fr', 'Français', 'à â ç é è ê ë î ï ô œ ù û ü', azerty),
	script('hi', 'हिन्दी', hindi, { extra: 'अ आ इ ई उ ऊ ऋ ए ऐ ओ औ', less: 'ऍ ॅ ्र र् ज्ञ त्र क्ष श्र', end: indicEnd }),
	latin('it', 'Italiano', 'à è é ì ò ù'),
	script('ckb', 'کوردی', kurdish, { extra: 'ڕ ڵ ێ ح غ ش چ', less: `ٯ ي ك ى ${joiners}`, end: arabicEnd, signs: arabicSigns }),
	script('pa', 'ਪੰਜਾਬੀ', punjabi, { extra: 'ਅ ਆ ਇ ਈ ਉ ਊ ਏ ਐ ਓ ਔ ੰ', end: indicEnd }),
	latin('pl', 'Polski', 'ą ć ę ł ń ó ś ź ż'),
	latin('pt', 'Português', 'á â ã à ç é ê í ó ô õ ú'),
	latin('ro', 'Română', 'ă â î ș ț'),
	latin('so', 'Soomaali'),
	latin('sq', 'Shqip', 'ç ë'),
	latin('tr', 'Türkçe', 'ç ğ ı ö ş ü'),
	script('uk', 'Українська', ukrainian, { end: "' , . ?", isCased: true }),
	/* The package writes a ye of Arabic where Urdu has its own. */
	script('ur', 'اردو', urdu, { extra: 'آ چ خ ڈ ڑ ز ں گ ء ئ', less: '\u0303 ۖ ي', end: '، ۔ ؟', signs: arabicSigns, swapped: { ى: 'ی' } }),
];

/* The layout for a page in LANGUAGE (a tag, of which the first part counts). */
export const layoutFor = (language) => layouts.find(({ tag }) => tag === language.toLowerCase().split('-')[0]) || layouts[0];

/* Digits and signs, for all. A layout's own signs stand in front. */
export const signs = ['1 2 3 4 5 6 7 8 9 0', '. , ? ! : ; - ( ) /', '\' " & @ % £ € + = *'].map(list);

/* For numbers and dates. MARKS: the minus, the decimal mark, as far as a field takes them. */
export const digits = (marks) => [...['1 2 3', '4 5 6', '7 8 9'].map(list), ['0', ...marks]];
