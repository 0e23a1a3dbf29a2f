/* SPDX-License-Identifier: MIT */
/* words_built_in.c: forms/strings/ as it was when the program was built, for what a published document does not have yet: after an upgrade the programs
 * know strings that the office was never told, and pages and posters must not print their names. Read only when something is missing. */
#include "lib/form/words_parts.h"

#include "lib/form/form_build.h"
#include "words_built_in.h" /* generated: forms/strings/LANG.yaml, each */

#include <assert.h>
#include <string.h>

enum { BUILT_IN_ARENA_BYTES = 16 * 1024 * 1024 };

/* Of one file: each key of WANTED that WORDS lack. SCRATCH is for reading. */
static enum err add_file(const struct embedded *file, const bool *wanted, struct words *words, struct arena *scratch,
			 struct arena *arena)
{
	struct problems problems;
	struct form_report report;
	struct yaml_node *root = NULL;
	problems_init(&problems, scratch);
	form_report_init(&report, &problems);
	enum err error = yaml_parse(file->name, file->text, strlen(file->text), scratch, &problems, &root);
	struct form_source source = {.file = file->name, .root = root, .report = &report, .arena = scratch};
	for (size_t key = 0; error == ERR_OK && key < WORD_COUNT; key++) {
		const struct yaml_node *node =
			wanted[key] && words->of[key] == NULL ? yaml_get(root, word_names[key]) : NULL;
		const char *text = node == NULL ? NULL : form_value_text_of(&source, node);
		if (text != NULL && (words->of[key] = arena_strdup(arena, text)) == NULL)
			error = ERR_NOMEM;
	}
	return error;
}

enum err words_add_built_in(struct words_set *set, struct arena *arena)
{
	bool wanted[WORD_COUNT], is_whole = true;
	for (size_t key = 0; key < WORD_COUNT; key++) {
		wanted[key] = set->list[0].of[key] == NULL;
		is_whole = is_whole && !wanted[key];
	}
	for (const struct embedded *file = words_built_in; !is_whole && file->name != NULL; file++) {
		CLEANUP_ARENA struct arena scratch;
		arena_init(&scratch, BUILT_IN_ARENA_BYTES);
		const struct words *found = words_find(set, file->name, strcspn(file->name, "."));
		if (found == NULL)
			continue;
		enum err error = add_file(file, wanted, &set->list[found - set->list], &scratch, arena);
		if (error != ERR_OK)
			return ERR_NOMEM; /* the text itself is as the build's own tests have read it */
	}
	/* en.yaml has every key: the build makes the keys from it. */
	for (size_t key = 0; key < WORD_COUNT; key++)
		assert(set->list[0].of[key] != NULL);
	return ERR_OK;
}
