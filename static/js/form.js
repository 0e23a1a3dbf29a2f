/* SPDX-License-Identifier: MIT */
/* form.js: shows the one page of a form a step at a time, and sends it without leaving the page.
 *
 * The page is complete without this script, and stays so when anything here fails: plain() puts it back as it came.
 * There are no words in here: all of them come from the page, in its language. Nothing is stored in the browser, and
 * nothing is ever parsed as HTML (the policy of the page forbids it): elements are cloned from <template>s and filled
 * by textContent. Which questions are asked is derived from the answers each time; the server decides it again. */

const $ = (id) => document.getElementById(id);
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const make = (name) => $(`part-${name}`).content.firstElementChild.cloneNode(true);
const fill = (text, holes) => text.replace(/\{(\w+)\}/g, (hole, name) => (name in holes ? holes[name] : hole));

const root = document.documentElement;
const form = $('answers');
const action = form && form.getAttribute('action');
const words = form && $('words').dataset;
const baseTitle = document.title;

let undo = [];         /* what plain() does, last first */
let isPlain = false;   /* the page is as the server made it: every submit is the browser's own */
let isLeaving = false; /* a language button was pressed */
let isDone = false;    /* thanked: nothing of the form is left */
let isGone = false;    /* left by the exit button: the page is blank */

function plain() {
	isPlain = true;
	undo.reverse().forEach((step) => step());
	undo = [];
}

/* A listener that gives the page back when it fails. */
function on(target, type, handler, options) {
	target.addEventListener(type, (event) => {
		if (isPlain || isGone) return;
		try {
			handler(event);
		} catch (error) {
			plain();
		}
	}, options);
}

/* ---- Leaving quickly: the GOV.UK component's behaviour, except that Back does not lead here again ----------------- */

function watchExit(depth) {
	const box = document.querySelector('.govuk-exit-this-page');
	if (!box) return;
	const button = box.querySelector('a');
	const url = button.href;
	const status = document.createElement('p');
	const lights = document.createElement('span');
	status.className = 'govuk-visually-hidden';
	status.setAttribute('role', 'status');
	lights.className = 'govuk-exit-this-page__indicator';
	lights.setAttribute('aria-hidden', 'true');
	for (let i = 0; i < 3; i++) {
		const light = document.createElement('span');
		light.className = 'govuk-exit-this-page__indicator-light';
		lights.append(light);
	}
	box.append(status);
	button.append(lights);

	/* Blank at once; then out, over the entry of the first step, so that Back from there leads past this page. */
	const leave = () => {
		isGone = true;
		document.title = '\u2060';
		const cover = document.createElement('p');
		cover.className = 'govuk-exit-this-page-overlay';
		cover.setAttribute('role', 'alert');
		cover.textContent = box.dataset.activated;
		document.body.replaceChildren(cover);
		const out = () => location.replace(url);
		if (depth() > 0) {
			window.addEventListener('popstate', () => setTimeout(out, 0), { once: true });
			setTimeout(out, 300);
			history.go(-depth());
		} else {
			out();
		}
	};
	let count = 0, timer = 0, wasModified = false;
	const light = () => {
		lights.classList.toggle('govuk-exit-this-page__indicator--visible', count > 0);
		Array.from(lights.children).forEach((one, i) =>
			one.classList.toggle('govuk-exit-this-page__indicator-light--on', i < count));
	};
	const forget = () => {
		clearTimeout(timer);
		if (count) status.textContent = box.dataset.timedOut;
		count = 0;
		light();
	};
	document.addEventListener('keyup', (event) => {
		if (event.key === 'Shift' && !wasModified) {
			count++;
			clearTimeout(timer);
			if (count >= 3) {
				leave();
				return;
			}
			timer = setTimeout(forget, 5000);
			status.textContent = count === 1 ? box.dataset.twoMore : box.dataset.oneMore;
			light();
		} else if (count) {
			forget();
		}
		wasModified = event.shiftKey;
	}, true);
	[button, document.querySelector('.govuk-js-exit-this-page-skiplink')].forEach((link) => link &&
		link.addEventListener('click', (event) => {
			event.preventDefault();
			leave();
		}));
}

