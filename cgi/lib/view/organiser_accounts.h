/* SPDX-License-Identifier: MIT */
/* organiser_accounts.h: page models of the organisers' front page, of signing in, accounts, people and the audit. Texts are unescaped UTF-8,
 * already in the page's language; NULL or "" prints nothing. */
#ifndef SOUNDINGS_VIEW_ORGANISER_ACCOUNTS_H
#define SOUNDINGS_VIEW_ORGANISER_ACCOUNTS_H

#include "lib/view/organiser_pages.h"

/* /sign-in */
struct page_sign_in {
	struct page_organiser page;
	struct safe_url action;
	struct control name, password;
};

/* /code, /prove: the second step; or everything again. */
struct page_code {
	struct page_organiser page;
	struct safe_url action;
	bool asks_password, asks_code;
	struct control password, code;
};

/* /welcome/TOKEN */
struct page_welcome {
	struct page_organiser page;
	struct safe_url action;
	const char *title, *text;
	bool is_first;        /* asks for names too */
	const char *username; /* else: for the browser's own memory of passwords */
	struct control shown, name, password;
};

/* /enrol */
struct page_enrol {
	struct page_organiser page;
	struct safe_url action;
	bool is_again;
	struct safe_url image;
	const char *secret;        /* in groups of four */
	const char *issuer;        /* what the authenticator shows */
	bool is_first_step;        /* colleagues can be invited only afterwards: said */
	struct safe_url later_url; /* "" : it cannot be put off */
	struct control code;
};

/* Shown once, in the answer to the POST that made them. */
struct page_codes {
	struct page_organiser page;
	const char *const *codes;
	size_t codes_count;
};

struct page_session {
	const char *name, *meta;
	struct safe_url end; /* "" : of this one, which signing out ends */
};

/* /account */
struct page_account {
	struct page_organiser page;
	const char *about; /* sign-in name and role */
	const char *areas; /* NULL: no list of Areas */
	const char *username;
	const char *version;
	struct control shown, language, old, password;
	bool has_totp;
	const struct page_session *sessions;
	size_t sessions_count;
};

/* /people */
struct page_people {
	struct page_organiser page;
	struct page_lines people;
	bool is_alone;
};

/* /people/new, /people/ID */
struct page_person {
	struct page_organiser page;
	const char *title;
	struct safe_url action;
	const char *version;
	bool is_new, is_invited, is_active, is_ended, is_self, has_totp, is_stale;
	const char *about; /* sign-in name */
	const char *now;   /* of a stale one: what it is now */
	struct control shown, name, role, areas, language;
	struct safe_url reset, sessions, end;
};

/* Shown once, in the answer to the POST that made it. */
struct page_address {
	struct page_organiser page;
	const char *text;
	const char *address;
};

/* /audit */
struct page_audit_line {
	const char *number, *day, *who, *what, *on, *words;
};
struct page_audit {
	struct page_organiser page;
	const char *state; /* whole, or broken at a line */
	bool is_broken;
	const struct page_audit_line *lines;
	size_t lines_count;
	struct page_pager pager;
};

/* / */
struct page_home {
	struct page_organiser page;
	const char *title;
	bool is_first; /* there is no event at all, and this person may make one */
	bool is_empty; /* there is none that they may see */
	bool has_no_areas;
	bool may_add, may_act;
	bool wants_second; /* the second step is not set up */
	struct page_lines today, soon, waiting, actions;
	const char *today_more, *soon_more, *waiting_more,
		*actions_more; /* there are more than those; NULL: all are here */
};

#endif
