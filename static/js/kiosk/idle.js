/* SPDX-License-Identifier: MIT */
/* idle.js: nobody there? After a time without touch or key the page asks, aloud when it is listened to; any touch or key means "yes", as often
 * as wanted (WCAG 2.2.1); else everything is wiped. The clock is the machine's own, which no change of the date moves, looked at once a
 * second, so that a sleeping machine or a busy page cannot make it forget. */
import { $, all, fill, root, state } from '../form/page.js';
import { heardTo, say } from '../listen/listen.js';
import { wipe } from './wipe.js';

/* What is announced of the seconds that are left; and all of them when the question comes. */
const told = [30, 10];
const longestReading = 300; /* seconds without touch or key for which listening counts as somebody there */
const seconds = () => performance.now() / 1000;

let idle, warning, thanks, leftWords; /* seconds; words with {n} */
let touched;                          /* the last touch or key */
let since;                            /* the same, or when a sound was last heard to go on */
let heard = '';                       /* how far the reading had come then */
let isHeld = false;                   /* a key is held down, or stuck, or a bag lies on it: what it does is nobody's doing */
let asked;                            /* when the question was asked; undefined while it is not on the screen */
let left;                             /* what was announced last */
let hasBegun = false;                 /* something was done on this page: a start screen that nobody has touched stays as it is */
let dialog, status;

/* A touch that answers the question must not press what lies beneath, nor a key that is held. */
let isAnswering = false;

/* A sound that does not come is no reading; and nobody listens for ever. */
function isReading(now) {
	const to = heardTo(), isMoving = to !== '' && to !== heard;
	heard = to;
	return isMoving && now - touched < longestReading;
}

const limit = () => (document.querySelector('h1.thanks') ? thanks : idle);

function announce(count) {
	left = count;
	status.textContent = fill(leftWords, { n: count });
	if (count !== warning) say(status.textContent);
}

function ask() {
	asked = seconds();
	left = undefined;
	/* Whatever else is open lies below, or would be what the next touch meets. */
	all('[popover]').forEach((panel) => { if (panel.matches(':popover-open')) panel.hidePopover(); });
	all('dialog[open]').forEach((other) => other.close());
	dialog.showModal();
	status.textContent = '';
	say(dialog);
	setTimeout(() => { if (asked !== undefined) announce(warning); }, 100); /* a status that comes with its dialog is not heard */
}

function close() {
	asked = undefined;
	touched = since = seconds();
	if (dialog.open) dialog.close();
}

function tick() {
	if (state.isGone || !hasBegun) return;
	const now = seconds();
	if (asked === undefined) {
		if (isReading(now)) since = now;
		if (now - since >= limit()) ask();
		return;
	}
	const rest = warning - (now - asked);
	if (rest <= 0) {
		wipe();
		return;
	}
	const next = told.find((one) => one < warning && rest <= one && one < (left || warning));
	if (next) announce(told.filter((one) => rest <= one).pop());
}

const isEnd = (target) => Boolean(target.closest && target.closest('#kioskIdleEnd'));

function swallow(event) {
	event.preventDefault();
	event.stopImmediatePropagation();
}

/* Any touch or key. The repeats of a held key, and what they type, are none: they neither begin, nor extend, nor answer. */
function acted(event) {
	if (event.type !== 'input') isHeld = event.type === 'keydown' && event.repeat;
	if (isHeld) {
		if (event.type === 'keydown' && (isAnswering || asked !== undefined)) swallow(event);
		return;
	}
	hasBegun = true;
	touched = since = seconds();
	if (asked === undefined) {
		isAnswering = false;
		return;
	}
	if (isEnd(event.target) && event.type !== 'keydown') return;
	asked = seconds(); /* the time begins anew, whatever becomes of this touch */
	if (event.type === 'keydown') {
		swallow(event);
		isAnswering = true;
		close();
	} else if (event.type === 'pointerdown') {
		swallow(event);
		isAnswering = true;
	}
}

/* The end of a touch that answered: what it does by itself is over. */
function lifted(event) {
	if (asked === undefined || !isAnswering || isEnd(event.target)) return;
	if (event.type === 'click') {
		swallow(event);
		close();
	} else {
		setTimeout(() => { if (asked !== undefined && isAnswering) close(); }, 300); /* a long touch, or one that moved, is no click */
	}
}

export function beginIdle() {
	const { dataset } = $('kiosk');
	dialog = $('kioskIdle');
	status = $('kioskIdleLeft');
	[idle, warning, thanks] = [dataset.idle, dataset.warning, dataset.thanks].map(Number);
	leftWords = dataset.left;
	if (!dialog || !dialog.showModal || !idle || !warning) return;
	touched = since = seconds();
	hasBegun = dataset.state !== 'start' || ['size-2', 'size-3', 'contrast', 'listening'].some((one) => root.classList.contains(one));
	for (const type of ['pointerdown', 'keydown', 'touchstart', 'input', 'wheel'])
		document.addEventListener(type, acted, { capture: true, passive: type === 'wheel' || type === 'touchstart' });
	for (const type of ['click', 'pointerup', 'pointercancel']) document.addEventListener(type, lifted, true);
	document.addEventListener('keyup', () => { isHeld = false; }, true);
	/* A click without a touch or key: what a screen reader, or a test of one, does. */
	$('kioskIdleStay').addEventListener('click', close);
	$('kioskIdleEnd').addEventListener('click', wipe);
	dialog.addEventListener('cancel', (event) => event.preventDefault());
	document.addEventListener('soundings:end', () => { touched = since = seconds(); });
	setInterval(tick, 1000);
}
