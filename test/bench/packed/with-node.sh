# Read by the run.sh of a packed benchmark, for Linux x64 with glibc and xz or python3.
# Sets `here`, `OUT` (./out unless given; made) and `node`, unpacked for as long as the script runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$here/out}
mkdir -p "$OUT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node=$work/node
if command -v xz >/dev/null 2>&1; then
  xz -dc "$here/node.xz" >"$node"
else
  python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' \
    "$here/node.xz" "$node"
fi
chmod +x "$node"
