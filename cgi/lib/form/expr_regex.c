/* SPDX-License-Identifier: MIT */
/* expr_regex.c: turns a pattern's tree into a program for a small machine, and runs that over a text.
 *
 * Thompson's construction, simulated with all states at once (Russ Cox, "Regular Expression Matching: the Virtual
 * Machine Approach", 2009): each character of the text visits each state at most once, so no pattern that an organiser
 * writes and no text that an attendee sends can make it slow. It must not allocate while matching, nor backtrack. */
#include "lib/form/expr_regex.h"

#include "lib/base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum regex_op {
	REGEX_CHAR,  /* a character that is POINT, then the next state */
	REGEX_CLASS, /* a character in SET, then the next state */
	REGEX_START, /* nothing, at the start of the text only */
	REGEX_END,   /* nothing, at its end only */
	REGEX_JUMP,  /* go on at X */
	REGEX_SPLIT, /* go on at X and at Y */
	REGEX_MATCH
};

struct regex_state {
	enum regex_op op;
	uint16_t x, y;
	uint32_t point;
	const struct expr_regex_class *set;
};

struct expr_regex {
	struct regex_state *states;
	size_t count;
};

/* ---- tree to program ---- */

/* No more than one past the limit, so that sums of products stay small. */
static size_t regex_cap(size_t states)
{
	return states > EXPR_REGEX_STATES_MAX ? EXPR_REGEX_STATES_MAX + 1 : states;
}

/* How many states a node needs; at least 1, so that nothing repeated is free and repeats of repeats hit the limit. */
static size_t regex_size(const struct expr_regex_node *node)
{
	size_t size = 0;
	switch (node->kind) {
	case EXPR_REGEX_SEQUENCE:
		for (const struct expr_regex_node *part = node->first; part != NULL; part = part->next)
			size = regex_cap(size + regex_size(part));
		return size;
	case EXPR_REGEX_CHOICE:
		for (const struct expr_regex_node *part = node->first; part != NULL; part = part->next)
			size = regex_cap(size + regex_size(part) + (part->next != NULL ? 2 : 0));
		return size;
	case EXPR_REGEX_REPEAT:
		size = regex_size(node->first);
		if (node->most == 0)
			return 1;
		if (node->most == EXPR_REGEX_NO_MOST)
			return regex_cap(node->least == 0 ? size + 2 : node->least * size + 1);
		return regex_cap(node->least * size + (node->most - node->least) * (size + 1));
	case EXPR_REGEX_EMPTY:
	case EXPR_REGEX_CHAR:
	case EXPR_REGEX_CLASS:
	case EXPR_REGEX_START:
	case EXPR_REGEX_END:
		break;
	}
	return 1;
}

static uint16_t regex_here(const struct expr_regex *regex)
{
	return (uint16_t) regex->count;
}

/* The states were counted beforehand, so there is always room. */
static struct regex_state *regex_emit(struct expr_regex *regex, enum regex_op op)
{
	struct regex_state *state = &regex->states[regex->count++];
	state->op = op;
	return state;
}

/* A state that does nothing: every node has one at least. */
static void regex_emit_jump_on(struct expr_regex *regex)
{
	struct regex_state *jump = regex_emit(regex, REGEX_JUMP);
	jump->x = regex_here(regex);
}

static void regex_emit_node(struct expr_regex *regex, const struct expr_regex_node *node);

/* Each part but the last: SPLIT to it and to the next part; behind it JUMP to the end. The ends are not known until
 * all parts are there: until then the jumps are chained through X, ended by 0, which no jump can be. */
static void regex_emit_choice(struct expr_regex *regex, const struct expr_regex_node *node)
{
	uint16_t chain = 0;
	for (const struct expr_regex_node *part = node->first; part != NULL; part = part->next) {
		struct regex_state *split = part->next != NULL ? regex_emit(regex, REGEX_SPLIT) : NULL;
		uint16_t start = regex_here(regex);
		regex_emit_node(regex, part);
		if (split == NULL)
			continue;
		uint16_t jump = regex_here(regex);
		regex_emit(regex, REGEX_JUMP)->x = chain;
		chain = jump;
		split->x = start;
		split->y = regex_here(regex);
	}
	while (chain != 0) {
		uint16_t before = regex->states[chain].x;
		regex->states[chain].x = regex_here(regex);
		chain = before;
	}
}

static void regex_emit_repeat(struct expr_regex *regex, const struct expr_regex_node *node)
{
	uint16_t last = regex_here(regex);
	for (unsigned i = 0; i < node->least; i++) {
		last = regex_here(regex);
		regex_emit_node(regex, node->first);
	}
	if (node->most == 0) {
		regex_emit_jump_on(regex);
	} else if (node->most == EXPR_REGEX_NO_MOST && node->least > 0) {
		struct regex_state *again = regex_emit(regex, REGEX_SPLIT);
		again->x = last;
		again->y = regex_here(regex);
	} else if (node->most == EXPR_REGEX_NO_MOST) {
		struct regex_state *once = regex_emit(regex, REGEX_SPLIT);
		once->x = regex_here(regex);
		regex_emit_node(regex, node->first);
		regex_emit(regex, REGEX_JUMP)->x = last;
		once->y = regex_here(regex);
	} else {
		/* Every optional copy can be left out together with those behind it: all splits lead to the one end. */
		size_t each = regex_size(node->first) + 1, end = regex->count + (node->most - node->least) * each;
		for (unsigned i = node->least; i < node->most; i++) {
			struct regex_state *more = regex_emit(regex, REGEX_SPLIT);
			more->x = regex_here(regex);
			more->y = (uint16_t) end;
			regex_emit_node(regex, node->first);
		}
	}
}

