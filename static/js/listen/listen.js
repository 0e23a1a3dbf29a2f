/* SPDX-License-Identifier: MIT */
/* listen.js: reads the page out: what is in sight, in its order, mistakes first; play and stop, again, quieter and louder.
 *
 * Nothing is spoken here: the page names a sound for each of its texts (#pageSounds), made when the form was published. So what is heard
 * is found in what is shown, piece by piece, and what has no sound (above all what somebody has typed) is never heard. Without this
 * script each question has the browser's own player; with it those go. Nothing is stored; a new page is as loud as the first. */
import { $, all, el, fill, root } from '../form/page.js';
import { piecesOf, soundsOf, spelled } from './pieces.js';

const LOUDNESS = [0.15, 0.3, 0.5, 0.7, 0.85, 1], USUAL = 3;

let words;            /* dataset of #pageSounds */
let sounds;           /* text -> name of its sound */
let extension;        /* of the format that this browser plays */
let player, coming;   /* the sound that is heard, and the one behind it on its way */
let queue = [], place = 0;
let marked;
let loudness = USUAL;
let isOn = false, isPlaying = false;
let bar, playing, said;

const address = (name) => `/sound/${name}.${extension}`;

function unmark() {
	if (marked) marked.classList.remove('spoken');
	marked = undefined;
}

function describe() {
	if (!bar) return;
	bar.hidden = !isOn;
	playing.textContent = isPlaying ? words.stop : words.play;
	bar.dataset.state = isPlaying ? 'playing' : 'still';
}

/* What is being heard ends at once. */
export function hush() {
	isPlaying = false;
	queue = [];
	if (player) player.pause();
	unmark();
	describe();
}

function next() {
	unmark();
	if (!isPlaying || place >= queue.length) {
		hush();
		return;
	}
	const { name, element } = queue[place++];
	if (element) {
		marked = element;
		marked.classList.add('spoken');
		if (element.scrollIntoView) element.scrollIntoView({ block: 'nearest' });
	}
	player.src = address(name);
	player.volume = LOUDNESS[loudness];
	if (queue[place]) {
		coming = new Audio();
		coming.preload = 'auto';
		coming.src = address(queue[place].name);
	}
	/* A browser that wants a touch first says so here: then the button waits for one. A sound that is missing is passed over ("error"). */
	player.play().catch((error) => { if (error.name === 'NotAllowedError') hush(); });
}

function begin(pieces) {
	if (player) player.pause();
	unmark();
	queue = pieces;
	place = 0;
	isPlaying = pieces.length > 0;
	describe();
	if (isPlaying) next();
}

/* Reads out what SOURCE shows: an element, or a text; nothing else than has a sound. */
export function say(source) {
	if (!sounds || !isOn) return;
	begin(piecesOf(source, sounds));
}

/* Reads out TEXT sign by sign, as receipts are: the keys of a keyboard. */
export function spell(text) {
	if (sounds && isOn) begin(spelled(text, sounds).map((name) => ({ name })));
}

/* The page as it stands: an open dialog alone, else the middle of the page. */
export function sayPage() {
	const dialog = document.querySelector('dialog[open]');
	say(dialog || $('main'));
}

function louder(by) {
	loudness = Math.min(Math.max(loudness + by, 0), LOUDNESS.length - 1);
	if (player) player.volume = LOUDNESS[loudness];
	said.textContent = fill(words.volume, { n: loudness + 1, total: LOUDNESS.length });
	all('[data-by]', bar).forEach((one) => {
		one.setAttribute('aria-disabled', loudness + Number(one.dataset.by) < 0 || loudness + Number(one.dataset.by) >= LOUDNESS.length);
	});
}

/* Listening is on or off for as long as this page is shown. */
export function turnListening(isWanted) {
	isOn = Boolean(isWanted && sounds);
	root.classList.toggle('listening', isOn);
	if (isOn) sayPage();
	else hush();
	describe();
}

export const isListening = () => isOn;

