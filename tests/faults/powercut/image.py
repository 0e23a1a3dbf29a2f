# SPDX-License-Identifier: MIT
"""image.py: power cuts of a real ext4 file system: an image on a loop device, copied in one instant while its writers stand still.

The image lies on an XFS of our own, so that a copy is a reflink; what the page cache of the ext4 still holds is not in it, as with a
power cut. SIGSTOP first: a writer that goes on while the copy is made hides losses. Then the copy is mounted, which replays the journal, checked
by e2fsck, and opened with the real programs as offices.py does. The control, where fsync does nothing, must lose.

Needs root, loop devices, mkfs.xfs and mkfs.ext4. Without them it says so, and claims nothing."""
import contextlib
import gc
import os
import random
import shutil
import signal
import subprocess
import threading
import time

import offices
import record

TOOLS = ('mkfs.xfs', 'mkfs.ext4', 'e2fsck', 'mount', 'umount')
XFS_BYTES, EXT4_BYTES, CONTROL_CUTS = 3 << 30, 640 << 20, 6


def run_tool(*words):
    path = f'{os.environ.get("PATH", "")}:/usr/sbin:/sbin'
    done = subprocess.run(words, env={**os.environ, 'PATH': path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise OSError(f'{" ".join(words)}: exit {done.returncode}: {done.stdout.strip()[-300:]}')


def missing():
    if os.geteuid() != 0:
        return 'it needs root'
    lacking = [tool for tool in TOOLS if shutil.which(tool, path=f'{os.environ.get("PATH", "")}:/usr/sbin:/sbin') is None]
    return f'{", ".join(lacking)} is not installed' if lacking else None


@contextlib.contextmanager
def mounted(image, folder):
    os.makedirs(folder, exist_ok=True)
    run_tool('mount', '-o', 'loop', image, folder)
    try:
        yield folder
    finally:
        for attempt in range(100):
            gc.collect()  # a check that failed may have left a connection in its traceback
            try:
                run_tool('umount', folder)
                break
            except OSError:
                if attempt == 99:
                    run_tool('umount', '--lazy', folder)  # nothing of ours stays mounted
                    raise
                time.sleep(0.1)


def make_image(path, size, *mkfs):
    with open(path, 'wb') as file:
        file.truncate(size)
    run_tool(*mkfs, path)


class Live(record.Site):
    """An instance on the ext4. What it was told stays in this process: no cut reaches it."""

    def __init__(self, folder, disk, recorder, fault):
        super().__init__(folder, recorder, None, fault, disk)
        self.facts = []

    def mark(self, **facts):
        self.facts.append(facts)

    def environment(self):
        environment = super().environment()
        if self.fault:
            environment.update(LD_PRELOAD=self.recorder, POWERCUT_FAULT=self.fault)
        return environment


class Crowd(threading.Thread):
    """Sends until it is over, and makes a backup now and then."""

    def __init__(self, site, event, number):
        super().__init__()
        self.site, self.event, self.number, self.is_over, self.failures = site, event, number, False, []

    def run(self):
        count = 0
        while not self.is_over and not self.failures:
            count += 1
            person = offices.Person(self.site, self.number + offices.CLIENTS * count, self.event, *offices.current(self.site))
            self.site.sent[person.response.hash] = person.words
            offices.send(self.site, [person], self.failures, 0.08)
            try:
                if self.number == 0 and count % 60 == 30:
                    offices.backup(self.site)
            except AssertionError as failure:
                self.failures.append(failure)


def freeze(site, image, copy):
    programs = (site.spooler, site.collector)
    for program in programs:
        program.send_signal(signal.SIGSTOP)
    try:
        facts = list(site.facts)
        run_tool('cp', '--reflink=always', image, copy)
    finally:
        for program in programs:
            program.send_signal(signal.SIGCONT)
    return facts


def look(copy, folder, facts, site):
    """(lost, corrupt)"""
    with mounted(copy, folder):
        pass  # replays the journal
    run_tool('e2fsck', '-fn', copy)
    with mounted(copy, folder):
        return offices.check(folder, facts, dict(site.sent), site.folder)


def cut_often(folder, recorder, fault, count):
    """(promises, cuts, lost, corrupt), and words about the first few."""
    live, image, chance = os.path.join(folder, 'live'), os.path.join(folder, 'disk.img'), random.Random()
    make_image(image, EXT4_BYTES, 'mkfs.ext4', '-q', '-F')
    rows, words = [0, 0, 0, 0], []
    with mounted(image, live):
        site = Live(folder, live, recorder, fault)
        site.set_up()
        site.sent, event = {}, site.add_event()
        run_tool('sync', '-f', live)
        site.start_spooler()
        site.collector = site.start('collector')
        crowd = [Crowd(site, event, number) for number in range(offices.CLIENTS)]
        for thread in crowd:
            thread.start()
        try:
            for _ in range(count):
                time.sleep(chance.uniform(0.1, 0.6))
                copy = os.path.join(folder, 'cut.img')
                facts = freeze(site, image, copy)
                lost, corrupt = look(copy, os.path.join(folder, 'cut'), facts, site)
                os.unlink(copy)
                told = sum('told' in fact for fact in facts)
                rows = [sum(pair) for pair in zip(rows, (told, 1, bool(lost), bool(corrupt)))]
                if (lost or corrupt) and len(words) < 3:
                    words.append(f'of {told} promises: lost {lost[:4]} corrupt {corrupt[:4]}')
        finally:
            for thread in crowd:
                thread.is_over = True
            for thread in crowd:
                thread.join()
            site.stop_collector(signal.SIGKILL)
            site.stop_spooler(signal.SIGKILL)
    failures = [failure for thread in crowd for failure in thread.failures]
    if failures:
        raise failures[0]
    return rows, words


def run(folder, count, verdict, show):
    reason = missing()
    base = os.path.join(folder, 'image')
    os.mkdir(base)
    xfs, top = os.path.join(base, 'xfs.img'), os.path.join(base, 'xfs')
    if reason is None:
        try:
            make_image(xfs, XFS_BYTES, 'mkfs.xfs', '-q', '-f', '-m', 'reflink=1')
            with mounted(xfs, top):
                pass
        except OSError as failure:
            reason = str(failure)
    if reason is not None:
        print(f'image cuts: none on this machine: {reason}')
        return True
    recorder = os.path.join(folder, 'recorder.so')
    with mounted(xfs, top):
        began = time.monotonic()
        rows, words = cut_often(top, recorder, '', count)
        show('image', 'as they are', 'ext4', rows)
        is_ok = verdict(rows[2] + rows[3] == 0, f'powercut image: nothing lost or corrupt in {rows[1]} cuts of an ext4, {time.monotonic() - began:.0f} s', words)
        os.unlink(os.path.join(top, 'disk.img'))
        rows, _ = cut_often(top, recorder, 'nosync', min(count, CONTROL_CUTS))
        show('image', 'fsync does nothing', 'ext4', rows)
        bad = rows[2] + rows[3]
        return verdict(bad > 0, f'powercut image, control with fsync does nothing: loses, as it must ({bad} of {rows[1]})') and is_ok
