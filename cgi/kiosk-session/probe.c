/* SPDX-License-Identifier: MIT */
/* probe.c: one HTTP/1.0 request (RFC 1945) to this machine, of which only the status is read. Where nobody answers, a page cannot be heard either,
 * and whoever writes on it must not lose it for that.
 *
 * Must never follow a redirect, or speak to another machine. */
#include "kiosk-session/probe.h"

#include "lib/base/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROBE_HOST "http://127.0.0.1:"

enum { PROBE_REQUEST_BYTES = 256, STATUS_BYTES = sizeof "HTTP/1.1 200" - 1, STATUS_AT = sizeof "HTTP/1.1 " - 1 };

static bool is_ready(int fd, short what, int wait_ms)
{
	struct pollfd waiting = {.fd = fd, .events = what};
	return poll(&waiting, 1, wait_ms) == 1 && (waiting.revents & what);
}

static int reach(unsigned long port, int wait_ms)
{
	const struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t) port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int error = 0;
	socklen_t size = sizeof error;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	bool is_there = connect(fd, (const struct sockaddr *) &here, sizeof here) == 0 ||
			(errno == EINPROGRESS && is_ready(fd, POLLOUT, wait_ms) &&
			 getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0);
	if (!is_there)
		file_close(&fd);
	return is_there ? fd : -1;
}

/* The first bytes of the answer, which come at once or with what follows. */
static bool read_status(int fd, int wait_ms, char status[STATUS_BYTES + 1])
{
	size_t have = 0;
	while (have < STATUS_BYTES) {
		ssize_t got = is_ready(fd, POLLIN, wait_ms) ? read(fd, status + have, STATUS_BYTES - have) : -1;
		if (got <= 0)
			return false;
		have += (size_t) got;
	}
	status[have] = '\0';
	return true;
}

bool probe(const char *address, int wait_ms)
{
	char request[PROBE_REQUEST_BYTES], status[STATUS_BYTES + 1];
	char *path = NULL;
	if (strncmp(address, PROBE_HOST, strlen(PROBE_HOST)) != 0)
		return false;
	unsigned long port = strtoul(address + strlen(PROBE_HOST), &path, 10);
	int length = snprintf(request, sizeof request, "GET %s HTTP/1.0\r\nHost: 127.0.0.1:%lu\r\n\r\n", path, port);
	if (port > 65535 || length < 0 || (size_t) length >= sizeof request)
		return false;
	CLEANUP_FD int fd = reach(port, wait_ms);
	if (fd < 0 || send(fd, request, (size_t) length, MSG_NOSIGNAL) != length || !read_status(fd, wait_ms, status))
		return false;
	return strncmp(status, "HTTP/1.", strlen("HTTP/1.")) == 0 && status[STATUS_AT] >= '2' &&
	       status[STATUS_AT] <= '4';
}
