# SPDX-License-Identifier: MIT
"""model.py: what an instance must hold, said in the plainest way: dictionaries of people's responses, no keys, no SQL, no files.

Written from architecture.md steps 6 to 9 and soundings-keeping(7), not from the C. One object is one office with the spool beside it; a
backup is a copy of the office. Every response has a number of its own here, which nothing in the product has."""
import copy
import datetime

KEEP_MONTHS = 24      # forms/community-conversation: privacy: keep
BACKUP_DAYS = 35
QUARANTINE_MONTHS = 12
DROP_RUNS = 7
RELEASE_LATE_MIN = 5  # a second release with fewer could be laid beside the first


def add_months(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (31, 30, 29, 28):
        if day.day <= last:
            try:
                return datetime.date(year, month, day.day)
            except ValueError:
                pass
        try:
            return datetime.date(year, month, last)
        except ValueError:
            continue
    raise AssertionError


class Office:
    def __init__(self):
        self.events = {}    # code: {day, state, release, needs (backup number), expired}
        self.linked = {}    # rid: (event, edit, answers, period)
        self.released = []  # (event, release, answers)
        self.seen = {}      # rid: period under which it was filed
        self.tombs = {}     # rid: {matched, waits}
        self.backups = {}   # number: {day, finished, file}
        self.runs = []      # numbers that runs of expire took
        self.periods = {}   # id: {retired, destroyed}
        self.quarantine = {} # hash of the envelope: day. Of events that this office does not know

    def next_number(self):
        return max(self.backups, default=0) + 1

    # ---- filing ----

    def file_response(self, envelope, today):
        if envelope.event not in self.events:
            self.quarantine.setdefault(envelope.hash, today)
            return
        rid, event = envelope.rid, self.events[envelope.event]
        if event['expired'] or (rid in self.seen and rid not in self.linked):
            return
        if rid in self.tombs:
            self.tombs[rid] = {'matched': True, 'waits': set()}
            self.seen.setdefault(rid, envelope.period)
            return
        held = self.linked.get(rid)
        if held is None or (envelope.edit, envelope.canonical) > (held[1], held[4]):
            period = held[3] if held else envelope.period
            self.linked[rid] = (envelope.event, envelope.edit, envelope.answers, period, envelope.canonical)
            self.seen[rid] = period

    def file_withdrawal(self, rid):
        if rid in self.linked:
            del self.linked[rid]
            self.tombs[rid] = {'matched': True, 'waits': set()}
            return
        tomb = self.tombs.setdefault(rid, {'matched': False, 'waits': set()})
        if not tomb['matched']:
            tomb['waits'] |= {code for code, event in self.events.items() if event['state'] != 'released'}
        self.sweep_tombs()

    def sweep_tombs(self):
        self.tombs = {rid: tomb for rid, tomb in self.tombs.items() if tomb['matched'] or tomb['waits']}

    # ---- release ----

    def can_release(self, code):
        event = self.events[code]
        late = sum(held[0] == code for held in self.linked.values())
        return event['state'] in ('closed', 'grace') or (event['state'] == 'released' and late >= RELEASE_LATE_MIN)

    def release(self, code):
        event = self.events[code]
        event['release'] += 1
        event['state'] = 'released'
        event['needs'] = self.next_number()
        for rid in [rid for rid, held in self.linked.items() if held[0] == code]:
            self.released.append((code, event['release'], self.linked.pop(rid)[2]))
        for tomb in self.tombs.values():
            tomb['waits'].discard(code)
        self.sweep_tombs()

    def is_shown(self, code):
        event = self.events[code]
        return event['release'] > 0 and any(backup['finished'] and number >= event['needs'] for number, backup in self.backups.items())

    # ---- backups, expiry ----

    def begin_backup(self, day):
        number = self.next_number()
        self.backups[number] = {'day': day, 'finished': False, 'file': None}
        return number

    def droppable(self, today):
        finished = {number: backup for number, backup in self.backups.items() if backup['finished']}
        kept = [number for number, backup in finished.items() if (today - backup['day']).days <= BACKUP_DAYS]
        if kept:
            return max(kept)
        run = self.runs[-DROP_RUNS] if len(self.runs) >= DROP_RUNS else 0
        return max([run, *finished])

    def expire(self, today):
        self.runs.append(self.begin_backup(today))
        for code, event in self.events.items():
            if add_months(event['day'], KEEP_MONTHS) > today:
                continue
            if event['state'] in ('open', 'grace', 'planned'):
                event['state'] = 'closed'
            event['expired'] = True
        self.quarantine = {hash_: day for hash_, day in self.quarantine.items() if add_months(day, QUARANTINE_MONTHS) > today}
        self.forget_expired()

    def forget_expired(self):
        self.linked = {rid: held for rid, held in self.linked.items() if not self.events[held[0]]['expired']}
        self.released = [row for row in self.released if not self.events[row[0]]['expired']]

    def files_over(self, today):
        return [number for number, backup in self.backups.items() if backup['file'] and (today - backup['day']).days >= BACKUP_DAYS]

    # ---- key periods ----

    def periods_over(self, today, waiting):
        """Those to destroy, given the periods of which something waits in the spool."""
        over = []
        for period, life in self.periods.items():
            if not life['retired'] or life['destroyed'] or period in waiting:
                continue
            if any(held[3] == period for held in self.linked.values()):
                continue
            if add_months(life['retired'], KEEP_MONTHS) + datetime.timedelta(BACKUP_DAYS) <= today:
                over.append(period)
        return over

    def destroy(self, period):
        self.periods[period]['destroyed'] = True
        self.seen = {rid: home for rid, home in self.seen.items() if home != period}

    # ---- restoring ----

    def merge(self, other):
        rank = ('planned', 'open', 'grace', 'closed', 'released')
        for code, event in other.events.items():
            mine = self.events.setdefault(code, dict(event))
            if rank.index(mine['state']) < rank.index(event['state']):  # what was closed is not opened by going back
                mine['state'] = 'closed' if event['state'] == 'released' else event['state']
        for period, life in other.periods.items():
            mine = self.periods.setdefault(period, dict(life))
            if life['retired']:
                mine['retired'] = min(mine['retired'] or life['retired'], life['retired'])
            mine['destroyed'] = mine['destroyed'] or life['destroyed']
        finished = max((number for number, backup in self.backups.items() if backup['finished']), default=0)
        for number, backup in other.backups.items():
            if number not in self.backups or (backup['finished'] and not self.backups[number]['finished']):
                self.backups[number] = dict(backup)
        for event in self.events.values():
            if (event['needs'] or 0) > finished:  # a backup of there does not hold a release of here
                event['needs'] = self.next_number()
        for hash_, day in other.quarantine.items():
            self.quarantine.setdefault(hash_, day)
        for rid, tomb in other.tombs.items():
            mine = self.tombs.setdefault(rid, {'matched': False, 'waits': set()})
            mine['matched'] = mine['matched'] or tomb['matched']
            if rid in self.linked and (tomb['matched'] or not self.was_released_there(rid, other)):
                del self.linked[rid]
                mine['matched'] = True
            mine['waits'] |= {code for code in tomb['waits'] if self.events[code]['state'] != 'released'}
            if mine['matched']:
                mine['waits'] = set()
        for code, event in other.events.items():
            if event['release'] > self.events[code]['release']:
                self.release(code)
                self.events[code]['release'] = event['release']
            if event['expired']:
                self.events[code]['expired'] = True
        self.sweep_tombs()
        self.forget_expired()

    def was_released_there(self, rid, other):
        """The receipt came too late there: its response was out."""
        code = self.linked[rid][0]
        return rid in other.seen and rid not in other.linked and other.events[code]['release'] > self.events[code]['release'] and not other.events[code]['expired']

    def copy(self):
        return copy.deepcopy(self)
