// kiosk-guide.test.mjs: what kiosk-config/GUIDE.md tells somebody to type is there to be typed, what it quotes from a page stands on one, its pictures
// are there, and it is a page. That the commands do what it says is kiosk-install.test.mjs's.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { cli, finish, root, test } from '../harness.mjs';

const read = (name) => readFileSync(join(root, 'kiosk-config', name), 'utf8');
const guide = read('GUIDE.md');
const installer = join(root, 'kiosk-config/install');
const usage = spawnSync(installer, ['--help'], { encoding: 'utf8' }).stdout;

/** Commands in blocks and in single quotes of code, options that stand alone aside. */
const commands = [...guide.matchAll(/^ {4,7}(\S.*)$/gm), ...guide.matchAll(/`([a-z][^`\n]* [^`\n]*|soundings-[a-z]+)`/g)].map(([, line]) => line.trim()).filter((line) => !line.startsWith('<'));

await test('guide: every command in it exists', () => {
  assert(commands.length >= 9, commands.join('\n'));
  for (const command of commands) {
    const [program, ...words] = command.split(' ');
    if (program === 'soundings') {
      const plain = words.filter((word) => !word.startsWith('/') && !word.startsWith('-'));
      assert(cli([plain[0], '--help']).stdout.includes(plain.join(' ')), command);
    } else if (program === 'soundings-stick') {
      assert.match(read('install.d/steps.sh'), /put "\$HERE\/stick" \/usr\/sbin\/soundings-stick 755/);
      assert(statSync(join(root, 'kiosk-config/stick')).mode & 0o111);
    } else if (program === 'soundings/kiosk-config/install') {
      assert(statSync(installer).mode & 0o111);
      for (const word of words) assert(usage.includes(word), `${command}: ${word}`);
    } else {
      assert.match(command, /^(make run|systemctl reboot|apt-get install -y git|git clone ADDRESS soundings)$/);
    }
  }
  for (const [, option] of guide.matchAll(/`(--[a-z-]+)`/g)) assert(usage.includes(option), option);
});

await test('guide: what it quotes from the kiosk stands there', () => {
  const words = readFileSync(join(root, 'forms/strings/en.yaml'), 'utf8');
  for (const quoted of ['Staff', 'Start again', 'Are you still there?', 'This kiosk is not ready yet', 'Staff: choose the event']) {
    assert(guide.includes(quoted), quoted);
    assert(words.includes(quoted), quoted);
  }
  // The second entry of the boot menu.
  assert.match(guide, /recovery mode/);
  assert.match(read('machine/etc/default/grub.d/soundings-kiosk.cfg'), /^GRUB_DISABLE_RECOVERY=true$/m);
  assert.match(read('machine/etc/grub.d/11_soundings'), /recovery mode/);
  assert.match(read('stick'), /On the hub: soundings spool salvage answers-\$number\/spool\.db/);
});

await test('guide: its pictures are there, each with words for those who do not see it; and it is a page', () => {
  const pictures = [...guide.matchAll(/<img src="([^"]+)"[^>]* alt="([^"]+)"/g)];
  assert(pictures.length >= 2);
  for (const [, name, words] of pictures) {
    assert(existsSync(join(root, 'kiosk-config', name)), name);
    assert(words.length > 40, name);
  }
  assert(guide.length < 7000 && guide.split('\n').length < 110, `${guide.length} signs, ${guide.split('\n').length} lines`);
});

await test('guide: the README beside it names every folder and file of kiosk-config', () => {
  const readme = read('README.md');
  for (const name of readdirSync(join(root, 'kiosk-config'))) if (name !== 'README.md') assert(readme.includes(name), name);
});

await finish();
