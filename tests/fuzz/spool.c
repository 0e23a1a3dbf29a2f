/* SPDX-License-Identifier: MIT */
/* spool.c: fuzzes the spooler's side of soundings-spool(5): packets of several clients, in any order, against a real store.
 *
 * The spooler's own loop runs turn by turn over socket pairs: serve.c is taken in here whole, so that nothing but the listeners is made up. A
 * packet's bytes are poisoned behind its end, so that a read past it is seen. A model counts what was acknowledged, and what nobody knows
 * because a client hung up; at the end the file is opened again and must hold just that.
 *
 * The input is steps: a byte (low three bits: which of eight clients, five of them of the batch socket; the others: what), then
 *   0  a packet as it stands: its length (2 bytes, low end first) and bytes
 *   1  APPEND of an envelope: a byte (bucket, period, and whether one byte is missing)
 *   2  FILED: a backup (1 byte), how many tokens of those this client got (1 byte), and how many more than there are it says (1 byte)
 *   3  HELLO with a generation of one byte
 *   4  BATCH of a period (1 byte), min and max (1 byte each)
 *   5  DROP up to a backup (1 byte)
 *   6  hangs up, and comes again
 *   7  COUNT, PERIODS or SEEN (1 byte) */
#include "fuzz.h"
#include "steady.h"

#include "spooler/client.h"

#include <sanitizer/asan_interface.h>
#include <sys/eventfd.h>

/* As client_receive, and nothing behind the packet can be read. BUFFER has SPOOL_PACKET_MAX bytes. */
static enum client_event receive_poisoned(const struct client *client, uint8_t *buffer, struct client_packet *packet)
{
	__asan_unpoison_memory_region(buffer, SPOOL_PACKET_MAX);
	enum client_event event = client_receive(client, buffer, packet);
	if (event == CLIENT_GOT_PACKET && packet->verb != 0)
		__asan_poison_memory_region(packet->body + packet->length,
					    (size_t) (buffer + SPOOL_PACKET_MAX - packet->body) - packet->length);
	return event;
}

#define client_receive receive_poisoned
#include "spooler/serve.c"
#undef client_receive

#include <sys/resource.h>

enum { PEERS = 8, FIRST_BATCH = 3, STEPS_MAX = 64, TOKENS = 512, ASKED = 128, TURNS_MAX = 2000 };

struct peer {
	int fd; /* the fuzzer's end */
	uint64_t tokens[TOKENS];
	uint32_t count;
	/* Requests without an answer yet, oldest first: answers come in order. */
	bool is_change[ASKED]; /* APPEND; of the batch socket: DROP */
	uint32_t asked;
};

static struct rig {
	struct store store;
	struct serve serve;
	struct peer peers[PEERS];
	int idle[3];                /* stand for the signal and the listeners, and are never ready */
	uint64_t appended, dropped; /* as answers said */
	uint64_t unknown;           /* appends of clients that hung up before the answer: stored or not */
	bool is_drop_unknown;       /* the same of a drop */
} rig;

static void connect_peer(struct peer *peer)
{
	int pair[2];
	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
	*peer = (struct peer){.fd = pair[0]};
	if (peer < rig.peers + FIRST_BATCH)
		serve_accept_append(&rig.serve, pair[1]);
	else
		serve_accept_batch(&rig.serve, pair[1], serve_now());
}

/* The spool file as it is made, so that not every input has to make it. */
static uint8_t empty[256 * 1024];
static ssize_t empty_length;

static void make_empty(void)
{
	struct store store;
	FUZZ_CHECK(mkdir("spool", 0700) == 0 && store_open(&store, "spool/spool.db", serve_now()) == ERR_OK);
	store_close(&store);
	int fd = open("spool/spool.db", O_RDONLY | O_CLOEXEC);
	empty_length = read(fd, empty, sizeof empty);
	FUZZ_CHECK(empty_length > 0 && empty_length < (ssize_t) sizeof empty);
	close(fd);
}

static void set_up(void)
{
	memset(&rig, 0, sizeof rig);
	unlink("spool/spool.db-journal");
	fuzz_write("spool/spool.db", empty, (size_t) empty_length);
	FUZZ_CHECK(store_open(&rig.store, "spool/spool.db", serve_now()) == ERR_OK);
	for (int i = 0; i < 3; i++)
		rig.idle[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rig.serve = (struct serve){.store = &rig.store,
				   .signal = {CLIENT_SIGNAL, rig.idle[0]},
				   .append_listener = {CLIENT_APPEND_LISTENER, rig.idle[1]},
				   .batch_listener = {CLIENT_BATCH_LISTENER, rig.idle[2]}};
	FUZZ_CHECK(serve_init(&rig.serve) == ERR_OK);
	for (int i = 0; i < PEERS; i++)
		connect_peer(&rig.peers[i]);
}

/* Requests of PEER that change something and are under way. */
static uint32_t under_way(const struct peer *peer)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < peer->asked; i++)
		count += peer->is_change[i];
	return count;
}