/* ---- Answers and relevance ---------------------------------------------------------------------------------------- */

let controls; /* field name -> its controls */
let questions; /* {block, names, rule, isAsked}, as they stand on the page */
let dropped;  /* names of fields that are not asked as things stand */

function chosen(name) {
	return (controls.get(name) || []).filter((one) => one.checked || (isTyped(one) && one.value));
}

function isTyped(control) {
	return control.type !== 'radio' && control.type !== 'checkbox';
}

function valueOf(name) {
	const list = controls.get(name) || [];
	const isList = list.length > 0 && list[0].type === 'checkbox';
	const values = dropped.has(name) ? [] : chosen(name).map((one) => one.value);
	return isList ? values : values[0] || '';
}

function matches(text, pattern) {
	try {
		return new RegExp(`^(?:${pattern})$`, 'u').test(text);
	} catch (error) {
		return new RegExp(`^(?:${pattern})$`).test(text);
	}
}

/* The operators of cgi/lib/form/expr.h. A name that is not among them throws: the question is then shown. */
const operators = {
	'q': (name) => valueOf(name),
	'=': (a, b) => result(a) === result(b),
	'!=': (a, b) => result(a) !== result(b),
	'<': (a, b) => result(a) < result(b),
	'<=': (a, b) => result(a) <= result(b),
	'>': (a, b) => result(a) > result(b),
	'>=': (a, b) => result(a) >= result(b),
	'and': (...list) => list.every(result),
	'or': (...list) => list.some(result),
	'not': (a) => !result(a),
	'selected': (list, choice) => [].concat(result(list)).includes(result(choice)),
	'count-selected': (list) => [].concat(result(list)).filter((one) => one !== '').length,
	'string-length': (a) => result(a).length,
	'regex': (a, pattern) => matches(result(a), result(pattern)),
	'if': (condition, yes, no) => result(result(condition) ? yes : no),
	'coalesce': (a, b) => (result(a) === '' ? result(b) : result(a)),
	'true': () => true,
	'false': () => false,
};

function result(node) {
	return Array.isArray(node) ? operators[node[0]](...node.slice(1)) : node;
}

/* What a message stands in and describes: the text field itself, or the group of choices (not one of its headings). */
function fieldOf(control) {
	return isTyped(control) ? control : control.closest('fieldset:not(.group)');
}

const errorOf = (control) => $(`${control.name}-error`);

/* From top to bottom, since the answer to a question that is not asked counts as none. */
function weigh() {
	dropped = new Set();
	for (const question of questions) {
		try {
			question.isAsked = !question.rule || Boolean(result(question.rule));
		} catch (error) {
			question.isAsked = true;
		}
		if (!question.isAsked) question.names.forEach((name) => dropped.add(name));
	}
}

const questionOf = (block) => questions.find((one) => one.block === block);

/* ---- Messages ----------------------------------------------------------------------------------------------------- */

let summary; /* the error summary on the page; or undefined */

/* Shows a mistake beside its field; it goes when the step is passed again. */
function mark(mistake) {
	const control = $(mistake.id || mistake.field);
	const question = control && control.closest('.question');
	if (!question) return;
	unmark(control);
	const field = fieldOf(control);
	const note = make('error');
	note.id = `${control.name}-error`;
	note.append(mistake.message);
	if (field === control) field.classList.add('govuk-textarea--error');
	(field === control ? field : field.querySelector('.govuk-radios, .govuk-checkboxes')).before(note);
	question.classList.add('govuk-form-group--error');
	field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') || ''} ${note.id}`.trim());
}

