/* SPDX-License-Identifier: MIT */
/* serve.c: the loop: one thread, epoll(7), no waiting but in epoll_wait and for the disk.
 *
 * Each turn takes one request of every connection that has one, commits all appends together, and only then answers
 * them; what comes in during the commit is the next turn's group. Lingering for more gained nothing when measured.
 * A client that does not read its answers is dropped; one that asks in a wrong way is told, and spoils nobody's group.
 */
#include "spooler/serve.h"

#include "spooler/batch.h"
#include "spooler/client.h"

#include "lib/base/bytes.h"
#include "lib/base/date.h"
#include "lib/base/file.h"
#include "lib/base/log.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SERVE_CLIENTS_MAX = 1024, /* of the append socket; intake needs one a worker */
	SERVE_SPARE_FDS = 32,     /* for all other descriptors of this process */
	SERVE_ACCEPT_AT_ONCE = 64,
	SERVE_ROOM_MS = 1000, /* between looks for room, while there is none */
	SERVE_EVENTS = STORE_GROUP_MAX
};

/* An append of this turn, to be answered after the commit. */
struct serve_wait {
	struct client *client;
	uint8_t verb;
};

struct serve {
	struct store *store;
	int epoll;
	struct client signal, append_listener, batch_listener;
	struct client *clients;
	uint32_t client_limit, client_count;
	struct batch *batches; /* HELD_SEATS */
	struct serve_wait group[SERVE_EVENTS];
	uint32_t group_count;
	struct epoll_event events[SERVE_EVENTS];
	uint8_t *buffer; /* SPOOL_PACKET_MAX bytes: one packet at a time */
	bool is_stopping;
	bool is_trimming;
	int64_t room_ms; /* when room was last looked for */
	uint64_t refused;
};

struct store_now serve_now(void)
{
	struct timespec time;
	int result = clock_gettime(CLOCK_BOOTTIME, &time);
	assert(result == 0);
	(void) result;
	return (struct store_now){
		.boottime_ms = (int64_t) time.tv_sec * 1000 + time.tv_nsec / 1000000,
		.day = date_days(date_today()),
	};
}

/* ---- connections ---- */

static enum err serve_watch(struct serve *serve, int operation, struct client *client, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = client};
	return epoll_ctl(serve->epoll, operation, client->fd, &event) == 0 ? ERR_OK : ERR_IO;
}

static void serve_close_append(struct serve *serve, struct client *client)
{
	file_close(&client->fd);
	serve->client_count--;
}

static void serve_close_batch(struct serve *serve, unsigned seat)
{
	held_seat_leave(&serve->store->held, seat);
	file_close(&serve->batches[seat].client.fd);
	serve->batches[seat] = (struct batch){.client = {CLIENT_BATCH, -1}};
}

/* A seat for a new connection of the batch socket: a free one, or that of the one silent for longest. */
static unsigned serve_seat(struct serve *serve)
{
	unsigned seat = held_seat_take(&serve->store->held);
	if (seat < HELD_SEATS)
		return seat;
	unsigned oldest = 0;
	for (unsigned i = 1; i < HELD_SEATS; i++)
		if (serve->batches[i].active_ms < serve->batches[oldest].active_ms)
			oldest = i;
	serve_close_batch(serve, oldest);
	return held_seat_take(&serve->store->held);
}

static void serve_accept_append(struct serve *serve, int fd)
{
	uint32_t place = 0;
	while (place < serve->client_limit && serve->clients[place].fd >= 0)
		place++;
	if (place == serve->client_limit) {
		close(fd);
		return;
	}
	serve->clients[place] = (struct client){CLIENT_APPEND, fd};
	serve->client_count++;
	if (serve_watch(serve, EPOLL_CTL_ADD, &serve->clients[place], EPOLLIN) != ERR_OK)
		serve_close_append(serve, &serve->clients[place]);
}

