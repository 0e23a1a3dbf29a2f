/* SPDX-License-Identifier: MIT */
/* strict_arena.c: lib/base/arena.h with every piece in memory of its own, for fuzzing alone.
 *
 * The real arena puts pieces beside one another in blocks, where the address sanitizer cannot see one piece run over into the next.
 * Counts and refuses as the real one does (lib/base/arena.c), which has unit tests of its own. */
#include "lib/base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = _Alignof(max_align_t) };

/* One piece; the memory it names has exactly the bytes that were asked for. */
struct arena_block {
	struct arena_block *next;
	void *piece;
};

void arena_init(struct arena *arena, size_t ceiling_bytes)
{
	*arena = (struct arena){.ceiling_bytes = ceiling_bytes};
}

void arena_init_mapped(struct arena *arena, size_t ceiling_bytes)
{
	arena_init(arena, ceiling_bytes);
}

void arena_reset(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *block = arena->blocks;
		arena->blocks = block->next;
		free(block->piece);
		free(block);
	}
	arena->used_bytes = 0;
	arena->is_failed = 0;
}

void arena_fini(struct arena *arena)
{
	if (arena != NULL)
		arena_reset(arena);
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t wanted, need;
	if (__builtin_mul_overflow(count, size, &wanted) || __builtin_add_overflow(wanted, ARENA_ALIGN, &need) ||
	    need - ARENA_ALIGN > arena->ceiling_bytes - arena->used_bytes)
		goto refused;
	need = wanted == 0 ? ARENA_ALIGN : (wanted + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (need > arena->ceiling_bytes - arena->used_bytes)
		goto refused;
	struct arena_block *block = malloc(sizeof *block);
	void *piece = calloc(1, wanted > 0 ? wanted : 1);
	if (block == NULL || piece == NULL) {
		free(block);
		free(piece);
		goto refused;
	}
	*block = (struct arena_block){arena->blocks, piece};
	arena->blocks = block;
	arena->used_bytes += need;
	return piece;
refused:
	arena->is_failed = 1;
	return NULL;
}

void *arena_grow(struct arena *arena, const void *old, size_t old_count, size_t new_count, size_t size)
{
	assert(new_count >= old_count);
	void *grown = arena_alloc(arena, new_count, size);
	if (grown != NULL && old_count > 0)
		memcpy(grown, old, old_count * size);
	return grown;
}

void *arena_memdup(struct arena *arena, const void *bytes, size_t length)
{
	if (length == SIZE_MAX) {
		arena->is_failed = 1;
		return NULL;
	}
	char *copy = arena_alloc(arena, length + 1, 1);
	if (copy != NULL && length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	return arena_memdup(arena, text, strnlen(text, length));
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_memdup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	char *text = length < 0 ? NULL : arena_alloc(arena, (size_t) length + 1, 1);
	if (text != NULL)
		vsnprintf(text, (size_t) length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
