#!/usr/bin/env python3
"""seeds.py OUT SOUNDINGS: writes the seeds of every fuzz target into OUT/TARGET/: real ones, made by the program SOUNDINGS and taken from this
tree, and small ones made by hand. What tests/fuzz/run has found since is merged with them into tests/fuzz/corpus/ (run says how)."""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

out, soundings = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
top = Path(__file__).resolve().parents[2]
counts = {}


def seed(target, data, kind='seed'):
    data = data.encode() if isinstance(data, str) else data
    counts[target] = counts.get(target, 0) + 1
    (out / target).mkdir(parents=True, exist_ok=True)
    (out / target / f'{kind}-{counts[target]:02}').write_bytes(data)


def edge(target, data):
    """At a limit of the format. Reaches no new code, so that minimising would lose it: such files stay in the corpus as they are."""
    seed(target, data, 'edge')


def first_byte(number, data):
    return bytes([number]) + (data.encode() if isinstance(data, str) else data)


# ---- what a browser and nginx send ---------------------------------------------------------------------------------------
bodies = ['', 'overall=good', 'better=caf%C3%A9+%26+tea%0D%0Anow&hard=words&hard=room&hard=', 'a&b=&=c&&d=%F0%9F%98%80', 'x=%00', 'x=%zz', '%6e%61me=%2525']
for body in bodies:
    seed('urlencoded', body)
post = 'REQUEST_METHOD=POST\nREQUEST_URI=/e/K7QX9M/today/send?lang=cy\nCONTENT_TYPE=application/x-www-form-urlencoded; charset=utf-8\n' \
       'HTTP_HOST=127.0.0.1:8080\nHTTP_ORIGIN=http://127.0.0.1:8080\nHTTP_SEC_FETCH_SITE=same-origin\n'
for body in bodies:
    seed('request', f'{post}CONTENT_LENGTH={len(body)}\n\n{body}')
seed('request', f'{post}CONTENT_LENGTH=3\n\nab')
seed('request', 'REQUEST_METHOD=GET\nREQUEST_URI=/K7QX9M?lang=en-x-easy&b=%41\nHTTP_ACCEPT=application/json\nHTTP_ACCEPT_LANGUAGE=cy, en;q=0.8\n\n')
seed('request', f'{post}HTTP_COOKIE=__Host-soundings=abc_DEF-012; before=x; before=y;; =z; broken; q="w"\nREMOTE_ADDR=2001:db8:1:2:3:4:5:6\nCONTENT_LENGTH=0\n\n')
seed('request', 'REQUEST_METHOD=GET\nREQUEST_URI=/\nHTTP_COOKIE= a=b ;c= d;' + 'e=f;' * 40 + '\nREMOTE_ADDR=::ffff:192.0.2.7\n\n')
seed('request', 'REQUEST_METHOD=HEAD\nREQUEST_URI=/..%2f\n\n')

# ---- forms ---------------------------------------------------------------------------------------------------------------
small = '''form: short
title: Tell us about today
time: 1 minute
privacy:
  keep: 24 months
  threshold: 5
safety: exit-page
programmes: [conversation]
retired: [old]
pages:
  - page: today
    title: Today
    questions:
      - name: overall
        type: select_one good
        label: How was it?
        required: yes
        required_message: Choose one
      - name: hard
        type: select_multiple hard
        label: What was hard?
        relevant: ${overall} = 'poor'
        relevant_when: Answer this if it was poor
        constraint: count-selected(.) <= 2
        constraint_message: Choose two at most
      - name: better
        type: text
        label: What should we do better?
        hint: A few words
        max: 200
'''
blocks = '''choices:
  good:
    - good: Good
      maps_to: top
    - poor: Poor
      maps_to: bottom
  hard:
    - words: The words
    - other: Something else
    - none: Nothing
      exclusive: yes
'''
plain = small
second = '''  - page: about
    title: About you
    apart: yes
    questions:
      - name: know
        type: select_one good
        label: What did you know?
        pair: before-after
'''
crosstabs = '    crosstabs:\n      - [overall, hard]\n'
welsh = '%% cy.yaml\nlanguage: cy\nstatus: draft\ntitle: Dywedwch wrthym\ntime: 1 munud\ntoday.title: Heddiw\noverall.label: Sut?\n'
easy = '%% en-x-easy.yaml\nlanguage: en-x-easy\nstatus: draft\nomit: [better]\nlists:\n  easy-good:\n    - fine: Fine\n      maps_to: top\n' \
       'time: 2 minutes\noverall.label: How?\noverall.choices: easy-good\nknow.ask: plain\n'
