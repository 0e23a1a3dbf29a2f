/* SPDX-License-Identifier: MIT */
/* form_full.h: one form that uses every key, in four faces, with a library. Include cmocka first. */
#ifndef SOUNDINGS_TESTS_FORM_FULL_H
#define SOUNDINGS_TESTS_FORM_FULL_H

#include "lib/form/form_load.h"
#include "unit/lib/form/form_folder.h"

enum { FULL_CEILING = 64 * 1024 * 1024 };

static const char full_form[] =
	"form: full\n" /* line 1 */
	"title: A full form\n"
	"time: 2 minutes\n"
	"privacy:\n"
	"  keep: 6 months\n"
	"  threshold: 7\n"
	"safety: exit-page\n"
	"programmes: [conversation, panel]\n"
	"retired: [mood]\n"
	"pages:\n"
	"  - page: today\n"
	"    title: Today\n"
	"    intro: |\n"
	"      First.\n"
	"\n"
	"      Second.\n"
	"    questions:\n"
	"      - name: how\n"
	"        use: library/scales/satisfaction\n"
	"        label: How was today?\n"
	"        required: yes\n" /* line 21 */
	"        required_message: Tell us how it was\n"
	"        was: mood2\n"
	"        group: g\n"
	"      - name: know\n"
	"        type: select_one scale\n"
	"        label: How much do you know about {event}?\n"
	"        pair: before-after\n"
	"        label_before: Back then\n"
	"        label_now: These days\n"
	"      - name: hard\n"
	"        type: select_multiple hard\n"
	"        label: What was hard?\n"
	"        relevant: \"${how} = 'bad' or ${how} = 'no'\"\n"
	"        relevant_when: Answer this if it was bad\n"
	"        constraint: count-selected(.) <= 2\n"
	"        constraint_message: Choose one or two\n"
	"      - name: words\n"
	"        type: text\n"
	"        label: In your words\n"
	"      - name: line\n" /* line 41 */
	"        type: text\n"
	"        label: In one line\n"
	"        appearance: line\n"
	"        max: 80\n"
	"      - name: thanks\n"
	"        type: note\n"
	"        label: Thank you\n"
	"  - page: you\n"
	"    title: You\n"
	"    apart: yes\n"
	"    use: people\n"
	"    ask: [age]\n"
	"    crosstabs: [[how, age], [know, age]]\n"
	"  - page: rest\n"
	"    title: The rest\n"
	"    questions:\n"
	"      - name: likely\n"
	"        type: scale\n"
	"        from: -1\n"
	"        to: 3\n"
	"        label: How likely?\n"
	"        label_low: Not at all\n"
	"        label_high: Very\n"
	"        refusal: dont_know\n"
	"      - name: calm\n"
	"        type: scale\n"
	"        label: How calm?\n"
	"        pair: before-after\n"
	"      - name: matters\n"
	"        type: rank things\n"
	"        label: What matters most?\n"
	"        refusal: prefer_not\n"
	"        constraint: count-selected(.) >= 2 and selected(., 'time')\n"
	"        constraint_message: Put two in order\n"
	"      - name: clear\n"
	"        use: people/clear\n"
	"        required: yes\n"
	"      - name: again\n"
	"        use: people/clear\n"
	"        type: grid hard2\n"
	"        label: And again?\n"
	"        statements:\n"
	"          - ask: What you asked\n"
	"          - court: What the court said\n"
	"      - name: told\n"
	"        use: people/clear\n"
	"      - name: visits\n"
	"        use: people/visits\n"
	"        max: 12\n"
	"      - name: hours\n"
	"        type: decimal\n"
	"        label: How long?\n"
	"        min: 0.50\n"
	"        max: 24.0\n"
	"        decimals: 1\n"
	"        unit: hours\n"
	"      - name: born\n"
	"        type: date\n"
	"        label: When was it?\n"
	"        min: 1900-02-28\n"
	"        max: 2026-12-31\n"
	"        relevant: \"${visits} >= 2 and ${likely} != '' and ${clear_court} = 'good' and ${hours} != 2.50\"\n"
	"        relevant_when: Answer this if you came twice\n"
	"        constraint: . > '2000-01-01'\n"
	"        constraint_message: Write a later day\n"
	"      - name: aside\n"
	"        type: text\n"
	"        label: More?\n"
	"        relevant: \"${visits_refusal} = 'prefer_not' or ${born} = ''\"\n"
	"        relevant_when: Answer this if you did not say\n"
	"        refusal: prefer_not\n"
	"    crosstabs: [[likely, clear], [clear_court, matters]]\n"
	"choices:\n"
	"  things:\n"
	"    - time: Time\n"
	"    - money: Money\n"
	"  hard2:\n"
	"    - very: Very\n"
	"    - not: Not\n"
	"  hard:\n"
	"    - group: place\n"
	"      label: The place\n"
	"    - far: Too far\n"
	"    - group: talk\n"
	"      label: The talk\n" /* line 61 */
	"    - long_words: Long words\n"
	"    - group: none\n"
	"    - none: Nothing\n"
	"      exclusive: yes\n"
	"  spare:\n"
	"    - a: A\n";

