// kiosk.mjs: a whole kiosk, from an empty disk: Debian 12, kiosk-config/install, its own GRUB, a screen that is looked at and touched in QEMU. Staff
// choose the event, somebody answers, the power is cut after the thank-you; the machine comes back by itself, on its event, and the hub files what
// was answered. What no other test has: kernel, boot menu, read-only root, logind, the units as systemd starts them, cage on a screen.
//
// Needs root, QEMU, debootstrap and Debian's packages from where this machine has its own from; takes a quarter of an hour without a processor that QEMU
// can hand on (make kiosk-boot). SHOTS=FOLDER: a picture of every step. The screen is read by its colours (static/css/_colours.scss, light).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, readSync, rmSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Instance, atEnd, build, finish, root, scratch, sleep, test, until } from '../harness.mjs';

assert.equal(process.getuid(), 0, 'this test makes disks and file systems: it needs root');
const work = scratch(), debian = join(work, 'debian'), disk = join(work, 'disk.img'), shots = process.env.SHOTS;
const SECTOR = 512, FIRST = 2048, ROOT_SECTORS = 14 << 20, DISK_BYTES = 8 * 2 ** 30;
const WIDTH = 1280, HEIGHT = 800, PIN = '47110815';
if (shots) mkdirSync(shots, { recursive: true });

