// everything.mjs: an instance with every shipped form, and beside them the one with every kind of question (tests/forms/everything).
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, root, scratch } from './harness.mjs';

/** Forms that have words for Wales, which only an event there shows. */
const inWales = (folder) => readdirSync(folder).some((name) => name.endsWith('-x-wales.yaml'));

/** The site, not yet running, and each form in each of its faces: { form, place: 'england' | 'wales', face: 'en-x-easy', path }. */
export const makeEverything = async ({ only, ...options } = {}) => {
  const formsDir = scratch();
  cpSync(join(root, 'forms'), formsDir, { recursive: true });
  cpSync(join(root, 'tests/forms/everything'), join(formsDir, 'everything'), { recursive: true });
  const forms = readdirSync(formsDir).filter((name) => existsSync(join(formsDir, name, 'form.yaml')) && (!only || only.includes(name)));
  const instance = await Instance.make({ ...options, formsDir, forms: forms.map((name) => join(formsDir, name)) });
  const events = forms.flatMap((form) => ['england', ...(inWales(join(formsDir, form)) ? ['wales'] : [])].map((place) => ({
    form, place, code: instance.event('--practice', '--form', form, ...(place === 'wales' ? ['--area', 'cymru-wales'] : [])),
  })));
  return { instance, events, formsDir };
};

/** The faces that an event's page offers: { form, place, code, face, path }. In Wales only those whose words are others there. */
export const facesOf = async (instance, event) => {
  const { text } = await instance.request(`/${event.code}/EN`);
  const tags = ['EN', ...Array.from(text.matchAll(/formaction="\/\w+\/(?:[a-z-]+\/)?([A-Z-]+)"/g), ([, tag]) => tag)];
  return tags.filter((tag) => event.place === 'england' || ['EN', 'AR'].includes(tag)).map((tag) => ({ ...event, face: tag.toLowerCase(), path: `/${event.code}/${tag}` }));
};

/** Answers to the form with every kind of question by which every question comes up that can: for plan() of browser.mjs. */
export const opening = {
  overall: 'poor', came: '2026-07-04', tea: 'green', cups: '5', more_cups: '7', price: '3', again: '2', served_hot: 'not_much', words: 'more of the cakes', why_poor: ['scone', 'bara'],
  order: ['scone', 'lemon', 'carrot'], must_many: ['scone', 'lemon'], must_say: 'tea42', must_count: '4', must_order: ['hare', 'mouse'], must_day: '2026-08-01', calm_now: '4', height: '1.5', birthday: '2027-03-02', years: '5',
};
