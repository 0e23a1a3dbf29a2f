/* SPDX-License-Identifier: MIT */
/* answers.js: what was answered, and which questions are asked. Both are read from the page each time; nothing is kept as
 * a second truth, and the server decides it again. */
import { all } from './page.js';

/* Field name -> its controls. */
export const controls = new Map();

/* {block, names, rule, isAsked}, as they stand on the page. A note has no names. */
export let questions = [];

/* Names of the fields that are not asked as things stand. */
let dropped = new Set();

export function readPage() {
	for (const control of all('.question input, .question textarea')) {
		if (!controls.has(control.name)) controls.set(control.name, []);
		controls.get(control.name).push(control);
	}
	questions = all('.question').map((block) => ({
		block,
		names: Array.from(new Set(all('input, textarea', block).map((control) => control.name))),
		rule: block.dataset.relevant ? JSON.parse(block.dataset.relevant) : null,
		isAsked: true,
	}));
}

export const questionOf = (block) => questions.find((one) => one.block === block);
export const isTyped = (control) => control.type !== 'radio' && control.type !== 'checkbox';

/* What a message stands in and describes: the text field itself, or the group of choices (not one of its headings). */
export const fieldOf = (control) => (isTyped(control) ? control : control.closest('fieldset:not(.group)'));

/* The controls of a field that say something: ticked, or with text in them. */
export function chosen(name) {
	return (controls.get(name) || []).filter((one) => one.checked || (isTyped(one) && one.value));
}

function valueOf(name) {
	const list = controls.get(name) || [];
	const isList = list.length > 0 && list[0].type === 'checkbox';
	const values = dropped.has(name) ? [] : chosen(name).map((one) => one.value);
	return isList ? values : values[0] || '';
}

function matches(text, pattern) {
	try {
		return new RegExp(`^(?:${pattern})$`, 'u').test(text);
	} catch (error) {
		return new RegExp(`^(?:${pattern})$`).test(text);
	}
}

/* The operators of cgi/lib/form/expr.h. A name that is not among them throws: the question is then shown. */
const operators = {
	'q': (name) => valueOf(name),
	'=': (a, b) => result(a) === result(b),
	'!=': (a, b) => result(a) !== result(b),
	'<': (a, b) => result(a) < result(b),
	'<=': (a, b) => result(a) <= result(b),
	'>': (a, b) => result(a) > result(b),
	'>=': (a, b) => result(a) >= result(b),
	'and': (...list) => list.every(result),
	'or': (...list) => list.some(result),
	'not': (a) => !result(a),
	'selected': (list, choice) => [].concat(result(list)).includes(result(choice)),
	'count-selected': (list) => [].concat(result(list)).filter((one) => one !== '').length,
	'string-length': (a) => result(a).length,
	'regex': (a, pattern) => matches(result(a), result(pattern)),
	'if': (condition, yes, no) => result(result(condition) ? yes : no),
	'coalesce': (a, b) => (result(a) === '' ? result(b) : result(a)),
	'true': () => true,
	'false': () => false,
};

function result(node) {
	return Array.isArray(node) ? operators[node[0]](...node.slice(1)) : node;
}

/* Decides which questions are asked, from top to bottom: the answer to one that is not asked counts as none. */
export function weigh() {
	dropped = new Set();
	for (const question of questions) {
		try {
			question.isAsked = !question.rule || Boolean(result(question.rule));
		} catch (error) {
			question.isAsked = true;
		}
		if (!question.isAsked) question.names.forEach((name) => dropped.add(name));
	}
}
