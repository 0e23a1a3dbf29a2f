/* SPDX-License-Identifier: MIT */
/* form_load_choices.c: reads lists of choices: a form's, a library file's, a variant's own (soundings-form(5),
 * CHOICES).
 *
 * An item is '- code: Label' with further keys below it, or '- group: NAME' with a label: a heading for what follows.
 * Whether a list makes sense is for form_check.c to say. */
#include "lib/form/form_load_parts.h"

#include <string.h>

static const char *const choice_keys[] = {"exclusive", "refusal", "maps_to", "standard", "picture", "face", "group"};
static const char *const maps_to_words[] = {"top", "middle", "bottom"};

/* A reader of one list. */
struct list_reader {
	struct load *load;
	const struct form_source *source;
	struct load_list *list;
	size_t language;
	const char *heading; /* the group that is open, or NULL */
};

static void read_heading(struct list_reader *reader, const struct yaml_node *item)
{
	static const char *const keys[] = {"group", "label"};
	const char *name = form_value_line(reader->source, item, "group");
	const char *label = form_value_text(reader->source, item, "label");
	form_source_unknown(reader->source, item, keys, 2);
	if (name == NULL)
		return;
	if (strcmp(name, "none") == 0) {
		if (label != NULL)
			form_source_error(reader->source, item, "unknown-key",
					  "'- group: none' ends a group and has no label: delete it");
		reader->heading = NULL;
		return;
	}
	struct choice_group *group = &reader->list->groups[reader->list->list.groups_count++];
	group->name = name;
	group->label.of[0] = label;
	group->label.of[reader->language] = label;
	reader->heading = name;
}

static void read_choice(struct list_reader *reader, const struct yaml_node *item)
{
	const struct form_source *source = reader->source;
	struct choice *choice = &reader->list->choices[reader->list->list.choices_count];
	reader->list->nodes[reader->list->list.choices_count++] = item;
	choice->name = item->keys[0];
	item->is_read[0] = 1;
	const char *label = form_value_text_of(source, item->items[0]);
	choice->label.of[0] = label;
	choice->label.of[reader->language] = label;
	choice->is_exclusive = form_value_yes(source, item, "exclusive", false);
	choice->is_refusal = form_value_yes(source, item, "refusal", false);
	if (form_value_peek(item, "maps_to", NULL) != NULL)
		choice->maps_to = (enum maps_to)(form_value_option(source, item, "maps_to", maps_to_words, 3, -1) + 1);
	choice->code = form_value_line(source, item, "standard");
	choice->picture = form_value_line(source, item, "picture");
	choice->face = (int) form_value_number(source, item, "face", 1, 5, 0);
	const char *group = form_value_line(source, item, "group");
	choice->group = group != NULL ? group : reader->heading;
	form_source_unknown(source, item, choice_keys, sizeof choice_keys / sizeof choice_keys[0]);
}

/* True for a first key that can only be a further key of a choice that somebody forgot to name. */
static bool is_choice_key(const char *key)
{
	for (size_t i = 0; i < sizeof choice_keys / sizeof choice_keys[0]; i++) {
		if (strcmp(choice_keys[i], key) == 0)
			return true;
	}
	return false;
}

static void read_item(struct list_reader *reader, const struct yaml_node *item)
{
	if (item->kind != YAML_MAP || item->count == 0)
		form_source_error(reader->source, item, "wrong-kind",
				  "a choice needs a code and a label: write '- code: Label'");
	else if (strcmp(item->keys[0], "group") == 0)
		read_heading(reader, item);
	else if (is_choice_key(item->keys[0]))
		form_source_error(reader->source, item, "reserved-name",
				  "\"%s\" stands where the code of a choice should: write '- code: Label' first, and "
				  "'%s' below it",
				  item->keys[0], item->keys[0]);
	else
		read_choice(reader, item);
}

static bool add_list(struct load *load, struct load_part *part, struct load_list *list)
{
	struct load_list **lists = arena_grow(load->arena, part->lists, part->lists_count, part->lists_count + 1,
					      sizeof(struct load_list *));
	if (lists == NULL) {
		load->report.has_no_memory = true;
		return false;
	}
	part->lists = lists;
	part->lists[part->lists_count++] = list;
	return true;
}

