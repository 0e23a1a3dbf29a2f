/* SPDX-License-Identifier: MIT */
/* today.c: a clock that is years off deletes nothing, closes nothing and publishes nothing of a restored office. */
#include "today.h"

#include "command.h"
#include "instance.h"

#include "lib/office/keeping.h"

#include <string.h>
#include <sysexits.h>

int today_check(struct office *office, const char *confirmed, const char *what, const char *verb, struct date *today)
{
	struct date said, last;
	char day[DATE_TEXT], known[DATE_TEXT] = "";
	bool is_likely = false;
	*today = date_today();
	date_format(*today, day);
	if (confirmed && date_parse(confirmed, &said) != ERR_OK)
		return complain(EX_USAGE, "--yes-it-is takes today's date, like %s, not '%s'", day, confirmed);
	if (confirmed && strcmp(confirmed, day) != 0)
		return complain(EX_USAGE, "the clock says that it is %s, not %s; %s. Set the clock first", day,
				confirmed, what);
	enum err error = office_day_is_likely(office, *today, &is_likely);
	if (error)
		return complain_err(error, "the office does not say which day it knew last; %s", what);
	if (is_likely || confirmed)
		return EX_OK;
	if (office_day_last(office, &last) == ERR_OK)
		date_format(last, known);
	return complain(EX_TEMPFAIL,
			"the clock says that it is %s, but the last day that the office knows is %s; %s. Set the "
			"clock; or, if it is right: %s %s --yes-it-is %s",
			day, known, what, command(), verb, day);
}

bool today_is_likely(struct office *office)
{
	bool is_likely = true;
	return office_day_is_likely(office, date_today(), &is_likely) != ERR_OK || is_likely;
}
