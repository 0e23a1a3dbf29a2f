// command.test.mjs: mistakes at the command line and in the files that people write: each is told in a line that says where, what and
// how to mend it, with an exit code of sysexits(3), and changes nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, atEnd, build, cli, finish, root, scratch, test } from '../harness.mjs';

const USAGE = 64, DATA = 65, NOINPUT = 66, CANTCREAT = 73, NOPERM = 77, CONFIG = 78;
const instance = await Instance.make();
const code = instance.event('--practice');
const ordinary = instance.event('--open');
const near = `${code.slice(0, 5)}${code[5] === 'Z' ? 'Y' : 'Z'}`;
const work = scratch();
const advised = instance.command;

/** What nothing may change. */
const state = () => instance.office('SELECT serial, (SELECT count(*) FROM event), (SELECT count(*) FROM form_version), (SELECT count(*) FROM audit) FROM meta');
const before = state();

/** One line on standard error, beginning with who says it. */
const told = ({ stdout, stderr }, message) => {
  assert.equal(stdout, '', 'nothing on standard output');
  if (message instanceof RegExp) {
    assert.match(stderr, /^soundings: [^\n]+\n$/, `one line: ${stderr}`);
    assert.match(stderr, message);
  } else {
    assert.equal(stderr, `soundings: ${message}\n`);
  }
};

// ---- words ------------------------------------------------------------------------------------------------------------

const outside = [
  ['an unknown command', ['evnt'], USAGE, "there is no command 'evnt'; did you mean 'event'?"],
  ['a command like none', ['xyzzy'], USAGE, "there is no command 'xyzzy'; 'soundings --help' lists them"],
  ['an unknown option before the command', ['--instanc', '.', 'doctor'], USAGE, "before the command there is no option '--instanc'; did you mean '--instance'?"],
  ['no folder behind --instance', ['--instance'], USAGE, '--instance needs the folder of an instance after it'],
  ['an instance that is not there', ['--instance', '/nowhere', 'doctor'], NOINPUT, 'there is no instance in /nowhere; make one with: soundings init /nowhere'],
  ['init with an unknown option', ['init', '--fomrs', 'x', join(work, 'new')], USAGE, "'soundings init' has no option '--fomrs'; did you mean '--forms'?"],
  ['init with a port that is none', ['init', '--port', '70000', join(work, 'new')], USAGE, "--port takes a number from 1 to 65535, not '70000'"],
  ['init where something is', ['init', work], CANTCREAT, `${work} is there already and not empty; nothing was changed`],
];
writeFileSync(join(work, 'something'), '');
for (const [name, args, expected, message] of outside)
  await test(`command: ${name}`, () => told(cli(args, { expected }), message));

