// layout.mjs: what is wrong with how a page is laid out, measured in the browser: words outside the window, cut off, or on top of each other;
// targets too small for a finger; borders that are gone when colours are forced.

/** What is wrong with how the page is laid out now: a line for each place. */
export const faults = (page) => page.evaluate(() => {
  const out = [];
  const name = (element) => `${element.localName}${element.id ? `#${element.id}` : ''}${element.className?.trim ? `.${element.className.trim().replace(/\s+/g, '.')}` : ''} "${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}"`;
  const root = document.documentElement;
  const width = root.clientWidth;
  if (document.scrollingElement.scrollWidth > width) out.push(`scrolls sideways: ${document.scrollingElement.scrollWidth} in ${width}`);
  for (const one of [root, document.body]) if (/hidden|clip/.test(getComputedStyle(one).overflowX)) out.push(`${one.localName} hides what is too wide`);

  // Words, a rectangle a line; those that are only heard are one pixel wide, those that stick may lie over others.
  const isHeard = (element) => element.closest('.govuk-visually-hidden, .govuk-skip-link:not(:focus)');
  const sticks = (element) => {
    for (let one = element; one; one = one.parentElement) if (['sticky', 'fixed'].includes(getComputedStyle(one).position)) return true;
    return false;
  };
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility() || isHeard(parent) || parent.closest('textarea')) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      if (!box.width) continue;
      if (box.left < -1 || box.right > width + 1) out.push(`outside the window, ${Math.round(box.left)} to ${Math.round(box.right)}: ${name(parent)}`);
      // Whoever cuts off or frames it must hold it.
      for (let one = parent; one && one !== document.body; one = one.parentElement) {
        const style = getComputedStyle(one);
        const frame = one.getBoundingClientRect();
        const cuts = style.overflowX !== 'visible' || style.overflowY !== 'visible';
        const drawn = (side) => style.display !== 'inline' && style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) > 0;
        const slack = box.height / 4; // fonts reach a little beyond their line
        const isOutside = ((cuts || drawn('Left')) && box.left < frame.left - 1) || ((cuts || drawn('Right')) && box.right > frame.right + 1) ||
          ((cuts || drawn('Top')) && box.top < frame.top - slack) || ((cuts || drawn('Bottom')) && box.bottom > frame.bottom + slack);
        if (isOutside) {
          out.push(`${cuts ? 'cut off' : 'out of its frame'}: ${name(parent)} in ${name(one)}`);
          break;
        }
      }
      if (!sticks(parent)) lines.push({ parent, left: box.left, right: box.right, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4 });
    }
  }
  lines.sort((a, b) => a.top - b.top);
  lines.forEach((a, i) => {
    for (const b of lines.slice(i + 1)) {
      if (b.top >= a.bottom) break;
      if (a.parent !== b.parent && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2) out.push(`on top of each other: ${name(a.parent)} and ${name(b.parent)}`);
    }
  });
  for (const one of new Set(lines.map(({ parent }) => parent))) {
    if (!one.clientWidth) continue;
    if (one.scrollWidth > one.clientWidth + 1) out.push(`wider than its room by ${one.scrollWidth - one.clientWidth}: ${name(one)}`);
  }
  return Array.from(new Set(out));
});

/** Targets that a finger may miss. Links within a sentence may be as low as their line (2.5.8, inline). */
export const smallTargets = (page) => page.evaluate(() => {
  const out = [];
  for (const one of document.querySelectorAll('a[href], button, select, textarea, summary, label, input:not([type="hidden"])')) {
    if (!one.checkVisibility() || one.closest('.govuk-visually-hidden, .govuk-skip-link')) continue;
    if (one.localName === 'label' && !one.matches('.govuk-radios__label, .govuk-checkboxes__label')) continue;
    if (['radio', 'checkbox'].includes(one.type)) continue; // their cards are measured
    const least = one.localName === 'label' ? 44 : 24;
    const { width, height } = one.getBoundingClientRect();
    const isInline = one.localName === 'a' && one.parentElement.localName === 'p' && one.parentElement.textContent.trim() !== one.textContent.trim();
    if ((width < least || height < least) && !isInline) out.push(`${Math.round(width)} by ${Math.round(height)}, not ${least}: ${one.localName}.${one.className} "${one.textContent.trim().slice(0, 40)}"`);
  }
  return out;
});

/** What can no longer be told apart when the colours are the person's own. */
export const lostBorders = (page) => page.evaluate(() => {
  const out = [];
  const seen = (colour, ground) => !/rgba\(.*, 0\)|transparent/.test(colour) && colour !== ground;
  const ground = getComputedStyle(document.body).backgroundColor;
  if (!matchMedia('(forced-colors: active)').matches) out.push('colours are not forced');
  for (const one of document.querySelectorAll('.govuk-radios__label, .govuk-checkboxes__label, .govuk-button, select, textarea, input[type="text"], .calm, .help, .receipt, .not-saved, .govuk-error-summary, .govuk-inset-text')) {
    if (!one.checkVisibility() || one.closest('.govuk-visually-hidden')) continue;
    const style = getComputedStyle(one);
    if (style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1 || !seen(style.borderTopColor, ground)) out.push(`no border: ${one.localName}.${one.className}`);
    if (one.control && ['radio', 'checkbox'].includes(one.control.type)) {
      const ring = getComputedStyle(one, '::before');
      const mark = getComputedStyle(one, '::after');
      if (parseFloat(ring.borderTopWidth) < 1 || !seen(ring.borderTopColor, style.backgroundColor)) out.push(`no ring or box: ${one.textContent}`);
      const isMarked = mark.opacity === '1' && parseFloat(mark.borderLeftWidth) > 0 && seen(mark.borderLeftColor, style.backgroundColor);
      if (isMarked !== one.control.checked) out.push(`${one.control.checked ? 'its mark is gone' : 'a mark on what is not chosen'}: ${one.textContent}`);
    }
  }
  const marks = Array.from(document.querySelectorAll('.depth li')).map((one) => getComputedStyle(one).backgroundColor + getComputedStyle(one).borderTopColor + getComputedStyle(one).borderTopStyle);
  const on = document.querySelectorAll('.depth .on').length;
  if (on && on < marks.length && marks[0] === marks.at(-1)) out.push('how far one has come cannot be seen');
  return out;
});

/** Text as far apart as WCAG 1.4.12 has it. */
export const spacing = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }';
