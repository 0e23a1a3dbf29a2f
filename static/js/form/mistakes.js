/* SPDX-License-Identifier: MIT */
/* mistakes.js: what is wrong, beside the field and in the summary, in the server's words and the GOV.UK structure. */
import { $, el, fill, hidden, words } from './page.js';
import { chosen, controls, fieldOf, isTyped } from './answers.js';

let summary; /* on the page; or undefined */

function unmark(control) {
	const note = $(`${control.name}-error`);
	if (!note) return;
	const field = fieldOf(control);
	const ids = (field.getAttribute('aria-describedby') || '').split(' ').filter((id) => id !== note.id).join(' ');
	if (ids) field.setAttribute('aria-describedby', ids);
	else field.removeAttribute('aria-describedby');
	field.classList.remove('govuk-textarea--error', 'govuk-input--error');
	note.remove();
	const question = field.closest('.question');
	if (!question.querySelector('.govuk-error-message')) question.classList.remove('govuk-form-group--error');
}

/* Shows a mistake {field, id, message} beside its field; it goes when the step is passed again. */
export function mark(mistake) {
	const control = $(mistake.id || mistake.field);
	const question = control && control.closest('.question');
	if (!question) return;
	unmark(control);
	const field = fieldOf(control);
	const note = el('p.govuk-error-message', hidden(words.errorPrefix), ` ${mistake.message}`);
	note.id = `${control.name}-error`;
	if (isTyped(control)) field.classList.add('govuk-textarea--error');
	(isTyped(control) ? field : field.querySelector('.govuk-radios, .govuk-checkboxes')).before(note);
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
	scrollTo(0, 0);
}

/* What is wrong with these questions, marked; an empty list when nothing is. */
export function check(asked) {
	const mistakes = [];
	for (const question of asked) {
		const required = question.block.dataset.required;
		for (const name of question.names) {
			const control = controls.get(name)[0];
			const counter = control.closest('.govuk-character-count');
			const max = counter ? Number(counter.dataset.maxlength) : 0;
			let message = '';
			unmark(control);
			if (required && !chosen(name).length) message = required;
			else if (max && control.value.length > max) message = fill(words.tooLong, { max });
			if (message) mistakes.push({ field: name, id: control.id, message });
		}
	}
	mistakes.forEach(mark);
	return mistakes;
}
