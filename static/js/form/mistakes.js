/* SPDX-License-Identifier: MIT */
/* mistakes.js: what is wrong, beside the field and in the summary, in the server's words and the GOV.UK structure. */
import { $, el, fill, hidden, toTop, words } from './page.js';
import {
	chosen, controls, fieldName, fieldOf, isAllowed, isChoice, isRefusal, kindOf, legendOf, wordsOf,
} from './answers.js';
import { readDate, readNumber } from './typed.js';

let summary; /* on the page; or undefined */

const headingOf = (block) => block.querySelector('h1, h2, h3');

/* What a message stands before: all the controls of its field, with what belongs to them. */
const boxes = ['character-count', 'input__wrapper', 'date-input', 'radios', 'checkboxes'].map((one) => `.govuk-${one}`) + ',.rank';

export const errorClass = (control) => `govuk-${control.localName}--error`;

function unmark(name) {
	const note = $(`${name}-error`);
	if (!note) return;
	const list = controls.get(name), field = fieldOf(list[0]);
	const ids = (field.getAttribute('aria-describedby') || '').split(' ').filter((id) => id !== note.id).join(' ');
	if (ids) field.setAttribute('aria-describedby', ids);
	else field.removeAttribute('aria-describedby');
	list.forEach((control) => control.classList.remove(errorClass(control)));
	note.remove();
	const question = field.closest('.question');
	if (!question.querySelector('.govuk-error-message')) question.classList.remove('govuk-form-group--error');
}

/* Shows a mistake {field, id, message, part} beside its field, of which PART may be the one control at fault; it goes when
 * the step is passed again. */
export function mark(mistake) {
	const control = $(mistake.id || mistake.field);
	const question = control && control.closest('.question');
	if (!question) return;
	const name = fieldName(control);
	unmark(name);
	const field = fieldOf(control);
	const note = el('p.govuk-error-message', hidden(words.errorPrefix), ` ${mistake.message}`);
	note.id = `${name}-error`;
	for (const one of mistake.part ? [control] : controls.get(name))
		if (!isChoice(one)) one.classList.add(errorClass(one));
	control.closest(boxes).before(note);
	question.classList.add('govuk-form-group--error');
	field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') || ''} ${note.id}`.trim());
}

export function forgetSummary() {
	if (summary) summary.remove();
	summary = undefined;
}

/* Takes over the summary that the server printed. */
export function adoptSummary(element) {
	summary = element;
}

export function summarise(mistakes) {
	forgetSummary();
	const list = el('ul.govuk-list.govuk-error-summary__list', ...mistakes.map((mistake) => {
		const link = el('a', mistake.message);
		link.href = `#${mistake.id || mistake.field}`;
		return el('li', link);
	}));
	const alert = el('div', el('h2.govuk-error-summary__title', words.errorTitle),
		el('div.govuk-error-summary__body', list));
	alert.setAttribute('role', 'alert');
	summary = el('div.govuk-error-summary', alert);
	summary.tabIndex = -1;
	document.querySelector('.way').after(summary);
	summary.focus();
	toTop();
}

/* ---- What is wrong ------------------------------------------------------------------------------------------------ */

/* Too small or too large: the words for the limits that there are. */
const limit = (isLess, isMore, min, max, [both, least, most]) =>
	(isLess || isMore ? [min && max ? both : isLess ? least : most, { min, max }] : []);

function judgeNumber(control) {
	const number = readNumber(control.value);
	const { decimals, example, min, max } = control.dataset;
	if (!number) return [words.notNumber, { example }];
	if (!decimals && number.hasMark) return [words.notWhole, { example }];
	if (decimals && number.fraction > decimals) return [words.tooFine, { example }];
	if (!number.text) return [words.notNumber, { example }];
	return limit(min && Number(number.text) < min, max && Number(number.text) > max, min, max,
		[words.notBetween, words.tooSmall, words.tooLarge]);
}

function judgeDate(parts) {
	const { text, missing, wrong } = readDate(parts);
	const { min, max, minWords, maxWords } = parts[0].closest('.govuk-date-input').dataset;
	if (missing) return [[words.dateDay, words.dateMonth, words.dateYear][parts.indexOf(missing)], {}, missing];
	if (wrong) return [words.notDate, {}, wrong];
	return limit(min && text < min, max && text > max, minWords, maxWords,
		[words.dateBetween, words.dateEarly, words.dateLate]);
}

function judgeRank(places) {
	const second = places.find((one, i) => places.slice(0, i).some((other) => other.value === one.value));
	return second ? [words.samePlace, { n: second.value }, second] : [];
}

/* What its kind asks of an answer. */
function judgeKind(list, given) {
	const [control] = list;
	const box = control.closest('.govuk-character-count');
	const max = box && box.dataset.maxlength;
	switch (kindOf(control)) {
	case 'text': return control.value.length > max ? [words.tooLong, { max }] : [];
	case 'integer':
	case 'decimal': return judgeNumber(control);
	case 'date': return judgeDate(list);
	case 'rank': return judgeRank(given);
	default: return [];
	}
}

/* The first mistake of a field as the server would find it (answers.h has the order): [words, what fills them, control at
 * fault], or nothing. */
function judge({ block, ...question }, field) {
	const list = controls.get(field), given = chosen(field);
	const { required, message } = block.dataset;
	const refusal = block.querySelector('[data-behaviour="refusal"]:checked');
	const alone = given.length > 1 && given.find((one) => one.dataset.behaviour === 'exclusive');
	const choice = (control) => ({ choice: control.labels[0].textContent });
	if (isRefusal(list[0])) return [];
	if (!given.length) return required && !refusal ? [required] : [];
	if (refusal) return [words.refusal, choice(refusal)];
	if (alone) return [words.exclusive, choice(alone)];
	const found = judgeKind(list, given);
	return found.length || isAllowed(question, field) ? found : [message];
}

/* What is wrong with these questions, marked: {field, id, message, part}; an empty list when nothing is. */
export function check(asked) {
	const mistakes = [];
	for (const question of asked) {
		const label = wordsOf(headingOf(question.block));
		const { kind, required } = question.block.dataset;
		for (const field of question.names) {
			const [text, holes, part] = judge(question, field);
			unmark(field);
			if (!text) continue;
			const { id } = part || controls.get(field)[0];
			const legend = legendOf(field), name = legend && legend.textContent;
			/* Of several fields each says which it is of. What the form says itself has no holes. */
			const isNamed = kind === 'grid' && text === required && text.includes('{label}');
			const said = holes ? fill(text, { label, ...holes }) : isNamed ? fill(text, { label: name }) : text;
			mistakes.push({ field, id, part, message: name && !isNamed ? `${said} (${name})` : said });
		}
	}
	mistakes.forEach(mark);
	return mistakes;
}
