/* SPDX-License-Identifier: MIT */
/* once.c: one request in, one file out. The process is confined already, and reads nothing but IN and fonts. */
#include "poster/once.h"

#include "lib/base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { ARENA_BYTES = 1024 * 1024, CHUNK_BYTES = 4096 };

/* All of IN, up to one byte more than a request may have, so that a longer one is told from one of that length. */
static enum err read_all(int in, struct strbuf *json, struct poster_trouble *trouble)
{
	char chunk[CHUNK_BYTES];
	for (ssize_t got; (got = read(in, chunk, sizeof chunk)) != 0;) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return poster_refuse(trouble, ERR_IO, "the request could not be read: %s", strerror(errno));
		strbuf_put(json, chunk, (size_t) got);
		if (strbuf_error(json) == ERR_TOO_BIG)
			return poster_refuse(trouble, ERR_TOO_BIG,
					     "the request is longer than %d bytes: shorten its texts",
					     POSTER_REQUEST_MAX_BYTES);
		if (strbuf_error(json))
			return poster_refuse(trouble, strbuf_error(json), "there is no memory for the request");
	}
	return ERR_OK;
}

enum err once_draw(int in, const struct poster_fonts *fonts, struct strbuf *out, enum poster_format *format,
		   struct poster_trouble *trouble)
{
	CLEANUP_STRBUF struct strbuf json;
	CLEANUP_ARENA struct arena arena;
	strbuf_init(&json, POSTER_REQUEST_MAX_BYTES);
	arena_init(&arena, ARENA_BYTES);
	struct poster_request request;
	enum err error = read_all(in, &json, trouble);
	if (!error)
		error = poster_request_read(strbuf_text(&json), json.length, &arena, &request, trouble);
	if (!error)
		error = poster_draw(&request, fonts, out, trouble);
	if (error && !trouble->words[0])
		return poster_refuse(trouble, error, "%s", err_words(error));
	*format = error ? POSTER_FORMAT_COUNT : request.format;
	return error;
}
