#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""kill.py: kill -9 at random of every program of a site while 50 people send: nothing that was thanked for may be missing, nothing may be there
twice, and everybody who was told "not saved yet", or nothing, is thanked in the end.

  kill.py [--kills N] [--acks N] [--seed N]   a run: until both numbers are reached; prints a table
  kill.py --sample                            12 kills, 1,500 acknowledgements
  kill.py --controls                          the checker finds what is taken out of and put into a copy of the office; and a spooler that says
                                              "durable" before its commit loses when it is killed, where an honest one on the same slow disk does not

`soundings run` starts what dies; what died within two seconds of its start comes a second later, so kills are drawn among what is up, and the
site must have been ready once (before, `soundings run` gives up after five such deaths). When `soundings run` itself is killed, the programs
end with it (PR_SET_PDEATHSIG), and the test starts it again once they are gone."""
import argparse
import asyncio
import os
import random
import shutil
import signal
import sqlite3
import sys
import time

import check_history
import load
import site_run

# What dies, and how often of 100. "all" is everything that `soundings run` has started, at once.
VICTIMS = {'spooler': 26, 'collector': 18, 'intake': 12, 'intake worker': 16, 'nginx': 8, 'nginx worker': 10, 'all': 5, 'soundings run': 5}
PAUSE_S = (0.25, 1.6)
ANSWERED_MIN = 3   # acknowledgements between two kills: what dies must have lived
DRAIN_S = 120


class Killer:
    def __init__(self, site, going, wanted, acks, seed, victims=None):
        self.site, self.load, self.wanted, self.acks = site, going, wanted, acks
        self.random = random.Random(seed)
        self.victims = victims or VICTIMS
        self.kills, self.in_flight, self.restarts = {name: 0 for name in self.victims}, [], 0

    def pids(self, victim):
        mains = self.site.mains()
        if victim == 'soundings run':
            return [self.site.process.pid]
        if victim == 'all':
            return list(mains.values()) if len(mains) == 4 else []
        if victim.endswith(' worker'):
            workers = self.site.workers(victim.split()[0])
            return [self.random.choice(workers)] if workers else []
        return [mains[victim]] if victim in mains else []

    async def kill(self, victim):
        """Nothing when it is down just now, or when nobody waits for an answer."""
        pids = self.pids(victim)
        if not pids or not self.load.in_flight:
            return False
        own = list(self.site.mains().values())
        self.in_flight.append(self.load.in_flight)
        self.kills[victim] += 1
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if victim == 'soundings run':
            self.site.process.wait()
            await self.run_again(own)
        return True

    async def run_again(self, own):
        end = time.monotonic() + 20
        while any(os.path.exists(f'/proc/{pid}') for pid in own) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(self.site.start)
        self.restarts += 1

    async def run(self):
        counts, killed = self.load.counts, 0
        try:
            while killed < self.wanted or counts['ok'] < self.acks:
                before, end = counts['ok'], time.monotonic() + self.random.uniform(*PAUSE_S)
                while time.monotonic() < end or counts['ok'] < before + ANSWERED_MIN:
                    await asyncio.sleep(0.01)
                    assert time.monotonic() < end + 60, 'nobody is thanked any more'
                if killed < self.wanted:
                    while not await self.kill(self.random.choices(list(self.victims), self.victims.values())[0]):
                        await asyncio.sleep(0.002)
                    killed += 1
        finally:
            self.load.end()


def drain(site, codes):
    for code in codes:
        site.cli('event', 'close', code, '--now')  # asks for what is kept back as well
    site.drain(DRAIN_S)
    site.stop()


def one_run(kills, acks, seed, victims=None, prepare=None):
    """(checker's counts, killer, load, seconds, (site, history)): the last is for end()."""
    site = site_run.Site()
    path = os.path.join(load.History.folder(), f'soundings-history-{os.getpid()}-{time.monotonic_ns()}')
    try:
        if prepare:
            prepare(site)
        codes = [site.event('--practice'), site.event('--open')]
        site.start()
        history = load.History(path, site.dir)
        going = load.Load(site.port, codes, history, seed=seed)
        killer = Killer(site, going, kills, acks, seed, victims)

        async def both():
            await asyncio.gather(going.run(), killer.run())
        begun = time.monotonic()
        asyncio.run(both())
        took = time.monotonic() - begun
        drain(site, codes)
        result = check_history.check(path, site.office_path())
        result['surprises'] = len(going.surprises)
        return result, killer, going, took, (site, path)
    except BaseException:
        print(site.said()[-2000:], file=sys.stderr)
        end((site, path))
        raise


def end(kept):
    site, path = kept
    site.remove()
    if os.path.exists(path):
        os.unlink(path)


def table(result, killer, going, took):
    flights = sorted(killer.in_flight)
    print(f'history on {load.History.folder()}, instance on another file system; seed {going.seed}; {took:.0f} s; {going.clients} clients')
    print('kills by program: ' + ', '.join(f'{name} {count}' for name, count in killer.kills.items()) + f'; in all {sum(killer.kills.values())}')
    print('requests in flight at each kill: ' + ' '.join(map(str, killer.in_flight)))
    print(f'  least {flights[0]}, median {flights[len(flights) // 2]}, most {flights[-1]}')
    print('answers by status (0: none): ' + ', '.join(f'{status}: {count}' for status, count in sorted(going.statuses.items())))
    print('%-14s %s' % ('acknowledged', result['acknowledged']))
    for name in ('pages', 'in_office', 'unknown', 'resolved', *check_history.WRONG, 'quarantine', 'surprises'):
        print('%-14s %s' % (name, result[name]))


def say(is_ok, name):
    print(f'{"ok" if is_ok else "not ok"} kill: {name}', flush=True)
    return is_ok


def measured(kills, acks, seed):
    result, killer, going, took, kept = one_run(kills, acks, seed)
    try:
        table(result, killer, going, took)
        good = say(sum(killer.kills.values()) >= kills and result['acknowledged'] >= acks, f'{sum(killer.kills.values())} kills, {result["acknowledged"]} acknowledgements')
        good &= say(killer.in_flight != [] and min(killer.in_flight) > 0, 'requests in flight at every kill')
        good &= say(result['lost'] == result['stale'] == 0, f'{result["lost"]} lost, {result["stale"]} with older answers than acknowledged')
        good &= say(result['twice'] == 0, f'{result["twice"]} twice')
        good &= say(result['unknown'] == result['resolved'] > 0 and result['unresolved'] == 0, f'{result["resolved"]} of {result["unknown"]} unknown resolved')
        good &= say(check_history.is_good(result) and result['surprises'] == 0, 'nothing that was never sent, nothing refused that was right, the office is sound')
        return good
    finally:
        end(kept)


# ---- controls ------------------------------------------------------------------------------------------------------------------

def changed(path, folder, change):
    """A copy of the office with CHANGE made to it."""
    copy = os.path.join(folder, 'office-copy.db')
    shutil.copy2(path, copy)
    database = sqlite3.connect(copy)
    change(database)
    database.commit()
    database.close()
    return copy


def take_out(database):
    keyed, response, apart = database.execute('SELECT keyed_id, response, apart FROM link LIMIT 1').fetchone()
    database.execute('DELETE FROM link WHERE keyed_id = ?', (keyed,))
    database.execute('DELETE FROM free_text WHERE response = ? OR apart = ?', (response, apart))
    database.execute('DELETE FROM response WHERE row = ?', (response,))
    database.execute('DELETE FROM apart WHERE row = ?', (apart,))


def put_in(database):
    """The same response once more, as if its id had been another."""
    keyed, response, apart = database.execute('SELECT keyed_id, response, apart FROM link LIMIT 1').fetchone()
    database.execute('INSERT INTO seen SELECT randomblob(32), period FROM seen WHERE keyed_id = ?', (keyed,))
    [(new,)] = database.execute('SELECT keyed_id FROM seen WHERE keyed_id NOT IN (SELECT keyed_id FROM link)').fetchall()[-1:]
    for table_name, row, columns in (('response', response, 'event, form, version, answers, release'), ('apart', apart, 'event, form, version, answers, language, variant, mode')):
        database.execute(f'INSERT INTO {table_name} (row, {columns}) SELECT 1, {columns} FROM {table_name} WHERE row = ?', (row,))
    database.execute('INSERT INTO free_text SELECT abs(random()), event, form, field, language, text, CASE WHEN response IS NULL THEN NULL ELSE 1 END, '
                     'CASE WHEN apart IS NULL THEN NULL ELSE 1 END FROM free_text WHERE response = ? OR apart = ?', (response, apart))
    database.execute('INSERT INTO link SELECT ?, keyed_withdraw, 1, 1, edit FROM link WHERE keyed_id = ?', (new, keyed))


def change_word(database):
    [(row,)] = database.execute('SELECT row FROM free_text LIMIT 1').fetchall()
    database.execute("UPDATE free_text SET text = text || '.' WHERE row = ?", (row,))


def planted(kept):
    site, path = kept
    plants = (('a response taken out of the office', take_out, {'lost': 1}), ('a response put in once more', put_in, {'twice': 1}),
              ('one letter more in one answer', change_word, {'lost': 1, 'never_sent': 1}))
    good = True
    for name, change, expected in plants:
        found = check_history.check(path, changed(site.office_path(), site.folder, change))
        good &= say({word: found[word] for word in check_history.WRONG if found[word]} == expected, f'control: {name} is found')
    return good


def early(is_early):
    def prepare(site):
        library = site_run.compile_library('early.c', site.folder)
        site.preload('spooler', LD_PRELOAD=library, SLOW_MS='20', **({'EARLY': '1'} if is_early else {}))
    return prepare


def controls(seed):
    victims = {'spooler': 1}
    result, killer, _, _, kept = one_run(6, 150, seed, victims, early(False))
    try:
        print(f'slow disk, honest spooler: {sum(killer.kills.values())} kills, acknowledged {result["acknowledged"]}, lost {result["lost"]}, twice {result["twice"]}')
        good = say(check_history.is_good(result), 'control: on a slow disk an honest spooler loses nothing')
        good &= planted(kept)
    finally:
        end(kept)
    result, killer, _, _, kept = one_run(6, 150, seed, victims, early(True))
    end(kept)
    print(f'slow disk, says "durable" before its commit: {sum(killer.kills.values())} kills, acknowledged {result["acknowledged"]}, lost {result["lost"]}')
    return good & say(result['lost'] > 0, 'control: a spooler that says "durable" before its commit is found to lose')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--kills', type=int, default=100)
    parser.add_argument('--acks', type=int, default=20000)
    parser.add_argument('--seed', type=int, default=None)
    parser.add_argument('--sample', action='store_true')
    parser.add_argument('--controls', action='store_true')
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    if options.controls:
        return 0 if controls(seed) else 1
    return 0 if measured(*((12, 1500) if options.sample else (options.kills, options.acks)), seed) else 1


if __name__ == '__main__':
    sys.exit(main())
