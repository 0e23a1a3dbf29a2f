// kiosk-install.test.mjs: kiosk-config/install makes a kiosk of a Debian 12 and a Debian 12 of a kiosk: it refuses what cannot become one and says
// why, changes nothing in a dry run, goes on after being killed, has nothing left to do the second time, and leaves nothing behind.
//
// The machine is an overlay over this one's own root, in a mount namespace, with a network of its own and a partition in a file: nothing of it
// reaches the machine itself. KIOSK=all (make kiosk) takes a Debian 12 fresh from debootstrap instead, and builds the programs in it as well.
// Nothing is skipped: where a tool, a loop device or a name space is missing, the test fails.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, atEnd, build, finish, nonce, root, scratch, test } from '../harness.mjs';

const isWhole = process.env.KIOSK === 'all';
const UNFIT = 78, MISUSED = 64;
const work = scratch();
const machine = join(work, 'machine'), upper = join(work, 'layer/upper'), lower = isWhole ? join(work, 'debian') : '/';

/** Runs a program of this machine; throws unless it ends well. */
const must = (command, ...args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? status}\n${stdout}${stderr}`);
  return stdout;
};

// ---- the machine ---------------------------------------------------------------------------------------------------------------------

const image = join(work, 'partition.img');
writeFileSync(image, '');
truncateSync(image, 400 << 20);
const device = must('losetup', '-f', '--show', image).trim();
atEnd(() => must('losetup', '-d', device));
must('mkswap', '-q', device);
const swapUuid = must('blkid', '-p', '-o', 'value', '-s', 'UUID', device).trim();

if (isWhole) {
  const [uri] = must('sh', '-c', "cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | grep -Eo 'https?://[^ ]+/debian/? *$' | head -n 1").trim().split('\n');
  must('debootstrap', 'bookworm', lower, uri);
}
for (const name of ['machine', 'layer', 'clone', 'pack']) mkdirSync(join(work, name));

// A copy: the checkout may change while this runs, and the second run would have something to do.
if (!isWhole) must('cp', '-a', ...['Makefile', 'cgi', 'forms', 'static', 'schema', 'kiosk-config'].map((name) => join(root, name)), join(work, 'clone'));
if (!isWhole) must('sh', '-ec', `mkdir -p ${work}/programs/release; cd ${build}; cp soundings intake spooler kiosk kiosk-session ${work}/programs/release/; cp -a ../static ${work}/programs/`);

// One process holds the mounts; everything else enters its namespace.
const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-ec', `
  mount -t tmpfs -o size=6g layer ${work}/layer
  mkdir ${work}/layer/upper ${work}/layer/work
  mount -t overlay -o lowerdir=${lower},upperdir=${upper},workdir=${work}/layer/work machine ${machine}
  mount -t proc proc ${machine}/proc
  mount -t sysfs sys ${machine}/sys
  mount --rbind /dev ${machine}/dev
  for name in run tmp; do mount -t tmpfs $name ${machine}/$name; done
  mkdir -p ${machine}/tmp/soundings ${machine}/tmp/pack
  mount --bind ${work}/clone ${machine}/tmp/soundings
  mount --bind ${work}/pack ${machine}/tmp/pack
  ${isWhole ? '' : `mkdir ${machine}/tmp/programs; mount --bind ${work}/programs ${machine}/tmp/programs`}
  echo ready; exec sleep 86400`], { stdio: ['ignore', 'pipe', 'inherit'] });
atEnd(() => holder.kill());
await new Promise((done, fail) => {
  holder.stdout.once('data', done);
  holder.once('exit', () => fail(new Error('the machine cannot be made here: this test needs root, overlayfs and mount namespaces')));
});

// Where this machine's own registries are signed by somebody of its own, the machine in the test is told so, for as long as it lasts.
const ownCertificates = Object.fromEntries(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].filter((name) => process.env[name]).map((name) => [name, `/tmp/${name}`]));

/** In the machine: with the network of this one, or with one of its own where nothing else listens. */
const inside = (script, { isConnected = false, input, expected = 0, env = {} } = {}) => {
  const enter = ['-m', '-t', String(holder.pid), '--', ...(isConnected ? [] : ['unshare', '-n', '--']), 'chroot', machine, '/bin/sh', '-c', script];
  const result = spawnSync('nsenter', enter, { input: input ?? '', encoding: 'utf8', maxBuffer: 1 << 28, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...(isWhole ? ownCertificates : {}), ...env } });
  const said = `${result.stdout}${result.stderr}`;
  if (expected !== null) assert.equal(result.status, expected, `${script}\n${said}`);
  return { code: result.status, said, out: result.stdout };
};
const command = '/tmp/soundings/kiosk-config/install';
const programs = isWhole ? '' : '--programs /tmp/programs/release';
const install = (args = '', options = {}) => inside(`${command} kiosk --yes ${args.includes('--uninstall') ? '' : programs} ${args}`, { isConnected: isWhole, ...options });

// The packages come from where this machine has its own from, and nothing of that is kept anywhere.
inside(`rm -f /usr/sbin/policy-rc.d; mkdir -p /etc/apt/apt.conf.d /etc/apt/sources.list.d`);
if (isWhole) {
  must('nsenter', '-m', '-t', String(holder.pid), '--', 'sh', '-ec',
    `cp -a /etc/apt/. ${machine}/etc/apt/; rm -f ${machine}/etc/apt/apt.conf.d/docker-clean; cp -L /etc/resolv.conf /etc/hosts ${machine}/etc/
     for name in ${Object.keys(ownCertificates).join(' ')}; do eval "file=\\$$name"; cp -L "$file" ${machine}/tmp/$name; done
     git -c safe.directory=${root} -C ${root} archive HEAD | tar -x -C ${work}/clone`);
}
const { out: kioskPackages } = inside(`. /tmp/soundings/kiosk-config/install.d/steps.sh; echo $PACKAGES_KIOSK`);
// As Debian's own installer leaves it: with the newest of each, so that no package of the machine's own is renewed on the way. Over this one's
// own root only those that the kiosk's packages would renew, since a machine that is used for building has many more.
const renew = isWhole ? 'apt-get -qq -y upgrade' : `own=$(apt-get install -s --no-install-recommends ${kioskPackages.trim()} | sed -n 's/^Inst \\([^ ]*\\) \\[.*/\\1/p')
  [ -z "$own" ] || apt-get install -qq -y --no-install-recommends --only-upgrade $own`;
inside(`set -e; export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; { ${renew}; } >/dev/null`, { isConnected: true });
inside(`apt-get install -qq -y --download-only --no-install-recommends -o APT::Keep-Downloaded-Packages=true ${kioskPackages.trim()} >/dev/null`, { isConnected: true });
appendFileSync(join(work, 'fstab'), `UUID=${swapUuid} none swap sw 0 0\n`);
must('nsenter', '-m', '-t', String(holder.pid), '--', 'sh', '-ec', `cat ${work}/fstab >>${machine}/etc/fstab`);
// Debian's part of the boot menu, as it is with two kernels (make kiosk-boot has GRUB itself): a machine without a kernel has none.
const debianHead = 'function gfxmode {\n\tset gfxpayload="${1}"\n}\n';
const debianLines = ['2', '1'].map((version) => `menuentry 'Debian GNU/Linux, with Linux 6.1.0-${version}-amd64' --class debian --class os $menuentry_id_option 'gnulinux-6.1.0-${version}-amd64-advanced-UUID' {
	load_video
	linux	/boot/vmlinuz-6.1.0-${version}-amd64 root=UUID=abc ro consoleblank=0 fsck.repair=yes quiet
	initrd	/boot/initrd.img-6.1.0-${version}-amd64
}
`).join('');
inside(`mkdir -p /etc/grub.d; { echo '#! /bin/sh'; echo "cat <<'END'"; cat; echo END; } >/etc/grub.d/10_linux; chmod 755 /etc/grub.d/10_linux`, { input: debianHead + debianLines });
if (!isWhole) console.log(`# lacking here: ${inside(`. /tmp/soundings/kiosk-config/install.d/steps.sh; packages_missing`).out.trim() || 'nothing'}`);

