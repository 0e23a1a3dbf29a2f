// SPDX-License-Identifier: MIT
// staff.js: a kiosk's staff: numbers that are touched stay in the page, the page says that it is there, and nobody's menu stays open. All of it works
// without, slower: numbers go to the program and come back, and the session's own watch ends what says nothing.
import { beginPlain } from './kiosk/plain.js';

const { alive, end, start, idle } = document.body.dataset;
const say = () => fetch(alive, { method: 'POST', keepalive: true }).catch(() => {}); // a program that is starting again hears the next
beginPlain();
say();
setInterval(say, 15000);

// A menu that is left takes the session along: what staff have sent stands in the browser's history.
const leave = async () => {
  if (end) await fetch(end, { method: 'POST', keepalive: true, signal: AbortSignal.timeout(2000) }).catch(() => {});
  location.replace(start);
};
let timer;
const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(leave, Number(idle) * 1000);
};
for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, wait, { capture: true, passive: true });
wait();

// A page that comes back from the browser's memory is an old one.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.replace(start);
});

const pin = document.getElementById('pin');
document.getElementById('pad')?.addEventListener('click', (event) => {
  const digit = event.target.closest('button')?.value;
  if (!digit) return;
  event.preventDefault();
  if (digit === 'clear') pin.value = '';
  else if (pin.value.length < pin.maxLength) pin.value += digit;
});
