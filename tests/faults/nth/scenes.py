# SPDX-License-Identifier: MIT
"""scenes.py: what each program does under the n-th fault, and what must be true afterwards.

A scene's run(page, kind) does it once: the page says which call fails. It raises Wrong when the product did what it must not. Whether the fault was met is on
the page. What was acknowledged is looked for on disk after the program has been started and stopped again without a fault."""
import datetime
import os
import re
import time
import urllib.parse

import rig
from rig import Wrong, check_end, hub

GRACE_S = 0.2    # a fault that stays: this long, then it is taken away, and the program must have ended, or go on


class Scene:
    """PROGRAM is printed, PHASE too; KINDS: those that can happen to it."""
    program = phase = ''
    kinds = ('eio', 'enospc', 'short', 'eintr', 'fsync', 'alloc')
    sample_max = 60  # n of a kind in a sample

    def __init__(self, template, folder):
        self.template, self.folder = template, folder
        self.site, self.untouched, self.codes, self.is_noted = None, 0, {}, False

    def run(self, page, kind):
        raise NotImplementedError

    def begin(self):
        """An instance for a run: a new one, or the last run's, if that has left every byte as it was."""
        if self.site is None or not self.site.is_untouched:
            self.leave()
            self.site = self.template.copy(self.folder)
            self.prepare(self.site)
            self.site.note()
        self.site.is_untouched = self.is_noted = False
        with open(self.site.printed, 'wb'):
            pass
        return self.site

    def prepare(self, site):
        """What an instance needs before a run."""

    def is_over(self, page, kind, code):
        """True when PROGRAM has ended because of the fault and every file is as before, byte by byte: then what follows is what follows without a fault."""
        page.disarm()
        self.ended(page, code)
        check_end(code, page, kind, self.program, page.is_for_good())
        if not self.site.is_as_it_was():
            return False
        self.untouched += 1
        return True

    def ended(self, page, code):
        """Notes what a program ended with, and whose call had failed, once in a run."""
        if self.is_noted:
            return
        self.is_noted = True
        self.codes.setdefault((code, ' of '.join(page.first()[::-1])), [0, page.n()])[0] += 1

    def leave(self):
        """Nothing of the instance goes on."""

    def drop(self):
        """After something was wrong."""
        self.leave()

    def end(self):
        """After the last run; gives numbers for the table, by what they are."""
        self.leave()
        return {'every byte as before': self.untouched}


def kill(*processes):
    for process in processes:
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


# ---- the spooler -----------------------------------------------------------------------------------------------------------------

class Spooler(Scene):
    program = 'spooler'

    def __init__(self, template, folder):
        super().__init__(template, folder)
        self.set_aside, self.process = 0, None

    def leave(self):
        kill(self.process, self.site and self.site.spooler)

    def end(self):
        return {**super().end(), 'set aside': self.set_aside}

    def tell(self, call):
        """What an answer says: ok, or why not."""
        try:
            return 'ok', call()
        except hub.spool_format.Refused as refusal:
            return str(refusal), None
        except OSError:
            return 'none', None

    def append(self, site, envelope):
        def call():
            peer = hub.spool_format.Spool(os.path.join(site.dir, 'run/append.sock'))
            try:
                peer.append(envelope.data)
            finally:
                peer.close()
        return self.tell(call)[0]

    def must_append(self, site, envelope, acknowledged):
        said = self.append(site, envelope)
        if said != 'ok':
            raise Wrong(f'without a fault, an append is answered with: {said}')
        acknowledged.add(envelope.data)

    def confined(self, page):
        """A spooler that is confined, at work; those after it are not: that takes longer than all they do."""
        site = self.begin()
        site.confine('auto')
        self.process = site.start('spooler', page)
        if not site.is_up(self.process):
            raise Wrong(f'does not start without a fault: {self.process.returncode}')
        site.confine('off')
        return self.process

    def afterwards(self, site, program, page, kind, acknowledged, sent, descriptors=None):
        """The fault is over: the program goes on or ends; the next one starts; everything acknowledged is there and nothing that was never sent."""
        page.disarm()
        if site.is_up(program):
            envelope = self.template.fresh()
            sent.add(envelope.data)
            self.must_append(site, envelope, acknowledged)
            if descriptors is not None:
                site.until('descriptors', lambda: site.descriptors(program.pid) <= descriptors, 2)
            code = site.terminate(program)
            if code != 0:
                self.ended(page, code)
                check_end(code, page, kind, self.program, True)
        else:
            self.ended(page, program.returncode)
            check_end(program.returncode, page, kind, self.program, page.is_for_good())
        site.start_clean_spooler()
        envelope = self.template.fresh()
        sent.add(envelope.data)
        self.must_append(site, envelope, acknowledged)
        site.stop_clean_spooler()
        held = site.held()
        if acknowledged - held.keys():
            raise Wrong(f'{len(acknowledged - held.keys())} of {len(acknowledged)} acknowledged envelopes are lost')
        if held.keys() - sent - self.template.envelopes:
            raise Wrong('an envelope that nobody sent')
        if site.damaged() and kind in ('short', 'eintr', 'alloc'):
            raise Wrong('a spool file was set aside though nothing was wrong with it')
        self.set_aside += len(site.damaged())
        return held


