/* SPDX-License-Identifier: MIT */
/* typing.js: what a key of the keyboard on the screen does to a field. The field tells the page of it as if it had been typed. */

function tell(field, inputType, data) {
	field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType, data }));
}

/* TEXT instead of what is marked, or where the caret is. */
export function insert(field, text) {
	field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
	tell(field, text === '\n' ? 'insertLineBreak' : 'insertText', text);
}

/* What is marked, or the sign before the caret. Marks of Arabic or Bengali go one by one, as they were typed. */
export function erase(field) {
	const { selectionStart: start, selectionEnd: end, value } = field;
	if (!end) return;
	const before = start < end ? start : start - Array.from(value.slice(0, start)).pop().length;
	field.setRangeText('', before, end, 'end');
	tell(field, 'deleteContentBackward', null);
}