// ---- what has changed -------------------------------------------------------------------------------------------------------------------

/** Kept by packages' own ways, with nothing of a kiosk in it: caches, logs, what was there before a change, and users whom Debian never removes. */
const of = (path) => join('/proc', String(holder.pid), 'root', path);
const passing = [/^\/(proc|sys|dev|run|tmp)(\/|$)/, /^\/var\/(cache|log|lib\/(apt|dpkg|systemd|ucf|pam))(\/|$)/, /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/,
  /^\/etc\/(ld\.so\.cache|\.pwd\.lock|mailcap|udev\/hwdb\.bin|fstab)$/, /\/__pycache__(\/|$)/, /^\/usr\/lib\/udev\/hwdb\.bin$/, /^\/root\/\.(config|cache|local|npm)(\/|$)/,
  /^\/usr\/share\/(mime|glib-2\.0\/schemas|icons|applications|fonts|info)(\/|$)/, /^\/usr\/lib\/[a-z0-9_-]+\/(gdk-pixbuf|gio|gtk)/];
const ofPackages = /^(messagebus|systemd-[a-z]+|polkitd|_?rtkit|plugdev|netdev|kvm|render|input|sgx|crontab|i2c|avahi|pulse|rdma|_ssh|ssl-cert)[:!*]/;

