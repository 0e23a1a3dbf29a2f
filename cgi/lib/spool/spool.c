/* SPDX-License-Identifier: MIT */
/* spool.c: the client's side of soundings-spool(5).
 *
 * One request, one answer, and nothing is ever left over on a connection: whatever goes wrong closes it. An answer that
 * never came means that nobody knows; so this file never sends an envelope a second time unless the first cannot have
 * left. */
#include "lib/spool/spool.h"

#include "lib/base/bytes.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A packet that came in: the verb behind a head of ours, and how long the body is. */
struct spool_answer {
	uint8_t verb;
	size_t length;
};

/* ---- time ---- */

static int64_t spool_clock_ms(void)
{
	struct timespec time;
	int result = clock_gettime(CLOCK_MONOTONIC, &time);
	assert(result == 0);
	(void) result;
	return (int64_t) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- the connection ---- */

void spool_init(struct spool *spool, const char *path, int timeout_ms)
{
	*spool = (struct spool){.fd = -1, .path = path, .timeout_ms = timeout_ms};
}

void spool_fini(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
}

/* Closes, and passes the failure on. */
static enum err spool_fail(struct spool *spool, enum err error)
{
	spool_fini(spool);
	return error;
}

static enum err spool_connect(struct spool *spool)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(spool->path);
	if (length >= sizeof address.sun_path)
		return ERR_IO; /* the programs go to their instance first, so that this cannot happen */
	memcpy(address.sun_path, spool->path, length + 1);
	spool->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (spool->fd < 0)
		return ERR_IO;
	/* Never waits: a full queue of connections is EAGAIN (unix(7)), and a spooler that hangs or is gone is as busy.
	 */
	if (connect(spool->fd, (const struct sockaddr *) &address, sizeof address) < 0)
		return spool_fail(spool, errno == EACCES || errno == EPERM ? ERR_IO : ERR_BUSY);
	return ERR_OK;
}

/* Waits until the socket is ready for EVENTS. ERR_BUSY when the time is up. */
static enum err spool_wait(const struct spool *spool, short events, int64_t until_ms)
{
	for (;;) {
		int64_t left_ms = until_ms - spool_clock_ms();
		struct pollfd poll_fd = {.fd = spool->fd, .events = events};
		int ready = poll(&poll_fd, 1, left_ms > 0 ? (int) left_ms : 0);
		if (ready > 0)
			return ERR_OK;
		if (ready == 0)
			return ERR_BUSY;
		if (errno != EINTR)
			return ERR_IO;
	}
}

/* Sends one packet. ERR_BUSY when it did not leave in time, ERR_IO when the other side is gone: it did not leave
 * either. */
static enum err spool_send(const struct spool *spool, const uint8_t *packet, size_t length, int64_t until_ms)
{
	for (;;) {
		if (send(spool->fd, packet, length, MSG_NOSIGNAL) >= 0)
			return ERR_OK;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return ERR_IO;
		enum err error = spool_wait(spool, POLLOUT, until_ms);
		if (error != ERR_OK)
			return error;
	}
}

/* Takes one packet, of which at most SIZE bytes of body, into BODY. ERR_BUSY when none came in time or the other side
 * is gone; ERR_IO for one that is not of this protocol. */
