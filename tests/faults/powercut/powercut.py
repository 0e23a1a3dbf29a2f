#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""powercut.py: cuts the power of a recorded run at many instants, under three models, and opens what is left with the real programs.

usage: powercut.py [--cuts N] [--control-cuts N] [--image-cuts N] [--jobs N] [--seed N] [--only NAME] [--keep FOLDER]

Runs: spool (spooling.py), office (offices.py: spooler, collector and backups in one recording), restore, new and rotate (keeping.py). Each is recorded
once, and cut --cuts times under each model of replay.py (500). The controls are the same runs of spool and office where SQLite is told
synchronous=NORMAL, and where fsync does nothing: each must lose under "drop", or nothing here means anything. Image cuts (image.py) are of
a real ext4 file system, and need root; where the machine does not let us, that is said and nothing is claimed.

Prints a table and "ok NAME" / "not ok NAME". BUILD: the folder of the programs (build/release)."""
import argparse
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import image
import keeping
import offices
import record
import replay
import spooling

# name: how it is recorded, how a disk is checked
RUNS = {
    'spool': (spooling.recording, lambda disk, facts, sent, folder, _: spooling.check(disk, facts, sent, folder)),
    'office': (offices.recording, lambda disk, facts, sent, folder, _: offices.check(disk, facts, sent, folder)),
    'restore': (keeping.recording_restore, keeping.check_restore),
    'new': (keeping.recording_new, keeping.check_new),
    'rotate': (keeping.recording_rotate, keeping.check_rotate),
}
SAMPLED = {'restore': 4, 'new': 8, 'rotate': 4}  # of these runs, one part in so many: their lives are short
CONTROLS = {'normal': 'synchronous=NORMAL', 'nosync': 'fsync does nothing'}
ENOUGH = 5  # bad cuts of a part, where there may be none: waiting for what never comes takes long
PROMISES = ('durable', 'filed', 'dropped', 'seen', 'withdrawn', 'backup', 'restored', 'rotated')


class Recorded:
    """A run: its log, what the disk was before, and the instants to cut at. Made before the workers are forked, which inherit it."""

    def __init__(self, name, fault, folder, disks):
        self.name, self.fault, self.disks = name, fault, disks
        self.folder = os.path.join(folder, f'{name}-{fault or "real"}')
        os.mkdir(self.folder)
        self.log_path = os.path.join(disks, f'{name}-{fault or "real"}.log')
        self.site = record.Site(self.folder, os.path.join(folder, 'recorder.so'), self.log_path, fault)
        try:
            self.log = RUNS[name][0](self.site)
        finally:
            for program in (self.site.collector, self.site.spooler):
                if program is not None and program.poll() is None:
                    program.kill()
        self.ready = next(number for number, facts in self.log.marks if facts.get('told') == 'ready') + 1
        self.all_facts = [facts for _, facts in self.log.marks]
        self.syncs = sum(event[0] == replay.SYNC for event in self.log.events)
        self.differs = replay.check_whole(self.site.start_tree, self.log, self.site.disk, disks)

    def end(self):
        shutil.rmtree(self.folder)
        for end in ('', '.lock'):
            os.unlink(self.log_path + end)


def cut_some(task):
    """A worker's part: (promises, cuts, cuts that lost, cuts that were corrupt, words about the first few)."""
    recorded, model, cuts, seed = task
    done = promises = lost_cuts = corrupt_cuts = 0
    words, check = [], RUNS[recorded.name][1]
    for cut, path in replay.disks(recorded.site.start_tree, recorded.log, cuts, model, seed, recorded.disks):
        facts = recorded.log.facts(cut)
        lost, corrupt = check(path, facts, recorded.site.sent, recorded.folder, recorded.all_facts)
        promises += sum(fact.get('told') in PROMISES for fact in facts)
        lost_cuts += bool(lost)
        corrupt_cuts += bool(corrupt)
        if (lost or corrupt) and len(words) < 3:
            words.append(f'cut behind event {cut}: lost {lost[:4]} corrupt {corrupt[:4]}')
        done += 1
        shutil.rmtree(path)
        if os.path.exists(f'{path}.log'):
            os.unlink(f'{path}.log')
        if not recorded.fault and lost_cuts + corrupt_cuts >= ENOUGH:
            break
    return promises, done, lost_cuts, corrupt_cuts, words


