/* SPDX-License-Identifier: MIT */
/* heap.c: intake as it was before catalogues had memory of their own: linked in front of lib/base by heap.mk (ld, --wrap), everything comes
 * from the heap, as malloc has it by itself, and nothing is given back on purpose. What publishes.py must find. */
#include "lib/base/arena.h"
#include "lib/base/memory.h"

void __wrap_arena_init_mapped(struct arena *arena, size_t ceiling_bytes);
void __wrap_memory_start(void);
void __wrap_memory_trim(void);

void __wrap_arena_init_mapped(struct arena *arena, size_t ceiling_bytes)
{
	arena_init(arena, ceiling_bytes);
}

void __wrap_memory_start(void) {}

void __wrap_memory_trim(void) {}