const inside = [
  ['event: an unknown command', ['event', 'opn', code], USAGE, "'soundings event' has no command 'opn'; did you mean 'open'?"],
  ['form: an unknown command', ['form', 'pubish', 'x'], USAGE, "'soundings form' has no command 'pubish'; did you mean 'publish'?"],
  ['an unknown option', ['event', 'add', '--titel', 'x'], USAGE, "'soundings event add' has no option '--titel'; did you mean '--title'?"],
  ['an unknown option with a value', ['event', 'add', '--titel=x'], USAGE, "'soundings event add' has no option '--titel'; did you mean '--title'?"],
  ['an option like none', ['event', 'add', '--title', 'x', '--wibble'], USAGE, "'soundings event add' has no option '--wibble'; 'soundings event add --help' lists them"],
  ['an unknown letter', ['event', 'add', '-t', 'x'], USAGE, "'soundings event add' has no option '-t'; 'soundings event add --help' lists them"],
  ['an option without its value', ['event', 'add', '--title'], USAGE, "--title needs a value after it; 'soundings event add --help' shows one"],
  ['an option with a value that takes none', ['event', 'add', '--title', 'x', '--practice=no'], USAGE, "--practice takes no value; 'soundings event add --help' says what it does"],
  ['a word too many', ['event', 'add', '--title', 'x', 'y'], USAGE, "'y' is not an option of 'event add'; 'soundings event --help' lists them"],
  ['an event without a title', ['event', 'add'], USAGE, 'an event needs a title: --title "Community Conversation, Slough"'],
  ['an unknown Area', ['event', 'add', '--title', 'x', '--area', 'wesex'], USAGE, "'wesex' is not an Area in forms/organisation.yaml: did you mean 'wessex'?"],
  ['an Area like none', ['event', 'add', '--title', 'x', '--area', 'atlantis'], USAGE, /^soundings: 'atlantis' is not an Area in forms\/organisation.yaml: it has [a-z, -]*\bwessex\b/],
  ['an unknown programme', ['event', 'add', '--title', 'x', '--programme', 'comunity-conversation'], USAGE, "'comunity-conversation' is not a programme in forms/organisation.yaml: did you mean 'community-conversation'?"],
  ['an unknown form', ['event', 'add', '--title', 'x', '--form', 'community-conversatoin'], DATA, "no form is published that is called 'community-conversatoin'; did you mean 'community-conversation'?"],
  ['an unknown second form', ['event', 'add', '--title', 'x', '--form', 'community-conversation', '--form', 'xyzzy'], DATA, "no form is published that is called 'xyzzy'; '" + advised + " form list' shows what is"],
  ['an unknown language', ['event', 'add', '--title', 'x', '--languages', 'en,en-x-esy'], USAGE, "'en-x-esy' is not a language in community-conversation: did you mean 'en-x-easy'?"],
  ['a language like none', ['event', 'add', '--title', 'x', '--languages', 'pl'], USAGE, "'pl' is not a language in community-conversation: it has en, ar, cy, en-x-easy"],
  ['a list of languages that is none', ['event', 'add', '--title', 'x', '--languages', 'en,,cy'], USAGE, "--languages is a list like en,cy,en-x-easy, not 'en,,cy'"],
  ...['2026-13-01', '2027-02-29', '21/11/2026', 'tomorrow', ''].map((date) => [`a date that is none: "${date}"`, ['event', 'add', '--title', 'x', '--date', date], USAGE, `--date is a day like 2026-11-21, not '${date}'`]),
  ...[['event', 'show'], ['event', 'open'], ['event', 'close'], ['event', 'release'], ['qr'], ['export']].map((verb) => [`${verb.join(' ')}: an unknown code`, [...verb, near], DATA, `there is no event with the code '${near}'; did you mean '${code}'?`]),
  ['a code like none', ['event', 'show', '222222'], DATA, "there is no event with the code '222222'; '" + advised + " event list' shows them"],
  ['close: an unknown option', ['event', 'close', ordinary, '--noow'], USAGE, "'soundings event close' has no option '--noow'; did you mean '--now'?"],
  ['release of an open event', ['event', 'release', ordinary], DATA, `close the event first: ${advised} event close ${ordinary}; its 24 hours of grace over, or ended with --now, it can be released`],
  ['release of a practice event', ['event', 'release', code], DATA, `${code} is a practice event: it is exported as it is, and never released`],
  ['qr: an unknown format', ['qr', code, '--format', 'gif'], USAGE, "--format is svg, png or text, not 'gif'"],
  ['qr: a folder that is not there', ['qr', code, '-o', '/nowhere/x'], NOINPUT, '/nowhere/x cannot be written: there is no such thing'],
  ['export before release', ['export', ordinary, '--format', 'json'], NOPERM, `${ordinary} has not been released: responses leave the office only after '${advised} event release ${ordinary}'`],
  ['export: an unknown format', ['export', code, '--format', 'xls'], USAGE, "--format is csv or json, not 'xls'"],
  ['export: an unknown option', ['export', code, '--fromat', 'csv'], USAGE, "'soundings export' has no option '--fromat'; did you mean '--format'?"],
  ['export: a form that the event does not ask', ['export', code, '--form', 'other'], DATA, `${code} does not ask the form 'other'; '${advised} event show ${code}' says which it asks`],
  ['export: two lists and one place', ['export', code, '--format', 'csv'], USAGE, 'a practice event gives two lists, which do not fit into one CSV: name a file with -o FILE, or take --format json'],
  ['qr: a folder for a file', ['qr', code, '-o', work], CANTCREAT, `${work} is a folder; name a file in it`],
  ['export: a folder for a file', ['export', code, '--format', 'json', '-o', work], CANTCREAT, `${work} is a folder; name a file in it`],
  ['backup --check: a folder', ['backup', '--check', work], NOINPUT, `${work} is a folder; name a backup in it`],
  ['backup --drill: a folder', ['backup', '--drill', work], NOINPUT, `${work} is a folder; name a backup in it`],
  ['restore: a folder', ['restore', work], NOINPUT, `${work} is a folder; name a backup in it`],
  ['--recovery: a folder', ['key', 'recover', '--recovery', work], NOINPUT, `${work} is a folder; name the file in it that holds the recovery key`],
  ['key sheet: a folder', ['key', 'sheet', '-o', work], CANTCREAT, `${work} is a folder; name a file for the sheet`],
  ['key shares: into a folder that is not there', ['key', 'shares', '-o', join(work, 'none/deeper')], CANTCREAT, `the folder that ${work}/none/deeper would be made in is not there: make it, or name another`],
  ['key shares: a file', ['key', 'shares', '-o', join(instance.dir, 'soundings.conf')], CANTCREAT, `${instance.dir}/soundings.conf is a file; name a folder, for there are three sheets`],
  ['run: an unknown option', ['run', '--prot', '8080'], USAGE, "'soundings run' has no option '--prot'; did you mean '--port'?"],
  ['run: a port that is none', ['run', '--port', 'http'], USAGE, "--port takes a number from 1 to 65535, not 'http'"],
];
for (const [name, args, expected, message] of inside)
  await test(`command: ${name}`, () => {
    told(instance.cli(args, { expected, cwd: work }), message);
    assert.deepEqual(state(), before, 'nothing was changed');
  });

