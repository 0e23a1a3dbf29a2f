/* SPDX-License-Identifier: MIT */
/* rank.js: putting choices in order by buttons. The lists of places stay in the page, hidden, and hold what is sent.
 *
 * Each li.rank__item becomes: span.rank__place (its number, empty when it has none), its label, and span.rank__buttons
 * with three buttons: .rank__up and .rank__down (hidden when it has no number; aria-disabled at the ends, so that the
 * focus is not lost there) and .rank__toggle ("Choose next", or "Take out"). Items with a number stand first, in order. */
import { $, all, el, fill, hidden, on, status, undoWith, words } from './page.js';

function button(className, name) {
	const element = el(`button.govuk-button.govuk-button--secondary.${className}`, el('span'), ' ', hidden(name));
	element.type = 'button';
	return element;
}

const call = (element, text) => { element.firstChild.textContent = text; };

function arrange(list) {
	const heard = status('p.govuk-visually-hidden');
	const items = all('.rank__item', list).map((item) => {
		const select = item.querySelector('select');
		const name = select.labels[0].textContent;
		const place = el('span.rank__place');
		const [up, down, toggle] = ['up', 'down', 'toggle'].map((kind) => button(`rank__${kind}`, name));
		const buttons = el('span.rank__buttons', up, down, toggle);
		call(up, words.rankUp);
		call(down, words.rankDown);
		select.hidden = true;
		item.tabIndex = -1;
		item.prepend(place);
		item.append(buttons);
		return { item, select, name, place, up, down, toggle, buttons };
	});
	let order = items.filter(({ select }) => select.value).sort((a, b) => a.select.value - b.select.value);
	const show = () => {
		list.append(...[...order, ...items.filter((one) => !order.includes(one))].map(({ item }) => item));
		for (const one of items) {
			const at = order.indexOf(one);
			one.select.value = one.place.textContent = at < 0 ? '' : at + 1;
			one.up.hidden = one.down.hidden = at < 0;
			one.up.setAttribute('aria-disabled', at === 0);
			one.down.setAttribute('aria-disabled', at === order.length - 1);
			call(one.toggle, at < 0 ? words.rankAdd : words.rankRemove);
		}
	};
	/* Puts ONE to the place TO, counted from 0; nowhere when that is past the end of those that have one. */
	const move = (one, to, pressed) => {
		if (to < 0 || to > order.length) return;
		order = order.filter((other) => other !== one);
		if (to <= order.length) order.splice(to, 0, one);
		show();
		const at = order.indexOf(one);
		/* On to the next choice, or, behind the last, to the row: the button that was pressed would now take out again. */
		const next = pressed === one.toggle && at >= 0 && items.find((other) => !order.includes(other));
		(next ? next.toggle : pressed === one.toggle && at >= 0 ? one.item : pressed).focus();
		const holes = { choice: one.name, n: at + 1, total: items.length };
		heard.textContent = fill(at < 0 ? words.rankRemoved : words.rankPlaced, holes);
		one.select.dispatchEvent(new Event('change', { bubbles: true }));
	};
	for (const one of items) {
		const at = () => order.indexOf(one);
		on(one.up, 'click', () => move(one, at() - 1, one.up));
		on(one.down, 'click', () => at() < order.length - 1 && move(one, at() + 1, one.down));
		on(one.toggle, 'click', () => move(one, order.length, one.toggle));
	}
	show();
	list.after(heard);
	const how = $(`${list.id}-how`), byNumbers = how.textContent;
	how.textContent = words.rankHint;
	undoWith(() => {
		heard.remove();
		how.textContent = byNumbers;
		for (const { item, select, place, buttons } of items) {
			place.remove();
			buttons.remove();
			item.removeAttribute('tabindex');
			select.hidden = false;
			list.append(item);
		}
	});
}

export function rankByButtons() {
	all('.rank').forEach(arrange);
}
