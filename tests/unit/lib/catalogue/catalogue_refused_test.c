/* SPDX-License-Identifier: MIT */
/* catalogue_refused_test.c: everything that front machines must refuse, with the reason that the log will give. */
#include <errno.h>
#include <fcntl.h>

#include <sqlite3.h>

#include "lib/base/file.h"
#include "lib/catalogue/manifest.h"
#include "unit/lib/catalogue/sample.h"

static struct sample *sample;
static const char *directory; /* what "current" leads to */

static const char *in_directory(const char *name)
{
	return arena_printf(&sample->arena, "%s/%s", directory, name);
}

static const char *in_root(const char *name)
{
	return arena_printf(&sample->arena, "%s/%s", sample->root_dir, name);
}

/* Each test has a folder of its own with serial 3 published in it. */
static int set_up(void **state)
{
	(void) state;
	char name[100] = "";
	sample = sample_new("catalogue");
	sample->content.serial = 3;
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_true(readlink(in_root("current"), name, sizeof name - 1) > 0);
	directory = in_root(name);
	assert_int_equal(chmod(in_directory("catalogue.db"), 0644), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	sample_free(sample);
	return 0;
}

static void assert_refused_above(const char *what, uint64_t floor_serial, uint64_t floor_keyset, enum err expected,
				 const char *reason)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {0};
	enum err error = catalogue_open(sample->root_dir, sample->root.public_key, floor_serial, floor_keyset,
					&catalogue, &refusal);
	assert_null(catalogue);
	if (error != expected || (reason != NULL && strcmp(refusal.reason, reason) != 0))
		fail_msg("%s: gave %s, reason %s", what, err_name(error), refusal.reason);
}

static void assert_refused(const char *what, enum err expected, const char *reason)
{
	assert_refused_above(what, 0, 0, expected, reason);
}

static char *contents(const char *path, size_t *length)
{
	char *bytes = NULL;
	assert_int_equal(file_read(AT_FDCWD, path, 64 * 1024 * 1024, &sample->arena, &bytes, length), ERR_OK);
	return bytes;
}

/* Makes the manifest fit whatever catalogue.db is now, as somebody with the content key could. */
static void sign_again(uint64_t serial, const struct root_pair *content_pair, const char *keyset, size_t keyset_length)
{
	struct manifest manifest = {.serial = serial};
	char *document = NULL;
	size_t length = 0;
	const char *database = contents(in_directory("catalogue.db"), &length);
	keys_hash(database, length, manifest.database);
	manifest.bytes = length;
	assert_int_equal(
		manifest_encode(&manifest, keyset, keyset_length, content_pair, &sample->arena, &document, &length),
		ERR_OK);
	sample_write(in_directory("manifest"), document, length);
}

