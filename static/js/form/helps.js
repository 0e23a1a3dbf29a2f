/* SPDX-License-Identifier: MIT */
/* helps.js: small helps with answering: exclusive ticks, letting go of a radio, how many characters are left. */
import { all, el, fill, on, root, status, undoWith, words } from './page.js';
import { chosen, controls, fieldName, legendOf, questions, wordsOf } from './answers.js';
import { errorClass } from './mistakes.js';

/* One exclusive tick stands alone. */
export function keepExclusive(control) {
	if (control.type !== 'checkbox' || !control.checked) return;
	const isAlone = control.dataset.behaviour === 'exclusive';
	for (const other of controls.get(fieldName(control)))
		if (other !== control && (isAlone || other.dataset.behaviour === 'exclusive')) other.checked = false;
}

/* Radios cannot be let go of by hand: a button for each of their fields. They stand in PLACE, behind Continue, where nobody meets them
 * on the way on. What comes back shows those of the questions ASKED that have something to let go of. */
export function offerClearing(place) {
	const stepOf = ({ block }) => block.dataset.step || block.id;
	const fields = questions.flatMap((question) => question.names.map((name) => ({ question, name })))
		.filter(({ name }) => controls.get(name)[0].type === 'radio');
	for (const field of fields) {
		const { question, name } = field, radios = controls.get(name);
		const isAlone = fields.filter((one) => stepOf(one.question) === stepOf(question)).length === 1;
		const label = wordsOf(legendOf(name) || question.block.querySelector('h3'));
		field.button = el('button.clear', isAlone ? words.clear : fill(words.clearTo, { label }));
		field.button.type = 'button';
		on(field.button, 'click', () => {
			radios.forEach((one) => { one.checked = false; });
			radios[0].focus();
			radios[0].dispatchEvent(new Event('change', { bubbles: true }));
		});
		place.append(field.button);
	}
	return (asked) => fields.forEach(({ question, name, button }) => {
		button.hidden = !asked.includes(question) || !chosen(name).length;
	});
}

/* The words for COUNT characters, in the form that the language's plural rules ask for. */
function countWords(rules, kind, count) {
	const plural = count ? rules.select(count) : 'zero';
	const key = kind + plural[0].toUpperCase() + plural.slice(1);
	return fill(words[key] || words[`${kind}Other`], { count });
}

/* How much room is left, once three quarters are used: seen at once, heard when the typing pauses, and not left to be met a second
 * time. Counted in UTF-16 units, as the server does. */
export function countCharacters() {
	const rules = new Intl.PluralRules(root.lang);
	for (const box of all('.govuk-character-count')) {
		const control = box.querySelector('textarea, input');
		const info = box.querySelector('.govuk-character-count__message');
		const max = Number(box.dataset.maxlength);
		const allowed = info.textContent;
		const heard = status('p.govuk-visually-hidden');
		let pause = 0;
		info.after(heard);
		undoWith(() => {
			heard.remove();
			info.textContent = allowed;
			info.classList.remove('govuk-error-message');
		});
		const update = () => {
			const left = max - control.value.length;
			const kind = left < 0 ? 'over' : 'left';
			const text = left > max / 4 ? allowed : countWords(rules, kind, Math.abs(left));
			info.textContent = text;
			info.classList.toggle('govuk-error-message', left < 0);
			control.classList.toggle(errorClass(control), left < 0);
			clearTimeout(pause);
			pause = setTimeout(() => {
				heard.textContent = text === allowed ? '' : text;
				pause = setTimeout(() => { heard.textContent = ''; }, 5000);
			}, 1000);
		};
		on(control, 'input', update);
		update();
	}
}
