/* SPDX-License-Identifier: MIT */
/* request.c: fuzzes how a FastCGI request becomes struct http_request (lib/http/http_request.c): parameters, query, body.
 *
 * Each input is read twice: for a server that wants no visitor, as intake, and for one that does, with an origin of its own.
 *
 * The input: lines "NAME=VALUE" as libfcgi would hand them over, an empty line, then the body as it comes from the socket, which
 * need not be as long as CONTENT_LENGTH says. libfcgi's own records are not fuzzed: it is not ours, and only nginx speaks to it. */
#include "fuzz.h"

#include "lib/base/utf8.h"
#include "lib/http/http_request.h"

enum { PARAMS_MAX = 64 };

/* There is no more than what the stream was made with. */
static void at_end(FCGX_Stream *stream)
{
	stream->isClosed = 1;
}

static void drop_output(FCGX_Stream *stream, int is_close)
{
	(void) is_close;
	stream->wrNext = stream->data;
}

static void check_fields(const struct http_field *fields, size_t count)
{
	FUZZ_CHECK(count <= HTTP_FIELDS_MAX);
	for (size_t i = 0; i < count; i++) {
		FUZZ_CHECK(strlen(fields[i].name) <= HTTP_NAME_MAX && strlen(fields[i].name) > 0);
		FUZZ_CHECK(utf8_is_valid(fields[i].value, strlen(fields[i].value)));
	}
}

static void check_visitor(const struct http_server *server, const struct http_request *request)
{
	FUZZ_CHECK(request->address != NULL);
	FUZZ_CHECK(server->wants_visitor || (request->cookies_count == 0 && *request->address == '\0'));
	FUZZ_CHECK(request->cookies_count <= HTTP_COOKIES_MAX && strlen(request->address) < HTTP_ADDRESS_MAX);
	for (size_t i = 0; i < request->cookies_count; i++) {
		size_t length = strlen(request->cookies[i].name);
		FUZZ_CHECK(length > 0 && length <= HTTP_NAME_MAX &&
			   strpbrk(request->cookies[i].name, "=; \t\r\n") == NULL);
		FUZZ_CHECK(strpbrk(request->cookies[i].value, ";, \t\r\n\"") == NULL);
	}
}

static void check_request(const struct http_request *request)
{
	size_t length = strlen(request->path);
	FUZZ_CHECK(length <= HTTP_PATH_MAX && (length == 0 || request->path[0] == '/'));
	FUZZ_CHECK(strchr(request->path, '?') == NULL && strchr(request->path, '%') == NULL);
	FUZZ_CHECK(request->fault < HTTP_FAULT_COUNT && request->accept_language != NULL);
	FUZZ_CHECK(request->fault == HTTP_FAULT_NONE || request->fields_count == 0);
	FUZZ_CHECK(request->method == HTTP_POST || request->fields_count == 0);
	check_fields(request->query, request->query_count);
	check_fields(request->fields, request->fields_count);
}

static void answer(FCGX_Request *raw, const struct http_request *request)
{
	unsigned char out[512];
	FCGX_Stream stream = {.data = out,
			      .rdNext = out + sizeof out,
			      .wrNext = out,
			      .stop = out + sizeof out,
			      .emptyBuffProc = drop_output};
	struct http_response response = {
		.status = 200, .location = "/x", .body = request->path, .body_length = strlen(request->path)};
	raw->out = &stream;
	http_response_send(raw, request->method, &response);
}

static void read_one(const struct http_server *server, char **params, const uint8_t *rest, size_t left)
{
	uint8_t *body = fuzz_bytes(rest, left);
	FCGX_Stream stream = {.rdNext = body,
			      .wrNext = body + left,
			      .stop = body + left,
			      .stopUnget = body,
			      .isReader = 1,
			      .fillBuffProc = at_end};
	FCGX_Request raw = {.in = &stream, .envp = params};
	struct http_request request;
	struct arena arena;
	arena_init(&arena, 8 * 1024 * 1024);
	if (http_request_read(&raw, server, &arena, &request) == ERR_OK) {
		check_request(&request);
		check_visitor(server, &request);
		answer(&raw, &request);
	}
	arena_fini(&arena);
	free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	char *params[PARAMS_MAX + 1] = {NULL};
	size_t count = 0;
	while (count < PARAMS_MAX && input.left > 0) {
		char *line = fuzz_part(&input, '\n');
		if (*line == '\0') {
			free(line);
			break;
		}
		params[count++] = line;
	}
	read_one(&(struct http_server){.wants_visitor = false}, params, input.at, input.left);
	read_one(&(struct http_server){.wants_visitor = true, .origin = "http://127.0.0.1:8080"}, params, input.at,
		 input.left);
	for (size_t i = 0; i < count; i++)
		free(params[i]);
	return 0;
}
