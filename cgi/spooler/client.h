/* SPDX-License-Identifier: MIT */
/* client.h: one connection to the spooler: packets in, packets out, never a wait. */
#ifndef SOUNDINGS_SPOOLER_CLIENT_H
#define SOUNDINGS_SPOOLER_CLIENT_H

#include "lib/base/err.h"
#include "lib/spool/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an epoll event is about. */
enum client_kind { CLIENT_SIGNAL, CLIENT_APPEND_LISTENER, CLIENT_BATCH_LISTENER, CLIENT_APPEND, CLIENT_BATCH };

struct client {
	enum client_kind kind;
	int fd; /* -1: this place is free */
};

/* A packet that came in. */
struct client_packet {
	uint8_t verb;        /* 0 when the head is not ours */
	const uint8_t *body; /* behind the head */
	size_t length;       /* of the body */
};

enum client_event { CLIENT_GOT_PACKET, CLIENT_GOT_NOTHING, CLIENT_GONE };

/* Takes one packet, if there is one, into BUFFER of SPOOL_PACKET_MAX bytes. A longer one is cut and has verb 0. */
enum client_event client_receive(const struct client *client, uint8_t *buffer, struct client_packet *packet);

/* Sends a packet: the head with VERB, then BODY. ERR_BUSY when the other side does not read what it asked for, ERR_IO
 * when it is gone. */
enum err client_send(const struct client *client, uint8_t verb, const void *body, size_t length) MUST_CHECK;

/* Sends an 'R'. Errors as client_send. */
enum err client_refuse(const struct client *client, enum spool_refusal refusal) MUST_CHECK;

/* What a failure of the store means to a client. */
enum spool_refusal client_refusal(enum err error);

#endif
