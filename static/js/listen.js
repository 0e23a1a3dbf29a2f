/* SPDX-License-Identifier: MIT */
/* listen.js: the form's script on pages that can be heard: form.js, and a player for the sounds of what it shows. */
import { beginListening } from './listen/listen.js';
import './form.js';

beginListening();
