// accounts.test.mjs: `soundings account` and `soundings audit` at the command line: who may sign in, and whether the record of who did what is
// as it was written. The organisers' pages are tested elsewhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, scratch, test } from '../harness.mjs';

const instance = await Instance.make({ hasOrganisers: true });
const office = join(instance.dir, 'office/office.db');

/** SQL past the program's own ways; rows as arrays. */
const sql = (text, path = office) => {
  const run = 'import json, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], timeout=20)\nrows = [list(r) for s in sys.argv[2].split(";") for r in c.execute(s).fetchall()]\nc.commit()\nprint(json.dumps(rows))';
  const result = spawnSync('/usr/bin/python3', ['-c', run, path, text], { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
};
const says = (args, expected) => { const { stdout, stderr } = instance.cli(args, { expected }); return stdout + stderr; };
const address = (text) => text.match(/http:\/\/127\.0\.0\.1:\d+\/welcome\/([A-Za-z0-9_-]{43})\n/)?.[1];

await test('account: the first address is another each time, and the office keeps none of it', () => {
  assert.match(says(['account', 'list'], 0), /no account yet.*account first/);
  const one = address(says(['account', 'first'], 0)), two = address(says(['account', 'first'], 0));
  assert.ok(one && two && one !== two);
  assert.equal(sql('SELECT count(*) FROM one_time')[0][0], 1);
  for (const token of [one, two]) assert.ok(!readFileSync(office).includes(token));
});

const accounts = [['sam', 'administrator', 'active'], ['ann', 'organiser', 'active'], ['new', 'analyst', 'invited']];
accounts.forEach(([name, role, state], i) => sql(`INSERT INTO account (id, name, shown, role, state, language, password, version, mark) VALUES (${i + 1}, '${name}', '${name}', '${role}', '${state}', 'en', ${state === 'active' ? "'x'" : 'NULL'}, 1, 1)`));
sql("UPDATE account SET totp = zeroblob(20) WHERE name = 'ann'; INSERT INTO account_area VALUES (2, 'london-south'); INSERT INTO account_area VALUES (2, 'wales')");

await test('account: the list says role, state, second step and Areas', () => {
  const list = says(['account', 'list'], 0);
  assert.match(list, /^sam +administrator +active +password alone$/m);
  assert.match(list, /^ann +organiser +active +second step +london-south, wales$/m);
  assert.match(list, /^new +analyst +invited/m);
  assert.match(says(['account', 'first'], 65), /accounts already.*account reset NAME/);
});

await test('account: a reset is an address; the second step goes only when that is said', () => {
  assert.ok(address(says(['account', 'reset', 'ann'], 0)));
  assert.equal(sql("SELECT count(*) FROM account WHERE totp IS NOT NULL")[0][0], 1);
  assert.ok(address(says(['account', 'reset', 'ann', '--code'], 0)));
  assert.equal(sql("SELECT count(*) FROM account WHERE totp IS NOT NULL")[0][0], 0);
  assert.deepEqual(sql('SELECT purpose, account FROM one_time WHERE account = 2'), [['reset', 2]]);
  assert.ok(address(says(['account', 'reset', 'new'], 0)));
  assert.deepEqual(sql('SELECT purpose FROM one_time WHERE account = 3'), [['invitation']]);
  assert.match(says(['account', 'reset', 'anne'], 65), /did you mean 'ann'/);
});

await test('account: an end is for good, and never of the last administrator', () => {
  assert.match(says(['account', 'end', 'sam'], 65), /only administrator/);
  assert.match(says(['account', 'end', 'ann'], 0), /never sign in again/);
  assert.match(says(['account', 'end', 'ann'], 65), /ended already/);
  assert.match(says(['account', 'reset', 'ann'], 65), /for good/);
  assert.match(says(['account', 'list'], 0), /^ann +organiser +ended/m);
  assert.equal(sql('SELECT count(*) FROM one_time WHERE account = 2')[0][0], 0);
});

await test('account: slips at the keyboard are told', () => {
  assert.match(says(['account', 'rest', 'ann'], 64), /did you mean 'reset'/);
  assert.match(says(['account', 'end'], 64), /takes one name/);
  assert.match(says(['account', 'list', 'ann'], 64), /no other word/);
  assert.match(says(['account', 'end', 'new', '--code'], 64), /'account reset' alone/);
  assert.match(says(['account', 'end', 'new', '--cod'], 64), /soundings/);
  assert.match(says(['account'], 64), /^usage: /);
  assert.match(says(['account', '--help'], 0), /^usage: /);
});

const head = join(scratch(), 'head');
await test('audit: it is whole; its head is signed', () => {
  assert.match(says(['audit', 'verify'], 0), /as it was written/);
  writeFileSync(head, says(['audit', 'head'], 0));
  assert.match(readFileSync(head, 'utf8'), /^soundings-signed 1 audithead [0-9a-f]{128}\n\{"hash":"[0-9a-f]{64}","number":\d+\}\n$/);
  instance.event('--open');
  assert.match(says(['audit', 'verify', '--head', head, '--head', head], 0), /as it was written/);
});

/** A copy of the instance in which SQL was run. */
const tampered = (text) => {
  const dir = join(scratch(), 'copy');
  cpSync(instance.dir, dir, { recursive: true, verbatimSymlinks: true });
  sql(text, join(dir, 'office/office.db'));
  return (args, expected) => { const { stdout, stderr } = instance.cli(['--instance', dir, ...args], { expected }); return stdout + stderr; };
};

await test('audit: what was changed, taken out, put elsewhere or cut off is found', () => {
  for (const text of ["UPDATE audit SET actor = 'ann' WHERE number = 3", 'DELETE FROM audit WHERE number = 3', 'UPDATE audit SET number = 100000 - number WHERE number IN (3, 4)', 'DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)']) {
    const says = tampered(text);
    assert.match(says(['audit', 'verify'], 65), /not as it was written: line \d+/, text);
    says(['audit', 'head'], 65);
  }
});

await test('audit: what looks whole by itself is found by the head', () => {
  for (const text of ['DELETE FROM audit WHERE number > 3; DELETE FROM audit_tip; INSERT INTO audit_tip SELECT number, hash FROM audit WHERE number = 3', 'DELETE FROM audit; DELETE FROM audit_tip']) {
    const says = tampered(text);
    says(['audit', 'verify'], 0);
    assert.match(says(['audit', 'verify', '--head', head], 65), /does not hold the line \d+/, text);
  }
});

await test('audit: a head that is none, or another\'s, proves nothing', async () => {
  const other = join(scratch(), 'head');
  const text = readFileSync(head, 'utf8');
  for (const [bad, message] of [['', /no head/], [text.replace(/"number":\d+/, '"number":1'), /not signed by this instance/], [text.replace('audithead', 'manifest'), /not signed/], [text.slice(0, -1), /not signed/]]) {
    writeFileSync(other, bad);
    assert.match(says(['audit', 'verify', '--head', other], 65), message);
  }
  const stranger = await Instance.make();
  stranger.event('--open');
  writeFileSync(other, stranger.cli(['audit', 'head']).stdout);
  assert.match(says(['audit', 'verify', '--head', other], 65), /not signed by this instance/);
  says(['audit', 'verify', '--head', join(scratch(), 'nowhere')], 66);
});

await test('restore: nobody is signed in, and no address works; accounts are as they were, and the audit is whole', () => {
  sql("INSERT INTO session VALUES (zeroblob(32), 7, 1, 'full', 1, 1, 1)");
  const folder = scratch();
  instance.cli(['backup', folder]);
  const recovery = readdirSync(instance.dir).find((name) => name.startsWith('recovery-'));
  sql("UPDATE account SET state = 'ended', password = NULL, version = 2, mark = 2 WHERE name = 'sam'; UPDATE account SET role = 'administrator', state = 'active', password = 'y', version = 2, mark = 2 WHERE name = 'new'");
  instance.cli(['restore', join(folder, readdirSync(folder)[0]), '--recovery', join(instance.dir, recovery)]);
  assert.equal(sql('SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM one_time) + (SELECT count(*) FROM throttle)')[0][0], 0);
  assert.match(says(['account', 'list'], 0), /^sam +administrator +ended/m);
  assert.match(says(['account', 'list'], 0), /^new +administrator +active/m);
  assert.match(says(['audit', 'verify', '--head', head], 0), /as it was written/);
});

await finish();
