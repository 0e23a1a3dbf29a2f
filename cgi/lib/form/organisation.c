/* SPDX-License-Identifier: MIT */
/* organisation.c: reads forms/organisation.yaml and its translations: who asks, and what people are told.
 *
 * All that is particular to one customer is in that file; the grammar is soundings-form(5), THE ORGANISATION. Errors
 * are collected as for forms. The JSON for the catalogue is organisation_document.c. */
#include "lib/form/organisation.h"

#include <string.h>
#include <strings.h>

#include "lib/form/form_build.h"
#include "lib/form/form_load_folder.h"
#include "lib/form/form_translation.h"
#include "lib/form/organisation_parts.h"

/* The organisation while it is read. */
struct loader {
	struct form_report report;
	struct form_source source;
	struct form_translation_texts texts;
	struct organisation *organisation;
	const char *folder;
};

const char *const organisation_notices[NOTICE_COUNT] = {
	[NOTICE_PRIVACY] = "privacy",
	[NOTICE_ACCESSIBILITY] = "accessibility",
	[NOTICE_COOKIES] = "cookies",
};

/* The signs of RFC 3986 that stand in an href as they are. */
static const char url_signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&()*+,;=%";

enum { ADDRESS_MAX = 200 };

bool organisation_web_is_safe(const char *web)
{
	size_t host = strcspn(web, "/?#");
	if (host == 0 || strlen(web) > ADDRESS_MAX || web[strspn(web, url_signs)] != '\0')
		return false;
	/* No scheme, port or name of a person before the host: people read and type it. */
	return strcspn(web, ":@") >= host && memchr(web, '.', host) != NULL;
}

bool organisation_url_is_safe(const char *url)
{
	static const char scheme[] = "https://";
	return strncmp(url, scheme, strlen(scheme)) == 0 && organisation_web_is_safe(url + strlen(scheme));
}

bool organisation_email_is_safe(const char *email)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._+@";
	const char *at = strchr(email, '@');
	if (at == NULL || at == email || strlen(email) > ADDRESS_MAX || email[strspn(email, signs)] != '\0')
		return false;
	return strchr(at + 1, '@') == NULL && strchr(at + 1, '.') != NULL;
}

static void need(struct loader *loader, const struct yaml_node *map, const void *value, const char *key)
{
	if (value == NULL && form_value_peek(map, key, NULL) == NULL)
		form_source_error(&loader->source, map, "missing-key", "'%s' is missing here: add '%s: ...'", key, key);
}

/* The items of the list at KEY in MAP: maps that begin with their name. *COUNT of them, and room for as many SIZE. */
static const struct yaml_node *open_list(struct loader *loader, const struct yaml_node *map, const char *key,
					 size_t size, void **rows, size_t *count)
{
	*rows = NULL;
	*count = 0;
	const struct yaml_node *list = form_value_list(&loader->source, map, key);
	if (list == NULL)
		return NULL;
	if (list->count > ORGANISATION_ROWS_MAX) {
		form_source_error(&loader->source, list, "too-many", "%s holds %zu items: %d at most", key, list->count,
				  ORGANISATION_ROWS_MAX);
		return NULL;
	}
	*rows = arena_alloc(loader->source.arena, list->count + 1, size);
	if (*rows == NULL) {
		loader->report.has_no_memory = true;
		return NULL;
	}
	*count = list->count;
	return list;
}

/* The name at KEY of one item; "" when it is unusable. */
static const char *read_name(struct loader *loader, const struct yaml_node *list, size_t index, const char *key,
			     bool (*is_valid)(const char *))
{
	const struct yaml_node *item = list->items[index];
	const char *name = form_value_line(&loader->source, item, key);
	if (item->kind != YAML_MAP)
		form_source_error(&loader->source, item, "wrong-kind",
				  "an item has keys of its own: write '- %s: NAME' first", key);
	else
		need(loader, item, name, key);
	if (name == NULL)
		return "";
	if (!is_valid(name))
		form_source_error(&loader->source, item, "bad-name",
				  "\"%s\" is no name: write 1 to 32 lower-case letters, digits and hyphens, beginning "
				  "with a letter",
				  name);
	for (size_t i = 0; i < index; i++) {
		const struct yaml_node *other = form_value_peek(list->items[i], key, NULL);
		if (other != NULL && other->kind == YAML_SCALAR && strcmp(other->text, name) == 0)
			form_source_error(&loader->source, item, "duplicate-name",
					  "\"%s\" stands here twice: rename one", name);
	}
	return name;
}

