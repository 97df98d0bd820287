#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A real Prometheus with a real node_exporter reads --metrics-file during a capture; and what
# tools/monitoring has for it is right. Both listen on the loopback of the test's own namespace.
. "$(dirname "$0")/lib.sh"
programs=build/prometheus/usr/bin	# see tools/packaging/install-packages.sh
promtool=$programs/promtool
monitoring=tools/monitoring
if [ ! -x "$promtool" ]; then
	skip 'Prometheus reads the file of metrics' 'there is no Prometheus (see tools/packaging/install-packages.sh)'
	echo done
	exit
fi
make_network && ip -n $server_ns link set lo up || exit 1
url=http://127.0.0.1:9090
ask() { "$tools/within" $server_ns python3 tests/e2e/prometheus.py "$@" 2>"$work/asked"; }
says_nothing() { local words; words=$("$@" 2>&1) && [ -z "$words" ]; }

# What is on the shelf.
for what in 'check config prometheus.yml' 'check rules rules.yml' 'test rules rules_test.yml'; do
	"$promtool" ${what% *} "$monitoring/${what##* }" >"$work/promtool" 2>&1
	check_equal "promtool: $what" 0 $? || diagnose "$(<"$work/promtool")"
done

mkdir "$work/metrics" "$work/storage"
file=$work/metrics/pktsieve.prom stats=$work/stats
cp "$monitoring/rules.yml" "$work"
sed -e 's/_interval: .*/_interval: 1s/' -e 's/localhost:/127.0.0.1:/' "$monitoring/prometheus.yml" >"$work/prometheus.yml"
# Prometheus's own reader of OpenMetrics is another one than that of node_exporter.
cat >>"$work/prometheus.yml" <<-'END'
  - job_name: openmetrics
    static_configs:
      - targets:
          - 127.0.0.1:9200
END
start_capture ours -i eth0 -w "$work/ours.pcap" -s 100 --top 5 --metrics-file "$file" --stats json --stats-file "$stats" \
	--interval 100ms || exit 1
wait_until [ -e "$file" ]
start exporter "$programs/prometheus-node-exporter" --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory "$work/metrics" --web.listen-address 127.0.0.1:9100
start prometheus "$programs/prometheus" --config.file "$work/prometheus.yml" --storage.tsdb.path "$work/storage" \
	--web.listen-address 127.0.0.1:9090
start openmetrics python3 tests/e2e/prometheus.py serve 9200 "$file"
traffic <<<"talk $host_a $server 25
udp-down $host_b $server 53 300 100"
start_stream 2000	# UDP, port 7

check 'promtool check metrics has nothing to say about the file' says_nothing "$promtool" check metrics <"$file"
exported() { ask samples $url 'pktsieve_running{job="node"}' | grep -qx 1; }
check 'Prometheus has read it, by way of node_exporter' wait_until exported ||
	diagnose "$(tail -n 5 "$work/prometheus.err" "$work/exporter.err")"
check_equal 'node_exporter has no error with the file' 0 "$(ask samples $url node_textfile_scrape_error)"
read_as_openmetrics() { ask samples $url 'up{job="openmetrics"} and on (instance) pktsieve_packets_total' | grep -qx 1; }
check 'Prometheus itself reads it as OpenMetrics' wait_until read_as_openmetrics
matched='{job="node",direction="in",protocol="udp.other",verdict="matched"}'
# While the window fills Prometheus guesses what was before its first sample.
is_filled() { [ -n "$(ask samples $url "pktsieve_packets_total$matched offset 21s > 0")" ]; }
wait_until is_filled
agrees() { [ -z "$(ask rate $url "rate(pktsieve_packets_total$matched[20s])" 20 "$stats" udp.other)" ]; }
check 'a rate of a query is that of the objects of JSON, within 2 %' wait_until agrees
diagnose "$(<"$work/asked")"
check_equal 'each value that was read is that of the object of its time' '' \
	"$(ask moments $url "pktsieve_packets_total$matched" 20 "$stats" udp.other; cat "$work/asked")"
check_equal 'the rules are evaluated' '' "$(ask rules $url; cat "$work/asked")"
check_equal 'each expression of the dashboard has an answer' '' "$(ask dashboard $url $monitoring/dashboard.json; cat "$work/asked")"
check_equal 'dashboard and rules use what is exported' '' \
	"$(ask names "$file" $monitoring/dashboard.json $monitoring/rules.yml; cat "$work/asked")"
stop_stream
finish ours TERM
stopped() { ask samples $url 'pktsieve_running{job="node"}' | grep -qx 0; }
check 'that the capture has ended arrives' wait_until stopped
finish prometheus TERM
finish exporter TERM
finish openmetrics TERM
echo done
