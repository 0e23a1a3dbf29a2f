/* SPDX-License-Identifier: MIT */
/* kiosk.js: the script of a kiosk's pages: form.js, its sound, and what stands round it on one machine for many people. */
import './kiosk/kiosk.js';
import './form.js';