/* The English of a text, under the path that translations know it by. */
static void read_text(struct loader *loader, const struct yaml_node *item, const char *key, bool is_needed,
		      struct text *text, const char *path)
{
	text->of[0] = form_value_text(&loader->source, item, key);
	if (is_needed)
		need(loader, item, text->of[0], key);
	form_translation_add(&loader->texts, text, "%s%s", path, key);
}

static const char *path_of(struct loader *loader, const char *what, const char *name)
{
	const char *path = arena_printf(loader->source.arena, "%s.%s.", what, name);
	if (path == NULL)
		loader->report.has_no_memory = true;
	return path != NULL ? path : "";
}

static void read_areas(struct loader *loader)
{
	static const char *const keys[] = {"area", "title", "wales"};
	void *rows;
	size_t count;
	const struct yaml_node *list =
		open_list(loader, loader->source.root, "areas", sizeof(struct organisation_area), &rows, &count);
	struct organisation_area *areas = rows;
	for (size_t i = 0; list != NULL && i < count; i++) {
		const struct yaml_node *item = list->items[i];
		areas[i].name = read_name(loader, list, i, "area", form_name_is_slug);
		read_text(loader, item, "title", true, &areas[i].title, path_of(loader, "areas", areas[i].name));
		areas[i].is_wales = form_value_yes(&loader->source, item, "wales", false);
		form_source_unknown(&loader->source, item, keys, 3);
	}
	loader->organisation->areas = areas;
	loader->organisation->areas_count = count;
}

/* A list at KEY of items that have a name, under ITEM_KEY, and a title. */
static const struct organisation_named *read_named(struct loader *loader, const char *key, const char *item_key,
						   size_t *count)
{
	const char *const keys[] = {item_key, "title"};
	void *rows;
	const struct yaml_node *list =
		open_list(loader, loader->source.root, key, sizeof(struct organisation_named), &rows, count);
	struct organisation_named *named = rows;
	for (size_t i = 0; list != NULL && i < *count; i++) {
		named[i].name = read_name(loader, list, i, item_key, form_name_is_slug);
		read_text(loader, list->items[i], "title", true, &named[i].title, path_of(loader, key, named[i].name));
		form_source_unknown(&loader->source, list->items[i], keys, 2);
	}
	return named;
}

static void read_helplines(struct loader *loader)
{
	static const char *const keys[] = {"helpline", "title", "number", "web", "note", "emergency", "wales"};
	void *rows;
	size_t count;
	const struct form_source *source = &loader->source;
	const struct yaml_node *list =
		open_list(loader, source->root, "helplines", sizeof(struct helpline), &rows, &count);
	struct helpline *helplines = rows;
	for (size_t i = 0; list != NULL && i < count; i++) {
		const struct yaml_node *item = list->items[i];
		struct helpline *helpline = &helplines[i];
		helpline->name = read_name(loader, list, i, "helpline", form_name_is_page);
		const char *path = path_of(loader, "helplines", helpline->name);
		read_text(loader, item, "title", true, &helpline->title, path);
		read_text(loader, item, "note", false, &helpline->note, path);
		helpline->number = form_value_line(source, item, "number");
		helpline->web = form_value_line(source, item, "web");
		helpline->is_emergency = form_value_yes(source, item, "emergency", false);
		helpline->is_wales_only = form_value_yes(source, item, "wales", false);
		if (helpline->number == NULL && helpline->web == NULL)
			form_source_error(source, item, "missing-key",
					  "helpline \"%s\" has neither number nor web: add one", helpline->name);
		if (helpline->web != NULL && !organisation_web_is_safe(helpline->web))
			form_source_error(source, item, "bad-value",
					  "\"%s\" is no address: write it without https://, as report-it.org.uk",
					  helpline->web);
		form_source_unknown(source, item, keys, sizeof keys / sizeof keys[0]);
	}
	loader->organisation->helplines = helplines;
	loader->organisation->helplines_count = count;
}