static void serve_accept_batch(struct serve *serve, int fd, struct store_now now)
{
	unsigned seat = serve_seat(serve);
	serve->batches[seat] = (struct batch){.client = {CLIENT_BATCH, fd}, .active_ms = now.boottime_ms};
	if (serve_watch(serve, EPOLL_CTL_ADD, &serve->batches[seat].client, EPOLLIN) != ERR_OK)
		serve_close_batch(serve, seat);
}

static void serve_accept(struct serve *serve, const struct client *listener, struct store_now now)
{
	for (unsigned i = 0; i < SERVE_ACCEPT_AT_ONCE; i++) {
		int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return; /* none left; or the connection is gone again */
		if (listener->kind == CLIENT_APPEND_LISTENER)
			serve_accept_append(serve, fd);
		else
			serve_accept_batch(serve, fd, now);
	}
}

/* ---- the append socket ---- */

static void serve_answer(struct serve *serve, struct client *client, enum err sent)
{
	if (sent != ERR_OK)
		serve_close_append(serve, client);
}

static void serve_refuse(struct serve *serve, struct client *client, enum spool_refusal refusal)
{
	serve->refused++;
	serve_answer(serve, client, client_refuse(client, refusal));
}

/* Takes a client's request into this turn's group, or refuses it. */
static void serve_append(struct serve *serve, struct client *client, struct store_now now)
{
	struct client_packet packet;
	enum client_event event = client_receive(client, serve->buffer, &packet);
	if (event == CLIENT_GONE)
		serve_close_append(serve, client);
	if (event != CLIENT_GOT_PACKET)
		return;
	enum err error = ERR_INVALID;
	if (packet.verb == 'A') {
		error = store_append(serve->store, now, packet.body, packet.length);
	} else if (packet.verb == 'S' && packet.length == 16) {
		store_seen(serve->store, bytes_get(packet.body, 8), bytes_get(packet.body + 8, 8));
		error = ERR_OK;
	}
	if (error == ERR_OK)
		serve->group[serve->group_count++] = (struct serve_wait){client, packet.verb};
	else
		serve_refuse(serve, client, error == ERR_INVALID ? SPOOL_REFUSED_FORMAT : SPOOL_REFUSED_FULL);
}

/* Commits the group, and tells everybody in it what became of it. */
static enum err serve_commit(struct serve *serve)
{
	enum err error = store_commit(serve->store);
	for (uint32_t i = 0; i < serve->group_count; i++) {
		struct client *client = serve->group[i].client;
		if (error != ERR_OK) {
			serve_refuse(serve, client, client_refusal(error));
		} else if (serve->group[i].verb == 'A') {
			serve_answer(serve, client, client_send(client, 'O', NULL, 0));
		} else {
			uint8_t body[16];
			bytes_put(body, 8, serve->store->catalogue);
			bytes_put(body + 8, 8, serve->store->keyset);
			serve_answer(serve, client, client_send(client, 'S', body, sizeof body));
		}
	}
	serve->group_count = 0;
	return store_is_fatal(error) ? error : ERR_OK;
}

/* ---- the batch socket ---- */

/* Waits for what a connection's state asks for: requests, or room to send, or neither while it drops. */
static void serve_settle(struct serve *serve, unsigned seat, enum batch_fate fate, enum batch_state before)
{
	struct batch *batch = &serve->batches[seat];
	static const uint32_t wanted[] = {[BATCH_LISTENS] = EPOLLIN, [BATCH_GIVES] = EPOLLOUT, [BATCH_DROPS] = 0};
	serve->is_trimming = serve->is_trimming || batch->is_drop_done;
	batch->is_drop_done = false;
	if (fate == BATCH_STAYS && batch->state != before &&
	    serve_watch(serve, EPOLL_CTL_MOD, &batch->client, wanted[batch->state]) != ERR_OK)
		fate = BATCH_ENDS;
	if (fate == BATCH_ENDS)
		serve_close_batch(serve, seat);
}

