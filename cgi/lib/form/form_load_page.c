/* SPDX-License-Identifier: MIT */
/* form_load_page.c: reads pages: their own questions first, then what they take from the library, then crosstabs.
 *
 * Questions of a page stand in one array, so it is counted before it is filled (soundings-form(5), PAGES). */
#include "lib/form/form_load_parts.h"

#include <string.h>

/* What a page takes from the library. */
struct page_use {
	struct load_part *library;   /* NULL: nothing */
	const struct yaml_node *ask; /* NULL: every question of it */
};

static struct page_use read_use(struct load *load, const struct yaml_node *map)
{
	const struct form_source *source = &load->part.source;
	struct page_use use = {0};
	const struct yaml_node *node = yaml_get(map, "use");
	const char *name = node == NULL ? NULL : form_value_line_of(source, node);
	if (name != NULL)
		use.library = form_library_get(load, name, source, node);
	if (use.library != NULL)
		use.library->is_used = true;
	load->part.has_lost_questions |= node != NULL && (use.library == NULL || use.library->has_lost_questions);
	use.ask = form_value_list(source, map, "ask");
	if (node == NULL && use.ask != NULL)
		form_source_error(source, use.ask, "needs-key",
				  "'ask' names questions of the library: add 'use:' with its file");
	return use;
}

/* Copies a whole question of the library. */
static void take(struct load *load, const struct load_question *library, struct question *question)
{
	*question = *library->question;
	struct load_question *record =
		form_load_add_question(load, &load->part, question, library->source, library->map);
	if (record == NULL)
		return;
	record->is_broken = library->is_broken;
	record->has_errors = library->has_errors;
	form_load_take_type(load, record, library);
}

static void take_asked(struct load *load, const struct page_use *use, struct page *page)
{
	const struct form_source *source = &load->part.source;
	for (size_t i = 0; i < use->ask->count; i++) {
		const char *name = form_value_line_of(source, use->ask->items[i]);
		const struct load_question *question =
			name == NULL ? NULL : form_load_find_question(use->library, name);
		if (question != NULL) {
			take(load, question, &page->questions[page->questions_count++]);
			continue;
		}
		load->part.has_lost_questions = true;
		if (use->library->has_lost_questions)
			continue;
		const char *nearest = name == NULL ? NULL : form_load_nearest_question(load, use->library, name);
		if (nearest != NULL)
			form_source_error(source, use->ask->items[i], "unknown-question",
					  "%s has no question \"%s\": did you mean \"%s\"?", use->library->source.file,
					  name, nearest);
		else if (name != NULL)
			form_source_error(source, use->ask->items[i], "unknown-question",
					  "%s has no question \"%s\": name one of it", use->library->source.file, name);
	}
}

