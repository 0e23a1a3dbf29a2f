/* SPDX-License-Identifier: MIT */
/* catalogue_overtaken_test.c: opening the current catalogue while others are published: two publications take away what is being read,
 * and whoever reads gets a newer one instead of a refusal.
 *
 * openat is defined here, in front of libc's: before it opens a chosen name, two more catalogues are published. */
#include <fcntl.h>
#include <sys/syscall.h>

#include "unit/lib/catalogue/sample.h"

static struct sample *sample;
static const char *before;   /* before a file of this name, "" for the catalogue's own folder, is opened */
static unsigned still_times; /* so many more times */

static void publish_two(void)
{
	for (int i = 0; i < 2; i++) {
		sample->content.serial++;
		assert_int_equal(sample_publish(sample), ERR_OK);
	}
}

int openat(int at, const char *path, int flags, ...)
{
	bool is_folder = path[0] >= '1' && path[0] <= '9';
	if (still_times > 0 && (before[0] == '\0' ? is_folder : strcmp(path, before) == 0)) {
		unsigned times = still_times;
		still_times = 0; /* publishing opens files too */
		publish_two();
		still_times = times - 1;
	}
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return (int) syscall(SYS_openat, at, path, flags, mode);
}

static int set_up(void **state)
{
	(void) state;
	still_times = 0;
	sample = sample_new("catalogue");
	return sample_publish(sample) != ERR_OK;
}

static int tear_down(void **state)
{
	(void) state;
	sample_free(sample);
	return 0;
}

static void whoever_reads_gets_a_newer_one(void **state)
{
	(void) state;
	static const char *const names[] = {"", "manifest", "catalogue.db"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (unsigned times = 1; times <= 2; times++) {
			struct catalogue *catalogue = NULL;
			struct catalogue_refusal refusal;
			uint64_t serial = sample->content.serial;
			before = names[i];
			still_times = times;
			enum err error = sample_open(sample, &catalogue, &refusal);
			if (error != ERR_OK)
				fail_msg("\"%s\" %u times: %s, %s", names[i], times, err_name(error), refusal.reason);
			assert_int_equal(still_times, 0);
			assert_int_equal(sample->content.serial, serial + 2 * times);
			assert_int_equal(catalogue_serial(catalogue), sample->content.serial);
			assert_null(refusal.reason);
			catalogue_close(catalogue);
		}
}

/* It ends, also where they never stop. */
static void three_times_is_enough(void **state)
{
	(void) state;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	before = "manifest";
	still_times = 100;
	assert_int_equal(sample_open(sample, &catalogue, &refusal), ERR_CORRUPT);
	assert_int_equal(still_times, 97);
	assert_string_equal(refusal.reason, "manifest");
	still_times = 0;
	assert_int_equal(sample_open(sample, &catalogue, &refusal), ERR_OK);
	catalogue_close(catalogue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whoever_reads_gets_a_newer_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(three_times_is_enough, set_up, tear_down),
	};
	if (keys_start() != ERR_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
