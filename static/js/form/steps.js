/* SPDX-License-Identifier: MIT */
/* steps.js: one question, or a few that belong together, at a time; back and forth; check your answers.
 *
 * The phone's own Back leads a step back, since each step is an entry in the history, all at the same address. The first
 * step has none before it: Back there leaves the page, as everywhere. */
import { $, all, baseTitle, el, fill, form, hidden, root, tell, toTop, undoWith, words } from './page.js';
import { chosen, controls, isRefusal, isTyped, kindOf, legendOf, questionOf, questions, weigh, wordsOf } from './answers.js';
import { offerClearing } from './helps.js';
import { adoptSummary, check, forgetSummary, summarise } from './mistakes.js';
import { readDate } from './typed.js';

let steps = [];          /* {name, section, blocks, isPause, heading} */
let current;
let depth = 0;           /* our entries in the history before this one */
let isReturning = false; /* a change was asked for on the check page: Continue leads back to it */
let seen = new Set();    /* steps that stood on the check page when it was last shown, or were shown since */
let way, marks, place, next, onward, skip, showClearing, checkPage, answers;
let whenShown = () => {};

export const historyDepth = () => depth;
const last = () => steps[steps.length - 1]; /* the check page */
export const isAtCheck = () => current === last();

const asked = (step) => step.blocks.map(questionOf).filter((one) => one && one.isAsked && one.names.length);
const following = (step) => steps.slice(steps.indexOf(step) + 1).find(isOpen);
const preceding = (step) => steps.slice(0, steps.indexOf(step)).reverse().find(isOpen);
const named = (name) => steps.find((step) => step.name === name && isOpen(step));

function isOpen(step) {
	if (step.isPause) return questions.some((one) => one.isAsked && one.names.length && step.section.contains(one.block));
	return !step.section || asked(step).length > 0;
}

/* Intro and notes go with the question after them. The intro of answers that are kept apart is a step of its own, where
 * all of them can be skipped. */
function collectSection(section) {
	const head = section.querySelector('.part__head');
	const isPause = section.classList.contains('part--apart') && head.querySelector('p');
	let lead = !isPause && head.querySelector('p') ? [head] : [];
	if (isPause) steps.push({ name: section.id, section, blocks: [head], isPause: true });
	for (const block of all('.question', section)) {
		const previous = steps[steps.length - 1];
		const name = block.dataset.step || block.id;
		if (previous.section === section && previous.name === name) previous.blocks.push(block);
		else if (!questionOf(block).names.length) lead.push(block);
		else {
			steps.push({ name, section, blocks: [...lead, block] });
			lead = [];
		}
	}
	steps[steps.length - 1].blocks.push(...lead);
}

/* ---- Showing a step ----------------------------------------------------------------------------------------------- */

/* The first heading of a step is the page's first heading; those below it come second. */
function retag(heading, name) {
	if (heading.localName === name) return heading;
	const other = document.createElement(name);
	for (const { name: attribute, value } of Array.from(heading.attributes)) other.setAttribute(attribute, value);
	other.append(...heading.childNodes);
	heading.replaceWith(other);
	return other;
}

function raiseHeading(step) {
	if (step === steps[0]) return $('pageWelcome').querySelector('h1');
	/* Hidden ones too: a question that an answer brings up stands below the first. */
	const headings = step.blocks.flatMap((block) => all('h1, h2, h3', block).map((heading) => [heading, block.hidden]));
	const first = headings.findIndex(([, isHidden]) => !isHidden);
	return headings.map(([heading], i) => retag(heading, i === first ? 'h1' : 'h2'))[first];
}

/* Forms with the exit button keep their neutral title, since a tab or a history can be seen behind somebody's back. A kiosk has neither, nor that
 * button: there each step says what it is. */
function setTitle(hasErrors) {
	const isNeutral = current === steps[0] || document.querySelector('.govuk-exit-this-page');
	const title = isNeutral ? baseTitle : `${wordsOf(current.heading)} – ${baseTitle}`;
	document.title = hasErrors ? fill(words.pageTitle, { title }) : title;
}

