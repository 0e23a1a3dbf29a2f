/* SPDX-License-Identifier: MIT */
/* arena_test.c: the ceiling holds whatever is asked for, memory is zeroed and aligned, a reset makes it usable again; on the heap and
 * in mappings of its own, which then are gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Every test runs for both kinds. */
static void begin(struct arena *arena, size_t ceiling_bytes, void **state)
{
	(*state == NULL ? arena_init : arena_init_mapped)(arena, ceiling_bytes);
}

static void test_ceiling(void **state)
{
	static const struct {
		const char *name;
		size_t ceiling, count, size;
		int is_given;
	} rows[] = {
		{"fits exactly", 64, 4, 16, 1},
		{"one byte more", 64, 65, 1, 0},
		{"nothing at all", 64, 0, 16, 1},
		{"no ceiling to speak of", 0, 1, 1, 0},
		{"a product that overflows", SIZE_MAX, SIZE_MAX / 2, 4, 0},
		{"rounding that overflows", SIZE_MAX, 1, SIZE_MAX, 0},
		{"larger than a block", 1024 * 1024, 1, 512 * 1024, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena arena;
		begin(&arena, rows[i].ceiling, state);
		void *piece = arena_alloc(&arena, rows[i].count, rows[i].size);
		if ((piece != NULL) != rows[i].is_given || arena.is_failed == rows[i].is_given)
			fail_msg("%s", rows[i].name);
		arena_fini(&arena);
	}
}

static void test_ceiling_over_many(void **state)
{
	struct arena arena;
	begin(&arena, 100 * 1024, state);
	size_t given = 0;
	while (arena_alloc(&arena, 1, 100) != NULL)
		given++;
	assert_true(given >= 800 && given <= 1024);
	assert_true(arena.used_bytes <= arena.ceiling_bytes);
	assert_true(arena.is_failed);
	arena_reset(&arena);
	assert_false(arena.is_failed);
	assert_int_equal(arena.used_bytes, 0);
	assert_non_null(arena_alloc(&arena, 1, 100 * 1024 - 64));
	arena_fini(&arena);
	arena_fini(NULL);
}

static void test_pieces(void **state)
{
	struct arena arena;
	begin(&arena, 4 * 1024 * 1024, state);
	unsigned char *last = NULL;
	for (size_t size = 1; size < 6000; size += 37) {
		unsigned char *piece = arena_alloc(&arena, 1, size);
		assert_non_null(piece);
		assert_int_equal((uintptr_t) piece % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 0xA5, size); /* the next piece must not show this */
		assert_ptr_not_equal(piece, last);
		last = piece;
	}
	arena_fini(&arena);
}

static void test_copies(void **state)
{
	struct arena arena;
	begin(&arena, 64 * 1024, state);
	assert_string_equal(arena_strdup(&arena, "Sain"), "Sain");
	assert_string_equal(arena_strndup(&arena, "soundings", 5), "sound");
	assert_string_equal(arena_strndup(&arena, "so", 5), "so");
	const char *bytes = arena_memdup(&arena, "a\0b", 3);
	assert_memory_equal(bytes, "a\0b", 4);
	assert_string_equal(arena_printf(&arena, "%s %d", "page", 7), "page 7");
	const int numbers[] = {1, 2, 3};
	int *grown = arena_grow(&arena, numbers, 3, 5, sizeof *numbers);
	assert_memory_equal(grown, ((const int[]){1, 2, 3, 0, 0}), 5 * sizeof(int));
	assert_non_null(arena_grow(&arena, NULL, 0, 1, 1));
	assert_null(arena_printf(&arena, "%70000d", 1));
	assert_true(arena.is_failed);
	arena_fini(&arena);
}

/* What a mapped arena held is not merely free: the next reader of that address would be told that nothing is there. */
static void test_mapped_goes_back(void **state)
{
	static const size_t sizes[] = {100, 20 * 1024, 200 * 1024, 3 * 1024 * 1024};
	size_t page = (size_t) sysconf(_SC_PAGESIZE);
	struct arena arena;
	begin(&arena, 8 * 1024 * 1024, state);
	void *pages[sizeof sizes / sizeof sizes[0]];
	unsigned char is_resident[1];
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		unsigned char *piece = arena_alloc(&arena, 1, sizes[i]);
		assert_non_null(piece);
		pages[i] = (void *) ((uintptr_t) piece / page * page);
		assert_int_equal(mincore(pages[i], page, is_resident), 0);
	}
	arena_reset(&arena);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (mincore(pages[i], page, is_resident) != -1 || errno != ENOMEM)
			fail_msg("a piece of %zu bytes stayed", sizes[i]);
	assert_non_null(arena_alloc(&arena, 1, 100));
	arena_fini(&arena);
}

static void test_mapped_refused(void **state)
{
	struct arena arena;
	begin(&arena, SIZE_MAX, state);
	assert_null(arena_alloc(&arena, 1, SIZE_MAX / 4)); /* more than there are addresses */
	assert_true(arena.is_failed);
	assert_non_null(arena_alloc(&arena, 1, 100));
	arena_fini(&arena);
}

int main(void)
{
	static char mapped[] = "mapped";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_ceiling_over_many),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_copies),
		cmocka_unit_test_prestate(test_ceiling, mapped),
		cmocka_unit_test_prestate(test_ceiling_over_many, mapped),
		cmocka_unit_test_prestate(test_pieces, mapped),
		cmocka_unit_test_prestate(test_copies, mapped),
		cmocka_unit_test_prestate(test_mapped_goes_back, mapped),
		cmocka_unit_test_prestate(test_mapped_refused, mapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
