// pictures.mjs OUT [PAGES [WAYS]]: no test. Takes a picture of every page of the gallery at every width and in every mode, or of those whose
// file and way match the patterns: for looking at.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { finish, test } from '../harness.mjs';
import { launch } from '../browser/browser.mjs';
import { inLanes, make, serve, ways, wear } from './pages.mjs';

const [out, file = '', way = ''] = process.argv.slice(2);
const wanted = make().filter((page) => new RegExp(file).test(page.file));
const modes = ways.filter(({ name }) => new RegExp(way).test(name));
const base = await serve();
const browser = await launch();

await test(`${wanted.length} pages in ${modes.length} ways`, () => inLanes(browser, { baseURL: base }, wanted, async (page, one) => {
  const session = await page.context().newCDPSession(page);
  await page.goto(`/pages/${one.file}`);
  for (const mode of modes) {
    await wear(page, session, mode);
    const path = join(out, mode.name, one.file.replace(/\.html$/, '.png'));
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path, fullPage: true });
  }
  await session.detach();
}));
await finish();
