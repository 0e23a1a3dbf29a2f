// build-static.mjs OUT HEADER: styles and script from static/ into OUT with hashed names, compressed once for nginx's
// gzip_static; HEADER gets the names as C macros. Uses sass and esbuild from package-lock.json; writes nowhere else.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as sass from 'sass';
import * as esbuild from 'esbuild';

const [out, header] = process.argv.slice(2);
if (!out || !header) {
  console.error('usage: build-static.mjs OUT HEADER');
  process.exit(64);
}
// Older files stay until `make clean`: a page that is open somewhere still asks for them by their old names.
mkdirSync(out, { recursive: true });

const names = [];
const add = (name, bytes) => {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(out, hashed), bytes);
  if (/\.(css|js|svg)$/.test(name)) writeFileSync(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  names.push([name, hashed]);
};

const files = (folder) => {
  try {
    return readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile()).sort();
  } catch {
    return [];
  }
};

for (const name of files('static/css').filter((n) => n.endsWith('.scss') && !n.startsWith('_'))) {
  const result = sass.compile(join('static/css', name), {
    style: 'compressed',
    loadPaths: [resolve('node_modules')],
    importers: [new sass.NodePackageImporter(resolve('package.json'))],
    quietDeps: true,
    charset: false,
  });
  add(name.replace(/\.scss$/, '.css'), Buffer.from(result.css));
}

// The policy of our pages lets no script parse HTML, and simple-keyboard writes what stands on a key as HTML: so it becomes text. A
// version that writes it in another way does not build.
const keysAsText = {
  name: 'keys-as-text',
  setup(build) {
    build.onLoad({ filter: /[\\/]simple-keyboard[\\/]build[\\/].*\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(/\.innerHTML=/g, '.textContent=');
      if (contents === source || /innerHTML|outerHTML|insertAdjacentHTML|document\.write/.test(contents)) throw new Error(`${path} writes HTML in a way that build-static.mjs does not know`);
      return { contents, loader: 'js' };
    });
  },
};

for (const name of files('static/js').filter((n) => n.endsWith('.js'))) {
  const result = await esbuild.build({
    entryPoints: [join('static/js', name)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome90', 'firefox90', 'safari14'],
    legalComments: 'eof', // licences of what is not ours
    plugins: [keysAsText],
  });
  add(name, Buffer.from(result.outputFiles[0].contents));
}
for (const name of files('static/img')) add(name, readFileSync(join('static/img', name)));

const pictures = files('static/pictures').filter((name) => name.endsWith('.svg'));
for (const name of pictures) add(`pictures/${name}`, readFileSync(join('static/pictures', name)));

const macro = (name) => 'STATIC_' + name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
writeFileSync(header, '#ifndef STATIC_NAMES_H\n#define STATIC_NAMES_H\n' +
  names.filter(([name]) => !name.includes('/')).map(([name, hashed]) => `#define ${macro(name)} "/static/${hashed}"\n`).join('') +
  `#define STATIC_PICTURES ${names.filter(([name]) => name.startsWith('pictures/')).map(([name, hashed]) => `{"${basename(name)}", "/static/${hashed}"}, `).join('')}\n#endif\n`);
writeFileSync(join(out, 'names.txt'), names.map(([name, hashed]) => `${name} ${hashed}\n`).join(''));
