/* SPDX-License-Identifier: MIT */
/* loop.h: the collector at work. */
#ifndef SOUNDINGS_COLLECTOR_LOOP_H
#define SOUNDINGS_COLLECTOR_LOOP_H

#include "collector/collector.h"

/* Takes and files batches until STOP (a signalfd) can be read, then leaves the office in key order. A batch in hand is
 * finished first. ERR_IO, ERR_CORRUPT: the office failed and must be looked at before anything is filed again. */
enum err loop_run(struct collector *collector, int stop) MUST_CHECK;

#endif
