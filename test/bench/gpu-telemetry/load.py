"""A load of known size: square bf16 matrix products, in batches, under the driver's command.

Reads one word a line from standard input: idle, busy, pulse, beat, quit. Every finished batch is one line
"b <epoch ms of its end> <products> <milliseconds it took>"; "m <epoch ms> <mode>" tells when a mode
began. `pulse` works for 150 ms of every 500, a multiple of the sensors' 100 ms; `beat` for 111 ms of every
370, which is none. Ends with its input.
"""
import sys
import threading
import time

import torch

SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 8192
BATCH = int(sys.argv[2]) if len(sys.argv) > 2 else 8
RHYTHMS = {"pulse": (0.5, 0.15), "beat": (0.37, 0.111)}
mode = "idle"


def listen():
    global mode
    for line in sys.stdin:
        mode = line.strip()
        if mode == "quit":
            return
    mode = "quit"


def say(*words):
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def main():
    device = torch.device("cuda")
    left = torch.randn(SIZE, SIZE, device=device, dtype=torch.bfloat16)
    right = torch.randn(SIZE, SIZE, device=device, dtype=torch.bfloat16)
    out = torch.empty(SIZE, SIZE, device=device, dtype=torch.bfloat16)
    for _ in range(3):
        torch.matmul(left, right, out=out)
    torch.cuda.synchronize()
    threading.Thread(target=listen, daemon=True).start()
    say("ready", SIZE, BATCH, torch.__version__, torch.cuda.get_device_name(0).replace(" ", "_"))
    told = None
    while mode != "quit":
        now = mode
        if now != told:
            told = now
            say("m", round(time.time() * 1000, 3), now)
        period, work = RHYTHMS.get(now, (1, 1))
        if now == "idle" or time.time() % period > work:
            time.sleep(0.002)
            continue
        started = time.perf_counter()
        for _ in range(BATCH):
            torch.matmul(left, right, out=out)
        torch.cuda.synchronize()
        took = (time.perf_counter() - started) * 1000
        say("b", round(time.time() * 1000, 3), BATCH, round(took, 3))


main()
