#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""clock.py: clocks ten years ahead and behind, each program's another, jumping while people send and programs are killed: nothing is lost,
refused or misdated, grace does not end, expire deletes nothing, no backup is taken for old. And that all would be gone if expire were made to
believe such a clock: the test would see it.

The clocks are bent by clock.c, a file of eight bytes a program. `soundings run` and its daily jobs have one, each program another."""
import asyncio
import datetime
import os
import random
import signal
import sqlite3
import struct
import sys
import time

import check_history
import load
import site_run

DAY = 24 * 60 * 60
YEARS = 10 * 365 * DAY + 2 * DAY
OFFSETS = (0, DAY, -DAY, 400 * DAY, -400 * DAY, YEARS, -YEARS)
BENT = ('spooler', 'collector', 'intake')
TICK_S = 30  # how often `soundings run` looks whether grace is over


class Clocks:
    def __init__(self, site):
        self.site, self.library = site, site_run.compile_library('clock.c', site.folder)
        for name in (*BENT, 'run'):
            self.set(name, 0)
        for name in BENT:
            site.preload(name, LD_PRELOAD=self.library, CLOCK_OFFSET=self.path(name))

    def path(self, name):
        return os.path.join(self.site.folder, f'clock-{name}')

    def set(self, name, seconds):
        """In place: the programs have the file mapped."""
        fd = os.open(self.path(name), os.O_WRONLY | os.O_CREAT, 0o600)
        os.pwrite(fd, struct.pack('=q', seconds), 0)
        os.close(fd)

    def environment(self):
        return {'LD_PRELOAD': self.library, 'CLOCK_OFFSET': self.path('run')}

    def today(self, seconds):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).date().isoformat()


def query(site, sql):
    database = sqlite3.connect(f'file:{site.office_path()}?mode=ro', uri=True, timeout=20)
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def say(is_ok, name):
    print(f'{"ok" if is_ok else "not ok"} clock: {name}', flush=True)
    return is_ok


async def jump(site, clocks, going, seconds, seed):
    """Clocks jump twice a second, and every few seconds a program dies, so that another starts by a wrong clock."""
    draw, end, jumps, kills = random.Random(seed), time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        clocks.set(draw.choice(BENT), draw.choice(OFFSETS))
        jumps += 1
        if jumps % 9 == 0:
            pid = site.mains().get(draw.choice(BENT))
            if pid:
                os.kill(pid, signal.SIGKILL)
                kills += 1
        await asyncio.sleep(0.5)
    going.end()
    return jumps, kills


def send(site, codes, history, during, seed, closed=()):
    going = load.Load(site.port, codes, history, clients=20, seed=seed)
    going.no_new_pages = set(closed)

    async def both():
        _, found = await asyncio.gather(going.run(), during(going))
        return found
    return going, both


def files(site):
    return sorted(os.listdir(os.path.join(site.dir, 'backups')))


def run_by(site, clocks, seconds):
    """`soundings run` by a wrong clock, until its daily jobs have done what they do. What they said."""
    begun, before = len(site.said()), len(files(site))
    clocks.set('run', seconds)
    site.start(environment=clocks.environment())
    site_run.until('expire to refuse', lambda: 'nothing was deleted' in site.said()[begun:])
    site_run.until('a backup', lambda: len(files(site)) == before + 1 and not [name for name in files(site) if name.startswith('.')])


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(1 << 31)
    print(f'seed {seed}')
    site = site_run.Site()
    path = os.path.join(load.History.folder(), f'soundings-history-{os.getpid()}')
    good = True
    try:
        clocks = Clocks(site)
        os.makedirs(os.path.join(site.dir, 'backups'), exist_ok=True)
        codes = [site.event('--practice'), site.event('--open'), site.event('--open')]
        closing = codes[2]
        history = load.History(path, site.dir)

        # Clocks that are right: pages are opened, and one event goes into its 24 hours of grace.
        site.start(environment=clocks.environment())
        first, both = send(site, codes, history, lambda going: jump(site, clocks, going, 3, seed), seed)
        asyncio.run(both())
        site.cli('event', 'close', closing)
        site.stop()

        # `soundings run` ten years ahead for longer than its tick; the others anywhere.
        for name, seconds in zip(BENT, (-YEARS, YEARS, YEARS)):
            clocks.set(name, seconds)
        run_by(site, clocks, YEARS)
        second, both = send(site, codes, history, lambda going: jump(site, clocks, going, TICK_S + 4, seed + 1), seed + 1, [closing])
        second.pages = first.pages
        jumps, kills = asyncio.run(both())
        refused = first.surprises + second.surprises + [status for going in (first, second) for status in going.pages_refused if status < 500]
        print(f'{jumps} jumps, {kills} kills, acknowledged {first.counts["ok"]} and {second.counts["ok"]}, answers by status: {dict(sorted(second.statuses.items()))}')
        good &= say(refused == [], f'nobody was refused {refused or ""}'.strip())
        good &= say(len(first.deleted_on | second.deleted_on) == 1, f'every thank-you names the same day: {", ".join(first.deleted_on | second.deleted_on)}')
        good &= say(query(site, f"SELECT state FROM event WHERE code = '{closing}'") == [('grace',)], 'ten years ahead, grace goes on')
        good &= say(query(site, 'SELECT count(*) FROM expire_run') == [(0,)], 'ten years ahead, the daily expire refuses')
        site.stop()

        # Ten years behind: a backup that is dated so.
        run_by(site, clocks, -YEARS)
        code, said = site.run('event', 'close', codes[1], expected=None, environment=clocks.environment())
        good &= say(code == 75 and 'nothing was closed' in said, 'ten years behind, no 24 hours are begun')
        code, said = site.run('event', 'add', '--title', 'Misdated', expected=None, environment=clocks.environment())
        good &= say(code == 75 and 'no event was added' in said, 'ten years behind, no event gets today for its day')
        site.stop()

        # Right again.
        for name in (*BENT, 'run'):
            clocks.set(name, 0)
        site.start(environment=clocks.environment())
        for code in codes:
            site.cli('event', 'close', code, '--now')
        site.drain()
        site_run.until("the day's backup", lambda: len(files(site)) == 3 and not [name for name in files(site) if name.startswith('.')])
        before = len(query(site, 'SELECT row FROM response')), files(site)
        said = site.cli('expire')
        if said:
            print(f'    {said}')
        good &= say((len(query(site, 'SELECT row FROM response')), files(site)) == before and said == '', f'right again, expire deletes nothing: {before[0]} responses, {len(before[1])} backups of {", ".join(sorted({day for (day,) in query(site, "SELECT day FROM backup WHERE is_finished = 1")}))}')
        site.stop()
        result = check_history.check(path, site.office_path())
        print(' '.join(f'{name}={count}' for name, count in result.items()))
        good &= say(check_history.is_good(result) and result['unknown'] == result['resolved'], f'{result["acknowledged"]} acknowledged, {result["lost"]} lost, {result["twice"]} twice, {result["resolved"]} of {result["unknown"]} unknown resolved')

        # What the guard keeps away.
        clocks.set('run', YEARS)
        code, said = site.run('expire', expected=None, environment=clocks.environment())
        good &= say(code == 75 and len(query(site, 'SELECT row FROM response')) == before[0], 'ten years ahead, expire by hand refuses')
        code, said = site.run('expire', '--yes-it-is', clocks.today(0), expected=None, environment=clocks.environment())
        good &= say(code == 64 and len(query(site, 'SELECT row FROM response')) == before[0], 'and so it does when told another day than the clock')
        site.cli('expire', '--yes-it-is', clocks.today(YEARS), environment=clocks.environment())
        good &= say(query(site, 'SELECT row FROM response') == [], 'control: made to believe that clock, it deletes everything')
    except BaseException:
        print(site.said()[-3000:])
        raise
    finally:
        site.remove()
        if os.path.exists(path):
            os.unlink(path)
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
