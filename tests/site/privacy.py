"""privacy.py: looks at the raw files of an instance for privacy.test.mjs.

    privacy.py search DIR MARKERS      lines "FILE<TAB>MARKER" for each marker (a line of the file MARKERS) found in any file below DIR
    privacy.py spool SPOOL SECRETS     lines "TEXT<TAB>KEY<TAB>OFFSET<TAB>LENGTH" for each envelope, opened with the period secrets
    privacy.py office OFFICE FIELD     lines "TEXT<TAB>ROW<TAB>OFFSET" for each free text of a field
    privacy.py times DATABASE          lines "TABLE.COLUMN<TAB>VALUE" for each value that could be a time of day
"""
import json
import re
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'readers'))


def open_database(path):
    return sqlite3.connect(f'file:{path}?mode=ro&immutable=1', uri=True)


def search(folder, markers):
    wanted = [line.encode() for line in Path(markers).read_text().split('\n') if line]
    wanted += [bytes.fromhex(w.decode()) for w in wanted if re.fullmatch(rb'[0-9a-f]{40}', w)]
    by_start = {}
    for marker in wanted:
        by_start.setdefault(marker[:6], []).append(marker)
    for path in sorted(Path(folder).rglob('*')):
        if not path.is_file():
            continue
        data = path.read_bytes()
        found = set()
        for start, group in by_start.items():
            at = data.find(start)
            while at >= 0:
                found.update(marker for marker in group if data.startswith(marker, at))
                at = data.find(start, at + 1)
        for marker in sorted(found):
            print(f'{path.relative_to(folder)}\t{marker!r}')


def spool(path, secrets):
    import envelope
    raw = Path(path).read_bytes()
    keys = [p.read_bytes() for p in Path(secrets).glob('*.secret')]
    for key, data in open_database(path).execute('SELECT key, data FROM envelope'):
        letter = None
        for secret in keys:
            try:
                letter = envelope.envelope_open(bytes(data), secret)
                break
            except Exception:
                continue
        letter = json.loads(letter) if isinstance(letter, (str, bytes)) else letter
        print(f"{letter['answers'].get('next', '')}\t{key}\t{raw.index(bytes(data)[16:96])}\t{len(data)}")


def office(path, field):
    raw = Path(path).read_bytes()
    database = open_database(path)
    for row, text in database.execute('SELECT row, text FROM free_text WHERE field = ?', (field,)):
        print(f'{text}\t{row}\t{raw.index(text.encode())}')


def times(path):
    now = time.time()
    database = open_database(path)
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        cursor = database.execute(f'SELECT * FROM "{table}"')
        columns = [c[0] for c in cursor.description]
        for row in cursor:
            for column, value in zip(columns, row):
                is_time = False
                if isinstance(value, (int, float)):
                    # Random 63-bit keys may look like nanoseconds: only this very test's count there.
                    is_time = any(abs(value / scale - now) < near for scale, near in ((1, 4e7), (1e3, 4e7), (1e6, 9e4), (1e9, 900)))
                elif isinstance(value, str):
                    is_time = bool(re.search(r'\b\d\d:\d\d(:\d\d)?\b|T\d\d:', value))
                if is_time:
                    print(f'{table}.{column}\t{value}')


{'search': search, 'spool': spool, 'office': office, 'times': times}[sys.argv[1]](*sys.argv[2:])
