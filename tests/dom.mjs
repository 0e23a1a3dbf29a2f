// dom.mjs: a page as a browser parses it (parse5), for tests that need no browser: its elements, what stands in them, and the
// questions of a form.
import { parse } from 'parse5';

/** Every element under NODE that IS, in the order of the page. */
export const all = (node, is = () => true) => (node.childNodes ?? []).flatMap((child) => [...(child.tagName && is(child) ? [child] : []), ...all(child, is)]);

export const attribute = (element, name) => element.attrs.find((one) => one.name === name)?.value;
export const hasClass = (element, name) => (attribute(element, 'class') ?? '').split(' ').includes(name);

/** The text of NODE, with all white space as it stands. */
export const textOf = (node) => (node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(textOf).join(''));

/** The text of NODE as it is seen, with single spaces. */
export const seen = (node) => textOf(node).replace(/[ \t\r\n\f]+/g, ' ').trim();

export const parsed = (html) => parse(html);
export const byId = (document, id) => all(document, (element) => attribute(element, 'id') === id)[0];

const closest = (element, is) => (!element?.tagName ? undefined : is(element) ? element : closest(element.parentNode, is));
const isControl = ({ tagName }) => ['input', 'textarea', 'select'].includes(tagName);

/** What stands in a control: the text, the place chosen, or of a tick box or radio its value when it is ticked; else undefined. */
export const valueOf = (control) => {
  if (control.tagName === 'textarea') return textOf(control);
  if (control.tagName === 'select') {
    const chosen = all(control, (one) => one.tagName === 'option' && attribute(one, 'selected') !== undefined)[0];
    return chosen && (attribute(chosen, 'value') ?? textOf(chosen));
  }
  const isTicked = attribute(control, 'checked') !== undefined;
  return ['radio', 'checkbox'].includes(attribute(control, 'type')) && !isTicked ? undefined : attribute(control, 'value');
};

/** The questions of a form, asked or not, in order; notes among them, which have no fields. A field as readForm() of browser.mjs gives
 * it, but a scale is one, with whether it is typed into one line, and where its choices are what is put in order their codes. */
export const questionsOf = (html) => {
  const document = parsed(html);
  return all(document, (element) => hasClass(element, 'question')).map((block) => {
    const fields = new Map();
    const kind = attribute(block, 'data-kind');
    for (const control of all(block, isControl)) {
      const [name, part] = attribute(control, 'name').split('.');
      const type = attribute(control, 'type');
      const isRefusal = attribute(control, 'data-behaviour') === 'refusal';
      const typeOf = () => {
        if (isRefusal) return 'refusal';
        if (type === 'radio' && closest(control, (one) => hasClass(one, 'scale'))) return 'scale';
        return ['radio', 'checkbox'].includes(type) ? type : kind ?? 'text';
      };
      const near = (of) => attribute(control, of) ?? attribute(closest(control, (one) => attribute(one, of) !== undefined) ?? { attrs: [] }, of);
      if (!fields.has(name)) {
        fields.set(name, { name, type: typeOf(), choices: [], isLine: control.tagName === 'input', min: near('data-min'), max: near('data-maxlength') ?? near('data-max'), decimals: near('data-decimals') });
      }
      const id = attribute(control, 'id');
      const label = all(document, (one) => one.tagName === 'label' && attribute(one, 'for') === id)[0];
      fields.get(name).choices.push({ id, value: part ?? attribute(control, 'value'), isExclusive: attribute(control, 'data-behaviour') === 'exclusive', label: seen(label) });
    }
    const json = (name) => JSON.parse(attribute(block, name) ?? 'null');
    return {
      id: attribute(block, 'id'),
      name: attribute(block, 'id').slice('question-'.length),
      label: seen(all(block, ({ tagName }) => ['h3', 'label'].includes(tagName))[0] ?? block),
      isApart: Boolean(closest(block, (one) => hasClass(one, 'part--apart'))),
      isRequired: attribute(block, 'data-required') !== undefined,
      rule: json('data-relevant'),
      constraint: json('data-constraint'),
      fields: Array.from(fields.values()),
    };
  });
};
