/* SPDX-License-Identifier: MIT */
/* send.js: sends the very fields of the form without leaving the page, again and again until they are on disk. The nonce
 * stays, so that however often it arrives it counts once. Nobody is thanked before the server says that it is stored. */
import { $, action, all, el, form, plain, root, state, status as statusOf, undoWith, words } from './page.js';
import { complain, row } from './steps.js';
import { mark } from './mistakes.js';

const pauses = [2, 5, 10, 20, 30, 60]; /* seconds; the last one for ever */
const patience = 30000;                /* ms until a silent connection counts as none */
const baseTitle = document.title;

let button, label;                     /* Send, and its own words */
let said;                              /* the panel that says how it stands; or undefined */
let attempts = 0, timer = 0, isBusy = false;

function say(text, pressable) {
	if (!said) {
		said = el('div.not-saved', statusOf('p'), el('p', words.notSaved));
		button.before(said);
	}
	said.firstChild.textContent = text;
	button.textContent = pressable;
}

/* Another step is shown: what is being changed is not sent behind the person's back. */
export function stopRetrying() {
	clearTimeout(timer);
	attempts = 0;
	if (said) said.remove();
	said = undefined;
	button.textContent = label;
}

async function post() {
	const abort = new AbortController();
	const limit = setTimeout(() => abort.abort(), patience);
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
		/* No answer, or not one of ours: told apart by the status. */
	}
	clearTimeout(limit);
	return { status, answer: answer || {} };
}

async function sendOnce() {
	isBusy = true;
	clearTimeout(timer);
	button.setAttribute('aria-disabled', 'true');
	button.textContent = words.sending; /* what the panel says stays true until there is an answer */
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
	} else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
		plain(); /* somebody else's refusal: the browser shows it in full */
		HTMLFormElement.prototype.submit.call(form);
	} else {
		edit.value = answer.edit || Number(edit.value) + 1;
		retryLater();
	}
}

function retryLater() {
	const pause = pauses[Math.min(attempts, pauses.length - 1)];
	attempts++;
	say(navigator.onLine === false ? words.offline : attempts > 3 ? words.still : words.retrying, words.sendAgain);
	timer = setTimeout(sendNow, pause * 1000);
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
	all('.languages, [form="answers"], .foot p').forEach((one) => one.remove());
	form.replaceWith(...form.childNodes);
	root.classList.add('js-step');
	document.title = `${heading.textContent} – ${baseTitle}`;
	history.replaceState(null, '');
	scrollTo(0, 0);
	heading.tabIndex = -1;
	heading.focus({ preventScroll: true });
}

const body = (text) => el('p.govuk-body', text);

function again(text) {
	const link = el('a.govuk-link', text);
	link.href = action;
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

function helpline(one) {
	return el('li', el('span.help__who', one.title), ' ', leftToRight('bdi.help__number', one.number), ' ',
		leftToRight('bdi.help__web', one.web), ' ', one.note && el('span.help__note', one.note));
}

/* A link that stands in the page already: to everybody who can help, to where the receipt is of use. */
function same(id) {
	const link = $(id).cloneNode(true);
	link.removeAttribute('id');
	return link;
}

/* The same as cgi/pages/intake/thanks.html, from the same words. */
function thank(answer) {
	const code = el('p', leftToRight('bdi.receipt__code', answer.receipt));
	const about = [el('p', words.receiptText), el('p', words.receiptWhere, ' ', same('take-back'))];
	const helplines = el('ul', ...answer.helplines.map(helpline));
	const stored = el('dl.govuk-summary-list', ...answer.stored.map((one) =>
		row(el('dt.govuk-summary-list__key', one.question), [one.answer])));
	finish(
		el('h1.govuk-heading-xl.thanks', words.thanksTitle),
		el('p.govuk-body-l', words.thanksText),
		el('div.receipt', el('h2', words.receiptTitle), ...(answer.receipt_on_request ?
			[details(words.receiptShow, code, el('p', words.receiptCareful), ...about)] : [code, ...about])),
		words.nextText && el('div.calm', el('h2', words.nextTitle), el('p', words.nextText)),
		el('h2.govuk-heading-m', words.storedTitle),
		body(words.storedText),
		body(words.storedMore),
		details(words.storedShow, stored),
		el('h2.govuk-heading-m', words.deletedTitle),
		body(words.deletedText),
		el('div.help', el('h2', words.helpTitle), el('p', words.helpText), helplines, el('p', same('more-help'))),
		again(words.again));
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
	undoWith(() => { stopRetrying(); });
}