/** Every difference between the machine and what it was made of: files by content and mode, names, links. */
const differences = () => {
  const found = [];
  const look = (folder) => {
    for (const name of readdirSync(of(`${upper}${folder}`))) {
      const path = `${folder}/${name}`, now = of(`${upper}${path}`), before = join(lower, path);
      if (passing.some((each) => each.test(path))) continue;
      const is = lstatSync(now), was = lstatSync(before, { throwIfNoEntry: false });
      if (is.isCharacterDevice() && is.rdev === 0) {
        if (was) found.push(`gone ${path}`);
      } else if (!was) {
        found.push(`new ${path}`);
      } else if (is.isDirectory()) {
        if (was.isDirectory()) look(path);
        else found.push(`kind ${path}`);
      } else if (is.isSymbolicLink()) {
        if (!was.isSymbolicLink() || readlinkSync(now) !== readlinkSync(before)) found.push(`link ${path}`);
      } else if (/^\/etc\/(passwd|group|shadow|gshadow)$/.test(path)) {
        const lines = (file) => readFileSync(file, 'utf8').split('\n').filter((line) => line && !ofPackages.test(line)).sort().join('\n');
        if (lines(now) !== lines(before)) found.push(`other ${path}`);
      } else if (!was.isFile() || is.mode !== was.mode || !readFileSync(now).equals(readFileSync(before))) {
        found.push(`other ${path}`);
      }
    }
  };
  look('');
  return found;
};

// Where this machine is used for building, its own folder may already be different: that is where comparison begins.
const fstabBefore = inside('cat /etc/fstab').out;
const atFirst = differences();

// ---- what it is made of ------------------------------------------------------------------------------------------------------------------

await test('install: every part is POSIX shell that shellcheck finds nothing in', () => {
  const parts = [join(root, 'kiosk-config/install'), ...readdirSync(join(root, 'kiosk-config/install.d')).map((name) => join(root, 'kiosk-config/install.d', name))];
  parts.push(join(root, 'kiosk-config/stick'));
  assert.equal(parts.length, 6);
  // 1091, 2034, 2154: parts are read by the first and use each other's variables. 2015, 2030, 2031: meant.
  must('shellcheck', '-s', 'sh', '-e', 'SC1091,SC2034,SC2154,SC2015,SC2030,SC2031,SC2086', ...parts);
});

let hub, event;

// ---- refusals ----------------------------------------------------------------------------------------------------------------------------

