#!/usr/bin/env python3
"""plant.py TARGET FILE OUT: writes FILE to OUT, with the bug that planted.txt has for TARGET when it is about FILE. The text must be in
FILE exactly once: a bug that no longer applies is an error, never a proof."""
import sys
from pathlib import Path

target, path, out = sys.argv[1:]
bugs = {}
for block in Path(__file__).with_name('planted.txt').read_text().split('\n= ')[1:]:
    head, rest = block.split('\n', 1)
    name, where = head.split()
    old, new = rest.split('\n+ ')
    bugs[name] = (where, old.removeprefix('- '), new.rstrip('\n'))
source = Path(path).read_text()
where, old, new = bugs[target]
if where == path:
    if source.count(old) != 1:
        sys.exit(f'planted.txt: {path} has "{old}" {source.count(old)} times, not once: choose another place for the bug of {target}')
    source = source.replace(old, new)
Path(out).write_text(f'#line 1 "{path}"\n{source}')
