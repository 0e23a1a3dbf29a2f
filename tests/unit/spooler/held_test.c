/* SPDX-License-Identifier: MIT */
/* held_test.c: the index in memory: its lists stay true, its draws are even, its tokens die when they must, and it is small. */
#include "spooler/held.h"

#include "lib/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const uint8_t periods[3][SPOOL_PERIOD_BYTES] = {"period0", "period1", "period2"};

/* Everything that the parts of the index say about one another. */
static void check_index(const struct held *held)
{
	uint64_t waiting = 0;
	uint32_t live = 0, listed = 0;
	for (uint32_t i = 0; i < held->used; i++) {
		const struct held_item *item = &held->items[i];
		if (item->bucket == HELD_BUCKETS)
			continue;
		live++;
		waiting += item->slot == 0;
		assert_int_equal(held->buckets[item->bucket].items[item->at], i);
		assert_true(item->period < held->period_count && held->periods[item->period].count > 0);
		if (item->slot != 0)
			assert_int_equal(held->marks.items[item->slot - 1], i);
		for (unsigned seat = 0; seat < HELD_SEATS; seat++) {
			uint32_t tokens = 0;
			for (uint32_t t = 0; t < held->seats[seat].count; t++)
				tokens += held->seats[seat].tokens[t].item == i;
			assert_int_equal(tokens, item->given >> seat & 1);
		}
	}
	for (unsigned bucket = 0; bucket < HELD_BUCKETS; bucket++)
		listed += held->buckets[bucket].count;
	assert_int_equal(listed, live);
	assert_int_equal(held->waiting, waiting);
	assert_int_equal(held->marks.count, live - waiting);
}

/* An item drawn evenly from those that are in use and (not) filed; HELD_NONE when there is none. */
static uint32_t any_item(const struct held *held, bool is_filed)
{
	uint32_t start = held->used == 0 ? 0 : (uint32_t) random_below(held->used);
	for (uint32_t i = 0; i < held->used; i++) {
		uint32_t at = (start + i) % held->used;
		if (held->items[at].bucket < HELD_BUCKETS && (held->items[at].slot != 0) == is_filed)
			return at;
	}
	return HELD_NONE;
}

/* Thousands of random steps, and the index is true after each. */
static void test_random_steps(void **state)
{
	struct held held;
	uint64_t token;
	(void) state;
	held_init(&held);
	assert_int_equal(held_seat_take(&held), 0);
	assert_int_equal(held_seat_take(&held), 1);
	for (int step = 0; step < 4000; step++) {
		uint32_t waits = any_item(&held, false), filed = any_item(&held, true), item;
		unsigned seat = (unsigned) random_below(2);
		switch (random_below(8)) {
		case 0:
		case 1:
		case 2:
			assert_int_equal(held_add(&held, random_key(), periods[random_below(3)],
						  (unsigned) random_below(HELD_BUCKETS), &item),
					 ERR_OK);
			break;
		case 3:
			if (waits != HELD_NONE)
				held_remove(&held, waits);
			break;
		case 4:
			if (waits == HELD_NONE)
				break;
			assert_int_equal(held_reserve_marks(&held, 1), ERR_OK);
			held_mark(&held, waits, (uint32_t) random_below(held.marks.count + 1) + 1);
			break;
		case 5:
			if (filed != HELD_NONE)
				held_drop(&held, held.items[filed].slot);
			break;
		case 6:
			if (waits != HELD_NONE && (held.items[waits].given >> seat & 1) == 0) {
				assert_int_equal(held_give(&held, seat, waits, &token), ERR_OK);
				assert_true(token >= 1 && token <= INT64_MAX);
				assert_int_equal(held_find(&held, seat, token), waits);
				assert_int_equal(held_find(&held, 1 - seat, token), HELD_NONE);
			}
			break;
		default:
			if (random_below(20) == 0)
				held_unmark_all(&held);
			if (random_below(20) == 0)
				held_seat_void(&held, seat);
			if (held.seats[seat].count > 0)
				held_take_back(&held, seat, held.seats[seat].tokens[0].token);
		}
		check_index(&held);
	}
	held_fini(&held);
}

