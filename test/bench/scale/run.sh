#!/bin/sh
# Options are those of run.mjs; a line of JSON per number of agents goes to OUT/scale.jsonl too. The exit
# code is in OUT/ended once it is over, for those who wait for a run that another terminal started.
. "$(dirname "$0")/with-node.sh"
tar -xJf "$here/fmwork.tar.xz" -C "$work"
status=0
"$node" "$work/test/bench/scale/run.mjs" "$@" >"$OUT/scale.jsonl" || status=$?
cat "$OUT/scale.jsonl"
echo "$status" >"$OUT/ended"
exit "$status"
