# shellcheck shell=bash
# Services on free loopback ports. Sourced by Scripts/demo and Scripts/bench.
#
#   start_session_server DIR PROGRAM ARG...   sets session_url
#   start_exporter DIR                        sets exporter_address
#   start_prometheus DIR ADDRESS METRIC       scrapes ADDRESS every second until
#                                             METRIC is there; sets prometheus_url
#   stop_services        ends them all; harmless when nothing runs

service_pids=()
session_url=
exporter_address=
prometheus_url=

# Waits until a command succeeds; gives up after 15 s, or with its process.
await() {
    local what=$1 pid=$2 log=$3 tries
    shift 3
    for ((tries = 0; tries < 150; tries++)); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        sleep 0.1
    done
    echo "error: $what did not start" >&2
    tail -n 5 "$log" >&2
    return 1
}

start_session_server() {
    local folder=$1 log=$1/session-server.log
    shift
    "$@" --port 0 >"$log" 2>&1 &
    service_pids+=("$!")
    await "the session server" "$!" "$log" grep -q '^listening on ' "$log" || return 1
    session_url=$(sed -n 's/^listening on //p' "$log")
}

start_exporter() {
    local folder=$1 log=$1/exporter.log
    python3 "$(dirname "${BASH_SOURCE[0]}")/exporter.py" "$folder" >"$log" 2>&1 &
    service_pids+=("$!")
    await "the made-up service" "$!" "$log" test -s "$folder/exporter.port" || return 1
    exporter_address=127.0.0.1:$(<"$folder/exporter.port")
}

start_prometheus() {
    local folder=$1 address=$2 metric=$3 log=$1/prometheus.log pid
    cat >"$folder/prometheus.yml" <<CONFIG
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: service
    static_configs: [{targets: ["$address"]}]
CONFIG
    prometheus --config.file="$folder/prometheus.yml" \
        --storage.tsdb.path="$folder/prometheus" \
        --web.listen-address=127.0.0.1:0 >"$log" 2>&1 &
    pid=$!
    service_pids+=("$pid")
    # Port 0 is a free one; the log says which.
    await Prometheus "$pid" "$log" grep -q 'msg="Listening on"' "$log" || return 1
    prometheus_url=http://$(sed -n 's/.*msg="Listening on" address=\([0-9.:]*\).*/\1/p' "$log")
    await Prometheus "$pid" "$log" curl -fsS "$prometheus_url/-/ready" || return 1
    await "scraping" "$pid" "$log" has_two_samples "$metric" || return 1
}

has_two_samples() {
    local samples
    samples=$(curl -fsSG "$prometheus_url/api/v1/query" \
        --data-urlencode "query=count_over_time($1[1m])" |
        jq -r '.data.result[0].value[1] // 0')
    ((samples >= 2))
}

stop_services() {
    local pid
    for pid in "${service_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    service_pids=()
}
