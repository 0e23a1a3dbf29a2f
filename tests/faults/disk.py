#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""disk.py: a disk that is full to its last byte, under a whole site and people who send.

The instance lies on a tmpfs of its own, in a mount namespace (as root, or where users may have namespaces). Shown for every path: nothing that was
acknowledged is lost, people are told 503 meanwhile, commands fail whole, and all of it works again within 5 s after room came. Then what is filed
and in a backup is let go on a full disk, thanks to the ballast; the control has none, and must fail to.

disk.py [ROUNDS]   how often the disk is filled under the load (2)"""
import asyncio
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

if 'DISK_INSIDE' not in os.environ:
    ways = (['unshare', '-m'], ['unshare', '-U', '-r', '-m'])
    way = next((way for way in ways if subprocess.run([*way, 'mount', '-t', 'tmpfs', 'soundings-test', '/mnt'], stderr=subprocess.DEVNULL).returncode == 0), None)
    if way is None:
        print('not ok faults: disk (nothing can be mounted here, so no disk can be full)')
        sys.exit(1)
    os.environ["DISK_INSIDE"] = "1"
    os.execvp(way[0], [*way, sys.executable, os.path.abspath(__file__), *sys.argv[1:]])

import check_history
import load as fault_load
import site_run

DISK_MIB, BALLAST_MIB, CLIENTS, RECOVERY_S = 64, 2, 8, 5.0
IOERR, NO_ROOM = 74, 'no room on the disk'  # EX_IOERR, and the words of it
OTHER = tempfile.mkdtemp(prefix='soundings-other-', dir='/dev/shm')  # another disk: histories, backups, the log
failed = 0


def say(is_good, name, figures=''):
    global failed
    failed += not is_good
    print(f'{"ok" if is_good else "not ok"} faults: disk: {name}', flush=True)
    if figures:
        print(f'    {figures}', flush=True)


class Disk:
    """A small file system, mounted for the life of this process."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='soundings-disk-', dir='/tmp')
        subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK_MIB}m,mode=0700', 'soundings-test', self.folder], check=True)
        self.filler = os.path.join(self.folder, 'filler')

    def fill(self):
        """To the last byte; what became free meanwhile, too."""
        for size in (1 << 20, 4096, 1):
            with open(self.filler, 'ab', buffering=0) as file:
                try:
                    while file.write(b'\1' * size) == size:
                        pass
                except OSError:
                    pass

    def free(self):
        os.unlink(self.filler)

    def remove(self):
        subprocess.run(['umount', '-l', self.folder], check=True)
        os.rmdir(self.folder)


def make_site(disk, ballast_mib):
    tempfile.tempdir = disk.folder
    site = site_run.Site({'spool_free_min': 1, 'spool_ballast': ballast_mib, 'batch_min': 1, 'spool_wait_ms': 2000, 'backup_dir': tempfile.mkdtemp(dir=OTHER)})
    os.symlink(os.path.join(OTHER, f'log-{ballast_mib}'), os.path.join(site.folder, 'run.log'))
    return site


def rows(site):
    return len(site_run.read_office(site.office_path())[0])


def fails(site, disk, *arguments, leaves=None):
    """The command fails on the full disk, with a line that says so, and leaves nothing half done under its name."""
    disk.fill()
    code, text = site.run(*arguments, expected=None)
    is_good = code == IOERR and NO_ROOM in text and not (leaves and glob.glob(leaves))
    if not is_good:
        print(f'    {arguments}: {code} {text}')
    return is_good


def restore(site, where, backup, recovery):
    return subprocess.run([os.path.join(site.bin, 'soundings'), '--instance', where, 'restore', backup, '--recovery', recovery], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120)


def programs(site):
    return {name: pid for name, pid in site.mains().items() if name in ('intake', 'spooler', 'collector', 'nginx')}


# ---- people, and every command ---------------------------------------------------------------------------------------

