/* SPDX-License-Identifier: MIT */
/* page.js: the page's elements and words, and the way back to the page as the server made it.
 *
 * All words come from the data attributes of #pageWords, in the page's language; elements are made one by one and filled
 * with text. Nothing is ever parsed as HTML: the policy of the page forbids it. */

export const $ = (id) => document.getElementById(id);
export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

export const root = document.documentElement;

/* On a phone the page scrolls, on a kiosk what stands between its bars. */
export function toTop() {
	scrollTo(0, 0);
	$('main').scrollTop = 0;
}

/* Between words that run from right to left, whatever has Latin letters or digits of several parts would change places with
 * what stands beside it; so the server isolates it, too (words_isolates). */
const isolate = (value) => (root.dir === 'rtl' && /[a-z\d]/i.test(value) && /\D/.test(value) ? `\u2068${value}\u2069` : value);

/* TEXT with its {holes} filled. */
export const fill = (text, holes) => text
	.replace(/\{(\w+)\}/g, (hole, name) => (name in holes ? isolate(holes[name]) : hole));

export const form = $('answers');
export const words = form && $('pageWords').dataset;
export const action = form && form.getAttribute('action');

/* Where the next response begins: on a kiosk at its start. */
export const start = $('kiosk') ? $('kiosk').dataset.start : action || location.pathname;

/* The page's title, without what one that came back with mistakes has before it. */
export const baseTitle = form && document.querySelector('.govuk-error-summary') ?
	document.title.replace(words.pageTitle.split('{title}')[0], '') : document.title;

/* el('p.govuk-body', 'text', child): a new element; empty content is left out. */
export function el(spec, ...content) {
	const [name, ...classes] = spec.split('.');
	const element = document.createElement(name);
	if (classes.length) element.className = classes.join(' ');
	element.append(...content.filter((one) => one));
	return element;
}

export const hidden = (...content) => el('span.govuk-visually-hidden', ...content);

/* A status that is read out when its text changes. */
export function status(spec) {
	const element = el(spec);
	element.setAttribute('role', 'status');
	return element;
}

export const state = {
	isPlain: false,   /* the page is as the server made it: every submit is the browser's own */
	isLeaving: false, /* a language button was pressed */
	isDone: false,    /* thanked or refused: nothing of the form is left */
	isLate: false,    /* refused for good: what was typed is shown, to be copied */
	isGone: false,    /* left by the exit button: the page is blank */
};

/* Says that something has happened to the page, for the scripts that stand round this one: `step` (a step is shown, also the first),
 * `mistakes` (a summary of them is shown), `end` (thanked, refused, or too late: nothing of the form is left). */
export const tell = (what) => document.dispatchEvent(new Event(`soundings:${what}`));

/* What plain() does, last first. */
let undo = [];
export const undoWith = (step) => undo.push(step);

/* Gives the page back as it came, with every answer: it is complete without this script. */
export function plain() {
	state.isPlain = true;
	undo.reverse().forEach((step) => step());
	undo = [];
}

/* A listener that gives the page back when it fails. */
export function on(target, type, handler) {
	target.addEventListener(type, (event) => {
		if (state.isPlain || state.isGone) return;
		try {
			handler(event);
		} catch (error) {
			plain();
		}
	});
}
