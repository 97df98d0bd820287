#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""For view_fields_test.sh: the fields of pktview detail --json against tshark -T fields.

view_fields.py compare PKTVIEW CAPTURES DIFFERENCES [-v CAPTURES]
    In each packet of the captures below the folder (but those that -v, a regular expression, leaves
    out), each field that both programs know has the same values in the same order, but for the lines
    of DIFFERENCES; none of these is of no use.
view_fields.py show PKTVIEW CAPTURES DIFFERENCES [FIELD [CAPTURE]]
    Prints an example of each difference that is not listed: of these fields and captures, both
    regular expressions.
view_fields.py list PKTVIEW CAPTURES DIFFERENCES [-v CAPTURES]
    Prints lines for what is not listed, with "?" as their reason.

Lines of DIFFERENCES: "CAPTURE FIELD PACKETS REASON", the first two as shell patterns, "*" for any
number of packets. What is not as in tshark everywhere, and no difference:

- Values are compared as what they are: numbers whatever their base, times as seconds, bytes whatever
  stands between them, of groups only that they are there, nothing as "<none>" and "<MISSING>".
- Where tshark finds a packet malformed, or cut, the values up to that place are the same.
- Where there is a protocol that pktview does not know, or QUIC, tshark may find more values behind it.

Exit status 1: something differs, which is printed.
"""
import collections
import concurrent.futures
import datetime
import fnmatch
import json
import os
import re
import subprocess
import sys

from view_hierarchy import KNOWN

SEPARATOR, AGGREGATOR = '\t', '\r'     # which tshark escapes in values
MOST_SHOWN = 60
NOTHING = ('', '<none>', '<MISSING>')
ENVIRONMENT = dict(os.environ, TZ='UTC', LC_ALL='C.UTF-8')
# What says how far tshark came, and through what.
ENDS = ['_ws.malformed', '_ws.short', 'frame.protocols']


def captures_of(folder):
    found = [os.path.relpath(f'{place}/{name}', folder) for place, _, names in os.walk(folder) for name in names]
    return sorted(name for name in found if not name.endswith(('.tsv', '.json')))


def run(words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=ENVIRONMENT, check=False).stdout


def types_of_tshark():
    """{name: type} of all fields that it has; protocols are fields, too."""
    types = {}
    for line in run(['tshark', '-G', 'fields']).decode(errors='replace').splitlines():
        parts = line.split('\t')
        types[parts[2]] = parts[3] if parts[0] == 'F' else 'FT_PROTOCOL'
    return types


def add_fields(fields, values):
    """The values of each name, in the order in which they stand there. A stack, for depth's sake."""
    stack = list(reversed(fields))
    while stack:
        field = stack.pop()
        values[field['name']].append(field.get('value', True))
        stack.extend(reversed(field.get('fields', [])))


def of_pktview(pktview, path):
    """[{name: values}] of each packet."""
    packets = []
    for line in run([pktview, 'detail', '--json', path]).splitlines():
        values = collections.defaultdict(list)
        for layer in json.loads(line)['layers']:
            add_fields(layer.get('fields', []), values)
        packets.append(values)
    return packets


def is_known(protocols):
    """What QUIC encrypts by keys that anybody can know tshark decrypts, and pktview does not."""
    names = protocols.split(':')
    return 'quic' not in names and all(name in KNOWN or '.' in name for name in names)


def of_tshark(path, names):
    """[{name: values}, whether it came to the end of the packet, whether through what pktview knows]"""
    words = ['tshark', '-n', '-r', path, '-T', 'fields', '-E', f'separator={SEPARATOR}', '-E', 'occurrence=a',
             '-E', f'aggregator={AGGREGATOR}']
    for name in [*ENDS, *names]:
        words += ['-e', name]
    packets = []
    for line in run(words).decode(errors='replace').split('\n')[:-1]:
        columns = line.split(SEPARATOR)
        values = {name: column.split(AGGREGATOR)
                  for name, column in zip(names, columns[len(ENDS):]) if column}
        packets.append((values, not any(columns[:2]), is_known(columns[2])))
    return packets


def as_time(text):
    """Seconds since 1970 of "Sep 27, 2011 06:28:13.123456789 UTC"."""
    match = re.match(r'(?:\(0\))?(\w+ +\d+, \d+ \d+:\d+:\d+)\.(\d+)', text)
    if not match:
        return text
    moment = datetime.datetime.strptime(match[1], '%b %d, %Y %H:%M:%S').replace(tzinfo=datetime.timezone.utc)
    return round(moment.timestamp() + float('0.' + match[2]), 6)


def as_number(text):
    try:
        return int(text, 0)
    except ValueError:
        pass
    try:
        return round(float(text), 6)
    except ValueError:
        return text


def value_of_tshark(text, kind):
    if kind == 'FT_BOOLEAN':
        return {'1': True, 'True': True, '0': False, 'False': False}.get(text, text)
    if kind.startswith(('FT_UINT', 'FT_INT', 'FT_FRAMENUM', 'FT_RELATIVE', 'FT_DOUBLE', 'FT_FLOAT')):
        return as_number(text)
    if kind == 'FT_ABSOLUTE_TIME':
        return as_time(text)
    return text.replace(':', '') if kind == 'FT_BYTES' else text


def escaped(text):
    """As tshark writes what would break its columns."""
    names = {'\n': '\\n', '\r': '\\r', '\t': '\\t'}
    return ''.join(names.get(letter, letter) for letter in text)


