// SPDX-License-Identifier: MIT
// organiser.js: what script adds to the organisers' pages, all of which work without: a button that shows a password, and the
// error summary in focus.
import { passwords } from './organiser/passwords.js';

passwords();
document.getElementById('errors')?.focus();
