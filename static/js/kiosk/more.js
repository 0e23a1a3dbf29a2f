/* SPDX-License-Identifier: MIT */
/* more.js: a way to what lies below without dragging (WCAG 2.5.7): where a part of the page scrolls, a button beside it says so and turns on by
 * most of its height, and from the end back to the top. Keyboards and switches scroll by the focus, so it is no stop of theirs. */
import { $, all, el, root } from '../form/page.js';

const slack = 8; /* px that nobody misses */

/* A button for SCROLLER, which PUT puts into the page; with IS_APART it takes room from it. */
function watch(scroller, words, isApart, put) {
	const button = el('button.more');
	let isAtEnd = false, isDue = false;
	button.type = 'button';
	button.tabIndex = -1;
	button.hidden = true;
	put(button);
	const look = () => {
		isDue = false;
		const { scrollHeight, clientHeight, scrollTop } = scroller;
		const room = scrollHeight - clientHeight;
		const isTyping = isApart && root.classList.contains('with-keys');
		const isLong = !isTyping && room - (isApart && !button.hidden ? button.offsetHeight : 0) > slack;
		isAtEnd = scrollTop >= room - slack;
		if (button.hidden === isLong) button.hidden = !isLong;
		const text = isAtEnd ? words.up : words.more;
		if (button.textContent !== text) button.textContent = text;
		button.classList.toggle('more--up', isAtEnd);
	};
	const soon = () => {
		if (!isDue) requestAnimationFrame(look);
		isDue = true;
	};
	button.addEventListener('mousedown', (event) => event.preventDefault()); /* the focus stays where it is */
	button.addEventListener('click', () => {
		if (isAtEnd) scroller.scrollTop = 0;
		else scroller.scrollTop += scroller.clientHeight * 0.8;
	});
	scroller.addEventListener('scroll', soon, { passive: true });
	new ResizeObserver(soon).observe(scroller);
	new MutationObserver(soon).observe(scroller, { attributes: true, attributeFilter: ['hidden', 'open', 'class'], childList: true, subtree: true });
	new MutationObserver(soon).observe(root, { attributes: true, attributeFilter: ['class'] });
	soon();
}

export function beginMore() {
	const words = $('kiosk').dataset;
	if (!words.more || !window.ResizeObserver) return;
	watch($('main'), words, true, (button) => $('kioskBar').before(button));
	for (const body of all('.panel__body')) watch(body, words, false, (button) => body.parentElement.querySelector('.panel__foot').prepend(button));
}