const spool = `--spool ${device}`;
const refusals = [
  ['no word', '', MISUSED, /say what this machine is to be/, () => command],
  ['another word', '', MISUSED, /'hub' is nothing that this machine can be made/, () => `${command} hub`],
  ['an option that there is not', '--erase-all', MISUSED, /no option '--erase-all'/],
  ['two places at once', `${spool} --writable-root`, MISUSED, /one of the two/],
  ['erasing without uninstalling', '--erase', MISUSED, /--erase goes with --uninstall/],
  ['somebody who is not root', spool, UNFIT, /run it as root/, (line) => `setpriv --reuid=65534 --clear-groups ${line}`],
  ['a kiosk that is running', spool, UNFIT, /disk is read-only.*recovery mode/s, (line) => `mkdir -p /media/root-ro && mount -t tmpfs none /media/root-ro && { ${line}; code=$?; umount /media/root-ro; rmdir /media/root-ro; exit $code; }`],
  ['another Debian', spool, UNFIT, /runs ubuntu 24\.04; a kiosk is made of Debian 12/, (line) => `printf 'ID=ubuntu\\nVERSION_ID="24.04"\\n' >/tmp/os && mount --bind /tmp/os /usr/lib/os-release && { ${line}; code=$?; umount /usr/lib/os-release; exit $code; }`],
  ['a hub', spool, UNFIT, /has an office: this machine is a hub/, (line) => `mkdir -p /var/lib/soundings/office; ${line}; code=$?; rmdir /var/lib/soundings/office /var/lib/soundings; exit $code`],
  ["somebody else's folder", spool, UNFIT, /not empty, and no kiosk/, (line) => `mkdir -p /var/lib/soundings/theirs; ${line}; code=$?; rmdir /var/lib/soundings/theirs /var/lib/soundings; exit $code`],
  ['a machine with a desktop', spool, UNFIT, /has a desktop \(gdm3\)/, (line) => `ln -s /lib/systemd/system/gdm3.service /etc/systemd/system/display-manager.service; ${line}; code=$?; rm /etc/systemd/system/display-manager.service; exit $code`],
  ['a machine that serves pages', spool, UNFIT, /serves shop here already/, (line) => `mkdir -p /etc/nginx/sites-enabled; : >/etc/nginx/sites-enabled/shop; ${line}; code=$?; rm /etc/nginx/sites-enabled/shop; rmdir -p --ignore-fail-on-non-empty /etc/nginx/sites-enabled; exit $code`],
  ['no such partition', '--spool /dev/nothing', UNFIT, /\/dev\/nothing is not a partition/],
  ['a partition with something on it', spool, UNFIT, /not empty: it has ext4 called "photos"[^]*wipefs -a/, (line) => `mkfs.ext4 -q -F -L photos ${device}; ${line}; code=$?; wipefs -q -a ${device}; mkswap -q -U ${swapUuid} ${device}; exit $code`],
  ['a partition that is in use', spool, UNFIT, /is in use at \/mnt/, (line) => `mkfs.ext4 -q -F -L photos ${device}; mount ${device} /mnt; ${line}; code=$?; umount /mnt; wipefs -q -a ${device}; mkswap -q -U ${swapUuid} ${device}; exit $code`],
  ['programs that are not there', `${spool} --programs /tmp/none`, UNFIT, /\/tmp\/none\/soundings is not there/],
  ['a pack that is not there', `${spool} --pack /tmp/none`, UNFIT, /\/tmp\/none is not a folder/],
  ['several things at once, all said', '--spool /dev/nothing --pack /tmp/none', UNFIT, /not a partition[^]*not a folder/],
  ['taking back what was never installed', '--uninstall', UNFIT, /nothing was installed here/],
];
await test(`install: ${refusals.length} machines and commands that it cannot do anything with are refused with words, and nothing is changed`, () => {
  for (const [name, args, code, words, wrap = (line) => line] of refusals) {
    const { code: ended, said } = inside(wrap(`${command} kiosk --yes ${args.includes('--programs') || args.includes('--uninstall') ? '' : programs} ${args}`), { expected: null });
    assert.equal(ended, code, `${name}\n${said}`);
    assert.match(said, words, name);
    if (code === UNFIT && !/root|read-only|nothing was installed/.test(said)) assert.match(said, /Nothing was changed\.$/m, name);
  }
  assert.deepEqual(differences(), atFirst);
  assert.equal(must('blkid', '-p', '-o', 'value', '-s', 'UUID', device).trim(), swapUuid);
});

