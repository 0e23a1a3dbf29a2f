/* SPDX-License-Identifier: MIT */
/* catalogue_publish_test.c: publishing, being stopped at every step of it, and failing at every step of it.
 *
 * The calls that change the folder are defined here, in front of libc's, and count: at a chosen one the process ends
 * (as by kill -9) or the call fails. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "unit/lib/catalogue/sample.h"

/* ---- steps ---------------------------------------------------------------------------------------------------------
 */

enum { ENDED = 77 };

static int steps_left = -1; /* until something happens; -1: nothing will */
static int step_errno;      /* 0: the process ends */

static bool step(void)
{
	if (steps_left < 0 || steps_left-- > 0)
		return true;
	if (step_errno == 0)
		_exit(ENDED);
	errno = step_errno;
	return false;
}

int fsync(int fd)
{
	return step() ? (int) syscall(SYS_fsync, fd) : -1;
}

int fchmod(int fd, mode_t mode)
{
	return step() ? (int) syscall(SYS_fchmod, fd, mode) : -1;
}

int mkdirat(int at, const char *path, mode_t mode)
{
	return step() ? (int) syscall(SYS_mkdirat, at, path, mode) : -1;
}

int unlinkat(int at, const char *path, int flags)
{
	return step() ? (int) syscall(SYS_unlinkat, at, path, flags) : -1;
}

int symlinkat(const char *to, int at, const char *path)
{
	return step() ? (int) syscall(SYS_symlinkat, to, at, path) : -1;
}

