/* SPDX-License-Identifier: MIT */
/* collector.c: the catalogue and the forms that letters are judged by. */
#include "collector/collector.h"

#include "lib/base/log.h"
#include "lib/form/form_document.h"

#include <string.h>

static const char collector_catalogue[] = "catalogue";

const char *collector_band(size_t count)
{
	if (count == 0)
		return "none";
	if (count < 5)
		return "1 to 4";
	if (count < 10)
		return "5 to 9";
	return count < 100 ? "10 to 99" : "100 or more";
}

/* A refused catalogue is looked at again every round, and is one line in the log. */
static void collector_log_refusal(struct collector *collector, enum err error, const char *reason)
{
	if (collector->refused != NULL && strcmp(collector->refused, reason) == 0)
		return;
	collector->refused = reason;
	log_error("collector.catalogue", "error=%s reason=%s", err_name(error), reason);
}

enum err collector_load(struct collector *collector, bool *is_complete)
{
	uint64_t floor_serial;
	uint64_t floor_keyset;
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal = {0};
	*is_complete = false;
	enum err error = office_serials(collector->office, 0, 0, &floor_serial, &floor_keyset);
	if (error != ERR_OK)
		return error;
	error = catalogue_open(collector_catalogue, collector->root_public, floor_serial, floor_keyset, &catalogue,
			       &refusal);
	if (error != ERR_OK) {
		collector_log_refusal(collector, error, refusal.reason != NULL ? refusal.reason : "none");
		return error;
	}
	const struct keyset *keyset = catalogue_keyset(catalogue);
	error = office_serials(collector->office, catalogue_serial(catalogue), keyset->serial, &floor_serial,
			       &floor_keyset);
	if (error != ERR_OK) {
		catalogue_close(catalogue);
		return error;
	}
	collector->refused = NULL;
	collector->news++;
	catalogue_close(collector->catalogue);
	collector->catalogue = catalogue;
	*is_complete = secrets_load(collector->office, keyset, &collector->secrets);
	return ERR_OK;
}

void collector_refresh(struct collector *collector, bool *is_new)
{
	bool is_complete;
	*is_new = false;
	if (catalogue_is_stale(collector->catalogue))
		*is_new = collector_load(collector, &is_complete) == ERR_OK;
	else
		collector->refused = NULL; /* the link leads back to what is in hand: whatever comes next is news */
}

void collector_prove(struct collector *collector, int64_t now_ms)
{
	bool is_due = now_ms - collector->proved_ms >= COLLECTOR_PROOF_MS;
	if (collector->secrets.lacking_count == 0 && !is_due)
		return;
	size_t before = collector->secrets.lacking_count;
	bool is_complete = secrets_load(collector->office, catalogue_keyset(collector->catalogue), &collector->secrets);
	(void) is_complete; /* what is lacking is in the log, and in collector->secrets */
	collector->news += collector->secrets.lacking_count < before;
	if (is_due)
		collector->proved_ms = now_ms;
}

static enum err collector_form_of_office(struct collector *collector, const char *form, uint32_t version,
					 const struct form **out)
{
	if (collector->versions_count == COLLECTOR_VERSIONS_MAX) {
		arena_reset(&collector->versions_arena);
		collector->versions_count = 0;
	}
	uint32_t found;
	char *document = NULL;
	size_t length = 0;
	struct form *decoded = NULL;
	struct arena *arena = &collector->versions_arena;
	enum err error = office_form_get(collector->office, form, version, arena, &found, &document, &length);
	if (error == ERR_OK)
		error = form_document_decode(document, length, version, arena, &decoded);
	if (error != ERR_OK)
		return error;
	collector->versions[collector->versions_count++] = decoded;
	*out = decoded;
	return ERR_OK;
}

enum err collector_form(struct collector *collector, const char *form, uint32_t version, const struct form **out)
{
	enum err error = catalogue_form(collector->catalogue, form, version, out);
	if (error != ERR_NOT_FOUND)
		return error;
	for (size_t i = 0; i < collector->versions_count; i++) {
		const struct form *known = collector->versions[i];
		if (known->version == version && strcmp(known->name, form) == 0) {
			*out = known;
			return ERR_OK;
		}
	}
	return collector_form_of_office(collector, form, version, out);
}