TASKS = []


def run_task(number):
    return cut_some(TASKS[number])


def cut_all(recorded, count, options):
    """Under each model, shared among workers. Gives {model: (promises, cuts, lost, corrupt)} and words."""
    chance = random.Random(f'{options.seed}/{recorded.name}')
    begin = len(TASKS)
    for model in replay.MODELS:
        cuts = replay.cuts_of(recorded.log, count, chance, recorded.ready)
        for part in range(options.jobs):
            TASKS.append((recorded, model, cuts[part::options.jobs], options.seed))
    with multiprocessing.get_context('fork').Pool(options.jobs) as pool:
        results = pool.map(run_task, range(begin, len(TASKS)), 1)
    rows, words = {}, []
    for (_, model, _, _), (promises, cuts, lost, corrupt, said) in zip(TASKS[begin:], results):
        rows[model] = tuple(map(sum, zip(rows.get(model, (0, 0, 0, 0)), (promises, cuts, lost, corrupt))))
        words += [f'{model}: {line}' for line in said]
    return rows, words


def show(run, programs, model, row):
    print(f'{run:8} {programs:19} {model:7} {row[1]:5} {row[0]:9} {row[2]:6} {row[3]:8}', flush=True)


def verdict(is_ok, name, words=()):
    for line in words[:6]:
        print(f'  {line[:1200]}')
    print(f'{"ok" if is_ok else "not ok"} {name}', flush=True)
    return is_ok


def run_real(name, folder, disks, options):
    began = time.monotonic()
    recorded = Recorded(name, '', folder, disks)
    is_complete = verdict(not recorded.differs, f'powercut {name}: all {len(recorded.log.events)} events replayed are what is really there',
                          [f'differs: {path}' for path in recorded.differs])
    rows, words = cut_all(recorded, max(options.cuts // (1 if options.whole else SAMPLED.get(name, 1)), 1), options)
    for model, row in rows.items():
        show(name, 'as they are', model, row)
    bad = sum(row[2] + row[3] for row in rows.values())
    recorded.end()
    cuts = sum(row[1] for row in rows.values())
    return verdict(bad == 0, f'powercut {name}: nothing lost or corrupt in {cuts} cuts, {time.monotonic() - began:.0f} s', words) and is_complete


def run_control(name, fault, folder, disks, options):
    recorded = Recorded(name, fault, folder, disks)
    rows, _ = cut_all(recorded, options.control_cuts, options)
    for model, row in rows.items():
        show(name, CONTROLS[fault], model, row)
    recorded.end()
    lost = rows['drop'][2]
    return verdict(lost > 0, f'powercut {name}, control with {CONTROLS[fault]}: loses, as it must ({lost} of {rows["drop"][1]} cuts under drop)')


def main():
    parser = argparse.ArgumentParser(description='cuts the power of recorded runs')
    parser.add_argument('--cuts', type=int, default=500)
    parser.add_argument('--control-cuts', type=int, default=100)
    parser.add_argument('--image-cuts', type=int, default=30)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--seed', default=str(time.time_ns()))
    parser.add_argument('--only', help=f'one of {", ".join(RUNS)}, controls, image')
    parser.add_argument('--sample', dest='whole', action='store_false', help='the rarer runs with fewer cuts')
    options = parser.parse_args()
    print(f'seed {options.seed}')
    folder = tempfile.mkdtemp(prefix='powercut-')
    # another file system than the instance's where there is one, and quick
    disks = tempfile.mkdtemp(prefix='powercut-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
    is_ok = True
    try:
        record.compile_recorder(folder)
        print(f'{"run":8} {"programs":19} {"model":7} {"cuts":>5} {"promises":>9} {"lost":>6} {"corrupt":>8}')
        for name in RUNS:
            if options.only in (None, name):
                is_ok = run_real(name, folder, disks, options) and is_ok
        for name in ('spool', 'office'):
            for fault in CONTROLS:
                if options.only in (None, 'controls'):
                    is_ok = run_control(name, fault, folder, disks, options) and is_ok
        if options.image_cuts > 0 and options.only in (None, 'image'):
            is_ok = image.run(folder, options.image_cuts, verdict, show) and is_ok
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(disks, ignore_errors=True)
    sys.exit(0 if is_ok else 1)


if __name__ == '__main__':
    main()
