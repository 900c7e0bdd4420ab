#!/usr/bin/env python3
"""Writes operations.json: operations of PyTorch 1.13 in float64, their values and the gradients of a weighted sum of them.

Run it in this folder with Debian's python3-torch. Operations that PyTorch lacks are computed by NumPy and have no gradient.
"""
import json, math

import numpy as np
import torch

torch.manual_seed(17)
torch.set_default_dtype(torch.float64)
cases = []


def tensor(t):
    return {"shape": list(t.shape), "data": [v if math.isfinite(v) else str(v) for v in t.reshape(-1).tolist()]}


def case(name, f, *inputs, grad=True):
    x = [i.clone().requires_grad_(grad) for i in inputs]
    y = f(*x)
    y = torch.as_tensor(y, dtype=torch.float64)
    c = {"name": name, "inputs": [tensor(i) for i in inputs], "output": tensor(y.detach())}
    if grad:
        w = torch.randn(y.shape)
        c["weights"] = tensor(w)
        c["grads"] = [tensor(torch.zeros_like(i) if g is None else g) for i, g in zip(x, torch.autograd.grad((y * w).sum(), x, allow_unused=True))]
    cases.append(c)


r = torch.randn
few = torch.randint(-2, 3, (3, 5, 2)).double()
nan, inf = math.nan, math.inf
special = torch.tensor([[1.0, nan, 3, nan], [-inf, inf, inf, 0], [2, 2, -0.0, 0], [5, 5, 5, 5]])
case("arg max", lambda x: x.argmax(1), few, grad=False)
case("arg min", lambda x: x.argmin(1), few, grad=False)
case("arg max", lambda x: x.argmax(1), special, grad=False)
case("arg min", lambda x: x.argmin(1), special, grad=False)
case("sort", lambda x: x.sort(dim=1, stable=True)[0], r(3, 5, 2))
case("sort, index", lambda x: x.sort(dim=1, stable=True)[1], few, grad=False)
case("sort, index", lambda x: x.sort(dim=1, stable=True)[1], special, grad=False)
case("top 2", lambda x: x.topk(2, dim=1)[0], r(3, 5, 2))
case("top 2, index", lambda x: x.topk(2, dim=1)[1], r(3, 5, 2), grad=False)
case("bottom 2", lambda x: x.topk(2, dim=1, largest=False)[0], r(3, 5, 2))
case("cumulative sum", lambda x: x.cumsum(1), r(2, 4, 3))
case("cumulative sum, reverse", lambda x: x.flip(1).cumsum(1).flip(1), r(2, 4, 3))
case("cumulative product", lambda x: x.cumprod(1), r(2, 4, 3))
case("cumulative product", lambda x: x.cumprod(1), torch.tensor([[2.0, 0, 3, 4], [0, 5, 0, 6], [1, 2, 3, 0], [0, 0, 0, 0]]))
index = torch.tensor([[[0, 3], [2, 2], [0, 1]], [[1, 1], [1, 0], [3, 3]]])
case("gather elements", lambda x: x.gather(1, index), r(2, 4, 2))
case("scatter add", lambda x, v: x.scatter_add(1, index, v), r(2, 4, 2), r(2, 3, 2))
case("tile", lambda x: x.tile(2, 1, 3), r(3, 2))
case("repeat", lambda x: x.repeat_interleave(3, dim=1), r(2, 3))
for k in (-2, 0, 1):
    case(f"tril {k}", lambda x: x.tril(k), r(2, 3, 4))
    case(f"triu {k}", lambda x: x.triu(k), r(2, 3, 4))
halves = torch.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.3, -0.7, 1e30, -inf, inf, nan])
case("round", torch.round, halves, grad=False)
case("ceil", torch.ceil, halves, grad=False)
case("mod", torch.remainder, 5 * r(3, 4), r(4) + 0.1)
case("mod", lambda x, y: torch.as_tensor(np.mod(x.numpy(), y.numpy())), torch.tensor([5.0, -5, 5, -5, -3, 3, 1, 6, -6, nan, inf]),
     torch.tensor([3.0, 3, -3, -3, inf, inf, 0, 3, 3, 1, 2]), grad=False)
case("log sum exp 1", lambda x: x.logsumexp(1), 30 * r(2, 4, 3))
case("log sum exp", lambda x: x.reshape(-1).logsumexp(0), r(3, 4) + 1000)
case("log sum exp 1", lambda x: x.logsumexp(1), torch.tensor([[-inf, -inf], [-inf, 2], [inf, 1], [nan, 1]]), grad=False)
classes = torch.tensor([[0, 2, 1], [3, 3, 0]])
case("cross-entropy", lambda x: torch.nn.functional.cross_entropy(x.movedim(-1, 1), classes, reduction="none"), 3 * r(2, 3, 4))
for p in (1, 1.5, 2, 3, inf):
    case(f"norm {p}", lambda x: torch.linalg.vector_norm(x, p, dim=1), r(3, 4))
for p in (1, 2, 3):
    case(f"norm {p}", lambda x: torch.linalg.vector_norm(x, p, dim=1), torch.zeros(2, 3))
for equation, *shapes in [
    ("ij,jk->ik", (3, 4), (4, 2)), ("bij,bkj->bik", (2, 3, 4), (2, 5, 4)), ("ii->i", (3, 3)), ("ii", (3, 3)), ("ij->ji", (2, 3)),
    ("ij->", (2, 3)), ("i,j->ij", (2,), (3,)), ("ij,ij->i", (3, 4), (3, 4)), ("...ij,...jk->...ik", (2, 1, 3, 4), (5, 4, 2)),
    ("...i,i->...", (2, 3, 4), (4,)), ("ijk,jl,kl->il", (2, 3, 4), (3, 5), (4, 5)), ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)),
    ("iij,jk->ki", (3, 3, 2), (2, 4)), ("a,b,c->cab", (2,), (3,), (4,)), ("ij,jk", (2, 3), (3, 4)), ("ba", (2, 3)), ("i...->...", (3, 2, 4)),
    ("ijij->j", (2, 3, 2, 3)), ("ij,kj->ik", (3, 1), (2, 4)),
]:
    case("einsum " + equation, lambda *x: torch.einsum(equation, *x), *[r(*s) for s in shapes])

with open("operations.json", "w") as f:
    f.write('{"about": "PyTorch float64 (NumPy for a remainder of infinities); grads are those of sum(output * weights).",\n"cases": [\n')
    f.write(",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
