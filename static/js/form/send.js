/* SPDX-License-Identifier: MIT */
/* send.js: sends the very fields of the form without leaving the page, again and again until they are on disk. The nonce
 * stays, so that however often it arrives it counts once. Nobody is thanked before the server says that it is stored. */
import { $, action, all, baseTitle, el, form, plain, root, start, state, status as statusOf, tell, toTop, undoWith, words } from './page.js';
import { complain, row } from './steps.js';
import { mark } from './mistakes.js';

/* Seconds, for each attempt; the last one for ever. A pause is drawn out at random by up to a half, so that a hall full of
 * phones does not come back at once. PATIENCE: until an answer that has not come to its end counts as none; the slowest
 * connections get more of it. */
const pauses = [2, 5, 10, 20, 30, 60];
const patience = [30, 60, 120];

let button, label;                     /* Send, and its own words */
let said;                              /* the panel that says how it stands; or undefined */
let heard;                             /* says the same aloud: it stands in the page before there is anything to say */
let attempts = 0, timer = 0, isBusy = false;
let request;                           /* what ends the attempt that is under way */

const turn = (list) => list[Math.min(attempts, list.length - 1)];

function say(text) {
	if (!said) {
		said = el('div.not-saved', el('p'), el('p', words.notSaved));
		button.before(said);
	}
	said.firstChild.textContent = heard.textContent = text;
	button.textContent = words.sendAgain;
}

/* Another step is shown: what is being changed is not sent behind the person's back. */
export function stopRetrying() {
	clearTimeout(timer);
	attempts = 0;
	if (said) said.remove();
	said = undefined;
	heard.textContent = '';
	button.textContent = label;
}

async function post() {
	const abort = request = new AbortController();
	const limit = setTimeout(() => abort.abort(), turn(patience) * 1000);
	let status = 0, answer = null;
	try {
		const response = await fetch(action, {
			method: 'POST',
			headers: { Accept: 'application/json' },
			body: new URLSearchParams(new FormData(form)),
			credentials: 'omit',
			cache: 'no-store',
			redirect: 'error',
			signal: abort.signal,
		});
		status = response.status;
		answer = await response.json();
	} catch (error) {
		/* No answer, not to its end, or not one of ours: what stands between may say anything, with any status. */
	}
	clearTimeout(limit);
	return { status, answer: answer || {} };
}

async function sendOnce() {
	isBusy = true;
	clearTimeout(timer);
	button.setAttribute('aria-disabled', 'true');
	button.textContent = words.sending; /* what the panel says stays true until there is an answer */
	if (!said) heard.textContent = words.sending;
	const { status, answer } = await post();
	isBusy = false;
	if (state.isDone || state.isPlain || state.isGone) return;
	button.removeAttribute('aria-disabled');
	const edit = form.querySelector('[name="edit"]');
	if (answer.state === 'thanks') {
		thank(answer);
	} else if (answer.state === 'mistakes') {
		edit.value = answer.edit;
		stopRetrying();
		answer.mistakes.forEach(mark);
		complain(answer.mistakes);
	} else if (answer.state === 'late') {
		late(answer);
	} else if (answer.state === 'refused' && status < 500) {
		refuse(answer);
	} else {
		/* It may have arrived all the same: what is sent next is the later edit of the same response. */
		edit.value = answer.state === 'not-saved' ? answer.edit : Number(edit.value) + 1;
		retryLater();
	}
}

function retryLater() {
	timer = setTimeout(sendNow, turn(pauses) * (1 + Math.random() / 2) * 1000);
	attempts++;
	say(navigator.onLine === false ? words.offline : attempts > 3 ? words.still : words.retrying);
}

/* The page is wiped: what is under way is broken off, and nothing is tried again. */
export function giveUp() {
	clearTimeout(timer);
	if (request) request.abort();
}

/* A second tap while the first is under way does nothing. */
export function sendNow() {
	if (!isBusy && !state.isGone) sendOnce().catch(plain);
}

export function connectionIsBack() {
	if (said && !state.isDone) sendNow();
}

/* ---- The end ------------------------------------------------------------------------------------------------------ */

