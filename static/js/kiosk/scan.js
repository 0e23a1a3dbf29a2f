/* SPDX-License-Identifier: MIT */
/* scan.js: everything with two switches: one that goes on (Tab), one that chooses (Enter). A browser lets nobody come past the first of a
 * group of radios with Tab, and chooses with Space; so here each radio is a stop of its own, and Enter chooses. Arrow keys and Space do what
 * they always do. */
import { all, form } from '../form/page.js';

const isChoice = (target) => target.matches && target.matches('#answers [type="radio"], #answers [type="checkbox"]');
const isRadio = (target) => isChoice(target) && target.type === 'radio';

/* The radios of a field that can be come to, in order. */
const groupOf = (radio) => all('[type="radio"]', form).filter((one) => one.name === radio.name && one.getClientRects().length);

let tabbed; /* the key that moved the focus last: {from, isBack} */

/* ENTER(target) may take the key for itself. */
function pressed(event, enter) {
	const { key, target } = event;
	if (event.ctrlKey || event.altKey || event.metaKey) return;
	tabbed = key === 'Tab' ? { from: target, isBack: event.shiftKey } : undefined;
	if (key === 'Tab' && isRadio(target)) {
		const group = groupOf(target), next = group[group.indexOf(target) + (event.shiftKey ? -1 : 1)];
		if (next) {
			event.preventDefault();
			next.focus();
		}
	} else if (key === 'Enter' && (isChoice(target) || enter(target))) {
		event.preventDefault();
		event.stopPropagation();
		if (isChoice(target) && !event.repeat) target.click();
	}
}

/* Into a group by Tab: to its first radio, whichever is chosen, or backwards to its last; else some would be passed over. */
function entered({ target }) {
	if (!tabbed || !isRadio(target)) return;
	const { from, isBack } = tabbed, group = groupOf(target);
	tabbed = undefined;
	const first = group[isBack ? group.length - 1 : 0];
	if (!group.includes(from) && first !== target) first.focus();
}

export function beginScan(enter) {
	if (!form) return;
	document.addEventListener('keydown', (event) => pressed(event, enter), true);
	document.addEventListener('focusin', entered);
}
