/* SPDX-License-Identifier: MIT */
/* mistake_words.h: what is said of a person's mistake, in the page's language, and which control it is said of.
 *
 * static/js/form/mistakes.js says the same from the same strings: the page carries them with their holes. */
#ifndef SOUNDINGS_INTAKE_MISTAKE_WORDS_H
#define SOUNDINGS_INTAKE_MISTAKE_WORDS_H

#include "visit.h"

#include "lib/form/answers.h"

/* The sentence. Never NULL. */
const char *mistake_words(const struct visit *visit, const struct mistake *mistake);

/* The id of the control to go to: the part of a date or the list of a rank's choice that is at fault, else the field's first
 * control. */
const char *mistake_words_control(const struct visit *visit, const struct mistake *mistake);

/* What is said when QUESTION is left out. Of a grid {label} stays in it, for the statement. Never NULL. */
const char *mistake_words_required(const struct visit *visit, const struct question *question);

/* What is said when the question's own rule does not hold. Never NULL. */
const char *mistake_words_constraint(const struct visit *visit, const struct question *question);

/* A number that the question would take: for people who need to see one. Never NULL. */
const char *mistake_words_example(const struct visit *visit, const struct question *question);

/* A limit as it is said: a date in words, a number as it is. NULL for NULL. */
const char *mistake_words_limit(const struct visit *visit, const struct question *question, const char *limit);

#endif