static void run_sql(const char *sql)
{
	sqlite3 *database = NULL;
	assert_int_equal(sqlite3_open(in_directory("catalogue.db"), &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* ---- the link and the directory ------------------------------------------------------------------------------------
 */

static void nothing_published(void **state)
{
	(void) state;
	assert_int_equal(unlink(in_root("current")), 0);
	assert_refused("no link", ERR_NOT_FOUND, NULL);
	sample_remove(sample->root_dir);
	assert_refused("no folder", ERR_NOT_FOUND, NULL);
}

static void links_that_lead_elsewhere(void **state)
{
	(void) state;
	static const struct {
		const char *to;
		const char *reason;
	} rows[] = {
		{"..", "link"},
		{".", "link"},
		{"/tmp", "link"},
		{"../catalogue/3-0011223344556677", "link"},
		{"3-0011223344556677/", "link"},
		{"3-00112233445566AA", "link"},
		{"03-0011223344556677", "link"},
		{"3", "link"},
		{"-0011223344556677", "link"},
		{"99999999999999999999-0011223344556677", "link"},
		{"3-0011223344556677-3-0011223344556677-3-0011223344556677", "link"},
		{"3-0011223344556677", "directory"}, /* well named, but not there */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(unlink(in_root("current")), 0);
		assert_int_equal(symlink(rows[i].to, in_root("current")), 0);
		assert_refused(rows[i].to, ERR_CORRUPT, rows[i].reason);
	}
}

static void a_link_that_is_none(void **state)
{
	(void) state;
	assert_int_equal(unlink(in_root("current")), 0);
	assert_int_equal(mkdir(in_root("current"), 0755), 0);
	assert_refused("a directory called current", ERR_CORRUPT, "link");
}

static void a_directory_behind_another_link(void **state)
{
	(void) state;
	const char *name = "3-0011223344556677";
	assert_int_equal(symlink(directory, in_root(name)), 0);
	assert_int_equal(unlink(in_root("current")), 0);
	assert_int_equal(symlink(name, in_root("current")), 0);
	assert_refused("a link to a link", ERR_DENIED, "directory");
}

static void a_directory_under_another_serial(void **state)
{
	(void) state;
	const char *name = "9-0011223344556677";
	assert_int_equal(rename(directory, in_root(name)), 0);
	assert_int_equal(unlink(in_root("current")), 0);
	assert_int_equal(symlink(name, in_root("current")), 0);
	assert_refused("serial 3 as 9", ERR_CORRUPT, "name");
}

/* ---- the manifest and its keys ------------------------------------------------------------------------------------
 */

static void no_byte_of_the_manifest_may_change(void **state)
{
	(void) state;
	size_t length = 0;
	char *manifest = contents(in_directory("manifest"), &length);
	for (size_t i = 0; i < length; i++) {
		struct catalogue *catalogue = NULL;
		struct catalogue_refusal refusal = {0};
		manifest[i] ^= 1;
		sample_write(in_directory("manifest"), manifest, length);
		enum err error = sample_open(sample, &catalogue, &refusal);
		if (error != ERR_CORRUPT && error != ERR_DENIED)
			fail_msg("byte %zu of the manifest: gave %s", i, err_name(error));
		assert_non_null(refusal.reason);
		manifest[i] ^= 1;
	}
	for (size_t i = 0; i < length; i += 97) {
		sample_write(in_directory("manifest"), manifest, i);
		assert_refused("a manifest cut short", ERR_CORRUPT, NULL);
	}
	sample_write(in_directory("manifest"), manifest, length);
	assert_int_equal(sample_serial(sample), 3);
}

static void a_manifest_that_is_missing_or_a_link(void **state)
{
	(void) state;
	assert_int_equal(rename(in_directory("manifest"), in_root("elsewhere")), 0);
	assert_refused("no manifest", ERR_CORRUPT, "manifest");
	assert_int_equal(symlink(in_root("elsewhere"), in_directory("manifest")), 0);
	assert_refused("a link to the manifest", ERR_DENIED, "manifest");
	assert_int_equal(unlink(in_directory("manifest")), 0);
	assert_int_equal(mkfifo(in_directory("manifest"), 0644), 0);
	assert_refused("a FIFO", ERR_DENIED, "manifest");
	assert_int_equal(unlink(in_directory("manifest")), 0);
	static char large[300 * 1024];
	sample_write(in_directory("manifest"), large, sizeof large);
	assert_refused("a huge manifest", ERR_CORRUPT, "manifest");
}

static void keys_that_are_not_the_roots(void **state)
{
	(void) state;
	struct root_pair other;
	struct sample *stranger = sample_new("catalogue");
	keys_new_signing(&other);
	/* Signed by a content key that the key set does not name. */
	sign_again(3, &other, sample->keyset_text, sample->keyset_length);
	assert_refused("another content key", ERR_DENIED, "signature");
	/* A whole catalogue of somebody else: all signatures are right, the root is not ours. */
	sign_again(3, &stranger->content_pair, stranger->keyset_text, stranger->keyset_length);
	assert_refused("another root", ERR_DENIED, "keyset");
	/* The root itself may not sign manifests either. */
	sign_again(3, &sample->root, sample->keyset_text, sample->keyset_length);
	assert_refused("the root as content key", ERR_DENIED, "signature");
	sign_again(3, &sample->content_pair, "{}", 2);
	assert_refused("no key set", ERR_CORRUPT, "keyset");
	sign_again(3, &sample->content_pair, sample->keyset_text, sample->keyset_length);
	assert_int_equal(sample_serial(sample), 3);
	sample_free(stranger);
}

/* Bodies that the content key signed and we would not have written. */
static void manifests_of_another_shape(void **state)
{
	(void) state;
	static const struct {
		const char *name, *from, *to;
	} rows[] = {
		{"another format", "\"format\":1", "\"format\":2"},
		{"no serial", ",\"serial\":3}", "}"},
		{"serial 0", "\"serial\":3}", "\"serial\":0}"},
		{"serial below zero", "\"serial\":3}", "\"serial\":-3}"},
		{"serial as text", "\"serial\":3}", "\"serial\":\"3\"}"},
		{"a surplus key", "\"serial\":3}", "\"serial\":3,\"zero\":0}"},
		{"a surplus key in place of one", "\"bytes\"", "\"bites\""},
		{"a key twice", "\"serial\":3}", "\"serial\":3,\"serial\":3}"},
		{"a space", "\"serial\":3}", "\"serial\":3 }"},
		{"a longer hash", "\"database\":\"", "\"database\":\"00"},
	};
	size_t length = 0, body_length = 0;
	const char *body = NULL;
	const char *manifest = contents(in_directory("manifest"), &length);
	assert_int_equal(
		signed_decode("manifest", manifest, length, sample->content_pair.public_key, &body, &body_length),
		ERR_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *at = strstr(body, rows[i].from);
		assert_non_null(at);
		const char *changed = arena_printf(&sample->arena, "%.*s%s%s", (int) (at - body), body, rows[i].to,
						   at + strlen(rows[i].from));
		char *document = NULL;
		assert_int_equal(signed_encode("manifest", changed, strlen(changed), &sample->content_pair,
					       &sample->arena, &document, &length),
				 ERR_OK);
		sample_write(in_directory("manifest"), document, length);
		assert_refused(rows[i].name, ERR_CORRUPT, "manifest");
	}
}

static void serials_below_the_highest_seen(void **state)
{
	(void) state;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	assert_refused_above("a lower serial", 4, 0, ERR_DENIED, "serial");
	assert_refused_above("a lower key set", 0, 6, ERR_DENIED, "serial");
	assert_int_equal(catalogue_open(sample->root_dir, sample->root.public_key, 3, 5, &catalogue, &refusal), ERR_OK);
	assert_null(refusal.reason);
	catalogue_close(catalogue);
}

static void another_publications_manifest(void **state)
{
	(void) state;
	size_t length = 0;
	const char *older = contents(in_directory("manifest"), &length);
	char name[100] = "";
	sample->content.serial = 4;
	sample->events[0].title = "Another";
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_true(readlink(in_root("current"), name, sizeof name - 1) > 0);
	directory = in_root(name);
	sample_write(in_directory("manifest"), older, length);
	assert_refused("serial 3's manifest beside serial 4", ERR_CORRUPT, "name");
	const char *again = arena_printf(&sample->arena, "%s/3-0011223344556677", sample->root_dir);
	assert_int_equal(rename(directory, again), 0);
	assert_int_equal(unlink(in_root("current")), 0);
	assert_int_equal(symlink("3-0011223344556677", in_root("current")), 0);
	assert_refused("and under its name", ERR_CORRUPT, "hash");
}

/* ---- the database --------------------------------------------------------------------------------------------------
 */

static void no_byte_of_the_database_may_change(void **state)
{
	(void) state;
	size_t length = 0;
	char *database = contents(in_directory("catalogue.db"), &length);
	for (size_t i = 0; i < length; i += i < 128 ? 1 : 1009) {
		database[i] ^= 4;
		sample_write(in_directory("catalogue.db"), database, length);
		assert_refused("a changed byte", ERR_CORRUPT, "hash");
		database[i] ^= 4;
	}
	sample_write(in_directory("catalogue.db"), database, length - 1);
	assert_refused("a byte less", ERR_CORRUPT, "size");
	sample_write(in_directory("catalogue.db"), database, 0);
	assert_refused("empty", ERR_CORRUPT, "size");
	char *longer = arena_memdup(&sample->arena, database, length);
	sample_write(in_directory("catalogue.db"), longer, length + 1);
	assert_refused("a byte more", ERR_CORRUPT, "size");
	sample_write(in_directory("catalogue.db"), database, length);
	assert_int_equal(sample_serial(sample), 3);
}

static void a_database_that_is_missing_or_a_link(void **state)
{
	(void) state;
	assert_int_equal(rename(in_directory("catalogue.db"), in_root("elsewhere")), 0);
	assert_refused("no database", ERR_CORRUPT, "database");
	assert_int_equal(symlink(in_root("elsewhere"), in_directory("catalogue.db")), 0);
	assert_refused("a link to the database", ERR_DENIED, "database");
	assert_int_equal(unlink(in_directory("catalogue.db")), 0);
	assert_int_equal(mkfifo(in_directory("catalogue.db"), 0644), 0);
	assert_refused("a FIFO", ERR_DENIED, "database");
	assert_int_equal(unlink(in_directory("catalogue.db")), 0);
	assert_int_equal(mkdir(in_directory("catalogue.db"), 0755), 0);
	assert_refused("a directory", ERR_DENIED, "database");
	assert_int_equal(rmdir(in_directory("catalogue.db")), 0);
}

/* Databases that are signed, and still are not ours. */
static void databases_of_another_shape(void **state)
{
	(void) state;
	static const struct {
		const char *name, *sql;
		const char *reason;
	} rows[] = {
		{"another application", "PRAGMA application_id = 1", "database"},
		{"another schema number", "PRAGMA user_version = 4", "schema"},
		{"an older schema number", "PRAGMA user_version = 2", "schema"},
		{"another serial inside", "UPDATE catalogue SET serial = 4", "database"},
		{"no publication", "DELETE FROM catalogue", "database"},
		{"no table of events", "PRAGMA foreign_keys = OFF; DROP TABLE event", "database"},
		{"no table of Areas", "DROP TABLE area_shown", "database"},
		{"a view in a table's place",
		 "DROP TABLE event_language; CREATE VIEW event_language AS SELECT 'E4K7QX' AS event, 0 AS position, "
		 "'en' AS tag",
		 "database"},
		{"words that are none", "UPDATE catalogue SET words = '['", "words"},
		{"an organisation that is none", "UPDATE catalogue SET organisation = '['", "organisation"},
	};
	size_t length = 0;
	const char *good = contents(in_directory("catalogue.db"), &length);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		sample_write(in_directory("catalogue.db"), good, length);
		run_sql(rows[i].sql);
		sign_again(3, &sample->content_pair, sample->keyset_text, sample->keyset_length);
		assert_refused(rows[i].name, ERR_CORRUPT, rows[i].reason);
	}
	sample_write(in_directory("catalogue.db"), "not a database at all", 21);
	sign_again(3, &sample->content_pair, sample->keyset_text, sample->keyset_length);
	assert_refused("a text file", ERR_CORRUPT, "database");
	sample_write(in_directory("catalogue.db"), good, length);
	sign_again(3, &sample->content_pair, sample->keyset_text, sample->keyset_length);
	assert_int_equal(sample_serial(sample), 3);
}

/* A form that this program cannot read (a newer hub's) is refused each time it is asked for, and harms nothing else. */
static void a_form_that_does_not_parse(void **state)
{
	(void) state;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	const struct form *form = NULL;
	run_sql("UPDATE form_version SET document = '{\"format\":99}' WHERE version = 1");
	sign_again(3, &sample->content_pair, sample->keyset_text, sample->keyset_length);
	assert_int_equal(sample_open(sample, &catalogue, &refusal), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(catalogue_form(catalogue, "short", 1, &form), ERR_CORRUPT);
	assert_null(form);
	assert_int_equal(catalogue_form(catalogue, "short", 2, &form), ERR_OK);
	catalogue_close(catalogue);
}

static void events_that_do_not_parse(void **state)
{
	(void) state;
	static const char *const rows[] = {
		"UPDATE event SET held_on = '2026-02-30'",
		"DELETE FROM event_language",
		"DELETE FROM event_language; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < "
		"30)"
		" INSERT INTO event_language SELECT 'E4K7QX', i, 'l' || i FROM n",
		"PRAGMA foreign_keys = OFF; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
		"40)"
		" INSERT INTO event_form SELECT 'E4K7QX', i, 'f' || i, 1 FROM n",
	};
	size_t length = 0;
	const char *good = contents(in_directory("catalogue.db"), &length);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct catalogue *catalogue = NULL;
		struct catalogue_event *event = NULL;
		struct catalogue_refusal refusal;
		sample_write(in_directory("catalogue.db"), good, length);
		run_sql(rows[i]);
		sign_again(3, &sample->content_pair, sample->keyset_text, sample->keyset_length);
		assert_int_equal(sample_open(sample, &catalogue, &refusal), ERR_OK);
		enum err error = catalogue_event(catalogue, "E4K7QX", &sample->arena, &event);
		if (error != ERR_CORRUPT)
			fail_msg("row %zu: gave %s", i, err_name(error));
		catalogue_close(catalogue);
	}
}

static int start(void **state)
{
	(void) state;
	return keys_start() != ERR_OK;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_published),
		TEST(links_that_lead_elsewhere),
		TEST(a_link_that_is_none),
		TEST(a_directory_behind_another_link),
		TEST(a_directory_under_another_serial),
		TEST(no_byte_of_the_manifest_may_change),
		TEST(a_manifest_that_is_missing_or_a_link),
		TEST(keys_that_are_not_the_roots),
		TEST(manifests_of_another_shape),
		TEST(serials_below_the_highest_seen),
		TEST(another_publications_manifest),
		TEST(no_byte_of_the_database_may_change),
		TEST(a_database_that_is_missing_or_a_link),
		TEST(databases_of_another_shape),
		TEST(a_form_that_does_not_parse),
		TEST(events_that_do_not_parse),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
