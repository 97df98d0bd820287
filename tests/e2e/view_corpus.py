#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""For view_corpus_test.sh: pktview, built with the sanitizers, over every capture.

view_corpus.py clean PKTVIEW FOLDER VIEW [OPTION...]
    The view of each capture, as it is and with --json (but with options of text), ends well or with an error of a damaged
    file; it prints no control character, and every line of JSON is an object.
view_corpus.py counts PKTVIEW FOLDER DIFFERENCES
    list has as many packets of each capture as capinfos counts, but for the lines of DIFFERENCES,
    "CAPTURE PKTVIEW CAPINFOS REASON"; none of these is of no use.

Exit status 1: something is wrong, which is printed.
"""
import concurrent.futures
import csv
import json
import os
import re
import subprocess
import sys
import unicodedata

LIMIT_S = 60
MOST_SHOWN = 10
ENVIRONMENT = dict(os.environ, TZ='UTC', ASAN_OPTIONS='detect_leaks=0:exitcode=99:abort_on_error=0',
                   UBSAN_OPTIONS='exitcode=99')
# Cc, and what turns the direction of text, or is no character.
UNWANTED = re.compile('[^\\n\\t -~\u00a0-\u200a\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\U0010ffff]')
# What changes nothing in JSON.
OF_TEXT = {'--color', '--fields', '--layer'}
COLOUR = re.compile('\x1b\\[[0-9;]*m')


def captures(folder):
    """Names of all files below, but for those that describe captures."""
    found = [os.path.relpath(f'{place}/{name}', folder) for place, _, names in os.walk(folder) for name in names]
    return sorted(name for name in found if not name.endswith(('.tsv', '.json')))


def run(pktview, words):
    return subprocess.run([pktview, *words], stdin=subprocess.DEVNULL, capture_output=True, env=ENVIRONMENT,
                          timeout=LIMIT_S, check=False)


def of_text(data, is_coloured=False):
    """What is wrong with the output."""
    try:
        text = data.decode()
        if is_coloured:
            text = COLOUR.sub('', text)
    except UnicodeDecodeError as error:
        return f'no UTF-8: {error}'
    found = UNWANTED.search(text)
    if found:
        return f'U+{ord(found[0]):04X} ({unicodedata.category(found[0])}) in {text[max(0, found.start() - 40):][:80]!r}'
    return ''


def of_json(data):
    for line in data.splitlines():
        try:
            if not isinstance(json.loads(line), dict):
                return f'no object: {line[:80]}'
        except ValueError as error:
            return f'{error}: {line[:80]}'
    return ''


def of_end(result):
    errors = result.stderr.decode(errors='replace')
    if result.returncode not in (0, 1) or re.search('Sanitizer|runtime error', errors):
        return f'status {result.returncode}: {errors[:3000]}'
    if result.returncode == 1 and not re.fullmatch(r"(pktview: .*\n)+", errors):
        return f'status 1 without a word: {errors[:200]!r}'
    return of_text(result.stderr)


def of_view(pktview, path, words, is_json):
    try:
        result = run(pktview, [words[0], path, *words[1:]] + ['--json'] * is_json)
    except subprocess.TimeoutExpired:
        return f'not ready after {LIMIT_S} s'
    return of_end(result) or of_text(result.stdout, '--color' in words) or (of_json(result.stdout) if is_json else '')


def clean(pktview, folder, *words):
    forms = (False,) if set(words) & OF_TEXT else (False, True)
    jobs = [(name, is_json) for name in captures(folder) for is_json in forms]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = list(pool.map(lambda job: of_view(pktview, f'{folder}/{job[0]}', words, job[1]), jobs))
    found = [f'# {name}{" --json" * is_json}: {what}' for (name, is_json), what in zip(jobs, wrong) if what]
    print(*found[:MOST_SHOWN], f'# {len(found)} of {len(jobs)} runs are wrong', sep='\n')
    return not any(wrong) and bool(jobs)


def of_capinfos(folder, names):
    """{name: packets}; of what it does not read, nothing."""
    result = subprocess.run(['capinfos', '-Tmrc', *names], cwd=folder, capture_output=True, text=True, check=False)
    return {row[0]: row[1] for row in csv.reader(result.stdout.splitlines())}


def read_listed(table):
    listed = {}
    with open(table) as file:
        for line in file:
            if line.strip() and line[0] != '#':
                name, ours, theirs, _ = line.split(maxsplit=3)
                listed[name] = (ours, theirs)
    return listed


def counts(pktview, folder, table):
    listed, names = read_listed(table), captures(folder)
    theirs, is_right = of_capinfos(folder, names), True
    for name in names:
        ours = str(run(pktview, ['list', f'{folder}/{name}']).stdout.count(b'\n'))
        pair = (ours, theirs.get(name, '-'))
        if listed.pop(name, (ours, ours)) != pair:
            is_right = False
            print(f'# {name}: pktview lists {pair[0]} packets, capinfos counts {pair[1]}')
    for name in listed:
        print(f'# {name} is listed, and not there')
    print(f'# {len(names)} captures')
    return is_right and not listed and bool(names)


if __name__ == '__main__':
    sys.exit(0 if {'clean': clean, 'counts': counts}[sys.argv[1]](*sys.argv[2:]) else 1)
