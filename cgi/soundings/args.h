/* SPDX-License-Identifier: MIT */
/* args.h: what to say about a word on the command line that is none of ours: which it is, and the nearest that is. */
#ifndef SOUNDINGS_SOUNDINGS_ARGS_H
#define SOUNDINGS_SOUNDINGS_ARGS_H

#include "instance.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

/* What every string of short options begins with: getopt_long says nothing itself, and answers ':' for a missing value. */
#define ARGS_QUIET ":"

/* "soundings: WHAT 'WORD'; did you mean 'NEAREST'?", or "...; OTHERWISE" where none of NAMES is near. CODE back. */
int args_unknown(int code, const char *what, const char *word, const char *const *names, size_t count,
		 const char *otherwise);

/* For what getopt_long, with OPTIONS, has just answered with REFUSED ('?' or ':') among the words of COMMAND ("event add").
 * EX_USAGE. */
int args_refuse(int refused, const char *command, char *const *argv, const struct option *options);

/* True when the last word asks for help: 'event --help', 'event add --help'. */
bool args_want_help(int argc, char *const *argv);

/* "there is no event with the code CODE", with the nearest code. EX_DATAERR. */
int args_no_event(struct instance *instance, const char *code);

#endif
