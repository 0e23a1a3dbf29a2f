# SPDX-License-Identifier: MIT
"""offices.py: the office and the spool under one power cut, both programs in one recording, and backups made meanwhile.

People send, some take their answers back, the collector files, `soundings backup` runs, and the spooler lets go. After a cut:
  lost     what the spool says is filed, or what it has let go, is not in the office; or, after the real spooler and collector have gone on until
           nothing waits, an acknowledged response is not in the office, one that was taken back still is, or a backup is gone
  corrupt  a program does not start, a file is not sound, or the office holds something twice, or that nobody sent"""
import contextlib
import glob
import hashlib
import os
import shutil
import signal
import sqlite3
import sys
import threading
import time

import record

sys.path.insert(0, os.path.join(record.HERE, '../../readers'))
import spool as spool_format

CLIENTS, PERSON, SETTLE_SECONDS = 3, 'person ', 15


class Person:
    """A response, and, of every eighth, the word that takes it back."""

    def __init__(self, site, number, event, period, public):
        self.words, nonce = f'{PERSON}{number}', os.urandom(20)
        answers = {'overall': ('very_good', 'good', 'poor')[number % 3], 'next': self.words}
        if number % 2:
            answers['age_band'] = '25_34'
        self.response = site.response(number, nonce, event, 0, answers, period, public)
        self.withdrawal = site.withdrawal(number, nonce, event, period, public) if number % 8 == 5 else None


def send(site, people, failures, pause):
    try:
        peer = spool_format.Spool(os.path.join(site.dir, 'run/append.sock'))
        for person in people:
            peer.append(person.response.data)
            site.mark(told='durable', words=person.words)
            if person.withdrawal:
                site.mark(asks='withdraw', words=person.words)
                peer.append(person.withdrawal.data)
                site.mark(told='withdrawn', words=person.words)
            time.sleep(pause)
        peer.close()
    except Exception as failure:
        failures.append(failure)


def current(site):
    return next((period, public) for period, public, is_current in site.keyset() if is_current)


def settle(site):
    """Until the spooler has nothing that waits."""
    site.until('the collector to file everything', lambda: (site.counts() or (1,))[0] == 0, SETTLE_SECONDS)


def backup(site):
    site.cli('backup')
    site.mark(told='backup')


def recording(site, people=180, backups=3):
    """Runs it. Gives the log."""
    site.record()
    site.set_up()
    event = site.add_event()
    site.mark(told='ready')
    crowd = [Person(site, number, event, *current(site)) for number in range(people)]
    site.sent = {person.response.hash: person.words for person in crowd}
    site.start_spooler()
    site.collector = site.start('collector')
    part = people // backups + 1
    for first in range(0, people, part):
        failures = []
        clients = [threading.Thread(target=send, args=(site, crowd[first:first + part][i::CLIENTS], failures, 0.05)) for i in range(CLIENTS)]
        for thread in clients:
            thread.start()
        backup(site)
        for thread in clients:
            thread.join()
        if failures:
            raise failures[0]
    settle(site)
    backup(site)
    site.until('the collector to let go', lambda: site.counts() == (0, 0))
    site.stop_collector()
    site.stop_spooler()
    return site.end_record()


# ---- after a cut --------------------------------------------------------------------------------------------------------------

def promised(facts):
    """(durable, withdrawals asked for, withdrawn, backups)"""
    told = {'durable': set(), 'withdrawn': set(), 'withdraw': set()}
    for fact in facts:
        word = fact.get('told') or fact.get('asks')
        if word in told:
            told[word].add(fact['words'])
    return told['durable'], told['withdraw'], told['withdrawn'], sum(fact.get('told') == 'backup' for fact in facts)