function unmark(control) {
	const note = errorOf(control);
	if (!note) return;
	const field = fieldOf(control);
	const ids = (field.getAttribute('aria-describedby') || '').split(' ').filter((id) => id !== note.id).join(' ');
	if (ids) field.setAttribute('aria-describedby', ids);
	else field.removeAttribute('aria-describedby');
	field.classList.remove('govuk-textarea--error', 'govuk-input--error');
	note.remove();
	const question = field.closest('.question');
	if (!question.querySelector('.govuk-error-message')) question.classList.remove('govuk-form-group--error');
}

function summarise(mistakes) {
	forgetSummary();
	summary = make('errors');
	const list = summary.querySelector('ul');
	for (const mistake of mistakes) {
		const item = document.createElement('li');
		const link = document.createElement('a');
		link.href = `#${mistake.id || mistake.field}`;
		link.textContent = mistake.message;
		item.append(link);
		list.append(item);
	}
	way.after(summary);
	title(true);
	summary.focus();
	scrollTo(0, 0);
}

function forgetSummary() {
	if (summary) summary.remove();
	summary = undefined;
}

/* What is wrong with the fields of a step, in the server's words. */
function check(step) {
	const mistakes = [];
	for (const question of asked(step)) {
		const required = question.block.dataset.required;
		for (const name of question.names) {
			const control = controls.get(name)[0];
			const counter = control.closest('.govuk-character-count');
			const max = counter ? Number(counter.dataset.maxlength) : 0;
			unmark(control);
			let message = '';
			if (required && !chosen(name).length) message = required;
			else if (max && control.value.length > max) message = fill(words.tooLong, { max });
			if (message) mistakes.push({ field: name, id: control.id, message });
		}
	}
	mistakes.forEach(mark);
	return mistakes;
}

/* ---- Steps -------------------------------------------------------------------------------------------------------- */

let steps;      /* {name, section, blocks, isPause} */
let current;
let depth = 0;  /* our entries in the history before this one */
let isReturning = false; /* a change was asked for on the check page: Continue leads back to it */
let seen = new Set();    /* steps that stood on the check page when it was last shown */
let way, next, checkPage, send, sendButton, saved;

const asked = (step) => step.blocks.map(questionOf).filter((one) => one && one.isAsked && one.names.length);

function isOpen(step) {
	if (step.isPause) return questions.some((one) => one.isAsked && one.names.length && step.section.contains(one.block));
	return !step.section || asked(step).length > 0;
}

function collect() {
	const welcome = { name: 'welcome', blocks: [$('welcome')] };
	steps = [welcome];
	for (const section of all('.part')) {
		const head = section.querySelector('.part__head');
		const isPause = section.classList.contains('part--apart') && head.querySelector('p');
		let lead = []; /* goes with the next question: an intro, notes */
		if (isPause) steps.push({ name: section.id, section, blocks: [head], isPause: true });
		else if (head.querySelector('p')) lead = [head];
		for (const block of all('.question', section)) {
			const last = steps[steps.length - 1];
			const name = block.dataset.step || block.id;
			if (last.section === section && last.name === name) last.blocks.push(block);
			else if (!questionOf(block).names.length) lead.push(block);
			else {
				steps.push({ name, section, blocks: [...lead, block] });
				lead = [];
			}
		}
		steps[steps.length - 1].blocks.push(...lead);
	}
	steps.push({ name: 'check', blocks: [checkPage, send] });
}

/* The heading of a step is the page's first heading, those below it come second. */
function retag(heading, name) {
	if (heading.localName === name) return heading;
	const other = document.createElement(name);
	for (const { name: attribute, value } of Array.from(heading.attributes)) other.setAttribute(attribute, value);
	other.append(...heading.childNodes);
	heading.replaceWith(other);
	return other;
}

function headings(step) {
	let first;
	for (const block of step.blocks) {
		if (block.hidden) continue;
		for (const heading of all('h1, h2, h3', block)) {
			if (step.name === 'welcome' && first) break;
			const renamed = retag(heading, first ? 'h2' : 'h1');
			first = first || renamed;
		}
	}
	return first;
}

