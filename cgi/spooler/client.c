/* SPDX-License-Identifier: MIT */
/* client.c: packets of soundings-spool(5) on a non-blocking SOCK_SEQPACKET socket (unix(7)). What they mean is for
 * serve.c and batch.c to say. */
#include "spooler/client.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum client_event client_receive(const struct client *client, uint8_t *buffer, struct client_packet *packet)
{
	ssize_t got;
	do
		got = recv(client->fd, buffer, SPOOL_PACKET_MAX, MSG_DONTWAIT | MSG_TRUNC);
	while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return CLIENT_GOT_NOTHING;
	if (got <= 0) /* an empty packet cannot be told from the end */
		return CLIENT_GONE;
	*packet = (struct client_packet){0};
	if (got >= SPOOL_HEAD_BYTES && got <= SPOOL_PACKET_MAX && buffer[0] == 'S' && buffer[1] == 'P' &&
	    buffer[2] == SPOOL_PROTOCOL) {
		packet->verb = buffer[3];
		packet->body = buffer + SPOOL_HEAD_BYTES;
		packet->length = (size_t) got - SPOOL_HEAD_BYTES;
	}
	return CLIENT_GOT_PACKET;
}

enum err client_send(const struct client *client, uint8_t verb, const void *body, size_t length)
{
	uint8_t head[SPOOL_HEAD_BYTES] = {'S', 'P', SPOOL_PROTOCOL, verb}, packet[SPOOL_PACKET_MAX];
	assert(length <= sizeof packet - sizeof head);
	memcpy(packet, head, sizeof head);
	if (length > 0)
		memcpy(packet + sizeof head, body, length);
	ssize_t sent;
	do
		sent = send(client->fd, packet, sizeof head + length, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return ERR_OK;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? ERR_BUSY : ERR_IO;
}

enum err client_refuse(const struct client *client, enum spool_refusal refusal)
{
	uint8_t byte = (uint8_t) refusal;
	return client_send(client, 'R', &byte, 1);
}

enum spool_refusal client_refusal(enum err error)
{
	switch (error) {
	case ERR_INVALID:
		return SPOOL_REFUSED_FORMAT;
	case ERR_FULL:
		return SPOOL_REFUSED_FULL;
	default:
		return SPOOL_REFUSED_IO;
	}
}
