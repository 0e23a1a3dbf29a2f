/* SPDX-License-Identifier: MIT */
/* keyboard.js: a keyboard on the screen, for whatever is typed. The browser in the hall has none (cage shows none), and a tablet's own would
 * learn the words of one person and offer them to the next.
 *
 * It comes when a field is touched, in a row of the page of its own, so that it covers nothing. Keys are real buttons, which touch, mouse,
 * keyboard, switch and screen reader press alike; the focus stays in the field while they are touched. For two switches it is scanned by
 * rows: Tab goes from row to row, Enter enters one, Tab goes from key to key, Enter types, and then the rows begin again. Physical keyboards
 * go on as they were. simple-keyboard draws the rows; what a key does is typing.js, and no text is kept here. */
import SimpleKeyboard from 'simple-keyboard/build/index.modern.esm';
import { $, all, el, fill, root, state, status, undoWith } from '../form/page.js';
import { controls, fieldName, kindOf } from '../form/answers.js';
import { accents, digits, layoutFor, layouts, signs } from './layouts.js';
import { isListening, say, spell } from '../listen/listen.js';
import { erase, insert } from './typing.js';

const typed = '.question textarea, .question input[type="text"], .question input:not([type])';
const languagesInRow = 7;

let words;             /* dataset of #kioskWords */
let panel, keyboard, heard;
let field;             /* where keys type */
let growth;            /* watches the sizes of the field and of the room that it has */
let layout, layer;     /* of layouts; 'letters', 'shifted', 'accents', 'accentsShifted', 'signs', 'languages', 'digits' */
let isTouched = false, isClosing = false; /* a finger is on the screen; the keys go when it is off */
const byHand = new WeakSet(); /* fields in which somebody has typed with a keyboard of their own */

export const isTypedField = (target) => Boolean(target.matches && target.matches(typed) && !target.hidden);

const isNumber = (one) => ['integer', 'decimal', 'date'].includes(kindOf(one));
const isShifted = () => layer === 'shifted' || layer === 'accentsShifted';
const isAccents = () => layer === 'accents' || layer === 'accentsShifted';
const isOfLetters = () => ['letters', 'shifted'].includes(layer) || isAccents();

/* ---- Rows ---------------------------------------------------------------------------------------------------------- */

/* The minus and the decimal mark, where the field takes them. */
function marksOf(one) {
	const { min, decimals } = one.dataset, kind = kindOf(one);
	if (kind === 'date') return [];
	return [...(min && Number(min) >= 0 ? [] : ['-']), ...(kind === 'decimal' || decimals ? ['.'] : [])];
}

/* A letter that has no capital (\u00df) stays as it is. */
const capital = (key) => (key.toLocaleUpperCase(layout.tag).length > key.length ? key : key.toLocaleUpperCase(layout.tag));
const upper = (rows) => rows.map((row) => row.map(capital));

function languageRows() {
	const rows = [];
	for (let i = 0; i < layouts.length; i += languagesInRow) rows.push(layouts.slice(i, i + languagesInRow).map(({ tag }) => `{to-${tag}}`));
	return rows;
}

/* What stands on the keys of each row, and below them those that do something. */
function rowsNow() {
	if (layer === 'digits') return [...digits(marksOf(field)), ['{delete}', '{done}']];
	const rows = {
		letters: () => layout.rows,
		shifted: () => layout.shifted,
		accents: () => accents,
		accentsShifted: () => upper(accents),
		signs: () => [signs[0], ...(layout.signs.length ? [layout.signs] : []), ...signs.slice(1)],
		languages: languageRows,
	}[layer]();
	const isMany = field.localName === 'textarea';
	const tools = ['{shift}', layout.isLatin && '{accents}', '{signs}', '{languages}', '{space}', '{delete}', isMany && '{line}', '{done}'];
	const isKept = (tool) => tool && (tool !== '{shift}' || isOfLetters());
	return [...rows, tools.filter(isKept)];
}

