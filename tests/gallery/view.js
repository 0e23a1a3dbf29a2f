// view.js: one page of the gallery at several widths. The address names it: view.html#cy/withdraw-fresh.html
const widths = [320, 375, 768, 1280];
const names = { en: 'English', cy: 'Cymraeg', 'en-x-easy': 'Easy Read', ar: 'العربية', nginx: 'all languages' };
const find = (id) => document.getElementById(id);
const spaced = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }';

const current = () => Math.max(0, pages.findIndex(({ file }) => file === decodeURI(location.hash.slice(1))));
const goTo = (page) => { location.hash = encodeURI(page.file); };

/** The page before or after in the same language, in the list's own order. */
const neighbour = (step) => {
  const own = pages.filter(({ language }) => language === pages[current()].language);
  return own[(own.indexOf(pages[current()]) + step + own.length) % own.length];
};

/** The same page in other languages. */
const others = () => pages.filter(({ group, state }) => group === pages[current()].group && state === pages[current()].state);

/** Rules for the dark hold always; whatever the machine is set to. */
const darken = (inner) => {
  const walk = (rules) => {
    for (const rule of rules) {
      if (rule.media?.mediaText.includes('prefers-color-scheme: dark')) rule.media.mediaText = 'all';
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  for (const sheet of inner.styleSheets) walk(sheet.cssRules);
  inner.documentElement.style.colorScheme = 'dark';
};

/** What only the frame's own document can be told; a page from a file, not a server, cannot be reached. */
const dress = (frame) => {
  const inner = frame.contentDocument;
  if (!inner) return;
  const style = inner.createElement('style');
  style.textContent = (find('large').checked ? 'html { font-size: 200% !important; }' : '') + (find('spaced').checked ? spaced : '');
  inner.head.append(style);
  if (find('dark').checked) darken(inner);
  if (find('open').checked) inner.querySelectorAll('details').forEach((one) => { one.open = true; });
};

const show = () => {
  const page = pages[current()];
  find('name').textContent = `${page.group}: ${page.state}`.replaceAll('-', ' ') + (page.status && page.status !== 200 ? ` (${page.status})` : '');
  document.title = `${find('name').textContent}, ${names[page.language]} – Gallery`;
  find('languages').replaceChildren(...others().map((other) => {
    const link = document.createElement('a');
    link.href = `#${encodeURI(other.file)}`;
    link.textContent = names[other.language];
    if (other === page) link.setAttribute('aria-current', 'page');
    return link;
  }));
  find('before').href = `#${encodeURI(neighbour(-1).file)}`;
  find('next').href = `#${encodeURI(neighbour(1).file)}`;
  find('frames').replaceChildren(...widths.map((width) => {
    const figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    const frame = document.createElement('iframe');
    caption.textContent = `${width} px`;
    frame.title = `${find('name').textContent}, ${width} pixels wide`;
    frame.width = width;
    frame.setAttribute('sandbox', find('script').checked ? 'allow-same-origin allow-scripts allow-forms' : 'allow-same-origin');
    frame.addEventListener('load', () => dress(frame));
    frame.src = `pages/${page.file}`;
    figure.append(caption, frame);
    return figure;
  }));
};

document.querySelectorAll('header input').forEach((box) => box.addEventListener('change', show));
addEventListener('hashchange', show);
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const all = others();
  const turn = (step) => all[(all.indexOf(pages[current()]) + step + all.length) % all.length];
  const to = { ArrowRight: () => neighbour(1), ArrowLeft: () => neighbour(-1), ArrowDown: () => turn(1), ArrowUp: () => turn(-1) }[event.key];
  if (!to || event.target.closest('input')) return;
  event.preventDefault();
  goTo(to());
});
show();