static enum err serve_batch(struct serve *serve, struct batch *batch, uint32_t events, struct store_now now)
{
	unsigned seat = (unsigned) (batch - serve->batches);
	enum batch_state before = batch->state;
	enum batch_fate fate = BATCH_STAYS;
	enum err error = ERR_OK;
	batch->active_ms = now.boottime_ms;
	if (before != BATCH_LISTENS) {
		fate = (events & (EPOLLHUP | EPOLLERR)) != 0 ? BATCH_ENDS
							     : batch_continue(batch, seat, serve->store, &error);
	} else {
		struct client_packet packet;
		enum client_event event = client_receive(&batch->client, serve->buffer, &packet);
		if (event == CLIENT_GONE)
			fate = BATCH_ENDS;
		if (event == CLIENT_GOT_PACKET)
			fate = batch_request(serve->batches, seat, serve->store, now, &packet, &error);
	}
	serve_settle(serve, seat, fate, before);
	return error;
}

/* Room comes back when somebody else makes it, which nobody tells us. */
static void serve_look_for_room(struct serve *serve, struct store_now now)
{
	if (!room_is_short(&serve->store->room) || now.boottime_ms - serve->room_ms < SERVE_ROOM_MS)
		return;
	serve->room_ms = now.boottime_ms;
	room_restore(&serve->store->room);
}

/* The drops' next steps, and then the disk's: some each turn. */
static enum err serve_work(struct serve *serve, struct store_now now)
{
	enum err error = ERR_OK;
	serve_look_for_room(serve, now);
	for (unsigned seat = 0; error == ERR_OK && seat < HELD_SEATS; seat++) {
		struct batch *batch = &serve->batches[seat];
		if (batch->client.fd < 0 || batch->state != BATCH_DROPS)
			continue;
		batch->active_ms = now.boottime_ms;
		enum batch_fate fate = batch_continue(batch, seat, serve->store, &error);
		serve_settle(serve, seat, fate, BATCH_DROPS);
	}
	if (error != ERR_OK || !serve->is_trimming)
		return error;
	error = store_trim(serve->store, &serve->is_trimming);
	return store_is_fatal(error) ? error : ERR_OK; /* a full disk leaves the file as long as it is */
}

static bool serve_has_work(const struct serve *serve)
{
	bool has_work = serve->is_trimming;
	for (unsigned seat = 0; seat < HELD_SEATS; seat++)
		has_work =
			has_work || (serve->batches[seat].client.fd >= 0 && serve->batches[seat].state == BATCH_DROPS);
	return has_work;
}

/* ---- the loop ---- */

static int serve_wait_ms(const struct serve *serve)
{
	if (serve_has_work(serve))
		return 0;
	return room_is_short(&serve->store->room) ? SERVE_ROOM_MS : -1;
}

/* One turn. Appends first and together; new connections last, for one may take a silent one's seat. */
static enum err serve_turn(struct serve *serve)
{
	int count = epoll_wait(serve->epoll, serve->events, SERVE_EVENTS, serve_wait_ms(serve));
	if (count < 0)
		return errno == EINTR ? ERR_OK : ERR_IO;
	struct store_now now = serve_now();
	for (int i = 0; i < count; i++) {
		struct client *client = serve->events[i].data.ptr;
		if (client->kind == CLIENT_APPEND)
			serve_append(serve, client, now);
		if (client->kind == CLIENT_SIGNAL)
			serve->is_stopping = true;
	}
	enum err error = serve_commit(serve);
	for (int i = 0; error == ERR_OK && i < count && !serve->is_stopping; i++) {
		struct client *client = serve->events[i].data.ptr;
		if (client->kind == CLIENT_BATCH)
			error = serve_batch(serve, (struct batch *) (void *) client, serve->events[i].events, now);
	}
	if (error != ERR_OK || serve->is_stopping)
		return error;
	error = serve_work(serve, now);
	for (int i = 0; error == ERR_OK && i < count; i++) {
		const struct client *client = serve->events[i].data.ptr;
		if (client->kind == CLIENT_APPEND_LISTENER || client->kind == CLIENT_BATCH_LISTENER)
			serve_accept(serve, client, now);
	}
	return error;
}

