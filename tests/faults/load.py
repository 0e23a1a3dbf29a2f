#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""load.py: people who send responses through a real nginx, and the history of what they were told.

Every request is a line before it is sent ("invoke"), and another one after its answer was read to the last byte (Jepsen's way):
  ok       a thank-you with a receipt: from now on the response must never be lost
  fail     a refusal (4xx): it was not taken
  unknown  no whole answer, or "not saved yet" (5xx): it may be stored or not; the person sends the same page again, with the next edit, until ok
Lines go with one write(2) each to a file opened O_APPEND, on another file system than the instance: what befalls the one says nothing of the
other. The file holds hashes of answers and receipts, not the things themselves.

As a program: load.py PORT CODE[,CODE...] HISTORY [SECONDS [CLIENTS]] loads a site that is there already."""
import asyncio
import hashlib
import json
import os
import random
import re
import sys
import time
import urllib.parse

import site_run as fault_site

ANSWER_S = 14       # nginx waits 12 s for intake
GIVE_UP_S = 90      # for one page, after the end was called
RATE_PER_CLIENT = 40
OVERALL = ('good', 'ok', 'poor')
LEARNED = ('decisions', 'review', 'special_measures', 'hate_crime', 'independent')
AGES = ('16_24', '25_34', '35_44')


class History:
    def __init__(self, path, beside):
        """BESIDE: a folder of the instance, which must lie on another file system; None: wherever."""
        self.path, self.count = path, 0
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if beside is not None and os.fstat(self.fd).st_dev == os.stat(beside).st_dev:
            raise AssertionError(f'{path} lies on the file system of the instance: set HISTORY_DIR to a folder on another')

    def write(self, **line):
        data = (json.dumps(line, sort_keys=True) + '\n').encode()
        assert os.write(self.fd, data) == len(data)

    def invoke(self, **what):
        self.count += 1
        self.write(request=self.count, state='invoke', **what)
        return self.count

    @staticmethod
    def folder():
        return os.environ.get('HISTORY_DIR', '/dev/shm')


async def read_answer(reader):
    """(status, headers, body), or an exception where it does not come to its end."""
    head = (await reader.readuntil(b'\r\n\r\n')).decode('latin1').split('\r\n')
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in head[1:] if line)}
    if headers.get('transfer-encoding') == 'chunked':
        body = b''
        while size := int((await reader.readuntil(b'\r\n')).strip(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = await reader.readexactly(int(headers['content-length']))
    return int(head[0].split()[1]), headers, body


class Client:
    """One person after the other from one address: nginx counts requests by address, and a hall of one address may send 100 a second."""

    def __init__(self, load, number):
        self.load, self.address = load, f'127.0.{1 + number // 200}.{1 + number % 200}'
        self.random = random.Random(f'{load.seed} {number}')
        self.reader = self.writer = None
        self.keeps = number % 2 == 0  # half of them keep their connection

    def drop(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None

    async def exchange(self, method, path, body=b'', headers=''):
        own = None
        try:
            if self.keeps:
                if not self.writer:
                    self.reader, self.writer = await asyncio.open_connection('127.0.0.1', self.load.port, local_addr=(self.address, 0))
                reader, writer = self.reader, self.writer
            else:
                reader, own = await asyncio.open_connection('127.0.0.1', self.load.port, local_addr=(self.address, 0))
                writer = own
            length = f'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n' if method == 'POST' else ''
            writer.write(f'{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.load.port}\r\n{length}{headers}\r\n'.encode() + body)
            status, got, data = await read_answer(reader)
            if got.get('connection') == 'close':
                self.drop()
            return status, data
        except BaseException:
            self.drop()
            raise
        finally:
            if own:
                own.close()

    async def post(self, page, edit, answers, headers='', is_double=False):
        """One request, noted before and after: (state, status)."""
        history = self.load.history
        pairs = [('nonce', page['nonce']), ('version', page['version']), ('edit', str(edit))]
        pairs += [(name, item) for name, value in answers.items() for item in (value if isinstance(value, list) else [value])]
        # What a page carries besides: its fields come from a page that was really asked for.
        pairs += [(name, value) for name, value in page['hidden'].items() if name not in ('nonce', 'version', 'edit')]
        body = urllib.parse.urlencode(pairs).encode()
        number = history.invoke(nonce=page['nonce'], event=page['event'], edit=edit, text=fault_site.text_hash(answers))
        self.load.in_flight += 1
        is_script = self.random.random() < 0.5
        client = Client(self.load, 0) if is_double else self
        if is_double:
            client.address, client.keeps = self.address, False
        status, receipt = 0, None
        try:
            status, data = await asyncio.wait_for(client.exchange('POST', page['action'], body, headers + ('Accept: application/json\r\n' if is_script else '')), ANSWER_S)
            text = data.decode()
            if status == 200:
                receipt = json.loads(text)['receipt'] if is_script else re.search(r'\b([0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z*~$=U]', text).group()
                if is_script:
                    self.load.deleted_on.add(json.loads(text)['deleted_on'])
        except (OSError, ValueError, EOFError, asyncio.TimeoutError, asyncio.LimitOverrunError, KeyError, AttributeError):
            status, receipt = 0, None
        finally:
            self.load.in_flight -= 1
        state = 'ok' if receipt else 'fail' if 400 <= status < 500 else 'unknown'
        history.write(request=number, state=state, status=status, **({'receipt': hashlib.sha256(receipt.encode()).hexdigest()[:32]} if receipt else {}))
        self.load.told(state, status)
        return state, status

    async def page(self):
        """What a fresh page of an event carries; every tenth person really asks for one, the others have it open with a nonce of their own."""
        event = self.random.choice(self.load.events)
        kept = self.load.pages.get(event)
        if kept is None or (self.random.random() < 0.1 and event not in self.load.no_new_pages):
            try:
                status, data = await asyncio.wait_for(self.exchange('GET', f'/{event}/EN'), ANSWER_S)
            except (OSError, EOFError, ValueError, asyncio.TimeoutError, asyncio.LimitOverrunError):
                return None
            if status != 200:
                self.load.pages_refused[status] = self.load.pages_refused.get(status, 0) + 1
                return None
            html = data.decode()
            hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*\sname="([^"]*)"[^>]*\svalue="([^"]*)"', html))
            action = re.search(r'<form id="answers"[^>]*\saction="([^"]+)"', html).group(1)
            kept = self.load.pages[event] = {'event': event, 'version': hidden['version'], 'action': action, 'hidden': hidden}
            return {**kept, 'nonce': hidden['nonce']}
        return {**kept, 'nonce': self.random.randbytes(20).hex()}

    def answers(self, page, edit):
        draw = self.random
        words = f'{page["nonce"]} {edit} ' + 'words ' * draw.randrange(1, 150 if draw.random() < 0.1 else 12)
        return {'overall': draw.choice(OVERALL), 'learned': draw.sample(LEARNED, draw.randrange(1, 4)), 'next': words.strip(), 'age_band': draw.choice(AGES)}

    async def until_ok(self, page, edit, answers):
        """The same page again, with the next edit, until it is thanked for. Gives the edit that was; None when it gave up."""
        while True:
            state, status = await self.post(page, edit, answers)
            if state == 'ok':
                return edit
            if self.load.ends_at and time.monotonic() > self.load.ends_at + GIVE_UP_S:
                return None
            if state == 'fail' and status != 429:
                self.load.surprises.append(status)  # nothing of what is sent here may be refused
                return None
            await asyncio.sleep(0.05 + 0.3 * self.random.random() + (1 if status == 429 else 0))
            edit += 1

    async def person(self):
        page = await self.page()
        if page is None:
            await asyncio.sleep(0.1)
            return
        kind, answers = self.random.random(), self.answers(page, 0)
        if kind < 0.04:  # a mistake, then the same page mended
            await self.post(page, 0, {**answers, 'overall': 'no_such_choice'})
            await self.until_ok(page, 1, answers)
        elif kind < 0.06:  # another site tries. Where nobody knows what became of that, the person themselves sends
            state, _ = await self.post(page, 0, answers, headers='Sec-Fetch-Site: cross-site\r\n')
            if state == 'unknown':
                await self.until_ok(page, 1, answers)
        elif kind < 0.14:  # double tap
            both = await asyncio.gather(self.post(page, 0, answers), self.post(page, 0, answers, is_double=True))
            if any(state != 'ok' for state, _ in both):
                await self.until_ok(page, 1, answers)
        else:
            edit = await self.until_ok(page, 0, answers)
            if edit is not None and kind < 0.22:  # reload of the thank-you: the same bytes once more
                state, _ = await self.post(page, edit, answers)
                if state != 'ok':
                    await self.until_ok(page, edit + 1, answers)
            elif edit is not None and kind < 0.32:  # other answers, from a page that had stayed open
                await self.until_ok(page, edit + 1, self.answers(page, edit + 1))

    async def live(self):
        while not self.load.ends_at:
            begun = time.monotonic()
            await self.person()
            await asyncio.sleep(max(0.0, 1 / RATE_PER_CLIENT - (time.monotonic() - begun)))
        self.drop()


class Load:
    def __init__(self, port, events, history, clients=50, seed=None):
        self.port, self.events, self.history = port, events, history
        self.seed = seed if seed is not None else random.SystemRandom().randrange(1 << 31)
        self.clients, self.pages, self.pages_refused = clients, {}, {}
        self.no_new_pages = set()  # events in grace: only pages that are open already can be sent
        self.ends_at = None
        self.in_flight = 0
        self.counts = {'ok': 0, 'fail': 0, 'unknown': 0}
        self.statuses = {}
        self.surprises = []
        self.deleted_on = set()  # what the thank-yous promise

    def told(self, state, status):
        self.counts[state] += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def end(self):
        self.ends_at = self.ends_at or time.monotonic()

    async def run(self):
        """Until end(), and then until everybody knows."""
        await asyncio.gather(*(Client(self, number).live() for number in range(self.clients)))


async def main():
    port, codes, path, seconds, clients = (sys.argv[1:] + ['10', '50'])[:5] if len(sys.argv) == 4 else (sys.argv[1:] + ['50'])[:5]
    load = Load(int(port), codes.split(','), History(path, None), int(clients))
    asyncio.get_running_loop().call_later(float(seconds), load.end)
    await load.run()
    print('answers by status (0: none):', dict(sorted(load.statuses.items())), 'acknowledged', load.counts['ok'])


if __name__ == '__main__':
    asyncio.run(main())
