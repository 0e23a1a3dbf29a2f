/* SPDX-License-Identifier: MIT */
/* form.js: shows the one page of a form a step at a time, and sends it without leaving the page.
 *
 * The page is complete without this script, and stays so when anything in it fails. There are no words in it, nothing is
 * stored in the browser, and no address ever changes. */
import { $, all, form, on, plain, root, start, state, undoWith } from './form/page.js';
import { readPage } from './form/answers.js';
import {
	answersChanged, back, beginSteps, forward, historyDepth, historyMoved, isAtCheck, skipSection, visit,
} from './form/steps.js';
import { beginSending, connectionIsBack, sendNow, stopRetrying } from './form/send.js';
import { countCharacters, keepExclusive } from './form/helps.js';
import { rankByButtons } from './form/rank.js';
import { watchExit } from './form/exit.js';

/* "Answer this if ..." is for those who see every question at once. */
function hideConditions() {
	for (const when of all('.when')) {
		const id = when.id;
		when.removeAttribute('id');
		when.hidden = true;
		undoWith(() => {
			when.id = id;
			when.hidden = false;
		});
	}
}

function pressed(event) {
	const target = event.target.closest('a, button');
	if (!target) return;
	if (target.name === 'to') state.isLeaving = true;
	else if (target.matches('.next__on')) forward();
	else if (target.matches('.next__skip')) skipSection();
	else if (target.matches('.govuk-back-link')) {
		event.preventDefault();
		back();
	} else if (target.matches('.govuk-error-summary a, .check a')) {
		event.preventDefault();
		visit(target.hash.slice(1));
	}
}

/* Enter in a field comes here too, by the hidden Send: it sends from the last step, and leads on from the others. */
function submitted(event) {
	if (state.isLeaving) return;
	event.preventDefault();
	if (isAtCheck()) sendNow();
	else forward();
}

function begin() {
	const send = $('send');
	readPage();
	beginSending(send);
	countCharacters();
	rankByButtons();
	hideConditions();
	beginSteps(send, stopRetrying);
	on(form, 'submit', submitted);
	on(form, 'click', pressed);
	on(form, 'change', (event) => {
		keepExclusive(event.target);
		answersChanged();
	});
	/* While somebody types, not when they leave the field: what comes up then would move Continue away under their finger. */
	on(form, 'input', answersChanged);
	on(window, 'online', connectionIsBack);
	on(window, 'popstate', (event) => {
		if (state.isLate) return; /* what was typed stays in sight */
		if (state.isDone) location.replace(start); /* an empty form: another response */
		else historyMoved(event);
	});
	root.classList.add('js');
}

/* A page out of the browser's memory may hold somebody else's answers, or receipt. */
window.addEventListener('pageshow', (event) => {
	if (!event.persisted) return;
	document.body.hidden = true;
	location.replace(start);
});

if (!form) {
	if (document.body.replaceChildren) watchExit(() => 0); /* where a receipt is typed: the way out alone */
} else if (window.AbortController && Intl.PluralRules && document.body.replaceChildren) {
	watchExit(historyDepth);
	try {
		begin();
	} catch (error) {
		plain();
	}
}
