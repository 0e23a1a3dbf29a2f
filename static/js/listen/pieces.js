/* SPDX-License-Identifier: MIT */
/* pieces.js: which sounds stand for what is in sight: {name, element} in the order of the page, mistakes first.
 *
 * An element all of whose words have a sound is one piece; else its parts are looked at, down to the text itself, which may be of several
 * sentences that have sounds of their own, or a sentence with a date or a name in it. What nobody made a sound for is left out. */

/* Words as they are compared: without the marks that keep directions apart, each blank as one. */
export const plainText = (text) => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim();

/* The list that the page carries: each sound once, with the words that it says. */
export function soundsOf(list) {
	const map = new Map();
	const entries = (list.content || list).querySelectorAll('[data-sound]');
	map.signs = new Map(); /* of receipts: "A" is also a word */
	for (const { dataset: { text, sound, sign } } of Array.from(entries)) (sign ? map.signs : map).set(plainText(text), sound);
	return map;
}

/* Neither words nor anything to do with the question; buttons are heard when somebody comes to them. */
const silent = 'script, style, template, audio, svg, select, textarea, input, nav, [hidden], [aria-hidden="true"], [role="status"], ' +
	'.listen, .govuk-back-link, .clearing, .rank button, .languages, .govuk-summary-list__actions, .note, ' +
	'.govuk-summary-list__value [dir="auto"]:not([lang])'; /* typed: not read out, word by word, because the form uses the same words */
const stillHeard = '.next__on, .next__skip, #send button, .govuk-error-summary a';
const isStop = (sign) => !/[\p{L}\p{N}]/u.test(sign);

const isInSight = (element) => element.getClientRects().length > 0 || (element.localName === 'details' && element.open);

const letters = (text) => (text.match(/[\p{L}\p{N}]/gu) || []).length;

/* TEXT in pieces that have sounds, the longest first from where it begins: {names, skipped}. Only a whole word begins or ends a piece. */
export function cover(text, sounds) {
	const names = [];
	let rest = text, skipped = '';
	while (rest) {
		let length = rest.length;
		for (; length > 0; length--) {
			if (length < rest.length && !isStop(rest[length]) && !isStop(rest[length - 1])) continue;
			const name = sounds.get(plainText(rest.slice(0, length)));
			if (name) {
				names.push(name);
				break;
			}
		}
		if (!length) {
			const word = rest.match(/^[\p{L}\p{N}\p{M}]+|^[^\p{L}\p{N}]/u);
			length = word ? word[0].length : 1;
			skipped += rest.slice(0, length);
		}
		rest = rest.slice(length).trimStart();
	}
	return { names, skipped };
}

/* A name or a date may be lacking in a sentence; of what somebody typed nothing is heard because it begins with a number. */
function covered(text, sounds) {
	const { names, skipped } = cover(text, sounds);
	return 2 * letters(skipped) > letters(text) ? [] : names;
}

/* "K7QX 9M2T": sign by sign. */
export const spelled = (text, sounds) => Array.from(text.replace(/\s/g, ''))
	.map((sign) => sounds.signs.get(sign) || sounds.get(sign)).filter(Boolean);

const whole = (text, sounds) => sounds.get(text) || sounds.get(text.replace(/^\((.*)\)$/, '$1'));

function collect(element, sounds, pieces, isAsked) {
	if (!isAsked && element.matches(silent) && !element.matches(stillHeard)) return;
	if (!isAsked && element.localName === 'button' && !element.matches(stillHeard)) return;
	if (!isInSight(element)) return;
	if (element.matches('.receipt__code')) {
		pieces.push(...spelled(element.textContent, sounds).map((name) => ({ name, element })));
		return;
	}
	const name = whole(plainText(element.textContent), sounds);
	const isWhole = name && (isAsked || !element.querySelector(silent));
	if (isWhole) {
		pieces.push({ name, element });
		return;
	}
	if (element.localName === 'details' && !element.open) {
		const summary = element.querySelector('summary');
		if (summary) collect(summary, sounds, pieces, isAsked);
		return;
	}
	for (const child of Array.from(element.childNodes)) {
		if (child.nodeType === Node.ELEMENT_NODE) collect(child, sounds, pieces, false);
		else if (child.nodeType === Node.TEXT_NODE) {
			const text = plainText(child.data);
			if (!text) continue;
			const own = whole(text, sounds);
			const names = own ? [own] : covered(text, sounds);
			pieces.push(...names.map((one) => ({ name: one, element })));
		}
	}
}

const isMistake = ({ element }) => Boolean(element.closest('.govuk-error-summary, .govuk-error-message, .not-saved'));

/* SOURCE: an element, or a text. IS_ASKED: also where it is a button. */
export function piecesOf(source, sounds, isAsked = false) {
	if (typeof source === 'string') {
		const text = plainText(source);
		const own = whole(text, sounds);
		return (own ? [own] : covered(text, sounds)).map((name) => ({ name }));
	}
	const pieces = [];
	collect(source, sounds, pieces, isAsked);
	return [...pieces.filter(isMistake), ...pieces.filter((one) => !isMistake(one))];
}