/* Of 20 that wait, 5 are drawn 4,000 times: each comes 1,000 times, give or take six standard deviations (27 each). */
static void test_pick_is_even(void **state)
{
	struct held held;
	uint32_t items[5], count, item, times[20] = {0}, first[20] = {0};
	(void) state;
	held_init(&held);
	for (int i = 0; i < 20; i++)
		assert_int_equal(held_add(&held, random_key(), periods[0], 0, &item), ERR_OK);
	for (int i = 0; i < 4000; i++) {
		assert_int_equal(held_pick(&held, 0, 0, 5, 5, false, items, &count), ERR_OK);
		assert_int_equal(count, 5);
		first[items[0]]++;
		for (uint32_t j = 0; j < count; j++)
			times[items[j]]++;
	}
	for (int i = 0; i < 20; i++) {
		assert_in_range(times[i], 840, 1160);
		assert_in_range(first[i], 200 - 85, 200 + 85);
	}
	held_fini(&held);
}

static void test_pick_leaves_out(void **state)
{
	struct held held;
	uint32_t items[SPOOL_BATCH_MAX], count, item[4];
	uint64_t token;
	(void) state;
	held_init(&held);
	for (int i = 0; i < 4; i++)
		assert_int_equal(held_add(&held, random_key(), periods[i == 3], 0, &item[i]), ERR_OK);
	unsigned seat = held_seat_take(&held), other = held_seat_take(&held);
	assert_int_equal(held_reserve_marks(&held, 1), ERR_OK);
	held_mark(&held, item[0], 1);
	assert_int_equal(held_give(&held, seat, item[1], &token), ERR_OK);
	uint32_t period = held_period_find(&held, periods[0]);
	assert_int_equal(held_pick(&held, seat, period, 1, 256, false, items, &count), ERR_OK);
	assert_int_equal(count, 1);
	assert_int_equal(items[0], item[2]);
	assert_int_equal(held_pick(&held, other, period, 1, 256, false, items, &count), ERR_OK);
	assert_int_equal(count, 2); /* what one connection has, another may have too */
	held_seat_leave(&held, seat);
	assert_int_equal(held_seat_take(&held), seat);
	assert_int_equal(held_find(&held, seat, token), HELD_NONE);
	assert_int_equal(held_pick(&held, seat, period, 1, 256, false, items, &count), ERR_OK);
	assert_int_equal(count, 2);
	held_fini(&held);
}

static void test_limits(void **state)
{
	struct held held;
	uint32_t item;
	uint64_t token;
	(void) state;
	held_init(&held);
	unsigned seat = held_seat_take(&held);
	for (uint32_t i = 0; i < HELD_TOKENS_MAX; i++) {
		assert_int_equal(held_add(&held, random_key(), periods[0], 0, &item), ERR_OK);
		assert_int_equal(held_give(&held, seat, item, &token), ERR_OK);
	}
	assert_int_equal(held_add(&held, random_key(), periods[0], 0, &item), ERR_OK);
	assert_int_equal(held_give(&held, seat, item, &token), ERR_FULL);
	for (unsigned i = 1; i < HELD_SEATS; i++)
		assert_int_equal(held_seat_take(&held), i);
	assert_int_equal(held_seat_take(&held), HELD_SEATS);
	for (uint32_t i = 1; i < HELD_PERIODS_MAX; i++) {
		uint8_t period[SPOOL_PERIOD_BYTES] = {0};
		memcpy(period, &i, sizeof i);
		assert_int_equal(held_add(&held, random_key(), period, 0, &item), ERR_OK);
	}
	assert_int_equal(held_add(&held, random_key(), periods[1], 0, &item), ERR_FULL);
	held_remove(&held, HELD_TOKENS_MAX + 1); /* the only one of its period: the next may have its place */
	assert_int_equal(held_add(&held, random_key(), periods[1], 0, &item), ERR_OK);
	held_fini(&held);
}

static void test_memory(void **state)
{
	enum { COUNT = 100000 };
	struct held held;
	uint32_t item;
	(void) state;
	held_init(&held);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(held_add(&held, random_key(), periods[i % 2], i % HELD_BUCKETS, &item), ERR_OK);
		if (i % 2 == 0) {
			assert_int_equal(held_reserve_marks(&held, 1), ERR_OK);
			held_mark(&held, item, held.marks.count + 1);
		}
	}
	size_t bytes = held.capacity * sizeof *held.items + held.marks.capacity * sizeof *held.marks.items +
		       HELD_PERIODS_MAX * sizeof *held.periods;
	for (unsigned bucket = 0; bucket < HELD_BUCKETS; bucket++)
		bytes += held.buckets[bucket].capacity * sizeof *held.buckets[bucket].items;
	print_message("%d envelopes: %zu bytes\n", COUNT, bytes);
	assert_true(bytes < 5 * 1024 * 1024);
	held_fini(&held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_steps),    cmocka_unit_test(test_pick_is_even),
		cmocka_unit_test(test_pick_leaves_out), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