await test('command: without a word, and with one too few: how it is used, on standard error', () => {
  for (const args of [[], ['event'], ['event', 'open'], ['form'], ['form', 'check'], ['qr'], ['export'], ['doctor', 'x']]) {
    const { stdout, stderr } = instance.cli(args, { expected: USAGE });
    assert.equal(stdout, '');
    assert.match(stderr, /^usage: soundings /, args.join(' '));
  }
});

await test('command: each command knows --help, and it is no failure', () => {
  for (const args of [[], ['init'], ['run'], ['form'], ['form', 'publish'], ['event'], ['event', 'add'], ['qr'], ['export'], ['doctor']]) {
    const { stdout, stderr } = cli([...args, '--help']);
    assert.equal(stderr, '');
    assert.match(stdout, /^usage: soundings /, args.join(' '));
  }
});

// ---- forms ------------------------------------------------------------------------------------------------------------

/** A forms folder of its own. */
const forms = (() => {
  let number = 0;
  return () => {
    const folder = join(work, `forms-${++number}`);
    cpSync(join(root, 'forms'), folder, { recursive: true });
    return folder;
  };
})();

/** [name, file, what is found there, what takes its place, the place of the fault in that, rule, message]. */
const faults = [
  ['broken YAML: a bracket', 'form.yaml', 'time: 3 minutes\n', 'time: [3 minutes\n', 'privacy:', 'syntax', /^this is not YAML that can be read \(.*\): check the indentation/],
  ['broken YAML: a quote', 'form.yaml', 'time: 3 minutes\n', 'time: "3 minutes\n', null, 'syntax', /check the indentation/],
  ['broken YAML: indentation', 'form.yaml', '    title: Today\n', '   title: Today\n', '   title: Today', 'syntax', /check the indentation/],
  ['a tab', 'form.yaml', '  - page: today', '\t- page: today', '\t- page', 'tab', /use spaces/],
  ['an unknown key', 'form.yaml', '    title: Today', '    titel: Today', 'titel', 'unknown-key', /^unknown key "titel": did you mean "title"\?/],
  ['an unknown key of a question', 'form.yaml', 'label: What did you learn', 'lable: What did you learn', 'lable', 'unknown-key', /did you mean "label"\?/],
  ['a key like none', 'form.yaml', 'safety: exit-page', 'wibble: exit-page', 'wibble', 'unknown-key', /^unknown key "wibble": the keys that may stand here are form, title, time/],
  ['a key twice', 'form.yaml', 'time: 3 minutes\n', 'time: 3 minutes\ntime: 4 minutes\n', 'time: 4', 'duplicate-key', /stands here already, in line \d+: keep one/],
  ['an anchor', 'form.yaml', 'time: 3', 'time: &x 3', '&x', 'anchor', /write the text out/],
  ['an unknown question in an expression', 'form.yaml', "relevant: \"${easy} = 'hard'", "relevant: \"${esay} = 'hard'", '${esay}', 'unknown-question', /^relevant: There is no answer called \$\{esay\} to use here: did you mean \$\{easy\}\?/],
  ['an unknown question, like none', 'form.yaml', "relevant: \"${easy} = 'hard'", "relevant: \"${xyzzy} = 'hard'", '${xyzzy}', 'unknown-question', /write the name of another question/],
  ['an unknown choice in an expression', 'form.yaml', "= 'hard' or", "= 'hrad' or", "'hrad'", 'bad-expression', /No choice of \$\{easy\} is called 'hrad'/],
  ['an expression that is none', 'form.yaml', "= 'hard' or", "= = 'hard' or", "= 'hard'", 'bad-expression', /Something is missing here/],
  ['a question that is asked later', 'form.yaml', '        use: scales/ease\n', "        use: scales/ease\n        relevant: \"${helped} = 'no'\"\n        relevant_when: Answer this if nobody helped you.\n", '${helped}', 'later-question', /move "easy" down/],
  ['an unknown type', 'form.yaml', 'type: select_multiple learned', 'type: select_multipel learned', 'select_multipel', 'unknown-type', /did you mean "select_multiple"\?/],
  ['an unknown list', 'form.yaml', 'type: select_multiple learned', 'type: select_multiple lerned', 'select_multiple lerned', 'unknown-list', /no list is called "lerned": did you mean "learned"\?/],
  ['an unknown question of the library', 'form.yaml', 'use: scales/ease', 'use: scales/eaze', 'scales/eaze', 'unknown-question', /library\/scales.yaml has no question "eaze": did you mean "ease"\?/],
  ['an unknown hole', 'form.yaml', '{organisation} decides', '{organization} decides', null, 'unknown-hole', /the page cannot fill \{organization\}: it knows \{event\}/],
  ['a value that is none', 'form.yaml', 'safety: exit-page', 'safety: exit', 'exit\n', 'bad-value', /write none or exit-page/],
  ['a name that is none', 'form.yaml', 'form: community-conversation', 'form: CC', 'CC', 'bad-name', /"CC" cannot name a form: write 1 to 32 lower-case letters/],
  ['a translation of nothing', 'cy.yaml', 'overall.label:', 'overal.label:', 'overal.label', 'unknown-path', /did you mean "overall.label"\?/],
];