/* Everything that was typed goes before anything else is shown; the top bar and the way out stay. */
function finish(...content) {
	const heading = content[0];
	state.isDone = true;
	clearTimeout(timer);
	HTMLFormElement.prototype.reset.call(form);
	$('main').replaceChildren(el('div.wrap.end', ...content));
	all('.languages, .top [form="answers"], .foot p').forEach((one) => one.remove());
	form.replaceWith(...form.childNodes);
	root.classList.add('js-step');
	document.title = `${heading.textContent} – ${baseTitle}`;
	history.replaceState(null, '');
	toTop();
	heading.tabIndex = -1;
	heading.focus({ preventScroll: true });
	tell('end');
}

const body = (text) => el('p.govuk-body', text);

function again(text) {
	const link = el('a.govuk-link', text);
	link.href = start;
	return el('p', link);
}

function details(text, ...content) {
	return el('details.govuk-details',
		el('summary.govuk-details__summary', el('span.govuk-details__summary-text', text)),
		el('div.govuk-details__text', ...content));
}

function leftToRight(spec, text) {
	const element = text && el(spec, text);
	if (element) element.dir = 'ltr';
	return element;
}

/* What somebody may have typed, in any language. */
function either(element) {
	element.dir = 'auto';
	return element;
}

function helpline(one) {
	return el('li', el('span.help__who', one.title), ' ', leftToRight('bdi.help__number', one.number), ' ',
		leftToRight('bdi.help__web', one.web), ' ', one.note && el('span.help__note', one.note));
}

/* A link that stands in the page already: to everybody who can help, to where the receipt is of use. On a kiosk none does. */
function same(id) {
	const link = $(id) && $(id).cloneNode(true);
	if (link) link.removeAttribute('id');
	return link;
}

/* What a kiosk shows: somebody else may stand behind, and wants to begin. */
function kioskEnd(texts, receipt, next) {
	const link = el('a.govuk-button', texts.finished);
	link.id = 'kioskFinished';
	link.setAttribute('role', 'button');
	link.href = start;
	link.draggable = false;
	return [el('div.finish', link, el('p', texts.finishedText)), receipt, next, body(texts.deletedText)];
}

/* The same as cgi/pages/intake/thanks.html, and kiosk/thanks.html, from the same words: they come with the answer. */
function thank(answer) {
	const texts = answer.words;
	const code = el('p', leftToRight('bdi.receipt__code', answer.receipt));
	const about = [el('p', texts.receiptText), el('p', texts.receiptWhere, ' ', same('takeBack'))];
	const receipt = el('div.receipt', el('h2', texts.receiptTitle), ...(answer.receipt_on_request ?
		[details(texts.receiptShow, code, el('p', texts.receiptCareful), ...about)] : [code, ...about]));
	const next = texts.nextText && el('div.calm', el('h2', texts.nextTitle), el('p', texts.nextText));
	const helplines = el('ul', ...answer.helplines.map(helpline));
	const more = same('moreHelp');
	const stored = el('dl.govuk-summary-list', ...answer.stored.map((one) =>
		row(el('dt.govuk-summary-list__key', one.question), [either(el('p', one.answer))])));
	const end = texts.finished ? kioskEnd(texts, receipt, next) : [
		receipt,
		next,
		el('h2.govuk-heading-m', texts.storedTitle),
		body(texts.storedText),
		body(texts.storedMore),
		details(texts.storedShow, stored),
		el('h2.govuk-heading-m', texts.deletedTitle),
		body(texts.deletedText),
		el('div.help', el('h2', texts.helpTitle), el('p', texts.helpText), helplines, more && el('p', more)),
		again(texts.again)];
	finish(el('h1.govuk-heading-xl.thanks', texts.thanksTitle), el('p.govuk-body-l', texts.thanksText), ...end);
}

function refuse(answer) {
	finish(el('h1.govuk-heading-xl', answer.title), body(answer.message), again(words.open));
}

/* The event has closed: there is nothing to try again, and nowhere to go back to. */
function late(answer) {
	const written = document.querySelector('.check dl').cloneNode(true);
	all('.govuk-summary-list__actions', written).forEach((one) => one.remove());
	state.isLate = true;
	finish(el('h1.govuk-heading-xl', answer.title), body(answer.message), body(answer.copy),
		el('h2.govuk-heading-m', answer.list), written);
}

export function beginSending(send) {
	button = send.querySelector('button');
	label = button.textContent;
	heard = statusOf('p.govuk-visually-hidden');
	button.before(heard);
	undoWith(() => {
		stopRetrying();
		heard.remove();
	});
}
