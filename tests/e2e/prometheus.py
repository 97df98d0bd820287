# SPDX-License-Identifier: GPL-2.0-only
"""What a Prometheus knows, for prometheus_test.sh; what is wrong goes to stdout.

prometheus.py samples URL QUERY: the value of each sample, one a line.
prometheus.py rate URL QUERY SECONDS JSON PROTOCOL: the one sample of the query, a rate over so many seconds, is that of
    the objects in JSON over the same window, packets of the protocol that came in, within 2 %. A line on stderr has both.
prometheus.py moments URL QUERY SECONDS JSON PROTOCOL: each value that the counter of the query had in these seconds is
    that of the object with the same time.
prometheus.py rules URL: the rules are evaluated without an error.
prometheus.py names METRICS DASHBOARD RULES: dashboard and rules use names and protocols that METRICS has, and nothing else.
prometheus.py serve PORT METRICS: has METRICS as OpenMetrics, for Prometheus itself.
prometheus.py dashboard URL DASHBOARD: each expression has an answer.
"""
import http.server
import json
import re
import sys
import urllib.parse
import urllib.request


def ask(url, path, **arguments):
    with urllib.request.urlopen(f"{url}/api/v1/{path}?{urllib.parse.urlencode(arguments)}", timeout=10) as answer:
        return json.load(answer)["data"]


def query(url, expression, **arguments):
    return ask(url, "query", query=expression, **arguments)["result"]


def samples(url, expression):
    for sample in query(url, expression):
        print(sample["value"][1])


def read_lines(name):
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("}\n")]


def packets_in(line, protocol):
    return line["protocols"].get(protocol, {}).get("in", {}).get("seen", {}).get("packets", 0)


def compare_rate(url, expression, seconds, name, protocol):
    found = query(url, expression)
    if len(found) != 1:
        print(f"{len(found)} samples")
        return
    end, theirs = float(found[0]["value"][0]), float(found[0]["value"][1])
    window = [line for line in read_lines(name) if end - float(seconds) <= line["time"] <= end]
    if not window or window[-1]["time"] - window[0]["time"] < 0.9 * float(seconds):
        print("the objects do not fill the window yet")
        return
    ours = ((packets_in(window[-1], protocol) - packets_in(window[0], protocol)) /
            (window[-1]["elapsed_seconds"] - window[0]["elapsed_seconds"]))
    print(f"{theirs:.1f}/s in Prometheus, {ours:.1f}/s in {len(window)} objects", file=sys.stderr)
    if not ours or abs(theirs - ours) > 0.02 * ours:
        print(f"Prometheus has {theirs}/s, the objects {ours}/s")


def compare_moments(url, expression, seconds, name, protocol):
    """The times of update and the counters of the same scrapes."""
    times = query(url, f'pktsieve_last_update_timestamp_seconds{{job="node"}}[{seconds}s]')
    counts = query(url, f"{expression}[{seconds}s]")
    by_time = {line["time"]: packets_in(line, protocol) for line in read_lines(name)}
    if len(times) != 1 or len(counts) != 1 or len(times[0]["values"]) < 5:
        print(f"{len(times)} and {len(counts)} series of {[len(series['values']) for series in times]} samples")
        return
    of_scrape = dict((scrape, float(count)) for scrape, count in counts[0]["values"])
    for scrape, time in times[0]["values"]:
        if of_scrape.get(scrape) != by_time.get(float(time)):
            print(f"at {time} Prometheus has {of_scrape.get(scrape)}, the object {by_time.get(float(time))}")


def check_rules(url):
    rules = [rule for group in ask(url, "rules")["groups"] for rule in group["rules"]]
    if not rules:
        print("there are no rules")
    for rule in rules:
        if rule["health"] != "ok":
            print(f"{rule['name']}: {rule['health']}, {rule.get('lastError')}")


def read_expressions(name):
    with open(name, encoding="utf-8") as file:
        text = file.read()
    if name.endswith(".json"):
        return [target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]]
    return [text]


def alternatives(pattern):
    """The words that a regular expression with one group stands for; none where it is a family."""
    if "*" in pattern:
        return []
    pattern = pattern.replace("[.]", ".")
    words = []
    for part in re.split(r"\|(?![^(]*\))", pattern):
        before, group, after = re.fullmatch(r"([^(]*)(?:\(([^)]*)\))?(.*)", part).groups()
        words += [before + word + after for word in (group or "").split("|")]
    return words


def check_names(metrics, *files):
    with open(metrics, encoding="utf-8") as file:
        text = file.read()
    names = set(re.findall(r"^(pktsieve_\w+)\{", text, re.M))
    protocols = set(re.findall(r'protocol="([^"]*)"', text))
    for name in files:
        expressions = read_expressions(name)
        used = {word for expression in expressions for word in re.findall(r"\bpktsieve_\w+(?=[{\[\s)]|$)", expression)}
        used -= set(re.findall(r"name: (pktsieve_\w+)", expressions[0]))
        patterns = {word for expression in expressions for word in re.findall(r'protocol(?:=|=~|!~)"([^"]*)"', expression)}
        words = {word for pattern in patterns for word in alternatives(pattern)}
        if not used or not words:
            print(f"{name}: no names or no protocols")
        for word in sorted(used - names):
            print(f"{name}: {word} is not exported")
        for word in sorted(words - protocols):
            print(f"{name}: protocol {word} is not exported")


def check_dashboard(url, name):
    values = {"$__rate_interval": "10s", "$__range": "1m", "$instance": ".*", "$interface": ".*"}
    for expression in read_expressions(name):
        for variable, value in values.items():
            expression = expression.replace(variable, value)
        try:
            if not query(url, expression):
                print(f"no answer: {expression}")
        except urllib.error.HTTPError as error:
            print(f"{error.read().decode()}: {expression}")


def serve(port, name):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(name, "rb") as file:
                text = file.read()
            self.send_response(200)
            self.send_header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
            self.end_headers()
            self.wfile.write(text)

    http.server.HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


{"samples": samples, "rate": compare_rate, "moments": compare_moments, "rules": check_rules, "names": check_names,
 "dashboard": check_dashboard, "serve": serve}[sys.argv[1]](*sys.argv[2:])
