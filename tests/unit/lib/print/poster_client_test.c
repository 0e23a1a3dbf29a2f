/* SPDX-License-Identifier: MIT */
/* poster_client_test.c: what a client makes of each answer, also of those that no poster gives, and that it never waits for ever. The other side
 * is a child that reads a request to its end and says what the row has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/print/poster_client.h"
#include "poster_sample.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_BYTES = 1 << 20, TIMEOUT_MS = 300 };

static char folder[] = "/tmp/soundings-poster-XXXXXX", path[64];

static int set_up(void **state)
{
	(void) state;
	return mkdtemp(folder) && snprintf(path, sizeof path, "%s/s", folder) > 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void) state;
	unlink(path);
	return rmdir(folder);
}

/* A whole life: one client, and then the end. */
static void serve(int listener, const char *answer, size_t length, bool is_silent)
{
	char chunk[4096];
	alarm(10);
	int fd = accept(listener, NULL, NULL);
	while (read(fd, chunk, sizeof chunk) > 0)
		;
	if (is_silent)
		pause();
	_exit(write(fd, answer, length) == (ssize_t) length ? 0 : 1);
}

static pid_t begin(const char *answer, size_t length, bool is_silent)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, path, strlen(path) + 1);
	unlink(path);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *) &address, sizeof address), 0);
	assert_int_equal(listen(listener, 1), 0);
	pid_t pid = fork();
	if (pid == 0)
		serve(listener, answer, length, is_silent);
	close(listener);
	return pid;
}

static const struct row {
	const char *name, *answer;
	size_t length; /* 0: of the text */
	enum err error;
	const char *words; /* or, of what is taken, the file */
} rows[] = {
	{"a file", "ok pdf 4\n%PDF", 0, ERR_OK, "%PDF"},
	{"a file with line ends and NULs", "ok pdf 5\na\nb\0c", 14, ERR_OK, "a\nb"},
	{"a refusal", "no code is missing: add it\n", 0, ERR_INVALID, "code is missing: add it"},
	{"half a file", "ok pdf 5\n%PDF", 0, ERR_CORRUPT, "cannot be"},
	{"more than a file", "ok pdf 3\n%PDF", 0, ERR_CORRUPT, "cannot be"},
	{"another format", "ok svg 4\n%PDF", 0, ERR_CORRUPT, "cannot be"},
	{"no file at all", "ok pdf 0\n", 0, ERR_CORRUPT, "cannot be"},
	{"another protocol", "HTTP/1.1 200 OK\r\n", 0, ERR_CORRUPT, "cannot be"},
	{"a line that does not end", "no words", 0, ERR_CORRUPT, "cannot be"},
	{"nothing", "", 0, ERR_BUSY, "try again"},
};

static void answers_are_taken_or_not(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length = rows[i].length ? rows[i].length : strlen(rows[i].answer);
		pid_t pid = begin(rows[i].answer, length, false);
		const struct poster_request request = poster_sample();
		CLEANUP_STRBUF struct strbuf file;
		strbuf_init(&file, FILE_BYTES);
		struct poster_trouble trouble;
		enum err error = poster_client_ask(path, &request, 5000, &file, &trouble);
		waitpid(pid, NULL, 0);
		if (error != rows[i].error)
			fail_msg("%s: %s, '%s'", rows[i].name, err_name(error), trouble.words);
		if (error ? file.length > 0 || !*trouble.words : strcmp(strbuf_text(&file), rows[i].words) != 0)
			fail_msg("%s: '%s', '%s'", rows[i].name, strbuf_text(&file), trouble.words);
		if (error == ERR_INVALID || error == ERR_BUSY)
			assert_non_null(strstr(trouble.words, rows[i].words));
	}
}

static void nobody_is_waited_for_in_vain(void **state)
{
	(void) state;
	const struct poster_request request = poster_sample();
	CLEANUP_STRBUF struct strbuf file;
	strbuf_init(&file, FILE_BYTES);
	struct poster_trouble trouble;
	unlink(path);
	assert_int_equal(poster_client_ask(path, &request, TIMEOUT_MS, &file, &trouble), ERR_BUSY);
	assert_non_null(strstr(trouble.words, "try again"));
	pid_t pid = begin("", 0, true);
	assert_int_equal(poster_client_ask(path, &request, TIMEOUT_MS, &file, &trouble), ERR_BUSY);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_taken_or_not),
		cmocka_unit_test(nobody_is_waited_for_in_vain),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
