/* SPDX-License-Identifier: MIT */
/* fixtures.c: the form of the preview. The texts are those of forms/community-conversation, cut where they are long;
 * choices are written in one string: '|' between them, and before a choice '*' for the heading of a group, '.' for the
 * end of the groups, '!' for an exclusive one, '?' for a refusal, '1' to '5' and ':' for a drawn face. */
#include "fixtures.h"

#include <assert.h>
#include <string.h>

enum { ITEMS_MAX = 40, QUESTIONS_MAX = 24 };

struct spec {
	const char *section; /* begins a new one when it differs from the last */
	const char *name;
	const char *type; /* "one", "many", "text", "note", "pair", "faces" */
	const char *step;
	const char *label[2]; /* English, Welsh */
	const char *hint[2];
	const char *when[2];
	const char *relevant;
	const char *choices[2];
	const char *easy_label;   /* NULL: Easy Read does not ask it */
	const char *easy_choices; /* NULL: as in English */
};

#define HOW_CONFIDENT                                                                                                  \
	{                                                                                                              \
		"Very confident|Fairly confident|Not very confident|Not at all confident|?I don’t know",               \
			"Hyderus iawn|Eithaf hyderus|Ddim yn hyderus iawn|Ddim yn hyderus o gwbl|?Ddim yn gwybod"      \
	}
#define PREFER_NOT "|?Prefer not to say"
#define PREFER_NOT_CY "|?Mae’n well gen i beidio â dweud"