def words_in(path):
    """The words of each response in the office, and what is not sound."""
    database = sqlite3.connect(path)
    try:
        unsound = [answer[0] for pragma in ('integrity_check', 'quick_check') for answer in database.execute(f'PRAGMA {pragma}') if answer != ('ok',)]
        unsound += ['a foreign key' for _ in database.execute('PRAGMA foreign_key_check')]
        unsound += [f'quarantine: {reason}' for (reason,) in database.execute('SELECT reason FROM quarantine')]
        words = [text for (text,) in database.execute("SELECT text FROM free_text WHERE field = 'next'")]
        if len(words) != database.execute('SELECT count(*) FROM link').fetchone()[0]:
            unsound.append('responses and links differ')
        return words, unsound
    finally:
        database.close()


def check_pair(site, facts, scratch):
    """What is in both files at the very moment of the cut: (lost, corrupt)."""
    durable, asked, _, _ = promised(facts)
    spool, office = (os.path.join(site.dir, name) for name in ('spool/spool.db', 'office/office.db'))
    held = {hashlib.sha256(data).hexdigest(): is_filed for is_filed, data in spool_format.read_file(record.copy(spool, scratch))}
    words, unsound = words_in(record.copy(office, scratch))
    waiting = {site.sent[name] for name, is_filed in held.items() if not is_filed and name in site.sent}
    missing = (durable - waiting - set(words)) - asked
    return [f'{words} is neither waiting nor in the office' for words in missing], unsound


def check_backups(site, count):
    """(lost, corrupt): of what the office knows as finished, and of how many commands had ended well."""
    with contextlib.closing(sqlite3.connect(os.path.join(site.dir, 'office/office.db'))) as database:
        finished = [number for (number,) in database.execute('SELECT number FROM backup WHERE is_finished = 1')]
    lost = [] if len(finished) >= count else [f'{len(finished)} of {count} backups']
    for number in finished:
        files = glob.glob(os.path.join(site.dir, f'backups/*-{number:06d}-*.backup'))
        if len(files) != 1:
            lost.append(f'backup {number}')
        elif site.run('backup', '--check', files[0], expected=None)[0] != 0:
            lost.append(f'backup {number} is not sound')
    return lost


def go_on(site):
    """The real programs, until nothing waits."""
    site.start_spooler()
    site.greet()  # as the collector will: until then the marks of an office that was replaced still count
    site.collector = site.start('collector')
    settle(site)
    site.stop_collector()
    site.stop_spooler()


def check_end(site, facts, has_backups=True):
    durable, asked, withdrawn, backups = promised(facts)
    words, corrupt = words_in(os.path.join(site.dir, 'office/office.db'))
    lost = [f'{missing}' for missing in durable - asked - set(words)]
    lost += [f'{back} is back' for back in withdrawn & set(words)]
    corrupt += ['never sent'] * len(set(words) - set(site.sent.values())) + ['twice'] * (len(words) - len(set(words)))
    return lost + (check_backups(site, backups) if has_backups else []), corrupt


def failed(site, failure):
    for program in (site.spooler, site.collector):
        if program is not None and program.poll() is None:
            site.stop(program, signal.SIGKILL)
    printed = b''
    if os.path.exists(site.printed):
        with open(site.printed, 'rb') as file:
            printed = file.read()
    return f'{failure} {printed.decode()[-300:].strip()}'


def check(disk, facts, sent, folder):
    """(lost, corrupt): a list of words for each."""
    site = record.Site(folder, disk=disk)
    site.printed, site.sent = f'{disk}.log', sent
    if not os.path.isdir(os.path.join(site.dir, 'run')):
        return ['everything'], []
    try:
        lost, corrupt = [], []
        if os.path.exists(os.path.join(site.dir, 'spool/spool.db')) and promised(facts)[0]:
            lost, corrupt = check_pair(site, facts, f'{disk}.copy')
        go_on(site)
        end_lost, end_corrupt = check_end(site, facts)
        return lost + end_lost, corrupt + end_corrupt
    except Exception as failure:  # whatever reading a damaged file comes to
        return [], [failed(site, failure)]
    finally:
        shutil.rmtree(f'{disk}.copy', ignore_errors=True)
