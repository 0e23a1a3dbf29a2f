/* SPDX-License-Identifier: MIT */
/* app_test.c: which catalogue a worker serves from while others are published. The spooler is one of this test's: it answers with
 * the highest serial told to it, and before it answers it may publish, as another worker's catalogue would arrive. */
#include "unit/lib/catalogue/sample.h"

#include "intake/app.h"

static struct sample *sample;
static struct app app;
static unsigned still_to_publish; /* before so many of the next answers a newer catalogue comes */
static unsigned asked;
static uint64_t highest, highest_keyset;
static bool is_asleep;

void spool_init(struct spool *spool, const char *path, int timeout_ms)
{
	*spool = (struct spool){.fd = -1, .path = path, .timeout_ms = timeout_ms};
}

void spool_fini(struct spool *spool)
{
	spool->fd = -1;
}

enum err spool_append(struct spool *spool, const void *envelope, size_t length)
{
	(void) spool;
	(void) envelope;
	(void) length;
	return ERR_OK;
}

static void publish_next(void)
{
	sample->content.serial++;
	assert_int_equal(sample_publish(sample), ERR_OK);
}

enum err spool_seen(struct spool *spool, uint64_t catalogue, uint64_t keyset, uint64_t *out, uint64_t *out_keyset)
{
	(void) spool;
	asked++;
	if (is_asleep)
		return ERR_BUSY;
	if (still_to_publish > 0) { /* and the worker that opened it has told of it by now */
		still_to_publish--;
		publish_next();
		highest = sample->content.serial;
	}
	highest = catalogue > highest ? catalogue : highest;
	highest_keyset = keyset > highest_keyset ? keyset : highest_keyset;
	*out = highest;
	*out_keyset = highest_keyset;
	return ERR_OK;
}

static int start(void **state)
{
	(void) state;
	assert_int_equal(keys_start(), ERR_OK);
	sample = sample_new("catalogue");
	assert_int_equal(chdir(sample->folder), 0);
	assert_int_equal(sample_publish(sample), ERR_OK);
	app = (struct app){0};
	memcpy(app.root_public, sample->root.public_key, KEYS_PUBLIC_BYTES);
	still_to_publish = asked = 0;
	highest = highest_keyset = 0;
	is_asleep = false;
	return 0;
}

static int stop(void **state)
{
	(void) state;
	catalogue_close(app.catalogue);
	assert_int_equal(chdir("/"), 0);
	sample_free(sample);
	return 0;
}

static void a_newer_one_is_served_at_once(void **state)
{
	(void) state;
	for (uint64_t serial = 1; serial < 6; serial++) {
		assert_int_equal(app_refresh(&app), ERR_OK);
		assert_int_equal(catalogue_serial(app.catalogue), serial);
		assert_true(app.is_seen);
		assert_int_equal(asked, serial);
		publish_next();
	}
}

/* Another is published and told to the spooler after this worker has opened one and before it asks: nobody waits for that. */
static void overtaken_while_it_asks(void **state)
{
	(void) state;
	for (unsigned times = 1; times <= 2; times++) {
		still_to_publish = times;
		assert_int_equal(app_refresh(&app), ERR_OK);
		assert_int_equal(still_to_publish, 0);
		assert_int_equal(catalogue_serial(app.catalogue), sample->content.serial);
		assert_true(app.is_seen);
		assert_int_equal(app_confirm(&app), ERR_OK);
		publish_next();
	}
}

/* Looking is bounded: whoever comes next is served. */
static void overtaken_again_and_again(void **state)
{
	(void) state;
	still_to_publish = 3;
	assert_int_equal(app_refresh(&app), ERR_NOT_FOUND);
	assert_int_equal(asked, 3);
	assert_int_equal(app_refresh(&app), ERR_OK);
	assert_int_equal(catalogue_serial(app.catalogue), 4);
}

/* One put back that is older than what this machine has seen is still refused, by a worker that knows nothing yet. */
static void an_older_one_put_back(void **state)
{
	(void) state;
	highest = 7;
	assert_int_equal(app_refresh(&app), ERR_NOT_FOUND);
	assert_null(app.catalogue);
	assert_string_equal(app.refused, "serial");
	assert_int_equal(app_refresh(&app), ERR_NOT_FOUND);
	assert_int_equal(asked, 1);
	app.refused = NULL; /* as when the pause is over */
	is_asleep = true;   /* known by now, whether the spooler answers or not */
	assert_int_equal(app_refresh(&app), ERR_NOT_FOUND);
	assert_string_equal(app.refused, "serial");
	while (sample->content.serial < 7)
		publish_next();
	app.refused = NULL;
	assert_int_equal(app_refresh(&app), ERR_OK);
}

static void nothing_is_stored_unconfirmed(void **state)
{
	(void) state;
	is_asleep = true;
	assert_int_equal(app_refresh(&app), ERR_OK); /* pages are served meanwhile */
	assert_false(app.is_seen);
	assert_int_equal(app_store(&app, "", 0), ERR_BUSY);
	is_asleep = false;
	highest = 7;
	assert_int_equal(app_store(&app, "", 0), ERR_DENIED);
	highest = 1;
	assert_int_equal(app_store(&app, "", 0), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_newer_one_is_served_at_once, start, stop),
		cmocka_unit_test_setup_teardown(overtaken_while_it_asks, start, stop),
		cmocka_unit_test_setup_teardown(overtaken_again_and_again, start, stop),
		cmocka_unit_test_setup_teardown(an_older_one_put_back, start, stop),
		cmocka_unit_test_setup_teardown(nothing_is_stored_unconfirmed, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
