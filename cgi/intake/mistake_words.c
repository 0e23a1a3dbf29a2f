/* SPDX-License-Identifier: MIT */
/* mistake_words.c: the sentences for mistakes (lib/form/mistake_sentence.h) in the words of a visit's page. */
#include "mistake_words.h"

#include "lib/form/mistake_sentence.h"

const char *mistake_words(const struct visit *visit, const struct mistake *mistake)
{
	struct face face = visit_face(visit);
	return mistake_sentence(&face, mistake);
}

const char *mistake_words_control(const struct visit *visit, const struct mistake *mistake)
{
	struct face face = visit_face(visit);
	return mistake_control(&face, mistake);
}

const char *mistake_words_required(const struct visit *visit, const struct question *question)
{
	struct face face = visit_face(visit);
	return mistake_required(&face, question);
}

const char *mistake_words_constraint(const struct visit *visit, const struct question *question)
{
	struct face face = visit_face(visit);
	return mistake_constraint(&face, question);
}

const char *mistake_words_example(const struct visit *visit, const struct question *question)
{
	struct face face = visit_face(visit);
	return mistake_example(&face, question);
}

const char *mistake_words_limit(const struct visit *visit, const struct question *question, const char *limit)
{
	struct face face = visit_face(visit);
	return mistake_limit(&face, question, limit);
}
