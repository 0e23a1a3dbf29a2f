/* SPDX-License-Identifier: MIT */
/* organisation_test.c: who asks: the file, its translations, its mistakes, and the document for the catalogue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_load.h"
#include "lib/form/organisation.h"
#include "unit/lib/form/form_folder.h"

enum { CEILING = 64 * 1024 * 1024 };

#define HEAD                                                                                                           \
	"name: City of Example\nshort_name: City\nexit_url: https://www.example.org/weather\n"                         \
	"contact_email: \"talk\\x40example.org\"\n"
#define AREAS "areas:\n  - area: north\n    title: North\n  - area: wales\n    title: Wales\n    wales: yes\n"
#define PROGRAMMES "programmes:\n  - programme: panel\n    title: Panels\n"
#define PLACEMENTS "placements:\n  - placement: five-day\n    title: Five days\n"
#define AIMS "aims:\n  - aim: trust\n    title: Trust\n  - aim: quality\n    title: Quality\n"
#define HELPLINES                                                                                                      \
	"helplines:\n  - helpline: police\n    title: Police\n    number: \"101\"\n    web: police.uk\n"               \
	"    note: Not an emergency\n    emergency: yes\n  - helpline: welsh\n    title: Welsh line\n"                 \
	"    number: 0808 80 10 800\n    wales: yes\n"
#define NOTICES                                                                                                        \
	"notices:\n  privacy:\n    - section: short\n      heading: In short\n      body: |-\n        One.\n\n"        \
	"        Two.\n  accessibility:\n    - section: how\n      heading: How\n      body: Well\n  cookies:\n"       \
	"    - section: none\n      heading: None\n      body: No cookies\n"
#define THEMES "themes:\n  - theme: court\n    title: Going to court\n"
#define RIGHT HEAD AREAS PROGRAMMES PLACEMENTS AIMS THEMES HELPLINES NOTICES

static enum err load(const struct folder *folder, struct arena *arena, struct organisation **organisation,
		     struct problems *problems)
{
	char path[FOLDER_PATH_MAX];
	arena_init(arena, CEILING);
	problems_init(problems, arena);
	return organisation_load(folder_path(folder, "organisation.yaml", path), arena, organisation, problems);
}

static struct folder right_folder(void)
{
	struct folder folder = folder_make();
	folder_write_as_is(&folder, "organisation.yaml", RIGHT);
	folder_write(&folder, "organisation.cy.yaml",
		     "language: cy\nstatus: draft\nsame: [short_name]\nname: Dinas\nareas.wales.title: Cymru\n"
		     "programmes.panel.title: Paneli\nplacements.five-day.title: Pum diwrnod\naims.trust.title: "
		     "Ymddiriedaeth\nthemes.court.title: Mynd i'r llys\nhelplines.police.title: "
		     "Heddlu\nhelplines.police.note: Dim argyfwng\n"
		     "notices.privacy.short.heading: Yn gryno\n");
	folder_write(&folder, "organisation.en-x-easy.yaml",
		     "language: en-x-easy\nstatus: checked\nnotices.privacy.short.body: Easy.\n");
	folder_write(&folder, "other.yaml", "not: [read");
	return folder;
}

static void test_load(void **state)
{
	(void) state;
	struct folder folder = right_folder();
	CLEANUP_ARENA struct arena arena;
	struct organisation *organisation = NULL;
	struct problems problems;
	assert_int_equal(load(&folder, &arena, &organisation, &problems), ERR_OK);
	char cy[FOLDER_PATH_MAX];
	folder_path(&folder, "organisation.cy.yaml", cy);
	folder_remove(&folder);
	for (size_t i = 0; i < problems.count; i++)
		assert_true(form_load_is_finding(&problems.list[i]));
	folder_expect(&problems, "draft", "draft-translation", cy, 2, NULL);
	folder_expect(&problems, "missing", "missing-translation", cy, 0, "\"areas.north.title\"");
	assert_string_equal(organisation->name.of[0], "City of Example");
	assert_string_equal(organisation->exit_url, "https://www.example.org/weather");
	assert_string_equal(organisation->contact_email, "talk@example.org");
	assert_null(organisation->contact_phone);
	assert_int_equal(organisation->languages_count, 3);
	assert_string_equal(organisation->languages[1].tag, "cy");
	assert_int_equal(organisation->languages[1].status, LANGUAGE_DRAFT);
	assert_int_equal(organisation->languages[2].status, LANGUAGE_CHECKED);
	assert_int_equal(organisation->areas_count, 2);
	assert_false(organisation->areas[0].is_wales);
	assert_true(organisation->areas[1].is_wales);
	assert_int_equal(organisation->programmes_count, 1);
	assert_string_equal(organisation->programmes[0].name, "panel");
	assert_int_equal(organisation->placements_count, 1);
	assert_string_equal(organisation->placements[0].name, "five-day");
	assert_string_equal(organisation->placements[0].title.of[1], "Pum diwrnod");
	assert_int_equal(organisation->aims_count, 2);
	assert_string_equal(organisation->aims[1].name, "quality");
	assert_int_equal(organisation->themes_count, 1);
	assert_string_equal(organisation->themes[0].name, "court");
	assert_string_equal(organisation->themes[0].title.of[1], "Mynd i'r llys");
	assert_int_equal(organisation->helplines_count, 2);
	const struct helpline *police = &organisation->helplines[0], *welsh = &organisation->helplines[1];
	assert_true(police->is_emergency && !police->is_wales_only);
	assert_true(welsh->is_wales_only && !welsh->is_emergency);
	assert_string_equal(police->number, "101");
	assert_string_equal(police->web, "police.uk");
	assert_null(welsh->web);
	assert_int_equal(organisation->notices_count[NOTICE_PRIVACY], 1);
	assert_string_equal(organisation->notices[NOTICE_PRIVACY][0].body.of[0], "One.\n\nTwo.");
	assert_string_equal(organisation->notices[NOTICE_COOKIES][0].heading.of[0], "None");
}

static void test_text(void **state)
{
	(void) state;
	struct folder folder = right_folder();
	CLEANUP_ARENA struct arena arena;
	struct organisation *organisation = NULL;
	struct problems problems;
	assert_int_equal(load(&folder, &arena, &organisation, &problems), ERR_OK);
	folder_remove(&folder);
	const struct notice_section *section = organisation->notices[NOTICE_PRIVACY];
	const struct {
		const char *tag;
		const struct text *text;
		const char *expected;
	} rows[] = {
		{"en", &organisation->name, "City of Example"},
		{"cy", &organisation->name, "Dinas"},
		{"CY", &organisation->name, "Dinas"},
		{"cy-x-easy", &organisation->name, "Dinas"},
		{"en-x-easy", &organisation->name, "City of Example"},
		{"cy", &organisation->short_name, "City"},
		{"en-x-easy", &section->body, "Easy."},
		{"EN-X-EASY", &section->body, "Easy."},
		{"en-gb", &section->heading, "In short"},
		{"cy", &section->body, "One.\n\nTwo."},
		{"pl", &section->heading, "In short"},
		{"", &section->heading, "In short"},
		{"cy", &organisation->helplines[1].note, NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *text = organisation_text(organisation, rows[i].tag, rows[i].text);
		if (rows[i].expected == NULL)
			assert_null(text);
		else
			assert_string_equal(text, rows[i].expected);
	}
}

static void test_broken(void **state)
{
	(void) state;
	static const struct {
		const char *name, *rule, *file, *text;
	} rows[] = {
		{"unknown key", "unknown-key", "organisation.yaml", "@shortname: x\n" RIGHT},
		{"no name", "missing-key", "organisation.yaml",
		 "@short_name: City\nexit_url: https://a.org/\ncontact_email: \"a\\x40b.org\"\n" NOTICES},
		{"exit without TLS", "bad-value", "organisation.yaml",
		 "name: N\nshort_name: S\nexit_url: @http://example.org\ncontact_email: \"a\\x40b.org\"\n" NOTICES},
		{"no notices", "missing-key", "organisation.yaml", "@" HEAD},
		{"no cookies notice", "missing-key", "organisation.yaml",
		 HEAD "notices:\n  @privacy:\n    - section: a\n      heading: A\n      body: B\n  accessibility:\n"
		      "    - section: a\n      heading: A\n      body: B\n"},
		{"unknown notice", "unknown-key", "organisation.yaml", HEAD NOTICES "  @cookie: x\n"},
		{"Area without a title", "missing-key", "organisation.yaml", HEAD NOTICES "areas:\n  - @area: north\n"},
		{"bad Area name", "bad-name", "organisation.yaml",
		 HEAD NOTICES "areas:\n  - @area: North\n    title: N\n"},
		{"two Areas of one name", "duplicate-name", "organisation.yaml",
		 HEAD NOTICES "areas:\n  - area: n\n    title: N\n  - @area: n\n    title: M\n"},
		{"Area that is a text", "wrong-kind", "organisation.yaml", HEAD NOTICES "areas:\n  - @north\n"},
		{"wales is neither", "bad-value", "organisation.yaml",
		 HEAD NOTICES "areas:\n  - area: n\n    title: N\n    wales: @true\n"},
		{"programme without a name", "missing-key", "organisation.yaml",
		 HEAD NOTICES "programmes:\n  - @title: N\n"},
		{"kind of placement without a title", "missing-key", "organisation.yaml",
		 HEAD NOTICES "placements:\n  - @placement: day\n"},
		{"theme that is not named", "missing-key", "organisation.yaml",
		 HEAD NOTICES "themes:\n  - @title: Going to court\n"},
		{"two aims of one name", "duplicate-name", "organisation.yaml",
		 HEAD NOTICES "aims:\n  - aim: n\n    title: N\n  - @aim: n\n    title: M\n"},
		{"unknown helpline key", "unknown-key", "organisation.yaml",
		 HEAD NOTICES "helplines:\n  - helpline: h\n    title: H\n    @phone: 101\n    web: a.org\n"},
		{"helpline without an address", "missing-key", "organisation.yaml",
		 HEAD NOTICES "helplines:\n  - @helpline: h\n    title: H\n"},
		{"helpline that is a script", "bad-value", "organisation.yaml",
		 HEAD NOTICES "helplines:\n  - @helpline: h\n    title: H\n    web: javascript:alert(1)\n"},
		{"section without a body", "missing-key", "organisation.yaml",
		 HEAD
		 "notices:\n  privacy:\n    - @section: a\n      heading: A\n  accessibility:\n    - section: a\n"
		 "      heading: A\n      body: B\n  cookies:\n    - section: a\n      heading: A\n      body: B\n"},
		{"path that names nothing", "unknown-path", "organisation.cy.yaml",
		 "language: cy\nstatus: draft\n@areas.nroth.title: Gogledd\n"},
		{"language of another file", "wrong-language", "organisation.cy.yaml",
		 "language: @pl\nstatus: draft\n"},
		{"file that is no language", "unknown-file", "organisation.welsh.yaml",
		 "language: cy\nstatus: draft\n"},
		{"broken translation", "syntax", "organisation.cy.yaml", "language: cy\nname: a@: b\n"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct folder folder = folder_make();
		/* '@' stands in addresses too, behind the mark. */
		folder_write_as_is(&folder, "organisation.yaml", RIGHT);
		folder_write(&folder, rows[i].file, rows[i].text);
		CLEANUP_ARENA struct arena arena;
		struct organisation *organisation = NULL;
		struct problems problems;
		enum err error = load(&folder, &arena, &organisation, &problems);
		folder_remove(&folder);
		unsigned column, line = folder_marked_line(rows[i].text, &column);
		char path[FOLDER_PATH_MAX];
		folder_path(&folder, rows[i].file, path);
		folder_expect(&problems, rows[i].name, rows[i].rule, path, line, NULL);
		if (error != ERR_INVALID)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_null(organisation);
	}
}

