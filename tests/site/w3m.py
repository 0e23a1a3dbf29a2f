"""w3m.py URL TEXT [everything]: fills in the form at URL in w3m as a person at a text terminal does, by keys alone: chooses the first answer
to the first question, writes TEXT into the text question, presses Send. Of the form "everything": what must be answered, and a date, a
scale, a list to be put in order, a number. Prints what the screen showed last. Exit code 1 when w3m ends
early or does not get to the thank-you."""
import os
import pty
import re
import select
import shutil
import sys
import tempfile
import time

url, text = sys.argv[1:3]
is_everything = sys.argv[3:] == ['everything']
folder = tempfile.mkdtemp(prefix='soundings-w3m-')
editor = os.path.join(folder, 'editor')
with open(editor, 'w') as file:
    file.write('#!/bin/sh\nprintf "%s" "$SOUNDINGS_TEXT" > "$1"\n')
os.chmod(editor, 0o755)
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM='xterm', HOME=folder, LINES='40', COLUMNS='90', SOUNDINGS_TEXT=text, LANG='C.UTF-8')
    os.execvp('w3m', ['w3m', '-no-cookie', '-cols', '90', '-o', f'editor={editor}', '-o', 'confirm_qq=0', url])

shown = b''


def read(seconds):
    """Takes what the screen says until it has been quiet for a moment."""
    global shown
    end = time.time() + seconds
    while time.time() < end:
        ready, _, _ = select.select([fd], [], [], 0.4)
        if not ready:
            return
        try:
            data = os.read(fd, 65536)
        except OSError:
            return
        if not data:
            return
        shown += data


def keys(signs, seconds=5):
    os.write(fd, signs.encode())
    read(seconds)


def screen():
    return re.sub(rb'\x1b[\[(][0-9;?]*[A-Za-z]', b' ', shown).decode('utf-8', 'replace')


read(15)
keys('g')                        # the beginning of the page
if is_everything:
    def line(answer):
        keys('\t')
        keys('\r')              # asks for the line at the bottom of the screen
        keys(answer + '\r')

    def find(words):
        keys(f'/{words}\r')

    def choose(tabs=1):
        keys('\t' * tabs + '\r')

    def place(downs):
        keys('\t\r')            # a list opens
        keys('j' * downs + '\r')

    find('When was the party')
    for part in ('4', '7', '2026'):
        line(part)
    find('How likely are you to come')
    choose(4)                   # 3
    find('How many cups did you')
    line('5')
    find('What would make it better')
    keys('\t\r')                # the editor writes into it
    find('Did you wash')
    choose()
    find('Which cakes may we')
    choose()
    find('today.s password')
    line('tea42')
    find('How many spoons')
    line('4')
    find('How clean were')
    choose(3)                   # 2
    find('The cat')
    choose()
    find('The hare')
    choose(2)                   # no
    find('Who left first')
    place(2)
    place(1)
    find('When shall we meet')
    for part in ('1', '8', '2026'):
        line(part)
else:
    keys('/How was today\r')     # search: the first question
    keys('\t\r')                # its first answer, chosen
    keys('/What should the CPS\r')
    keys('\t\r')                # the text question: the editor writes into it
keys('/Send my answers\r')
keys('\r', 15)                   # pressed
end = time.time() + 15
while 'Thank you' not in screen() and time.time() < end:
    read(1)
    time.sleep(0.1)
is_thanked = 'Thank you' in screen()
keys('Qy')
print(screen()[-9000:])
shutil.rmtree(folder)
sys.exit(0 if is_thanked else 1)