/* The oldest request has its answer. */
static void answered(struct peer *peer)
{
	FUZZ_CHECK(peer->asked > 0); /* nothing comes unasked */
	memmove(peer->is_change, peer->is_change + 1, --peer->asked * sizeof peer->is_change[0]);
}

/* ---- answers ---------------------------------------------------------------------------------------------------------- */

static void take_answer(struct peer *peer, const uint8_t *packet, size_t length)
{
	FUZZ_CHECK(length >= SPOOL_HEAD_BYTES && memcmp(packet, "SP\1", 3) == 0);
	bool is_append = peer < rig.peers + FIRST_BATCH;
	if (packet[3] != 'I')
		answered(peer);
	switch (packet[3]) {
	case 'O':
		FUZZ_CHECK(length == 4);
		rig.appended += is_append;
		break;
	case 'R':
		FUZZ_CHECK(length == 5 && packet[4] >= SPOOL_REFUSED_FORMAT && packet[4] <= SPOOL_REFUSED_STOPPING);
		FUZZ_CHECK(packet[4] != SPOOL_REFUSED_IO);
		break;
	case 'S':
		FUZZ_CHECK(length == 20 && is_append);
		break;
	case 'I':
		FUZZ_CHECK(!is_append && length > 12 + 120 && memcmp(packet + 12, "SNDG\1", 5) == 0);
		if (peer->count < TOKENS)
			peer->tokens[peer->count++] = bytes_get(packet + 4, 8);
		break;
	case 'E':
		FUZZ_CHECK(!is_append && length == 4);
		break;
	case 'N':
		FUZZ_CHECK(!is_append && (length == 12 || length == 20));
		if (length == 12)
			rig.dropped += bytes_get(packet + 4, 8);
		break;
	case 'P':
		FUZZ_CHECK(!is_append && (length - 4) % SPOOL_PERIOD_ROW_BYTES == 0);
		break;
	default:
		FUZZ_CHECK(!"an answer of the protocol");
	}
}

static void take_answers(void)
{
	static uint8_t packet[SPOOL_PACKET_MAX];
	for (int i = 0; i < PEERS; i++) {
		ssize_t got;
		while (rig.peers[i].fd >= 0 && (got = recv(rig.peers[i].fd, packet, sizeof packet, 0)) > 0)
			take_answer(&rig.peers[i], packet, (size_t) got);
	}
}

/* True when a turn would not wait for us. */
static bool is_anything_ready(void)
{
	struct epoll_event event;
	return serve_has_work(&rig.serve) || epoll_wait(rig.serve.epoll, &event, 1, 0) > 0;
}

static void settle(void)
{
	for (int turns = 0; is_anything_ready(); turns++) {
		FUZZ_CHECK(turns < TURNS_MAX);
		FUZZ_CHECK(serve_turn(&rig.serve) == ERR_OK);
		take_answers();
	}
}

/* ---- steps ------------------------------------------------------------------------------------------------------------ */

/* Sends PACKET, unless nobody listens any more. */
static void send_bytes(struct peer *peer, const uint8_t *packet, size_t length)
{
	if (peer->asked == ASKED)
		return;
	if (send(peer->fd, packet, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		FUZZ_CHECK(errno == EPIPE || errno == EAGAIN || errno == ECONNRESET);
		return;
	}
	uint8_t verb = length >= 4 ? packet[3] : 0;
	peer->is_change[peer->asked++] = verb == (peer < rig.peers + FIRST_BATCH ? 'A' : 'D');
}

static void send_packet(struct peer *peer, char verb, const uint8_t *body, size_t length)
{
	static uint8_t packet[SPOOL_PACKET_MAX];
	memcpy(packet, "SP\1", 3);
	packet[3] = (uint8_t) verb;
	if (length > 0)
		memcpy(packet + 4, body, length);
	send_bytes(peer, packet, 4 + length);
}

static void append(struct peer *peer, uint8_t how)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	unsigned bucket = (how & 3) == 3 && (how & 0x40) == 0 ? 0 : how & 3;
	memset(envelope, 0, 136);
	memcpy(envelope, "SNDG\1", 5);
	envelope[5] = (uint8_t) bucket;
	envelope[8] = how >> 2 & 7;
	send_packet(peer, 'A', envelope, store_length(bucket) - (how >> 7));
}