static const struct spec specs[] = {
	{"today",
	 "overall",
	 "faces",
	 NULL,
	 {"How was today’s event?", "Sut oedd y digwyddiad heddiw?"},
	 .choices = {"1:Very good|2:Good|3:OK|4:Poor|5:Very poor", "1:Da iawn|2:Da|3:Iawn|4:Gwael|5:Gwael iawn"},
	 .easy_label = "How was today?",
	 .easy_choices = "1:Good|3:OK|5:Bad"},
	{"today",
	 "listened",
	 "one",
	 NULL,
	 {"Did you feel listened to?", "Oeddech chi’n teimlo bod pobl yn gwrando arnoch chi?"},
	 .choices = {"All the time|Most of the time|Some of the time|Not much|Not at all",
		     "Drwy’r amser|Y rhan fwyaf o’r amser|Peth o’r amser|Dim llawer|Dim o gwbl"},
	 .easy_label = "Did people listen to you?",
	 .easy_choices = "Yes|A bit|No"},
	{"before-and-now",
	 "know",
	 "pair",
	 NULL,
	 {"How much do you know about what the CPS does?",
	  "Faint ydych chi’n ei wybod am yr hyn y mae’r GEG yn ei wneud?"},
	 .choices = {"A lot|Some|A little|Nothing", "Llawer|Rhywfaint|Ychydig|Dim byd"},
	 .easy_label = "Do you know what the CPS does?",
	 .easy_choices = "Yes|A bit|No"},
	{"before-and-now",
	 "fair",
	 "pair",
	 NULL,
	 {"How confident are you that the CPS treats people fairly?",
	  "Pa mor hyderus ydych chi fod y GEG yn trin pobl yn deg?"},
	 .choices = HOW_CONFIDENT},
	{"before-and-now",
	 "report",
	 "pair",
	 "report",
	 {"How confident do you feel about telling the police about a crime?",
	  "Pa mor hyderus ydych chi’n teimlo am ddweud wrth yr heddlu am drosedd?"},
	 .choices = HOW_CONFIDENT},
	{"before-and-now",
	 "report_help",
	 "note",
	 "report",
	 {"To tell the police about a crime, call 101. If somebody is in danger, call 999.",
	  "I ddweud wrth yr heddlu am drosedd, ffoniwch 101. Os oes rhywun mewn perygl, ffoniwch 999."},
	 .easy_label = "Do you want to tell the police about a crime? Call 101. Are you in danger now? Call 999."},
	{"taking-part",
	 "learned",
	 "many",
	 NULL,
	 {"What did you learn about today?", "Beth wnaethoch chi ddysgu amdano heddiw?"},
	 .choices = {"How the CPS decides what to do about a case|How victims can ask for a decision to be looked at "
		     "again "
		     "(Victims’ Right to Review)|Help for witnesses in court (special measures)|Hate crime|The CPS and "
		     "the "
		     "police are separate|Something else|!Nothing new",
		     "Sut mae’r GEG yn penderfynu beth i’w wneud am achos|Sut gall dioddefwyr ofyn am ailedrych ar "
		     "benderfyniad (Hawl Dioddefwyr i Adolygiad)|Help i dystion yn y llys (mesurau arbennig)|Troseddau "
		     "casineb|Mae’r GEG a’r heddlu ar wahân|Rhywbeth arall|!Dim byd newydd"}},
	{"taking-part",
	 "easy",
	 "one",
	 "easy",
	 {"How easy was it to take part?", "Pa mor hawdd oedd hi i gymryd rhan?"},
	 .choices = {"Very easy|Easy|OK|Hard|Very hard", "Hawdd iawn|Hawdd|Iawn|Anodd|Anodd iawn"},
	 .easy_label = "Was anything hard today?",
	 .easy_choices = "Yes|A bit|No"},
	{"taking-part",
	 "hard",
	 "many",
	 "easy",
	 {"What made it hard?", "Beth oedd yn ei gwneud hi’n anodd?"},
	 .when = {"Answer this if you found it hard or very hard to take part.",
		  "Atebwch hwn os oedd hi’n anodd neu’n anodd iawn i chi gymryd rhan."},
	 .relevant = "[\"or\",[\"=\",[\"q\",\"easy\"],\"easy_4\"],[\"=\",[\"q\",\"easy\"],\"easy_5\"]]",
	 .choices =
		 {"The words people used|It was not in my language|Hearing or seeing|Getting there|The time of day|I "
		  "felt "
		  "unsafe or worried|I did not get a turn|Something else|!Nothing",
		  "Y geiriau yr oedd pobl yn eu defnyddio|Nid oedd yn fy iaith i|Clywed neu weld|Cyrraedd yno|Yr amser "
		  "o’r "
		  "dydd|Roeddwn i’n teimlo’n anniogel neu’n poeni|Ni chefais gyfle i siarad|Rhywbeth arall|!Dim byd"}},
	{"your-words",
	 "next",
	 "text",
	 NULL,
	 {"What should the CPS do next?", "Beth ddylai’r GEG ei wneud nesaf?"},
	 {"Tell us what matters most to you or your community. Do not write names, or details of a crime or a court "
	  "case.",
	  "Dywedwch wrthym beth sydd bwysicaf i chi neu i’ch cymuned. Peidiwch ag ysgrifennu enwau, na manylion am "
	  "drosedd neu "
	  "achos llys."},
	 .easy_label = "What should we do better?"},
	{"your-words",
	 "helped",
	 "one",
	 NULL,
	 {"Did someone help you with these questions?", "A wnaeth rhywun eich helpu gyda’r cwestiynau hyn?"},
	 .choices = {"Yes, they wrote what I said|Yes, they explained the questions|No",
		     "Do, gan ysgrifennu’r hyn a ddywedais|Do, gan esbonio’r cwestiynau|Naddo"},
	 .easy_label = "Did someone help you with these questions?",
	 .easy_choices = "Yes. They wrote what I said|Yes. They told me what the questions mean|No"},
	{"about-you",
	 "age_band",
	 "one",
	 NULL,
	 {"How old are you?", "Beth yw eich oed?"},
	 .choices = {"Under 16|16 to 24|25 to 34|35 to 44|45 to 54|55 to 64|65 to 74|75 or over" PREFER_NOT,
		     "Dan 16|16 i 24|25 i 34|35 i 44|45 i 54|55 i 64|65 i 74|75 neu’n hŷn" PREFER_NOT_CY},
	 .easy_label = "How old are you?"},
	{"about-you",
	 "disability",
	 "one",
	 "disability",
	 {"Do you have any physical or mental health conditions or illnesses lasting or expected to last 12 months or "
	  "more?",
	  "A oes gennych chi unrhyw gyflyrau neu afiechydon corfforol neu feddyliol sydd wedi para, neu y disgwylir "
	  "iddyn nhw "
	  "bara, 12 mis neu fwy?"},
	 .choices = {"Yes|No" PREFER_NOT, "Oes|Nac oes" PREFER_NOT_CY},
	 .easy_label = "Are you disabled, or do you have a health problem that makes life harder?"},
	{"about-you",
	 "disability_impact",
	 "one",
	 "disability",
	 {"Do any of your conditions or illnesses reduce your ability to carry out day-to-day activities?",
	  "A yw unrhyw un o’ch cyflyrau neu’ch afiechydon yn lleihau eich gallu i wneud gweithgareddau o ddydd i "
	  "ddydd?"},
	 .when = {"Answer this if you said yes to the question above.",
		  "Atebwch hwn os “Oes” oedd eich ateb i’r cwestiwn uchod."},
	 .relevant = "[\"=\",[\"q\",\"disability\"],\"disability_1\"]",
	 .choices = {"Yes, a lot|Yes, a little|Not at all" PREFER_NOT,
		     "Ydy, yn fawr|Ydy, ychydig|Ddim o gwbl" PREFER_NOT_CY}},
	{"about-you",
	 "ethnic_group",
	 "one",
	 NULL,
	 {"What is your ethnic group?", "Beth yw eich grŵp ethnig?"},
	 {"Choose the one that fits you best", "Dewiswch yr un sy’n eich disgrifio chi orau"},
	 .choices = {"*White|English, Welsh, Scottish, Northern Irish or British|Irish|Gypsy or Irish "
		     "Traveller|Roma|Any other "
		     "White background|*Mixed or Multiple ethnic groups|White and Black Caribbean|White and Black "
		     "African|White "
		     "and Asian|Any other Mixed or Multiple background|*Asian, Asian Welsh or Asian "
		     "British|Indian|Pakistani|"
		     "Bangladeshi|Chinese|Any other Asian background|*Black, Black Welsh, Black British, Caribbean or "
		     "African|"
		     "Caribbean|African|Any other Black, Black British or Caribbean background|*Other ethnic "
		     "group|Arab|Any "
		     "other ethnic group|." PREFER_NOT,
		     "*Gwyn|Cymreig, Seisnig, Albanaidd, Gwyddelig Gogledd Iwerddon neu Brydeinig|Gwyddelig|Sipsi neu "
		     "Deithiwr "
		     "Gwyddelig|Roma|Unrhyw gefndir Gwyn arall|*Grwpiau Cymysg neu Amlethnig|Gwyn a Du Caribïaidd|Gwyn "
		     "a Du "
		     "Affricanaidd|Gwyn ac Asiaidd|Unrhyw gefndir Cymysg neu Amlethnig arall|*Asiaidd, Asiaidd Cymreig "
		     "neu "
		     "Asiaidd Prydeinig|Indiaidd|Pacistanaidd|Bangladeshaidd|Tsieineaidd|Unrhyw gefndir Asiaidd "
		     "arall|*Du, Du "
		     "Cymreig, Du Prydeinig, Caribïaidd neu Affricanaidd|Caribïaidd|Affricanaidd|Unrhyw gefndir Du, Du "
		     "Prydeinig "
		     "neu Garibïaidd arall|*Grŵp ethnig arall|Arabaidd|Unrhyw grŵp ethnig arall|." PREFER_NOT_CY}},
	{"about-you",
	 "religion",
	 "one",
	 NULL,
	 {"What is your religion?", "Beth yw eich crefydd?"},
	 .choices = {"No religion|Christian (all denominations)|Buddhist|Hindu|Jewish|Muslim|Sikh|Any other "
		     "religion" PREFER_NOT,
		     "Dim crefydd|Cristnogaeth (pob enwad)|Bwdhaeth|Hindŵaeth|Iddewiaeth|Islam|Siciaeth|Unrhyw grefydd "
		     "arall" PREFER_NOT_CY}},
	{"about-you",
	 "sex",
	 "one",
	 NULL,
	 {"What is your sex?", "Beth yw eich rhyw?"},
	 .choices = {"Female|Male" PREFER_NOT, "Benyw|Gwryw" PREFER_NOT_CY},
	 .easy_label = "Are you a woman or a man?",
	 .easy_choices = "Woman|Man" PREFER_NOT},
};
enum { SPECS_COUNT = sizeof specs / sizeof specs[0] };