function title(hasErrors) {
	const heading = current.name === 'welcome' || document.querySelector('.govuk-exit-this-page') ? '' :
		document.querySelector('#steps h1:not([hidden])');
	const text = heading && current.heading ? `${current.heading.textContent} – ${baseTitle}` : baseTitle;
	document.title = hasErrors ? fill(words.pageTitle, { title: text }) : text;
}

function reveal() {
	for (const step of steps)
		for (const block of step.blocks) {
			const question = questionOf(block);
			block.hidden = step !== current || Boolean(question && !question.isAsked);
		}
	all('.part').forEach((section) => { section.hidden = section !== current.section; });
	$('steps').hidden = current.name === 'welcome';
	root.classList.toggle('js-step', current.name !== 'welcome');
}

function describeWay() {
	const counted = steps.filter((step) => step.section && !step.isPause && isOpen(step));
	const passed = steps.slice(0, steps.indexOf(current) + 1).filter((step) => counted.includes(step)).length;
	const marks = way.querySelector('.depth');
	marks.replaceChildren(...counted.map((step, i) => {
		const mark = document.createElement('li');
		if (i < passed) mark.className = 'on';
		return mark;
	}));
	$('way').textContent = counted.includes(current) ? fill(words.progress, { n: passed, total: counted.length }) : '';
	const after = following(current);
	next.querySelector('.next__on').textContent = current.name === 'welcome' ? words.start :
		after && after.name === 'check' ? words.check : words.continue;
	next.querySelector('.next__skip').hidden = !current.isPause;
}

function show(step, focuses) {
	current = step;
	weigh();
	reveal();
	forgetSummary();
	stopRetrying();
	form.querySelector('[name="at"]').value = step.name === 'welcome' ? '' : step.name;
	if (step.name === 'check') {
		next.remove();
		fillCheck();
		isReturning = false;
	} else {
		const visible = step.blocks.filter((block) => !block.hidden);
		const last = visible[visible.length - 1];
		if (step.name === 'welcome') last.lastElementChild.append(next);
		else last.after(next);
	}
	describeWay();
	step.heading = headings(step);
	title(false);
	if (focuses && step.heading) {
		scrollTo(0, 0);
		step.heading.tabIndex = -1;
		if ($('way').textContent) step.heading.setAttribute('aria-describedby', 'way');
		else step.heading.removeAttribute('aria-describedby');
		step.heading.focus({ preventScroll: true });
	}
}

/* To a step, with an entry in the history so that the phone's own Back leads to the step before. The first step has
 * none before it: Back there leaves the page, as everywhere. */
function go(step) {
	depth++;
	history.pushState({ step: step.name, depth }, '');
	show(step, true);
}

const following = (step) => steps.slice(steps.indexOf(step) + 1).find(isOpen);
const preceding = (step) => steps.slice(0, steps.indexOf(step)).reverse().find(isOpen);
const named = (name) => steps.find((step) => step.name === name && isOpen(step));

function forward() {
	const mistakes = check(current);
	if (mistakes.length) {
		summarise(mistakes);
		return;
	}
	weigh();
	const fresh = isReturning && steps.find((step) => isOpen(step) && !step.isPause && !seen.has(step.name));
	go(isReturning ? fresh || named('check') : following(current));
}

function back() {
	if (depth > 0) {
		history.back();
		return;
	}
	const step = preceding(current);
	if (!step) return;
	history.replaceState({ step: step.name, depth }, '');
	show(step, true);
}

/* To the control that a message or a Change link names. */
function visit(id) {
	const control = $(id);
	const block = control && control.closest('.question');
	const step = steps.find((one) => one.blocks.includes(block));
	if (!step || !isOpen(step)) return;
	if (step !== current) {
		isReturning = true;
		go(step);
	}
	if (control !== block) control.focus();
}

/* ---- Check your answers ------------------------------------------------------------------------------------------- */

function line(parent, text, source, className) {
	const element = document.createElement('p');
	element.textContent = text;
	if (className) element.className = className;
	if (source && source.lang) element.lang = source.lang;
	parent.append(element);
}

