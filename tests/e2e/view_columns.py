#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""For view_fields_test.sh: the columns of pktview list against those of tshark.

view_columns.py compare|show|list PKTVIEW CAPTURES DIFFERENCES ...
    As view_fields.py, of source, destination, protocol and info in place of fields. The info of TCP is
    "info/TCP" in DIFFERENCES.

What is no difference:

- Where tshark finds a packet malformed, or cut, or does it pass through a protocol that pktview does not
  know, only who has the same protocol has the same info.
- Characters that cannot be shown are escaped in one form or another; what is said of the end of a packet
  stands behind its info or not at all.
- What tshark says of other packets: which one has the request, who else has an address.
- Of a segment that a message begins in tshark shows the first line, or nothing, pktview TCP's numbers.

Exit status 1: something differs, which is printed.
"""
import collections
import concurrent.futures
import os
import re
import sys

from view_fields import ENDS, SEPARATOR, VERBS, is_known, is_listed, read_listed, run

COLUMNS = ['source', 'destination', 'protocol', 'info']
OF_TSHARK = ['_ws.col.Source', '_ws.col.Destination', '_ws.col.Protocol', '_ws.col.Info']
ESCAPE = re.compile(r'\\(?:x[0-9a-f]{2}|[0-7]{3}|[abfnrtv])|\ufffd')
END = re.compile(r' ?\[(?:Malformed Packet|Packet size limited during capture|Unreassembled Packet|Reassembly error)[^]]*\]')


OF_OTHERS = re.compile(r' \((?:request|reply) in \d+\)| \(duplicate use of .* detected!\)')
IS_SEGMENT = '[TCP segment of a reassembled PDU]'


def plain(info):
    return OF_OTHERS.sub('', END.sub('', ESCAPE.sub('.', info).replace('\\\\', '\\'))).strip()


def is_same(ours, theirs):
    if IS_SEGMENT in ours and IS_SEGMENT in theirs and '→' not in theirs:
        return True
    return plain(ours) == plain(theirs)


def of_pktview(pktview, path):
    lines = run([pktview, 'list', path, '--fields', ','.join(COLUMNS)]).decode(errors='replace')
    return [line.split('\t') for line in lines.split('\n')[:-1]]


def of_tshark(path):
    """[(columns, whether it came to the end of the packet, whether through what pktview knows)]"""
    words = ['tshark', '-n', '-r', path, '-T', 'fields', '-E', f'separator={SEPARATOR}']
    for name in [*ENDS, *OF_TSHARK]:
        words += ['-e', name]
    packets = []
    for line in run(words).decode(errors='replace').split('\n')[:-1]:
        columns = line.split(SEPARATOR)
        packets.append((columns[len(ENDS):], not any(columns[:2]), is_known(columns[2])))
    return packets


def differences_of(job):
    """{column: [(number, ours, theirs)]} of a capture."""
    pktview, path = job
    found = collections.defaultdict(list)
    listed, expected = of_pktview(pktview, path), of_tshark(path)
    if len(listed) != len(expected):
        found['packets'].append((0, len(listed), len(expected)))
    for number, (ours, (theirs, is_whole, is_understood)) in enumerate(zip(listed, expected), 1):
        for column, left, right in zip(COLUMNS[:3], ours, theirs):
            if left != right and is_whole and is_understood:
                found[column].append((number, left, right))
        if ours[2] == theirs[2] and not is_same(ours[3], theirs[3]) and (is_whole or plain(theirs[3])):
            found[f'info/{ours[2]}'].append((number, ours[3], theirs[3]))
    return found


def examine(pktview, folder, table, captures):
    listed, found = read_listed(table), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(pktview, f'{folder}/{capture}') for capture in captures]
        for capture, differences in zip(captures, pool.map(differences_of, jobs)):
            found += [(capture, name, differences[name]) for name in sorted(differences)
                      if not is_listed(listed, capture, name, len(differences[name]))]
    print(f'# {len(captures)} captures')
    return listed, found, []


if __name__ == '__main__':
    sys.exit(0 if VERBS[sys.argv[1]](examine, *sys.argv[2:]) else 1)