class SpoolerStart(Spooler):
    phase = 'start'

    def run(self, page, kind):
        site = self.begin()
        page.arm()
        program = self.process = site.start('spooler', page)
        if not site.is_up(program) and self.is_over(page, kind, program.returncode):
            return
        self.afterwards(site, program, page, kind, set(self.template.envelopes), set())


class SpoolerAppend(Spooler):
    phase = 'append'

    def run(self, page, kind):
        program = self.confined(page)
        site = self.site
        time.sleep(0.002)  # the connection that asked is closed there too
        descriptors = site.descriptors(program.pid)
        acknowledged, sent = set(self.template.envelopes), set()
        page.arm()
        for number in range(3):
            envelope = self.template.fresh()
            sent.add(envelope.data)
            said = self.append(site, envelope)
            if said == 'ok':
                acknowledged.add(envelope.data)
            elif kind in ('short', 'eintr'):
                raise Wrong(f'{kind} is no failure, but the append was answered with: {said}')
        self.tell(lambda: site.ask(lambda peer: peer.seen(2 + page.count(), 2), 'append'))
        self.afterwards(site, program, page, kind, acknowledged, sent, descriptors)


class SpoolerBatch(Spooler):
    phase = 'batch, filed, drop'

    def run(self, page, kind):
        program = self.confined(page)
        site = self.site
        filed, dropped = set(), False
        page.arm()
        try:
            peer = hub.spool_format.Spool(os.path.join(site.dir, 'run/batch.sock'))
            try:
                if self.tell(lambda: peer.hello(self.template.generation))[0] == 'ok':
                    said, items = self.tell(lambda: peer.batch(bytes.fromhex(self.template.period), 1, 10))
                    if said == 'ok' and items:
                        some = items[:2]
                        if self.tell(lambda: peer.filed(2, [token for token, _ in some]))[0] == 'ok':
                            filed = {data for _, data in some}
                    dropped = self.tell(lambda: peer.drop(1))[0] == 'ok'
            finally:
                peer.close()
        except OSError:
            pass
        if kind in ('short', 'eintr') and not (filed and dropped):
            raise Wrong(f'{kind} is no failure, but something was refused')
        gone = {envelope.data for _, envelope in self.template.filed}
        kept = self.template.envelopes - gone
        held = self.afterwards(site, program, page, kind, set(kept), set())
        if not site.damaged() and not all(held[data] for data in filed):
            raise Wrong('an envelope that was noted as filed waits again')
        if not site.damaged() and dropped and gone & held.keys():
            raise Wrong('an envelope that was let go is there')
        if not dropped and page.fired() == 0:
            raise Wrong('nothing was let go')


# ---- intake ------------------------------------------------------------------------------------------------------------------------

BASE = {'GATEWAY_INTERFACE': 'CGI/1.1', 'SERVER_PROTOCOL': 'HTTP/1.1', 'HTTP_HOST': '127.0.0.1'}


