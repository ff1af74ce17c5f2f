#!/bin/sh
# A sweep of a real server on a real device, from packed parts (pack.mjs):
#   sh run.sh streams|build|keep|model|sweep|collect|measure|compare ...
# WORK (default /tmp/gpu-sweep) keeps what one step leaves for the next; results go to OUT.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$here/out}
WORK=${WORK:-/tmp/gpu-sweep}
SHAPE=${SHAPE:-3b}
WALL=${WALL:-300s}
SAMPLE=${SAMPLE:-40}
# Seconds after which the verification is cut short, and rounds of the comparison of clients.
VERIFY_SECONDS=${VERIFY_SECONDS:-600}
ROUNDS=${ROUNDS:-3}
STREAMS=${STREAMS:-1,10,100,500,1000,2000}
HARDWARE_FLAGS=${HARDWARE_FLAGS:-}
# Such as `taskset -c 0-11`: cores for the agent with its engine, and for the coordinator.
AGENT_ON=${AGENT_ON:-}
COORDINATOR_ON=${COORDINATOR_ON:-}
LOGS=$WORK/logs
mkdir -p "$OUT" "$LOGS"
say() { echo "$(date +%T) $*"; }

unpack() {
  [ -x "$WORK/node" ] || { xz -dc "$here/node.xz" >"$WORK/node.new"; chmod +x "$WORK/node.new"; mv "$WORK/node.new" "$WORK/node"; }
  packed=$(cksum <"$here/fmwork.tar.xz")
  if [ "$(cat "$WORK/fmwork.cksum" 2>/dev/null)" != "$packed" ]; then
    rm -rf "$WORK/fmwork"; mkdir "$WORK/fmwork"
    tar -xJf "$here/fmwork.tar.xz" -C "$WORK/fmwork"
    echo "$packed" >"$WORK/fmwork.cksum"
  fi
  if [ -e "$here/llama-bin.tar.xz" ] && [ ! -x "$WORK/llama-server" ]; then
    tar -xJf "$here/llama-bin.tar.xz" -C "$WORK"
  fi
}
model() {
  [ -e "$WORK/models/random.gguf" ] && return
  mkdir -p "$WORK/models"
  python3 "$here/model.py" "$here/vocabulary.json" "$WORK/models/new" "$SHAPE"
  mv "$WORK/models/new" "$WORK/models/random.gguf"
  say "model: $(stat -c %s "$WORK/models/random.gguf") bytes"
}
# Its programs start `node`.
PATH=$WORK:$PATH
program="$WORK/node $WORK/fmwork/dist/cli/main.js"
fmwork() { $program "$@"; }

# The load generator against a server whose send times are known, both on this host.
streams() {
  node "$here/streams/run.mjs" --fmwork "$WORK/fmwork/dist/cli/main.js" --streams "$STREAMS" \
    --out "$OUT/streams.json" >"$OUT/streams.txt" 2>"$LOGS/streams.err" && code=0 || code=$?
  say "streams ended with $code"; cat "$OUT/streams.txt"; sort "$LOGS/streams.err" | uniq -c
}

build() {
  mkdir -p "$WORK/llama"
  tar -xJf "$here/llama.tar.xz" -C "$WORK/llama"
  say 'configuring llama.cpp'
  cmake -S "$WORK/llama" -B "$WORK/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES="${ARCHITECTURES:-90}" -DGGML_CUDA_NCCL=OFF \
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF \
    -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_BUILD_UI=OFF >"$LOGS/cmake.log" 2>&1
  say 'building llama-server'
  ninja -C "$WORK/build" -j "$(nproc)" llama-server >"$LOGS/build.log" 2>&1 || { tail -30 "$LOGS/build.log"; return 1; }
  cp "$WORK/build/bin/llama-server" "$WORK/llama-server"
  strip "$WORK/llama-server"
  say "built: $(stat -c %s "$WORK/llama-server") bytes; $("$WORK/llama-server" --version 2>&1 | tail -2 | tr '\n' ' ')"
}

engine_file() {
  cat >"$WORK/engines.yaml" <<YAML
llama-server:
  executable: $WORK/llama-server
  model_roots: [$WORK/models]
  start_seconds: 120
YAML
}

