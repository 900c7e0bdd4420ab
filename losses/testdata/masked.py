#!/usr/bin/env python3
"""Writes masked.json: losses of padded sequences, computed by PyTorch in float64. Usage: python3 masked.py"""
import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(5)
lengths = torch.tensor([3, 5])
valid = torch.arange(5)[None] < lengths[:, None]
step_weights = torch.rand(2, 5, dtype=torch.float64) * 2
sample_weights = torch.tensor([0.5, 2.0], dtype=torch.float64)
cases = []


def data(t):
    return {"shape": list(t.shape), "data": t.detach().double().flatten().tolist()}


def add(name, pred, target, loss, mask=False, weight=None):
    """loss(p) is a scalar of the prediction."""
    p = pred.clone().requires_grad_()
    value = loss(p)
    value.backward()
    cases.append({"name": name, "prediction": data(pred), "target": data(target), "lengths": lengths.tolist() if mask else None,
                  "weight": data(weight) if weight is not None else None, "loss": value.item(), "prediction_grad": data(p.grad)})


def over(each, weight=None):
    """The mean over the valid steps of the loss of each step, (batch, time)."""
    if weight is not None:
        each = each * (weight if weight.dim() == 2 else weight[:, None])
    return each[valid].sum() / valid.sum()


logits = torch.randn(2, 5, 4, dtype=torch.float64)
classes = torch.randint(0, 4, (2, 5))
ignored = classes.clone()
ignored[0, 1], ignored[1, 4] = -100, -100
rows = torch.randn(6, 3, dtype=torch.float64)
labels = torch.tensor([2, -100, 0, 1, -100, 1])

def cross_entropy(p, target, **options):
    return F.cross_entropy(p.transpose(1, 2), target, **options)

add("sparse ignored", logits, ignored, lambda p: cross_entropy(p, ignored, ignore_index=-100))
add("sparse ignored rows", rows, labels, lambda p: F.cross_entropy(p, labels, ignore_index=-100))
add("sparse ignored zero", logits, classes, lambda p: cross_entropy(p, classes, ignore_index=0))
add("sparse smoothing", logits, classes, lambda p: over(cross_entropy(p, classes, reduction="none", label_smoothing=0.1)), mask=True)
both = ignored.masked_fill(~valid, -100)
add("sparse ignored", logits, ignored, lambda p: cross_entropy(p, both, ignore_index=-100), mask=True)
for name, weight in ("none", None), ("steps", step_weights), ("samples", sample_weights):
    add("sparse", logits, classes, lambda p: over(cross_entropy(p, classes, reduction="none"), weight), mask=True, weight=weight)
    numbers = torch.randn(2, 5, 4, dtype=torch.float64)
    add("mse", logits, numbers, lambda p: over(F.mse_loss(p, numbers, reduction="none").mean(-1), weight), mask=True, weight=weight)
    add("mae", logits, numbers, lambda p: over(F.l1_loss(p, numbers, reduction="none").mean(-1), weight), mask=True, weight=weight)
    add("huber", logits, numbers, lambda p: over(F.huber_loss(p, numbers, reduction="none").mean(-1), weight), mask=True, weight=weight)
    add("cosine", logits, numbers, lambda p: over(1 - F.cosine_similarity(p, numbers, dim=-1), weight), mask=True, weight=weight)
    yes = (torch.rand(2, 5, 4) < 0.5).double()
    add("binary", logits, yes, lambda p: over(F.binary_cross_entropy_with_logits(p, yes, reduction="none").mean(-1), weight), mask=True, weight=weight)
add("sparse", logits, classes, lambda p: (cross_entropy(p, classes, reduction="none") * step_weights).mean(), weight=step_weights)
numbers = torch.randn(2, 5, 4, dtype=torch.float64)
add("rmse", logits, numbers, lambda p: over(F.mse_loss(p, numbers, reduction="none").mean(-1)).sqrt(), mask=True)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "masked.json"), "w") as f:
    f.write('{"about": "PyTorch float64, written by masked.py: losses of sequences with masks, ignored classes and weights.",\n"cases": [\n')
    f.write(",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
