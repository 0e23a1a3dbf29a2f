#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""walk.py: long random walks through everything that keeps and lets go, with a model beside the real programs.

usage: walk.py [--walks N] [--steps N] [--seed N] [--plant WHAT] [--whole] [--keep]

A walk posts, edits, replays, withdraws, files, closes, releases, backs up, expires, rotates, restores the newest or an older backup, over
what is there or after the machine was lost, kills programs, and lets days pass. Now and then, and at its end, office, exports and
spool must hold exactly what the model says: compared by content, response by response, not by count.

A step is a word and two numbers, and means something whatever came before it, so any part of a walk is a walk. One that fails is made
shorter for as long as it still fails, and printed with its seed. --plant makes the model wrong on purpose ("tombstones": it forgets
withdrawals at a restore; "edits": the later edit counts instead of the higher): the walk must find that. Prints "ok NAME" and "not ok NAME"."""
import argparse
import collections
import datetime
import os
import random
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model
import hub

# How often each step comes, of a thousand.
STEPS = {
    'post': 240, 'crowd': 12, 'edit': 120, 'replay': 70, 'withdraw': 90, 'file': 120, 'backup': 60, 'days': 70, 'years': 4, 'expire': 50, 'close': 20, 'reopen': 10, 'release': 40,
    'event': 12, 'rotate': 12, 'restore': 14, 'older': 8, 'lose': 10, 'lose_older': 4, 'kill': 20, 'check': 10,
}
EDIT_DAYS = 60  # a page that was left open
EXPORT_MIN = 10


# What walks have met: a walk that never exported anything has not shown that exports are right.
met = collections.Counter()
MEETINGS = ('responses', 'edits filed', 'withdrawals filed', 'envelopes let go', 'responses released', 'late responses released', 'exports compared',
            'responses expired', 'periods destroyed', 'envelopes under an older key', 'backups past their time', 'restores over an office', 'restores of a lost machine',
            'older backups restored', 'releases repeated by a restore', 'withdrawals that a restore took over', 'programs killed')


class Walk:
    def __init__(self, folder, plant=None):
        self.hub, self.office, self.plant = hub.Site(folder), model.Office(), plant
        self.spool, self.people, self.kept, self.generation = [], [], {}, 0
        for period, _, _ in self.hub.keyset():
            self.office.periods[period] = {'retired': None, 'destroyed': False}
        self.standing = self.add_event(datetime.date(2099, 12, 1))  # never released: withdrawals always have something to wait for
        for days in (0, 0, -700):
            self.add_event(self.hub.day + datetime.timedelta(days))
        self.backup()
        self.hub.start_spooler()

    def end(self):
        self.hub.stop_collector(signal.SIGKILL)
        self.hub.stop_spooler(signal.SIGKILL)

    # ---- small things ----

    def add_event(self, day):
        out = self.hub.cli('event', 'add', '--title', 'A walk', '--date', str(day), '--open')
        code = out.split()[0]
        self.office.events[code] = {'day': day, 'state': 'open', 'release': 0, 'needs': None, 'expired': False}
        return code

    def pick(self, among, number):
        return among[number % len(among)] if among else None

    def period(self, number):
        """The current period, or now and then an older one: a front machine that still has the old catalogue."""
        usable = [(period, public, is_current) for period, public, is_current in self.hub.keyset() if not self.office.periods[period]['destroyed']]
        current = next(entry for entry in usable if entry[2])
        chosen = usable[number % len(usable)][:2] if number % 5 == 0 else current[:2]
        met['envelopes under an older key'] += chosen != current[:2]
        return chosen

    def send(self, envelope):
        self.hub.append(envelope.data)
        self.spool.append(envelope)

    def recent(self):
        return [rid for rid, person in enumerate(self.people) if 0 <= (self.hub.day - person['day']).days <= EDIT_DAYS]

    def answers(self, number):
        answers = {'overall': ('very_good', 'good', 'poor')[number % 3], 'next': f'what person {len(self.people)} says, {number}'}
        if number % 2:
            answers['age_band'] = '25_34'
        return answers

    # ---- people ----

    def post(self, a, b):
        event = self.pick([code for code, event in self.office.events.items() if event['state'] != 'planned'], a)
        met['responses'] += 1
        self.people.append({'event': event, 'nonce': os.urandom(20), 'day': self.hub.day, 'sent': []})
        self.send_edit(len(self.people) - 1, 0, b)

    def crowd(self, a, b):
        """As many at one event as an export needs."""
        for number in range(EXPORT_MIN + 2):
            self.post(a, b + number)

    def send_edit(self, rid, edit, number):
        person = self.people[rid]
        envelope = self.hub.response(rid, person['nonce'], person['event'], edit, self.answers(number), *self.period(number))
        person['sent'].append(envelope)
        self.send(envelope)

    def edit(self, a, b):
        rid = self.pick(self.recent(), a)
        if rid is not None:
            self.send_edit(rid, b % 4, b)

    def replay(self, a, b):
        rid = self.pick(self.recent(), a)
        if rid is None:
            return
        old = self.pick(self.people[rid]['sent'], b)
        if not self.office.periods[old.period]['destroyed']:
            self.send(hub.Envelope(old.kind, rid, old.period, old.data, old.event, old.edit, old.answers))

    def withdraw(self, a, b):
        if not self.people:
            return
        rid = a % len(self.people)
        person = self.people[rid]
        self.send(self.hub.withdrawal(rid, person['nonce'], person['event'], *self.period(b)))

    # ---- filing ----

    def file(self, *_):
        self.model_file()
        self.hub.collector = self.hub.start('collector')
        self.settle()
        self.hub.stop_collector()

    def model_file(self):
        waiting = [envelope for envelope in self.spool if envelope.mark is None and not self.office.periods[envelope.period]['destroyed']]
        order = sorted(waiting, key=lambda envelope: envelope.kind)
        met['edits filed'] += sum(envelope.edit > 0 for envelope in order)
        met['withdrawals filed'] += sum(envelope.kind == 'withdrawal' and envelope.rid in self.office.linked for envelope in order)
        for envelope in order:
            if envelope.kind == 'withdrawal':
                self.office.file_withdrawal(envelope.rid)
            elif self.plant == 'edits' and envelope.rid in self.office.linked:
                self.office.linked[envelope.rid] = (envelope.event, envelope.edit, envelope.answers, envelope.period, envelope.canonical)
            else:
                self.office.file_response(envelope, self.hub.day)
        for envelope in waiting:
            envelope.mark = self.office.next_number()
        self.model_drop()

    def model_drop(self):
        drop, before = self.office.droppable(self.hub.day), len(self.spool)
        self.spool = [envelope for envelope in self.spool if envelope.mark is None or envelope.mark > drop]
        met['envelopes let go'] += before - len(self.spool)

    def settle(self):
        filed = sum(envelope.mark is not None for envelope in self.spool)
        expected = (len(self.spool) - filed, filed)
        try:
            self.hub.until('filing', lambda: self.hub.counts() == expected)
        except AssertionError as error:
            raise AssertionError(f'{error}: the spooler says {self.hub.counts()} waiting and filed, the model {expected}') from error

    # ---- organisers ----

    def close(self, a, _):
        code = self.pick([code for code, event in self.office.events.items() if event['state'] == 'open' and code != self.standing], a)
        if code:
            self.hub.cli('event', 'close', code, '--now')
            self.office.events[code]['state'] = 'closed'

    def reopen(self, a, _):
        code = self.pick([code for code, event in self.office.events.items() if event['state'] == 'closed' and not event['expired']], a)
        if code:
            self.hub.cli('event', 'open', code)
            self.office.events[code]['state'] = 'open'

    def event(self, a, _):
        if len(self.office.events) < 12:
            self.add_event(self.hub.day - datetime.timedelta(a % 3 * 200))
            self.backup()  # what no backup knows cannot come back from one

    def release(self, a, _):
        code = self.pick([code for code, event in self.office.events.items() if event['state'] in ('closed', 'released') and code != self.standing], a)
        if not code:
            return
        self.file()
        waits_for_backup = self.office.events[code]['state'] == 'released' and not self.office.is_shown(code)
        is_possible = waits_for_backup or self.office.can_release(code)
        self.hub.collector = self.hub.start('collector')
        done, said = self.hub.run('event', 'release', code, '--few', expected=None)
        self.hub.stop_collector()
        if (done == 0) != is_possible:
            raise AssertionError(f'release of {code} {self.office.events[code]}: exit {done}, the model says that it is {"" if is_possible else "not "}possible: {said.strip()}')
        if is_possible:
            if not waits_for_backup:
                before = len(self.office.released)
                self.office.release(code)
                met['late responses released' if self.office.events[code]['release'] > 1 else 'responses released'] += len(self.office.released) - before
            self.model_backup()
            self.file()

    def backup(self, *_):
        self.hub.cli('backup')
        self.model_backup()

    def model_backup(self):
        number = self.office.begin_backup(self.hub.day)
        kept = self.office.copy()
        [name] = [name for name in os.listdir(self.hub.backups) if f'-{number:06}-' in name and number not in self.kept]
        path = os.path.join(self.hub.backups, name)
        self.kept[number] = (kept, path)
        self.office.backups[number].update(finished=True, file=path)

    def rotate(self, *_):
        if len(self.office.periods) >= 40:
            return
        before = {period for period, _, _ in self.hub.keyset()}
        self.hub.cli('key', 'rotate', '--recovery', self.hub.recovery)
        after = {period for period, _, _ in self.hub.keyset()}
        [new] = after - before
        for period in before:
            self.office.periods[period]['retired'] = self.office.periods[period]['retired'] or self.hub.day
        self.office.periods[new] = {'retired': None, 'destroyed': False}
        self.model_backup()

    # ---- time ----

    def days(self, a, b):
        self.hub.day += datetime.timedelta((0, 1, 1, 2, 3, 9, 20, 36, 200)[a % 9] if b % 3 else 1)

    def years(self, a, _):
        """Past every promise there is, for whoever rotates first."""
        self.rotate()
        self.hub.day += datetime.timedelta(800 + a % 100)
        self.expire()

    def expire(self, *_):
        over = self.office.files_over(self.hub.day)
        self.hub.cli('expire')
        before = len(self.office.linked) + len(self.office.released)
        self.office.expire(self.hub.day)
        met['responses expired'] += before - len(self.office.linked) - len(self.office.released)
        met['backups past their time'] += len(over)
        for number in over:
            self.kept.pop(number, None)  # a restored office may list what has gone since
            if os.path.exists(self.office.backups[number]['file']):
                raise AssertionError(f'backup {number} is past its time and still there')
            self.office.backups[number]['file'] = None
        for period in self.office.periods_over(self.hub.day, {envelope.period for envelope in self.spool if envelope.mark is None}):
            self.office.destroy(period)
            met['periods destroyed'] += 1
            if os.path.exists(os.path.join(self.hub.dir, f'keys/periods/{period}.secret')) or os.path.exists(os.path.join(self.hub.dir, f'keys/sealed/{period}.sealed')):
                raise AssertionError('a period is over, and its secret is still there')

    def kill(self, a, _):
        """At any instant: the collector while it files, or the spooler while it does nothing for anybody."""
        met['programs killed'] += 1
        if a % 2:
            self.hub.stop_spooler(signal.SIGKILL)
            self.hub.start_spooler()
            return
        self.hub.collector = self.hub.start('collector')
        time.sleep(a % 40 / 1000)
        self.hub.stop_collector(signal.SIGKILL)
        self.file()

    # ---- going back ----

    def restore_from(self, number, is_lost):
        if not self.kept:
            return
        newest = max(self.kept)
        number = newest if number is None else number
        kept, path = self.kept[number]
        options = ['restore', path, '--recovery', self.hub.recovery]
        self.hub.stop_spooler()
        if is_lost:
            self.hub.lose()
        if number != newest:
            code, said = self.hub.run(*options, expected=None)
            if code == 0 or '--older' not in said:
                raise AssertionError(f'an older backup was restored without --older: {said.strip()}')
            options.append('--older')
        self.hub.cli(*options)
        found, self.office = self.office, kept.copy()
        self.office.backups[number].update(finished=True, file=path)
        met['restores of a lost machine' if is_lost else 'restores over an office'] += 1
        met['older backups restored'] += number != newest
        releases, tombs = sum(event['release'] for event in self.office.events.values()), len(self.office.tombs)
        others = [] if is_lost else [found]
        others += [self.kept[later][0] for later in sorted(self.kept) if later > number]
        for other in others:
            if self.plant == 'tombstones':
                other = other.copy()
                other.tombs = {}
            self.office.merge(other)
        met['releases repeated by a restore'] += sum(event['release'] for event in self.office.events.values()) - releases
        met['withdrawals that a restore took over'] += max(0, len(self.office.tombs) - tombs)
        for later in self.kept:
            if later > number:
                self.office.backups.setdefault(later, {'day': self.kept[later][0].backups[later]['day']}).update(finished=True, file=self.kept[later][1])
        self.office.expire(self.hub.day)
        for envelope in self.spool:
            envelope.mark = None
        self.hub.start_spooler()
        self.hub.greet()
        self.file()

    def restore(self, a, _):
        self.restore_from(None, False)

    def older(self, a, _):
        self.restore_from(self.pick(list(self.kept), a), False)

    def lose(self, *_):
        self.restore_from(None, True)

    def lose_older(self, a, _):
        self.restore_from(self.pick(list(self.kept), a), True)

    # ---- comparing ----

    def check(self, *_):
        self.file()
        self.hub.stop_spooler()
        linked, released, lonely, states, reasons = self.hub.office()
        split = lambda answers, is_apart: hub.envelope_format.canonical({name: value for name, value in answers.items() if (name in hub.APART) == is_apart})
        office = self.office
        self.same('linked responses', linked, sorted((event, edit, canonical) for event, edit, _, _, canonical in office.linked.values()))
        self.same('released responses', released, sorted(((event, release, split(answers, False)) for event, release, answers in office.released), key=str))
        self.same('equality answers of released responses', lonely, sorted((event, split(answers, True)) for event, _, answers in office.released))
        self.same('events', states, {code: (event['state'], event['release']) for code, event in office.events.items()})
        self.same('the quarantine', len(reasons), len(office.quarantine))
        self.same('the spool', self.hub.spool(), sorted((envelope.hash, envelope.mark is not None) for envelope in self.spool))
        for code in office.events:
            self.check_export(code)
        self.hub.start_spooler()

    def check_export(self, code):
        rows = [answers for event, _, answers in self.office.released if event == code]
        is_open = self.office.is_shown(code) and len(rows) >= EXPORT_MIN
        done, said = self.hub.run('export', code, '--format', 'json', expected=None)
        if (done == 0) != is_open:
            raise AssertionError(f'export: exit {done}, the model says that it is {"" if is_open else "not "}allowed: {said.strip()}')
        if is_open:
            met['exports compared'] += 1
            exported = sorted((row['overall'], row['next']) for row in hub.json.loads(said)['responses'])
            self.same('an export', exported, sorted((answers['overall'], answers['next']) for answers in rows))

    def same(self, what, found, expected):
        if found == expected:
            return
        if isinstance(found, list):
            surplus, missing = list(found), []
            for item in expected:
                surplus.remove(item) if item in surplus else missing.append(item)
            raise AssertionError(f'{what}: too much {surplus[:3]}, missing {missing[:3]}')
        raise AssertionError(f'{what}: {found}, expected {expected}')


# ---- walking, and making a walk shorter ------------------------------------------------------------------------------------

def draw(seed, count):
    source = random.Random(seed)
    words = source.choices(list(STEPS), weights=list(STEPS.values()), k=count)
    return [(word, source.randrange(1 << 20), source.randrange(1 << 20)) for word in words]


def read_steps(path):
    with open(path) as file:
        return [(word, int(a), int(b)) for word, a, b in (line.split() for line in file)]


def walk(steps, plant=None, keep=None):
    """None, or (how many steps it took, what was wrong)."""
    folder = tempfile.mkdtemp(prefix='soundings-walk-')
    going, at = None, 0
    try:
        going = Walk(folder, plant)
        for at, (word, a, b) in enumerate([*steps, ('check', 0, 0)]):
            getattr(going, word)(a, b)
        return None
    except AssertionError as error:
        return min(at + 1, len(steps)), str(error)
    finally:
        if going:
            going.end()
        if keep:
            print('    left in', folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def shrink(steps, plant, seconds):
    """Leaves out ever smaller parts for as long as it still fails (Zeller and Hildebrandt's ddmin, greedily)."""
    end, size = time.monotonic() + seconds, max(1, len(steps) // 2)
    while size and time.monotonic() < end:
        at = 0
        while at < len(steps) and time.monotonic() < end:
            shorter = steps[:at] + steps[at + size:]
            failure = walk(shorter, plant)
            if failure:
                steps = shorter[:failure[0]]
            else:
                at += size
        size //= 2
    return steps


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--walks', type=int, default=3)
    parser.add_argument('--steps', type=int, default=250)
    parser.add_argument('--seed', type=int, default=None)
    parser.add_argument('--plant', choices=('tombstones', 'edits'))
    parser.add_argument('--shrink-seconds', type=int, default=240)
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('--whole', action='store_true', help='fails when something that walks are for was never met')
    parser.add_argument('--replay', help='a file with steps, one a line, instead of drawn ones')
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    is_good = True
    for number in range(options.walks):
        steps, begun = read_steps(options.replay) if options.replay else draw(seed + number, options.steps), time.monotonic()
        failure = walk(steps, options.plant, options.keep)
        took = f'{time.monotonic() - begun:.0f} s'
        if not failure:
            if not options.plant:
                print(f'ok a walk of {len(steps)} steps (seed {seed + number}, {took})')
            continue
        short = shrink(steps[:failure[0]], options.plant, options.shrink_seconds)
        again = walk(short, options.plant) or failure
        if options.plant:
            print(f'ok a planted mistake ({options.plant}) was found and its walk made shorter: {len(short)} steps')
        else:
            print(f'not ok a walk of {len(steps)} steps (seed {seed + number}, {took})')
            is_good = False
        print(f'    {again[1]}')
        for step in short:
            print('   ', *step)
        if options.plant:
            return 0
    if options.plant:
        print(f'not ok a planted mistake ({options.plant}) was not found in {options.walks} walks')
        return 1
    for what in MEETINGS:
        print(f'    {met[what]:6} {what}')
        if options.whole and not met[what]:
            print(f'not ok the walks never met: {what}')
            is_good = False
    return 0 if is_good else 1


sys.exit(main())