function reveal() {
	for (const step of steps)
		for (const block of step.blocks) {
			const question = questionOf(block);
			block.hidden = step !== current || Boolean(question && !question.isAsked);
		}
	all('.part').forEach((section) => { section.hidden = section !== current.section; });
	$('pageSteps').hidden = current === steps[0];
	root.classList.toggle('js-step', current !== steps[0]);
}

function describeWay() {
	const counted = steps.filter((step) => step.section && !step.isPause && isOpen(step));
	const passed = steps.slice(0, steps.indexOf(current) + 1).filter((step) => counted.includes(step)).length;
	const after = following(current);
	marks.replaceChildren(...counted.map((step, i) => el(i < passed ? 'li.on' : 'li')));
	place.textContent = counted.includes(current) ? fill(words.progress, { n: passed, total: counted.length }) : '';
	onward.textContent = current === steps[0] ? words.start :
		after === last() ? words.check : words.continue;
	skip.hidden = !current.isPause;
	showClearing(asked(current));
}

function focusHeading() {
	const heading = current.heading;
	heading.tabIndex = -1;
	if (place.textContent) heading.setAttribute('aria-describedby', place.id);
	else heading.removeAttribute('aria-describedby');
	toTop();
	heading.focus({ preventScroll: true });
}

function show(step, isFocused) {
	current = step;
	seen.add(step);
	weigh();
	reveal();
	forgetSummary();
	whenShown();
	form.querySelector('[name="at"]').value = step.name;
	if (isAtCheck()) {
		next.remove();
		fillCheck();
		isReturning = false;
	} else {
		const end = step.blocks[step.blocks.length - 1]; /* below what may still appear */
		if (step === steps[0]) end.lastElementChild.append(next);
		else end.after(next);
	}
	describeWay();
	step.heading = raiseHeading(step);
	setTitle(false);
	if (isFocused) focusHeading();
	tell('step');
}

/* An answer changed: questions in this step may come or go. */
export function answersChanged() {
	weigh();
	reveal();
	describeWay();
}

/* ---- Moving ------------------------------------------------------------------------------------------------------- */

/* Steps by their number: a name may be that of a question and of the page's own. */
const remember = (step, how) => history[how]({ step: steps.indexOf(step), depth }, '');

function go(step) {
	depth++;
	remember(step, 'pushState');
	show(step, true);
}

/* Shows mistakes in the summary of this step. */
export function complain(mistakes) {
	summarise(mistakes);
	setTitle(true);
	tell('mistakes');
}

export function forward() {
	const mistakes = check(asked(current));
	if (mistakes.length) {
		complain(mistakes);
		return;
	}
	weigh();
	const fresh = isReturning && steps.find((step) => isOpen(step) && !step.isPause && !seen.has(step));
	go(isReturning ? fresh || last() : following(current));
}

export function back() {
	const step = preceding(current);
	if (depth > 0) {
		history.back();
	} else if (step) {
		remember(step, 'replaceState');
		show(step, true);
	}
}

export function skipSection() {
	go(following(steps.filter((step) => step.section === current.section).pop()));
}

/* To the control or question that a message or a Change link names. */
export function visit(id) {
	const target = $(id);
	const block = target && target.closest('.question');
	const step = steps.find((one) => one.blocks.includes(block));
	if (!step || !isOpen(step)) return;
	if (step !== current) {
		isReturning = true;
		go(step);
	}
	/* A list of places is hidden behind its buttons. */
	const button = target.hidden && target.parentElement.querySelector('button:not([hidden])');
	if (target !== block) (button || target).focus();
}

export function historyMoved(event) {
	const { state } = event;
	if (!state || !steps[state.step]) return;
	depth = state.depth;
	show(isOpen(steps[state.step]) ? steps[state.step] : steps[0], true);
}

/* ---- Check your answers ------------------------------------------------------------------------------------------- */

function line(text, source, spec = 'p') {
	const element = el(spec, text);
	if (source && source.lang) {
		element.lang = source.lang;
		element.dir = source.dir;
	}
	return element;
}

/* In words, as the server says it. */
function dateWords(parts) {
	const [year, month, day] = readDate(parts).text.split('-').map(Number);
	if (!day) return parts.map((one) => one.value).join(' ');
	return fill(words.dateWords, { day, month: words.months.split(',')[month - 1], year });
}

