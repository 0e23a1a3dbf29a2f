/* SPDX-License-Identifier: MIT */
/* arena.c: memory that is given out piece by piece and returned all at once.
 *
 * Blocks come from malloc, or from mmap where arena_init_mapped says so; small pieces share one, a large piece gets its
 * own. Everything is wiped before it goes back, because requests hold answers. Pieces are never returned one by one. */
#include "lib/base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	ARENA_ALIGN = _Alignof(max_align_t),
	ARENA_BLOCK_BYTES = 16 * 1024,  /* a small form's request fits in one or two */
	ARENA_MAPPED_BYTES = 256 * 1024 /* a parsed form takes some; what is not touched costs nothing */
};

struct arena_block {
	struct arena_block *next;
	size_t capacity; /* of bytes */
	size_t used;
	_Alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t ceiling_bytes)
{
	*arena = (struct arena){.ceiling_bytes = ceiling_bytes};
}

void arena_init_mapped(struct arena *arena, size_t ceiling_bytes)
{
	*arena = (struct arena){.ceiling_bytes = ceiling_bytes, .is_mapped = 1};
}

/* Room for a block of CAPACITY bytes, or NULL. */
static struct arena_block *arena_block_get(const struct arena *arena, size_t capacity)
{
	size_t size = sizeof(struct arena_block) + capacity;
	if (!arena->is_mapped)
		return malloc(size);
	void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return mapped == MAP_FAILED ? NULL : mapped;
}

static void arena_block_free(const struct arena *arena, struct arena_block *block)
{
	explicit_bzero(block->bytes, block->used);
	if (!arena->is_mapped)
		free(block);
	else
		munmap(block, sizeof *block + block->capacity);
}

void arena_reset(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *block = arena->blocks;
		arena->blocks = block->next;
		arena_block_free(arena, block);
	}
	arena->used_bytes = 0;
	arena->is_failed = 0;
}

void arena_fini(struct arena *arena)
{
	if (arena != NULL)
		arena_reset(arena);
}

/* Puts a fresh block in front that has room for NEED bytes. */
static bool arena_add_block(struct arena *arena, size_t need)
{
	size_t usual = arena->is_mapped ? ARENA_MAPPED_BYTES - sizeof(struct arena_block) : ARENA_BLOCK_BYTES;
	size_t capacity = need > usual / 4 ? need : usual;
	struct arena_block *block = arena_block_get(arena, capacity);
	if (block == NULL)
		return false;
	*block = (struct arena_block){.capacity = capacity};
	/* A block made for one large piece is full at once, so it goes behind the one that still has room. */
	if (capacity == need && arena->blocks != NULL) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	return true;
}

static void *arena_take(struct arena_block *block, size_t need)
{
	if (block == NULL || block->capacity - block->used < need)
		return NULL;
	void *piece = block->bytes + block->used;
	block->used += need;
	return piece;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t need;
	if (__builtin_mul_overflow(count, size, &need) || need > SIZE_MAX - sizeof(struct arena_block) - ARENA_ALIGN)
		goto refused;
	if (need == 0)
		need = 1; /* every piece has an address of its own */
	need = (need + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (need > arena->ceiling_bytes - arena->used_bytes)
		goto refused;
	void *piece = arena_take(arena->blocks, need);
	if (piece == NULL) {
		if (!arena_add_block(arena, need))
			goto refused;
		piece = arena_take(arena->blocks, need);
		if (piece == NULL)
			piece = arena_take(arena->blocks->next, need);
		assert(piece != NULL);
	}
	arena->used_bytes += need;
	return memset(piece, 0, need);
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

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_memdup(arena, text, strlen(text));
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	return arena_memdup(arena, text, strnlen(text, length));
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

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *text = length < 0 ? NULL : arena_alloc(arena, (size_t) length + 1, 1);
	if (text != NULL)
		vsnprintf(text, (size_t) length + 1, format, again);
	else
		arena->is_failed = 1;
	va_end(again);
	return text;
}
