// build.mjs PROGRAM OUT: runs the gallery program, and makes of its pages something to walk through in a browser: pages whose links
// lead to each other, an index of them all, and a page that shows one of them at several widths.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [program, out] = process.argv.slice(2);
const raw = join(out, 'raw');
mkdirSync(raw, { recursive: true });
const made = spawnSync(program, [raw], { stdio: 'inherit' });
if (made.status !== 0) process.exit(made.status ?? 1);

const pages = JSON.parse(readFileSync(join(raw, 'pages.json'), 'utf8'));
cpSync(join(out, '../static'), join(out, 'static'), { recursive: true });
cpSync(join(here, 'view.html'), join(out, 'view.html'));
cpSync(join(here, 'view.js'), join(out, 'view.js'));
cpSync(join(here, 'gallery.css'), join(out, 'gallery.css'));

// What a page's address is here: links between pages lead on, files lie beside them.
const files = new Map(pages.filter(({ path }) => path).map(({ path, file }) => [path.toUpperCase(), file]));
files.set('/', 'en/home-fresh.html');
for (const { file } of pages) {
  const html = readFileSync(join(raw, file), 'utf8')
    .replaceAll('"/static/', '"../../static/')
    .replace(/(<a\s[^>]*?href=")(\/[^"]*)"/g, (whole, before, path) => (files.has(path.toUpperCase()) ? `${before}../${files.get(path.toUpperCase())}"` : whole));
  mkdirSync(dirname(join(out, 'pages', file)), { recursive: true });
  writeFileSync(join(out, 'pages', file), html);
}

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const spoken = (name) => escaped(name.replaceAll('-', ' '));
const languages = ['en', 'cy', 'en-x-easy', 'ar'];
const names = { en: 'English', cy: 'Cymraeg', 'en-x-easy': 'Easy Read', ar: 'العربية' };
const groups = [...new Set(pages.map(({ group }) => group))].filter((group) => group !== 'nginx');
const link = (page, text) => `<a href="view.html#${encodeURI(page.file)}">${text}</a>`;
const rowsOf = (group) => [...new Set(pages.filter((page) => page.group === group).map(({ state }) => state))].map((state) => {
  const cells = languages.map((language) => {
    const page = pages.find((one) => one.group === group && one.state === state && one.language === language);
    return `<td>${page ? link(page, `<span lang="${language === 'en-x-easy' ? 'en' : language}">${names[language]}</span><span class="heard">, ${spoken(group)}, ${spoken(state)}</span>`) : ''}</td>`;
  });
  return `<tr><th scope="row">${spoken(state)}</th>${cells.join('')}</tr>`;
});
const tables = groups.map((group) => `<section>
<h2 id="${group}">${spoken(group)}</h2>
<table>
<thead><tr><th scope="col">State</th>${languages.map((language) => `<th scope="col" lang="${language === 'en-x-easy' ? 'en' : language}">${names[language]}</th>`).join('')}</tr></thead>
<tbody>
${rowsOf(group).join('\n')}
</tbody>
</table>
</section>`);
writeFileSync(join(out, 'index.html'), `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Gallery – Soundings</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="gallery.css">
</head>
<body>
<main>
<h1>Every page, in every language and state</h1>
<p>${pages.length} pages, each made by the same functions as on the site. A page opens at four widths side by side; there the arrow keys lead to
the next state and the next language.</p>
<nav aria-label="Contents"><ul>${groups.map((group) => `<li><a href="#${group}">${spoken(group)}</a></li>`).join('')}<li><a href="#nginx">without a program</a></li></ul></nav>
${tables.join('\n')}
<section>
<h2 id="nginx">without a program</h2>
<p>What the web server says alone, in every language on one page.</p>
<ul class="plain">${pages.filter(({ group }) => group === 'nginx').map((page) => `<li>${link(page, spoken(page.state))}</li>`).join('')}</ul>
</section>
</main>
</body>
</html>
`);
// What is there no longer goes only now: somebody may be looking.
const wanted = new Set([...pages.map(({ file }) => join('pages', file)), ...readdirSync(join(out, '../static')).map((name) => join('static', name))]);
for (const part of ['pages', 'static']) {
  for (const name of readdirSync(join(out, part), { recursive: true })) {
    const path = join(part, name);
    if (!wanted.has(path) && statSync(join(out, path)).isFile()) rmSync(join(out, path));
  }
}
// Last: it says that all is there.
writeFileSync(join(out, 'pages.js'), `const pages = ${JSON.stringify(pages.map(({ file, group, state, language, status }) => ({ file, group, state, language, status })))};\n`);
console.log(`${pages.length} pages in ${out}`);