scales = '%% lib/scales.yaml\nlibrary: scales\nquestions:\n  - name: age\n    type: select_one ages\n    label: How old?\nchoices:\n  ages:\n    - young: Young\n    - old: Old\n' \
         '%% lib/scales.cy.yaml\nlanguage: cy\nstatus: draft\nage.label: Oed?\n'
used = '  - page: more\n    title: More\n    use: scales\n    ask: [age]\n'
seed('form', plain + blocks)
seed('form', plain + crosstabs + blocks)
seed('form', plain + crosstabs + second + blocks)
seed('form', plain + second + blocks + welsh + easy)
seed('form', plain + used + blocks + scales)
seed('form', plain + used + second + crosstabs.replace('hard', 'know') + blocks + welsh + easy + scales)
names = ''.join(f'    - {chr(97 + i) * 32}: {chr(65 + i)}\n' for i in range(20))
edge('form', 'form: names\ntitle: T\ntime: 1 minute\nsafety: none\npages:\n  - page: one\n    title: One\n    questions:\n      - name: q\n'
     f'        type: select_one l\n        label: Q\nchoices:\n  l:\n{names}')
types = '''  - page: types
    title: Types
    questions:
      - name: likely
        type: scale
        from: -1
        to: 3
        label: How likely?
        label_low: Not
        label_high: Very
        refusal: prefer_not
      - name: order
        type: rank good
        label: In order
        refusal: prefer_not
      - name: clear
        type: grid good
        label: How clear?
        statements:
          - court: The court
          - words: The words
      - name: age
        type: integer
        label: How old?
        min: 0
        max: 120
        unit: years
        refusal: prefer_not
      - name: hours
        type: decimal
        label: How long?
        min: 0.50
        decimals: 1
        relevant: ${age} >= 16 and ${likely} != '' and ${clear_court} = 'good' or selected(${order}, 'poor')
        relevant_when: Answer this if you are 16
      - name: born
        type: date
        label: When?
        min: 1900-01-01
        max: 2026-12-31
        constraint: ". < '2010-09-01' and ${age_refusal} = ''"
        constraint_message: Write an earlier day
'''
refusals = '  refusals:\n    - prefer_not: No\n      refusal: yes\n'
seed('form', plain + types + blocks + refusals)
seed('form', plain + types + blocks + refusals + welsh + 'clear.statements.court: Llys\nage.unit: oed\nlikely.label_low: Dim\n' + easy + 'clear.choices: easy-good\n')
seed('form', 'form: x\ntitle: "a\\u00e9"\npages: []\n')
seed('form', 'a: |\n  b\n  c\nd: >-\n  e\n\nf: [g, h]\ni:\n- j\n-\n  - k\n')
folder = top / 'forms' / 'community-conversation'
names = {'form.yaml': folder / 'form.yaml', 'cy.yaml': folder / 'cy.yaml', 'en-x-easy.yaml': folder / 'en-x-easy.yaml'}
names |= {f'lib/{f.name}': f for f in sorted((top / 'forms' / 'library').glob('*.yaml'))}
edge('form', ''.join(f'%% {name}\n{path.read_text()}' for name, path in names.items()))

# ---- expressions: those of the shipped forms and of the unit tests -------------------------------------------------------
answers = bytes([21]) + b'good\nwords\nsome text\npoor\n'
for text in ["${easy} = 'poor' or ${overall} = 'good'", "not(selected(${learned}, 'none')) and count-selected(${learned}) <= 3",
             "regex(${better}, '[0-9]{4}|(a|b)*c+.?')", "string-length(${better}) >= 10", "if(${easy} = '', 1, 2.5) < 2 and true()",
             "coalesce(${better}, 'x') != \"y\"", "((${easy} = 'good'))", "regex(., '(ab?c{2,}){1,3}[^a-z\\\\d]$')", '. = 1', "'caf\u00e9' < ."]:
    seed('expression', answers + text.encode())