static void regex_emit_node(struct expr_regex *regex, const struct expr_regex_node *node)
{
	switch (node->kind) {
	case EXPR_REGEX_EMPTY:
		regex_emit_jump_on(regex);
		break;
	case EXPR_REGEX_CHAR:
		regex_emit(regex, REGEX_CHAR)->point = node->point;
		break;
	case EXPR_REGEX_CLASS:
		regex_emit(regex, REGEX_CLASS)->set = node->set;
		break;
	case EXPR_REGEX_START:
		regex_emit(regex, REGEX_START);
		break;
	case EXPR_REGEX_END:
		regex_emit(regex, REGEX_END);
		break;
	case EXPR_REGEX_SEQUENCE:
		for (const struct expr_regex_node *part = node->first; part != NULL; part = part->next)
			regex_emit_node(regex, part);
		break;
	case EXPR_REGEX_CHOICE:
		regex_emit_choice(regex, node);
		break;
	case EXPR_REGEX_REPEAT:
		regex_emit_repeat(regex, node);
		break;
	}
}

enum err expr_regex_compile(const char *pattern, struct arena *arena, const struct expr_regex **out,
			    struct expr_error *error)
{
	struct expr_regex_node *tree;
	enum err result = expr_regex_parse(pattern, arena, &tree, error);
	if (result != ERR_OK)
		return result;
	size_t size = regex_size(tree) + 1;
	if (size > EXPR_REGEX_STATES_MAX) {
		error->at = 0;
		snprintf(error->message, sizeof error->message,
			 "This pattern is too large once its repeats are written out: use smaller numbers in { }.");
		return ERR_INVALID;
	}
	struct expr_regex *regex = arena_new(arena, struct expr_regex);
	struct regex_state *states = arena_array(arena, size, struct regex_state);
	if (regex == NULL || states == NULL)
		return ERR_NOMEM;
	regex->states = states;
	regex_emit_node(regex, tree);
	regex_emit(regex, REGEX_MATCH);
	assert(regex->count == size);
	*out = regex;
	return ERR_OK;
}

/* ---- running it ---- */

/* The states that wait for the next character, each at most once. */
struct regex_waiting {
	uint16_t list[EXPR_REGEX_STATES_MAX];
	size_t count;
	bool has_match;
};

struct regex_run {
	const struct expr_regex *regex;
	uint32_t seen[EXPR_REGEX_STATES_MAX]; /* the step (from 1) at which a state was last reached */
	uint16_t stack[EXPR_REGEX_STATES_MAX];
	size_t stack_count;
	uint32_t step;
	bool is_start, is_end; /* where in the text we are */
};

static void regex_push(struct regex_run *run, uint16_t state)
{
	if (run->seen[state] == run->step)
		return;
	run->seen[state] = run->step;
	run->stack[run->stack_count++] = state;
}

/* Adds STATE, and what can be reached from it without a character. */
static void regex_reach(struct regex_run *run, struct regex_waiting *waiting, uint16_t state)
{
	regex_push(run, state);
	while (run->stack_count > 0) {
		uint16_t at = run->stack[--run->stack_count];
		const struct regex_state *now = &run->regex->states[at];
		switch (now->op) {
		case REGEX_JUMP:
			regex_push(run, now->x);
			break;
		case REGEX_SPLIT:
			regex_push(run, now->x);
			regex_push(run, now->y);
			break;
		case REGEX_START:
			if (run->is_start)
				regex_push(run, (uint16_t) (at + 1));
			break;
		case REGEX_END:
			if (run->is_end)
				regex_push(run, (uint16_t) (at + 1));
			break;
		case REGEX_MATCH:
			waiting->has_match = true;
			break;
		case REGEX_CHAR:
		case REGEX_CLASS:
			waiting->list[waiting->count++] = at;
			break;
		}
	}
}

static bool regex_takes(const struct regex_state *state, uint32_t point)
{
	if (state->op == REGEX_CHAR)
		return point == state->point;
	for (size_t i = 0; i < state->set->count; i++)
		if (point >= state->set->ranges[i].first && point <= state->set->ranges[i].last)
			return !state->set->is_negated;
	return state->set->is_negated;
}

bool expr_regex_matches(const struct expr_regex *regex, const char *text)
{
	struct regex_run run = {.regex = regex, .step = 1, .is_start = true, .is_end = *text == '\0'};
	struct regex_waiting waiting[2];
	struct regex_waiting *now = &waiting[0], *later = &waiting[1];
	now->count = 0;
	now->has_match = false;
	regex_reach(&run, now, 0);
	run.is_start = false;
	for (uint32_t point; now->count > 0 && (point = utf8_next(&text)) != 0;) {
		run.step++;
		run.is_end = *text == '\0';
		later->count = 0;
		later->has_match = false;
		for (size_t i = 0; i < now->count; i++)
			if (regex_takes(&regex->states[now->list[i]], point))
				regex_reach(&run, later, (uint16_t) (now->list[i] + 1));
		struct regex_waiting *spare = now;
		now = later;
		later = spare;
	}
	return now->has_match && *text == '\0';
}
