// loop.mjs: writes into an office what organisers write: details of an event, and actions. For tests that are about what becomes of them; those of
// the organisers' pages write them there.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs statements in the office's database, as one transaction: [[sql, ...values], ...]. */
export const write = (instance, statements) => {
  const program = 'import json, sqlite3, sys\nd = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)\nd.execute("BEGIN IMMEDIATE")\n'
    + 'for s in json.load(sys.stdin): d.execute(s[0], s[1:])\nd.execute("COMMIT")';
  const run = spawnSync('/usr/bin/python3', ['-c', program, join(instance.dir, 'office/office.db')], { input: JSON.stringify(statements), encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
};

/** Gives an event the details NAME: VALUE. */
export const detail = (instance, code, values) => {
  const names = Object.keys(values);
  write(instance, [
    ['INSERT OR IGNORE INTO event_detail (event, version, mark) VALUES (?, 1, 1)', code],
    ...names.map((name) => [`UPDATE event_detail SET ${name} = ? WHERE event = ?`, values[name], code]),
  ]);
};

let last = 0;
/** Adds an action and gives its id as pages write it. TEXTS: [tag, theme, said, did] of each language. */
export const action = (instance, { area, event = null, status = 'heard', many = 'unsaid', changed = '2027-01-02', isPublic = true, texts }) => {
  const id = 0x1000 + ++last;
  write(instance, [
    ['INSERT INTO action (id, area, event, status, many, owner, aim, partner, evidence, said_on, changed_on, is_public, is_removed, version, mark) '
      + "VALUES (?, ?, ?, ?, ?, 'Head of a unit', '', 'A partner', 'https://evidence.example/', '2027-01-01', ?, ?, 0, 1, 1)", id, area, event, status, many, changed, isPublic ? 1 : 0],
    ...texts.map((text, place) => ['INSERT INTO action_text (action, place, tag, theme, said, did) VALUES (?, ?, ?, ?, ?, ?)', id, place, ...text]),
  ]);
  return id.toString(16).padStart(16, '0');
};

/** The next catalogue, as any change of an organiser's makes it. */
export const publish = (instance) => instance.cli(['event', 'add', '--title', 'Something else', '--form', 'community-conversation', '--practice']);