/* What is written on a key that does something, and what it is called where that says too little. */
function toolNames() {
	const back = ['abc', words.letters], ofLetters = layout.rows[layout.rows.length - 1].slice(0, 3).join(' ');
	const letters = layout.isLatin ? back : [ofLetters, words.letters];
	return {
		'{shift}': layout.isCased || isAccents() ? ['⇧', words.capitals] : ['⇧', words.more],
		'{accents}': isAccents() ? letters : ['áéí', words.accents],
		'{signs}': layer === 'signs' ? letters : ['123', words.signs],
		'{languages}': layer === 'languages' ? letters : [layout.name, words.languages],
		'{space}': [words.space],
		'{delete}': ['⌫', words.delete],
		'{line}': ['↵', words.line],
		'{done}': [words.done],
	};
}

/* A mark that has no width of its own stands on a circle. */
const shown = (key) => layout.called[key] || (/^\p{M}/u.test(key) ? `\u25cc${key}` : key);

/* ---- Drawing ------------------------------------------------------------------------------------------------------- */

function describeKey(button, tools) {
	const key = button.dataset.skbtn;
	const language = key.startsWith('{to-') && layouts.find(({ tag }) => key === `{to-${tag}}`);
	button.type = 'button';
	button.tabIndex = -1;
	button.dir = 'auto';
	if (language) {
		button.lang = language.tag;
		button.setAttribute('aria-pressed', language === layout);
	} else if (tools[key]) {
		const [text, name] = tools[key];
		button.classList.add('keys__tool', `keys__${key.slice(1, -1)}`);
		if (name) button.setAttribute('aria-label', /^\p{L}|^\d/u.test(text) ? `${text}: ${name}` : name);
		if (key === '{shift}') button.setAttribute('aria-pressed', isShifted());
	} else {
		button.lang = layer === 'signs' || layer === 'digits' ? root.lang : layout.tag;
	}
}

/* Each row is one stop, a button over the whole of it; its keys are stops when somebody has entered it. */
function describeRow(row, number, tools) {
	const keys = all('.hg-button', row);
	/* Rows that are the same as before are not drawn anew. */
	all('.keys__row', row).forEach((one) => one.remove());
	keys.forEach((key) => describeKey(key, tools));
	const names = keys.map((key) => key.getAttribute('aria-label') || key.textContent).join(' ');
	const whole = el('button.keys__row');
	whole.type = 'button';
	whole.setAttribute('aria-label', fill(words.row, { n: number, keys: names }));
	whole.addEventListener('click', () => enter(row));
	row.prepend(whole);
	/* Keys of a script that runs from right to left stand as on its own keyboards: from left to right. */
	row.dir = 'ltr';
}

function draw() {
	const hadFocus = panel.contains(document.activeElement);
	const rows = rowsNow(), tools = toolNames();
	const display = Object.fromEntries(Object.entries(tools).map(([key, [text]]) => [key, text]));
	rows.flat().forEach((key) => { if (!display[key]) display[key] = shown(key); });
	layouts.forEach(({ tag, name }) => { display[`{to-${tag}}`] = name; });
	panel.dataset.layer = layer;
	keyboard.setOptions({ layout: { default: rows.map((row) => row.join(' ')) }, layoutName: 'default', display });
	all('.hg-row', panel).forEach((row, i) => describeRow(row, i + 1, tools));
	if (hadFocus) startScan();
}

const turnTo = (name) => {
	layer = name;
	draw();
};

/* ---- Scanning ------------------------------------------------------------------------------------------------------ */

function leaveRows(but) {
	all('.hg-row', panel).forEach((row) => {
		if (row === but) return;
		row.classList.remove('keys__entered');
		all('.hg-button', row).forEach((key) => { key.tabIndex = -1; });
	});
}

function enter(row) {
	leaveRows(row);
	row.classList.add('keys__entered');
	all('.hg-button', row).forEach((key) => { key.tabIndex = 0; });
	row.querySelector('.hg-button').focus();
}

function startScan() {
	leaveRows();
	panel.querySelector('.keys__row').focus();
}

