/* SPDX-License-Identifier: MIT */
/* exit.js: Exit this page, as the GOV.UK component behaves: the button, or Shift three times within five seconds. Unlike
 * there, Back does not lead here again. Without this script the button is a plain link. */
import { all, el, state, status } from './page.js';

const link = '.govuk-exit-this-page a, .govuk-js-exit-this-page-skiplink';
let box;

/* Blank at once; then out, over the history's entry of the first step, so that Back from there leads past this page. */
function leave(depth) {
	const url = box.querySelector('a').href;
	const cover = el('p.govuk-exit-this-page-overlay', box.dataset.activated);
	const out = () => location.replace(url);
	state.isGone = true;
	document.title = '\u2060';
	cover.setAttribute('role', 'alert');
	document.body.replaceChildren(cover);
	if (depth === 0) {
		out();
		return;
	}
	window.addEventListener('popstate', () => setTimeout(out, 0), { once: true });
	setTimeout(out, 300);
	history.go(-depth);
}

/* Counts presses of Shift alone: a capital letter is none. */
function watchShift(exit) {
	const heard = status('p.govuk-visually-hidden');
	const lights = [1, 2, 3].map(() => el('span.govuk-exit-this-page__indicator-light'));
	const indicator = el('span.govuk-exit-this-page__indicator', ...lights);
	let count = 0, timer = 0, wasModified = false;
	indicator.setAttribute('aria-hidden', 'true');
	box.querySelector('a').append(indicator);
	box.append(heard);
	const show = () => {
		indicator.classList.toggle('govuk-exit-this-page__indicator--visible', count > 0);
		lights.forEach((one, i) => one.classList.toggle('govuk-exit-this-page__indicator-light--on', i < count));
	};
	const forget = () => {
		clearTimeout(timer);
		heard.textContent = box.dataset.timedOut;
		count = 0;
		show();
	};
	document.addEventListener('keyup', (event) => {
		if (event.key === 'Shift' && !wasModified) {
			count++;
			clearTimeout(timer);
			if (count === 3) {
				exit();
				return;
			}
			timer = setTimeout(forget, 5000);
			heard.textContent = count === 1 ? box.dataset.twoMore : box.dataset.oneMore;
			show();
		} else if (count) {
			forget();
		}
		wasModified = event.shiftKey;
	}, true);
}

/* DEPTH gives how many entries of this page lie below the present one in the history. */
export function watchExit(depth) {
	box = document.querySelector('.govuk-exit-this-page');
	if (!box) return;
	const exit = () => leave(depth());
	watchShift(exit);
	all(link).forEach((one) => one.addEventListener('click', (event) => {
		event.preventDefault();
		exit();
	}));
}