typed = bytes([21]) + b'good\nwords\n16\n2010-09-01\n'
for text in ["${age} >= 16 and ${score} != ''", "${born} < '2010-09-02' or ${moved} > ${born}", "coalesce(${age}, 2.5) = if(${score} < 0, ${score}, -1)",
             "coalesce(${born}, '2010-09-01') = ''", "if(${age} = '', ${born}, '2000-02-29') <= ${moved}", ". = ''", ". < 3", ". > '1999-12-31'"]:
    seed('expression', typed + text.encode())

# ---- templates -----------------------------------------------------------------------------------------------------------
for page in sorted((top / 'cgi' / 'pages').glob('*/*.html')) + sorted((top / 'tests/unit/tools/tmplc/golden/pages').glob('*/*.html')):
    if page.stat().st_size < 3000:
        seed('template', page.read_bytes())
for case in re.split(r'^=== .*\n', (top / 'tests/unit/tools/tmplc/hostile.txt').read_text(), flags=re.M)[1:]:
    seed('template', case)

# ---- the spooler's protocol ------------------------------------------------------------------------------------------------
def to(peer, what, *numbers):
    return bytes([peer | what << 3, *numbers])


hello, take, file_two = to(3, 3, 5), to(3, 4, 0, 0, 9), to(3, 2, 1, 2, 0)
three = to(0, 1, 0) + to(1, 1, 1) + to(2, 1, 0)
seed('spool', three + hello + take + file_two + to(3, 5, 1))
seed('spool', three + to(3, 7, 0) + to(4, 7, 1) + to(0, 7, 2) + to(3, 6) + hello)
seed('spool', three + hello + take + to(4, 3, 5) + to(4, 4, 0, 0, 2) + to(4, 2, 3, 2, 0) + file_two + to(4, 5, 3))
seed('spool', three + hello + take + file_two + to(3, 3, 6) + take + to(3, 2, 2, 3, 0))
for packet in [b'SP\1C', b'SP\1P', b'SP\1H' + bytes(16), b'SP\1B' + bytes(8) + b'\0\0\0\5', b'SP\1S' + bytes(16), b'SP\2A', b'x']:
    for peer in (0, 3):
        seed('spool', to(peer, 0) + struct.pack('<H', len(packet)) + packet)

# ---- envelopes and letters -------------------------------------------------------------------------------------------------
head = b'SNDG\1\0\0\0' + bytes(8)
seed('envelope', first_byte(0, head + bytes(1144)))
seed('envelope', first_byte(0, head[:40]))
for end in (0, 1, 2, 3, 4):
    seed('envelope', first_byte(1, bytes([0, 0, 0, end]) + b'{"kind":"withdrawal"}' + b'\x80' + bytes(23)))
seed('envelope', first_byte(1, bytes([1, 0x85, 1, 2]) + b'{}'))
seed('envelope', first_byte(1, bytes([0, 0x45, 1, 2]) + b'{}'))
for length in (0, 20, 900, 5000, 40000):
    seed('envelope', first_byte(2, struct.pack('<Q', length) + b'{}'))
hexes = '%064x' % 0xabc
letter = {'answers': {'better': 'caf\u00e9', 'hard': ['room', 'words']}, 'edit': 0, 'event': 'K7QX9M', 'form': 'short', 'format': 1, 'id': hexes,
          'kind': 'response', 'language': 'en', 'mode': 'phone', 'receipt': hexes, 'variant': '', 'version': 1}


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


seed('letter', canonical(letter))
seed('letter', canonical(letter | {'ticket': 'A-12', 'answers': {}, 'variant': 'easy', 'mode': 'kiosk'}))
seed('letter', canonical({'event': '', 'format': 1, 'kind': 'withdrawal', 'receipt': hexes}))
seed('letter', canonical({'event': 'K7QX9M', 'format': 1, 'kind': 'withdrawal', 'receipt': hexes}))
for limit in ({'form': 'f' * 32}, {'variant': 'v' * 32}, {'ticket': 'T' * 64}, {'language': 'l' * 35}):
    edge('letter', canonical(letter | {'answers': {}} | limit))