async def soon(ask, seconds=RECOVERY_S):
    """How long until ASK is true; None when it is not in time."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if await asyncio.to_thread(ask):
            return time.monotonic() - begun
        await asyncio.sleep(0.05)
    return None


async def one_round(site, disk, load, event, backup, recovery, number):
    before = load.counts['ok']
    await soon(lambda: load.counts['ok'] > before + 20, 20)
    pids, name = programs(site), f'round {number}'
    os.kill(pids['collector'], signal.SIGSTOP)  # so that something waits to be filed
    before = load.counts['ok']
    await soon(lambda: load.counts['ok'] > before + 10, 20)
    disk.fill()
    await asyncio.sleep(0.5)  # what was under way
    acknowledged, refused = load.counts['ok'], load.statuses.get(503, 0)
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        disk.fill()
        await asyncio.sleep(0.1)
    thanked, told = load.counts['ok'], load.statuses.get(503, 0)
    # From here on it may let go what is filed and in a backup: then there is room in the spool itself, and who finds it is thanked.
    os.kill(pids['collector'], signal.SIGCONT)
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        disk.fill()
        await asyncio.sleep(0.1)
    say(thanked == acknowledged and told > refused + 5, f'{name}: nobody is thanked, everybody is told 503',
        f'{acknowledged} thanked before, {thanked - acknowledged} while the disk was full, {told - refused} told 503')

    csv, new = os.path.join(disk.folder, f'{number}.csv'), os.path.join(disk.folder, f'restored-{number}')
    held = await asyncio.to_thread(rows, site)
    checks = {
        'export': await asyncio.to_thread(fails, site, disk, 'export', event, '--format', 'csv', '-o', csv, leaves=csv),
        'event add (office and audit)': await asyncio.to_thread(fails, site, disk, 'event', 'add', '--title', 'Full'),
        'backup': await asyncio.to_thread(fails, site, disk, 'backup', os.path.join(disk.folder, f'{number}.backup'), leaves=os.path.join(disk.folder, f'{number}.backup')),
    }
    disk.fill()
    done = await asyncio.to_thread(restore, site, new, backup, recovery)
    checks['restore'] = done.returncode == IOERR and NO_ROOM in done.stdout and not os.path.exists(os.path.join(new, 'office/office.db'))
    if not checks['restore']:
        print(f'    restore: {done.returncode} {done.stdout}')
    for command, is_good in checks.items():
        say(is_good, f'{name}: {command} fails whole')
    say(programs(site) == pids, f'{name}: no program ended')

    disk.free()
    begun = load.counts['ok']
    sent, filed, csv_s = await asyncio.gather(
        soon(lambda: load.counts['ok'] > begun), soon(lambda: rows(site) > held),
        soon(lambda: site.run('export', event, '--format', 'csv', '-o', csv, expected=None)[0] == 0))
    ballast = await soon(lambda: os.path.exists(os.path.join(site.dir, 'spool/ballast')))
    say(None not in (sent, filed, csv_s, ballast), f'{name}: within {RECOVERY_S:.0f} s after room came all works again',
        'seconds until: ' + ', '.join(f'{what} {"never" if value is None else f"{value:.2f}"}' for what, value in
                                      (('a thank-you', sent), ('filing', filed), ('an export', csv_s), ('the ballast', ballast))))
    newer = os.path.join(OTHER, f'{number}.backup')
    after = [site.run('event', 'add', '--title', 'Room', expected=None)[0], site.run('backup', newer, expected=None)[0]]
    again = await asyncio.to_thread(restore, site, new, newer, recovery)
    say(after == [0, 0] and again.returncode == 0, f'{name}: event add, backup and restore work again', '' if again.returncode == 0 else again.stdout.strip())
    shutil.rmtree(new, ignore_errors=True)
    return newer


async def under_load(rounds):
    disk, site = Disk(), None
    try:
        site = make_site(disk, BALLAST_MIB)
        history = fault_load.History(os.path.join(OTHER, 'history'), site.dir)
        event = site.event('--practice', '--open')
        site.start()
        [recovery] = glob.glob(os.path.join(site.dir, 'recovery-*.txt'))
        backup = os.path.join(OTHER, 'first.backup')
        site.run('backup', backup)
        fault_load.RATE_PER_CLIENT = 5
        load = fault_load.Load(site.port, [event], history, CLIENTS)
        people = asyncio.create_task(load.run())
        for number in range(1, rounds + 1):
            backup = await one_round(site, disk, load, event, backup, recovery, number)
        load.end()
        await people
        await asyncio.to_thread(site.drain)
        result = check_history.check(history.path, site.office_path())
        say(check_history.is_good(result) and not load.surprises and result['unknown'] > 20, 'acknowledged lost 0, twice 0, every unknown resolved',
            ' '.join(f'{name}={count}' for name, count in result.items()))
    finally:
        if site is not None:
            site.remove()
        disk.remove()


# ---- letting go ------------------------------------------------------------------------------------------------------

def let_go(ballast_mib):
    """Envelopes that are filed and in a backup, and a full disk when the collector says that they may go. Gives (those that were left, the log,
    those that were left once there was room)."""
    disk, site = Disk(), None
    try:
        site = make_site(disk, ballast_mib)
        event = site.event('--practice', '--open')
        site.start()

        async def send():
            load = fault_load.Load(site.port, [event], fault_load.History(os.path.join(OTHER, f'drop-{ballast_mib}'), site.dir), CLIENTS)
            people = asyncio.create_task(load.run())
            while load.counts['ok'] < 60:
                await asyncio.sleep(0.05)
            load.end()
            await people
        asyncio.run(send())
        site.drain()
        collector = programs(site)['collector']
        # It may hold the office just when it is stopped: then it goes on for a moment.
        for attempt in range(20):
            os.kill(collector, signal.SIGSTOP)
            target = os.path.join(OTHER, f'drop-{ballast_mib}-{attempt}.backup')
            if site.run('backup', target, expected=None)[0] == 0:
                break
            os.kill(collector, signal.SIGCONT)
            time.sleep(0.2)
        else:
            raise AssertionError('no backup while the collector stood still, in 20 attempts')
        disk.fill()
        filed = lambda: (site.ask(lambda peer: peer.count()) or (0, -1))[1]
        full = filed()
        assert full >= 50, full
        os.kill(collector, signal.SIGCONT)
        end = time.monotonic() + (15 if ballast_mib else 6)
        while time.monotonic() < end and filed() != 0:
            time.sleep(0.2)
        left, log = filed(), site.said()
        disk.free()
        end = time.monotonic() + RECOVERY_S
        while time.monotonic() < end and filed() != 0:
            time.sleep(0.1)
        return full, left, log, filed()
    finally:
        if site is not None:
            site.remove()
        disk.remove()


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    print(f'# a tmpfs of {DISK_MIB} MiB, ballast {BALLAST_MIB} MiB, {CLIENTS} clients')
    try:
        asyncio.run(under_load(rounds))
        full, left, log, after = let_go(BALLAST_MIB)
        say(left == 0 and 'the ballast was let go' in log, 'what is filed and in a backup goes on a full disk, thanks to the ballast', f'{full} envelopes before, {left} after')
        full, left, log, after = let_go(0)
        say(left > 0 and 'error=full' in log, 'control: without ballast it cannot go', f'{full} envelopes before, {left} after')
        say(after == 0, f'control: with room again it goes within {RECOVERY_S:.0f} s')
    finally:
        shutil.rmtree(OTHER, ignore_errors=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
