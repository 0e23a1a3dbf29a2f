/* SPDX-License-Identifier: MIT */
/* wipe.js: the end of a session. Whatever somebody has typed or chosen goes from the page first, then the page itself, then whoever
 * supervises the browser is told; what comes next begins at the start. Nothing of it is ever sent. */
import { $, all, start, state } from '../form/page.js';
import { giveUp } from '../form/send.js';
import { resetListening } from '../listen/listen.js';

const { dataset } = $('kiosk') || {};

/* Nobody waits for the answer: without one the machine's session finds out for itself, and elsewhere there is none. */
export function post(url) {
	fetch(url, { method: 'POST', keepalive: true, credentials: 'omit', cache: 'no-store', redirect: 'error' }).catch(() => {});
}

export function wipe() {
	if (state.isGone) return;
	state.isGone = true; /* nothing else happens on this page, above all no other attempt to send */
	giveUp();
	resetListening();
	for (const control of all('input, textarea, select')) {
		/* Not reset alone: that would bring back what came with the page. */
		control.defaultValue = control.value = '';
		control.defaultChecked = control.checked = false;
		control.selectedIndex = -1;
		control.remove();
	}
	document.title = '\u2060';
	document.body.replaceChildren();
	if (dataset.end) post(dataset.end);
	location.replace(start);
}