edge('letter', canonical(letter | {'form': 'f' * 32, 'language': 'l' * 35, 'variant': 'v' * 32, 'ticket': 'T' * 64}))

# ---- answers to the tests' small form ----------------------------------------------------------------------------------------
for which in (1, 5, 9):
    seed('answers', first_byte(which, canonical({'overall': 'good', 'easy': 'poor', 'hard': ['words', 'other'], 'why': 'x'})))
seed('answers', first_byte(9, canonical({'know_before': 'much', 'know_now': 'little', 'year': '1999', 'age': 'unsure', 'better': 'a\nb'})))
seed('answers', first_byte(1, '{}'))
seed('answers', first_byte(8, 'overall=good&easy=poor&hard=words&hard=room&why=caf\u00e9\r\nx&know_now=much'))
edge('answers', first_byte(0, 'hard=words&hard=room&hard=other&hard=none&hard=language'))
edge('answers', first_byte(8, 'better=0123456789'))
edge('answers', first_byte(9, canonical({'better': 'caf\u00e9-12345'})))
seed('answers', first_byte(4, 'overall=&easy=fine&better= '))
seed('answers', first_byte(1, canonical({'born': '1984-02-29', 'hours': '-2.5', 'likely_now': '-1', 'matters': ['time', 'words'], 'people': '16',
                                         'people_refusal': 'prefer_not', 'work_court': 'good'})))
seed('answers', first_byte(8, 'more=yes&matters.words=2&matters.place=1&matters.food=&born.day=3&born.month=04&born.year=1984&people= 1,100 &say=x'))
seed('answers', first_byte(8, 'more=yes&matters.time=1&matters_refusal=prefer_not&born.day=31&born.month=2&born.year=2024&people=2.5&work_clear=poor'))
seed('answers', first_byte(8, 'likely_before=prefer_not&likely_now=3&hours=\u0661\u066c\u0662\u0663\u0664\u066b\u0665&say_refusal=prefer_not'))
seed('answers', first_byte(8, 'hours=\u200f \u2212\u09e7 \u09e8\u09e9\u09ea,5\u00a0&more=yes&born.day=\u0663&born.month=\u06f1\u06f2&born.year=\u0967\u096f\u096e\u096a'))
edge('answers', first_byte(0, "hours=1'234\u2019567.25&more=yes&people=1,23"))
edge('answers', first_byte(8, 'hours=0.12345678901234&more=yes&people=123456789012345'))
edge('answers', first_byte(8, 'more=yes&matters.words=4&matters.place=4&matters.time=1&matters.food=1'))

# ---- CSV ---------------------------------------------------------------------------------------------------------------------
seed('csv', 'plain\x1fwith, comma and "quotes"\x1fline\r\nend\x1e=1+1\x1f @x\x1f-2')
seed('csv', '\uff1d1\x1f\u200b+1\x1fcaf\u00e9\x1e\x1f;\x1f\tx')
seed('csv', b'a\0b\x1f\0')

# ---- settings ------------------------------------------------------------------------------------------------------------------
seed('conf', 'mode = kiosk\nport = 8081\nlisten = ::1\nbase_url = https://feedback.example.org\nworkers=4\nspool_wait_ms = 900\nbatch_min = 1\n'
     'nginx = /usr/sbin/nginx\nbackup_dir = /media/stick/backups\n')
edge('conf', 'base_url = https://a.b/c\n')
seed('conf', '# a comment\n\nport = 0\nwrokers = 3\nmode phone\r\nport = 1\r\n')

# ---- keys, recovery, backups, catalogue: a throwaway instance ------------------------------------------------------------------
with tempfile.TemporaryDirectory() as place:
    instance = f'{place}/instance'
    run = dict(check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=top, env=os.environ | {'ASAN_OPTIONS': 'detect_leaks=0'})
    subprocess.run([soundings, 'init', instance, '--forms', top / 'forms'], **run)
    recovery = next(Path(instance).glob('recovery-*.txt')).read_text()
    document = (Path(instance) / 'keys' / 'keyset').read_text()
