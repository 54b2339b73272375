#!/usr/bin/env bash
# Scans what arrived and compares it with the night before. Quiet where all is well, so that cron sends no mail.
# In a crontab: 15 3 * * * /opt/data/nightly.sh /data/incoming /var/lib/shardcheck
# usage: nightly.sh DATA RESULTS
set -euo pipefail
data=$1
results=$2
mkdir -p "$results"

# One run at a time.
exec 9>"$results/lock"
flock -n 9 || { echo "nightly.sh: another run is going on" >&2; exit 75; }

code=0
shardcheck scan "$data" --out "$results/today" --report markdown,csv --quiet || code=$?
if [ "$code" -gt 1 ]; then
  echo "nightly.sh: the scan of $data ended with $code" >&2
  exit "$code"
fi
if [ "$code" = 1 ]; then shardcheck report "$results/today" --format markdown; fi

if [ -f "$results/last/summary.json" ]; then
  moved=0
  shardcheck diff "$results/last" "$results/today" --quiet || moved=$?
  if [ "$moved" = 1 ]; then
    shardcheck diff "$results/last" "$results/today" || true
    code=1
  fi
fi

# What failed is no measure for tomorrow.
if [ "$code" = 0 ]; then
  rm -rf "$results/last"
  mv "$results/today" "$results/last"
fi
exit "$code"
