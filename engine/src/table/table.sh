#!/bin/sh
# Measures every shape in every weight type and prints the table of the engine's README.
#
#   engine/src/table/table.sh FOLDER [SHAPES] [TYPES] [THREADS]
#
# as in  engine/src/table/table.sh /tmp/bench "0.1B 0.4B" "f16 q8_0" "2 1"
#
# Every figure is a process of its own, so that its memory and its first token are its own, and is
# kept in FOLDER. What is there already is not measured again: stop at any time, and start again to
# go on. Random weights of a shape stand in for a model; $RWKV names the program if it is not where
# 'mvn package' puts it, $BENCH_OPTIONS adds options, as in "--repeat 9 --decode 32".

set -eu

folder=${1:?name a folder to keep the measurements in}
shapes=${2:-0.1B 0.4B 1.5B}
types=${3:-f32 f16 bf16 q8_0 q6_k q5_k q5_1 q5_0 q4_k q4_1 q4_0}
threads=${4:-}
rwkv=${RWKV:-$(dirname "$0")/../../../app/target/rwkv/bin/rwkv}

measure() {
  kept=$folder/$1.json
  shift
  [ -s "$kept" ] && return
  echo "measuring $kept" >&2
  # shellcheck disable=SC2086
  "$rwkv" bench "$@" ${BENCH_OPTIONS:-} --json > "$kept.part"
  mv "$kept.part" "$kept"
}

mkdir -p "$folder"
for shape in $shapes; do
  for type in $types; do
    if [ -z "$threads" ]; then
      measure "$shape-$type" --random "$shape" --dtype "$type"
    fi
    for count in $threads; do
      measure "$shape-$type-$count" --random "$shape" --dtype "$type" --threads "$count"
    done
  done
done

"$rwkv" bench --table "$folder"