await test('install: a dry run says every step, and changes nothing', () => {
  const { said } = install(`--dry-run ${spool}`, { isConnected: isWhole });
  for (const words of [/^ {3}would write \/usr\/bin\/spooler$|would build/m, /would make the user kiosk/, new RegExp(`would end the use of ${device} for swap`), /would make a file system on/, /would switch off ctrl-alt-del\.target/,
    /would start soundings-session\.service with the machine/, /^Nothing was changed; \d+ changes would be made\.$/m]) assert.match(said, words);
  assert(!/^ {3}(?!would|this|It|What|read|The|\()[a-z]/m.test(said), said);
  assert.deepEqual(differences(), atFirst);
});

// ---- the installation --------------------------------------------------------------------------------------------------------------------

/** Killed, with all that it has started, when it has said WORDS. */
const killed = (words) => new Promise((done, fail) => {
  const child = spawn('nsenter', ['-m', '-t', String(holder.pid), '--', ...(isWhole ? [] : ['unshare', '-n', '--']), 'unshare', '--pid', '--fork', '--kill-child', 'chroot', machine, '/bin/sh', '-c', `${command} kiosk --yes ${programs} ${spool}`],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...(isWhole ? ownCertificates : {}) } });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (words.test(said)) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk) => { said += chunk; });
  child.on('exit', (code, signal) => (signal ? done(said) : fail(new Error(`it ended by itself, ${code}\n${said}`))));
});

await test('install: killed in the middle, again and again, it goes on from where it was', async () => {
  for (const words of [...(isWhole ? [/Building|Programs, pages/, /files below/] : []), /make a file system/, /switch off swap/]) await killed(words);
  const { said } = install(spool);
  assert.match(said, /^Done, \d+ changes\./m);
  console.log(`# ${said.match(/^Done, \d+ changes/m)[0]} in the last run`);
});

await test('install: what could not be made of the machine\'s files is made by the next run', () => {
  inside('mv /usr/bin/systemd-hwdb /usr/bin/systemd-hwdb.away; printf "#!/bin/sh\\necho no room; exit 1\\n" >/usr/bin/systemd-hwdb; chmod 755 /usr/bin/systemd-hwdb; echo >>/etc/udev/hwdb.d/90-soundings-kiosk.hwdb');
  for (let i = 0; i < 2; i++) {
    const { code, said } = install('', { expected: null });
    assert.equal(code, 1, said);
    assert.match(said, /no room[^]*this did not work: systemd-hwdb --usr update/);
  }
  inside('mv /usr/bin/systemd-hwdb.away /usr/bin/systemd-hwdb');
  assert.match(install().said, /make the table of keys anew\n[^]*^Done, \d+ changes?\./m);
});

await test('install: the second run finds everything as it should be', () => {
  const newer = () => inside('find /etc /usr /var/lib /boot -newer /var/lib/soundings-install/journal -type f').out;
  const before = newer();
  const { said } = install();
  assert.match(said, /^Everything is as it should be: nothing had to be changed\.$/m, said);
  assert.equal(newer(), before);
});

