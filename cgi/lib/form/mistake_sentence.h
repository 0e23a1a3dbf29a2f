/* SPDX-License-Identifier: MIT */
/* mistake_sentence.h: what is said of a person's mistake, in one language, and which control it is said of.
 *
 * static/js/form/mistakes.js says the same from the same strings: the page carries them with their holes. lib/spoken finds every sentence
 * that a form can say, by asking for each. */
#ifndef SOUNDINGS_FORM_MISTAKE_SENTENCE_H
#define SOUNDINGS_FORM_MISTAKE_SENTENCE_H

#include "lib/form/answers.h"
#include "lib/form/face.h"

/* The sentence. Never NULL. */
const char *mistake_sentence(const struct face *face, const struct mistake *mistake);

/* The id of the control to go to: the part of a date or the list of a rank's choice that is at fault, else the field's first
 * control. */
const char *mistake_control(const struct face *face, const struct mistake *mistake);

/* What is said when QUESTION is left out. Of a grid {label} stays in it, for the statement. Never NULL. */
const char *mistake_required(const struct face *face, const struct question *question);

/* What is said when the question's own rule does not hold. Never NULL. */
const char *mistake_constraint(const struct face *face, const struct question *question);

/* A number that the question would take: for people who need to see one. Never NULL. */
const char *mistake_example(const struct face *face, const struct question *question);

/* A limit as it is said: a date in words, a number as it is. NULL for NULL. */
const char *mistake_limit(const struct face *face, const struct question *question, const char *limit);

#endif