/* Tells those whose requests were not taken any more, and closes every connection. */
static void serve_farewell(struct serve *serve, enum spool_refusal refusal)
{
	struct client_packet packet;
	for (uint32_t i = 0; i < serve->client_limit; i++) {
		struct client *client = &serve->clients[i];
		if (client->fd < 0)
			continue;
		enum err sent = ERR_OK;
		while (sent == ERR_OK && client_receive(client, serve->buffer, &packet) == CLIENT_GOT_PACKET)
			sent = client_refuse(client, refusal);
		serve_close_append(serve, client);
	}
	for (unsigned seat = 0; seat < HELD_SEATS; seat++) {
		const struct batch *batch = &serve->batches[seat];
		if (batch->client.fd < 0)
			continue;
		enum err sent = batch->state == BATCH_LISTENS ? ERR_OK : client_refuse(&batch->client, refusal);
		while (sent == ERR_OK && client_receive(&batch->client, serve->buffer, &packet) == CLIENT_GOT_PACKET)
			sent = client_refuse(&batch->client, refusal);
		serve_close_batch(serve, seat);
	}
}

/* As many connections as the limit of descriptors allows, so that accept never fails for lack of one. */
static uint32_t serve_client_limit(void)
{
	struct rlimit limit = {.rlim_cur = SERVE_CLIENTS_MAX};
	getrlimit(RLIMIT_NOFILE, &limit);
	rlim_t spare = SERVE_SPARE_FDS + HELD_SEATS, room = limit.rlim_cur > spare ? limit.rlim_cur - spare : 1;
	return room < SERVE_CLIENTS_MAX ? (uint32_t) room : SERVE_CLIENTS_MAX;
}

static enum err serve_init(struct serve *serve)
{
	serve->client_limit = serve_client_limit();
	serve->epoll = epoll_create1(EPOLL_CLOEXEC);
	serve->clients = calloc(serve->client_limit, sizeof *serve->clients);
	serve->batches = calloc(HELD_SEATS, sizeof *serve->batches);
	serve->buffer = malloc(SPOOL_PACKET_MAX);
	if (serve->epoll < 0)
		return ERR_IO;
	if (serve->clients == NULL || serve->batches == NULL || serve->buffer == NULL)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < serve->client_limit; i++)
		serve->clients[i].fd = -1;
	for (unsigned seat = 0; seat < HELD_SEATS; seat++)
		serve->batches[seat].client = (struct client){CLIENT_BATCH, -1};
	enum err error = serve_watch(serve, EPOLL_CTL_ADD, &serve->signal, EPOLLIN);
	if (error == ERR_OK)
		error = serve_watch(serve, EPOLL_CTL_ADD, &serve->append_listener, EPOLLIN);
	if (error == ERR_OK)
		error = serve_watch(serve, EPOLL_CTL_ADD, &serve->batch_listener, EPOLLIN);
	return error;
}

enum err serve_run(struct store *store, int append_listener, int batch_listener, int signal_fd)
{
	struct serve serve = {
		.store = store,
		.signal = {CLIENT_SIGNAL, signal_fd},
		.append_listener = {CLIENT_APPEND_LISTENER, append_listener},
		.batch_listener = {CLIENT_BATCH_LISTENER, batch_listener},
	};
	enum err error = serve_init(&serve);
	if (error == ERR_OK) {
		while (error == ERR_OK && !serve.is_stopping)
			error = serve_turn(&serve);
		serve_farewell(&serve, error == ERR_OK ? SPOOL_REFUSED_STOPPING : SPOOL_REFUSED_IO);
		/* Exact numbers only for somebody who asks for them: a restart before and after one person would show that one. */
		log_event(LOG_LEVEL_DEBUG, "spooler.counts", "appends=%llu commits=%llu refused=%llu",
			  (unsigned long long) store->appends, (unsigned long long) store->groups,
			  (unsigned long long) serve.refused);
		log_info("spooler.stopped", "error=%s", err_name(error));
	}
	file_close(&serve.epoll);
	free(serve.clients);
	free(serve.batches);
	free(serve.buffer);
	return error;
}
