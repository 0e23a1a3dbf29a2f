/* SPDX-License-Identifier: MIT */
/* helps.js: small helps with answering: exclusive ticks, letting go of a radio, how many characters are left. */
import { all, el, fill, on, root, status, undoWith, words } from './page.js';
import { controls, fieldName, fieldOf } from './answers.js';
import { errorClass } from './mistakes.js';

/* One exclusive tick stands alone. */
export function keepExclusive(control) {
	if (control.type !== 'checkbox' || !control.checked) return;
	const isAlone = control.dataset.behaviour === 'exclusive';
	for (const other of controls.get(fieldName(control)))
		if (other !== control && (isAlone || other.dataset.behaviour === 'exclusive')) other.checked = false;
}

/* Radios cannot be let go of by hand. */
export function offerClearing() {
	for (const radios of controls.values()) {
		if (radios[0].type !== 'radio') continue;
		const field = fieldOf(radios[0]);
		const button = el('button.clear', words.clear);
		const update = () => { button.hidden = !radios.some((one) => one.checked); };
		button.type = 'button';
		on(button, 'click', () => {
			radios.forEach((one) => { one.checked = false; });
			radios[0].focus();
			radios[0].dispatchEvent(new Event('change', { bubbles: true }));
		});
		on(field, 'change', update);
		update();
		field.append(button);
		undoWith(() => button.remove());
	}
}

/* The words for COUNT characters, in the form that the language's plural rules ask for. */
function countWords(rules, kind, count) {
	const plural = count ? rules.select(count) : 'zero';
	const key = kind + plural[0].toUpperCase() + plural.slice(1);
	return fill(words[key] || words[`${kind}Other`], { count });
}

/* How much room is left, once three quarters are used: seen at once, heard when the typing pauses. Counted in UTF-16
 * units, as the server does. */
export function countCharacters() {
	const rules = new Intl.PluralRules(root.lang);
	for (const box of all('.govuk-character-count')) {
		const control = box.querySelector('textarea, input');
		const info = box.querySelector('.govuk-character-count__message');
		const max = Number(box.dataset.maxlength);
		const allowed = info.textContent;
		const seen = info.cloneNode(true);
		const heard = status('p.govuk-visually-hidden');
		let pause = 0;
		seen.removeAttribute('id');
		seen.setAttribute('aria-hidden', 'true');
		info.classList.add('govuk-visually-hidden');
		info.after(seen, heard);
		undoWith(() => {
			seen.remove();
			info.classList.remove('govuk-visually-hidden');
		});
		const update = () => {
			const left = max - control.value.length;
			const kind = left < 0 ? 'over' : 'left';
			const text = left > max / 4 ? allowed : countWords(rules, kind, Math.abs(left));
			seen.textContent = text;
			seen.classList.toggle('govuk-error-message', left < 0);
			control.classList.toggle(errorClass(control), left < 0);
			clearTimeout(pause);
			pause = setTimeout(() => { heard.textContent = text === allowed ? '' : text; }, 1000);
		};
		on(control, 'input', update);
		update();
	}
}
