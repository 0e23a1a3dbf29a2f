/* SPDX-License-Identifier: MIT */
/* emit.h: a compiled template as a C file and its header. */
#ifndef SOUNDINGS_TMPLC_EMIT_H
#define SOUNDINGS_TMPLC_EMIT_H

#include "lib/base/strbuf.h"
#include "tools/tmplc/compile.h"

/* The header: declares FOLDER_NAME_html() for template NAME ("components/radios"). */
void emit_header(const struct source *source, const struct program *program, const char *name, struct strbuf *out);

/* The C file. Every statement has a #line of the template, so that a misspelt member is reported there. */
void emit_code(const struct source *source, const struct program *program, const char *name, struct strbuf *out);

#endif