sweep() {
  engine_file
  sed -e "s#MODEL#$WORK/models/random.gguf#" -e "s#WALL#$WALL#" "$here/sweep.yaml" >"$LOGS/sweep.yaml"
  rm -rf "$WORK/lab" "$WORK/agent"
  cd "$WORK"
  fmwork certs init --dir "$WORK/certs" >/dev/null 2>&1 || true
  [ -e "$WORK/certs/coordinator.crt" ] || fmwork certs coordinator --dir "$WORK/certs" --host localhost >/dev/null
  rm -f "$WORK"/*.token "$WORK/tokens.json"
  fmwork tokens create gpu1 --role agent --tokens "$WORK/tokens.json" --out "$WORK/agent.token" >/dev/null
  fmwork tokens create ada --role operator --tokens "$WORK/tokens.json" --out "$WORK/operator.token" >/dev/null
  tls="--tls-ca $WORK/certs/ca.crt"
  # shellcheck disable=SC2086
  $COORDINATOR_ON $program coordinator --data "$WORK/lab" --listen 127.0.0.1:7070 --tokens "$WORK/tokens.json" \
    --tls-cert "$WORK/certs/coordinator.crt" --tls-key "$WORK/certs/coordinator.key" \
    --log-file "$LOGS/coordinator.log" >"$WORK/coordinator.out" 2>&1 &
  coordinator=$!
  trap 'kill $agent $coordinator 2>/dev/null || true; wait || true' EXIT
  for _ in $(seq 50); do grep -q Listening "$WORK/coordinator.out" && break; sleep 0.2; done
  # shellcheck disable=SC2086
  $AGENT_ON $program agent --coordinator localhost:7070 $tls --name gpu1 --data "$WORK/agent" --engine-file "$WORK/engines.yaml" \
    --token-file "$WORK/agent.token" $HARDWARE_FLAGS --log-file "$LOGS/agent.log" >"$WORK/agent.out" 2>&1 &
  agent=$!
  sleep 3
  desk="--coordinator localhost:7070 $tls --token-file $WORK/operator.token"
  say 'the sweep'
  fmwork run "$LOGS/sweep.yaml" $desk >"$LOGS/run.log" 2>&1 && code=0 || code=$?
  say "run ended with $code"; tail -25 "$LOGS/run.log"
  say 'verifying a sample'
  # shellcheck disable=SC2086
  timeout -s INT "$VERIFY_SECONDS" $program verify llama-server-gpu --sample "$SAMPLE" $desk \
    >"$LOGS/verify.log" 2>&1 && code=0 || code=$?
  say "verify ended with $code"; tail -25 "$LOGS/verify.log"
  fmwork report llama-server-gpu $desk --out "$WORK/report" >"$LOGS/report.log" 2>&1 || cat "$LOGS/report.log"
  kill $agent; wait $agent || true
  kill $coordinator; wait $coordinator || true
  trap - EXIT
  ls -la "$WORK/lab" "$WORK/report" "$WORK/agent"
  nvidia-smi -q -x >"$LOGS/nvidia-smi.xml" 2>/dev/null || true
  collect
}

# What a sweep left, also one that was cut short.
collect() {
  tail -q -c 3000000 "$WORK"/agent/engine-*.log >"$LOGS/engine.log" 2>/dev/null || true
  mkdir -p "$WORK/lab" "$WORK/report"
  tar -cf - -C "$WORK" lab report logs | xz -T0 -3 >"$OUT/results.tar.xz"
}

# The server in pieces that fit through a narrow door: cat keep.* >llama-bin.tar.xz
keep() {
  tar -cf - -C "$WORK" llama-server | xz -T0 -3 | split -b 15M - "$OUT/keep."
  ls -la "$OUT"
}

# Servers of its own, measured by `fmwork measure`, whose times are laid over those that the server tells.
measure() {
  rm -f "$OUT/lay-over.txt"
  serve alone --cache-ram 0 --kv-unified
  one one-at-a-time --max-concurrency 1 --num-prompts 24 --random-input-len 512 --random-output-len 128
  one batch-of-16 --static-batch 16 --repetitions 6 --random-input-len 512 --random-output-len 128
  one closed-loop-16 --max-concurrency 16 --num-prompts 96 --random-input-len 512 --random-output-len 128
  one poisson --request-rate 8 --num-prompts 80 --random-input-len 256 --random-output-len 64
  stop_serving
  tar -cJf "$OUT/measure.tar.xz" -C "$WORK" measure
}

# The same batches by `fmwork measure` and by a client that shares no code with it.
compare() {
  serve compared --cache-ram 0 --kv-unified
  node "$here/streams/compare-clients.mjs" --dist "$WORK/fmwork/dist" --base-url http://127.0.0.1:7171 --model random \
    --rounds "$ROUNDS" --shapes 1x128x64,4x256x64,16x256x64 --out "$OUT/compare.json" | tee "$OUT/compare.txt"
  stop_serving
}

serve() {
  kind=$1; shift
  mkdir -p "$WORK/measure"
  "$WORK/llama-server" --model "$WORK/models/random.gguf" --alias random --host 127.0.0.1 --port 7171 \
    --parallel 16 --ctx-size 24576 --n-gpu-layers 99 --flash-attn on --batch-size 4096 --ubatch-size 2048 --threads 4 \
    "$@" >"$WORK/server-$kind.log" 2>&1 &
  server=$!
  trap 'kill $server 2>/dev/null || true' EXIT
  for _ in $(seq 300); do grep -q 'listening on' "$WORK/server-$kind.log" && break; sleep 0.2; done
}
stop_serving() { kill $server; wait $server || true; trap - EXIT; }
one() {
  name=$kind-$1; shift
  # Prompts that no measurement before sent: the server would know their prefixes.
  seed=$((${seed:-0} + 1))
  from=$(($(wc -c <"$WORK/server-$kind.log") + 1))
  fmwork measure --base-url http://127.0.0.1:7171 --model random --ignore-eos --seed $seed "$@" \
    --raw "$WORK/measure/$name.raw.jsonl" --json >"$WORK/measure/$name.json" 2>"$WORK/measure.err" && code=0 || code=$?
  [ "$code" = 0 ] || { say "measure $name: exit $code"; cat "$WORK/measure.err"; }
  tail -c +"$from" "$WORK/server-$kind.log" >"$WORK/measure/$name.server.log"
  "$WORK/node" "$here/lay-over.mjs" "$name" "$WORK/measure/$name.raw.jsonl" "$WORK/measure/$name.server.log" | tee -a "$OUT/lay-over.txt"
}

unpack
for step in "$@"; do "$step"; say "done: $step"; done
