// sounds.mjs: pages that can be heard, without the minute that making their sounds takes: the catalogue is told of sounds that nobody has made.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Every text that a form can say: [{ tag, text, by, file }]. */
export const textsOf = (instance, folder) => instance.cli(['form', 'sound', folder, '--list']).stdout.trimEnd().split('\n').map((line) => {
  const [file, by, text] = line.split('\t');
  return { file, by, text, tag: file.match(/\/sound\/([^/]+)\//)[1] };
});

/** Tells the office that each of TEXTS has a sound, and that all published forms say it; what is published from then on names it. */
export const pretend = (instance, texts) => {
  const write = `
import hashlib, json, sqlite3, sys
rows = {}
office = sqlite3.connect(sys.argv[1])
forms = " ".join(name for name, in office.execute("SELECT DISTINCT form FROM form_version ORDER BY form"))
for one in json.load(sys.stdin):
    base = one["tag"].split("-")[0]
    key = hashlib.blake2b(b"soundings/sound/1\\0" + base.encode() + b"\\0" + one["text"].encode(), digest_size=16).hexdigest()
    rows[key] = [hashlib.blake2b(key.encode(), digest_size=10).hexdigest(), 1000, "0" * 64, "v:pretended", "", forms]
with office:
    office.execute("INSERT OR REPLACE INTO text (name, json) VALUES ('sound', ?)", (json.dumps({"format": 1, "sounds": rows}, separators=(",", ":"), sort_keys=True),))
`;
  const done = spawnSync('/usr/bin/python3', ['-c', write, join(instance.dir, 'office/office.db')], { input: JSON.stringify(texts), encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};