function fillAnswer(cell, name, isPair) {
	const legend = isPair && fieldOf(controls.get(name)[0]).querySelector('legend');
	if (legend) line(cell, legend.textContent, legend, 'half');
	const given = chosen(name);
	if (!given.length) line(cell, words.notAnswered, null, 'quiet');
	for (const one of given) {
		const label = isTyped(one) ? null : one.labels[0];
		line(cell, label ? label.textContent : one.value, label);
		if (!label) cell.lastChild.dir = 'auto';
	}
}

function fillCheck() {
	seen = new Set(steps.filter(isOpen).map((step) => step.name));
	checkPage.querySelector('dl').replaceChildren(...questions.filter((one) => one.isAsked && one.names.length).map((one) => {
		const row = make('row');
		const heading = one.block.querySelector('h1, h2, h3');
		const key = row.querySelector('dt');
		key.textContent = heading.textContent;
		if (heading.lang) key.lang = heading.lang;
		one.names.forEach((name) => fillAnswer(row.querySelector('dd'), name, one.names.length > 1));
		const link = row.querySelector('a');
		link.href = `#${one.block.id}`;
		link.lastElementChild.textContent = fill(words.changeHidden, { label: heading.textContent });
		return row;
	}));
}

/* ---- Sending ------------------------------------------------------------------------------------------------------ */

const pauses = [2, 5, 10, 20, 30, 60]; /* seconds; the last one for ever */
let attempts = 0, timer = 0, isBusy = false;

function say(text, label) {
	if (!saved) {
		saved = make('not-saved');
		sendButton.before(saved);
	}
	saved.querySelector('[role]').textContent = text;
	sendButton.textContent = label;
}

function stopRetrying() {
	clearTimeout(timer);
	attempts = 0;
	if (!saved) return;
	saved.remove();
	saved = undefined;
	sendButton.textContent = sendLabel;
}

let sendLabel;

async function post() {
	const abort = new AbortController();
	const limit = setTimeout(() => abort.abort(), 30000);
	let status = 0, answer = null;
	try {
		const response = await fetch(action, {
			method: 'POST',
			headers: { Accept: 'application/json' },
			body: new URLSearchParams(new FormData(form)),
			credentials: 'omit',
			cache: 'no-store',
			redirect: 'error',
			signal: abort.signal,
		});
		status = response.status;
		answer = await response.json();
	} catch (error) {
		/* No answer, or not one of ours: told apart by the status. */
	}
	clearTimeout(limit);
	return { status, answer: answer || {} };
}

async function sendAnswers() {
	if (isBusy) return;
	isBusy = true;
	clearTimeout(timer);
	sendButton.setAttribute('aria-disabled', 'true');
	if (saved) say(words.sending, words.sending);
	else sendButton.textContent = words.sending;
	const { status, answer } = await post();
	isBusy = false;
	if (isDone || isPlain || isGone) return;
	sendButton.removeAttribute('aria-disabled');
	const edit = form.querySelector('[name="edit"]');
	if (answer.state === 'thanks') {
		thank(answer);
	} else if (answer.state === 'mistakes') {
		edit.value = answer.edit;
		stopRetrying();
		sendButton.textContent = sendLabel;
		answer.mistakes.forEach(mark);
		summarise(answer.mistakes);
	} else if (answer.state === 'refused' && status < 500) {
		refuse(answer);
	} else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
		plain(); /* somebody else's refusal: the browser shows it in full */
		HTMLFormElement.prototype.submit.call(form);
	} else {
		edit.value = answer.edit || Number(edit.value) + 1;
		retry();
	}
}

/* Not on disk as far as we know. The nonce stays, so that however often it arrives it counts once. */
function retry() {
	const pause = pauses[Math.min(attempts, pauses.length - 1)];
	attempts++;
	say(navigator.onLine === false ? words.offline : attempts > 3 ? words.still : words.retrying, words.sendAgain);
	timer = setTimeout(trySending, pause * 1000);
}