function heardRow(keys) {
	const letters = keys.filter((key) => !key.startsWith('{')), names = toolNames();
	if (letters.length) spell(letters.map(capital).join(''));
	else say(keys.filter((key) => names[key]).map((key) => names[key][1] || names[key][0]).join(' '));
}

/* Rows and keys are heard as the scan comes to them: letters by their names, what does something by what it does. Nothing of what was typed
 * ever is. */
function heardAt(event) {
	if (!isListening()) return;
	event.stopPropagation();
	const { target } = event, key = target.dataset.skbtn, tool = toolNames()[key];
	if (tool) say(tool[1] || tool[0]);
	else if (key) spell(capital(key));
	else heardRow(all('.hg-button', target.closest('.hg-row')).map((one) => one.dataset.skbtn));
}

/* Arrow keys go from key to key, for whoever has them. */
function moved(event) {
	const { key, target } = event;
	if (key === 'Escape') {
		event.preventDefault();
		close();
		return;
	}
	const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
	const row = step && target.closest('.hg-row');
	if (!row) return;
	event.preventDefault();
	const rows = all('.hg-row', panel), keys = all('.hg-button', row);
	const at = Math.max(keys.indexOf(target), 0);
	const next = rows[(rows.indexOf(row) + step[0] + rows.length) % rows.length];
	const others = all('.hg-button', next);
	const place = step[0] ? Math.round((at / Math.max(keys.length - 1, 1)) * (others.length - 1)) : (at + step[1] + keys.length) % keys.length;
	if (next !== row || !row.classList.contains('keys__entered')) enter(next);
	others[target.matches('.keys__row') && !step[0] ? 0 : place].focus();
}

/* ---- Keys ---------------------------------------------------------------------------------------------------------- */

function shift() {
	turnTo({ letters: 'shifted', shifted: 'letters', accents: 'accentsShifted', accentsShifted: 'accents' }[layer]);
}

function type(text) {
	insert(field, text);
	/* The field is elsewhere then: somebody who does not see it hears the letter. */
	if (panel.contains(document.activeElement)) heard.textContent = shown(text);
	if (isShifted()) shift();
}

const tools = {
	'{shift}': shift,
	'{accents}': () => turnTo(isAccents() ? 'letters' : 'accents'),
	'{signs}': () => turnTo(layer === 'signs' ? 'letters' : 'signs'),
	'{languages}': () => turnTo(layer === 'languages' ? 'letters' : 'languages'),
	'{space}': () => type(' '),
	'{line}': () => type('\n'),
	'{delete}': () => erase(field),
	'{done}': () => close(),
};

function pressed(key, event) {
	keyboard.clearInput();
	if (!field || state.isGone) return;
	const row = event && event.target.closest && event.target.closest('.hg-row');
	const isScanned = panel.contains(document.activeElement);
	if (tools[key]) {
		tools[key]();
	} else if (key.startsWith('{to-')) {
		layout = layouts.find(({ tag }) => key === `{to-${tag}}`);
		turnTo('letters');
	} else {
		type(key);
	}
	/* By switch or keyboard: the rows again from the first. A key that is pressed by touch leaves the focus in the field. */
	if (isScanned && row && !panel.hidden && event.detail === 0) startScan();
}

/* ---- Coming and going ---------------------------------------------------------------------------------------------- */

const openerOf = (one) => one.closest('.question').querySelector(`.keys__open[data-for="${CSS.escape(fieldName(one))}"]`);

/* The question above what is typed, where there is room for both: when the field is chosen, and when rows or text have grown. */
function showField() {
	if (!field) return;
	field.closest('.question').scrollIntoView({ block: 'start' });
	field.scrollIntoView({ block: 'nearest' });
}

function open(one, isScanned = false) {
	const isOther = field !== one;
	field = one;
	if (isOther && growth) {
		growth.disconnect();
		[$('main'), field].forEach((box) => growth.observe(box));
	}
	isClosing = false;
	if (panel.hidden || isOther) {
		const wanted = isNumber(one) ? 'digits' : 'letters';
		panel.hidden = false;
		root.classList.add('with-keys');
		layer = wanted === 'digits' || layer === 'digits' || !layer ? wanted : layer;
		draw();
	}
	showField();
	if (isScanned) startScan();
	else if (document.activeElement !== field) field.focus();
}