await test('install: users, folders, units, keys and sticks are as a kiosk needs them', () => {
  const is = (script, words) => assert.match(inside(script, { expected: null }).said, words, script);
  for (const name of ['soundings', 'kiosk']) {
    is(`getent passwd ${name}`, /:\/nonexistent:\/usr\/sbin\/nologin$/m);
    is(`getent shadow ${name} | cut -d: -f2`, /^!/);
  }
  is('id kiosk', /^(?!.*\((soundings|root|sudo|disk|video|input)\))/);
  is('stat -c "%a %U:%G %n" /var/lib/soundings /var/lib/soundings/*', /^711 soundings:soundings \/var\/lib\/soundings$[^]*^700 soundings:soundings [^]*\/spool$/m);
  is(`findmnt -no SOURCE,FSTYPE,OPTIONS /var/lib/soundings`, new RegExp(`^${device} +ext4 +rw,nosuid,nodev,noexec,noatime`));
  is('cat /etc/fstab', new RegExp(`^# a kiosk has no swap: UUID=${swapUuid} none swap`, 'm'));
  const uuid = must('blkid', '-p', '-o', 'value', '-s', 'UUID', device).trim();
  is('cat /etc/systemd/system/var-lib-soundings.mount', new RegExp(`What=/dev/disk/by-uuid/${uuid}$`, 'm'));
  is('cat /etc/systemd/system/var-lib-soundings-run.mount', new RegExp(`uid=${inside('id -u soundings').out.trim()},gid=${inside('id -g kiosk').out.trim()}$`, 'm'));
  const units = { 'soundings-spooler.service': 'enabled', 'soundings-intake.service': 'enabled', 'soundings-kiosk.service': 'enabled', 'soundings-nginx.service': 'enabled', 'soundings-pages.service': 'static',
    'soundings-session.service': 'enabled', 'soundings-watch.timer': 'enabled', 'soundings-nightly.timer': 'enabled', 'soundings-again.service': 'static', 'usbguard.service': 'enabled', 'var-lib-soundings.mount': 'enabled',
    'ctrl-alt-del.target': 'masked', 'swap.target': 'masked', 'nginx.service': 'masked' };
  for (const [name, state] of Object.entries(units)) is(`systemctl is-enabled ${name}`, new RegExp(`^${state}$`, 'm'));
  is('cat /etc/systemd/system/user-$(id -u kiosk).slice.d/soundings-kiosk.conf', /^IPAddressDeny=any$[^]*^DevicePolicy=closed$/m);
  is('systemctl get-default', /^graphical\.target$/m);
  is('cat /etc/overlayroot.local.conf', /^overlayroot="tmpfs:swap=0,recurse=0"$/m);
  // Keys: what orders something is gone, what one answers with is not. As a USB keyboard, and as a laptop's.
  const usb = inside('systemd-hwdb query "evdev:input:b0003v046DpC31Ce0110-e0,1,4"').out;
  const dropped = ['700e0', '700e4', '700e2', '700e3', '7003a', '70045', '70046', 'c0224', 'c0223'], kept = ['70004', '7001d', '7001e', '70028', '70029', '7002b', '7002c', '7004f', '70052', '700e1', '700e5', '700e6'];
  for (const key of dropped) assert.match(usb, new RegExp(`^KEYBOARD_KEY_${key}=unknown$`, 'm'));
  for (const key of kept) assert(!usb.includes(`KEYBOARD_KEY_${key}=`), key);
  is('systemd-hwdb query "evdev:atkbd:dmi:bvnX:bvr1:bd1:svnX:pnX:pvr1"', /^KEYBOARD_KEY_1d=unknown$[^]*^KEYBOARD_KEY_3b=unknown$/m);
  for (const name of ['10-soundings-machine.conf', '50-soundings-kiosk.conf']) is(`stat -c %a /etc/usbguard/rules.d/${name}; usbguard-rule-parser -f /etc/usbguard/rules.d/${name} && echo understood`, /^600$[^]*understood$/m);
  is('cat /etc/usbguard/rules.d/50-soundings-kiosk.conf', /block with-interface one-of \{[^}]*08:\*:\*[^}]*\}[^]*allow with-interface one-of \{ 03:\*:\* \}/);
  is('cat /etc/chromium/policies/managed/soundings.json', /^(?![^]*@[A-Z]+@)[^]*127\.0\.0\.1:8080/);
  is('ls /usr/sbin/policy-rc.d', /No such file/);
});

await test('boot menu: two lines that anybody may choose and nobody may change; each older kernel only for looking after it', () => {
  assert.equal(inside('stat -c %a /etc/grub.d/10_linux').out.trim(), '644', "Debian's own lines are not printed a second time");
  const { out } = inside('/etc/grub.d/11_soundings');
  assert(out.startsWith(`set superusers="nobody"\nexport superusers\n${debianHead}menuentry `), out);
  const care = ' overlayroot=disabled soundings.care systemd.unit=multi-user.target';
  const [kiosk, now, before, ...more] = out.split(/^(?=menuentry )/m).slice(1);
  assert.deepEqual(more, []);
  const entry = (title, id, version, words) => debianLines.split(/^(?=menuentry )/m).find((one) => one.includes(`-${version}-amd64'`))
    .replace(/'.*?'/, `'${title}' --unrestricted`).replace("'gnulinux-", `'${id}-`).replace(' quiet\n', ` quiet${words}\n`);
  assert.equal(kiosk, entry('This kiosk', 'soundings', 2, ''));
  assert.equal(now, entry('Look after this kiosk (recovery mode)', 'soundings-care', 2, care));
  assert.equal(before, entry('Look after this kiosk (recovery mode, Linux 6.1.0-1-amd64)', 'soundings-care', 1, care));
  const empty = inside("mkdir /tmp/grub.d; cp /etc/grub.d/11_soundings /tmp/grub.d; echo >/tmp/grub.d/10_linux; /tmp/grub.d/11_soundings", { expected: null });
  assert.notEqual(empty.code, 0, 'without a kernel it fails, and the old menu stays');
});

