// SPDX-License-Identifier: MIT
// organiser.js: what script adds to the organisers' pages, all of which work without: a button that shows a password, the error summary in
// focus, and a picture of the poster that follows what is chosen.
import { passwords } from './organiser/passwords.js';
import { poster } from './organiser/poster.js';

passwords();
poster();
document.getElementById('errors')?.focus();