struct section_spec {
	const char *name;
	const char *title[2];
	const char *intro[3][2];
	bool is_apart;
};

static const struct section_spec section_specs[] = {
	{"today", {"Today", "Heddiw"}, {{NULL, NULL}}, false},
	{"before-and-now",
	 {"Before today, and now", "Cyn heddiw, a nawr"},
	 {{"Think back to how things were before today. Then think about how they are now.",
	   "Meddyliwch sut oedd pethau cyn heddiw. Yna meddyliwch sut maen nhw nawr."}},
	 false},
	{"taking-part", {"Taking part", "Cymryd rhan"}, {{NULL, NULL}}, false},
	{"your-words", {"In your own words", "Yn eich geiriau eich hun"}, {{NULL, NULL}}, false},
	{"about-you",
	 {"About you", "Amdanoch chi"},
	 {{"Before you finish, can we ask a few questions about you? You can skip any or all of them.",
	   "Cyn i chi orffen, a gawn ni ofyn ychydig o gwestiynau amdanoch chi? Gallwch hepgor unrhyw un ohonyn nhw, "
	   "neu bob un."},
	  {"They help us check that we hear from everyone and treat everyone fairly. They cannot affect any case or "
	   "service.",
	   "Maen nhw’n ein helpu i wneud yn siŵr ein bod yn clywed gan bawb ac yn trin pawb yn deg. Ni allan nhw "
	   "effeithio ar "
	   "unrhyw achos na gwasanaeth."},
	  {"We keep these answers apart from the others, and cut the link between them once the results are ready.",
	   "Rydym yn cadw’r atebion hyn ar wahân i’r lleill, ac yn torri’r cysylltiad rhyngddyn nhw pan fydd y "
	   "canlyniadau’n "
	   "barod."}},
	 true},
};
enum { SECTIONS_COUNT = sizeof section_specs / sizeof section_specs[0] };

