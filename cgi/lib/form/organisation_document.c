/* SPDX-License-Identifier: MIT */
/* organisation_document.c: the organisation as one canonical JSON document for the catalogue, and back.
 *
 * Front machines read it, so it is read as hostile input: addresses that become links are checked again, and what was
 * read is written again and must give the same bytes. */
#include <string.h>

#include "lib/form/form_build.h"
#include "lib/form/form_json.h"
#include "lib/form/organisation.h"
#include "lib/form/organisation_parts.h"

#define ORGANISATION_FORMAT "soundings-organisation/1"

static bool put_text(const struct organisation *organisation, json_t *object, const char *key, const struct text *text)
{
	return form_json_put_text(object, key, text, organisation->languages, organisation->languages_count);
}

static json_t *named(const struct organisation *organisation, const char *name, const char *key,
		     const struct text *text)
{
	json_auto_t *object = json_object();
	bool is_done = object != NULL && form_json_put_string(object, "name", name) &&
		       put_text(organisation, object, key, text);
	return is_done ? json_incref(object) : NULL;
}

static json_t *areas_tree(const struct organisation *organisation)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < organisation->areas_count; i++) {
		const struct organisation_area *area = &organisation->areas[i];
		json_t *row = named(organisation, area->name, "title", &area->title);
		if (!form_json_append(array, row) || !form_json_put_true(row, "wales", area->is_wales))
			return NULL;
	}
	return json_incref(array);
}

static json_t *named_tree(const struct organisation *organisation, const struct organisation_named *list, size_t count)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < count; i++) {
		if (!form_json_append(array, named(organisation, list[i].name, "title", &list[i].title)))
			return NULL;
	}
	return json_incref(array);
}

static json_t *helplines_tree(const struct organisation *organisation)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < organisation->helplines_count; i++) {
		const struct helpline *helpline = &organisation->helplines[i];
		json_t *row = named(organisation, helpline->name, "title", &helpline->title);
		if (!form_json_append(array, row) || !put_text(organisation, row, "note", &helpline->note) ||
		    !form_json_put_string(row, "number", helpline->number) ||
		    !form_json_put_string(row, "web", helpline->web) ||
		    !form_json_put_true(row, "emergency", helpline->is_emergency) ||
		    !form_json_put_true(row, "wales", helpline->is_wales_only))
			return NULL;
	}
	return json_incref(array);
}

static json_t *notice_tree(const struct organisation *organisation, enum notice notice)
{
	json_auto_t *array = json_array();
	for (size_t i = 0; array != NULL && i < organisation->notices_count[notice]; i++) {
		const struct notice_section *section = &organisation->notices[notice][i];
		json_t *row = named(organisation, section->name, "heading", &section->heading);
		if (!form_json_append(array, row) || !put_text(organisation, row, "body", &section->body))
			return NULL;
	}
	return json_incref(array);
}

/* An array under KEY, left out when it is empty. */
static bool put_rows(json_t *object, const char *key, json_t *rows)
{
	json_auto_t *array = rows;
	return array != NULL && (json_array_size(array) == 0 || form_json_put(object, key, json_incref(array)));
}

static json_t *organisation_tree(const struct organisation *organisation)
{
	json_auto_t *root = json_object();
	bool is_done =
		root != NULL && form_json_put_string(root, "format", ORGANISATION_FORMAT) &&
		form_json_put(root, "languages",
			      form_json_languages(organisation->languages, organisation->languages_count)) &&
		put_text(organisation, root, "name", &organisation->name) &&
		put_text(organisation, root, "short_name", &organisation->short_name) &&
		form_json_put_string(root, "exit_url", organisation->exit_url) &&
		form_json_put_string(root, "contact_email", organisation->contact_email) &&
		form_json_put_string(root, "contact_phone", organisation->contact_phone) &&
		put_rows(root, "areas", areas_tree(organisation)) &&
		put_rows(root, "programmes",
			 named_tree(organisation, organisation->programmes, organisation->programmes_count)) &&
		put_rows(root, "placements",
			 named_tree(organisation, organisation->placements, organisation->placements_count)) &&
		put_rows(root, "aims", named_tree(organisation, organisation->aims, organisation->aims_count)) &&
		put_rows(root, "themes", named_tree(organisation, organisation->themes, organisation->themes_count)) &&
		put_rows(root, "helplines", helplines_tree(organisation));
	for (int notice = 0; is_done && notice < NOTICE_COUNT; notice++)
		is_done = put_rows(root, organisation_notices[notice], notice_tree(organisation, (enum notice) notice));
	return is_done ? json_incref(root) : NULL;
}

enum err organisation_encode(const struct organisation *organisation, struct arena *arena, char **out, size_t *length)
{
	json_auto_t *root = organisation_tree(organisation);
	return root == NULL ? ERR_NOMEM : form_json_write(root, arena, out, length);
}

/* Rows for the array at KEY; NULL (and *COUNT 0) when there is none. */
static void *open_rows(struct form_json_reader *reader, const json_t *root, const char *key, size_t size,
		       const json_t **array, size_t *count)
{
	*array = form_json_array(reader, root, key, ORGANISATION_ROWS_MAX, count);
	void *rows = arena_alloc(reader->arena, *count + 1, size);
	if (rows == NULL) {
		form_json_fail(reader, ERR_NOMEM);
		*count = 0;
	}
	return rows;
}