static void test_addresses(void **state)
{
	(void) state;
	static const struct {
		const char *url;
		bool is_safe;
	} rows[] = {
		{"https://example.org", true},
		{"https://example.org/a?b=c#d", true},
		{"http://example.org", false},
		{"HTTPS://example.org", false},
		{"https://", false},
		{"https:///etc", false},
		{"https://example.org/a b", false},
		{"https://example.org/\\\"x", false},
		{"https://user@example.org/", false},
		{"https://example", false},
		{"javascript:alert(1)", false},
		{"//example.org", false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct folder folder = folder_make();
		char text[2048];
		snprintf(text, sizeof text,
			 "name: N\nshort_name: S\nexit_url: \"%s\"\ncontact_email: a@b.org\n" NOTICES, rows[i].url);
		folder_write_as_is(&folder, "organisation.yaml", text);
		CLEANUP_ARENA struct arena arena;
		struct organisation *organisation = NULL;
		struct problems problems;
		enum err error = load(&folder, &arena, &organisation, &problems);
		folder_remove(&folder);
		if (error != (rows[i].is_safe ? ERR_OK : ERR_INVALID))
			fail_msg("%s: %s", rows[i].url, err_name(error));
	}
}

static void test_not_there(void **state)
{
	(void) state;
	struct folder folder = folder_make();
	CLEANUP_ARENA struct arena arena;
	struct organisation *organisation = NULL;
	struct problems problems;
	assert_int_equal(load(&folder, &arena, &organisation, &problems), ERR_NOT_FOUND);
	folder_remove(&folder);
	assert_null(organisation);
}

/* The document of the right organisation, in ARENA. */
static char *right_document(struct arena *arena, size_t *length)
{
	struct folder folder = right_folder();
	struct organisation *organisation = NULL;
	struct problems problems;
	assert_int_equal(load(&folder, arena, &organisation, &problems), ERR_OK);
	folder_remove(&folder);
	char *json = NULL;
	assert_int_equal(organisation_encode(organisation, arena, &json, length), ERR_OK);
	return json;
}

static void test_document(void **state)
{
	(void) state;
	CLEANUP_ARENA struct arena arena;
	size_t length = 0, again_length = 0;
	char *json = right_document(&arena, &length), *again = NULL;
	struct organisation *organisation = NULL;
	assert_int_equal(organisation_decode(json, length, &arena, &organisation), ERR_OK);
	assert_int_equal(organisation_encode(organisation, &arena, &again, &again_length), ERR_OK);
	assert_int_equal(length, again_length);
	assert_memory_equal(json, again, length);
	assert_int_equal(organisation->languages_count, 3);
	assert_true(organisation->areas[1].is_wales);
	assert_true(organisation->helplines[0].is_emergency);
	assert_true(organisation->helplines[1].is_wales_only);
	assert_string_equal(organisation_text(organisation, "cy", &organisation->areas[1].title), "Cymru");
	assert_string_equal(organisation->notices[NOTICE_ACCESSIBILITY][0].body.of[0], "Well");
}

static void test_corrupt(void **state)
{
	(void) state;
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"other format", "soundings-organisation/1", "soundings-organisation/9"},
		{"unknown key", "{\"accessibility\"", "{\"aaa\":1,\"accessibility\""},
		{"unsafe exit", "https://www.example.org/weather", "javascript:alert(1)"},
		{"unsafe helpline", "police.uk", "//police.uk"},
		{"unsafe mail", "talk@example.org", "a?b=c@d.org"},
		{"no name", "\"name\":{\"cy\":\"Dinas\",\"en\":\"City of Example\"},", ""},
		{"name in no English", "\"en\":\"City of Example\"", "\"en-x-easy\":\"City\""},
		{"bad Area", "\"north\"", "\"North!\""},
		{"number as a number", "\"number\":\"101\"", "\"number\":101"},
		{"truth as a text", "\"emergency\":true", "\"emergency\":\"yes\""},
		{"falsehood", "\"emergency\":true", "\"emergency\":false"},
		{"rows that are none", "\"areas\":[", "\"areas\":{},\"b\":["},
	};
	CLEANUP_ARENA struct arena arena;
	size_t length = 0;
	char *json = right_document(&arena, &length);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *at = strstr(json, rows[i].from);
		if (at == NULL)
			fail_msg("%s: the document has no %s", rows[i].name, rows[i].from);
		char *bytes = arena_printf(&arena, "%.*s%s%s", (int) (at - json), json, rows[i].to,
					   at + strlen(rows[i].from));
		struct organisation *organisation = NULL;
		enum err error = organisation_decode(bytes, strlen(bytes), &arena, &organisation);
		if (error != ERR_CORRUPT)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		assert_null(organisation);
	}
	for (size_t cut = 0; cut < length; cut += 11) {
		struct organisation *organisation = NULL;
		assert_int_equal(organisation_decode(json, cut, &arena, &organisation), ERR_CORRUPT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),      cmocka_unit_test(test_text),      cmocka_unit_test(test_broken),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_not_there), cmocka_unit_test(test_document),
		cmocka_unit_test(test_corrupt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
