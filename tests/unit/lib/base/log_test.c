/* SPDX-License-Identifier: MIT */
/* log_test.c: one line for each event, whatever is logged: no second line, no way to steer a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What standard error was given since the last call; at most SIZE - 1 bytes. */
struct capture {
	int file, saved;
};

static struct capture capture_begin(void)
{
	char path[] = "/tmp/soundings-log-XXXXXX";
	struct capture capture = {mkstemp(path), dup(STDERR_FILENO)};
	assert_true(capture.file >= 0 && capture.saved >= 0);
	unlink(path);
	dup2(capture.file, STDERR_FILENO);
	return capture;
}

static void capture_end(struct capture capture, char *out, size_t size)
{
	dup2(capture.saved, STDERR_FILENO);
	close(capture.saved);
	ssize_t length = pread(capture.file, out, size - 1, 0);
	assert_true(length >= 0);
	out[length] = '\0';
	close(capture.file);
}

static void test_escapes(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text, *line;
	} rows[] = {
		{"plain", "reason=full", "level=warn program=tests event=a.b reason=full\n"},
		{"nothing more", "", "level=warn program=tests event=a.b\n"},
		{"line end", "x\nlevel=error", "level=warn program=tests event=a.b x\\x0alevel=error\n"},
		{"carriage return", "x\ry", "level=warn program=tests event=a.b x\\x0dy\n"},
		{"escape sequence", "\x1b[2J", "level=warn program=tests event=a.b \\x1b[2J\n"},
		{"tab and DEL", "\t\x7f", "level=warn program=tests event=a.b \\x09\\x7f\n"},
		{"UTF-8 stays", "\xC5\xB5 \xF0\x9F\x98\x80",
		 "level=warn program=tests event=a.b \xC5\xB5 \xF0\x9F\x98\x80\n"},
		{"C1 control in UTF-8",
		 "\xC2\x9B"
		 "2J",
		 "level=warn program=tests event=a.b \\xc2\\x9b2J\n"},
		{"C1 control as a byte",
		 "\x9B"
		 "2J",
		 "level=warn program=tests event=a.b \\x9b2J\n"},
		{"no UTF-8", "a\xFF\xC3", "level=warn program=tests event=a.b a\\xff\\xc3\n"},
	};
	log_init("tests");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char line[2000];
		struct capture capture = capture_begin();
		log_warn("a.b", "%s", rows[i].text);
		capture_end(capture, line, sizeof line);
		if (strcmp(line, rows[i].line) != 0)
			fail_msg("%s: %s", rows[i].name, line);
	}
}

static void test_cut(void **state)
{
	(void) state;
	static const char *const signs[] = {"a", "\n", "\xC5\xB5", "\xF0\x9F\x98\x80", "\xFF"};
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		char text[5000] = "", line[6000];
		for (size_t at = 0; at + strlen(signs[i]) < sizeof text; at += strlen(signs[i]))
			memcpy(text + at, signs[i], strlen(signs[i]) + 1);
		struct capture capture = capture_begin();
		log_error("long", "%s", text);
		log_info("next", "%d", 1);
		capture_end(capture, line, sizeof line);
		char *end = strchr(line, '\n');
		assert_non_null(end);
		assert_in_range(end - line + 1, 980, 1000);
		assert_string_equal(end + 1, "level=info program=tests event=next 1\n");
	}
}

static void test_levels(void **state)
{
	(void) state;
	char line[500];
	unsetenv("SOUNDINGS_DEBUG");
	struct capture capture = capture_begin();
	log_event(LOG_LEVEL_DEBUG, "unseen", "%d", 1);
	setenv("SOUNDINGS_DEBUG", "1", 1);
	log_event(LOG_LEVEL_DEBUG, "seen", "%d", 2);
	log_error("e", "x=%s", "y");
	capture_end(capture, line, sizeof line);
	assert_string_equal(line, "level=debug program=tests event=seen 2\nlevel=error program=tests event=e x=y\n");
	unsetenv("SOUNDINGS_DEBUG");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_escapes), cmocka_unit_test(test_cut),
					   cmocka_unit_test(test_levels)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
