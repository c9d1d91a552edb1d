#!/usr/bin/env bash
# Kills runs at random moments until it has done so N times, and compares what is left with an undisturbed run.
#   kills.sh driver N           kill -9 of the run's process
#   kills.sh driver N hdfs|s3   the same, with results on Hadoop's mini cluster or an S3 server of the tests
#   kills.sh executor N         kill -9 of an executor of a standalone cluster on this machine
#   kills.sh worker N           kill -9 of a worker with its executors; another one takes its place
# Prints a line of CSV per store: how many kills it survived, and how many rows were lost, doubled or changed.
set -euo pipefail
what=$1 wanted=$2 disk=${3:-}
here=$(dirname "$(readlink -f "$0")")
home=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
grid=$here/grid.yaml
RANDOM=${SEED:-1}
grid_command=("$home/jobs/backdoor-grid")
options=(--threads 1 --conf spark.backdoorgrid.checkpoint-seconds=0)
daemons=()

end() {
  for pid in "${daemons[@]}"; do pkill -9 -P "$pid" 2>/dev/null || true; kill -9 "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT

numbers() { # the table without run times
  "${grid_command[@]}" table "$grid" --out "$1" --format csv | cut -d, -f1-7
}
digests() { # of all committed rows
  (cd "$1/rows" 2>/dev/null && sha256sum -- *.csv 2>/dev/null) || true
}

head="killed,kills,runs,trials,lost,doubled,changed,table-differs,damaged"
if [ -n "$disk" ]; then
  cd "$home"
  ./mvnw -q -B -ntp test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" >/dev/null
  echo "$head"
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" @jobs/jvm.options -Dai.djl.offline=true \
    -cp "target/classes:target/test-classes:$(cat "$work/classpath")" \
    io.backdoorgrid.cli.SharedDiskKills "$disk" "$wanted" "$grid" "${SEED:-1}" 2>"$work/log" || { cat "$work/log" >&2 && exit 1; }
  exit 0
fi

spark_daemon() { # log, class and arguments
  local log=$1
  shift
  SPARK_HOME=$work/spark SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$work/local \
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" @"$home/jobs/jvm.options" -Xmx512m -cp "$home/target/spark/*" "$@" >"$log" 2>&1 &
  daemons+=($!)
}
master=spark://127.0.0.1:7177
start_worker() {
  spark_daemon "$work/worker.log" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 1g \
    --webui-port 0 --work-dir "$work/workers" "$master"
}
if [ "$what" != driver ]; then
  mkdir -p "$work/spark" && ln -s "$home/target/spark" "$work/spark/jars"
  spark_daemon "$work/master.log" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7177 --webui-port 0
  sleep 4
  start_worker
  start_worker
  sleep 4
  options+=(--master "$master" --conf spark.executor.cores=1 --conf spark.executor.memory=700m
    --conf spark.executor.resource.gpu.amount=0 --conf spark.task.resource.gpu.amount=0
    --conf spark.excludeOnFailure.enabled=false --conf spark.eventLog.enabled=false --conf spark.ui.port=0
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1)
fi

workers() {
  pgrep -f "deploy.worker.Worker.*$(basename "$work")" || true
}
strike() { # returns whether something was killed
  local victims pid
  case $what in
    driver) kill -9 "$1" 2>/dev/null ;;
    executor)
      mapfile -t victims < <(workers | xargs -r -n 1 pgrep -P || true)
      [ ${#victims[@]} -gt 0 ] && kill -9 "${victims[RANDOM % ${#victims[@]}]}" 2>/dev/null
      ;;
    worker)
      mapfile -t victims < <(workers)
      [ ${#victims[@]} -gt 0 ] || return 1
      pid=${victims[RANDOM % ${#victims[@]}]}
      pkill -9 -P "$pid" || true
      kill -9 "$pid"
      start_worker
      ;;
  esac
}

"${grid_command[@]}" run "$grid" --out "$work/undisturbed" "${options[@]}" --quiet >/dev/null
numbers "$work/undisturbed" >"$work/expected"
trials=$(ls "$work/undisturbed/rows" | wc -l)

echo "$head"
killed=0 store=0
while [ $killed -lt "$wanted" ]; do
  store=$((store + 1)) runs=0 kills=0 changed=0
  out=$work/store$store
  before=
  while true; do
    runs=$((runs + 1))
    "${grid_command[@]}" run "$grid" --out "$out" "${options[@]}" --quiet >"$work/run.log" 2>&1 &
    run=$!
    # The first second is Java's start.
    while kill -0 $run 2>/dev/null; do
      sleep "$((1 + RANDOM % 6)).$((RANDOM % 10))"
      if [ $((killed + kills)) -lt "$wanted" ] && kill -0 $run 2>/dev/null && strike $run; then
        kills=$((kills + 1))
      fi
    done
    code=0
    wait $run 2>/dev/null || code=$?
    [ $code -eq 0 ] || [ "$what" = driver ] || tail -1 "$work/run.log" >&2
    after=$(digests "$out")
    # Whatever was committed before must be there as it was.
    if [ -n "$before" ]; then
      changed=$((changed + $(comm -23 <(sort <<<"$before") <(sort <<<"$after") | wc -l)))
    fi
    before=$after
    [ $code -ne 0 ] || break
  done
  killed=$((killed + kills))
  unique=$(cat "$out"/rows/*.csv | cut -d, -f1 | grep -v '^trial$' | sort -u | wc -l)
  rows=$(cat "$out"/rows/*.csv | cut -d, -f1 | grep -vc '^trial$')
  numbers "$out" >"$work/actual"
  differs=0 && cmp -s "$work/expected" "$work/actual" || differs=1
  damaged=0 && "${grid_command[@]}" verify "$out" >"$work/verify" || damaged=1
  echo "$what,$kills,$runs,$trials,$((trials - unique)),$((rows - unique)),$changed,$differs,$damaged"
  rm -rf "$out"
done
