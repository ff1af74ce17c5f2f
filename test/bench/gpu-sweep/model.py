"""Writes a llama-architecture GGUF of random f16 weights: python3 model.py VOCABULARY.json OUT.gguf [SHAPE]

SHAPE is `3b` (the shape of Llama 3.2 3B but for its vocabulary, 5.5 GiB) or `tiny` (to rehearse on a CPU).
Speed depends on shapes, not on values. Needs nothing but Python. VOCABULARY.json comes from pack.mjs.
"""
import json
import random
import struct
import sys

SHAPES = {
    "3b": dict(dim=3072, layers=28, heads=24, kv=8, ffn=8192),
    "tiny": dict(dim=256, layers=4, heads=4, kv=2, ffn=768),
}
UINT32, FLOAT32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5
ALIGNMENT = 32


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def array(kind, items):
    return struct.pack("<IIQ", ARRAY, kind, len(items)) + b"".join(items)


def uint(value):
    return struct.pack("<II", UINT32, value)


def metadata(shape, words):
    pieces, scores, types = words["pieces"], words["scores"], words["types"]
    return {
        "general.architecture": struct.pack("<I", STRING) + text("llama"),
        "general.name": struct.pack("<I", STRING) + text("random"),
        "general.file_type": uint(1),
        "llama.context_length": uint(131072),
        "llama.embedding_length": uint(shape["dim"]),
        "llama.block_count": uint(shape["layers"]),
        "llama.feed_forward_length": uint(shape["ffn"]),
        "llama.attention.head_count": uint(shape["heads"]),
        "llama.attention.head_count_kv": uint(shape["kv"]),
        "llama.attention.layer_norm_rms_epsilon": struct.pack("<If", FLOAT32, 1e-5),
        "llama.rope.dimension_count": uint(shape["dim"] // shape["heads"]),
        "llama.rope.freq_base": struct.pack("<If", FLOAT32, 500000.0),
        "llama.vocab_size": uint(len(pieces)),
        "tokenizer.ggml.model": struct.pack("<I", STRING) + text("llama"),
        "tokenizer.ggml.pre": struct.pack("<I", STRING) + text("default"),
        "tokenizer.ggml.tokens": array(STRING, [text(piece) for piece in pieces]),
        "tokenizer.ggml.scores": array(FLOAT32, [struct.pack("<f", score) for score in scores]),
        "tokenizer.ggml.token_type": array(INT32, [struct.pack("<i", kind) for kind in types]),
        "tokenizer.ggml.unknown_token_id": uint(0),
        "tokenizer.ggml.bos_token_id": uint(1),
        "tokenizer.ggml.eos_token_id": uint(2),
        "tokenizer.ggml.add_bos_token": struct.pack("<I?", BOOL, True),
        "tokenizer.ggml.add_eos_token": struct.pack("<I?", BOOL, False),
        "tokenizer.chat_template": struct.pack("<I", STRING) + text(words["template"]),
    }


def tensors(shape, vocabulary):
    dim, ffn = shape["dim"], shape["ffn"]
    kv = dim // shape["heads"] * shape["kv"]
    yield "token_embd", (dim, vocabulary)
    for layer in range(shape["layers"]):
        name = f"blk.{layer}."
        yield name + "attn_norm", (dim,)
        yield name + "attn_q", (dim, dim)
        yield name + "attn_k", (dim, kv)
        yield name + "attn_v", (dim, kv)
        yield name + "attn_output", (dim, dim)
        yield name + "ffn_norm", (dim,)
        yield name + "ffn_gate", (dim, ffn)
        yield name + "ffn_up", (dim, ffn)
        yield name + "ffn_down", (ffn, dim)
    yield "output_norm", (dim,)
    yield "output", (dim, vocabulary)


def size(dimensions):
    count = 1
    for each in dimensions:
        count *= each
    return count * (4 if len(dimensions) == 1 else 2)


def random_tile(count, seed):
    """Values of a uniform distribution on (-1/16, 1/16) as f16."""
    table = [struct.pack("<e", (2 * byte - 255) / 4096) for byte in range(256)]
    return b"".join([table[byte] for byte in random.Random(seed).randbytes(count)])


def main():
    with open(sys.argv[1]) as file:
        words = json.load(file)
    shape = SHAPES[sys.argv[3] if len(sys.argv) > 3 else "3b"]
    plan = list(tensors(shape, len(words["pieces"])))
    head = [struct.pack("<IIQQ", 0x46554747, 3, len(plan), len(metadata(shape, words)))]
    head += [text(key) + value for key, value in metadata(shape, words).items()]
    offset = 0
    for name, dimensions in plan:
        kind = 0 if len(dimensions) == 1 else 1
        head.append(text(name + ".weight") + struct.pack("<I", len(dimensions)))
        head.append(struct.pack(f"<{len(dimensions)}Q", *dimensions))
        head.append(struct.pack("<IQ", kind, offset))
        offset += -(-size(dimensions) // ALIGNMENT) * ALIGNMENT
    header = b"".join(head)
    # 4M values, begun elsewhere in every tensor: no two matrices are alike.
    tile = memoryview(random_tile(1 << 22, 1))
    with open(sys.argv[2], "wb") as file:
        file.write(header + bytes(-len(header) % ALIGNMENT))
        for number, (name, dimensions) in enumerate(plan):
            left = size(dimensions)
            if len(dimensions) == 1:
                file.write(struct.pack("<f", 1.0) * dimensions[0])
            else:
                if name == "output":
                    # Control and byte tokens are never chosen: answers are text, and do not end early.
                    silent = words["firstTextId"] * dimensions[0] * 2
                    file.write(bytes(silent))
                    left -= silent
                at = number * 77_774 * 2 % len(tile)
                while left > 0:
                    part = tile[at : at + left]
                    file.write(part)
                    left -= len(part)
                    at = 0
            file.write(bytes(-size(dimensions) % ALIGNMENT))


main()