static const char *checked_name(struct form_json_reader *reader, const json_t *object, bool (*is_valid)(const char *))
{
	const char *name = form_json_name(reader, object, "name");
	if (!is_valid(name))
		form_json_fail(reader, ERR_CORRUPT);
	return name;
}

static struct text needed_text(struct form_json_reader *reader, const json_t *object, const char *key)
{
	struct text text = form_json_text(reader, object, key);
	if (text.of[0] == NULL)
		form_json_fail(reader, ERR_CORRUPT);
	return text;
}

static void read_areas(struct form_json_reader *reader, const json_t *root, struct organisation *organisation)
{
	const json_t *array;
	size_t count;
	struct organisation_area *areas = open_rows(reader, root, "areas", sizeof(*areas), &array, &count);
	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(array, i);
		areas[i].name = checked_name(reader, row, form_name_is_slug);
		areas[i].title = needed_text(reader, row, "title");
		areas[i].is_wales = form_json_true(reader, row, "wales");
	}
	organisation->areas = areas;
	organisation->areas_count = count;
}

static const struct organisation_named *read_named(struct form_json_reader *reader, const json_t *root, const char *key,
						   size_t *count)
{
	const json_t *array;
	struct organisation_named *rows = open_rows(reader, root, key, sizeof(*rows), &array, count);
	for (size_t i = 0; i < *count; i++) {
		const json_t *row = json_array_get(array, i);
		rows[i].name = checked_name(reader, row, form_name_is_slug);
		rows[i].title = needed_text(reader, row, "title");
	}
	return rows;
}

static void read_helplines(struct form_json_reader *reader, const json_t *root, struct organisation *organisation)
{
	const json_t *array;
	size_t count;
	struct helpline *helplines = open_rows(reader, root, "helplines", sizeof(*helplines), &array, &count);
	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(array, i);
		struct helpline *helpline = &helplines[i];
		helpline->name = checked_name(reader, row, form_name_is_page);
		helpline->title = needed_text(reader, row, "title");
		helpline->note = form_json_text(reader, row, "note");
		helpline->number = form_json_string(reader, row, "number");
		helpline->web = form_json_string(reader, row, "web");
		helpline->is_emergency = form_json_true(reader, row, "emergency");
		helpline->is_wales_only = form_json_true(reader, row, "wales");
		bool has_address = helpline->number != NULL || helpline->web != NULL;
		if (!has_address || (helpline->web != NULL && !organisation_web_is_safe(helpline->web)))
			form_json_fail(reader, ERR_CORRUPT);
	}
	organisation->helplines = helplines;
	organisation->helplines_count = count;
}

static void read_notice(struct form_json_reader *reader, const json_t *root, enum notice notice,
			struct organisation *organisation)
{
	const json_t *array;
	size_t count;
	struct notice_section *sections =
		open_rows(reader, root, organisation_notices[notice], sizeof(*sections), &array, &count);
	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(array, i);
		sections[i].name = checked_name(reader, row, form_name_is_page);
		sections[i].heading = needed_text(reader, row, "heading");
		sections[i].body = needed_text(reader, row, "body");
	}
	organisation->notices[notice] = sections;
	organisation->notices_count[notice] = count;
}

static void read_all(struct form_json_reader *reader, const json_t *root, struct organisation *organisation)
{
	if (strcmp(form_json_name(reader, root, "format"), ORGANISATION_FORMAT) != 0)
		form_json_fail(reader, ERR_CORRUPT);
	form_json_read_languages(reader, root);
	memcpy(organisation->languages, reader->languages, sizeof organisation->languages);
	organisation->languages_count = reader->languages_count;
	if (reader->error != ERR_OK)
		return;
	organisation->name = needed_text(reader, root, "name");
	organisation->short_name = needed_text(reader, root, "short_name");
	organisation->exit_url = form_json_name(reader, root, "exit_url");
	organisation->contact_email = form_json_name(reader, root, "contact_email");
	organisation->contact_phone = form_json_string(reader, root, "contact_phone");
	if (!organisation_url_is_safe(organisation->exit_url) ||
	    !organisation_email_is_safe(organisation->contact_email))
		form_json_fail(reader, ERR_CORRUPT);
	read_areas(reader, root, organisation);
	organisation->programmes = read_named(reader, root, "programmes", &organisation->programmes_count);
	organisation->placements = read_named(reader, root, "placements", &organisation->placements_count);
	organisation->aims = read_named(reader, root, "aims", &organisation->aims_count);
	organisation->themes = read_named(reader, root, "themes", &organisation->themes_count);
	read_helplines(reader, root, organisation);
	for (int notice = 0; notice < NOTICE_COUNT; notice++)
		read_notice(reader, root, (enum notice) notice, organisation);
}

enum err organisation_decode(const char *json, size_t length, struct arena *arena, struct organisation **out)
{
	json_auto_t *root = NULL;
	enum err error = form_json_parse(json, length, &root);
	if (error != ERR_OK)
		return error;
	struct organisation *organisation = arena_new(arena, struct organisation);
	if (organisation == NULL)
		return ERR_NOMEM;
	struct form_json_reader reader = {.arena = arena};
	read_all(&reader, root, organisation);
	if (reader.error != ERR_OK)
		return reader.error;
	json_auto_t *again = organisation_tree(organisation);
	if (again == NULL)
		return ERR_NOMEM;
	error = form_json_compare(again, json, length);
	if (error == ERR_OK)
		*out = organisation;
	return error;
}