class Intake(Scene):
    program = 'intake'
    # nothing is written and nothing synchronised
    kinds = ('eio', 'eintr', 'alloc')

    def ask(self, method, uri, pairs=None):
        body = urllib.parse.urlencode(pairs).encode() if pairs else b''
        params = {**BASE, 'REQUEST_METHOD': method, 'REQUEST_URI': uri}
        if method == 'POST':
            params.update(CONTENT_TYPE='application/x-www-form-urlencoded', CONTENT_LENGTH=str(len(body)))
        return rig.fastcgi(os.path.join(self.site.dir, 'run/intake.sock'), params, body)

    def post(self, nonce):
        """(answer, the text that is to be found, or not)."""
        given = {'overall': 'good', 'next': f'Posted with {nonce}.', 'age_band': '25_34'}
        answer = self.ask('POST', self.action, [*{**self.hidden, 'nonce': nonce, 'edit': '0'}.items(), *given.items()])
        return answer, hub.envelope_format.canonical(given)

    def up(self, page=None):
        self.process = self.site.start('intake', page)

        def question():
            if self.process.poll() is not None:
                return True
            try:
                return self.ask('GET', f'/{self.template.code}/EN')[0] == 200
            except Wrong:
                return False
        hub.Site.until(self.site, 'intake', question, rig.WAIT_S)
        return self.process.poll() is None

    def worker(self):
        with open(f'/proc/{self.process.pid}/task/{self.process.pid}/children') as file:
            pids = file.read().split()
        return int(pids[0]) if len(pids) == 1 else None


class IntakeStart(Intake):
    phase, sample_max = 'start', 12
    process = None

    def prepare(self, site):
        site.start_clean_spooler()
        if not self.up() or site.terminate(self.process) != 0:  # from now on the spooler knows its serials
            raise Wrong('without a fault, intake does not start or end')

    def leave(self):
        kill(self.process, self.site and self.site.spooler)

    def run(self, page, kind):
        site = self.begin()
        page.arm()
        if self.started(page):
            page.disarm()
            hub.Site.until(site, 'a page', lambda: self.ask('GET', f'/{self.template.code}/EN')[0] == 200, rig.WAIT_S)
            code = site.terminate(self.process)
            if code != 0:
                raise Wrong(f'told to end, intake ends with {code}')
        elif self.is_over(page, kind, self.process.returncode):
            return
        page.disarm()
        if not self.up():
            raise Wrong(f'without a fault, intake does not start: {self.process.returncode}')
        code = site.terminate(self.process)
        if code != 0:
            raise Wrong(f'without a fault, intake ends with {code}')
        site.is_as_it_was()  # then the next run takes it

    def started(self, page):
        """True when it serves at last; False when it has ended. A fault that stays is taken away after a while."""
        self.process = self.site.start('intake', page)
        begun, path = time.monotonic(), os.path.join(self.site.dir, 'run/intake.sock')
        while self.process.poll() is None:
            if os.path.exists(path):
                try:
                    status = self.ask('GET', f'/{self.template.code}/EN')[0]
                    if status == 200:
                        return True
                    if status == 503:
                        page.set_ahead(page.ahead() + 1)  # it looks at a catalogue again after two seconds
                except Wrong:
                    pass
            if time.monotonic() > begun + GRACE_S:
                page.disarm()
            if time.monotonic() > begun + rig.WAIT_S:
                raise Wrong('intake neither answers nor ends')
            time.sleep(min(0.025, (time.monotonic() - begun) / 4))
        return False