static void read_notice(struct loader *loader, const struct yaml_node *notices, enum notice notice)
{
	static const char *const keys[] = {"section", "heading", "body"};
	void *rows;
	size_t count;
	const char *key = organisation_notices[notice];
	const struct yaml_node *list = open_list(loader, notices, key, sizeof(struct notice_section), &rows, &count);
	struct notice_section *sections = rows;
	need(loader, notices, list, key);
	for (size_t i = 0; list != NULL && i < count; i++) {
		const struct yaml_node *item = list->items[i];
		sections[i].name = read_name(loader, list, i, "section", form_name_is_page);
		const char *what = arena_printf(loader->source.arena, "notices.%s", key);
		const char *path = path_of(loader, what != NULL ? what : "", sections[i].name);
		read_text(loader, item, "heading", true, &sections[i].heading, path);
		read_text(loader, item, "body", true, &sections[i].body, path);
		form_source_unknown(&loader->source, item, keys, 3);
	}
	loader->organisation->notices[notice] = sections;
	loader->organisation->notices_count[notice] = count;
}

static void read_notices(struct loader *loader)
{
	const struct yaml_node *notices = form_value_map(&loader->source, loader->source.root, "notices");
	need(loader, loader->source.root, notices, "notices");
	for (int notice = 0; notices != NULL && notice < NOTICE_COUNT; notice++)
		read_notice(loader, notices, (enum notice) notice);
	if (notices != NULL)
		form_source_unknown(&loader->source, notices, organisation_notices, NOTICE_COUNT);
}

static void read_head(struct loader *loader)
{
	struct organisation *organisation = loader->organisation;
	const struct form_source *source = &loader->source;
	const struct yaml_node *root = source->root;
	read_text(loader, root, "name", true, &organisation->name, "");
	read_text(loader, root, "short_name", true, &organisation->short_name, "");
	organisation->exit_url = form_value_line(source, root, "exit_url");
	organisation->contact_email = form_value_line(source, root, "contact_email");
	organisation->contact_phone = form_value_line(source, root, "contact_phone");
	need(loader, root, organisation->exit_url, "exit_url");
	need(loader, root, organisation->contact_email, "contact_email");
	if (organisation->exit_url != NULL && !organisation_url_is_safe(organisation->exit_url))
		form_source_error(source, form_value_peek(root, "exit_url", NULL), "bad-value",
				  "\"%s\" is no safe address: write one that begins with https:// and has no spaces",
				  organisation->exit_url);
	if (organisation->contact_email != NULL && !organisation_email_is_safe(organisation->contact_email))
		form_source_error(source, form_value_peek(root, "contact_email", NULL), "bad-value",
				  "\"%s\" is no email address: write one such as contact@example.org",
				  organisation->contact_email);
}

/* organisation.cy.yaml beside organisation.yaml. */
static enum err find_languages(struct loader *loader, const char *stem, const char *files[FORM_LANGUAGES_MAX])
{
	struct organisation *organisation = loader->organisation;
	const char **names;
	size_t count;
	enum err error = form_load_folder(loader->folder, ".yaml", loader->source.arena, &names, &count);
	if (error == ERR_OK)
		error = form_build_language("en", LANGUAGE_CHECKED, loader->source.arena, &organisation->languages[0]);
	if (error != ERR_OK)
		return error;
	organisation->languages_count = 1;
	size_t length = strlen(stem);
	for (size_t i = 0; i < count; i++) {
		if (strncmp(names[i], stem, length) != 0 || names[i][length] != '.')
			continue;
		const char *tag = names[i] + length + 1;
		if (!form_tag_is_valid(tag) || strcmp(tag, "en") == 0 ||
		    organisation->languages_count == FORM_LANGUAGES_MAX) {
			const char *file =
				arena_printf(loader->report.problems->arena, "%s/%s.yaml", loader->folder, names[i]);
			form_report_error(
				&loader->report, file != NULL ? file : names[i], 0, 0, "unknown-file",
				"\"%s\" is no language that a translation can be in: write its tag in lower case "
				"(%s.cy.yaml), or move the file away",
				tag, stem);
			continue;
		}
		error = form_build_language(tag, LANGUAGE_DRAFT, loader->source.arena,
					    &organisation->languages[organisation->languages_count]);
		if (error != ERR_OK)
			return error;
		files[organisation->languages_count++] = names[i];
	}
	return ERR_OK;
}

