#!/bin/sh
# Runs the packed benchmark: needs an NVIDIA driver and python3 with PyTorch; arguments go to driver.js.
. "$(dirname "$0")/with-node.sh"
cd "$here"
"$node" --version
"$node" "$here/driver.js" --out "$OUT" --load "$here/load.py" "$@" 2>&1 | tee "$OUT/log.txt"
test -s "$OUT/summary.json"
