#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""slow.py: 300 slow clients of one address hold up nobody: headers that never end, bodies that trickle in, answers that are hardly read. Meanwhile new
requests, each on a connection of its own, must be answered within 500 ms. And 256 connections that are kept open and all ask and send in turn:
every one of them gets every answer.

The control: as many connections as there are workers, straight to intake's socket, which say nothing, hold up everybody: what this test
measures can be seen to fail."""
import asyncio
import os
import re
import resource
import socket
import statistics
import sys
import time
import urllib.parse

import load
import site_run

SLOW = 100          # of each kind
SECONDS = 14        # shorter than nginx's patience with a body, longer than with a header
LIMIT_MS = 500
KEPT, ROUNDS = 256, 3
WORKERS = 8         # soundings.conf: workers


class Slow:
    """One slow client. STARVED counts those that nginx has sent away; they come again."""

    def __init__(self, site, code, kind):
        self.port, self.code, self.kind = site.port, code, kind
        self.sent = self.read = self.again = 0

    def head(self):
        host = f'Host: 127.0.0.1:{self.port}\r\n'
        if self.kind == 'body':
            return f'POST /{self.code}/EN HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20000\r\n\r\n'.encode()
        # 15 pages are more than the kernel keeps for somebody who does not read
        return f'GET /{self.code}/EN HTTP/1.1\r\n{host}'.encode() if self.kind == 'header' else (f'GET /{self.code}/EN HTTP/1.1\r\n{host}\r\n' * 4).encode()

    async def live(self, end):
        while time.monotonic() < end:
            plain = socket.socket()
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            plain.setblocking(False)
            loop = asyncio.get_running_loop()
            try:
                await loop.sock_connect(plain, ('127.0.0.1', self.port))
                await loop.sock_sendall(plain, self.head())
                while time.monotonic() < end:
                    await asyncio.sleep(1)
                    if self.kind == 'read':
                        if not await loop.sock_recv(plain, 1):
                            break
                        self.read += 1
                    else:
                        await loop.sock_sendall(plain, b'X-A: b\r\n' if self.kind == 'header' else b'x')
                        self.sent += 1
            except OSError:
                pass
            finally:
                plain.close()
            self.again += 1


async def ask(load_, client, code):
    """Milliseconds that a page on a connection of its own takes; and a response."""
    begun = time.monotonic()
    status, _ = await client.exchange('GET', f'/{code}/EN')
    assert status == 200, f'status {status}'
    middle = time.monotonic()
    page = load_.pages[code]
    state, status = await client.post({**page, 'nonce': os.urandom(20).hex()}, 0, {'overall': 'good', 'next': 'quick', 'age_band': '25_34'})
    assert state == 'ok', f'status {status}'
    return (middle - begun) * 1000, (time.monotonic() - middle) * 1000


def new_load(site, code, path):
    going = load.Load(site.port, [code], load.History(path, None), clients=1)
    return going


async def learn(going, code):
    while code not in going.pages:
        await load.Client(going, 0).page()


async def measure(going, code, seconds):
    """Times of pages and of responses, in ms, asked one after the other."""
    client, pages, posts, end = load.Client(going, 1), [], [], time.monotonic() + seconds
    client.address, client.keeps = '127.0.0.1', False  # the address of those who are slow
    while time.monotonic() < end:
        page, post = await ask(going, client, code)
        pages.append(page)
        posts.append(post)
        await asyncio.sleep(0.05)
    return pages, posts


def said(times):
    return f'{len(times)} requests, median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms'


async def slow(site, code, path):
    going = new_load(site, code, path)
    await learn(going, code)
    quiet, _ = await measure(going, code, 2)
    print(f'alone: pages: {said(quiet)}')
    end = time.monotonic() + SECONDS
    clients = [Slow(site, code, kind) for kind in ('header', 'body', 'read') for _ in range(SLOW)]
    living = [asyncio.create_task(client.live(end)) for client in clients]
    await asyncio.sleep(1.5)
    pages, posts = await measure(going, code, SECONDS - 3)
    await asyncio.gather(*living)
    kinds = {kind: sum(client.sent + client.read for client in clients if client.kind == kind) for kind in ('header', 'body', 'read')}
    print(f'beside {len(clients)} slow clients: pages: {said(pages)}; responses: {said(posts)}; bytes and lines they moved: {kinds}')
    good = say(min(kinds.values()) >= SLOW * 5, f'{len(clients)} clients were slow the whole time')
    return good & say(max(pages + posts) < LIMIT_MS, f'a new request beside them: worst {max(pages + posts):.0f} ms')


async def control(site, code, path):
    going = new_load(site, code, path)
    await learn(going, code)
    silent = []
    for _ in range(2 * WORKERS):
        peer = socket.socket(socket.AF_UNIX)
        folder = os.open(os.path.join(site.dir, 'run'), os.O_RDONLY)
        peer.connect(f'/proc/self/fd/{folder}/intake.sock')
        os.close(folder)
        silent.append(peer)
    begun = time.monotonic()
    client = load.Client(going, 1)
    client.keeps = False
    status, _ = await client.exchange('GET', f'/{code}/EN')
    took = (time.monotonic() - begun) * 1000
    for peer in silent:
        peer.close()
    return say(took > LIMIT_MS, f'control: {2 * WORKERS} silent connections past nginx do hold up a request: {took:.0f} ms, status {status}')


async def kept(site, code, path):
    going = new_load(site, code, path)
    await learn(going, code)
    clients = [load.Client(going, number) for number in range(KEPT)]
    for number, client in enumerate(clients):
        client.keeps, client.address = True, f'127.0.2.{1 + number % 4}'  # 64 of an address: all 256 of one would meet its limit of requests

    async def one(client):
        answers, slowest, connections = 0, 0.0, set()
        for _ in range(ROUNDS):
            begun = time.monotonic()
            status, _ = await asyncio.wait_for(client.exchange('GET', f'/{code}/EN'), 14)
            answers += status == 200
            connections.add(client.writer.get_extra_info('sockname')[1] if client.writer else None)
            state, _ = await client.post({**going.pages[code], 'nonce': os.urandom(20).hex()}, 0, {'overall': 'good', 'next': 'kept', 'age_band': '25_34'})
            answers += state == 'ok'
            slowest = max(slowest, time.monotonic() - begun)
        return answers, slowest, len(connections) == 1 and None not in connections

    begun = time.monotonic()
    found = await asyncio.gather(*(one(client) for client in clients))
    for client in clients:
        client.drop()
    answered = sum(answers for answers, _, _ in found)
    print(f'{KEPT} connections, {ROUNDS} pages and {ROUNDS} responses each in {time.monotonic() - begun:.1f} s; slowest page and response {max(slowest for _, slowest, _ in found) * 1000:.0f} ms')
    good = say(all(is_same for _, _, is_same in found), f'{KEPT} connections stayed open')
    starved = sum(answers < 2 * ROUNDS for answers, _, _ in found)
    return good & say(answered == KEPT * 2 * ROUNDS, f'{starved} of {KEPT} clients without an answer, {answered} answers')


def say(is_ok, name):
    print(f'{"ok" if is_ok else "not ok"} slow: {name}', flush=True)
    return is_ok


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    site = site_run.Site()
    path = os.path.join(site.folder, 'history')
    try:
        code = site.event('--practice')
        site.start()
        good = asyncio.run(slow(site, code, path))
        time.sleep(1)
        good &= asyncio.run(kept(site, code, path))
        good &= asyncio.run(control(site, code, path))
        return 0 if good else 1
    finally:
        site.remove()


if __name__ == '__main__':
    sys.exit(main())