def value_of_pktview(value, kind):
    if kind == 'FT_BOOLEAN':
        return bool(value)
    if kind == 'FT_ABSOLUTE_TIME':
        return 0.0 if value is None else round(float(value), 6)
    if kind == 'FT_RELATIVE_TIME' or kind.startswith(('FT_UINT', 'FT_INT')) and isinstance(value, str):
        return as_number(str(value))
    if isinstance(value, str) and kind.startswith('FT_STRING'):
        return escaped(value)
    return value.replace(':', '') if kind == 'FT_BYTES' and isinstance(value, str) else value


def both(ours, theirs, kind):
    """Values that can be compared."""
    if kind in ('FT_NONE', 'FT_PROTOCOL') or kind != 'FT_BOOLEAN' and all(value is True for value in ours) and ours:
        return [True] * bool(ours), [True] * bool(theirs)
    left = [value_of_pktview(value, kind) for value in ours]
    right = [value_of_tshark(value, kind) for value in theirs]
    return [value for value in left if value != ''], [value for value in right if value not in NOTHING]


def is_prefix(left, right):
    return left[:len(right)] == right[:len(left)]


def differences_of(job):
    """{name: [(number, ours, theirs)]} of a capture."""
    packets, path, types = job
    found = collections.defaultdict(list)
    theirs = of_tshark(path, list(types))
    for number, (ours, (other, is_whole, is_understood)) in enumerate(zip(packets, theirs), 1):
        for name in ours.keys() | other.keys():
            kind = types.get(name)
            if not kind:
                continue
            left, right = both(ours.get(name, []), other.get(name, []), kind)
            if left == right or (not is_whole and is_prefix(left, right)):
                continue
            if is_understood or left != right[:len(left)]:
                found[name].append((number, left, right))
    return found


def read_listed(table):
    """[(capture, field, packets, how often it was of use)]"""
    listed, reasons = [], set()
    with open(table) as file:
        for line in file:
            if match := re.match(r'# ([a-z0-9-]+): ', line):
                reasons.add(match[1])
            if line.strip() and line[0] != '#':
                capture, name, packets, why = line.split()
                assert why in reasons, line
                listed.append([capture, name, packets, 0])
    return listed


def is_listed(listed, capture, name, packets):
    for line in listed:
        if fnmatch.fnmatchcase(capture, line[0]) and fnmatch.fnmatchcase(name, line[1]) and line[2] in ('*', str(packets)):
            line[3] += 1
            return True
    return False


def examine(pktview, folder, table, captures):
    """(listed, [(capture, name, [(number, ours, theirs)])] of what is not listed, names without a type)"""
    types, listed, found = types_of_tshark(), read_listed(table), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        packets = list(pool.map(lambda capture: of_pktview(pktview, f'{folder}/{capture}'), captures))
        names = {name for capture in packets for packet in capture for name in packet}
        known = {name: types[name] for name in sorted(names) if name in types}
        jobs = [(of_capture, f'{folder}/{capture}', known) for of_capture, capture in zip(packets, captures)]
        for capture, differences in zip(captures, pool.map(differences_of, jobs)):
            found += [(capture, name, differences[name]) for name in sorted(differences)
                      if not is_listed(listed, capture, name, len(differences[name]))]
    # Such names are differences of no capture.
    unknown = [name for name in sorted(names - types.keys()) if not is_listed(listed, '-', name, 0)]
    print(f'# {len(captures)} captures, {sum(map(len, packets))} packets, {len(known)} fields')
    return listed, found, unknown


def compare(look, pktview, folder, table, _='', left_out='^$'):
    captures = [path for path in captures_of(folder) if not re.search(left_out, path)]
    listed, found, unknown = look(pktview, folder, table, captures)
    wrong = [f'# {capture} {name} {len(packets)}: packet {packets[0][0]} has {packets[0][1]}, in tshark {packets[0][2]}'
             for capture, name, packets in found]
    wrong += [f'# {name}: no field of tshark' for name in unknown]
    wrong += [f'# {" ".join(line[:3])}: is listed, and no difference' for line in listed
              if not line[3] and not re.search(left_out, line[0])]
    print(*wrong[:MOST_SHOWN], f'# {len(wrong)} differences are not as listed', sep='\n')
    return not wrong


def show(look, pktview, folder, table, name='', capture=''):
    captures = [path for path in captures_of(folder) if re.search(capture, path)]
    _, found, unknown = look(pktview, folder, table, captures)
    for path, field, packets in found:
        if re.search(name, field):
            number, ours, theirs = packets[0]
            print(f'{path} {field} {len(packets)}: packet {number}: {ours} in tshark {theirs}'[:400])
    print('no fields of tshark:', *[field for field in unknown if re.search(name, field)])
    return True


def print_list(look, pktview, folder, table, _='', left_out='^$'):
    captures = [path for path in captures_of(folder) if not re.search(left_out, path)]
    _, found, unknown = look(pktview, folder, table, captures)
    for capture, name, packets in found:
        print(capture, name, len(packets), '?')
    for name in unknown:
        print('-', name, 0, '?')
    return True


VERBS = {'compare': compare, 'show': show, 'list': print_list}
if __name__ == '__main__':
    sys.exit(0 if VERBS[sys.argv[1]](examine, *sys.argv[2:]) else 1)