static void read_questions(struct load *load, const struct yaml_node *map, struct page *page)
{
	const struct form_source *source = &load->part.source;
	const struct yaml_node *own = form_value_list(source, map, "questions");
	load->part.has_lost_questions |= own == NULL && form_value_peek(map, "questions", NULL) != NULL;
	struct page_use use = read_use(load, map);
	size_t room = own != NULL ? own->count : 0;
	if (use.library != NULL)
		room += use.ask != NULL ? use.ask->count : use.library->questions_count;
	if (room > FORM_QUESTIONS_MAX) {
		load->part.has_lost_questions = true;
		form_source_error(source, map, "too-many", "%zu questions stand on one page: %d at most in a form",
				  room, FORM_QUESTIONS_MAX);
		return;
	}
	page->questions = arena_array(load->arena, room + 1, struct question);
	if (page->questions == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	for (size_t i = 0; own != NULL && i < own->count; i++)
		form_load_question(load, &load->part, source, own->items[i], &page->questions[page->questions_count++]);
	if (use.library != NULL && use.ask != NULL)
		take_asked(load, &use, page);
	for (size_t i = 0; use.library != NULL && use.ask == NULL && i < use.library->questions_count; i++)
		take(load, use.library->questions[i], &page->questions[page->questions_count++]);
	for (size_t i = 0; i < page->questions_count; i++)
		page->questions[i].page = page;
}

static void read_crosstabs(struct load *load, const struct yaml_node *map)
{
	const struct form_source *source = &load->part.source;
	struct form *form = load->form;
	const struct yaml_node *list = form_value_list(source, map, "crosstabs");
	if (list == NULL)
		return;
	size_t room = form->crosstabs_count + list->count;
	struct crosstab *crosstabs =
		arena_grow(load->arena, form->crosstabs, form->crosstabs_count, room, sizeof(struct crosstab));
	const struct yaml_node **nodes =
		arena_grow(load->arena, load->crosstabs, form->crosstabs_count, room, sizeof(struct yaml_node *));
	if (crosstabs == NULL || nodes == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	form->crosstabs = crosstabs;
	load->crosstabs = nodes;
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *pair = list->items[i];
		if (pair->kind != YAML_LIST || pair->count != 2) {
			form_source_error(source, pair, "bad-crosstab",
					  "a crosstab names two questions: write '- [QUESTION, QUESTION]'");
			continue;
		}
		const char *question = form_value_line_of(source, pair->items[0]);
		const char *by = form_value_line_of(source, pair->items[1]);
		if (question == NULL || by == NULL)
			continue;
		crosstabs[form->crosstabs_count] = (struct crosstab){question, by};
		nodes[form->crosstabs_count++] = pair;
	}
}

static void read_page(struct load *load, const struct yaml_node *map, struct page *page)
{
	static const char *const keys[] = {"page", "title", "intro", "apart", "use", "ask", "questions", "crosstabs"};
	const struct form_source *source = &load->part.source;
	static const size_t keys_count = sizeof keys / sizeof keys[0];
	page->name = "";
	if (map->kind != YAML_MAP) {
		load->part.has_lost_questions = true;
		form_source_error(source, map, "wrong-kind",
				  "a page has keys of its own: write '- page: ...' and more below it");
		return;
	}
	const char *name = form_value_line(source, map, "page");
	bool has_unknown_key = form_load_has_unknown(map, keys, keys_count);
	bool has_questions = form_value_peek(map, "questions", NULL) != NULL;
	bool has_use = form_value_peek(map, "use", NULL) != NULL;
	load->part.has_lost_questions |= name == NULL || (has_unknown_key && !has_questions && !has_use) ||
					 form_load_is_misspelt(map, "questions", keys, keys_count) ||
					 form_load_is_misspelt(map, "use", keys, keys_count);
	if (name != NULL)
		page->name = name;
	else if (form_value_peek(map, "page", NULL) == NULL && !form_load_is_misspelt(map, "page", keys, keys_count))
		form_source_error(source, map, "missing-key", "a page has no name: write '- page: ...' first");
	size_t errors = form_load_errors(load);
	page->title.of[0] = form_value_text(source, map, "title");
	page->intro.of[0] = form_value_text(source, map, "intro");
	page->is_apart = form_value_yes(source, map, "apart", false);
	load->page_has_errors[page - load->form->pages] = has_unknown_key || form_load_errors(load) > errors;
	read_questions(load, map, page);
	read_crosstabs(load, map);
	form_source_unknown(source, map, keys, keys_count);
}

void form_load_pages(struct load *load, bool is_misspelt)
{
	const struct form_source *source = &load->part.source;
	const struct yaml_node *list = form_value_list(source, source->root, "pages");
	if (list == NULL) {
		load->part.has_lost_questions = true;
		if (form_value_peek(source->root, "pages", NULL) == NULL && !is_misspelt)
			form_report_error(source->report, source->file, 1, 1, "missing-key",
					  "the form has no pages: add 'pages:' and '- page: ...' below it");
		return;
	}
	if (list->count > FORM_PAGES_MAX) {
		load->part.has_lost_questions = true;
		form_source_error(source, list, "too-many", "the form has %zu pages: %d at most", list->count,
				  FORM_PAGES_MAX);
		return;
	}
	load->form->pages = arena_array(load->arena, list->count + 1, struct page);
	load->pages = arena_array(load->arena, list->count + 1, const struct yaml_node *);
	load->page_has_errors = arena_array(load->arena, list->count + 1, bool);
	if (load->form->pages == NULL || load->pages == NULL || load->page_has_errors == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		load->pages[i] = list->items[i];
		read_page(load, list->items[i], &load->form->pages[i]);
		load->form->pages_count++;
	}
}
