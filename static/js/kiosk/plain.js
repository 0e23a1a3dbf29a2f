/* SPDX-License-Identifier: MIT */
/* plain.js: one page, in one window. A touch with Shift held down, or a mouse's middle button, would make a browser open a window of
 * its own with an address bar, or a page behind this one that nobody could close: on a kiosk each is a plain touch or nothing. No flag or
 * policy of Chromium forbids these two; what else could lead out it is told itself (kiosk-config/chromium). */

const active = 'a[href], area[href], button, input[type="submit"], input[type="button"], input[type="image"], summary';

function plain(event) {
	if (!event.isTrusted) return;
	const target = event.target.closest && event.target.closest(active);
	if (!target || !(event.button || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey)) return;
	event.preventDefault();
	event.stopImmediatePropagation();
	if (!event.button) setTimeout(() => target.click()); /* once more, as a plain one; within this event Chromium takes none */
}

/* Keys that mean something to a browser and nothing to a form. Shift and the third sign of a key (AltGraph) write. */
function still(event) {
	const isOrder = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
	if (isOrder || /^(F[0-9]+|Browser.*|Launch.*|ContextMenu|Help|PrintScreen)$/.test(event.key)) event.preventDefault();
}

export function beginPlain() {
	addEventListener('keydown', still, true);
	for (const name of ['click', 'auxclick']) addEventListener(name, plain, true);
	/* A menu of the browser's is no part of the page; what is dragged could be dropped as an address. */
	for (const name of ['contextmenu', 'dragstart', 'drop', 'dragover']) addEventListener(name, (event) => event.preventDefault(), true);
}
