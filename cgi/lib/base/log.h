/* SPDX-License-Identifier: MIT */
/* log.h: one key=value line for each event, on standard error.
 *
 * Never answers, names, addresses, tokens or bodies. The public programs log faults only, never a request. */
#ifndef SOUNDINGS_BASE_LOG_H
#define SOUNDINGS_BASE_LOG_H

enum log_level {
	LOG_LEVEL_ERROR, /* somebody must act */
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG, /* only with SOUNDINGS_DEBUG set in the environment */
	LOG_LEVEL_COUNT
};

/* The program's name, printed as program=NAME on each line. Borrowed: use a literal. */
void log_init(const char *program);

/* From now on nothing is logged, unless SOUNDINGS_DEBUG is set: for a command at a terminal, which says in a sentence what went wrong. */
void log_hush(void);

/* "level=LEVEL program=NAME event=EVENT " and the formatted rest. EVENT is a fixed name such as "spool.refused".
 * Control characters in the rest are escaped as \xNN, a line is cut at 1,000 bytes, one write(2) each. No time: the
 * journal that takes the line knows it, and a file must not. */
void log_event(enum log_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define log_error(...) log_event(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_event(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_event(LOG_LEVEL_INFO, __VA_ARGS__)

#endif
