#!/bin/sh
# Options are those of run.mjs; a line of JSON per number of agents goes to OUT/scale.jsonl too.
. "$(dirname "$0")/with-node.sh"
tar -xJf "$here/fmwork.tar.xz" -C "$work"
"$node" "$work/test/bench/scale/run.mjs" "$@" | tee -a "$OUT/scale.jsonl"
