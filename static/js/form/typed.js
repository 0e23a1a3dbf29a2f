/* SPDX-License-Identifier: MIT */
/* typed.js: numbers and dates as people type them, in any of the scripts that the server reads, and what they are when
 * they are kept. The grammars are those of cgi/lib/form/answers_number.h and answers_date.h. */
import { words } from './page.js';

/* Unicode White_Space, which is not JavaScript's \s. */
const space = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*';
export const blank = new RegExp(`^${space}$`);
const around = new RegExp(`^${space}|${space}$`, 'g');

/* TEXT with the digits 0 to 9, without marks of direction and what stands around it. */
const plainly = (text) => text
	.replace(/[\u061c\u200e\u200f]/g, '')
	.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f]/g,
		(digit) => (digit.charCodeAt(0) & 15) - (digit > '\u0900' ? 6 : 0))
	.replace(around, '');

/* Sign; digits in groups of three behind one and the same sign, or alone; mark and digits. */
const number = /^([-+\u2212]?)([1-9]\d{0,2}([, '\u066c])\d{3}(?:\3\d{3})*|\d*)(?:([.,\u066b])(\d+))?$/;
const digitsMax = 15;

/* {text, hasMark, fraction}: canonical, or '' when it has too many digits; with a mark, and how many digits behind it.
 * Undefined when it is no number. */
export function readNumber(typed) {
	const [, sign, groups, between, mark, behind = ''] =
		number.exec(plainly(typed).replace(/[\xa0\u202f]/g, ' ').replace(/\u2019/g, "'")) || [];
	if (groups === undefined || !(groups || mark) || (mark === ',' && between === ',')) return undefined;
	const whole = groups.replace(/\D/g, '').replace(/^0+(?=.)/, '') || '0';
	const fraction = behind.replace(/0+$/, '');
	const size = whole + (fraction && `.${fraction}`);
	const minus = (sign === '-' || sign === '\u2212') && size !== '0' ? '-' : '';
	return {
		text: whole.length + fraction.length > digitsMax ? '' : minus + size,
		hasMark: Boolean(mark),
		fraction: fraction.length,
	};
}

/* The number of the month that TEXT names, or begins the name of as no other does; else TEXT. */
function monthOf(text) {
	const plain = (name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[\u0622\u0623\u0625]/g, '\u0627');
	const typed = plain(text).replace(/\.$/, ''), names = words.months.split(',').map(plain);
	const found = names.filter((name) => typed.length > 2 && name.startsWith(typed));
	const name = found.includes(typed) ? typed : found.length === 1 && found[0];
	return name ? String(names.indexOf(name) + 1) : text;
}

/* Of the three controls of a date: {text, missing, wrong}: canonical, or ''; the control that is left out, or at fault. */
export function readDate(parts) {
	const missing = parts.find((one) => blank.test(one.value));
	if (missing) return { text: '', missing };
	const [day, typed, year] = parts.map((one) => plainly(one.value)), month = monthOf(typed);
	const isUpTo = (text, most) => /^\d\d?$/.test(text) && text > 0 && text <= most;
	const good = [isUpTo(day, 31), isUpTo(month, 12), /^[1-9]\d{3}$/.test(year)];
	/* Day 0 of the next month is the last of this one. */
	if (!good.includes(false)) good[0] = day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
	const at = good.indexOf(false);
	return at < 0 ? { text: [year, month.padStart(2, 0), day.padStart(2, 0)].join('-') } : { text: '', wrong: parts[at] };
}
