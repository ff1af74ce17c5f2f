#!/bin/sh
# Runs the packed benchmark: needs Linux x64 with glibc, and xz or python3; nothing else.
# OUT names the folder for the results (./out by default); arguments go to run.js.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$here/out}
mkdir -p "$OUT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if command -v xz >/dev/null 2>&1; then
  xz -dc "$here/node.xz" >"$work/node"
else
  python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' \
    "$here/node.xz" "$work/node"
fi
chmod +x "$work/node"
"$work/node" "$here/run.js" --grids "$here/grids" --out "$OUT" --minutes 8.5 "$@" 2>&1 | tee "$OUT/log.txt"
test -s "$OUT/results.jsonl"
