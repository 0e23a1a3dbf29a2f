/* SPDX-License-Identifier: MIT */
/* doctor_spool.c: what lies in the spool folder that should not, and room that is not there. Changes nothing. */
#include "doctor.h"
#include "soundings/command.h"
#include "soundings/spool_state.h"

#include "lib/spool/folder.h"

static void check_damaged(struct examination *exam, const struct spool_state *state)
{
	struct arena *arena = &exam->instance->arena;
	if (state->damaged_count >= FOLDER_DAMAGED_MAX && state->is_marked)
		doctor_say(
			exam, BAD,
			"one spool file after the other was damaged: the spooler makes no new one, and nothing is "
			"taken",
			"Replace the disk. Move the *.damaged files to another one, keep them, start the programs, and "
			"'soundings spool salvage FILE' each.");
	else if (state->is_marked)
		doctor_say(exam, BAD, "the spool file has failed and is not set aside yet: nothing is taken",
			   arena_printf(arena, "Start the spooler: %s run. If it does not stay, look at the disk.",
					command()));
	for (size_t i = 0; i < state->damaged_count; i++)
		doctor_say(exam, BAD,
			   arena_printf(arena, "a damaged spool file may hold responses that are nowhere else: %s",
					state->damaged[i]),
			   doctor_command(exam, "spool salvage; and look at the disk: it has failed before."));
	for (size_t i = 0; i < state->salvaged_count; i++)
		doctor_say(exam, LOOK,
			   arena_printf(arena, "a salvaged spool file is still kept: %s", state->salvaged[i]),
			   arena_printf(arena, "When a backup has finished since: %s spool salvage --forget %s",
					command(), state->salvaged[i]));
	if (!state->is_marked && !state->damaged_count)
		doctor_say(exam, FINE, "no spool file is damaged", NULL);
}

static void check_room(struct examination *exam, const struct spool_state *state)
{
	if (state->is_low)
		doctor_say(exam, BAD, "the spool's disk has so little room left that no new responses are taken",
			   "Make room; they are taken again by themselves within seconds (spool_free_min in "
			   "soundings.conf).");
	else
		doctor_say(exam, FINE, "the spool's disk has room for new responses", NULL);
	if (state->is_ballast_gone)
		doctor_say(exam, LOOK, "the spool's ballast is not there: on a full disk nothing could be deleted",
			   "It comes back by itself when the spooler runs and the disk has room (spool_ballast in "
			   "soundings.conf).");
}

void doctor_spool(struct examination *exam)
{
	struct spool_state state;
	if (spool_state_read(exam->instance, &state) != ERR_OK) {
		doctor_say(exam, BAD, "the spool's folder cannot be read", "Look at its permissions, and at the disk.");
		return;
	}
	check_damaged(exam, &state);
	check_room(exam, &state);
}
