/* SPDX-License-Identifier: MIT */
/* form_document.h: a form as one canonical JSON document: what a published version is, and what its hash is of.
 *
 * Canonical: UTF-8, object keys sorted bytewise, no white space, jansson's escapes. The version number is not part of
 * the document (it is given to the hash). The document holds everything, so that a front machine needs nothing else. */
#ifndef SOUNDINGS_FORM_FORM_DOCUMENT_H
#define SOUNDINGS_FORM_FORM_DOCUMENT_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/form.h"

#include <stddef.h>

/* The document, NUL-ended, in ARENA. ERR_NOMEM. */
enum err form_document_encode(const struct form *form, struct arena *arena, char **out, size_t *length) MUST_CHECK;

/* Reads a document back, checking it as strictly as a folder (names, counts, expressions). VERSION is what the caller
 * knows it as. ERR_CORRUPT when it is not one of ours; ERR_NOMEM. decode(encode(f)) encodes to the same bytes. */
enum err form_document_decode(const char *document, size_t length, uint32_t version, struct arena *arena,
			      struct form **out) MUST_CHECK;

/* In bytes, the largest canonical answers object (answers.h) that this form can produce in any language; publishing
 * refuses a form for which it would not fit the largest bucket. */
size_t form_answers_max_bytes(const struct form *form);

#endif