const char *fixture_fake(struct arena *arena, const char *text)
{
	static const char *const letters[26] = {"ا", "ب", "ك", "د", "ي", "ف", "ج", "ه", "ي", "ج", "ك", "ل", "م",
						"ن", "و", "ب", "ق", "ر", "س", "ت", "و", "ف", "و", "خ", "ي", "ز"};
	size_t length = strlen(text);
	char *out = arena_array(arena, 2 * length + 1, char);
	assert(out);
	size_t at = 0;
	bool is_hole = false;
	for (const char *c = text; *c; c++) {
		is_hole = *c == '{' || (is_hole && *c != '}');
		char lower = (char) (*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
		if (!is_hole && lower >= 'a' && lower <= 'z') {
			const char *letter = letters[lower - 'a'];
			memcpy(out + at, letter, strlen(letter));
			at += strlen(letter);
		} else {
			out[at++] = *c;
		}
	}
	out[at] = '\0';
	return out;
}

const char *fixture_text(const struct fixture *fixture, const char *english, const char *welsh)
{
	if (!english)
		return NULL;
	if (fixture->tongue == FIXTURE_WELSH)
		return welsh ? welsh : english;
	return fixture->tongue == FIXTURE_RTL ? fixture_fake(fixture->arena, english) : english;
}

static const char *question_label(const struct fixture *fixture, const struct spec *spec)
{
	return fixture->tongue == FIXTURE_EASY ? spec->easy_label
					       : fixture_text(fixture, spec->label[0], spec->label[1]);
}

static void fill_items(const struct fixture *fixture, const struct spec *spec, const char *name, int chosen,
		       struct page_field *field)
{
	const char *choices = spec->choices[fixture->tongue == FIXTURE_WELSH];
	if (fixture->tongue == FIXTURE_EASY && spec->easy_choices)
		choices = spec->easy_choices;
	struct page_item *items = arena_array(fixture->arena, ITEMS_MAX, struct page_item);
	assert(items);
	size_t count = 0;
	const char *group = NULL;
	bool is_open = false, ends = false, is_divided = false;
	while (*choices) {
		size_t length = strcspn(choices, "|");
		char *text = arena_strndup(fixture->arena, choices, length);
		choices += length + (choices[length] == '|');
		if (!length)
			continue;
		if (*text == '*' || *text == '.') {
			ends = is_open;
			is_open = *text == '*';
			group = is_open ? fixture_text(fixture, text + 1, text + 1) : NULL;
			continue;
		}
		bool is_exclusive = *text == '!', is_refusal = *text == '?';
		int face = text[1] == ':' ? text[0] - '0' : 0;
		const char *label = text + (face ? 2 : is_exclusive || is_refusal);
		assert(count < ITEMS_MAX);
		items[count] = (struct page_item){
			.id = count ? arena_printf(fixture->arena, "%s-%zu", name, count + 1) : name,
			.name = name,
			.value = arena_printf(fixture->arena, "%s_%zu", spec->name, count + 1),
			.label = {fixture_text(fixture, label, label), NULL},
			.is_checked = (int) count == chosen,
			.is_exclusive = is_exclusive,
			.has_divider = (is_exclusive || is_refusal) && !is_divided,
			.face = face,
			.group = {group, NULL},
			.ends_group = ends,
		};
		is_divided = is_divided || is_exclusive || is_refusal;
		group = NULL;
		ends = false;
		count++;
	}
	field->items = items;
	field->items_count = count;
	field->ends_in_group = is_open;
}

static void fill_field(const struct fixture *fixture, const struct spec *spec, struct fixture_state state,
		       const char *part, struct page_question *question, struct page_field *field)
{
	struct arena *arena = fixture->arena;
	const char *name = part ? arena_printf(arena, "%s_%s", spec->name, part) : spec->name;
	*field = (struct page_field){.name = name, .id = name, .value = "", .max = 1000};
	if (part)
		field->label.text = fixture->words->of[strcmp(part, "now") == 0 ? WORD_now : WORD_before_today];
	bool is_wrong = state.has_mistakes && (strcmp(name, "next") == 0 || strcmp(name, "fair_now") == 0);
	if (is_wrong) {
		const struct words_fill max = {"max", "1000"}, label = {"label", question->label.text};
		field->error = question->is_text ? words_fill(fixture->words, WORD_error_too_long, &max, 1, arena)
						 : words_fill(fixture->words, WORD_error_select, &label, 1, arena);
		field->error_id = arena_printf(arena, "%s-error", name);
		question->has_error = true;
	}
	const char *when = question->is_pair ? NULL : question->when_id,
		   *hint = question->is_pair ? NULL : question->hint_id;
	const char *ids[] = {when, hint, field->error_id,
			     question->is_text ? arena_printf(arena, "%s-info", name) : NULL};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (ids[i])
			field->described_by = field->described_by
						      ? arena_printf(arena, "%s %s", field->described_by, ids[i])
						      : ids[i];
	if (question->is_text)
		field->value =
			!state.is_filled
				? ""
				: fixture_text(fixture,
					       "Come to where people already meet.\nStay longer, and listen more.",
					       "Dewch i le mae pobl yn cwrdd yn barod.\nArhoswch yn hirach, a "
					       "gwrandewch mwy.");
	else
		fill_items(fixture, spec, name, state.is_filled && !is_wrong ? 1 : -1, field);
}

static void fill_question(const struct fixture *fixture, const struct spec *spec, struct fixture_state state,
			  struct page_question *question)
{
	struct arena *arena = fixture->arena;
	bool is_easy = fixture->tongue == FIXTURE_EASY;
	*question = (struct page_question){
		.name = spec->name,
		.label = {question_label(fixture, spec), NULL},
		.hint = {is_easy ? NULL : fixture_text(fixture, spec->hint[0], spec->hint[1]), NULL},
		.when = {fixture_text(fixture, spec->when[0], spec->when[1]), NULL},
		.is_select_one = strcmp(spec->type, "one") == 0 || strcmp(spec->type, "faces") == 0,
		.is_select_multiple = strcmp(spec->type, "many") == 0,
		.is_text = strcmp(spec->type, "text") == 0,
		.is_note = strcmp(spec->type, "note") == 0,
		.is_pair = strcmp(spec->type, "pair") == 0,
		.is_faces = strcmp(spec->type, "faces") == 0,
		.is_multiline = true,
		.relevant_json = spec->relevant,
		.step = spec->step,
	};
	if (question->hint.text)
		question->hint_id = arena_printf(arena, "%s-hint", spec->name);
	if (question->when.text)
		question->when_id = arena_printf(arena, "%s-when", spec->name);
	struct page_field *fields = arena_array(arena, 2, struct page_field);
	assert(fields);
	question->fields = fields;
	question->fields_count = question->is_note ? 0 : question->is_pair ? 2 : 1;
	if (question->is_pair) {
		fill_field(fixture, spec, state, "before", question, &fields[0]);
		fill_field(fixture, spec, state, "now", question, &fields[1]);
	} else if (!question->is_note) {
		fill_field(fixture, spec, state, NULL, question, &fields[0]);
	}
}

static void fill_errors(const struct fixture *fixture, struct page_form *form)
{
	struct page_error *errors = arena_array(fixture->arena, SPECS_COUNT, struct page_error);
	assert(errors);
	for (size_t i = 0; i < form->sections_count; i++)
		for (size_t j = 0; j < form->sections[i].questions_count; j++) {
			const struct page_question *question = &form->sections[i].questions[j];
			for (size_t k = 0; k < question->fields_count; k++)
				if (question->fields[k].error)
					errors[form->errors_count++] = (struct page_error){
						.href = view_url(
							arena_printf(fixture->arena, "#%s", question->fields[k].id)),
						.message = question->fields[k].error,
					};
		}
	form->errors = errors;
}

void fixture_sections(const struct fixture *fixture, struct fixture_state state, struct page_form *form)
{
	struct page_section *sections = arena_array(fixture->arena, SECTIONS_COUNT, struct page_section);
	assert(sections);
	for (size_t i = 0; i < SECTIONS_COUNT; i++) {
		const struct section_spec *spec = &section_specs[i];
		struct page_text *intro = arena_array(fixture->arena, 3, struct page_text);
		struct page_question *questions = arena_array(fixture->arena, QUESTIONS_MAX, struct page_question);
		assert(intro && questions);
		sections[i] = (struct page_section){
			.name = spec->name,
			.title = {fixture_text(fixture, spec->title[0], spec->title[1]), NULL},
			.intro = intro,
			.is_apart = spec->is_apart,
			.questions = questions,
		};
		for (size_t j = 0; j < 3 && spec->intro[j][0]; j++)
			intro[sections[i].intro_count++].text =
				fixture_text(fixture, spec->intro[j][0], spec->intro[j][1]);
		for (size_t j = 0; j < SPECS_COUNT; j++)
			if (strcmp(specs[j].section, spec->name) == 0 && question_label(fixture, &specs[j]))
				fill_question(fixture, &specs[j], state, &questions[sections[i].questions_count++]);
		form->questions_count += sections[i].questions_count;
	}
	form->sections = sections;
	form->sections_count = SECTIONS_COUNT;
	form->has_faces = form->has_text = true;
	fill_errors(fixture, form);
}

static const struct {
	const char *title[2], *number, *web, *note[2];
	bool is_emergency;
} helplines[] = {
	{{"Police, ambulance or fire", "Heddlu, ambiwlans neu dân"},
	 "999",
	 NULL,
	 {"If somebody is in danger now. If you cannot speak on a mobile phone, press 55.",
	  "Os oes rhywun mewn perygl nawr. Os na allwch siarad ar ffôn symudol, pwyswch 55."},
	 true},
	{{"Emergency by textphone or Relay UK", "Argyfwng drwy ffôn testun neu Relay UK"},
	 "18000",
	 NULL,
	 {"For people who cannot hear or speak on the phone. You can also text 999 if your phone is registered.",
	  "I bobl na allant glywed na siarad ar y ffôn. Gallwch hefyd anfon neges destun i 999 os yw eich ffôn wedi’i "
	  "gofrestru."},
	 true},
	{{"Emergency in British Sign Language", "Argyfwng mewn Iaith Arwyddion Prydain"},
	 NULL,
	 "999bsl.co.uk",
	 {"A sign language interpreter makes the call with you.",
	  "Mae cyfieithydd iaith arwyddion yn gwneud yr alwad gyda chi."},
	 true},
	{{"Police, when it is not an emergency", "Yr heddlu, pan nad yw’n argyfwng"},
	 "101",
	 "police.uk",
	 {"By textphone or Relay UK, 18001 101.", "Drwy ffôn testun neu Relay UK, 18001 101."},
	 true},
	{{"Crimestoppers", NULL},
	 "0800 555 111",
	 NULL,
	 {"To pass on what you know about a crime without saying who you are. Free.",
	  "I ddweud beth rydych chi’n ei wybod am drosedd heb ddweud pwy ydych chi. Am ddim."},
	 false},
	{{"National Domestic Abuse Helpline", "Llinell Gymorth Genedlaethol Cam-drin Domestig"},
	 "0808 2000 247",
	 NULL,
	 {"Free, day and night.", "Am ddim, ddydd a nos."},
	 false},
	{{"Live Fear Free", "Byw Heb Ofn"},
	 "0808 80 10 800",
	 NULL,
	 {"Abuse and sexual violence, in Wales. Free, day and night. You can text 07860 077333.",
	  "Cam-drin a thrais rhywiol, yng Nghymru. Am ddim, ddydd a nos."},
	 false},
	{{"Men’s Advice Line", NULL},
	 "0808 801 0327",
	 NULL,
	 {"For men who live with domestic abuse. Free.", "I ddynion sy’n byw gyda cham-drin domestig. Am ddim."},
	 false},
	{{"Childline", NULL},
	 "0800 1111",
	 NULL,
	 {"For anyone under 19. Free.", "I unrhyw un dan 19 oed. Am ddim."},
	 false},
	{{"Samaritans", "Y Samariaid"},
	 "116 123",
	 NULL,
	 {"To talk about anything that troubles you. Free, day and night.",
	  "I siarad am unrhyw beth sy’n eich poeni. Am ddim, ddydd a nos."},
	 false},
	{{"Victim Support", "Cymorth i Ddioddefwyr"},
	 "0808 16 89 111",
	 NULL,
	 {"Help after a crime, whether or not you told the police. Free.",
	  "Help ar ôl trosedd, p’un a ddywedoch wrth yr heddlu ai peidio. Am ddim."},
	 false},
	{{"True Vision", NULL},
	 NULL,
	 "report-it.org.uk",
	 {"To report hate crime online.", "I roi gwybod am drosedd gasineb."},
	 false},
};

const struct page_helpline *fixture_helplines(const struct fixture *fixture, bool emergency_only, size_t *count)
{
	size_t most = sizeof helplines / sizeof helplines[0];
	struct page_helpline *list = arena_array(fixture->arena, most, struct page_helpline);
	assert(list);
	*count = 0;
	for (size_t i = 0; i < most; i++)
		if (helplines[i].is_emergency || !emergency_only)
			list[(*count)++] = (struct page_helpline){
				.title = fixture_text(fixture, helplines[i].title[0], helplines[i].title[1]),
				.number = helplines[i].number,
				.web = helplines[i].web,
				.note = fixture_text(fixture, helplines[i].note[0], helplines[i].note[1]),
			};
	return list;
}

const struct page_stored *fixture_stored(const struct fixture *fixture, size_t *count)
{
	static const char *const rows[][2][2] = {
		{{"How was today’s event?", "Sut oedd y digwyddiad heddiw?"}, {"Good", "Da"}},
		{{"Did you feel listened to?", "Oeddech chi’n teimlo bod pobl yn gwrando arnoch chi?"},
		 {"Most of the time", "Y rhan fwyaf o’r amser"}},
		{{"What did you learn about today?", "Beth wnaethoch chi ddysgu amdano heddiw?"},
		 {"Hate crime, Something else", "Troseddau casineb, Rhywbeth arall"}},
		{{"What should the CPS do next?", "Beth ddylai’r GEG ei wneud nesaf?"},
		 {"Come to where people already meet.\nStay longer, and listen more.",
		  "Dewch i le mae pobl yn cwrdd yn barod.\nArhoswch yn hirach, a gwrandewch mwy."}},
	};
	*count = sizeof rows / sizeof rows[0];
	struct page_stored *list = arena_array(fixture->arena, *count, struct page_stored);
	assert(list);
	for (size_t i = 0; i < *count; i++)
		list[i] = (struct page_stored){
			.question = {fixture_text(fixture, rows[i][0][0], rows[i][0][1]), NULL},
			.answer = {fixture_text(fixture, rows[i][1][0], rows[i][1][1]), NULL},
		};
	return list;
}
