# SPDX-License-Identifier: MIT
"""keeping.py: restores and key rotations under power cuts.

restore: over the instance that is there, from its last backup and then from the one before; and into a new folder. After a cut the office is the
one from before or the restored one, never older than what a command that ended well has left, and the real programs file in it whatever the
spool holds, without anybody's help; the same command again ends well. In a new folder the programs start once the command had ended well.
rotate: while people send, sealed to whatever key is published at that moment. After a cut everything that was acknowledged can be opened, and so
can what is sealed to the key that is published then."""
import contextlib
import glob
import json
import os
import shutil
import sqlite3
import threading
import time

import offices
import record
from offices import Person, backup, send, settle


def published(site):
    """The ordinary period that intake would seal to."""
    with open(os.path.join(site.dir, 'catalogue/current/manifest')) as file:
        manifest = json.loads(file.read().split('\n')[1])
    periods = json.loads(manifest['keyset'].split('\n')[1])['periods']
    return next((period['id'], bytes.fromhex(period['public'])) for period in periods if period['current'] and not period['practice'])


def filled(site, parts):
    """An instance with an office of which each part but the last is in a backup."""
    site.record()
    site.set_up()
    site.event = site.add_event()
    crowd = [[Person(site, 100 * i + number, site.event, *published(site)) for number in range(part)] for i, part in enumerate(parts)]
    site.sent = {person.response.hash: person.words for people in crowd for person in people}
    site.start_spooler()
    site.collector = site.start('collector')
    for i, people in enumerate(crowd):
        failures = []
        send(site, people, failures, 0)
        if failures:
            raise failures[0]
        settle(site)
        if i < len(crowd) - 1:
            backup(site)


# ---- restore -------------------------------------------------------------------------------------------------------------------

def file_of(site, number):
    [file] = glob.glob(os.path.join(site.disk, f'hub/backups/*-{number:06d}-*.backup'))
    return file


def restore(site, number, *options):
    return site.run('restore', file_of(site, number), '--recovery', site.recovery, *options, expected=None)


def end_with(done):
    if done[0] != 0:
        raise AssertionError(f'exit {done[0]}: {done[1].strip()}')


def recording_restore(site):
    filled(site, (16, 12, 8))
    site.stop_collector()
    site.stop_spooler()
    site.mark(told='ready', generation=site.generation().hex())
    for number, options in ((2, ()), (1, ('--older',))):
        end_with(restore(site, number, *options))
        site.mark(told='restored', generation=site.generation().hex())
        offices.go_on(site)
    return site.end_record()


def check_restore(disk, facts, sent, folder, log_facts):
    """LOG_FACTS: all that was ever told, which has the generation that comes next."""
    site = record.Site(folder, disk=disk)
    site.printed, site.sent = f'{disk}.log', sent
    order = [fact['generation'] for fact in log_facts if 'generation' in fact]
    passed = sum('generation' in fact for fact in facts)
    try:
        if not passed:
            return [], []
        before = site.generation().hex()
        lost = [] if before in order[passed - 1:passed + 1] else ['neither the office from before nor the restored one']
        offices.go_on(site)
        end_lost, corrupt = offices.check_end(site, [fact for fact in facts if fact.get('told') != 'backup'])
        if passed < len(order):
            end_with(restore(site, 2 if passed == 1 else 1, *(('--older',) if passed == 2 or before == order[passed] else ())))
            offices.go_on(site)
            again_lost, again_corrupt = offices.check_end(site, [fact for fact in facts if fact.get('told') != 'backup'])
            end_lost, corrupt = end_lost + again_lost, corrupt + again_corrupt
        return lost + end_lost, corrupt
    except Exception as failure:
        return [], [offices.failed(site, failure)]


def recording_new(site):
    filled(site, (16, 8))
    backup(site)
    site.stop_collector()
    site.stop_spooler()
    site.mark(told='ready')
    site.dir = os.path.join(site.disk, 'new')
    end_with(restore(site, 2))
    site.mark(told='restored')
    offices.go_on(site)
    return site.end_record()


def check_new(disk, facts, sent, folder, log_facts):
    site = record.Site(folder, disk=disk)
    site.printed, site.sent, site.dir = f'{disk}.log', sent, os.path.join(disk, 'new')
    told = [fact.get('told') for fact in facts]
    if 'ready' not in told:
        return [], []
    try:
        if 'restored' not in told:
            end_with(restore(site, 2, *(('--older',) if os.path.exists(os.path.join(site.dir, 'office/office.db')) else ())))
        offices.go_on(site)
        return offices.check_end(site, facts, has_backups=False)  # those are in the folder of the other
    except Exception as failure:
        return [], [offices.failed(site, failure)]


# ---- rotate --------------------------------------------------------------------------------------------------------------------

class Sending(threading.Thread):
    def __init__(self, site):
        super().__init__()
        self.site, self.is_over, self.failure = site, False, None

    def run(self):
        number = 1000
        try:
            while not self.is_over:
                number += 1
                person = Person(self.site, 8 * number, self.site.event, *published(self.site))  # none that is taken back
                self.site.sent[person.response.hash] = person.words
                failures = []
                send(self.site, [person], failures, 0.01)
                if failures:
                    raise failures[0]
        except Exception as failure:
            self.failure = failure


def recording_rotate(site, rotations=3):
    filled(site, (8, 4))
    site.mark(told='ready')
    sending = Sending(site)
    sending.start()
    try:
        for _ in range(rotations):
            before = published(site)
            site.cli('key', 'rotate', '--recovery', site.recovery)
            if published(site) == before:
                raise AssertionError('the published key is the one from before')
            site.mark(told='rotated')
            time.sleep(0.1)
    finally:
        sending.is_over = True
        sending.join()
    if sending.failure:
        raise sending.failure
    settle(site)
    site.stop_collector()
    site.stop_spooler()
    return site.end_record()


def check_rotate(disk, facts, sent, folder, log_facts):
    site = record.Site(folder, disk=disk)
    site.printed, site.sent = f'{disk}.log', dict(sent)
    try:
        lost, corrupt = [], []
        if os.path.exists(os.path.join(site.dir, 'spool/spool.db')) and offices.promised(facts)[0]:
            lost, corrupt = offices.check_pair(site, facts, f'{disk}.copy')
        offices.go_on(site)
        site.start_spooler()
        with contextlib.closing(sqlite3.connect(os.path.join(site.dir, 'office/office.db'))) as database:
            [(code,)] = database.execute('SELECT code FROM event').fetchall()
        person = Person(site, 8 * 999999, code, *published(site))
        site.sent[person.response.hash] = person.words
        site.append(person.response.data)
        site.stop_spooler()
        offices.go_on(site)
        end_lost, end_corrupt = offices.check_end(site, facts + [{'told': 'durable', 'words': person.words}])
        return lost + end_lost, corrupt + end_corrupt
    except Exception as failure:
        return [], [offices.failed(site, failure)]
    finally:
        shutil.rmtree(f'{disk}.copy', ignore_errors=True)
