#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nth.py: the n-th call fails, for every n until a run without a fault: once, and for good from there on.

  nth.py                    every n of every scene; prints a table with the last n
  nth.py --sample           about 60 n for each program and kind, spread over its scenes, always with the last ones, and the controls
  nth.py --only WORDS       scenes whose "program phase" contains WORDS;  --kind KIND: one kind;  --n N: one n;  --jobs N
  nth.py --most N           of more than N calls of a kind in a scene, N spread over all of them and the last ones; the table says which scenes
  nth.py --asan FOLDER      programs under the fault from there (build/asan): leaks and memory errors are found too

Kinds: eio, enospc, short, eintr, fsync, alloc (SQLite's and all other libraries' are counted: the column says how many were SQLite's).

How every n is had in an hour: the scenes are small (forms/small, few strings); programs begin from where they are linked (rig.Server); and when a
program has ended because of its fault and every file is byte by byte as before, what follows is what follows without a fault, which has been looked
at once: so the same instance is taken for the next n. The table says how often.

Confinement: the spooler at work and intake's workers are confined as everywhere (nth.c makes no system call that they may not). Programs that
start are not, nor is the collector: to build its filters libseccomp asks for memory 50,000 times, 20 times as often as all else of a start, and
takes ten times as long; their n would be libseccomp's. That a program which cannot be confined ends with 80, and does not begin to work, is
tests/unit/lib/confine's."""
import argparse
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import rig
import scenes

SAMPLE_N = 60
LAST_N = 3
CALLS_SHOWN = 4
TELL_S = 60
JOBS_PER_CORE = 3  # some wait for what a program does after a pause
CONTROL_TRIES = 8
MORE_MAX = 400  # n beyond what a run without a fault made: calls that only a failure makes


def scene_name(scene):
    return scene.program if scene.phase.startswith('soundings') else f'{scene.program}: {scene.phase}'


class Task:
    """Some n of one scene, kind and manner, for one process."""

    def __init__(self, scene, kind, for_good, numbers, goes_on):
        self.scene, self.kind, self.for_good, self.numbers, self.goes_on = scene, kind, for_good, numbers, goes_on


def one(scene, page, kind, n, for_good):
    """None, or what is wrong."""
    page.set(kind, n, for_good, getattr(scene, 'connect', 0))
    try:
        scene.run(page, kind)
        return None
    except (AssertionError, Exception) as error:  # whatever it is: with its n
        module, call = page.first()
        words = str(error) if isinstance(error, AssertionError) else ''.join(traceback.format_exception_only(error)).strip()
        return f'n={n} {"for good" if for_good else "once"} ({call} of {module}): {words}'


def keep_printed(folder, name):
    printed = folder + '.printed'
    if os.path.exists(printed):
        os.makedirs(worker.kept, exist_ok=True)
        shutil.copy(printed, os.path.join(worker.kept, name.replace('/', ' ')))


def work(task):
    folder = os.path.join(worker.folder, 'run')
    page = worker.page
    scene = worker.scene(task.scene)
    result = {'task': task, 'runs': 0, 'fired': 0, 'last': 0, 'wrong': [], 'facts': {}, 'modules': {}, 'clean': False}
    numbers = list(task.numbers)
    while numbers:
        n = numbers.pop(0)
        wrong = one(scene, page, task.kind, n, task.for_good)
        result['runs'] += 1
        if wrong:
            result['wrong'].append(wrong)
            keep_printed(folder, f'{scene_name(task.scene)} {task.kind} {n}')
            scene.drop()
            codes, scene = scene.codes, worker.scene(task.scene)
            scene.codes = codes
        if page.fired() > 0:
            result['fired'] += 1
            result['last'] = max(result['last'], n)
            if not numbers and task.goes_on and n < task.goes_on:
                numbers.append(n + 1)
        elif not wrong:
            result['clean'] = True
        if len(result['wrong']) > 20:
            break
    try:
        result['facts'] = scene.end()
    except AssertionError as error:
        result['wrong'].append(f'at the end: {error}')
    result['modules'], result['codes'] = page.by_module(), scene.codes
    return result


class Worker:
    """What one process has for itself."""

    def __init__(self, folder, kept, build):
        self.folder, self.kept = folder, kept
        os.makedirs(folder, exist_ok=True)
        self.page = rig.Page(os.path.join(folder, 'page'))
        self.template = rig.Template(os.path.join(folder, 'template'), os.path.join(folder, 'run'), rig.compile_library(folder), build)

    def scene(self, scene):
        return scene(self.template, os.path.join(self.folder, 'run'))


worker = None


def begin(folder, kept, build):
    global worker
    try:  # a pool begins dead ones again without end
        worker = Worker(os.path.join(folder, f'job-{os.getpid()}'), kept, build)
    except Exception:
        traceback.print_exc()
        os.kill(os.getppid(), signal.SIGTERM)


def measure(job):
    """How many calls a run without a fault makes: ((scene, kind), count, by module, what is wrong)."""
    scene_class, kind = job
    page = worker.page
    scene = worker.scene(scene_class)
    wrong = one(scene, page, kind, 0, False)
    count, modules = page.count(), page.by_module()
    try:
        scene.end()
    except AssertionError as error:
        wrong = wrong or f'at the end: {error}'
    return job, count, modules, wrong


def spread(count, wanted):
    """WANTED of 1..COUNT, the last ones and the one behind them among them."""
    if count <= wanted:
        return list(range(1, count + 2))
    step = count / max(1, wanted - LAST_N)
    return sorted({1 + int(i * step) for i in range(wanted - LAST_N)} | set(range(count - LAST_N + 1, count + 2)))


def tasks_of(counts, is_sample, jobs, most):
    for (scene, kind), count in counts.items():
        if count == 0:
            continue
        share = 1
        if is_sample:
            own = sum(other for (with_scene, of), other in counts.items() if with_scene.program == scene.program and of == kind)
            share = min(max(8, SAMPLE_N * count // own // 2), scene.sample_max)
            if kind == 'alloc' and scene.program == 'spooler' and count <= 100:
                share = count  # quick, and what a lack of memory may do to an acknowledged envelope is here
        for for_good in (False, True):
            numbers = spread(count, share if is_sample else most or count)
            pieces = 1 if is_sample or len(numbers) < 40 else jobs * max(1, len(numbers) // 400)
            for piece in range(pieces):
                own = numbers[piece::pieces]
                if own:
                    yield Task(scene, kind, for_good, own, count + MORE_MAX if not is_sample and own[-1] == numbers[-1] else 0)


def table(results, counts, modules):
    print(f'{"scene":34} {"kind":7} {"calls":>6} {"runs":>6} {"faults":>6} {"last n":>6}  wrong')
    good = True
    for (scene, kind), count in counts.items():
        own = [result for result in results if result['task'].scene is scene and result['task'].kind == kind]
        if not own:
            continue
        wrong = [line for result in own for line in result['wrong']]
        sqlite = f'  {modules[scene, kind]["sqlite"]} of the calls are SQLite\'s' if kind == 'alloc' else ''
        facts = {}
        for result in own:
            for name, number in result['facts'].items():
                facts[name] = facts.get(name, 0) + number
        codes = {}
        for (code, call), (times, first) in [item for result in own for item in result['codes'].items()]:
            calls = codes.setdefault(code, {})
            calls[call] = (calls.get(call, (0, 0))[0] + times, first)
        words = '  (not every n)' if sum(r['runs'] for r in own) < 2 * count else ''
        words += ''.join(f'  {name}: {number}' for name, number in facts.items() if number)
        print(f'{scene_name(scene):34} {kind:7} {count:6} {sum(r["runs"] for r in own):6} {sum(r["fired"] for r in own):6} {max(r["last"] for r in own):6}  {len(wrong)}{sqlite}{words}')
        for code, calls in sorted(codes.items()):
            most = sorted(calls.items(), key=lambda item: -item[1][0])[:CALLS_SHOWN]
            print(f'    ended with {code}: {sum(times for times, _ in calls.values())} ({", ".join(f"{call} n={first}" for call, (_, first) in most)})')
        for line in wrong[:6]:
            print(f'    {line}')
        good &= not wrong
    return good


# ---- controls: what must be found -------------------------------------------------------------------------------------------------

def control(job):
    """What is wrong with a spooler that is made to lie: ('name', words or None)."""
    name, kind, n, for_good, is_early = job
    page = worker.page
    scene = worker.scene(scenes.SpoolerAppend)
    if is_early:
        path = os.path.join(worker.folder, 'early.so')
        subprocess.run(['cc', '-std=gnu17', '-D_GNU_SOURCE', '-O1', '-shared', '-fPIC', '-o', path, os.path.join(rig.HERE, '../early.c'), '-ldl'], check=True)
        os.environ['EARLY'], worker.template.before = '1', path
    try:
        # A disk that lies may be caught by the spooler, which then acknowledges nothing.
        return name, next((wrong for _ in range(CONTROL_TRIES if n else 1) if (wrong := one(scene, page, kind, n, for_good))), None)
    finally:
        scene.drop()
        os.environ.pop('EARLY', None)
        worker.template.before = ''


CONTROLS = (('a spooler that says "durable" before its commit, whose fsync fails, is found', 'fsync', 1, True, True),
            ('a disk that says yes and keeps nothing is found', 'liar', 1, True, False),
            ('the same spooler and disk without a fault are not', 'fsync', 0, False, False))


LEAKY = '#include <stdlib.h>\nint main(int count, char **words) { char *volatile lost = malloc(100 + count); (void) words; lost = NULL; return 0; }\n'


def leak_is_found(_):
    """Whether a program that leaks ends with what rig.check_alive looks for, begun as all others are."""
    path = os.path.join(worker.folder, 'leaky')
    subprocess.run(['cc', '-fsanitize=address', '-O0', '-x', 'c', '-o', path, '-'], input=LEAKY, text=True, check=True)
    site = rig.Instance(os.path.join(worker.folder, 'run'), worker.template.library, worker.folder)
    site.servers = worker.template.servers
    return site.wait_end(site.start('leaky', worker.page)) == 98


def notices(offset):
    """Whether one byte of the office that is another is noticed; offset -1: whether nothing is, where nothing is."""
    site = worker.template.copy(os.path.join(worker.folder, 'run'))
    site.note()
    path = os.path.join(site.dir, 'office/office.db')
    with open(path, 'r+b') as file:
        content = file.read()
        file.seek(0)
        file.write(content if offset < 0 else content[:offset] + bytes([content[offset] ^ 1]) + content[offset + 1:])
    return not site.is_as_it_was()


def controls(pool):
    good = [pool.apply(notices, [offset]) for offset in (-1, 65536 + 9, 300000)] == [False, True, True]
    print(f'{"ok" if good else "not ok"} nth: control: a byte of the office that is another is noticed, and only then')
    for (name, _, n, _, _), (_, wrong) in zip(CONTROLS, pool.map(control, CONTROLS)):
        is_right = wrong is not None and ' lost' in wrong if n else wrong is None
        print(f'{"ok" if is_right else "not ok"} nth: control: {name}{": " + wrong if wrong else ""}')
        good &= is_right
    return good


def chosen(options):
    for scene in scenes.SCENES:
        if options.only and options.only not in scene_name(scene):
            continue
        for kind in scene.kinds:
            if (not options.kind or kind in options.kind.split(',')) and (not options.asan or kind == 'alloc' or options.kind):
                yield scene, kind


def main():
    parser = argparse.ArgumentParser()
    for name in ('--only', '--kind', '--asan'):
        parser.add_argument(name, default='')
    parser.add_argument('--sample', action='store_true')
    parser.add_argument('--n', type=int, default=0)
    parser.add_argument('--most', type=int, default=0)
    parser.add_argument('--jobs', type=int, default=JOBS_PER_CORE * os.cpu_count())
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix='soundings-nth-', dir=rig.FOLDER)
    kept = tempfile.mkdtemp(prefix='soundings-nth-wrong-')
    build = os.path.abspath(options.asan) if options.asan else rig.RELEASE
    begun = time.monotonic()
    try:
        with multiprocessing.Pool(options.jobs, begin, (folder, kept, build)) as pool:
            counts, modules, good = {}, {}, True
            for job, count, by_module, wrong in pool.imap(measure, list(chosen(options))):
                counts[job], modules[job] = count, by_module
                if wrong:
                    print(f'without a fault: {scene_name(job[0])} {job[1]}: {wrong}')
                    good = False
            tasks = list(tasks_of(counts, options.sample, options.jobs, options.most))
            random.Random(1).shuffle(tasks)  # some wait, some work
            if options.n:
                tasks = [Task(scene, kind, for_good, [options.n], 0) for scene, kind in counts for for_good in (False, True)]
            results, told = [], begun
            for result in pool.imap_unordered(work, tasks):
                results.append(result)
                if time.monotonic() > told + TELL_S:
                    told = time.monotonic()
                    print(f'{sum(r["runs"] for r in results)} of about {sum(len(task.numbers) for task in tasks)} runs after {told - begun:.0f} s', file=sys.stderr, flush=True)
            good &= table(results, counts, modules)
            if options.asan:
                is_found = pool.apply(leak_is_found, [0])
                print(f'{"ok" if is_found else "not ok"} nth: control: a leak is found')
                good &= is_found
            else:
                good &= controls(pool)
            print(f'{sum(result["runs"] for result in results)} runs in {time.monotonic() - begun:.0f} s{f", programs of {options.asan}" if options.asan else ""}')
            pool.close()
            pool.join()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not os.listdir(kept):
            os.rmdir(kept)
        else:
            print(f'what the programs printed: {kept}')
    print(f'{"ok" if good else "not ok"} nth: the n-th fault{" (sampled)" if options.sample else ""}')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
