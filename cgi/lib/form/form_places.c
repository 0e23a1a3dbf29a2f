/* SPDX-License-Identifier: MIT */
/* form_places.c: a table from the address of a value to the line it was read from.
 *
 * Open addressing, at most half full. It must never look at what stands at an address: only the loader and whoever has
 * its form know what does. */
#include "lib/form/form_places.h"

#include <stdint.h>

enum { PLACES_FIRST = 256 };

struct form_places_row {
	const char *value; /* NULL: free */
	struct form_place place;
};

void form_places_init(struct form_places *places, struct arena *arena)
{
	*places = (struct form_places){.arena = arena};
}

/* The row of VALUE, or the free one where it belongs. CAPACITY is a power of two. */
static size_t row_of(const struct form_places_row *rows, size_t capacity, const char *value)
{
	uint64_t hash = (uint64_t) (uintptr_t) value * UINT64_C(0x9e3779b97f4a7c15); /* Fibonacci hashing */
	size_t at = (size_t) (hash >> 32) & (capacity - 1);
	while (rows[at].value != NULL && rows[at].value != value)
		at = (at + 1) & (capacity - 1);
	return at;
}

static bool grow(struct form_places *places)
{
	size_t capacity = places->capacity == 0 ? PLACES_FIRST : places->capacity * 2;
	struct form_places_row *rows = arena_array(places->arena, capacity, struct form_places_row);
	if (rows == NULL)
		return false;
	for (size_t i = 0; i < places->capacity; i++) {
		if (places->rows[i].value != NULL)
			rows[row_of(rows, capacity, places->rows[i].value)] = places->rows[i];
	}
	places->rows = rows;
	places->capacity = capacity;
	return true;
}

void form_places_add(struct form_places *places, const char *value, struct form_place place)
{
	if ((places->count + 1) * 2 > places->capacity && !grow(places)) {
		places->has_no_memory = true;
		return;
	}
	struct form_places_row *row = &places->rows[row_of(places->rows, places->capacity, value)];
	places->count += row->value == NULL;
	*row = (struct form_places_row){.value = value, .place = place};
}

struct form_place form_places_find(const struct form_places *places, const char *value)
{
	if (places == NULL || value == NULL || places->count == 0)
		return (struct form_place){0};
	return places->rows[row_of(places->rows, places->capacity, value)].place;
}