function trySending() {
	sendAnswers().catch(plain);
}

/* Everything that was typed goes before anything else is shown; the top bar and the way out stay. */
function finish(page) {
	isDone = true;
	clearTimeout(timer);
	HTMLFormElement.prototype.reset.call(form);
	const main = $('main');
	main.replaceChildren(page);
	all('.languages, [form="answers"]').forEach((one) => one.remove());
	form.replaceWith(...form.childNodes);
	root.classList.add('js-step');
	const heading = page.querySelector('h1');
	document.title = `${heading.textContent} – ${baseTitle}`;
	history.replaceState(null, '');
	scrollTo(0, 0);
	heading.focus({ preventScroll: true });
}

function helpline(one) {
	const item = make('help');
	for (const [name, text] of [['who', one.title], ['number', one.number], ['web', one.web], ['note', one.note]]) {
		const part = item.querySelector(`.help__${name}`);
		if (text) part.textContent = text;
		else part.remove();
	}
	return item;
}

function thank(answer) {
	const page = make('thanks');
	page.querySelector('.receipt__code').textContent = answer.receipt;
	page.querySelector('dl').replaceChildren(...answer.stored.map((one) => {
		const row = make('row');
		row.querySelector('dt').textContent = one.question;
		row.querySelector('dd').textContent = one.answer;
		row.lastElementChild.remove();
		return row;
	}));
	const list = page.querySelector('.help ul');
	if (answer.helplines) list.replaceChildren(...answer.helplines.map(helpline));
	else if ($('helplines')) list.replaceWith($('helplines'));
	finish(page);
}

function refuse(answer) {
	const page = make('refused');
	page.querySelector('h1').textContent = answer.title;
	page.querySelector('p').textContent = answer.message;
	finish(page);
}

/* ---- Small helps -------------------------------------------------------------------------------------------------- */

/* One exclusive tick stands alone. */
function keepExclusive(control) {
	if (control.type !== 'checkbox' || !control.checked) return;
	const isAlone = control.dataset.behaviour === 'exclusive';
	for (const other of controls.get(control.name))
		if (other !== control && (isAlone || other.dataset.behaviour === 'exclusive')) other.checked = false;
}

/* Radios cannot be let go of by hand. */
function offerClearing() {
	for (const radios of controls.values()) {
		if (radios[0].type !== 'radio') continue;
		const field = fieldOf(radios[0]);
		const button = make('clear');
		const update = () => { button.hidden = !radios.some((one) => one.checked); };
		on(button, 'click', () => {
			radios.forEach((one) => { one.checked = false; });
			radios[0].focus();
			radios[0].dispatchEvent(new Event('change', { bubbles: true }));
		});
		on(field, 'change', update);
		update();
		field.append(button);
		undo.push(() => button.remove());
	}
}

/* How much room is left, once three quarters are used: seen at once, heard when the typing pauses. */
function countCharacters() {
	const rules = new Intl.PluralRules(root.lang);
	for (const box of all('.govuk-character-count')) {
		const control = box.querySelector('textarea, input');
		const info = box.querySelector('.govuk-character-count__message');
		const max = Number(box.dataset.maxlength);
		const seenCount = info.cloneNode(true);
		const heardCount = document.createElement('p');
		seenCount.removeAttribute('id');
		seenCount.setAttribute('aria-hidden', 'true');
		heardCount.className = info.className = 'govuk-visually-hidden';
		heardCount.setAttribute('role', 'status');
		info.after(seenCount, heardCount);
		const allowed = info.textContent;
		let pause = 0;
		const update = () => {
			const left = max - control.value.length;
			const isOver = left < 0;
			const count = Math.abs(left);
			const form = rules.select(count);
			const key = (isOver ? 'over' : 'left') + (count ? form[0].toUpperCase() + form.slice(1) : 'Zero');
			const text = left > max / 4 ? allowed : fill(words[key] || words[`${isOver ? 'over' : 'left'}Other`], { count });
			seenCount.textContent = text;
			seenCount.classList.toggle('govuk-error-message', isOver);
			control.classList.toggle('govuk-textarea--error', isOver);
			clearTimeout(pause);
			pause = setTimeout(() => { heardCount.textContent = text === allowed ? '' : text; }, 1000);
		};
		on(control, 'input', update);
		update();
	}
}

