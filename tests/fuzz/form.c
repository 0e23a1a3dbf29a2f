/* SPDX-License-Identifier: MIT */
/* form.c: fuzzes the loader of forms: YAML, its meaning, translations, variants, the library (lib/form).
 *
 * The input is a folder as text: each file begins with a line "%% NAME" of the list below; what stands before the first is form.yaml. A
 * form that loads must come out of its canonical document again, byte by byte. */
#include "fuzz.h"

#include "lib/form/form_document.h"
#include "lib/form/form_load.h"

static const char *const files[] = {"form.yaml",
				    "cy.yaml",
				    "en-x-easy.yaml",
				    "cy-x-easy.yaml",
				    "ar.yaml",
				    "lib/scales.yaml",
				    "lib/scales.cy.yaml",
				    "lib/scales.en-x-easy.yaml",
				    "lib/equality.yaml",
				    "lib/equality.cy.yaml",
				    "lib/equality.en-x-easy.yaml"};

enum { FILES_COUNT = sizeof files / sizeof files[0] };

/* Which file the line at AT begins; -1 when none. *LENGTH is the line's. */
static int file_begins(const uint8_t *at, size_t left, size_t *length)
{
	const uint8_t *end = memchr(at, '\n', left);
	*length = end != NULL ? (size_t) (end - at) + 1 : left;
	if (end == NULL || *length < 4 || memcmp(at, "%% ", 3) != 0)
		return -1;
	for (int i = 0; i < FILES_COUNT; i++)
		if (*length == strlen(files[i]) + 4 && memcmp(at + 3, files[i], *length - 4) == 0)
			return i;
	return -1;
}

static void lay_out(const uint8_t *data, size_t size)
{
	int fds[FILES_COUNT], now = 0;
	for (int i = 0; i < FILES_COUNT; i++) {
		unlink(files[i]);
		fds[i] = -1;
	}
	for (size_t at = 0; at < size || at == 0;) {
		size_t length = 0;
		int found = size > at ? file_begins(data + at, size - at, &length) : -1;
		if (found >= 0)
			now = found;
		if (fds[now] < 0)
			fds[now] = open(files[now], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		FUZZ_CHECK(fds[now] >= 0);
		if (found < 0 && length > 0)
			FUZZ_CHECK(write(fds[now], data + at, length) == (ssize_t) length);
		at += length > 0 ? length : 1;
	}
	for (int i = 0; i < FILES_COUNT; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void check_document(const struct form *form, struct arena *arena)
{
	char *document = NULL, *again = NULL;
	size_t length = 0, again_length = 0;
	struct form *read = NULL;
	FUZZ_CHECK(form_document_encode(form, arena, &document, &length) == ERR_OK);
	FUZZ_CHECK(form_document_decode(document, length, 1, arena, &read) == ERR_OK);
	FUZZ_CHECK(form_document_encode(read, arena, &again, &again_length) == ERR_OK);
	FUZZ_CHECK(again_length == length && memcmp(again, document, length) == 0);
	FUZZ_CHECK(form_answers_max_bytes(form) == form_answers_max_bytes(read));
}

/* Names are what exports, URLs and controls are called: 32 bytes at most, as soundings-form(5) says. */
static void check_names(const struct form *form)
{
	FUZZ_CHECK(strlen(form->name) <= 32);
	for (size_t i = 0; i < form->fields_count; i++)
		FUZZ_CHECK(strlen(form->fields[i].name) <= 32);
	for (size_t p = 0; p < form->pages_count; p++)
		FUZZ_CHECK(strlen(form->pages[p].name) <= 32 && form->pages[p].questions_count <= FORM_QUESTIONS_MAX);
	for (size_t l = 0; l < form->lists_count; l++) {
		FUZZ_CHECK(form->lists[l]->choices_count <= FORM_CHOICES_MAX);
		for (size_t c = 0; c < form->lists[l]->choices_count; c++)
			FUZZ_CHECK(strlen(form->lists[l]->choices[c].name) <= 32);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_there;
	if (!is_there) {
		fuzz_enter_folder();
		FUZZ_CHECK(mkdir("lib", 0700) == 0);
		is_there = true;
	}
	lay_out(data, size);
	struct arena arena;
	struct problems problems;
	struct form *form = NULL;
	arena_init(&arena, 256 * 1024 * 1024);
	problems_init(&problems, &arena);
	enum err error = form_load(".", "lib", &arena, &form, &problems);
	FUZZ_CHECK(error == ERR_OK || error == ERR_INVALID ||
		   (error == ERR_NOT_FOUND && access("form.yaml", F_OK) != 0));
	FUZZ_CHECK(error == ERR_OK || problems.count > 0);
	for (size_t i = 0; i < problems.count; i++)
		FUZZ_CHECK(problems.list[i].message[0] != '\0' && problems.list[i].rule[0] != '\0');
	if (error == ERR_OK) {
		check_names(form);
		check_document(form, &arena);
	}
	arena_fini(&arena);
	return 0;
}