await test('units: systemd finds nothing wrong with any, and little to take away', () => {
  const { out } = inside('systemd-analyze verify --man=no /etc/systemd/system/soundings-* /etc/systemd/system/var-lib-soundings*.mount 2>&1; echo "code $?"');
  assert.equal(out, 'code 0\n');
  // Tenths: 10 is an exposure of 1.0. The browser needs a screen and namespaces for its own sandbox.
  const bars = { spooler: 10, intake: 10, kiosk: 10, pages: 10, nginx: 15, watch: 15, again: 15, nightly: 15, session: 50 };
  for (const [name, bar] of Object.entries(bars)) {
    const { out: said } = inside(`systemd-analyze security --offline=true --threshold=${bar} --no-pager /etc/systemd/system/soundings-${name}.service`);
    console.log(`# ${said.trim().split('\n').at(-1).replace(/^\W+/, '')}`);
  }
  const { said } = inside(`systemd-analyze security --offline=true --threshold=3 --no-pager /etc/systemd/system/soundings-session.service`, { expected: null });
  assert.match(said, /Overall exposure/, 'and a bar that nothing passes is one');
  assert.notEqual(inside(`systemd-analyze security --offline=true --threshold=3 --no-pager /etc/systemd/system/soundings-session.service`, { expected: null }).code, 0);
});

await test('install: an event that is brought in is served by the installed programs, as their users, and a response is kept', async () => {
  hub = await Instance.make({ conf: { batch_min: 1 } });
  const code = event = hub.event('--practice');
  hub.cli(['kiosk', 'pack', join(work, 'pack')]);
  assert.match(install('--pack /tmp/pack').said, /bring in \/tmp\/pack/);
  inside('soundings --instance /var/lib/soundings kiosk pin', { input: '47110815\n' });
  const { out } = inside(`
    ip link set lo up
    mount -t tmpfs -o mode=0710,uid=$(id -u soundings),gid=$(id -g kiosk) run /var/lib/soundings/run
    # As the units have it: the instance can be read, and written only where ReadWritePaths says.
    held() { folders=$1; shift; exec unshare -m sh -c 'for name in $0; do mount --bind /var/lib/soundings/$name /var/lib/soundings/$name; done; mount -o remount,bind,ro /var/lib/soundings; exec "$@"' "$folders" "$@"; }
    held 'spool run' runuser -u soundings -- spooler --instance /var/lib/soundings & spooler=$!
    sleep 1
    held run runuser -u soundings -- intake --instance /var/lib/soundings & intake=$!
    held 'run kiosk' setpriv --reuid=soundings --regid=kiosk --clear-groups kiosk --instance /var/lib/soundings & kiosk=$!
    runuser -u soundings -- soundings --instance /var/lib/soundings kiosk nginx
    (cd /var/lib/soundings && exec runuser -u soundings -- nginx -p /var/lib/soundings/ -e run/nginx-error.log -c run/nginx.conf) & nginx=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -S /var/lib/soundings/run/kiosk.sock ] && [ -S /var/lib/soundings/run/intake.sock ] && curl -s -o /dev/null http://127.0.0.1:8080/ && break; sleep 1; done
    curl -s -o /dev/null -w 'first %{http_code} %{redirect_url}\\n' http://127.0.0.1:8080/
    curl -s -o /dev/null -w 'staff %{http_code}\\n' http://127.0.0.1:8080/staff
    curl -s -o /dev/null -w 'start %{http_code}\\n' http://127.0.0.1:8080/kiosk/${code}
    curl -s -o /tmp/thanks -w 'sent %{http_code}\\n' http://127.0.0.1:8080/kiosk/${code}/EN -d nonce=${nonce()} -d version=1 -d edit=0 -d at= -d face=en -d overall=good
    setpriv --reuid=kiosk --regid=kiosk --init-groups sh -c 'cat /var/lib/soundings/run/kiosk/state >/dev/null && echo the session reads its state; for name in spool kiosk/pin kiosk/settings run/batch.sock run/append.sock; do [ -r /var/lib/soundings/$name ] && echo and may not read $name; done; true'
    pkill -P $nginx; pkill -P $intake; pkill -P $spooler; kill $kiosk $nginx $intake $spooler; wait
    umount /var/lib/soundings/run`, { isConnected: false });
  assert.match(out, /^first 303 http:\/\/127\.0\.0\.1:8080\/kiosk$/m, out);
  assert.match(out, /^staff 200$/m);
  assert.match(out, /^start 200$/m);
  assert.match(out, /^sent 200$/m, out);
  assert.match(out, /^the session reads its state$/m);
  assert(!/and may not read/.test(out), out);
});