seed('recovery', first_byte(0, recovery))
seed('recovery', first_byte(0, recovery[recovery.index('BEGIN'):].lower().replace('\n', ' ')))
seed('recovery', first_byte(0, 'BEGIN-RECOVERY-SHARE A\n1234 5678 9ABC DEFG H\nEND-RECOVERY-SHARE\n'))
for how in (1, 2, 2 | 8, 2 | 16, 5, 6):
    lines = 4 if how & 3 == 1 else 8
    seed('recovery', first_byte(how, bytes([0]) + b''.join(bytes([0x11 + i]) + bytes(range(i, i + 9)) for i in range(lines))))
seed('recovery', first_byte(3, 'K7QX 9M2T 4WRB 6HD3 5'))
seed('recovery', first_byte(3, '0000-0000-0000-0000-0'))
body = document.split('\n', 1)[1]
seed('keyset', first_byte(0, document))
seed('keyset', first_byte(1, body))
seed('keyset', first_byte(1, '{"content":"","format":1,"periods":[],"recovery":"","serial":1}'))
whole = '{"bytes":%BYTES%,"database":"%HASH%","format":1,"keyset":"%KEYSET%","serial":%SERIAL%}'
shown_text = '{"did":"A separate way in & <b>a room</b>.","said":"\\"I was afraid.\\"\\nMany said so.","tag":"en","theme":"Fear at court"}'
shown_action = '{"event":"Trust in the courts","held_on":"2027-03-08","id":"0123456789abcdef","many":"a few","status":"done","texts":[%s],"updated":"2027-05-02"}'
shown_all = '{"actions":[%s],"format":"soundings-shown/1","next_on":"2027-06-06"}'
seed('shown', shown_all % (shown_action % shown_text))
seed('shown', shown_all % ','.join([shown_action % shown_text, shown_action % f'{shown_text},' + '{"said":"Ofn","tag":"cy","theme":"Llys"}']))
seed('shown', '{"actions":[],"format":"soundings-shown/1"}')
seed('shown', 'caf\u00e9\r\n\u0085 \ufffe <b> ]]> & \x07 \U0001f600')
edge('shown', shown_all % ','.join([shown_action % shown_text] * 40))
edge('shown', shown_all % ','.join([shown_action % shown_text] * 41))
seed('catalogue', first_byte(1, whole))
seed('catalogue', first_byte(1, whole.replace('%SERIAL%', '2')))
seed('catalogue', first_byte(0, f'soundings-signed 1 manifest {"0" * 128}\n{whole}'))
seed('catalogue', first_byte(2, body))
seed('catalogue', first_byte(3, '1-0123456789abcdef'))
seed('catalogue', first_byte(3, '../x'))
edge('catalogue', first_byte(3, '1' * 19 + '-0123456789abcdef'))


def part(name, data):
    return struct.pack('>H', len(name)) + name.encode() + struct.pack('>Q', len(data)) + data


def parts(*all_parts):
    return first_byte(2, struct.pack('<I', sum(len(data) for _, data in all_parts)) + b''.join(part(*one) for one in all_parts))


seed('backup', parts(('office.db', b'abc'), ('sealed/0123.sealed', b'')))
seed('backup', parts())
seed('backup', parts(('a/b-c.d', bytes(70000)[:300])))
edge('backup', parts(('n' * 200, b'x')))
for data in (b'', b'xy', b'abcd'):
    edge('backup', parts(('a', data)))
    edge('backup', parts(('a', data), ('b', data)))
seed('backup', first_byte(2, struct.pack('<I', 70000) + part('office.db', b'')[:-8] + struct.pack('>Q', 70000) + b'abc'))
for number in (42, 0):
    seed('backup', first_byte(1, f'{{"bytes":0,"day":"2026-11-21","generation":"{"01" * 16}","keyset":"%KEYSET%","name":"A council","number":{number},"root":"%ROOT%"}}'))
seed('backup', first_byte(0, b'soundings-backup 1\n\0\0\0\2{}'))
