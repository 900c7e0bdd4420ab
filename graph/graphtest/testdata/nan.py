#!/usr/bin/env python3
"""Writes nan.json: values and gradients of PyTorch 1.13 at NaN, infinities, zeros and ties, in float64.

Run it in this folder with Debian's python3-torch. The gradients are those of sum(output * weights).
"""
import json, math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
nan, inf = math.nan, math.inf
cases = []


def tensor(t):
    return {"shape": list(t.shape), "data": [v if math.isfinite(v) else str(v) for v in t.reshape(-1).tolist()]}


def case(name, f, *inputs):
    x = [i.clone().requires_grad_() for i in inputs]
    y = f(*x)
    w = (torch.arange(y.numel()) % 7 - 3.5).reshape(y.shape)
    grads = torch.autograd.grad(y, x, w, allow_unused=True)
    cases.append({"name": name, "inputs": [tensor(i) for i in inputs], "output": tensor(y.detach()), "weights": tensor(w),
                  "grads": [tensor(torch.zeros_like(i) if g is None else g) for i, g in zip(x, grads)]})


# As many numbers as fill vector registers, and some more. Every pair of special numbers is at one place of a and b.
special = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -0.75]
a = torch.tensor([[x for x in special for _ in special]])
b = torch.tensor([[y for _ in special for y in special]])

for name, f in {
    "neg": torch.neg, "abs": torch.abs, "sign": torch.sign, "square": torch.square, "sqrt": torch.sqrt, "reciprocal": torch.reciprocal,
    "exp": torch.exp, "log": torch.log, "log1p": torch.log1p, "sin": torch.sin, "cos": torch.cos, "erf": torch.erf,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "gelu": F.gelu, "softplus": F.softplus, "relu": torch.relu,
    "leaky relu": lambda x: F.leaky_relu(x, 0.01), "elu": F.elu, "clip": lambda x: x.clamp(-1, 1), "floor": torch.floor,
    "power 0": lambda x: x.pow(0), "power 0.5": lambda x: x.pow(0.5), "power 1": lambda x: x.pow(1), "power 2": lambda x: x.pow(2),
    "power 3": lambda x: x.pow(3), "power -1": lambda x: x.pow(-1), "power -0.5": lambda x: x.pow(-0.5),
}.items():
    case(name, f, a)
for name, f in {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum, "minimum": torch.minimum,
    "pow": torch.pow, "mod": torch.remainder, "xlogy": torch.xlogy, "where": lambda x, y: torch.where(x.detach() > y.detach(), x, y),
    "where of a root": lambda x, y: torch.where(x.detach() > 0, x.sqrt(), y),
}.items():
    case(name, f, a, b)

rows = torch.tensor([
    [1, 2, 3, 4, 5], [2, 2, 1, 0, 2], [nan, 1, 2, 3, 3], [nan, nan, 1, 2, inf], [inf, inf, 1, 2, 3], [-inf] * 5, [-inf, -inf, 1, 2, 2],
    [inf, -inf, 0, 1, 2], [0] * 5, [-0.0, 0, 0, -0.0, 0], [5] * 5, [1, 2, 0, 3, 0], [-3, 3, 1, -3, 0], [-1, -2, -inf, -1, -4], [inf] * 5,
])
for name, f in {
    "max": lambda x: x.amax(1), "min": lambda x: x.amin(1), "sum": lambda x: x.sum(1), "mean": lambda x: x.mean(1),
    "log sum exp": lambda x: x.logsumexp(1), "softmax": lambda x: x.softmax(1), "log softmax": lambda x: x.log_softmax(1),
    "variance": lambda x: x.var(1, unbiased=False), "std": lambda x: x.std(1, unbiased=False),
    "sort": lambda x: x.sort(dim=1, stable=True)[0], "top 2": lambda x: x.topk(2, 1)[0], "bottom 2": lambda x: x.topk(2, 1, largest=False)[0],
    "cumulative sum": lambda x: x.cumsum(1), "cumulative product": lambda x: x.cumprod(1),
    "max pool": lambda x: F.max_pool1d(x[:, None], 2, 1)[:, 0], "max pool, stride": lambda x: F.max_pool1d(x[:, None], 3, 2, 1)[:, 0],
    "average pool": lambda x: F.avg_pool1d(x[:, None], 2, 1)[:, 0],
    "cross-entropy": lambda x: F.cross_entropy(x, torch.arange(len(x)) % 5, reduction="none"),
    "matrix product": lambda x: x @ torch.tensor([[1.0, 0], [0, 1], [-1, 2], [0, 0], [1, 1]]),
}.items():
    case(name, f, rows)
for p in (1, 1.5, 2, 3, inf):
    case(f"norm {p}", lambda x: torch.linalg.vector_norm(x, p, dim=1), rows)

with open("nan.json", "w") as f:
    f.write('{"about": "PyTorch float64; grads are those of sum(output * weights).",\n"cases": [\n')
    f.write(",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