/* One line for each thing that was answered in a field. */
function linesOf(name) {
	const given = chosen(name), [first] = given;
	const kind = first && kindOf(first);
	if (kind === 'date') return [line(dateWords(controls.get(name)))];
	if (kind === 'rank') given.sort((one, other) => one.value - other.value);
	return given.map((one, i) => {
		const [label] = one.labels;
		if (kind === 'rank') return line(`${i + 1}. ${label.textContent}`, label);
		if (!isTyped(one)) return line(label.textContent, label);
		const unit = one.nextElementSibling;
		const text = line(one.value + (kind === 'text' || !unit ? '' : ` ${unit.textContent}`));
		text.dir = 'auto';
		return text;
	});
}

/* The words of a half of a pair, or of a statement, stand before its lines. A refusal stands for what was not answered. */
function answerLines(question) {
	const isRefused = question.names.some((name) => chosen(name).some(isRefusal));
	return question.names.flatMap((name) => {
		const legend = legendOf(name);
		const given = linesOf(name);
		const none = !given.length && !isRefused && !isRefusal(controls.get(name)[0]);
		const half = legend && line(legend.textContent, legend, 'p.half');
		return [half, ...given, none && el('p.quiet', words.notAnswered)];
	});
}

/* One row of a summary list; ACTION is its link, if there is one. */
export function row(key, values, action) {
	return el('div.govuk-summary-list__row', key, el('dd.govuk-summary-list__value', ...values),
		action && el('dd.govuk-summary-list__actions', action));
}

function answerRow(question) {
	const heading = question.block.querySelector('h1, h2, h3');
	const label = wordsOf(heading);
	const link = el('a.govuk-link', words.change, ' ', hidden(fill(words.changeHidden, { label })));
	link.href = `#${question.block.id}`;
	return row(line(label, heading, 'dt.govuk-summary-list__key'), answerLines(question), link);
}

function fillCheck() {
	seen = new Set(steps.filter(isOpen));
	answers.replaceChildren(...questions.filter((one) => one.isAsked && one.names.length).map(answerRow));
}

/* ---- Begin -------------------------------------------------------------------------------------------------------- */

function buildParts(send) {
	const backLink = el('a.govuk-back-link', words.back);
	backLink.href = '#main';
	marks = el('ol.depth');
	marks.setAttribute('aria-hidden', 'true');
	place = el('p.way__place');
	place.id = 'pageWay';
	way = el('div.way', backLink, place, marks);
	onward = el('button.govuk-button.next__on');
	skip = el('button.govuk-button.govuk-button--secondary.next__skip', words.skip);
	onward.type = skip.type = 'button';
	const clearing = el('div.clearing');
	next = el('div.next', onward, skip, clearing);
	showClearing = offerClearing(clearing);
	answers = el('dl.govuk-summary-list');
	checkPage = el('div.check', el('h1.govuk-heading-l', words.checkTitle), el('p.govuk-body', words.checkIntro), answers);
	send.before(checkPage);
	$('pageSteps').prepend(way);
	undoWith(() => {
		[way, next, checkPage].forEach((element) => element.remove());
		all('#pageWelcome, #pageSteps, #pageSteps [hidden], .part__head').forEach((element) => { element.hidden = false; });
		root.classList.remove('js', 'js-step');
	});
}

/* Shows the step where the person was (after a change of language), the message of a page that came back at the end of
 * the way, or the first step. ON_SHOWN is called whenever a step is shown. */
export function beginSteps(send, onShown) {
	whenShown = onShown;
	buildParts(send);
	steps = [{ name: '', blocks: [$('pageWelcome')] }];
	all('.part__head').forEach((head) => { head.hidden = true; });
	all('.part').forEach(collectSection);
	steps.push({ name: 'check', blocks: [checkPage, send] });
	weigh();
	const notice = document.querySelector('#main > .wrap > .govuk-error-summary, #main > .wrap > .not-saved');
	const start = notice ? last() : named(form.querySelector('[name="at"]').value) || steps[0];
	remember(start, 'replaceState');
	show(start, start !== steps[0]);
	if (!notice) return;
	way.after(notice);
	if (notice.matches('.govuk-error-summary')) adoptSummary(notice);
	setTitle(notice.matches('.govuk-error-summary'));
	notice.focus();
	tell('mistakes');
}
