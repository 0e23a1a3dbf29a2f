/* SPDX-License-Identifier: MIT */
/* kiosk.js: what a kiosk's page has round the form: one person after another, each with nothing of the one before. It begins before the form
 * does, to hear of its first step; what needs the form's questions comes when that step is shown. */
import { $, root, start, state } from '../form/page.js';
import { chosen, questions } from '../form/answers.js';
import { beginListening } from '../listen/listen.js';
import { beginIdle } from './idle.js';
import { beginKeyboard, enterField } from './keyboard.js';
import { beginMore } from './more.js';
import { beginPlain } from './plain.js';
import { beginScan } from './scan.js';
import { beginView } from './view.js';
import { post, wipe } from './wipe.js';

const kiosk = $('kiosk');
const heartbeat = 15000; /* ms */

/* Also those of another face of the form, which travel along unseen. */
const hasAnswers = () => questions.some(({ names }) => names.some((name) => chosen(name).length)) ||
	document.querySelector('input[name^="keep-"]') !== null;

/* Start again: asked for where something would be lost. */
function beginAgain() {
	const [again, ask, yes, no] = ['kioskAgain', 'kioskAsk', 'kioskAskYes', 'kioskAskNo'].map($);
	if (!again) return;
	again.addEventListener('click', (event) => {
		event.preventDefault();
		if (!state.isDone && hasAnswers() && ask && ask.showModal) ask.showModal();
		else wipe();
	});
	if (!ask) return;
	yes.addEventListener('click', (event) => {
		event.preventDefault();
		wipe();
	});
	no.addEventListener('click', (event) => {
		event.preventDefault();
		if (ask.open) ask.close();
		else if (ask.matches(':popover-open')) ask.hidePopover();
	});
}

/* Ways to the start are ends of a session; a language stands outside the form that it sends. */
function leads(event) {
	const other = event.target.closest && event.target.closest('button[name="to"]');
	if (other) state.isLeaving = true;
	const link = event.target.closest && event.target.closest('a[href]');
	if (!link || kiosk.dataset.state === 'start' || link.getAttribute('href') !== start) return;
	event.preventDefault();
	wipe();
}

/* Thanked: other languages have nothing more to say. */
function ended() {
	kiosk.dataset.state = document.querySelector('h1.thanks') ? 'thanks' : 'message';
	root.classList.remove('kiosk-form');
	root.classList.add(`kiosk-${kiosk.dataset.state}`);
	['kioskEasy', 'kioskLanguages'].map($).forEach((one) => { if (one) one.closest('li').remove(); });
}

function beginBeating() {
	const { alive } = kiosk.dataset;
	if (!alive) return;
	const beat = () => { if (!state.isGone) post(alive); };
	beat();
	setInterval(beat, heartbeat);
}

if (kiosk) {
	const words = ($('kioskWords') || {}).dataset;
	const hasSound = beginListening();
	root.classList.add('scripted');
	beginBeating();
	beginPlain();
	beginMore();
	beginIdle();
	beginAgain();
	beginView(words, hasSound);
	beginScan(enterField);
	document.addEventListener('click', leads);
	document.addEventListener('soundings:end', ended);
	document.addEventListener('soundings:step', () => beginKeyboard(words), { once: true });
}