int renameat(int old_at, const char *old_path, int new_at, const char *new_path)
{
	return step() ? (int) syscall(SYS_renameat2, old_at, old_path, new_at, new_path, 0) : -1;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------
 */

static struct sample *sample;

static int set_up(void **state)
{
	(void) state;
	steps_left = -1;
	sample = sample_new("catalogue");
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	steps_left = -1;
	sample_free(sample);
	return 0;
}

static void one_after_another(void **state)
{
	(void) state;
	for (sample->content.serial = 1; sample->content.serial < 8; sample->content.serial++) {
		assert_int_equal(sample_publish(sample), ERR_OK);
		assert_int_equal(sample_serial(sample), sample->content.serial);
		/* The link, this one, and the one before it. */
		assert_int_equal(sample_count(sample), sample->content.serial == 1 ? 2 : 3);
	}
}

static void files_are_for_reading(void **state)
{
	(void) state;
	struct stat status;
	mode_t mask = umask(0077);
	assert_int_equal(sample_publish(sample), ERR_OK);
	umask(mask);
	assert_int_equal(stat(sample_path(sample, "catalogue/current/catalogue.db"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0444);
	assert_int_equal(stat(sample_path(sample, "catalogue/current/manifest"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0444);
	assert_int_equal(stat(sample_path(sample, "catalogue/current"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	assert_int_not_equal(access(sample_path(sample, "catalogue/current/catalogue.db-journal"), F_OK), 0);
}

static void serials_only_rise(void **state)
{
	(void) state;
	sample->content.serial = 5;
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_int_equal(sample_publish(sample), ERR_CONFLICT);
	sample->content.serial = 4;
	assert_int_equal(sample_publish(sample), ERR_CONFLICT);
	sample->content.serial = 6;
	sample->keyset.serial = 4;
	sample_sign_keyset(sample);
	assert_int_equal(sample_publish(sample), ERR_CONFLICT);
	assert_int_equal(sample_serial(sample), 5);
	sample->keyset.serial = 5;
	sample_sign_keyset(sample);
	assert_int_equal(sample_publish(sample), ERR_OK);
	sample->content.serial = 0;
	assert_int_equal(sample_publish(sample), ERR_INVALID);
	sample->content.serial = (uint64_t) INT64_MAX + 1;
	assert_int_equal(sample_publish(sample), ERR_INVALID);
	sample->content.serial = INT64_MAX;
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_int_equal(sample_serial(sample), INT64_MAX);
	assert_int_equal(sample_count(sample), 3);
}

static void keys_must_fit(void **state)
{
	(void) state;
	struct root_pair other;
	keys_new_signing(&other);
	assert_int_equal(catalogue_publish(sample->root_dir, &sample->content, sample->keyset_text,
					   sample->keyset_length, &other, sample->root.public_key),
			 ERR_DENIED);
	assert_int_equal(catalogue_publish(sample->root_dir, &sample->content, sample->keyset_text,
					   sample->keyset_length, &sample->content_pair, other.public_key),
			 ERR_DENIED);
	/* The public half fits, the secret one does not. */
	memcpy(other.public_key, sample->content_pair.public_key, KEYS_PUBLIC_BYTES);
	assert_int_equal(catalogue_publish(sample->root_dir, &sample->content, sample->keyset_text,
					   sample->keyset_length, &other, sample->root.public_key),
			 ERR_DENIED);
	assert_int_equal(sample_count(sample), 0);
}

static void content_that_contradicts_itself(void **state)
{
	(void) state;
	static const char *const twice[] = {"en", "en"};
	const struct catalogue_event good = sample->events[0];
	struct catalogue_event bad[15];
	for (size_t i = 0; i < 15; i++)
		bad[i] = good;
	size_t n = 0;
	struct catalogue_form_ref unknown = {"short", 9}, same[2] = {{"short", 1}, {"short", 2}};
	bad[n++].forms = &unknown;
	bad[n].forms = same;
	bad[n++].forms_count = 2;
	bad[n++].code = "e4k7qx";
	bad[n++].code = "E4K7Q";
	bad[n++].code = "K7QX9M"; /* the other event's */
	bad[n++].title = NULL;
	bad[n++].languages_count = 0;
	bad[n++].languages_count = CATALOGUE_LANGUAGES_MAX + 1;
	bad[n++].forms_count = CATALOGUE_FORMS_MAX + 1;
	bad[n].languages = twice;
	bad[n++].languages_count = 2;
	bad[n++].area = NULL;
	bad[n++].held_on = (struct date){2026, 2, 30};
	bad[n++].points_to = "ZZZZZ9"; /* nobody's code */
	bad[n++].points_to = "E4K7QX"; /* its own */
	bad[n++].shown = "{}";
	assert_int_equal(n, 15);
	for (size_t i = 0; i < n; i++) {
		sample->events[0] = bad[i];
		enum err error = sample_publish(sample);
		if (error != ERR_INVALID && error != ERR_CORRUPT)
			fail_msg("row %zu: gave %s", i, err_name(error));
		assert_int_equal(sample_count(sample), 0);
	}
	sample->events[0] = good;
	assert_int_equal(sample_publish(sample), ERR_OK);
}

static void content_that_cannot_be_read_back(void **state)
{
	(void) state;
	const char *words = sample->content.words, *organisation = sample->content.organisation;
	const char *document = sample->forms[0].document;
	sample->content.words = "{";
	assert_int_equal(sample_publish(sample), ERR_CORRUPT);
	sample->content.words = NULL;
	assert_int_equal(sample_publish(sample), ERR_INVALID);
	sample->content.words = words;
	sample->content.organisation = "{";
	assert_int_equal(sample_publish(sample), ERR_CORRUPT);
	sample->content.organisation = organisation;
	sample->forms[0].document = "{";
	sample->forms[0].document_length = 1;
	assert_int_equal(sample_publish(sample), ERR_CORRUPT);
	sample->forms[0].document = document;
	sample->forms[0].document_length = strlen(document);
	sample->areas[0].shown = "{\"actions\":[]}";
	assert_int_equal(sample_publish(sample), ERR_CORRUPT);
	sample->areas[0].shown = sample_shown;
	sample->forms[0].form = "long";
	assert_int_equal(sample_publish(sample), ERR_CORRUPT); /* the document is called short */
	assert_int_equal(sample_count(sample), 0);
}

static void a_broken_current_is_mended(void **state)
{
	(void) state;
	assert_int_equal(sample_publish(sample), ERR_OK);
	const char *manifest = sample_path(sample, "catalogue/current/manifest");
	assert_int_equal(chmod(manifest, 0644), 0);
	sample_write(manifest, "nonsense", 8);
	assert_int_equal(sample_serial(sample), 0);
	assert_int_equal(sample_publish(sample), ERR_CONFLICT); /* its name still tells the serial */
	sample->content.serial = 2;
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_int_equal(sample_serial(sample), 2);
	/* A "current" that is no link is not ours to remove. */
	const char *current = sample_path(sample, "catalogue/current");
	assert_int_equal(unlink(current), 0);
	assert_int_equal(mkdir(current, 0755), 0);
	sample->content.serial = 3;
	assert_int_equal(sample_publish(sample), ERR_CORRUPT);
}

static void no_folder(void **state)
{
	(void) state;
	sample_remove(sample->root_dir);
	assert_int_equal(sample_publish(sample), ERR_NOT_FOUND);
}

static void leftovers_go_and_strangers_stay(void **state)
{
	(void) state;
	static const char *const folders[] = {".new-0011223344556677", "1-0011223344556677", "99-00112233445566aa"};
	for (size_t i = 0; i < 3; i++) {
		const char *folder = arena_printf(&sample->arena, "%s/%s", sample->root_dir, folders[i]);
		assert_int_equal(mkdir(folder, 0755), 0);
		sample_write(arena_printf(&sample->arena, "%s/catalogue.db", folder), "x", 1);
		sample_write(arena_printf(&sample->arena, "%s/.manifest.0011.tmp", folder), "x", 1);
	}
	assert_int_equal(symlink("nowhere", sample_path(sample, "catalogue/.current-0011")), 0);
	sample_write(sample_path(sample, "catalogue/README"), "x", 1);
	assert_int_equal(mkdir(sample_path(sample, "catalogue/1-0011"), 0755), 0);
	sample->content.serial = 2;
	assert_int_equal(sample_publish(sample), ERR_OK);
	assert_int_equal(sample_count(sample), 4); /* link, catalogue, README, and a folder of another name */
	assert_int_equal(access(sample_path(sample, "catalogue/README"), F_OK), 0);
	assert_int_equal(access(sample_path(sample, "catalogue/1-0011"), F_OK), 0);
}

static void two_publishers_take_turns(void **state)
{
	(void) state;
	int lock = open(sample->root_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(lock >= 0 && flock(lock, LOCK_EX) == 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(lock); /* or the child would hold it too */
		_exit(sample_publish(sample) == ERR_OK && sample_serial(sample) == 1 ? 0 : 1);
	}
	usleep(200 * 1000);
	assert_int_equal(sample_serial(sample), 0); /* it waits */
	close(lock);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(sample_serial(sample), 1);
}

/* Publishes in a process that ends at step N. True when it came to its end before that. */
static bool publish_and_end(int n)
{
	int status = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		steps_left = n;
		step_errno = 0;
		_exit(sample_publish(sample) == ERR_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == ENDED));
	return WEXITSTATUS(status) == 0;
}

static void ended_at_every_step(void **state)
{
	(void) state;
	uint64_t serial = 1, swapped_at = 0;
	assert_int_equal(sample_publish(sample), ERR_OK);
	sample->content.serial = ++serial;
	assert_int_equal(sample_publish(sample), ERR_OK);
	int n = 0;
	for (bool is_whole = false; !is_whole; n++) {
		uint64_t before = serial;
		sample->content.serial = ++serial;
		is_whole = publish_and_end(n);
		uint64_t seen = sample_serial(sample);
		if (seen != before && seen != serial)
			fail_msg("ended at step %d: serial %llu is seen", n, (unsigned long long) seen);
		if (seen == serial && swapped_at == 0)
			swapped_at = (uint64_t) n;
		/* Nothing is in the way, and nothing stays. */
		sample->content.serial = ++serial;
		assert_int_equal(sample_publish(sample), ERR_OK);
		assert_int_equal(sample_serial(sample), serial);
		assert_int_equal(sample_count(sample), 3);
	}
	assert_true(n > 10 && swapped_at > 8); /* the steps were there to be ended at, before the swap and after it */
	assert_true((uint64_t) n > swapped_at);
}

static void failed_at_every_step(void **state)
{
	(void) state;
	static const int errors[] = {EIO, ENOSPC};
	uint64_t serial = 1;
	assert_int_equal(sample_publish(sample), ERR_OK);
	for (size_t i = 0; i < 2; i++) {
		bool was_full = false;
		for (int n = 0;; n++) {
			uint64_t before = serial;
			sample->content.serial = ++serial;
			steps_left = n;
			step_errno = errors[i];
			enum err error = sample_publish(sample);
			bool is_past = steps_left >= 0;
			steps_left = -1;
			uint64_t seen = sample_serial(sample);
			assert_true(seen == before || seen == serial);
			if (error == ERR_OK)
				assert_int_equal(seen, serial);
			else
				assert_int_equal(error, errors[i] == EIO ? ERR_IO : ERR_FULL);
			was_full = was_full || error == ERR_FULL;
			sample->content.serial = ++serial;
			assert_int_equal(sample_publish(sample), ERR_OK);
			assert_int_equal(sample_count(sample), 3);
			if (is_past)
				break;
		}
		assert_int_equal(was_full, errors[i] == ENOSPC);
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
		TEST(one_after_another),
		TEST(files_are_for_reading),
		TEST(serials_only_rise),
		TEST(keys_must_fit),
		TEST(content_that_contradicts_itself),
		TEST(content_that_cannot_be_read_back),
		TEST(a_broken_current_is_mended),
		TEST(no_folder),
		TEST(leftovers_go_and_strangers_stay),
		TEST(two_publishers_take_turns),
		TEST(ended_at_every_step),
		TEST(failed_at_every_step),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