const must = (command, ...args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? status}\n${stdout}${stderr}`);
  return stdout;
};

// ---- a disk with Debian on it, as its installer would leave it ---------------------------------------------------------------------------

const hub = await Instance.make({ conf: { batch_min: 1 } });
const event = hub.event('--open');

/** What happens at the first start, in the machine itself: boot loader, swap, and our own installer, twice. */
const firstStart = `#!/bin/sh
systemctl disable first.service
grub-install --target=i386-pc /dev/vda && update-grub || echo FAILED
mkswap -q /dev/vda2
echo "UUID=$(blkid -o value -s UUID /dev/vda2) none swap sw 0 0" >>/etc/fstab
swapon -a
/root/soundings/kiosk-config/install kiosk --yes --programs /root/soundings/build/release --pack /root/pack
echo "first run ended with $?"
/root/soundings/kiosk-config/install kiosk --yes --programs /root/soundings/build/release
echo "second run ended with $?"
# At this start there is no USB at all, which usbguard takes for a fault.
systemctl reset-failed 'usbguard*'
printf '${PIN}\\n' | soundings --instance /var/lib/soundings kiosk pin
grep -e vmlinuz -e superusers /boot/grub/grub.cfg
systemctl --failed --no-pager --plain
echo MADE
poweroff
`;
/** In the running kiosk: what whoever breaks out of the browser could reach from where it is, and that the same can be reached from elsewhere. */
const witness = `#!/bin/bash
until pid=$(pgrep -u kiosk -o chromium); do sleep 2; done
group=$(cut -d: -f3 /proc/$pid/cgroup)
echo "browser in $group"
ip link add dummy0 type dummy; ip address add 192.0.2.1/24 dev dummy0; ip link set dummy0 up
try() {
	(echo >/dev/udp/192.0.2.9/9) 2>/dev/null && echo "$1: another machine" || echo "$1: no other machine"
	dd if=/dev/vda of=/dev/null count=1 status=none 2>/dev/null && echo "$1: the disk" || echo "$1: no disk"
	curl -s -o /dev/null http://127.0.0.1:8080/ && echo "$1: its own pages"
}
try outside
(echo $BASHPID >/sys/fs/cgroup$group/cgroup.procs && try inside)
echo "root is $(findmnt -no FSTYPE /)"
touch /root/by-kiosk && sync && echo WITNESSED
`;
/** Under the second line of the boot menu. */
const care = `#!/bin/bash
echo "root is $(findmnt -no FSTYPE,OPTIONS /)"
echo "people's: $(findmnt -no FSTYPE,OPTIONS /var/lib/soundings)"
echo "screen: $(systemctl is-active soundings-session), guard of sticks: $(systemctl is-active usbguard), sign-in: $(systemctl is-active getty@tty1)"
soundings --instance /var/lib/soundings kiosk pin <<<'${PIN}'
touch /root/by-care && sync && echo CARED
poweroff
`;
const unit = (name, target, more = '') => `[Unit]
After=${target}
${more}
[Service]
Type=${name === 'witness' ? 'simple' : 'oneshot'}
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS1
ExecStart=/root/${name}
[Install]
WantedBy=${target}
`;

await test('boot: Debian on an empty disk', () => {
  const [uri] = must('sh', '-c', "cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | grep -Eo 'https?://[^ ]+/debian/? *$' | head -n 1").trim().split('\n');
  must('debootstrap', '--include=systemd-sysv,dbus,udev', 'bookworm', debian, uri);
  must('sh', '-ec', `cp -a /etc/apt/. ${debian}/etc/apt/; rm -f ${debian}/etc/apt/apt.conf.d/docker-clean; cp -L /etc/resolv.conf /etc/hosts ${debian}/etc/`);
  if (process.env.SSL_CERT_FILE) cpSync(process.env.SSL_CERT_FILE, join(debian, 'tmp/certificates'));
  writeFileSync(join(debian, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  // Packages are another test's (tests/site/kiosk-install.test.mjs): here they are there already, since without a network none would come.
  must('unshare', '--mount', 'sh', '-ec', `
    mount --rbind /dev ${debian}/dev; mount -t proc proc ${debian}/proc; mount -t sysfs sys ${debian}/sys
    export DEBIAN_FRONTEND=noninteractive ${process.env.SSL_CERT_FILE ? 'SSL_CERT_FILE=/tmp/certificates' : ''}
    chroot ${debian} apt-get update -qq; chroot ${debian} apt-get -qq -y upgrade >/dev/null
    PACKAGES=$(. ${root}/kiosk-config/install.d/steps.sh; echo $PACKAGES_KIOSK)
    chroot ${debian} apt-get install -qq -y --no-install-recommends linux-image-amd64 grub-pc $PACKAGES >/dev/null`);
  rmSync(join(debian, 'usr/sbin/policy-rc.d'));
  mkdirSync(join(debian, 'root/soundings/build/release'), { recursive: true });
  must('sh', '-ec', `git -c safe.directory=${root} -C ${root} archive HEAD | tar -x -C ${debian}/root/soundings`);
  for (const name of ['soundings', 'intake', 'spooler', 'kiosk', 'kiosk-session']) cpSync(join(build, name), join(debian, 'root/soundings/build/release', name));
  cpSync(join(build, '../static'), join(debian, 'root/soundings/build/static'), { recursive: true });
  mkdirSync(join(debian, 'root/pack'));
  hub.cli(['kiosk', 'pack', join(debian, 'root/pack')]);
  for (const [name, program, text] of [['first', firstStart, unit('first', 'multi-user.target')],
    ['witness', witness, unit('witness', 'graphical.target', 'ConditionKernelCommandLine=!soundings.care')],
    ['care', care, unit('care', 'multi-user.target', 'ConditionKernelCommandLine=soundings.care')]]) {
    const target = text.match(/WantedBy=(.*)/)[1];
    writeFileSync(join(debian, 'root', name), program, { mode: 0o755 });
    writeFileSync(join(debian, `etc/systemd/system/${name}.service`), text);
    mkdirSync(join(debian, `etc/systemd/system/${target}.wants`), { recursive: true });
    symlinkSync(`../${name}.service`, join(debian, `etc/systemd/system/${target}.wants/${name}.service`));
  }
  // As Debian's installer offers it: a first file system for this machine alone. The whole one takes ten minutes to make in QEMU.
  writeFileSync(join(debian, 'etc/initramfs-tools/conf.d/targeted'), 'MODULES=dep\n');
  writeFileSync(join(debian, 'etc/fstab'), '/dev/vda1 / ext4 errors=remount-ro 0 1\n');
  writeFileSync(disk, '');
  truncateSync(disk, DISK_BYTES);
  must('sh', '-ec', `printf 'label: dos\\n${FIRST},${ROOT_SECTORS},83,*\\n,,82\\n' | sfdisk -q ${disk}`);
  const part = join(work, 'part.img');
  writeFileSync(part, '');
  truncateSync(part, ROOT_SECTORS * SECTOR);
  must('mkfs.ext4', '-q', '-d', debian, part);
  must('dd', `if=${part}`, `of=${disk}`, 'bs=1M', `seek=${FIRST * SECTOR / 2 ** 20}`, 'conv=notrunc,sparse', 'status=none');
  rmSync(part);
});

// ---- the machine -------------------------------------------------------------------------------------------------------------------------------

/** QEMU with the disk, and MORE. Every processor that it knows, in software: what it hands on of the real one differs between machines. */
const start = (from, ...more) => {
  const child = spawn('qemu-system-x86_64', ['-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', 'max', '-smp', '2', '-m', '3072', '-drive', `file=${from},if=virtio,format=raw`,
    '-nic', 'none', '-display', 'none', '-no-reboot', ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((done) => child.on('exit', done));
  atEnd(() => child.kill('SIGKILL'));
  return { child, ended };
};

await test('boot: our installer makes a kiosk of it, and finds nothing left to do the second time', async () => {
  const log = join(work, 'first.log');
  const kernel = (name) => must('sh', '-c', `ls ${debian}/boot/${name}-*`).trim();
  const { ended, child } = start(disk, '-kernel', kernel('vmlinuz'), '-initrd', kernel('initrd.img'), '-append', 'root=/dev/vda1 rw quiet', '-serial', 'null', '-serial', `file:${log}`);
  const limit = setTimeout(() => child.kill('SIGKILL'), 900000);
  await ended;
  clearTimeout(limit);
  const said = readFileSync(log, 'utf8').replaceAll('\r', '');
  assert.match(said, /^MADE$/m, said);
  assert.match(said, /make the boot menu anew\n[^]*Done, \d+ changes\. This machine is a kiosk from its next start on\.[^]*first run ended with 0\n/, said);
  assert.match(said, /Everything is as it should be: nothing had to be changed\.[^]*second run ended with 0\n/, said);
  assert.match(said, /^set superusers="nobody"$/m, said);
  assert.match(said, /^\s*linux\t.* panic=10 consoleblank=0 fsck\.repair=yes quiet loglevel=3/m, 'the first line of the boot menu');
  assert.match(said, /^\s*linux\t.* consoleblank=0 .* overlayroot=disabled soundings\.care systemd\.unit=multi-user\.target$/m, 'and the one for whoever looks after it');
  assert.equal(said.match(/^\s*linux\t/gm).length, 2, 'and no other');
  assert.match(said, /^0 loaded units listed/m, said);
});

/** The machine from its own boot menu, with a screen. */
const boot = async (from = disk) => {
  const address = join(work, 'qmp'), log = join(work, 'said.log');
  rmSync(address, { force: true });
  const { child, ended } = start(from, '-vga', 'virtio', '-device', 'qemu-xhci', '-device', 'usb-tablet', '-device', 'usb-kbd', '-serial', 'null', '-serial', `file:${log}`, '-qmp', `unix:${address},server=on,wait=off`);
  await until('QEMU', () => existsSync(address));
  const socket = createConnection(address);
  socket.on('error', () => {}); // its power is cut
  const waiting = [];
  createInterface(socket).on('line', (line) => {
    const answer = JSON.parse(line);
    if ('return' in answer || 'error' in answer) waiting.shift()(answer);
  });
  const order = (execute, args = {}) => Promise.race([ended, new Promise((done, fail) => { // a key may be the machine's last
    waiting.push((answer) => (answer.error ? fail(new Error(`${execute}: ${answer.error.desc}`)) : done(answer.return)));
    socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
  })]);
  await order('qmp_capabilities');
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8').replaceAll('\r', '') : '');
  return { order, ended, said, cut: async () => { child.kill('SIGKILL'); await ended; socket.destroy(); } };
};
let machine, count = 0;

/** What is on the screen: at(x, y) its colour there, as 0xrrggbb; how many points have a colour; null while the screen is another size. */
const look = async () => {
  const path = join(work, 'screen.ppm');
  await machine.order('screendump', { filename: path });
  const bytes = readFileSync(path);
  const head = bytes.subarray(0, 40).toString('latin1').match(/^P6\s(\d+)\s(\d+)\s255\s/);
  if (!head || Number(head[1]) !== WIDTH || Number(head[2]) !== HEIGHT) return null;
  const pixels = bytes.subarray(head[0].length);
  const at = (x, y) => pixels.readUIntBE(3 * (y * WIDTH + x), 3);
  const points = (colour, [left, top, right, bottom] = [0, 0, WIDTH, HEIGHT]) => {
    const found = [];
    for (let y = top; y < bottom; y += 2) for (let x = left; x < right; x += 2) if (at(x, y) === colour) found.push([x, y]);
    return found;
  };
  return { pixels, at, points };
};
const keep = async (name) => {
  if (shots) await machine.order('screendump', { filename: join(shots, `${String(++count).padStart(2, '0')}-${name}.png`), format: 'png' });
};
const tap = async (x, y) => {
  const axis = (name, value, most) => ({ type: 'abs', data: { axis: name, value: Math.round(value / most * 32767) } });
  await machine.order('input-send-event', { events: [axis('x', x, WIDTH), axis('y', y, HEIGHT)] });
  for (const down of [true, false]) {
    await machine.order('input-send-event', { events: [{ type: 'btn', data: { button: 'left', down } }] });
    await sleep(150);
  }
};

const TIDE = 0x0a6c7e, DEEP = 0x083d48, HEARD = 0x1e6b43, WHITE = 0xffffff; // a button, half of the start screen, "We heard you", "Touch to start"
const differing = (one, other) => {
  let found = 0;
  for (let i = 0; i < one.length; i += 3) if (one[i] !== other[i]) found++;
  return found;
};
/** Waits until the screen stands still (but for a caret) and IS says that it is the one that is waited for; gives what IS gives. */
const settled = async (what, is, limit = 120000) => {
  let found, before = null;
  await until(what, async () => {
    const now = await look();
    found = now && before && differing(now.pixels, before.pixels) < 400 && is(now);
    before = now;
    if (!found) await sleep(900);
    return Boolean(found);
  }, limit);
  await keep(what.replaceAll(/\W+/g, '-'));
  return found;
};
/** The lowest button at the left that is in sight, or the part of it that is: where it is touched. */
const button = (screen) => {
  const points = screen.points(TIDE, [100, 150, 360, 644]);
  if (points.length < 100) return null;
  const low = Math.max(...points.map(([, y]) => y));
  const last = points.filter(([, y]) => y > low - 56);
  return [Math.min(...last.map(([x]) => x)) + 10, Math.round((low + Math.min(...last.map(([, y]) => y))) / 2)];
};
const startOf = (screen) => {
  if (screen.points(DEEP).length < 50000) return null;
  const white = screen.points(WHITE, [60, 350, 420, 690]).filter(([x, y]) => screen.at(x + 2, y) === WHITE && screen.at(x, y + 2) === WHITE);
  return white.length > 500 ? white[Math.floor(white.length / 2)] : null;
};

await test('boot: it starts by itself, from its own boot menu, on a page that asks for staff', async () => {
  machine = await boot();
  const at = await settled('the first page', (screen) => screen.points(TIDE, [300, 190, 600, 260]).length > 1500 && [446, 227], 300000);
  await tap(...at);
});

await test('boot: staff open their menu with the PIN and choose the event', async () => {
  await settled('the PIN', (screen) => screen.points(TIDE, [300, 590, 600, 660]).length > 1500);
  const keys = { 1: [374, 339], 4: [374, 409], 5: [516, 409], 7: [374, 479], 8: [516, 479], 0: [516, 549] };
  for (const digit of PIN) {
    await tap(...keys[digit]);
    await sleep(600);
  }
  await tap(436, 623);
  await settled('the menu', (screen) => screen.points(TIDE, [300, 235, 530, 300]).length > 1500);
  await tap(413, 269);
  await settled('the events', (screen) => screen.points(WHITE, [290, 130, 980, 260]).length > 5000);
  await tap(490, 196);
  await settled('the event is chosen', (screen) => screen.points(TIDE, [730, 150, 950, 220]).length > 1500);
  await tap(839, 187);
  await settled('the start', startOf);
});

await test('boot: somebody answers by touch, and is thanked', async () => {
  await tap(...startOf(await look()));
  await tap(...await settled('what is to know', (screen) => !startOf(screen) && button(screen)));
  const go = await settled('the first question', (screen) => button(screen)?.[1] < 470 && button(screen));
  const card = [140, 180, 330, 360], white = (await look()).points(WHITE, card).length;
  await tap(230, 250);
  await settled('the first face', (screen) => Math.abs(screen.points(WHITE, card).length - white) > 30);
  await tap(...go);
  let isThanked = false;
  for (let step = 0; step < 60 && !isThanked; step++) {
    await sleep(2500);
    const screen = await settled('answering', (one) => one);
    isThanked = screen.points(HEARD).length > 500;
    if (!isThanked) await tap(...(button(screen) ?? [640, 663])); // "More below", where no button is in sight
  }
  assert(isThanked, 'thanked');
});

await test('boot: from where the browser is, no other machine and no disk can be reached', async () => {
  await until('the witness', () => /^WITNESSED$/m.test(machine.said()), 60000);
  const said = machine.said();
  assert.match(said, /^browser in \/user\.slice\/user-\d+\.slice\//m, said);
  assert.match(said, /^outside: another machine\noutside: the disk\noutside: its own pages\ninside: no other machine\ninside: no disk\ninside: its own pages$/m, said);
  assert.match(said, /^root is overlay$/m, said);
});

await test('boot: the power is cut; it comes back by itself, on its event', async () => {
  await machine.cut();
  machine = await boot();
  await settled('the start again', startOf, 300000);
  await machine.cut();
});

/** In the boot menu, which stops at the first key: the keys one after the other. */
const press = async (...keys) => {
  for (const key of keys) {
    await machine.order('send-key', { keys: [{ type: 'qcode', data: key }] });
    await sleep(400);
  }
};
const toMenu = async () => {
  for (let i = 0; i < 30; i++) await press('down');
};
const within = (ms, what) => Promise.race([what.then(() => true), sleep(ms).then(() => false)]);

await test('boot: whoever wants a command of the boot menu is asked who they are', async () => {
  const orders = ['c', 'r', 'e', 'b', 'o', 'o', 't', 'ret', 'ret'];
  // The control: on a copy whose menu is not locked, the same keys give an order that is carried out.
  const open = join(work, 'open.img');
  must('cp', '--sparse=always', disk, open);
  const file = openSync(open, 'r+'), lock = 'set superusers="nobody"\nexport superusers\n', chunk = Buffer.alloc(64 << 20);
  let locks = 0;
  for (let from = 0, length; (length = readSync(file, chunk, 0, chunk.length, from)) > lock.length; from += length - lock.length) {
    for (let at = -1; (at = chunk.subarray(0, length).indexOf(lock, at + 1)) >= 0; locks++) writeSync(file, '#'.repeat(lock.length - 1), from + at);
  }
  closeSync(file);
  assert(locks > 0, 'the lock is in the menu');
  machine = await boot(open);
  await toMenu();
  await press(...orders);
  assert(await within(20000, machine.ended), 'not locked: it starts anew');
  rmSync(open);
  machine = await boot();
  await toMenu();
  await press(...orders);
  await keep('an order to the boot menu');
  assert(!await within(20000, machine.ended), 'locked: it does not');
  await machine.cut();
});

await test('boot: the second line of the boot menu starts without the screen, with a disk that can be written', async () => {
  machine = await boot();
  await toMenu();
  await keep('the boot menu');
  await press('ret');
  await sleep(20000);
  await keep('recovery mode');
  const limit = setTimeout(() => machine.cut(), 240000);
  await machine.ended;
  clearTimeout(limit);
  const said = machine.said();
  assert.match(said, /^CARED$/m, said);
  assert.match(said, /^root is ext4 +rw,/m, said);
  assert.match(said, /^people's: ext4 +rw,/m, said);
  assert.match(said, /^screen: inactive, guard of sticks: inactive, sign-in: active$/m, said);
});

await test('boot: what was answered is on its disk, and the hub files it', async () => {
  const part = join(work, 'kept.img'), spool = join(work, 'kept');
  must('dd', `if=${disk}`, `of=${part}`, `bs=${SECTOR}`, `skip=${FIRST + ROOT_SECTORS}`, 'conv=sparse', 'status=none');
  const { status } = spawnSync('e2fsck', ['-fy', part]);
  assert(status <= 1, `e2fsck ended with ${status}`); // 1: mended, by its journal
  mkdirSync(spool);
  must('debugfs', '-R', `rdump /spool ${spool}`, part);
  await hub.start();
  hub.cli(['spool', 'salvage', '--keep', join(spool, 'spool/spool.db')]);
  const filed = (what) => hub.office(`SELECT ${what} FROM response WHERE event = '${event}'`);
  await until('the response is filed', () => filed('count(*)')[0][0] > 0);
  assert.equal(filed('answers').length, 1);
  assert.match(filed('answers')[0][0], /very_good/);
  const whole = join(work, 'root.img');
  must('dd', `if=${disk}`, `of=${whole}`, 'bs=1M', `skip=${FIRST * SECTOR / 2 ** 20}`, `count=${ROOT_SECTORS * SECTOR / 2 ** 20}`, 'conv=sparse', 'status=none');
  const files = must('debugfs', '-R', 'ls -p /root', whole);
  assert.match(files, /\/by-care\//, 'what was written in recovery mode is on the disk');
  assert.doesNotMatch(files, /by-kiosk/, 'and what the kiosk wrote is not');
});

await finish();
