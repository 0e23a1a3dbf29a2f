/* SPDX-License-Identifier: MIT */
/* view.js: bigger text, high contrast, listening. They are state of this page alone: classes on <html>, and hidden fields that every submit
 * brings along. Without this script the buttons are submits of the same names; here they change the page in place. On pages before the form
 * they stay submits, since the ways on from there are links as long as nothing is set. */
import { $, all, el, fill, form, root, status } from '../form/page.js';
import { isListening, turnListening } from '../listen/listen.js';

const sizes = 3;

/* What every submit from now on says of NAME. */
function remember(name, value) {
	all(`input[type="hidden"][name="${name}"]`).forEach((field) => { field.value = value; });
}

/* The button of a state that is on or off; without the script its value is what it asks for. */
function press(button, name, isOn) {
	button.setAttribute('aria-pressed', isOn);
	button.value = isOn ? 0 : 1;
	remember(name, isOn ? 1 : 0);
}

function beginSize(button, words) {
	const heard = status('p.govuk-visually-hidden');
	let size = [3, 2, 1].find((one) => one === 1 || root.classList.contains(`size-${one}`));
	const { size: bigger, sizeBack: back } = $('kiosk').dataset;
	$('kioskBar').after(heard);
	button.addEventListener('click', (event) => {
		event.preventDefault();
		size = (size % sizes) + 1;
		for (let one = 2; one <= sizes; one++) root.classList.toggle(`size-${one}`, one === size);
		button.value = (size % sizes) + 1;
		button.querySelector('span').textContent = size === sizes ? back : bigger;
		remember('view-size', size);
		heard.textContent = fill(words.size, { n: size });
		/* What was being read stays in sight, although all of it has moved. */
		const { activeElement } = document;
		if (activeElement !== button && activeElement !== document.body) activeElement.scrollIntoView({ block: 'nearest' });
	});
}

function beginToggle(button, name, isOn, turn) {
	press(button, name, isOn());
	button.addEventListener('click', (event) => {
		event.preventDefault();
		turn(!isOn());
		press(button, name, isOn());
	});
}

/* There is nothing to listen to yet: that is said, and nothing else happens. */
function beginSilence(button, words) {
	const said = status('p');
	button.addEventListener('click', (event) => {
		event.preventDefault();
		if (!said.textContent) document.querySelector('.top').append(el('div.wrap', said));
		setTimeout(() => { said.textContent = words.silent; }); /* a status that comes with its words is not heard */
	});
}

/* HAS_SOUND: there is something to listen to. */
export function beginView(words, hasSound) {
	if (!form) return;
	const [size, contrast, listen] = ['kioskSize', 'kioskContrast', 'kioskListen'].map($);
	if (size) beginSize(size, words);
	if (contrast) {
		beginToggle(contrast, 'view-contrast', () => root.classList.contains('contrast'), (isOn) => root.classList.toggle('contrast', isOn));
	}
	if (listen && hasSound) beginToggle(listen, 'view-listen', isListening, turnListening);
	else if (listen) beginSilence(listen, words);
}
