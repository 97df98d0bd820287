# SPDX-License-Identifier: GPL-2.0-only
"""What the file of --metrics-file has to keep, for metrics_test.sh; what is wrong goes to stdout.

metrics.py same FILE JSON: FILE says what the last object in JSON says.
metrics.py watch FILE: reads FILE again and again until it says that the capture has ended: each time it
    is whole, and no counter is less than before. Says "enough" on stderr when it was replaced often.
"""
import json
import re
import sys
import time

SAMPLE = re.compile(r'(\w+)\{((?:\w+="[^"]*",?)*)\} ([\d.]+)')


def parse(text):
    """{(name, frozenset of labels but the interface): value}"""
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        labels = frozenset((key, value) for key, value in re.findall(r'(\w+)="([^"]*)"', labels) if key != "interface")
        key = (name.removeprefix("pktsieve_"), labels)
        if key in samples:
            print(f"twice: {line}")
        samples[key] = float(value) if "." in value else int(value)
    return samples


def expect(samples, expected, name, **labels):
    value = samples.pop((name, frozenset(labels.items())), None)
    if value != expected:
        print(f"{name} {labels} is {value}, not {expected}")


def expect_frames(samples, frames):
    for verdict in ("filtered_out", "sampled_out", "over_limit", "matched"):
        both = sum(samples.pop(("frames_total", frozenset({"direction": direction, "verdict": verdict}.items())))
                   for direction in ("in", "out"))
        if both != frames[verdict]:
            print(f"frames {verdict}: {both}, not {frames[verdict]}")
    for outcome in ("counted_only", "written", "lost_ring", "lost_copy", "lost_write", "expired", "discarded_at_stop"):
        expect(samples, frames[outcome], "matched_frames_total", outcome=outcome)
    expect(samples, frames["late"], "late_frames_total")


def expect_protocols(samples, protocols):
    for protocol, directions in protocols.items():
        for direction, verdicts in directions.items():
            for count in ("packets", "bytes"):
                seen, matched = verdicts["seen"][count], verdicts["matched"][count]
                labels = {"protocol": protocol, "direction": direction}
                expect(samples, matched, f"{count}_total", verdict="matched", **labels)
                expect(samples, seen - matched, f"{count}_total", verdict="filtered_out", **labels)
    for (name, labels), value in samples.items():
        if name in ("packets_total", "bytes_total") and value:
            print(f"{name} {dict(labels)} is {value}, and not in the object")


def expect_top(samples, top):
    for table, part in top.items():
        role = table[:-1]
        expect(samples, part["packets"], "top_counted_packets_total", role=role)
        expect(samples, part["forgotten"]["packets"], "top_forgotten_packets_total", role=role)
        for row in part["rows"]:
            labels = {"service": row["name"]} if role == "service" else {"role": role, "host": row["name"]}
            kind = "service" if role == "service" else "host"
            for count in ("packets", "bytes"):
                expect(samples, row[count], f"top_{kind}_{count}_total", **labels)


def same(name, of_json):
    with open(name, encoding="utf-8") as file:
        samples = parse(file.read())
    with open(of_json, encoding="utf-8") as file:
        last = json.loads(file.readlines()[-1])
    expect_frames(samples, last["frames"])
    expect_protocols(samples, last["protocols"])
    expect_top(samples, last["top"] or {})
    expect(samples, last["dropped_by_interface"], "early_dropped_packets_total", where="interface")
    expect(samples, last["dropped_by_softnet"], "early_dropped_packets_total", where="softnet")
    expect(samples, last["time"], "last_update_timestamp_seconds")
    expect(samples, last["start_time"], "start_time_seconds")
    expect(samples, last["ring_bytes"], "ring_bytes")
    expect(samples, 0, "running")


def watch(name):
    before, readings, is_running = {}, 0, True
    while is_running:
        with open(name, encoding="utf-8") as file:
            text = file.read()
        if not text.endswith("\n# EOF\n"):
            print(f"not whole: {len(text)} bytes")
        now = parse(text)
        for key, value in now.items():
            if key[0].endswith("_total") and value < before.get(key, 0):
                print(f"{key} was {before[key]}, is {value}")
        readings += now != before
        if readings == 10:
            print("enough", file=sys.stderr, flush=True)
        before = now
        is_running = now[("running", frozenset())] == 1
        time.sleep(0.002)


{"same": same, "watch": watch}[sys.argv[1]](*sys.argv[2:])
