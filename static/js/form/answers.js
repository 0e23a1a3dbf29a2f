/* SPDX-License-Identifier: MIT */
/* answers.js: what was answered, and which questions are asked. Both are read from the page each time; nothing is kept
 * as a second truth, and the server decides it again. Where the controls of each kind of question stand is written in
 * cgi/pages/components/question.html. */
import { all } from './page.js';
import { blank, readDate, readNumber } from './typed.js';

/* Field name -> its controls. */
export const controls = new Map();

/* {block, name, names, rule, constraint, isAsked}, as they stand on the page. NAMES are its fields; a note has none. */
export let questions = [];

/* Names of the fields that are not asked as things stand. */
let dropped = new Set();

/* "born.day" belongs to the field "born", "matters.words" to "matters". */
export const fieldName = (control) => control.name.split('.')[0];

const inputs = 'input, textarea, select';
const rule = (json) => json && JSON.parse(json);

export function readPage() {
	questions = all('.question').map((block) => {
		const own = all(inputs, block);
		for (const control of own) {
			const name = fieldName(control);
			if (!controls.has(name)) controls.set(name, []);
			controls.get(name).push(control);
		}
		return {
			block,
			name: block.id.slice('question-'.length),
			names: Array.from(new Set(own.map(fieldName))),
			rule: rule(block.dataset.relevant),
			constraint: rule(block.dataset.constraint),
			isAsked: true,
		};
	});
}

export const questionOf = (block) => questions.find((one) => one.block === block);
export const isRefusal = (control) => control.dataset.behaviour === 'refusal';

/* radio, scale, checkbox, rank, integer, decimal, date or text. A refusal is one choice, like a radio's. */
export function kindOf(control) {
	if (control.type === 'radio') return control.closest('.scale') ? 'scale' : 'radio';
	if (control.type === 'checkbox') return isRefusal(control) ? 'radio' : 'checkbox';
	return control.closest('.question').dataset.kind || 'text';
}

/* One text or number, in a field of its own. */
export const isTyped = (control) => ['text', 'integer', 'decimal'].includes(kindOf(control));

/* What a message describes: the group of choices (not one of its headings), or the text field itself. */
export const fieldOf = (control) => control.closest('fieldset:not(.group)') || control;

/* What a half of a pair, or a statement, is called; nothing for a question's only field. */
export function legendOf(name) {
	const field = fieldOf(controls.get(name)[0]);
	return field.parentElement.closest('fieldset') && field.querySelector('legend');
}

/* The words of a heading, without the mark behind them that it needs an answer, or needs none. */
export function wordsOf(heading) {
	const mark = heading.querySelector('.needs'), text = heading.textContent;
	return mark ? text.slice(0, -mark.textContent.length).trim() : text;
}

export const isChoice = (control) => ['radio', 'checkbox'].includes(control.type);

/* The controls of a field that say something: ticked, or with more than white space in them. */
export const chosen = (name) => (controls.get(name) || [])
	.filter((one) => (isChoice(one) ? one.checked : !blank.test(one.value)));

/* ---- Expressions: exactly as cgi/lib/form/expr.h says at expr_to_json ---------------------------------------------- */

/* In a constraint: the name of the question, and the field of it that is judged. */
let self = {};

/* The controls that answer what an expression calls NAME. */
function answering(name) {
	const field = name === self.question ? self.field : name;
	return dropped.has(field) ? [] : chosen(field);
}

/* A text or choice; of several choices a list. */
function textOf(name) {
	const list = answering(name), kind = list.length ? kindOf(list[0]) : '';
	if (kind === 'rank') return list.map((one) => one.name.split('.')[1]);
	if (kind === 'checkbox') return list.map((one) => one.value);
	return list.length ? list[0].value : '';
}

function numberOf(name) {
	const [control] = answering(name);
	if (!control) return NaN;
	const kind = kindOf(control);
	if (kind === 'scale') return /^-?\d+$/.test(control.value) ? Number(control.value) : NaN;
	const number = readNumber(control.value);
	return number && number.text && !(kind === 'integer' && number.hasMark) ? Number(number.text) : NaN;
}

function dateOf(name) {
	const list = answering(name);
	return (list.length === 3 && readDate(list).text) || NaN;
}

function matches(text, pattern) {
	try {
		return new RegExp(`^(?:${pattern})$`, 'u').test(text);
	} catch (error) {
		return new RegExp(`^(?:${pattern})$`).test(text);
	}
}

const isNone = (value) => value === '' || Number.isNaN(value);

/* NaN is not NaN. */
function isSame(a, b) {
	const one = result(a), other = result(b);
	return one === other || (isNone(one) && isNone(other) && (one === '' || other === ''));
}

/* A name that is not among them throws: the question is then shown, the answer allowed; the server decides. */
const operators = {
	'q': textOf,
	'n': numberOf,
	'd': dateOf,
	'=': isSame,
	'!=': (a, b) => !isSame(a, b),
	'<': (a, b) => result(a) < result(b),
	'<=': (a, b) => result(a) <= result(b),
	'>': (a, b) => result(a) > result(b),
	'>=': (a, b) => result(a) >= result(b),
	'and': (...list) => list.every(result),
	'or': (...list) => list.some(result),
	'not': (a) => !result(a),
	'selected': (list, choice) => [].concat(result(list)).includes(result(choice)),
	'count-selected': (list) => result(list).length,
	'string-length': (a) => result(a).length,
	'regex': (a, pattern) => matches(result(a), result(pattern)),
	'if': (condition, yes, no) => result(result(condition) ? yes : no),
	'coalesce': (a, b) => result(isNone(result(a)) ? b : a),
};

function result(node) {
	return Array.isArray(node) ? operators[node[0]](...node.slice(1)) : node;
}

function holds(expression) {
	try {
		return !expression || Boolean(result(expression));
	} catch (error) {
		return true;
	}
}

/* The form's own rule on the answer to FIELD of QUESTION. */
export function isAllowed(question, field) {
	self = { question: question.name, field };
	const isGood = holds(question.constraint);
	self = {};
	return isGood;
}

/* Decides which questions are asked, from top to bottom: the answer to one that is not asked counts as none. */
export function weigh() {
	dropped = new Set();
	for (const question of questions) {
		question.isAsked = holds(question.rule);
		if (!question.isAsked) question.names.forEach((name) => dropped.add(name));
	}
}
