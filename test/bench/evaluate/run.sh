#!/bin/sh
# Runs the packed benchmark; arguments go to run.js.
. "$(dirname "$0")/with-node.sh"
"$node" "$here/run.js" --grids "$here/grids" --out "$OUT" --minutes 8.5 "$@" 2>&1 | tee "$OUT/log.txt"
test -s "$OUT/results.jsonl"