static const char full_cy[] = "language: cy\n" /* line 1 */
			      "status: checked\n"
			      "same: [time]\n"
			      "title: Ffurflen lawn\n"
			      "today.title: Heddiw\n"
			      "today.intro: Cyntaf.\n"
			      "how.label: Sut oedd heddiw?\n"
			      "know.label:\n"
			      "  text: Faint wyddoch chi?\n"
			      "  of: 000000\n"
			      "know.label_before: Bryd hynny\n"
			      "words.label: In your words\n"
			      "choices.hard.far: Rhy bell\n"
			      "choices.hard.group.place: Y lle\n"
			      "choices.ages.old: 30 neu fwy\n"
			      "likely.label_low: Dim o gwbl\n"
			      "clear.statements.court: Yn ein llys\n"
			      "again.statements.ask: Eich cwestiwn\n"
			      "hours.unit: awr\n";

static const char full_easy[] = "language: en-x-easy\n"
				"status: checked\n"
				"omit: [words]\n"
				"lists:\n"
				"  easy-scale:\n"
				"    - \"yes\": \"Yes\"\n"
				"      maps_to: top\n"
				"    - \"no\": \"No\"\n"
				"      maps_to: bottom\n"
				"how.choices: easy-scale\n"
				"how.label: Was today good?\n"
				"how.picture: sun.svg\n"
				"know.ask: plain\n"
				"clear.choices: easy-scale\n"
				"clear.statements.picture: What you saw\n"
				"calm.ask: plain\n"
				"choices.scale.bad.picture: bad.svg\n";

static const char full_cy_easy[] = "language: cy-x-easy\n"
				   "status: draft\n"
				   "how.choices: easy-scale\n"
				   "choices.easy-scale.yes: Oedd\n";

static const char full_scales[] = "library: scales\n"
				  "questions:\n"
				  "  - name: satisfaction\n"
				  "    type: select_one scale\n"
				  "    label: How was it?\n"
				  "    hint: Choose one\n"
				  "    appearance: faces\n"
				  "    measure: satisfaction\n"
				  "choices:\n"
				  "  scale:\n"
				  "    - good: Good\n"
				  "      maps_to: top\n"
				  "      face: 1\n"
				  "      standard: 01\n"
				  "      picture: good.svg\n"
				  "    - bad: Bad\n"
				  "      maps_to: bottom\n"
				  "      face: 5\n"
				  "    - dont_know: I do not know\n"
				  "      refusal: yes\n";

static const char full_scales_cy[] = "language: cy\n"
				     "status: checked\n"
				     "satisfaction.label: Sut oedd e?\n"
				     "satisfaction.hint: Dewiswch un\n";

static const char full_people[] = "library: people\n"
				  "questions:\n"
				  "  - name: age\n"
				  "    type: select_one ages\n"
				  "    label: How old are you?\n"
				  "  - name: unasked\n"
				  "    type: text\n"
				  "    label: Not asked here\n"
				  "  - name: clear\n"
				  "    type: grid scale\n"
				  "    label: How clear was it?\n"
				  "    statements:\n"
				  "      - court: What happened in court\n"
				  "      - picture: The picture\n"
				  "  - name: visits\n"
				  "    type: integer\n"
				  "    label: How often were you here?\n"
				  "    min: 0\n"
				  "    max: 99\n"
				  "    unit: times\n"
				  "    refusal: prefer_not\n"
				  "choices:\n"
				  "  refusals:\n"
				  "    - prefer_not: Prefer not to say\n"
				  "      refusal: yes\n"
				  "    - dont_know: I do not know\n"
				  "      refusal: yes\n"
				  "  ages:\n"
				  "    - young: Under 30\n"
				  "    - old: 30 or over\n";

static const char full_people_cy[] = "language: cy\n"
				     "status: checked\n"
				     "age.label: Beth yw eich oed?\n"
				     "unasked.label: Nid yma\n"
				     "clear.label: Pa mor glir?\n"
				     "clear.statements.court: Yn y llys\n"
				     "clear.statements.picture: Y llun\n"
				     "visits.unit: gwaith\n"
				     "choices.refusals.prefer_not: Gwell peidio\n"
				     "choices.ages.young: Dan 30\n"
				     "choices.ages.old: Dros 30\n";

/* Writes it all below a new folder: "full" and "library". */
static inline struct folder full_folder(void)
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{"full/form.yaml", full_form},        {"full/cy.yaml", full_cy},
		{"full/en-x-easy.yaml", full_easy},   {"full/cy-x-easy.yaml", full_cy_easy},
		{"library/scales.yaml", full_scales}, {"library/scales.cy.yaml", full_scales_cy},
		{"library/people.yaml", full_people}, {"library/people.cy.yaml", full_people_cy},
	};
	struct folder folder = folder_make();
	folder_subfolder(&folder, "full");
	folder_subfolder(&folder, "library");
	for (size_t i = 0; i < COUNT_OF(files); i++)
		folder_write(&folder, files[i].name, files[i].text);
	return folder;
}

/* Loads it into ARENA, which is made here. NULL, with everything printed, when it is not right. */
static inline struct form *full_load(const struct folder *folder, struct arena *arena, struct problems *problems)
{
	char path[FOLDER_PATH_MAX], library[FOLDER_PATH_MAX];
	struct form *form = NULL;
	arena_init(arena, FULL_CEILING);
	problems_init(problems, arena);
	enum err error = form_load(folder_path(folder, "full", path), folder_path(folder, "library", library), arena,
				   &form, problems);
	if (error != ERR_OK)
		problems_print(problems, stderr);
	return form;
}

static inline const struct question *full_question(const struct form *form, const char *name)
{
	for (size_t p = 0; p < form->pages_count; p++) {
		for (size_t q = 0; q < form->pages[p].questions_count; q++) {
			if (strcmp(form->pages[p].questions[q].name, name) == 0)
				return &form->pages[p].questions[q];
		}
	}
	return NULL;
}

#endif