function close() {
	isClosing = false;
	if (panel.hidden) return;
	const hadFocus = panel.contains(document.activeElement), last = field;
	panel.hidden = true;
	root.classList.remove('with-keys');
	layer = undefined;
	field = undefined;
	if (growth) growth.disconnect();
	heard.textContent = '';
	if (hadFocus && last.getClientRects().length) last.focus();
}

function closeSoon() {
	if (isTouched) isClosing = true;
	else close();
}

/* A button behind each field, for whoever does not touch the field. */
function addOpener(one) {
	const name = fieldName(one), list = controls.get(name);
	if (one !== list[0]) return;
	const opener = el('button.govuk-button.govuk-button--secondary.keys__open', words.open);
	opener.type = 'button';
	opener.dataset.for = name;
	opener.addEventListener('click', (event) => {
		const wanted = list.find((other) => !other.value) || one;
		open(wanted, event.detail === 0);
	});
	(one.closest('.govuk-date-input, .govuk-character-count, .govuk-input__wrapper') || one).after(opener);
	undoWith(() => {
		close();
		opener.remove();
	});
}

/* A tablet's own keyboard stays away. */
function keepAway(one) {
	const { inputMode } = one;
	one.inputMode = 'none';
	undoWith(() => { one.inputMode = inputMode; });
}

/* Enter in a field in which nobody has typed: whoever has only two switches wants to write there. */
export function enterField(target) {
	if (!isTypedField(target) || byHand.has(target) || !panel) return false;
	open(target, true);
	return true;
}

export function beginKeyboard(dataset) {
	words = dataset;
	layout = layoutFor(root.lang);
	panel = el('section.keys', el('div.keys__rows'));
	panel.id = 'kioskKeys';
	panel.hidden = true;
	panel.setAttribute('aria-label', words.title);
	heard = status('p.govuk-visually-hidden');
	panel.append(heard);
	$('kioskBar').before(panel);
	keyboard = new SimpleKeyboard(panel.firstChild, {
		layout: { default: ['{space}'] },
		theme: 'keys__inner',
		useButtonTag: true,
		useMouseEvents: true,
		disableButtonHold: true,
		disableCaretPositioning: true,
		disableRowButtonContainers: true,
		onKeyPress: pressed,
		onChange: () => keyboard.clearInput(),
	});
	/* The focus, and with it the caret, stays in the field. */
	panel.addEventListener('mousedown', (event) => event.preventDefault());
	panel.addEventListener('keydown', moved);
	panel.addEventListener('focusin', heardAt);
	panel.addEventListener('focusout', ({ relatedTarget }) => { if (!panel.contains(relatedTarget)) leaveRows(); });
	if (window.ResizeObserver) growth = new ResizeObserver(showField);
	const fields = all(typed);
	fields.forEach((one) => {
		keepAway(one);
		addOpener(one);
	});
	document.addEventListener('click', ({ target, detail }) => { if (detail && isTypedField(target)) open(target); });
	document.addEventListener('focusin', ({ target }) => {
		if (panel.hidden || panel.contains(target) || target.closest('dialog, [popover]')) return;
		if (isTypedField(target)) open(target);
		else if ($('main').contains(target) && target !== openerOf(field)) closeSoon();
	});
	/* A touch on Continue moves the focus there: the page stays as it is until the finger is off it, or it would hit something else. */
	document.addEventListener('pointerdown', () => { isTouched = true; }, true);
	['pointerup', 'pointercancel'].forEach((type) => document.addEventListener(type, () => setTimeout(() => {
		isTouched = false;
		if (isClosing) close();
	}), true));
	document.addEventListener('keydown', ({ key, target, isTrusted }) => {
		if (isTrusted && key.length === 1 && isTypedField(target)) byHand.add(target);
	}, true);
	document.addEventListener('soundings:step', close);
	document.addEventListener('soundings:end', close);
}
