/* SPDX-License-Identifier: MIT */
/* lines.h: secrets as lines that survive a printer, a safe and a person typing them back: what the recovery file and its shares have in
 * common. soundings-envelope(5). */
#ifndef SOUNDINGS_ENVELOPE_LINES_H
#define SOUNDINGS_ENVELOPE_LINES_H

#include "lib/base/codec.h"
#include "lib/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* A line is 10 bytes, written as a receipt is: its number, so that lines cannot change places; one byte that is the caller's (of a check
 * over the whole, which finds mistakes that the check signs miss); 8 bytes of the secret. */
enum { LINES_SECRET_BYTES = CODEC_RECEIPT_BYTES - 2 };

/* Writes line NUMBER. */
void lines_put(uint8_t number, uint8_t extra, const uint8_t secret[LINES_SECRET_BYTES], char out[CODEC_RECEIPT_TEXT]);

/* Finds what stands between the first MARK in TEXT and the first END_MARK behind it, in upper or lower case. ERR_INVALID: not there. */
enum err lines_find(const char *text, const char *mark, const char *end_mark, const char **inside,
		    const char **end) MUST_CHECK;

/* Reads COUNT lines that are all there is between AT and END but for white space and hyphens: those with the numbers FIRST, FIRST + 1
 * and so on. COUNT extras, COUNT * LINES_SECRET_BYTES of secret. ERR_INVALID when one does not check: its place, from 1, is logged. Leaves
 * part of the secret behind then: the caller wipes. */
enum err lines_read(const char *at, const char *end, uint8_t first, size_t count, uint8_t *extras,
		    uint8_t *secret) MUST_CHECK;

#endif
