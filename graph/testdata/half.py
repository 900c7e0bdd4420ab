"""Writes half.json: numbers rounded to 16 bits by PyTorch, and a network of PyTorch with weights of 16 bits in the safetensors format.

    /usr/bin/python3 graph/testdata/half.py

Any PyTorch from 1.11 on gives these values. The files are as the library safetensors writes them: tensors of one type in the
order of their names, the metadata {"format": "pt"}, the header padded with spaces to a multiple of 8 bytes.
"""
import base64
import json
import os
import struct

import numpy
import torch

torch.manual_seed(18)
rng = numpy.random.default_rng(18)


def file(tensors, dtype):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in sorted(tensors):
        b = tensors[name].contiguous().view(torch.int16).numpy().tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(b)]}
        data += b
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return base64.b64encode(struct.pack("<Q", len(text)) + text + data).decode()


def edges(largest, smallest):
    """Numbers around which rounding changes: powers of 2 and their neighbours, the ends of the range, middles of two numbers."""
    middle = [1 + k / 2 ** p for k in (1, 3, 5) for p in (8, 9, 11, 12)]
    ends = [largest, largest * (1 + 2.0 ** -8.9), largest * (1 + 2.0 ** -8.5), largest * (1 + 2.0 ** -9), largest * (1 + 2.0 ** -12), smallest, smallest / 2, smallest * 1.5, smallest * 2.5, 0.0]
    for v in [2.0 ** e for e in range(-40, 18, 3)] + middle + ends:
        v = numpy.float32(v)
        for w in (numpy.nextafter(v, numpy.float32(0)), v, -numpy.nextafter(v, numpy.float32(numpy.inf))):
            yield w


cases = []
for name, dtype, kind, largest, smallest in (("float16", torch.float16, "F16", 65504.0, 2.0 ** -24),
                                             ("bfloat16", torch.bfloat16, "BF16", 3.3895313892515355e38, 2.0 ** -133)):
    spread = rng.standard_normal(300) * 2.0 ** rng.uniform(-28, 18, 300)
    x = numpy.array(list(edges(largest, smallest)) + list(spread), dtype=numpy.float32)
    rounded = torch.from_numpy(x).to(dtype).view(torch.int16).numpy().view(numpy.uint16)
    net = torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3))
    stored = {k: v.to(dtype) for k, v in net.state_dict().items()}
    net.double().load_state_dict({k: v.double() for k, v in stored.items()})
    given = torch.randn(4, 5, dtype=torch.float64)
    cases.append({"type": name, "numbers": x.view(numpy.uint32).tolist(), "rounded": rounded.tolist(), "file": file(stored, kind),
                  "input": {"shape": [4, 5], "data": given.reshape(-1).tolist()},
                  "output": {"shape": [4, 3], "data": net(given).reshape(-1).tolist()}})

with open(os.path.join(os.path.dirname(__file__), "half.json"), "w") as f:
    f.write('{"cases": [\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")