static void read_list(struct load *load, struct load_part *part, const struct form_source *source,
		      const struct yaml_node *map, size_t index, size_t language)
{
	const struct yaml_node *node = map->items[index];
	struct load_list *list = arena_new(load->arena, struct load_list);
	size_t errors = form_load_errors(load), room = node->kind == YAML_LIST ? node->count : 0;
	if (list == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	list->choices = arena_array(load->arena, room + 1, struct choice);
	list->groups = arena_array(load->arena, room + 1, struct choice_group);
	list->nodes = arena_array(load->arena, room + 1, const struct yaml_node *);
	if (list->choices == NULL || list->groups == NULL || list->nodes == NULL) {
		load->report.has_no_memory = true;
		return;
	}
	list->list = (struct choice_list){.name = map->keys[index], .choices = list->choices, .groups = list->groups};
	list->source = source;
	list->line = map->key_lines[index];
	list->column = map->column;
	list->language = language;
	if (!add_list(load, part, list))
		return;
	struct list_reader reader = {.load = load, .source = source, .list = list, .language = language};
	if (room == 0) {
		form_source_error(source, node, "wrong-kind",
				  "list \"%s\" has no choices: write '- code: Label' lines below it", map->keys[index]);
		list->is_broken = true;
	}
	for (size_t i = 0; i < room; i++)
		read_item(&reader, node->items[i]);
	list->has_errors = form_load_errors(load) > errors;
}

void form_load_lists(struct load *load, struct load_part *part, const struct form_source *source, const char *key,
		     size_t language)
{
	const struct yaml_node *map = form_value_map(source, source->root, key);
	part->has_lost_lists |= map == NULL && form_value_peek(source->root, key, NULL) != NULL;
	if (map == NULL)
		return;
	if (part->lists_count + map->count > FORM_LISTS_MAX) {
		part->has_lost_lists = true;
		form_source_error(source, map, "too-many", "%zu lists stand in one file: %d at most",
				  part->lists_count + map->count, FORM_LISTS_MAX);
		return;
	}
	for (size_t i = 0; i < map->count; i++)
		read_list(load, part, source, map, i, language);
}

static struct load_list *find_own(const struct load_part *part, const char *name)
{
	for (size_t i = 0; i < part->lists_count; i++) {
		if (part->lists[i]->language == 0 && strcmp(part->lists[i]->list.name, name) == 0)
			return part->lists[i];
	}
	return NULL;
}

struct load_list *form_load_find_list(struct load *load, struct load_part *part, const char *name)
{
	struct load_list *list = find_own(part, name);
	for (size_t i = 0; list == NULL && i < load->library_names_count; i++) {
		struct load_part *library = form_library_get(load, load->library_names[i], &part->source, NULL);
		if (library != NULL)
			list = find_own(library, name);
	}
	return list;
}

static struct load_list *part_list_of(const struct load_part *part, const struct choice_list *list)
{
	for (size_t i = 0; i < part->lists_count; i++) {
		if (&part->lists[i]->list == list)
			return part->lists[i];
	}
	return NULL;
}

struct load_list *form_load_list_of(struct load *load, const struct choice_list *list, struct load_part **part)
{
	struct load_part *at = &load->part;
	struct load_list *found = part_list_of(at, list);
	for (struct load_part *library = load->libraries; found == NULL && library != NULL; library = library->next) {
		at = library;
		found = part_list_of(at, list);
	}
	if (part != NULL)
		*part = at;
	return found;
}

void form_load_unknown_list(struct load *load, const struct load_part *part, const struct form_source *source,
			    const struct yaml_node *node, const char *name)
{
	size_t room = part->lists_count;
	for (const struct load_part *library = load->libraries; library != NULL; library = library->next)
		room += library->lists_count;
	const char **names = arena_array(load->arena, room + 1, const char *);
	size_t count = 0;
	for (size_t i = 0; names != NULL && i < part->lists_count; i++)
		names[count++] = part->lists[i]->list.name;
	for (const struct load_part *library = load->libraries; names != NULL && library != NULL;
	     library = library->next) {
		for (size_t i = 0; library != part && i < library->lists_count; i++)
			names[count++] = library->lists[i]->list.name;
	}
	bool is_lost = part->has_lost_lists;
	for (const struct load_part *library = load->libraries; library != NULL; library = library->next)
		is_lost |= library->has_lost_lists;
	if (is_lost)
		return; /* it may be one that could not be read, which is told */
	const char *nearest = names == NULL ? NULL : problem_nearest(name, names, count);
	if (nearest != NULL)
		form_source_error(source, node, "unknown-list", "no list is called \"%s\": did you mean \"%s\"?", name,
				  nearest);
	else
		form_source_error(source, node, "unknown-list",
				  "no list is called \"%s\": add it under 'choices:', or to a file of the library",
				  name);
}
