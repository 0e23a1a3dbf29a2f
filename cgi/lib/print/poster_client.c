/* SPDX-License-Identifier: MIT */
/* poster_client.c: asks the daemon of poster(1) for a file: one connection, one request, one answer (poster(1), PROTOCOL).
 *
 * Whoever asks serves people meanwhile, so every wait has an end. An answer is taken whole or not at all. */
#include "lib/print/poster_client.h"

#include "lib/base/file.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK_BYTES = 32 * 1024, LINE_MAX_BYTES = POSTER_WORDS_MAX + 8 };

static int64_t clock_ms(void)
{
	struct timespec time;
	int result = clock_gettime(CLOCK_MONOTONIC, &time);
	assert(result == 0);
	(void) result;
	return (int64_t) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static enum err wait_for(int fd, short events, int64_t until_ms)
{
	for (;;) {
		int64_t left_ms = until_ms - clock_ms();
		struct pollfd poll_fd = {.fd = fd, .events = events};
		int ready = poll(&poll_fd, 1, left_ms > 0 ? (int) left_ms : 0);
		if (ready > 0)
			return ERR_OK;
		if (ready == 0)
			return ERR_BUSY;
		if (errno != EINTR)
			return ERR_IO;
	}
}

static enum err connect_to(const char *path, int *fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address.sun_path)
		return ERR_IO; /* the programs go to their instance first, so that this cannot happen */
	memcpy(address.sun_path, path, strlen(path) + 1);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return file_err(errno);
	if (connect(*fd, (const struct sockaddr *) &address, sizeof address) == 0)
		return ERR_OK;
	return errno == EACCES || errno == EPERM ? ERR_DENIED : ERR_BUSY;
}

static enum err send_all(int fd, const char *bytes, size_t length, int64_t until_ms)
{
	while (length > 0) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno != EAGAIN)
			return ERR_BUSY; /* it has gone: it may have said why */
		if (sent < 0) {
			enum err error = wait_for(fd, POLLOUT, until_ms);
			if (error)
				return error;
			continue;
		}
		bytes += sent;
		length -= (size_t) sent;
	}
	return ERR_OK;
}

static enum err receive_all(int fd, struct strbuf *answer, int64_t until_ms)
{
	char chunk[CHUNK_BYTES];
	for (;;) {
		ssize_t got = recv(fd, chunk, sizeof chunk, 0);
		if (got == 0)
			return strbuf_error(answer);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno != EAGAIN)
			return ERR_IO;
		if (got > 0) {
			strbuf_put(answer, chunk, (size_t) got);
			if (strbuf_error(answer))
				return strbuf_error(answer);
			continue;
		}
		enum err error = wait_for(fd, POLLIN, until_ms);
		if (error)
			return error;
	}
}

/* "ok TYPE LENGTH" or "no WORDS", and a line end. */
static enum err take_answer(const struct strbuf *answer, const struct poster_request *request, struct strbuf *file,
			    struct poster_trouble *trouble)
{
	const char *text = strbuf_text(answer),
		   *end = memchr(text, '\n', answer->length < LINE_MAX_BYTES ? answer->length : LINE_MAX_BYTES);
	char line[LINE_MAX_BYTES] = "", expected[LINE_MAX_BYTES];
	if (!end)
		return answer->length == 0 ? ERR_BUSY : ERR_CORRUPT; /* killed, or somebody else */
	memcpy(line, text, (size_t) (end - text));
	if (strncmp(line, "no ", 3) == 0)
		return poster_refuse(trouble, ERR_INVALID, "%s", line + 3);
	size_t length = answer->length - (size_t) (end + 1 - text);
	snprintf(expected, sizeof expected, "ok %s %zu", poster_format_name(request->format), length);
	if (strcmp(line, expected) != 0 || length == 0)
		return ERR_CORRUPT;
	strbuf_put(file, end + 1, length);
	return strbuf_error(file);
}

static enum err ask(const char *path, const struct poster_request *request, int64_t until_ms, struct strbuf *file,
		    struct poster_trouble *trouble)
{
	CLEANUP_FD int fd = -1;
	CLEANUP_STRBUF struct strbuf json, answer;
	strbuf_init(&json, POSTER_REQUEST_MAX_BYTES);
	strbuf_init(&answer, POSTER_CLIENT_FILE_MAX_BYTES + LINE_MAX_BYTES);
	enum err error = poster_request_write(request, &json);
	if (!error)
		error = connect_to(path, &fd);
	if (!error)
		error = send_all(fd, strbuf_text(&json), json.length, until_ms);
	if (!error && shutdown(fd, SHUT_WR) != 0)
		error = ERR_BUSY;
	if (!error)
		error = receive_all(fd, &answer, until_ms);
	return error ? error : take_answer(&answer, request, file, trouble);
}

enum err poster_client_ask(const char *path, const struct poster_request *request, int timeout_ms, struct strbuf *file,
			   struct poster_trouble *trouble)
{
	trouble->words[0] = '\0';
	enum err error = ask(path, request, clock_ms() + timeout_ms, file, trouble);
	if (error && !trouble->words[0])
		return poster_refuse(trouble, error, "%s",
				     error == ERR_BUSY ? "posters cannot be drawn just now: try again in a minute"
						       : err_words(error));
	return error;
}
