/* SPDX-License-Identifier: MIT */
/* action_words.h: what pages say of an action: how far it is, its aim. */
#ifndef SOUNDINGS_ORGANISER_ACTION_WORDS_H
#define SOUNDINGS_ORGANISER_ACTION_WORDS_H

#include "visit.h"

/* True when its day is over and nobody has said what came of it. */
bool action_is_late(const struct visit *visit, const struct office_action *action);

/* One line of a list: what it is about, whose and until when, how far it is. */
struct page_line action_line(const struct visit *visit, const struct office_action *action);

/* "We are working on it"; "Several"; the title of an aim, its name when the organisation has none such. */
const char *action_status_words(const struct visit *visit, enum action_status status);
const char *action_many_words(const struct visit *visit, enum action_many many);
const char *action_aim_words(const struct visit *visit, const char *name);

#endif