/* How far the reading has come; '' while nothing is read. It stays the same while a sound does not come. */
export const heardTo = () => (isPlaying ? `${place} ${player.currentTime}` : '');

function button(content, className, action) {
	const one = el(`button.listen__button.${className}`, content);
	one.type = 'button';
	one.addEventListener('click', action);
	return one;
}

function buildBar() {
	playing = button(words.play, 'listen__play', () => (isPlaying ? hush() : sayPage()));
	const again = button(words.again, 'listen__again', sayPage);
	const [less, more] = [-1, 1].map((by) => {
		const sign = el('span', by < 0 ? '−' : '+');
		const one = button(sign, by < 0 ? 'listen__less' : 'listen__more', () => louder(by));
		sign.setAttribute('aria-hidden', 'true');
		one.append(el('span.listen__word', by < 0 ? words.quieter : words.louder));
		one.dataset.by = by;
		return one;
	});
	said = el('p.govuk-visually-hidden');
	said.setAttribute('role', 'status');
	bar = el('div.listen', playing, again, less, more, said);
	bar.id = 'listenBar';
	bar.setAttribute('role', 'region');
	bar.setAttribute('aria-label', words.label);
	/* A phone's page scrolls below it; a kiosk's scrolls in the middle alone. */
	const top = root.classList.contains('kiosk') && document.querySelector('.top');
	if (top) top.append(bar);
	else $('main').before(bar);
}

/* What the name of a control says, when somebody comes to it by keyboard or switch. */
function focused(event) {
	const { target } = event;
	if (!isOn || !target.matches(':focus-visible') || target.closest('.listen')) return;
	if (target.matches('h1, h2, h3, main, dialog, .govuk-error-summary, .not-saved')) return; /* all is read from there on */
	begin(piecesOf((target.labels && target.labels[0]) || target, sounds, true));
}

/* An answer is confirmed: what was chosen, and that it is. */
function changed({ target }) {
	const label = target.labels && target.labels[0];
	if (!isOn || !label || !target.matches('[type="radio"], [type="checkbox"]')) return;
	begin([...piecesOf(label, sounds, true), ...piecesOf(target.checked ? words.chosen : words.notChosen, sounds)]);
}

/* Any action stops what is heard; a key that moves the focus is followed by what it leads to. */
function acted(event) {
	if (!isPlaying || (event.target.closest && event.target.closest('.listen'))) return;
	hush();
}

function shown() {
	if (isOn) sayPage();
}

/* Makes the page readable aloud, where it has sounds. Listening is on where the page says so: class "listening" on <html>. Gives
 * whether there is anything to hear. */
export function beginListening() {
	const list = $('pageSounds');
	if (!list || typeof Audio !== 'function') return false;
	words = list.dataset;
	sounds = soundsOf(list);
	player = new Audio();
	extension = player.canPlayType('audio/ogg; codecs=opus') ? 'opus' : 'mp3';
	player.addEventListener('ended', next);
	player.addEventListener('error', () => { if (isPlaying && player.getAttribute('src')) next(); });
	/* Stopped from elsewhere: by a key for sounds, a headset, another program. Each sound that ends pauses, too. */
	player.addEventListener('pause', () => { if (isPlaying && player.paused && !player.ended) hush(); });
	all('audio.sound').forEach((one) => one.remove());
	buildBar();
	louder(0);
	said.textContent = '';
	document.addEventListener('pointerdown', acted, true);
	document.addEventListener('keydown', acted, true);
	document.addEventListener('input', acted, true);
	document.addEventListener('focusin', focused);
	document.addEventListener('change', changed);
	for (const name of ['soundings:step', 'soundings:mistakes', 'soundings:end']) document.addEventListener(name, shown);
	window.addEventListener('pagehide', hush);
	document.addEventListener('visibilitychange', () => { if (document.hidden) hush(); });
	turnListening(root.classList.contains('listening'));
	return true;
}

/* As loud as for a new person, and still. */
export function resetListening() {
	hush();
	loudness = USUAL;
	if (bar) louder(0);
}
