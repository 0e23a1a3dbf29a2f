/* SPDX-License-Identifier: MIT */
/* view_fields.c: text size, contrast and sound travel with the page, and are kept nowhere: no cookie, no store, no address. Pure. */
#include "view_fields.h"

#include <string.h>

enum view_field { VIEW_SIZE, VIEW_CONTRAST, VIEW_LISTEN, VIEW_FIELD_COUNT };

static const char *const names[VIEW_FIELD_COUNT] = {
	[VIEW_SIZE] = "view-size",
	[VIEW_CONTRAST] = "view-contrast",
	[VIEW_LISTEN] = "view-listen",
};

/* VIEW_FIELD_COUNT for another name. */
static enum view_field find(const char *name)
{
	int field = 0;
	while (field < VIEW_FIELD_COUNT && strcmp(names[field], name) != 0)
		field++;
	return (enum view_field) field;
}

bool view_fields_is_name(const char *name)
{
	return find(name) != VIEW_FIELD_COUNT;
}

static void take(struct page_view *view, enum view_field field, const char *value)
{
	bool is_digit = value[0] >= '0' && value[0] <= '3' && value[1] == '\0';
	unsigned number = is_digit ? (unsigned) (value[0] - '0') : 0;
	switch (field) {
	case VIEW_SIZE:
		view->size = number ? number : 1;
		return;
	case VIEW_CONTRAST:
		view->has_contrast = number == 1;
		return;
	case VIEW_LISTEN:
		view->is_listening = number == 1;
		return;
	case VIEW_FIELD_COUNT:
		return;
	}
}

void view_fields_read(const struct http_request *request, struct page_view *view, bool *is_look)
{
	unsigned seen[VIEW_FIELD_COUNT] = {0};
	*view = (struct page_view){.size = 1, .pressed = ""};
	*is_look = request->method == HTTP_POST && request->fields_count > 0;
	for (size_t i = 0; i < request->fields_count; i++) {
		const struct http_field *one = &request->fields[i];
		enum view_field field = find(one->name);
		if (field == VIEW_FIELD_COUNT) {
			*is_look = *is_look && strcmp(one->name, "to") == 0;
			continue;
		}
		take(view, field, one->value);
		if (++seen[field] > 1)
			view->pressed = names[field];
	}
}