await test('stick: the event comes in and a copy of what people have sent goes out, again and again; the hub files it once', async () => {
  const stick = join(work, 'stick.img');
  writeFileSync(stick, '');
  truncateSync(stick, 192 << 20);
  const port = must('losetup', '-f', '--show', stick).trim();
  atEnd(() => must('losetup', '-d', port));
  must('mkfs.ext4', '-q', port);
  assert.match(inside(`soundings-stick ${port}`).said, /There is no event on this stick[^]*to answers-1 [^]*^Done: pull the stick out/m);
  inside(`mount ${port} /mnt && cp -R /tmp/pack/soundings-kiosk /mnt/ && umount /mnt`);
  assert.match(inside(`soundings-stick ${port}`).said, /Bringing in the event[^]*to answers-2 [^]*^Done/m);
  for (const [args, code, words] of [['/dev/nothing', UNFIT, /is no stick/], ['one two', MISUSED, /usage/]]) {
    const { code: ended, said } = inside(`soundings-stick ${args}`, { expected: null });
    assert.equal(ended, code, said);
    assert.match(said, words);
  }
  assert.equal(inside('grep -c soundings-stick /proc/mounts; ls -d /run/soundings-stick', { expected: null }).out.trim(), '0', 'and nothing stays mounted');
  const there = join(work, 'there');
  mkdirSync(there);
  must('mount', '-o', 'ro', port, there);
  atEnd(() => must('umount', there));
  const copies = join(work, 'copies');
  must('cp', '-R', there, copies);
  await hub.start();
  for (const number of [1, 2]) hub.cli(['spool', 'salvage', '--keep', join(copies, `answers-${number}`, 'spool.db')]);
  assert.equal((await hub.filed(event, 1)).responses.length, 1);
});

// ---- and back ----------------------------------------------------------------------------------------------------------------------------

await test('uninstall: what people have sent stays until it is said that it may go; a dry run says so', () => {
  assert.match(install('--uninstall --dry-run').said, /It stays, on [^]*would remove the packages|It stays, on [^]*changes would be made/);
  const { said } = install('--uninstall');
  assert.match(said, /It stays, on .*Bring it to the hub/s);
  assert(inside('ls /var/lib/soundings/spool').out.includes('spool'), 'the spool is there');
  for (const gone of ['/usr/bin/intake', '/etc/systemd/system/soundings-session.service', '/usr/share/soundings']) assert(!inside(`ls -d ${gone}`, { expected: null }).out, gone);
  assert.equal(inside('getent passwd soundings >/dev/null; echo $?').out.trim(), '0');
});

await test('uninstall: with --erase the machine is as it was, file by file, and its partition swap again', () => {
  const { said } = install('--uninstall --erase');
  assert.match(said, /this machine is as it was/, said);
  assert.deepEqual(differences(), atFirst);
  assert.equal(inside('stat -c "%a %n" /etc/grub.d/*').out, '755 /etc/grub.d/10_linux\n');
  assert.equal(inside('cat /etc/fstab').out, fstabBefore);
  assert.equal(must('blkid', '-p', '-o', 'value', '-s', 'UUID', device).trim(), swapUuid);
  assert.equal(must('sh', '-c', `tr -d '\\000' <${device} | head -c 100000 | grep -a -c 'SQLite format' || true`).trim(), '0', 'nothing of the spool is on the partition');
});

await finish();
