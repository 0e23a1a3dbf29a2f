/* SPDX-License-Identifier: MIT */
/* json_read.h: a JSON document read by jansson, so that want of memory is never taken for a wrong document.
 *
 * jansson (2.14, load.c) does not look whether what it has read so far could be kept: after a failed allocation it goes on with bytes that
 * are lacking, says that the document is wrong, or says nothing; and a text whose closing quote could not be kept it reads past
 * its end. Taking that for a wrong document would put good letters into quarantine. So while it reads, the first failure makes all
 * that follow fail, which ends it before it looks at what it has, and is remembered. In a header, because lib/base is also
 * used by build tools, which are linked without jansson. */
#ifndef SOUNDINGS_LIB_BASE_JSON_READ_H
#define SOUNDINGS_LIB_BASE_JSON_READ_H

#include "lib/base/err.h"

#include <jansson.h>
#include <stdbool.h>

struct json_read_state {
	json_malloc_t allocate; /* what jansson uses otherwise */
	bool is_starved;
};

static inline struct json_read_state *json_read_state(void)
{
	static struct json_read_state state; /* jansson's allocators get no context */
	return &state;
}

static inline void *json_read_allocate(size_t size)
{
	struct json_read_state *state = json_read_state();
	void *memory = state->is_starved ? NULL : state->allocate(size);
	if (memory == NULL)
		state->is_starved = true;
	return memory;
}

/* Reads TEXT, a member's name at most once in an object. ERR_NOMEM; or WRONG when it is not JSON, and *TROUBLE says why. *ROOT is the
 * caller's to release (json_decref), NULL after an error. */
MUST_CHECK static inline enum err json_read(const char *text, size_t length, enum err wrong, json_t **root,
					    json_error_t *trouble)
{
	struct json_read_state *state = json_read_state();
	json_free_t release;
	*state = (struct json_read_state){0};
	json_get_alloc_funcs(&state->allocate, &release);
	json_set_alloc_funcs(json_read_allocate, release);
	*root = json_loadb(text, length, JSON_REJECT_DUPLICATES, trouble);
	json_set_alloc_funcs(state->allocate, release);
	if (state->is_starved) {
		json_decref(*root);
		*root = NULL;
		return ERR_NOMEM;
	}
	return *root == NULL ? wrong : ERR_OK;
}

/* VALUE as text, for the caller to free as json_dumps(3) says; NULL without memory. jansson (2.14, dump.c) does not look whether a key could
 * be written: where the text has to grow for one and cannot, it leaves the key out, goes on, and says nothing. So the first failure is remembered
 * here as well. */
MUST_CHECK static inline char *json_write(const json_t *value, size_t flags)
{
	struct json_read_state *state = json_read_state();
	json_free_t release;
	*state = (struct json_read_state){0};
	json_get_alloc_funcs(&state->allocate, &release);
	json_set_alloc_funcs(json_read_allocate, release);
	char *text = json_dumps(value, flags);
	json_set_alloc_funcs(state->allocate, release);
	if (!state->is_starved)
		return text;
	release(text);
	return NULL;
}

#endif
