# SPDX-License-Identifier: MIT
"""spooling.py: the spool under power cuts. Four clients append, one takes, files and drops, the spooler is started anew in between.

After a cut the real spooler must open the file, and:
  lost     an envelope that was acknowledged, and that nobody has asked to be dropped, is not there; or a mark, or a serial, is gone
  corrupt  the spooler does not start, a file is not sound, or something is there that nobody sent, or twice, or again"""
import contextlib
import hashlib
import os
import sqlite3
import sys
import threading

import record

sys.path.insert(0, os.path.join(record.HERE, '../../readers'))
import spool as spool_format

GENERATION, OTHER = bytes(range(16)), bytes(range(16, 32))
PERIODS = (b'PERIOD-1', b'PERIOD-2')
CLIENTS = 4


def envelope(number):
    bucket = 1 if number % 8 == 7 else 0
    return b'SNDG' + bytes([1, bucket, 0, 0]) + PERIODS[number % 2] + os.urandom(136 - 16 + (1024 << (2 * bucket)))


def name_of(data):
    return hashlib.sha256(data).hexdigest()[:24]


def batches(peer, least=1, most=256):
    for period in PERIODS:
        while items := peer.batch(period, least, most):
            yield items


class Filing(threading.Thread):
    """What a collector does: each round is filed for a backup, and the backup of three rounds before finishes."""

    def __init__(self, site, sent, rounds):
        """ROUNDS: how many at least; after the last restart none, so that something is still held at the end."""
        super().__init__()
        self.site, self.sent, self.rounds, self.is_over, self.failure = site, sent, rounds, False, None

    def run(self):
        try:
            peer, end = self.connect(), self.site.backup + self.rounds
            while not self.is_over or self.site.backup < end:
                self.site.backup += 1  # never lower again, also behind a restart
                number = self.site.backup
                for period in PERIODS:
                    items = peer.batch(period, 4, 32)
                    if items:
                        names = [name_of(data) for _, data in items]
                        self.site.mark(asks='file', names=names, backup=number)
                        peer.filed(number, [token for token, _ in items])
                        self.site.mark(told='filed', names=names)
                if number > 3:
                    self.site.mark(asks='drop', backup=number - 3)
                    peer.drop(number - 3)
                    self.site.mark(told='dropped', backup=number - 3)
                self.sent.wait(0.02)
            peer.close()
        except Exception as failure:
            self.failure = failure

    def connect(self):
        peer = spool_format.Spool(os.path.join(self.site.dir, 'run/batch.sock'))
        peer.hello(GENERATION)
        return peer


def append(site, envelopes, failures):
    try:
        peer = spool_format.Spool(os.path.join(site.dir, 'run/append.sock'))
        for number, data in envelopes:
            peer.append(data)
            site.mark(told='durable', name=name_of(data))
            if number % 20 == 0:
                highest = peer.seen(number, number // 2)
                site.mark(told='seen', highest=highest)
        peer.close()
    except Exception as failure:
        failures.append(failure)


def recording(site, envelopes=400, restarts=2):
    """Runs it. Gives the log."""
    site.record()
    site.set_up()
    site.mark(told='ready')
    everything = [(number, envelope(number)) for number in range(envelopes)]
    site.sent, site.backup = {name_of(data) for _, data in everything}, 0
    part = envelopes // (restarts + 1) + 1
    for first in range(0, envelopes, part):
        site.start_spooler()
        failures, filing = [], Filing(site, threading.Event(), 8 if first + part < envelopes else 0)
        clients = [threading.Thread(target=append, args=(site, everything[first:first + part][i::CLIENTS], failures)) for i in range(CLIENTS)]
        for thread in [filing, *clients]:
            thread.start()
        for thread in clients:
            thread.join()
        filing.is_over = True
        filing.join()
        if failures or filing.failure:
            raise (failures + [filing.failure])[0]
        site.stop_spooler()
    log = site.end_record()
    gone = promised([facts for _, facts in log.marks])[2]
    if not 0 < len(gone) < envelopes:
        raise ValueError(f'{len(gone)} of {envelopes} envelopes were let go: nothing is tried')
    return log


def promised(facts):
    """(must be there, may not be offered again, may not be there, serials), of what the test was told."""
    durable, asked, filed, drops, dropped, highest = set(), {}, set(), 0, 0, (0, 0)
    for fact in facts:
        if fact.get('told') == 'durable':
            durable.add(fact['name'])
        elif fact.get('asks') == 'file':
            asked.update((name, fact['backup']) for name in fact['names'])
        elif fact.get('told') == 'filed':
            filed.update(fact['names'])
        elif fact.get('asks') == 'drop':
            drops = fact['backup']
        elif fact.get('told') == 'dropped':
            dropped = fact['backup']
        elif fact.get('told') == 'seen':
            highest = tuple(map(max, highest, fact['highest']))
    there = {name for name in durable if asked.get(name, drops + 1) > drops}
    gone = {name for name in filed if asked[name] <= dropped}
    return there, filed, gone, highest


def check(disk, facts, sent, folder):
    """(lost, corrupt): a list of words for each."""
    there, filed, gone, highest = promised(facts)
    site, lost, corrupt = record.Site(folder, disk=disk), [], []
    if not os.path.isdir(os.path.join(site.dir, 'run')):
        return (['everything'] if there else []), []
    site.printed = f'{disk}.log'
    try:
        site.start_spooler()
        peer = spool_format.Spool(os.path.join(site.dir, 'run/batch.sock'))
        peer.hello(GENERATION)
        waiting = [name_of(data) for items in batches(peer) for _, data in items]
        peer.hello(OTHER)  # an office that was restored: everything is offered again
        peer.close()
        peer = spool_format.Spool(os.path.join(site.dir, 'run/batch.sock'))
        peer.hello(OTHER)
        held = [name_of(data) for items in batches(peer) for _, data in items]
        peer.close()
        serials = site.ask(lambda peer: peer.seen(0, 0), 'append')
        site.stop_spooler()
        with contextlib.closing(sqlite3.connect(os.path.join(site.dir, 'spool/spool.db'))) as database:
            for pragma in ('integrity_check', 'quick_check'):
                if (answer := database.execute(f'PRAGMA {pragma}').fetchall()) != [('ok',)]:
                    corrupt.append(f'{pragma}: {answer[0][0]}')
        spool_format.read_file(os.path.join(site.dir, 'spool/spool.db'))
    except Exception as failure:  # whatever reading a damaged file comes to
        site.stop_spooler(9)
        with open(site.printed, 'rb') as file:
            return [], [f'{failure} {file.read().decode()[-300:].strip()}']
    lost += [f'envelope {name}' for name in there - set(held)]
    lost += [f'mark of {name}' for name in filed & set(waiting)]
    lost += ['serials'] if any(is_now < was for is_now, was in zip(serials, highest)) else []
    corrupt += ['never sent'] * len(set(held) - sent) + ['twice'] * (len(held) - len(set(held))) + ['back again'] * len(gone & set(held))
    return lost, corrupt
