#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""soak.py: 50 responses a second through nginx for half an hour, with all that goes on in a hall and behind it: pages asked for, edits, mistakes,
double taps, reloads, withdrawals; a new catalogue, a backup and an expire a minute, a new key period every ten. Nothing may grow that has no reason to.

  soak.py [--seconds 1800] [--rate 50]    prints a table, a line a minute, and one for each bar
  soak.py --sample                        40 seconds, with looser bars for memory

Two figures are held to a bar, each the least of six looks a minute, while nobody sends: resident memory (VmRSS of a process and its workers), which may
grow by less than 1 %; and what of it no file gives back (Pss_Anon and Pss_Shmem), which is as small as 4 MB, so that 1 % is less than one page of
an office (64 KiB) or three pages of each worker: it may grow by 256 KiB in all, and a leak of 4 bytes a response is more. The first fifth is warm-up: everybody at the same
moment, twice a second, and no backup but that of a rotation, so that every pool becomes as large as it gets, and the spool larger than what its
program keeps of it in memory. Compared are the medians of the first third after it and of the last third; descriptors likewise. The highest that a
process ever held is printed besides (VmHWM, with the libraries' pages): for the collector that is the office's size, while it is put into key order
in memory."""
import argparse
import asyncio
import os
import re
import statistics
import sys
import time

import check_history
import load
import site_run

PROGRAMS = ('nginx', 'intake', 'spooler', 'collector')
GROWTH_PERCENT, GROWTH_BYTES = 1.0, 256 << 10
SAMPLE_PERCENT, SAMPLE_BYTES = 5.0, 1 << 20
WARM_PART, WARM_S = 5, 0.5
LOOKS, HOLD_S = 6, 15
CLIENTS = 50
DRAIN_S = 120
SIGNS, CHECKS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ', '0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U'


class Pace(load.Load):
    """As many people begin in a second as RATE says, however long each takes; before that, all at once."""

    def __init__(self, port, events, history, rate):
        super().__init__(port, events, history, CLIENTS)
        self.rate, self.next_at, self.withdrawn = rate, time.monotonic(), 0
        self.is_warm_up, self.is_held, self.busy = True, False, 0

    async def hold(self):
        """Nobody begins any more, and whoever has begun comes to an end."""
        self.is_held = True
        end = time.monotonic() + HOLD_S
        while self.busy and time.monotonic() < end:
            await asyncio.sleep(0.05)

    def go_on(self):
        self.is_held = False

    async def turn(self):
        while self.is_held:
            await asyncio.sleep(0.05)
        if self.is_warm_up:
            await asyncio.sleep(WARM_S - time.monotonic() % WARM_S)
            return
        self.next_at = max(self.next_at + 1 / self.rate, time.monotonic() - 1)
        await asyncio.sleep(max(0.0, self.next_at - time.monotonic()))

    async def person(self, client):
        while not self.ends_at:
            await self.turn()
            if self.ends_at:
                break
            if self.is_held:
                continue
            self.busy += 1
            try:
                await (self.withdraw(client) if client.random.random() < 0.02 else client.person())
            finally:
                self.busy -= 1
        client.drop()

    async def withdraw(self, client):
        """A receipt with a right check sign that belongs to nothing: the whole way, and the office stays as the history says."""
        number = client.random.getrandbits(80)
        receipt = ''.join(SIGNS[(number >> 5 * (15 - i)) & 31] for i in range(16)) + CHECKS[number % 37]
        try:
            status, _ = await asyncio.wait_for(client.exchange('POST', '/withdraw/EN', f'receipt={receipt}'.encode()), load.ANSWER_S)
        except (OSError, EOFError, ValueError, asyncio.TimeoutError, asyncio.LimitOverrunError):
            status = 0
        self.withdrawn += status == 200
        if status != 200:
            self.surprises.append(('withdraw', status))

    async def run(self):
        await asyncio.gather(*(self.person(load.Client(self, number)) for number in range(self.clients)))


# ---- looking ------------------------------------------------------------------------------------------------------------------

def memory(pid):
    with open(f'/proc/{pid}/smaps_rollup') as file:
        return sum(int(kib) for kib in re.findall(r'^Pss_(?:Anon|Shmem):\s+(\d+)', file.read(), re.M)) * 1024


def status(pid, name):
    with open(f'/proc/{pid}/status') as file:
        return int(re.search(rf'^{name}:\s+(\d+)', file.read(), re.M).group(1)) * 1024


def highest(pid):
    return status(pid, 'VmHWM')


def resident(pid):
    return status(pid, 'VmRSS')


def look(site):
    """{program: (pids, bytes that no file gives back, descriptors, resident bytes)} of it and its workers."""
    found = {}
    for name, pid in site.mains().items():
        if name in PROGRAMS:
            pids = [pid, *site.children(pid)]
            found[name] = (tuple(pids), sum(map(memory, pids)), sum(len(os.listdir(f'/proc/{each}/fd')) for each in pids), sum(map(resident, pids)))
    return found


async def calm_look(site, going):
    """Between requests: what one needs is gone when it is over, and on a busy machine some are always under way."""
    looks = []
    await going.hold()
    for _ in range(LOOKS):
        looks.append(await asyncio.to_thread(look, site))
        await asyncio.sleep(0.15)
    going.go_on()
    return {name: (looks[-1][name][0], *(min(each[name][what] for each in looks) for what in (1, 2, 3))) for name in PROGRAMS}


def spool_bytes(site):
    folder = os.path.join(site.dir, 'spool')
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder) if name.startswith('spool.db'))


# ---- a run --------------------------------------------------------------------------------------------------------------------

class Soak:
    def __init__(self, seconds, rate, minute):
        self.seconds, self.rate, self.minute = seconds, rate, minute
        self.site = site_run.Site()
        self.path = os.path.join(load.History.folder(), f'soundings-soak-{os.getpid()}')
        self.rows, self.peaks, self.jobs = [], {}, {'backup': 0, 'expire': 0, 'key rotate': 0, 'form publish': 0}

    async def job(self, *arguments):
        await asyncio.to_thread(self.site.cli, *arguments)
        self.jobs[' '.join(word for word in arguments if '/' not in word)] += 1

    async def jobs_by_the_minute(self, going, begun):
        minutes = 0
        try:
            while (left := begun + self.seconds - time.monotonic()) > 0:
                await asyncio.sleep(min(left, self.minute))
                found = await calm_look(self.site, going)
                self.rows.append((time.monotonic() - begun, found, spool_bytes(self.site), going.counts['ok']))
                self.line(self.rows[-1])
                minutes += 1
                await self.job('expire')
                await self.job('form', 'publish', os.path.join(site_run.ROOT, 'forms', site_run.FORM))
                if minutes % 10 == 1:  # one period more to hold, and one key set more to know, each time
                    await self.job('key', 'rotate')
                if not self.is_warm_up():
                    going.is_warm_up = False
                    await self.job('backup')
        finally:
            going.end()

    def is_warm_up(self):
        return self.rows[-1][0] < self.seconds / WARM_PART

    def line(self, row):
        at, found, spool, acknowledged = row
        print(f'{at:7.0f} s ' + ' '.join(f'{name} {found[name][1] / (1 << 20):6.2f} MB {found[name][2]:4}' for name in PROGRAMS) +
              f'  spool {spool >> 10:6} KiB  acknowledged {acknowledged}', flush=True)

    def run(self):
        site = self.site
        codes = [site.event('--practice'), site.event('--open')]
        site.start()
        self.base_spool = spool_bytes(site)
        going = Pace(site.port, codes, load.History(self.path, None), self.rate)

        async def both():
            await asyncio.gather(going.run(), self.jobs_by_the_minute(going, time.monotonic()))
        begun = time.monotonic()
        asyncio.run(both())
        took = time.monotonic() - begun
        for code in codes:
            site.cli('event', 'close', code, '--now')
        site.drain(DRAIN_S)
        site.cli('backup')  # holds all that is filed: what the spool holds may go
        site_run.until('the spool to let go', lambda: site.ask(lambda peer: peer.count()) == (0, 0), DRAIN_S)
        site_run.until('a small spool file', lambda: spool_bytes(site) < 2 * self.base_spool, 30) if spool_bytes(site) >= 2 * self.base_spool else None
        self.end_spool = spool_bytes(site)
        self.peaks = {name: max(map(highest, (pid, *site.children(pid)))) for name, pid in site.mains().items() if name in PROGRAMS}
        site.stop()
        return going, took

    def end(self):
        self.site.remove()
        if os.path.exists(self.path):
            os.unlink(self.path)


def say(is_ok, name):
    print(f'{"ok" if is_ok else "not ok"} soak: {name}', flush=True)
    return is_ok


def ends(late, name, what):
    """What is typical (the median) of the first third after the warm-up, and of the last third. Whichever pages of the office happen to be in
    memory at one look, of 64 KiB each, is in neither."""
    third = max(1, len(late) // 3)
    return statistics.median_low(row[1][name][what] for row in late[:third]), statistics.median_low(row[1][name][what] for row in late[-third:])


def judge(soak, going, took, is_sample):
    percent, most = (SAMPLE_PERCENT, SAMPLE_BYTES) if is_sample else (GROWTH_PERCENT, GROWTH_BYTES)
    result = check_history.check(soak.path, soak.site.office_path())
    rows = soak.rows
    late = [row for row in rows if row[0] > soak.seconds / WARM_PART + soak.minute / 2]
    rate = (late[-1][3] - late[0][3]) / (late[-1][0] - late[0][0])
    print(f'{took:.0f} s, {result["acknowledged"]} acknowledged ({rate:.1f} a second after the warm-up), {going.withdrawn} withdrawals, {soak.jobs}, answers by status {dict(sorted(going.statuses.items()))}')
    good = True
    for name in PROGRAMS:
        own, descriptors, whole = (ends(late, name, what) for what in (1, 2, 3))
        is_one = len({row[1][name][0] for row in rows}) == 1
        grown = whole[1] - whole[0]
        may = max(whole[0] * percent / 100, most) if is_sample else whole[0] * percent / 100
        good &= say(is_one and grown < may,
                    f'{name}: resident memory {whole[0] / (1 << 20):.2f} MB, grown by {grown / 1024:.0f} KiB ({100 * grown / whole[0]:.2f} %; may: {may / 1024:.0f} KiB), never restarted; at most {soak.peaks[name] / (1 << 20):.1f} MB in one process')
        grown = own[1] - own[0]
        good &= say(grown < most, f'{name}: of it {own[0] / (1 << 20):.2f} MB that no file gives back, grown by {grown / 1024:.0f} KiB ({100 * grown / own[0]:.2f} %; may: {most >> 10} KiB)')
        good &= say(descriptors[1] <= descriptors[0], f'{name}: {descriptors[0]} descriptors, {descriptors[1]} at the end')
    good &= say(soak.end_spool < 2 * soak.base_spool, f'spool file {soak.base_spool >> 10} KiB at first, {max(row[2] for row in rows) >> 10} at most, {soak.end_spool >> 10} in the end')
    good &= say(check_history.is_good(result) and not going.surprises and result['lost'] == 0,
                f'{result["in_office"]} in the office, as thanked: {result["lost"]} lost, {result["twice"]} twice, {result["never_sent"]} never sent, {len(going.surprises)} surprises')
    return good & say(rate >= 0.9 * soak.rate, f'{rate:.1f} acknowledged a second of {soak.rate}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seconds', type=float, default=1800)
    parser.add_argument('--rate', type=float, default=50)
    parser.add_argument('--minute', type=float, default=60)
    parser.add_argument('--sample', action='store_true')
    options = parser.parse_args()
    seconds, minute = (40, 4) if options.sample else (options.seconds, options.minute)
    soak = Soak(seconds, options.rate, minute)
    try:
        going, took = soak.run()
        return 0 if judge(soak, going, took, options.sample) else 1
    except BaseException:
        print(soak.site.said()[-2000:], file=sys.stderr)
        raise
    finally:
        soak.end()


if __name__ == '__main__':
    sys.exit(main())
