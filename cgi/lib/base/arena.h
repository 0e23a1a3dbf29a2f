/* SPDX-License-Identifier: MIT */
/* arena.h: memory that is given out piece by piece and returned all at once.
 *
 * A request, or one loaded form, has one arena; everything that belongs to it lives there and dies with it. The
 * ceiling is fixed when the arena is made, so that no input can make a program grow without end. */
#ifndef SOUNDINGS_BASE_ARENA_H
#define SOUNDINGS_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used_bytes;          /* given out so far */
	size_t ceiling_bytes;       /* never more than this */
	int is_failed;              /* an allocation was refused since the last reset */
	int is_mapped;              /* blocks are mappings of their own, not of the heap */
};

/* Makes an empty arena in the caller's storage. Allocates nothing. */
void arena_init(struct arena *arena, size_t ceiling_bytes);

/* The same for what lives long and is replaced by its like again and again, such as a catalogue: blocks are mappings of their own
 * (mmap(2)), and go back to the system whole. On the heap they would lie between what is used for a moment, and each replacing would
 * leave other holes. */
void arena_init_mapped(struct arena *arena, size_t ceiling_bytes);

/* Wipes and frees everything that came from the arena; the arena is then empty and usable again. */
void arena_reset(struct arena *arena);

/* As arena_reset, and the last call of its life. NULL is fine. */
void arena_fini(struct arena *arena);

/* Zeroed memory for COUNT things of SIZE bytes, aligned for any type. NULL when the ceiling would be passed, when
 * COUNT * SIZE overflows, or when malloc fails; arena->is_failed is then set. Lives until the reset. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* One zeroed TYPE, or COUNT of them. */
#define arena_new(arena, type) ((type *) arena_alloc((arena), 1, sizeof(type)))
#define arena_array(arena, count, type) ((type *) arena_alloc((arena), (count), sizeof(type)))

/* A copy of an array that is to grow to NEW_COUNT things (the old one stays behind until the reset). NULL as above. */
void *arena_grow(struct arena *arena, const void *old, size_t old_count, size_t new_count, size_t size);

/* A NUL-ended copy of TEXT, or of its first LENGTH bytes. NULL when there is no room. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* A copy of LENGTH bytes, with a NUL behind them that does not count. NULL when there is no room. */
void *arena_memdup(struct arena *arena, const void *bytes, size_t length);

/* printf into the arena. NULL when there is no room. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#define CLEANUP_ARENA __attribute__((cleanup(arena_fini)))

#endif