/* ---- Begin -------------------------------------------------------------------------------------------------------- */

function begin() {
	controls = new Map();
	for (const control of all('.question input, .question textarea')) {
		if (!controls.has(control.name)) controls.set(control.name, []);
		controls.get(control.name).push(control);
	}
	questions = all('.question').map((block) => ({
		block,
		names: Array.from(new Set(all('input, textarea', block).map((control) => control.name))),
		rule: block.dataset.relevant ? JSON.parse(block.dataset.relevant) : null,
		isAsked: true,
	}));
	checkPage = make('check');
	way = make('way');
	next = make('next');
	send = $('send');
	sendButton = send.querySelector('button');
	sendLabel = sendButton.textContent;
	send.before(checkPage);
	$('steps').prepend(way);
	collect();
	const fresh = [checkPage, way, next];
	undo.push(() => {
		fresh.forEach((element) => element.remove());
		all('#welcome, #steps, #steps [hidden], .part__head').forEach((element) => { element.hidden = false; });
		all('.clear').forEach((element) => { element.hidden = true; });
		root.classList.remove('js', 'js-step');
		if (sendLabel) sendButton.textContent = sendLabel;
	});
	weigh();
	offerClearing();
	countCharacters();
	all('.part__head').forEach((head) => { head.hidden = true; });
	/* "Answer this if ..." is for those who see every question at once. */
	all('.when').forEach((when) => {
		const id = when.id;
		when.removeAttribute('id');
		when.hidden = true;
		undo.push(() => { when.id = id; });
	});

	on(form, 'submit', (event) => {
		if (isLeaving) return;
		event.preventDefault();
		if (current.name === 'check') trySending();
		else forward();
	});
	on(form, 'click', (event) => {
		const target = event.target.closest('a, button');
		if (!target) return;
		if (target.name === 'to') isLeaving = true;
		else if (target.matches('.govuk-back-link')) back();
		else if (target.matches('.next__on')) forward();
		else if (target.matches('.next__skip')) {
			const last = steps.filter((step) => step.section === current.section).pop();
			go(following(last));
		} else if (target.matches('.govuk-error-summary a, .check a')) visit(target.hash.slice(1));
		else return;
		if (target.localName === 'a') event.preventDefault();
	});
	on(form, 'change', (event) => {
		keepExclusive(event.target);
		weigh();
		reveal();
		describeWay();
	});
	on(window, 'popstate', (event) => {
		if (isDone) {
			location.replace(action);
			return;
		}
		if (!event.state || !event.state.step) return;
		depth = event.state.depth;
		show(named(event.state.step) || steps[0], true);
	});
	on(window, 'online', () => {
		if (saved && !isBusy && !isDone) trySending();
	});

	/* After a page that the server sent back: its message, at the end of the way; else where the person was. */
	const notice = document.querySelector('#main > .wrap > .govuk-error-summary, #main > .wrap > .not-saved');
	const start = notice ? named('check') : named(form.querySelector('[name="at"]').value) || steps[0];
	history.replaceState({ step: start.name, depth }, '');
	show(start, start !== steps[0]);
	if (notice) {
		way.after(notice);
		if (notice.matches('.govuk-error-summary')) summary = notice;
		title(Boolean(summary));
		notice.focus();
	}
	root.classList.add('js');
}

if (form && window.Intl && window.AbortController && document.body.replaceChildren) {
	/* A page out of the browser's memory may hold somebody else's answers. */
	window.addEventListener('pageshow', (event) => {
		if (!event.persisted) return;
		document.body.hidden = true;
		location.replace(action);
	});
	watchExit(() => depth);
	try {
		begin();
	} catch (error) {
		plain();
	}
}