class IntakeRequest(Intake):
    """One intake with one worker for all n. What is thanked for must be among what the spooler counts at once, and in the office at the end."""

    descriptors_more = 1  # a worker that has lost the spooler keeps one connection more afterwards, and no second one

    def __init__(self, template, folder):
        super().__init__(template, folder)
        self.process = self.descriptors = None
        self.texts, self.maybe, self.replaced, self.restarted = [], [], 0, 0

    def open(self, page):
        self.site = self.template.copy(self.folder)
        self.site.start_clean_spooler()
        self.site.confine('auto')
        page.disarm()
        if not self.up(page):
            raise Wrong(f'intake does not start: {self.process.returncode}')
        status, html, _ = self.ask('GET', f'/{self.template.code}/EN')
        html = html.decode()
        self.hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*\sname="([^"]*)"[^>]*\svalue="([^"]*)"', html))
        self.action = re.search(r'<form id="answers"[^>]*\saction="([^"]+)"', html).group(1)
        for _ in range(5):  # warm: connections are open, what is made once is made
            self.clean()
        self.pid = self.worker()
        time.sleep(0.05)  # the last request's own is closed
        self.descriptors = self.site.descriptors(self.pid) + self.descriptors_more

    def request(self, again=None):
        """(answer, status that is right, what to send the same request once more with: as AGAIN)."""
        raise NotImplementedError

    def clean(self, again=None):
        """Without a fault: as it should be, in time; a new worker has to confine itself first."""
        end = time.monotonic() + 12
        while True:
            if self.process.poll() is not None:
                return
            answer, right, again = self.request(again)
            if answer[0] == right and answer[2]:
                return
            if time.monotonic() > end:
                raise Wrong(f'without a fault, the answer is {answer[0]}')

    def run(self, page, kind):
        wish = bytes(page.bytes[:96])
        if self.site is None:
            self.open(page)
        page.bytes[:96] = wish
        page.arm()
        answer, right, again = self.request()
        page.disarm()
        status, _, is_whole = answer
        module, _ = page.first()
        is_libfcgi = page.fired() > 0 and kind == 'alloc' and module == 'fcgi'
        if kind == 'eintr' and (status != right or not is_whole):
            raise Wrong(f'eintr is no failure, but the answer is {status}')
        if status == 0 and not is_libfcgi and self.process_replaced():
            raise Wrong('the worker died')
        if status not in (right, 500, 503, 0) or (status == 0 and not is_libfcgi and page.fired() == 0):
            raise Wrong(f'the answer is {status}')
        if self.begun_again(page, kind):
            return self.clean(again)
        self.clean(again)  # whoever got no thanks sends the same again
        if self.begun_again(page, kind):
            return self.clean(again)
        if self.process_replaced():
            if not is_libfcgi:
                raise Wrong('the worker died')
            self.replaced += 1
            self.pid = self.worker()
            if self.pid is None:
                raise Wrong('a worker died and has no successor, or more than one')
        else:
            hub.Site.until(self.site, f'{self.descriptors} descriptors', lambda: self.site.descriptors(self.pid) <= self.descriptors, 2)

    def begun_again(self, page, kind):
        """True when all successors of a worker have died too, as long as memory lacked, so that intake has ended and whoever watches it begins it
        again."""
        if self.process.poll() is None or not page.fired():
            return False
        self.ended(page, self.process.returncode)
        check_end(self.process.returncode, page, kind, self.program, page.is_for_good())
        self.is_noted, self.restarted = False, self.restarted + 1
        if not self.up(page):
            raise Wrong(f'intake does not start again: {self.process.returncode}')
        self.pid = self.worker()
        return True

    def leave(self):
        kill(self.process, self.site and self.site.spooler)

    def process_replaced(self):
        if self.process.poll() is not None:
            raise Wrong(f'intake ended with {self.process.returncode}')
        return self.worker() != self.pid

    def end(self):
        if self.site is None:
            return {}
        site = self.site
        code = site.terminate(self.process)
        if code != 0:
            raise Wrong(f'told to end, intake ends with {code}: {site.said()[-600:]}')
        if any(report in site.said() for report in rig.REPORTS):
            raise Wrong(f'a worker: {site.said()[-3000:]}')
        site.start_collector = site.start('collector')
        site.until('filing', lambda: site.counts()[0] == 0, 120)
        site.terminate(site.start_collector)
        site.stop_clean_spooler()
        found = [text for _, _, text in site.office()[0]]
        lost = set(self.texts) - set(found)
        if lost or len(found) != len(set(found)):
            raise Wrong(f'{len(lost)} of {len(self.texts)} thanked for are not in the office; {len(found) - len(set(found))} twice')
        never = set(found) - set(self.texts) - set(self.maybe) - set(self.template.rows) - set(self.template.rows_after)
        if never:
            raise Wrong('the office holds what nobody sent')
        return {'thanked for, and in the office': len(self.texts), 'workers that libfcgi ended for want of memory, replaced, and the request answered when sent again': self.replaced,
                'intake begun again': self.restarted}


class IntakeGet(IntakeRequest):
    phase = 'GET'

    def request(self, again=None):
        return self.ask('GET', f'/{self.template.code}/EN'), 200, None


class IntakePost(IntakeRequest):
    """Sent again, a response has the same nonce: the office must count it once, whatever has become of the first."""
    phase = 'POST'

    def request(self, again=None):
        before = self.site.counts()[0]
        nonce = again or os.urandom(20).hex()
        answer, text = self.post(nonce)
        if answer[0] != 200:
            self.maybe.append(text)
            return answer, 200, nonce
        if self.site.counts()[0] != before + 1:
            raise Wrong('thanked for what is not in the spool')
        self.texts.append(text)
        return answer, 200, None


class IntakeWithdraw(IntakeRequest):
    phase = 'withdraw'

    def request(self, again=None):
        nonce = again or os.urandom(20)
        receipt = hub.label(b'soundings/receipt/1', self.template.code.encode(), hub.FORM.encode(), nonce)[:10]
        before = self.site.counts()[0]
        answer = self.ask('POST', '/withdraw/EN', [('receipt', receipt_text(receipt))])
        if answer[0] != 200:
            return answer, 200, nonce
        if self.site.counts()[0] != before + 1:
            raise Wrong('thanked for a withdrawal that is not in the spool')
        return answer, 200, None


def receipt_text(receipt):
    """As Crockford's base 32 writes it, with its check sign (modulo 37)."""
    signs, checks = '0123456789ABCDEFGHJKMNPQRSTVWXYZ', '0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U'
    number = int.from_bytes(receipt, 'big')
    return ''.join(signs[(number >> 5 * (15 - i)) & 31] for i in range(16)) + checks[number % 37]


# ---- the collector -------------------------------------------------------------------------------------------------------------------

class Collector(Scene):
    program = 'collector'
    connect = 0

    def is_done(self, site):
        counts = site.counts()
        return counts is not None and counts == (0, 3)  # 3 filed under backup 2; the 6 of backup 1 are let go

    def prepare(self, site):
        site.start_clean_spooler()

    def leave(self):
        kill(self.site and self.site.collector, self.site and self.site.spooler)

    def run(self, page, kind):
        site = self.begin()
        if self.connect == 2:
            page.arm()
        site.collector = site.start('collector', page)
        fired_at, begun = None, time.monotonic()
        while site.collector.poll() is None and not self.is_done(site):
            if fired_at is None and page.fired():
                fired_at = time.monotonic()
            if fired_at is not None and time.monotonic() > fired_at + GRACE_S:
                page.disarm()
            if time.monotonic() > begun + rig.WAIT_S:
                raise Wrong('the collector neither files nor ends')
            time.sleep(min(0.05, 0.002 + (time.monotonic() - begun) / 3))
        code = site.terminate(site.collector)
        page.disarm()
        if code == 0 and self.is_done(site):
            site.stop_clean_spooler()
            check_office(site, self.template.rows_after)
            return
        if code != 0 and self.is_over(page, kind, code):
            return
        before = self.starts(site)
        site.collector = site.start('collector')
        site.until('filing', lambda: self.is_done(site) and self.starts(site) > before, rig.WAIT_S)
        code = site.terminate(site.collector)
        if code != 0:
            raise Wrong(f'without a fault, the collector ends with {code}')
        site.stop_clean_spooler()
        check_office(site, self.template.rows_after)

    def starts(self, site):
        """From then on it ends in order when it is told to."""
        return site.said().count('collector.started')


def check_office(site, rows):
    linked, _, lonely, _, reasons = site.office()
    if sorted(text for _, _, text in linked) != rows or lonely or reasons:
        raise Wrong(f'the office holds {len(linked)} responses, not the {len(rows)} it should; {len(lonely)} without a link, {len(reasons)} in quarantine')


class CollectorStart(Collector):
    phase, connect = 'start', 2


class CollectorWork(Collector):
    phase, connect = 'batch, drop, VACUUM', 1


# ---- the command line -----------------------------------------------------------------------------------------------------------------

class Backup(Scene):
    program, phase = 'backup', 'soundings backup'

    def run(self, page, kind):
        site = self.begin()
        folder = os.path.join(site.dir, 'backups')
        before = set(os.listdir(folder))
        page.arm()
        code = site.command('backup', page=page, expected=None)
        page.disarm()
        if code != 0 and self.is_over(page, kind, code):
            return
        new = {name for name in os.listdir(folder) if name.endswith('.backup')} - before
        finished = site.query('SELECT count(*) FROM backup WHERE is_finished = 1 AND number > 1')[0][0]
        for name in new:
            if site.command('backup', '--check', os.path.join(folder, name), expected=None) != 0:
                raise Wrong('half a backup lies there under its name')
        if finished and not new:
            raise Wrong('the office takes a backup for finished that is not there')
        if code == 0 and not (new and finished):
            raise Wrong('said to be finished, and is not')
        if code != 0 and finished and kind in ('short', 'eintr'):
            raise Wrong('failed, and finished')
        site.command('backup')
        if site.query('SELECT count(*) FROM backup WHERE is_finished = 1')[0][0] != 2 + len(new):
            raise Wrong('after the next backup the office does not know all that are there')
        left = [name for name in os.listdir(folder) if not name.endswith('.backup')]
        if left:
            raise Wrong(f'the next backup has left {len(left)} unfinished files')
        check_office(site, self.template.rows)


class Restore(Scene):
    program, phase = 'restore', 'soundings restore'

    def prepare(self, site):
        os.rename(os.path.join(self.folder, self.template.backup), os.path.join(self.folder, 'a.backup'))

    def run(self, page, kind):
        site, old = self.begin(), self.template.generation
        arguments = ('restore', os.path.join(self.folder, 'a.backup'), '--recovery', site.recovery)
        page.arm()
        code = site.command(*arguments, page=page, expected=None)
        page.disarm()
        if code != 0 and self.is_over(page, kind, code):
            return
        if os.path.exists(os.path.join(site.dir, 'office/office.db')):
            check_office(site, self.template.rows)
        elif code == 0:
            raise Wrong('restored, and there is no office')
        if code == 0 and site.query('SELECT generation FROM meta') == [(old,)]:
            raise Wrong('restored, and the office is the old one')
        site.command(*arguments)
        check_office(site, self.template.rows)
        if site.query('SELECT generation FROM meta') == [(old,)]:
            raise Wrong('restored, and the office is the old one')


class Expire(Scene):
    """A day on which the responses and the backup are over."""
    program, phase = 'expire', 'soundings expire'
    full = [(6, 6, 6, 6)]

    def run(self, page, kind):
        site = self.begin()
        day = '2031-06-01'
        page.set_day(datetime.date.fromisoformat(day))
        page.arm()
        code = site.command('expire', '--yes-it-is', day, page=page, expected=None)
        page.disarm()
        if code != 0 and self.is_over(page, kind, code):
            return
        counts = site.query('SELECT (SELECT count(*) FROM response), (SELECT count(*) FROM apart), (SELECT count(*) FROM link), (SELECT count(*) FROM free_text)')
        if counts not in ([(0, 0, 0, 0)], self.full):
            raise Wrong('the responses went by halves')
        if code == 0 and counts == self.full:
            raise Wrong('said to be done, and is not')
        site.command('expire', '--yes-it-is', day, page=page)
        linked, released, lonely, _, _ = site.office()
        if linked or released or lonely:
            raise Wrong('the next one leaves responses')


SCENES = (SpoolerStart, SpoolerAppend, SpoolerBatch, IntakeStart, IntakeGet, IntakePost, IntakeWithdraw, CollectorStart, CollectorWork, Backup, Restore, Expire)