for (const [name, file, sought, instead, at, rule, message] of faults)
  await test(`command: form: ${name}: with its line`, () => {
    const folder = join(forms(), 'community-conversation'), path = join(folder, file), was = readFileSync(path, 'utf8');
    assert(was.includes(sought), `${sought} is in ${file}`);
    const text = was.replace(sought, () => instead);
    writeFileSync(path, text);
    const found = JSON.parse(instance.cli(['form', 'check', folder, '--json'], { expected: DATA }).stdout);
    {
      const { stderr, stdout } = instance.cli(['form', 'publish', folder], { expected: DATA });
      assert.equal(stdout, '');
      const lines = stderr.split('\n').filter((line) => line.startsWith(`${path}:`) && line.endsWith(` [${rule}]`));
      assert.equal(lines.length, 1, stderr);
      const [, line, column, said] = lines[0].slice(path.length).match(/^:(\d+):(\d+): (.*) \[/);
      assert.match(said, message);
      if (at !== null) {
        const start = text.indexOf(at, text.indexOf(instead)), above = text.slice(0, start).split('\n');
        assert.equal(Number(line), above.length, 'the line');
        assert(Math.abs(Number(column) - (above.at(-1).length + 1)) <= 12, `column ${column}: near ${above.at(-1).length + 1}`);
      } else {
        assert(Number(line) >= text.slice(0, text.indexOf(instead)).split('\n').length, 'the line, or a later one');
      }
      assert.match(stderr, /^soundings: .* cannot be published until \d+ errors? (is|are) mended$/m);
      const same = found.filter((finding) => finding.file === path && finding.rule === rule);
      assert.equal(same.length, 1);
      assert.deepEqual([same[0].level, String(same[0].line), String(same[0].column), same[0].message], ['error', line, column, said]);
      const report = instance.cli(['form', 'check', folder], { expected: DATA }).stdout;
      assert(report.includes(`\n${path}\n\n`) || report.startsWith(`${path}\n\n`), report);
      assert(report.includes(`  error: ${rule}\n`) && report.includes(`\n    ${line}:${column} `), report);
      assert(report.includes('    Why      ') && report.includes('    Better   '));
    }
    assert.deepEqual(state(), before, 'nothing was published');
  });

await test('command: form: invalid UTF-8 and a NUL in it: with the line', () => {
  for (const byte of ['\xff', '\0']) {
    const folder = join(forms(), 'community-conversation'), path = join(folder, 'form.yaml'), was = readFileSync(path, 'latin1');
    writeFileSync(path, was.replace('Hate crime', `Hate ${byte}crime`), 'latin1');
    const { stderr } = instance.cli(['form', 'publish', folder], { expected: DATA });
    const line = was.slice(0, was.indexOf('Hate crime')).split('\n').length;
    assert(stderr.startsWith(`${path}:${line}: this line is not UTF-8 text, or holds a NUL: save the file as UTF-8 and write the line again [not-utf8]\n`), stderr);
  }
  assert.deepEqual(state(), before);
});

await test('command: form: a folder without English', () => {
  const without = join(forms(), 'community-conversation'), path = join(without, 'form.yaml');
  rmSync(path);
  for (const verb of ['check', 'publish']) {
    const { stderr } = instance.cli(['form', verb, without], { expected: NOINPUT });
    assert(stderr.includes(`${path}: the folder has no form.yaml: name the folder of one form, or write it there, in English [missing-english]\n`), stderr);
  }
  const other = join(forms(), 'community-conversation');
  renameSync(join(other, 'form.yaml'), join(other, 'en.yaml'));
  assert.match(instance.cli(['form', 'publish', other], { expected: NOINPUT }).stderr, /en.yaml: the English stands in form.yaml: put its words there \[unknown-file\]/);
  const empty = join(work, 'empty');
  mkdirSync(empty);
  assert.match(instance.cli(['form', 'publish', empty], { expected: NOINPUT }).stderr, /missing-english/);
  assert.deepEqual(state(), before);
});

await test('command: form: a folder that is not there, and one that is none', () => {
  for (const folder of [join(work, 'nowhere'), '', join(work, 'something')]) {
    for (const verb of ['check', 'publish']) {
      const { stdout, stderr } = instance.cli(['form', verb, folder], { expected: NOINPUT });
      assert.equal(stdout, '');
      assert(stderr.startsWith(`${folder}: there is no such folder: write the path of the folder that form.yaml is in [missing-folder]\n`), stderr);
    }
  }
});

await test('command: form: the page strings and the organisation beside it are checked too', () => {
  for (const [file, found, instead, message] of [
    ['strings/en.yaml', '\nsend: ', '\nsedn: ', /strings\/en.yaml:\d+:1: unknown key "sedn": did you mean "send"\?/],
    ['strings/cy.yaml', '\nback: Yn ôl', '\nback: "Yn {ol}"', /strings\/cy.yaml:\d+:\d+: .*\{ol\}/],
    ['organisation.yaml', '\nareas:', '\naeras:', /organisation.yaml:\d+:1: unknown key "aeras": did you mean "areas"\?/],
  ]) {
    const folder = forms(), path = join(folder, file), was = readFileSync(path, 'utf8');
    assert(was.includes(found), file);
    writeFileSync(path, was.replace(found, instead));
    assert.match(instance.cli(['form', 'publish', join(folder, 'community-conversation')], { expected: DATA }).stderr, message);
  }
  assert.deepEqual(state(), before);
});

// ---- settings ---------------------------------------------------------------------------------------------------------

const conf = join(instance.dir, 'soundings.conf'), settings = readFileSync(conf, 'utf8');
const line = settings.split('\n').length, portLine = settings.split('\n').findIndex((text) => text.startsWith('port = ')) + 1;
for (const [name, added, column, message] of [
  ['an unknown key', 'wrokers = 3', 1, 'there is no key "wrokers"; did you mean "workers"? [unknown-key]'],
  ['a key like none', 'xyzzy = 3', 1, 'there is no key "xyzzy"; soundings.conf(5) lists them [unknown-key]'],
  ['a value that is none', 'workers = many', 11, 'workers cannot be "many": give a whole number from 1 to 64 [bad-value]'],
  ['a value out of range', 'spool_wait_ms = 9001', 17, 'spool_wait_ms cannot be "9001": give a whole number from 100 to 9000 [bad-value]'],
  ['a word that is none', 'mode = kisok', 8, 'mode cannot be "kisok": give phone or kiosk [bad-value]'],
  ['a key twice', 'port = 8081', 1, `"port" stands in line ${portLine} already: keep one of the two [repeated-key]`],
  ['no value', 'workers', 1, 'write "key = value", or begin the line with # to make it a comment [no-value]'],
])
  await test(`command: soundings.conf: ${name}: every program says so and does not start`, () => {
    writeFileSync(conf, `${settings}${added}\n`);
    const { stdout, stderr } = instance.cli(['event', 'list'], { expected: CONFIG });
    assert.equal(stdout, '');
    assert.equal(stderr, `${conf}:${line}:${column}: ${message}\n`);
    assert(instance.cli(['run'], { expected: CONFIG }).stderr.endsWith(`soundings.conf:${line}:${column}: ${message}\n`));
  });
writeFileSync(conf, settings);

await test('command: after all of this the instance is as it was', () => {
  assert.deepEqual(state(), before);
  assert.equal(instance.cli(['event', 'list']).stdout.match(/^[2-9A-Z]{6} /gm).length, 2);
});

// ---- an instance that is not whole ------------------------------------------------------------------------------------

/** A copy of the instance in which one file is missing ("") or holds TEXT. */
const broken = (file, text) => {
  const dir = join(mkdtempSync(join(work, 'broken-')), 'instance');
  cpSync(instance.dir, dir, { recursive: true, verbatimSymlinks: true });
  if (text === undefined) rmSync(join(dir, file));
  else writeFileSync(join(dir, file), text);
  return dir;
};
const backup = instance.cli(['backup']).stdout.match(/: (\/.*\.backup)$/m)[1];
const recovery = join(instance.dir, readdirSync(instance.dir).find((name) => name.startsWith('recovery-')));

for (const [file, meaning, mend] of [
  ['front/root.pub', 'without it no key and no catalogue can be checked', 'restore'],
  ['keys/content.secret', 'without it nothing can be published or backed up', 'key recover'],
  ['keys/keyset', 'without it nobody knows which keys are in use', 'restore'],
  ['office/office.db', 'it holds the events, the forms and every response', 'restore'],
]) {
  for (const text of [undefined, 'no such thing as this']) {
    await test(`command: ${file} ${text === undefined ? 'missing' : 'damaged'}: doctor says so, goes on, and what it advises mends it`, () => {
      const dir = broken(file, text);
      const said = cli(['--instance', dir, 'doctor'], { expected: null });
      assert.equal(said.status, 69, said.stdout + said.stderr);
      assert(!said.stdout.includes('there is no such thing'));
      const [, state, command] = said.stdout.match(new RegExp(`^BAD {3}${dir}/${file} (.*)\\n {6}(soundings .*)$`, 'm')) ?? assert.fail(said.stdout);
      assert(state.includes(meaning), state);
      assert.match(said.stdout, /^ok {4}keys is private$/m);
      assert.match(said.stdout, /the recovery file is still on this machine/);
      assert.match(said.stdout, /% of the disk is free$/m);
      assert.match(said.stdout, /\d+ bad, \d+ to look at\n$/);
      assert(command.startsWith(`soundings --instance ${dir} ${mend}`), command);
      if (mend === 'restore') assert.match(command, /backups\/\S+\.backup --recovery FILE$/, 'the newest backup that is there');
      // Any other command names the same part and the same command.
      const other = cli(['--instance', dir, 'event', 'list'], { expected: null });
      assert.notEqual(other.status, 0);
      assert(other.stderr.includes(`${dir}/${file} `) && other.stderr.includes(command), other.stderr);
      const words = command.replace('soundings ', '').replace(/FILE$/, recovery).split(' ');
      cli(words);
      assert.equal(cli(['--instance', dir, 'event', 'list']).stdout, instance.cli(['event', 'list']).stdout);
    });
  }
}

await test('command: key recover without what it cannot mend says what does', () => {
  const dir = broken('front/root.pub');
  const { stderr } = cli(['--instance', dir, 'key', 'recover', '--recovery', recovery], { expected: NOINPUT });
  assert.equal(stderr, `soundings: ${dir}/front/root.pub is missing, and this command cannot mend that: soundings --instance ${dir} restore FILE --recovery FILE\n`);
});

await test('command: at a terminal there are sentences alone, in a journal the log too', () => {
  const dir = broken('office/office.db', 'no database');
  const piped = cli(['--instance', dir, 'event', 'list'], { expected: null });
  assert.match(piped.stderr, /^level=error program=soundings event=office\.refused/m);
  const typed = spawnSync('script', ['-qec', `${join(build, 'soundings')} --instance ${dir} event list`, '/dev/null'], { encoding: 'utf8' });
  assert.match(typed.stdout, /office\.db is damaged/);
  assert.doesNotMatch(typed.stdout, /level=/);
});

await test('command: a spool alone: restore is advised; nothing at all: init', () => {
  const dir = join(work, 'spool-alone');
  mkdirSync(join(dir, 'spool'), { recursive: true });
  const { stderr } = cli(['--instance', dir, 'doctor'], { expected: NOINPUT });
  assert.match(stderr, /holds a spool, but no instance any more.*: soundings --instance \S+ restore FILE --recovery FILE$/m);
});

await test('command: an instance of somebody else is not called missing', () => {
  if (process.getuid() !== 0) return; // another user is needed who can be told apart
  const there = mkdtempSync('/tmp/soundings-others-');
  atEnd(() => rmSync(there, { recursive: true }));
  chmodSync(there, 0o755);
  cpSync(instance.dir, join(there, 'instance'), { recursive: true });
  cpSync(join(build, 'soundings'), join(there, 'soundings'));
  chmodSync(join(there, 'instance'), 0o700);
  for (const words of [['doctor'], ['event', 'list'], ['backup', '--list']]) {
    const { stderr, status } = spawnSync(join(there, 'soundings'), ['--instance', join(there, 'instance'), ...words], { uid: 65534, gid: 65534, cwd: '/', encoding: 'utf8' });
    assert.equal(status, NOPERM, stderr);
    assert.equal(stderr, `soundings: you may not read ${there}/instance: run this as its owner (root)\n`);
  }
});

await finish();