static enum err spool_receive(const struct spool *spool, void *body, size_t size, struct spool_answer *answer,
			      int64_t until_ms)
{
	uint8_t head[SPOOL_HEAD_BYTES];
	struct iovec parts[] = {{head, sizeof head}, {body, size}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t got;
	while ((got = recvmsg(spool->fd, &message, 0)) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return ERR_BUSY;
		enum err error = spool_wait(spool, POLLIN, until_ms);
		if (error != ERR_OK)
			return error;
	}
	if (got == 0)
		return ERR_BUSY;
	if (got < SPOOL_HEAD_BYTES || (message.msg_flags & MSG_TRUNC) != 0 || head[0] != 'S' || head[1] != 'P' ||
	    head[2] != SPOOL_PROTOCOL)
		return ERR_IO;
	*answer = (struct spool_answer){head[3], (size_t) got - SPOOL_HEAD_BYTES};
	return ERR_OK;
}

/* ---- requests ---- */

/* Fills in the head of PACKET. */
static void spool_head(uint8_t *packet, uint8_t verb)
{
	const uint8_t head[SPOOL_HEAD_BYTES] = {'S', 'P', SPOOL_PROTOCOL, verb};
	memcpy(packet, head, sizeof head);
}

/* Sends a request, connecting when there is no connection. One that was left from an earlier call may be to a spooler
 * that is gone; then nothing has left, and a fresh one is tried. */
static enum err spool_request(struct spool *spool, const uint8_t *packet, size_t length, int64_t until_ms)
{
	bool is_left_over = spool->fd >= 0;
	if (is_left_over) {
		enum err error = spool_send(spool, packet, length, until_ms);
		if (error == ERR_OK)
			return ERR_OK;
		spool_fini(spool);
		if (error != ERR_IO)
			return error;
	}
	enum err error = spool_connect(spool);
	if (error == ERR_OK)
		error = spool_send(spool, packet, length, until_ms);
	if (error == ERR_OK)
		return ERR_OK;
	return spool_fail(spool, error == ERR_IO && spool->fd >= 0 ? ERR_BUSY : error);
}

/* What a refusal means. Where the spooler is about to go, so does the connection. */
static enum err spool_refused(struct spool *spool, const uint8_t *body, size_t length)
{
	if (length != 1)
		return spool_fail(spool, ERR_IO);
	switch (body[0]) {
	case SPOOL_REFUSED_FORMAT:
		return ERR_INVALID;
	case SPOOL_REFUSED_FULL:
		return ERR_FULL;
	case SPOOL_REFUSED_STATE:
		return ERR_DENIED;
	case SPOOL_REFUSED_STOPPING:
		return spool_fail(spool, ERR_BUSY);
	default:
		return spool_fail(spool, ERR_IO);
	}
}

/* One request and its one answer, which must have VERB and a body of exactly SIZE bytes. */
static enum err spool_ask(struct spool *spool, const uint8_t *packet, size_t length, uint8_t verb, uint8_t *body,
			  size_t size)
{
	uint8_t space[16];
	assert(size <= sizeof space);
	int64_t until_ms = spool_clock_ms() + spool->timeout_ms;
	enum err error = spool_request(spool, packet, length, until_ms);
	if (error != ERR_OK)
		return error;
	struct spool_answer answer;
	error = spool_receive(spool, space, sizeof space, &answer, until_ms);
	if (error != ERR_OK)
		return spool_fail(spool, error);
	if (answer.verb == 'R')
		return spool_refused(spool, space, answer.length);
	if (answer.verb != verb || answer.length != size)
		return spool_fail(spool, ERR_IO);
	if (size > 0)
		memcpy(body, space, size);
	return ERR_OK;
}

enum err spool_append(struct spool *spool, const void *envelope, size_t length)
{
	uint8_t packet[SPOOL_HEAD_BYTES + SPOOL_ENVELOPE_MAX];
	if (length > SPOOL_ENVELOPE_MAX)
		return ERR_INVALID;
	spool_head(packet, 'A');
	memcpy(packet + SPOOL_HEAD_BYTES, envelope, length);
	return spool_ask(spool, packet, SPOOL_HEAD_BYTES + length, 'O', NULL, 0);
}

enum err spool_seen(struct spool *spool, uint64_t catalogue, uint64_t keyset, uint64_t *highest_catalogue,
		    uint64_t *highest_keyset)
{
	uint8_t packet[SPOOL_HEAD_BYTES + 16], body[16];
	spool_head(packet, 'S');
	bytes_put(packet + SPOOL_HEAD_BYTES, 8, catalogue);
	bytes_put(packet + SPOOL_HEAD_BYTES + 8, 8, keyset);
	enum err error = spool_ask(spool, packet, sizeof packet, 'S', body, sizeof body);
	if (error != ERR_OK)
		return error;
	*highest_catalogue = bytes_get(body, 8);
	*highest_keyset = bytes_get(body + 8, 8);
	return ERR_OK;
}

enum err spool_hello(struct spool *spool, const uint8_t generation[SPOOL_GENERATION_BYTES])
{
	uint8_t packet[SPOOL_HEAD_BYTES + SPOOL_GENERATION_BYTES];
	spool_head(packet, 'H');
	memcpy(packet + SPOOL_HEAD_BYTES, generation, SPOOL_GENERATION_BYTES);
	return spool_ask(spool, packet, sizeof packet, 'O', NULL, 0);
}

/* Takes the envelopes of a batch until its end. The time starts anew with each packet: a long batch is no silence. */
static enum err spool_take(struct spool *spool, unsigned max, struct arena *arena, struct spool_item *items,
			   size_t *count)
{
	for (*count = 0;;) {
		uint8_t body[8 + SPOOL_ENVELOPE_MAX];
		struct spool_answer answer;
		enum err error = spool_receive(spool, body, sizeof body, &answer, spool_clock_ms() + spool->timeout_ms);
		if (error != ERR_OK)
			return spool_fail(spool, error);
		if (answer.verb == 'E' && answer.length == 0)
			return ERR_OK;
		if (answer.verb == 'R')
			return spool_refused(spool, body, answer.length);
		if (answer.verb != 'I' || answer.length <= 8 || *count == max)
			return spool_fail(spool, ERR_IO);
		struct spool_item *item = &items[*count];
		item->token = bytes_get(body, 8);
		item->length = answer.length - 8;
		item->envelope = arena_memdup(arena, body + 8, item->length);
		if (item->envelope == NULL)
			return spool_fail(spool, ERR_NOMEM);
		(*count)++;
	}
}

enum err spool_batch(struct spool *spool, const uint8_t period[SPOOL_PERIOD_BYTES], unsigned min, unsigned max,
		     struct arena *arena, struct spool_item **items, size_t *count)
{
	*items = NULL;
	*count = 0;
	if (max < 1 || max > SPOOL_BATCH_MAX || min > max)
		return ERR_INVALID;
	struct spool_item *found = arena_array(arena, max, struct spool_item);
	if (found == NULL)
		return ERR_NOMEM;
	uint8_t packet[SPOOL_HEAD_BYTES + SPOOL_PERIOD_BYTES + 4];
	spool_head(packet, 'B');
	memcpy(packet + SPOOL_HEAD_BYTES, period, SPOOL_PERIOD_BYTES);
	bytes_put(packet + SPOOL_HEAD_BYTES + SPOOL_PERIOD_BYTES, 2, min);
	bytes_put(packet + SPOOL_HEAD_BYTES + SPOOL_PERIOD_BYTES + 2, 2, max);
	enum err error = spool_request(spool, packet, sizeof packet, spool_clock_ms() + spool->timeout_ms);
	size_t taken = 0;
	if (error == ERR_OK)
		error = spool_take(spool, max, arena, found, &taken);
	if (error != ERR_OK)
		return error;
	*items = found;
	*count = taken;
	return ERR_OK;
}

enum err spool_filed(struct spool *spool, uint64_t backup, const uint64_t *tokens, size_t count)
{
	if (count > SPOOL_BATCH_MAX)
		return ERR_INVALID;
	if (count == 0)
		return ERR_OK;
	uint8_t packet[SPOOL_HEAD_BYTES + 10 + 8 * SPOOL_BATCH_MAX];
	spool_head(packet, 'F');
	bytes_put(packet + SPOOL_HEAD_BYTES, 8, backup);
	bytes_put(packet + SPOOL_HEAD_BYTES + 8, 2, count);
	for (size_t i = 0; i < count; i++)
		bytes_put(packet + SPOOL_HEAD_BYTES + 10 + 8 * i, 8, tokens[i]);
	return spool_ask(spool, packet, SPOOL_HEAD_BYTES + 10 + 8 * count, 'O', NULL, 0);
}

enum err spool_drop(struct spool *spool, uint64_t backup, uint64_t *dropped)
{
	uint8_t packet[SPOOL_HEAD_BYTES + 8], body[8];
	spool_head(packet, 'D');
	bytes_put(packet + SPOOL_HEAD_BYTES, 8, backup);
	enum err error = spool_ask(spool, packet, sizeof packet, 'N', body, sizeof body);
	if (error == ERR_OK)
		*dropped = bytes_get(body, 8);
	return error;
}

enum err spool_count(struct spool *spool, uint64_t *waiting, uint64_t *filed)
{
	uint8_t packet[SPOOL_HEAD_BYTES], body[16];
	spool_head(packet, 'C');
	enum err error = spool_ask(spool, packet, sizeof packet, 'N', body, sizeof body);
	if (error != ERR_OK)
		return error;
	*waiting = bytes_get(body, 8);
	*filed = bytes_get(body + 8, 8);
	return ERR_OK;
}

/* Reads the rows of an answer. False when they are not in order of id: then it is not from a spooler of ours. */
static bool spool_read_periods(const uint8_t *rows, struct spool_period *periods, size_t count)
{
	for (size_t i = 0; i < count; i++, rows += SPOOL_PERIOD_ROW_BYTES) {
		memcpy(periods[i].id, rows, SPOOL_PERIOD_BYTES);
		periods[i].waiting = bytes_get(rows + SPOOL_PERIOD_BYTES, 8);
		periods[i].filed = bytes_get(rows + SPOOL_PERIOD_BYTES + 8, 8);
		if (i > 0 && memcmp(periods[i - 1].id, periods[i].id, SPOOL_PERIOD_BYTES) >= 0)
			return false;
	}
	return true;
}

enum err spool_periods(struct spool *spool, struct arena *arena, struct spool_period **out, size_t *count)
{
	uint8_t packet[SPOOL_HEAD_BYTES], body[SPOOL_PERIODS_MAX * SPOOL_PERIOD_ROW_BYTES];
	struct spool_answer answer;
	int64_t until_ms = spool_clock_ms() + spool->timeout_ms;
	*out = NULL;
	*count = 0;
	spool_head(packet, 'P');
	enum err error = spool_request(spool, packet, sizeof packet, until_ms);
	if (error != ERR_OK)
		return error;
	error = spool_receive(spool, body, sizeof body, &answer, until_ms);
	if (error != ERR_OK)
		return spool_fail(spool, error);
	if (answer.verb == 'R')
		return spool_refused(spool, body, answer.length);
	if (answer.verb != 'P' || answer.length % SPOOL_PERIOD_ROW_BYTES != 0)
		return spool_fail(spool, ERR_IO);
	size_t rows = answer.length / SPOOL_PERIOD_ROW_BYTES;
	struct spool_period *periods = arena_array(arena, rows, struct spool_period);
	if (periods == NULL)
		return ERR_NOMEM;
	if (!spool_read_periods(body, periods, rows))
		return spool_fail(spool, ERR_IO);
	*out = periods;
	*count = rows;
	return ERR_OK;
}
