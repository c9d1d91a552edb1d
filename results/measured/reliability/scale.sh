#!/usr/bin/env bash
# A store of N rows (200,000) and a grid of M cells (1,000,000): seconds and memory of the commands that look at them.
#   scale.sh [N [M]]
# Prints CSV: what, rows or cells, seconds, MiB at most.
set -euo pipefail
rows=${1:-200000} cells=${2:-1000000}
home=$(cd "$(dirname "$(readlink -f "$0")")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grid() { # name, seeds, limits
  local seeds limits
  seeds=$(seq -s, 0 $(($2 - 1))) limits=$(seq -f %.2f -s, 2 0.01 "$(awk "BEGIN {print 2 + ($3 - 1) / 100}")")
  cat >"$work/$1.yaml" <<YAML
name: $1
victims: {dataset: shapes, model: resnet18, attack: badnets, seed: [$seeds]}
defenses: {clp: {u: [$limits]}}
YAML
}
measured() { # what, count, command
  local what=$1 count=$2 start end
  shift 2
  start=$(date +%s.%N)
  /usr/bin/env bash -c '"$@" >/dev/null & pid=$!
    most=0
    while kill -0 $pid 2>/dev/null; do
      now=$(awk "/VmHWM/ {print int(\$2 / 1024)}" /proc/$pid/status 2>/dev/null || true)
      [ "${now:-0}" -gt $most ] && most=$now
      sleep 0.1
    done
    wait $pid || exit $?
    echo $most >'"$work"'/most' _ "$@"
  end=$(date +%s.%N)
  echo "$what,$count,$(awk "BEGIN {printf \"%.1f\", $end - $start}"),$(cat "$work/most")"
}
run="$home/jobs/backdoor-grid"

echo "what,count,seconds,MiB"
grid cells $((cells / 100)) 100
BACKDOORGRID_JAVA_OPTIONS=-Xmx1g measured plan "$cells" "$run" plan "$work/cells.yaml" --out "$work/none"

grid rows $((rows / 100)) 100
"$run" plan "$work/rows.yaml" --out "$work/none" --all --json |
  awk 'BEGIN {print "trial,acc,asr,ra,victim-acc,victim-asr,commit,data-digest,started,device,arithmetic,seconds,train-seconds,threads,train-threads,victim"}
    /"trial" :/ {gsub(/[",]/, ""); trial = $3}
    /"victim" :/ {gsub(/[",]/, ""); print trial ",91.5,3.25,88,93,100,0123456789,00112233445566778899aabbccddeeff,2026-01-01T00:00:00Z,cpu(),float32,1.5,600,1,1," $3}' \
    >"$work/rows.csv"
measured import "$rows" "$run" import "$work/rows.yaml" --rows "$work/rows.csv" --out "$work/store"
export BACKDOORGRID_JAVA_OPTIONS=-Xmx1536m
for layout in single compacted; do
  for command in status table run; do
    measured "$command, $layout files" "$rows" "$run" $command "$work/rows.yaml" --out "$work/store"
  done
  [ $layout = compacted ] || measured compact "$rows" "$run" compact "$work/store"
done