static void filed(struct peer *peer, struct fuzz_input *input)
{
	static uint8_t body[10 + 8 * (TOKENS + 1)];
	uint64_t backup = fuzz_byte(input);
	uint32_t wanted = fuzz_byte(input), count = wanted < peer->count ? wanted : peer->count;
	bytes_put(body, 8, backup);
	bytes_put(body + 8, 2, count + (uint32_t) fuzz_byte(input));
	for (uint32_t i = 0; i < count; i++)
		bytes_put(body + 10 + 8 * (size_t) i, 8, peer->tokens[--peer->count]);
	send_packet(peer, 'F', body, 10 + 8 * (size_t) count);
}

static void batch(struct peer *peer, struct fuzz_input *input)
{
	uint8_t body[12] = {fuzz_byte(input) & 7};
	bytes_put(body + 8, 2, fuzz_byte(input));
	bytes_put(body + 10, 2, (uint64_t) fuzz_byte(input) + 1);
	send_packet(peer, 'B', body, sizeof body);
}

static void raw(struct peer *peer, struct fuzz_input *input)
{
	size_t length = (size_t) fuzz_number(input, 2);
	if (length > input->left)
		length = input->left;
	send_bytes(peer, input->at, length);
	input->at += length;
	input->left -= length;
}

/* What was asked and not answered may have happened. */
static void hang_up(struct peer *peer)
{
	if (peer < rig.peers + FIRST_BATCH)
		rig.unknown += under_way(peer);
	else if (under_way(peer) > 0)
		rig.is_drop_unknown = true;
	close(peer->fd);
	peer->fd = -1;
}

static void step(struct fuzz_input *input)
{
	uint8_t what = fuzz_byte(input), body[16] = {0};
	struct peer *peer = &rig.peers[what & 7];
	switch (what >> 3 & 7) {
	case 0:
		raw(peer, input);
		break;
	case 1:
		append(peer, fuzz_byte(input));
		break;
	case 2:
		filed(peer, input);
		break;
	case 3:
		body[0] = fuzz_byte(input);
		send_packet(peer, 'H', body, sizeof body);
		break;
	case 4:
		batch(peer, input);
		break;
	case 5:
		body[7] = fuzz_byte(input);
		send_packet(peer, 'D', body, 8);
		break;
	case 6:
		hang_up(peer);
		settle();
		connect_peer(peer);
		break;
	default:
		body[15] = fuzz_byte(input);
		send_packet(peer, "CPS"[body[15] % 3], body, body[15] % 3 == 2 ? 16 : 0);
	}
	if ((what & 0x40) == 0) /* else: more of the same turn */
		settle();
}

/* Ends all, and looks whether the file holds what was acknowledged and not let go. */
static void finish(void)
{
	settle();
	for (int i = 0; i < PEERS; i++)
		hang_up(&rig.peers[i]);
	serve_farewell(&rig.serve, SPOOL_REFUSED_STOPPING);
	__asan_unpoison_memory_region(rig.serve.buffer, SPOOL_PACKET_MAX);
	file_close(&rig.serve.epoll);
	free(rig.serve.clients);
	free(rig.serve.batches);
	free(rig.serve.buffer);
	store_close(&rig.store);
	for (int i = 0; i < 3; i++)
		close(rig.idle[i]);
	FUZZ_CHECK(store_open(&rig.store, "spool/spool.db", serve_now()) == ERR_OK);
	uint64_t held = rig.store.held.waiting + rig.store.held.marks.count;
	FUZZ_CHECK(held + rig.dropped <= rig.appended + rig.unknown);
	FUZZ_CHECK(held + rig.dropped >= rig.appended || rig.is_drop_unknown);
	store_close(&rig.store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_there;
	if (!is_there) {
		fuzz_enter_folder();
		make_empty();
		/* Places for clients are as many as descriptors: enough here, and fewer to clear for each input. */
		FUZZ_CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){256, 256}) == 0);
	}
	is_there = true;
	steady_begin();
	set_up();
	struct fuzz_input input = {data, size};
	for (int i = 0; i < STEPS_MAX && input.left > 0; i++)
		step(&input);
	finish();
	return 0;
}