static enum err read_translations(struct loader *loader, const char *const *names)
{
	struct organisation *organisation = loader->organisation;
	struct form_translation_languages languages = {organisation->languages, organisation->languages_count};
	const char *files[FORM_LANGUAGES_MAX] = {NULL};
	/* English variants first: the others may be translated from them. */
	for (size_t step = 1; step < 2 * languages.count; step++) {
		size_t i = step < languages.count ? step : step - languages.count;
		bool is_english = i > 0 && strcmp(languages.list[i].base, "en") == 0;
		if (i == 0 || is_english != (step < languages.count))
			continue;
		struct form_source source = loader->source;
		source.root = NULL;
		const char *name = arena_printf(source.arena, "%s.yaml", names[i]);
		enum err error = name == NULL ? ERR_NOMEM : form_source_open(&source, loader->folder, name);
		files[i] = source.file;
		if (error == ERR_INVALID)
			continue;
		if (error != ERR_OK)
			return error;
		organisation->languages[i].status = form_translation_head(&source, languages.list[i].tag);
		error = form_translation_apply(&loader->texts, &source, &languages, i);
		if (error != ERR_OK)
			return error;
	}
	form_translation_missing(&loader->texts, &loader->report, &languages, files);
	return ERR_OK;
}

static enum err load_all(struct loader *loader, const char *stem)
{
	static const char *const keys[] = {"name",          "short_name", "exit_url",   "contact_email",
					   "contact_phone", "areas",      "programmes", "placements",
					   "aims",          "themes",     "helplines",  "notices"};
	const char *names[FORM_LANGUAGES_MAX] = {NULL};
	enum err error = find_languages(loader, stem, names);
	const char *file = arena_printf(loader->source.arena, "%s.yaml", stem);
	if (error == ERR_OK)
		error = file == NULL ? ERR_NOMEM : form_source_open(&loader->source, loader->folder, file);
	if (error != ERR_OK)
		return error;
	read_head(loader);
	read_areas(loader);
	struct organisation *organisation = loader->organisation;
	organisation->programmes = read_named(loader, "programmes", "programme", &organisation->programmes_count);
	organisation->placements = read_named(loader, "placements", "placement", &organisation->placements_count);
	organisation->aims = read_named(loader, "aims", "aim", &organisation->aims_count);
	organisation->themes = read_named(loader, "themes", "theme", &organisation->themes_count);
	read_helplines(loader);
	read_notices(loader);
	form_source_unknown(&loader->source, loader->source.root, keys, sizeof keys / sizeof keys[0]);
	return loader->texts.has_no_memory ? ERR_NOMEM : read_translations(loader, names);
}

enum err organisation_load(const char *path, struct arena *arena, struct organisation **out, struct problems *problems)
{
	struct loader loader = {.texts = {.arena = arena}};
	form_report_init(&loader.report, problems);
	loader.source = (struct form_source){.report = &loader.report, .arena = arena};
	loader.organisation = arena_new(arena, struct organisation);
	const char *slash = strrchr(path, '/');
	const char *file = slash != NULL ? slash + 1 : path;
	loader.folder = slash == NULL ? "." : arena_strndup(arena, path, (size_t) (slash - path));
	size_t length = strlen(file);
	if (length > strlen(".yaml") && strcmp(file + length - strlen(".yaml"), ".yaml") == 0)
		length -= strlen(".yaml");
	const char *stem = arena_strndup(arena, file, length);
	if (loader.organisation == NULL || loader.folder == NULL || stem == NULL)
		return ERR_NOMEM;
	enum err error = load_all(&loader, stem);
	enum err reported = form_report_finish(&loader.report);
	if (error == ERR_OK)
		error = reported;
	if (error == ERR_OK)
		*out = loader.organisation;
	return error;
}

const char *organisation_text(const struct organisation *organisation, const char *tag, const struct text *text)
{
	/* A tag is tried whole, then shorter by one part at a time; English stands behind all. */
	for (size_t length = strlen(tag); length > 0; length--) {
		if (tag[length] != '\0' && tag[length] != '-')
			continue;
		for (size_t i = 0; i < organisation->languages_count; i++) {
			const char *known = organisation->languages[i].tag;
			if (strlen(known) == length && strncasecmp(known, tag, length) == 0 && text->of[i] != NULL)
				return text->of[i];
		}
	}
	return text->of[0];
}
