// ear.mjs: a page as somebody hears it: Chromium's accessibility tree in lines that a person can read, and what live regions say.
import assert from 'node:assert/strict';

// Whose name is what stands in them: their inside need not be told again.
const wholes = ['link', 'button', 'heading', 'radio', 'checkbox', 'option', 'MenuListOption', 'textbox', 'DisclosureTriangle'];
// What is no thing of its own to who listens.
const nothings = ['generic', 'none', 'InlineTextBox', 'RootWebArea', 'LabelText', 'Legend', 'Section', 'MenuListPopup', 'ListMarker', 'LineBreak', 'Pre', 'SvgRoot', 'Ruby', 'DescriptionList', 'bdi', 'strong', 'Iframe', 'Abbr'];
const spaced = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

const brief = (text) => (text.length > 80 ? `${text.slice(0, 20)}…, ${text.length} letters` : text);

/** States that are told, and how. */
const stateOf = (node) => {
  const of = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
  const role = node.role.value;
  const said = [];
  if (of.level && role === 'heading') said.push(`level ${of.level}`);
  if (['radio', 'checkbox'].includes(role) && of.checked === 'true') said.push(role === 'radio' ? 'chosen' : 'ticked');
  if (of.disabled) said.push('disabled');
  if (of.invalid && of.invalid !== 'false') said.push('invalid');
  if (of.required) said.push('required');
  if (of.expanded !== undefined) said.push(of.expanded ? 'open' : 'closed');
  if (of.live && of.live !== 'off') said.push(`live, ${of.live}`);
  if (of.focused && role !== 'RootWebArea') said.push('focus');
  if (of.hiddenRoot) said.push('hidden');
  if (['textbox', 'combobox'].includes(role) && spaced(node.value?.value)) said.push(`holds “${brief(spaced(node.value.value))}”`);
  return said.length ? ` (${said.join('; ')})` : '';
};

/** The tree of PAGE, or of what its main part holds where IS_MAIN: a line for each thing, what is in it indented. */
export const heard = async (page, { isMain = false } = {}) => {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines = [];
  let text = '';
  const flush = (depth) => {
    if (spaced(text)) lines.push(`${'  '.repeat(depth)}“${spaced(text)}”`);
    text = '';
  };
  const walk = (node, depth) => {
    const role = node.role?.value;
    const children = () => (node.childIds ?? []).map((id) => byId.get(id)).filter(Boolean);
    if (!node.ignored && role === 'StaticText') {
      text += node.name.value;
      return;
    }
    const name = spaced(node.name?.value);
    const isNothing = node.ignored || (nothings.includes(role) && !stateOf(node));
    const breaks = ['LabelText', 'Legend', 'generic', 'Section'].includes(role);
    if (isNothing) {
      if (breaks) flush(depth);
      children().forEach((child) => walk(child, depth));
      if (breaks) flush(depth);
      return;
    }
    flush(depth);
    const description = spaced(node.description?.value);
    const at = lines.push(`${'  '.repeat(depth)}${role}${name ? ` “${name}”` : ''}${stateOf(node)}${description ? ` [${description}]` : ''}`);
    if (!wholes.includes(role)) {
      children().forEach((child) => walk(child, depth + 1));
      flush(depth + 1);
      // A paragraph of nothing but text is one line.
      if (['paragraph', 'listitem', 'term', 'definition', 'status', 'alert'].includes(role) && lines.length === at + 1 && /^ *“/.test(lines[at])) {
        const inside = lines.pop().trim();
        if (!lines[at - 1].endsWith(inside)) lines[at - 1] += ` ${inside}`;
      }
    }
    // An empty region is there to say something later.
    if (lines.length === at && ['paragraph', 'list'].includes(role) && !name && !stateOf(node) && lines[at - 1].trim() === role) lines.pop();
  };
  const root = isMain ? nodes.find((node) => !node.ignored && node.role.value === 'main') : nodes[0];
  assert(root, 'the page has a main part');
  walk(root, 0);
  flush(0);
  // A label or a legend that is the name of what stands beside it is told once.
  const nameIn = (line) => line?.match(/^ *(?:radio|checkbox|textbox|combobox|group) “(.*?)”( \(|$| \[)/)?.[1];
  return lines.filter((line, i) => {
    const text = line.match(/^ *“(.*)”$/)?.[1];
    return !text || ![lines[i - 1], lines[i + 1]].some((near) => nameIn(near) === text || nameIn(near)?.split(' ')[0] === text);
  });
};

/** From now on notes what the live regions of PAGE say. What comes back gives it, and forgets. */
export const listen = async (page) => {
  await page.evaluate(() => {
    const live = '[role="status"], [role="alert"], [aria-live]';
    window.said = [];
    new MutationObserver((changes) => {
      const regions = new Set();
      for (const { target, addedNodes } of changes) {
        const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
        if (element?.closest(live)) regions.add(element.closest(live));
        for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) [node, ...node.querySelectorAll('*')].filter((one) => one.matches(live)).forEach((one) => regions.add(one));
      }
      for (const one of regions) {
        const text = one.innerText.replace(/\s+/g, ' ').trim();
        if (text && one.isConnected && one.checkVisibility()) window.said.push(`${one.getAttribute('role') === 'alert' || one.getAttribute('aria-live') === 'assertive' ? 'says at once' : 'says politely'}: “${text}”`);
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => window.said.splice(0));
};
