# SPDX-License-Identifier: GPL-2.0-only
"""What the objects of --stats json have to keep, for stats_test.sh; what is wrong goes to stdout.

stats_json.py lines FILE COUNT: FILE has at least COUNT objects, one a line, with the same keys; the
    last one alone is final; deltas add up to totals, rows and others to all.
stats_json.py summary FILE ERR: the last object is what the summary in ERR says.
stats_json.py get FILE EXPRESSION: prints EXPRESSION, in which `last` is the last object of FILE, and
    `lines` all of them.
"""
import json
import re
import sys

COUNTS = ("packets", "bytes")


def read_lines(name):
    """The objects of a file that may have other lines, as stderr has."""
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def complain(wrong, sentence):
    if wrong:
        print(sentence)


def counters_of(line):
    """{name: (total, delta)} of all that only grows."""
    found = {}
    for block, part in (("frames", line["frames"]), ("", line)):
        for key in part:
            if key + "_delta" in part:
                found[f"{block}.{key}"] = (part[key], part[key + "_delta"])
    for protocol, directions in line["protocols"].items():
        for direction, verdicts in directions.items():
            for verdict, counter in verdicts.items():
                for count in COUNTS:
                    found[f"{protocol}.{direction}.{verdict}.{count}"] = (counter[count], counter[count + "_delta"])
    for table, part in (line["top"] or {}).items():
        for count in COUNTS:
            found[f"top.{table}.{count}"] = (part[count], part[count + "_delta"])
    return found


def check_frames(line):
    frames = line["frames"]
    passed = sum(frames[term] for term in ("filtered_out", "sampled_out", "over_limit", "matched"))
    ended = sum(frames[term] for term in ("counted_only", "written", "lost_ring", "lost_copy", "lost_write", "expired",
                                          "discarded_at_stop"))
    complain(frames["seen"] != passed, f"seen {frames['seen']} != {passed}")
    complain(frames["matched"] != ended, f"matched {frames['matched']} != {ended}")
    complain(frames["waiting"] or frames["unaccounted"], f"something is left over: {frames}")


def check_top(line):
    for table, part in (line["top"] or {}).items():
        for count in COUNTS:
            listed = sum(row[count] for row in part["rows"]) + part["others"][count]
            complain(listed != part[count], f"{table}: rows and others are {listed} {count}, all {part[count]}")


def check_lines(name, count):
    lines = read_lines(name)
    complain(len(lines) < int(count), f"{len(lines)} objects")
    complain([line["final"] for line in lines] != [False] * (len(lines) - 1) + [True], "not the last one alone is final")
    complain(len({tuple(line) for line in lines}) != 1, "the keys differ")
    complain(len({tuple(line["frames"]) for line in lines}) != 1, "the keys of frames differ")
    before = {}
    for number, line in enumerate(lines):
        now = counters_of(line)
        for key, (total, delta) in now.items():
            complain(total != before.get(key, 0) + delta, f"line {number}: {key} {total} != {before.get(key, 0)} + {delta}")
        complain(set(before) - set(now), f"line {number}: {set(before) - set(now)} have gone")
        before = {key: total for key, (total, _) in now.items()}
        check_top(line)
    for one, other in zip(lines, lines[1:]):
        passed = other["elapsed_seconds"] - one["elapsed_seconds"]
        complain(abs(passed - other["interval_seconds"]) > 1e-5, f"{passed} s are not {other['interval_seconds']} s")
    check_frames(lines[-1])


TERMS = {
    "seen": "seen", "filtered out": "filtered_out", "sampled out": "sampled_out", "over limit": "over_limit",
    "matched": "matched", "while not wanted": "counted_only", "counted only": "counted_only", "written": "written",
    "of these late": "late", "lost: ring full": "lost_ring", "lost: not copied": "lost_copy",
    "lost: write error": "lost_write", "expired in memory": "expired", "discarded at stop": "discarded_at_stop",
}


def read_row(line):
    """Name and figures, which stand behind it."""
    words = line.split()
    names = len(words)
    while names > 1 and re.fullmatch(r"[\d.]+%?", words[names - 1]):
        names -= 1
    return [" ".join(words[:names])] + words[names:]


def read_table(text, head):
    """The rows of the block below a head."""
    block = re.search(rf"^{head}.*\n((?:  .*\n)+)", text, re.M)
    return [read_row(line) for line in block.group(1).splitlines()] if block else []


def check_protocols(last, text):
    ours = [[sum(part[verdict][count] for part in directions.values()) for verdict in ("seen", "matched") for count in COUNTS]
            for directions in last["protocols"].values()]
    rows = read_table(text, r"protocols \(on the wire\)")[1:]
    theirs = [[int(figure) for figure in row[1:]] for row in rows]
    complain(not theirs or ours != theirs, f"protocols: {ours} are not {theirs}")


def check_tops(last, text):
    for table, part in (last["top"] or {}).items():
        ours = [[row["name"], row["packets"], row["bytes"]] for row in part["rows"]]
        if part["others"]["packets"]:
            ours.append(["others", part["others"]["packets"], part["others"]["bytes"]])
        theirs = [[row[0], int(row[1]), int(row[2])] for row in read_table(text, f"busiest {table}")]
        complain(ours != theirs, f"{table}: {ours} are not {theirs}")


def check_summary(name, summary):
    last = read_lines(name)[-1]
    with open(summary, encoding="utf-8") as file:
        text = file.read()
    terms = {row[0]: int(row[1]) for row in read_table(text, r"accounting \(frames\)")}
    complain(not terms, "there is no accounting")
    for term, count in terms.items():
        complain(last["frames"][TERMS[term]] != count, f"{term} {count} is {last['frames'][TERMS[term]]}")
    for term, key in TERMS.items():
        complain(term not in terms and key not in (TERMS[other] for other in terms) and last["frames"][key],
                 f"{key} is {last['frames'][key]}, and not in the summary")
    check_protocols(last, text)
    check_tops(last, text)


def get(name, expression):
    lines = read_lines(name)
    print(eval(expression, {"lines": lines, "last": lines[-1]}))  # of the test's own


{"lines": check_lines, "summary": check_summary, "get": get}[sys.argv[1]](*sys.argv[2:])
