#!/usr/bin/env python3
"""Writes pytorch.json: losses of PyTorch 1.13 in float64 and their gradients by the prediction.

Run it in this folder with Debian's python3-torch. PyTorch has no contrastive losses and no choice of triplets; these are written
out from their papers, sample by sample.
"""
import json, math

import torch
import torch.nn.functional as F

torch.manual_seed(17)
torch.set_default_dtype(torch.float64)
cases = []


def tensor(t):
    return {"shape": list(t.shape), "data": t.double().reshape(-1).tolist()}


def case(name, f, pred, target=None):
    target = torch.zeros(pred.shape[0]) if target is None else target
    p = pred.clone().requires_grad_(True)
    y = f(p, target)
    (g,) = torch.autograd.grad(y, p)
    cases.append({"name": name, "prediction": tensor(pred), "target": tensor(target), "loss": y.item(), "prediction_grad": tensor(g)})


r = torch.randn
zeros_ones = torch.randint(0, 2, (5, 3)).double()
weights = torch.tensor([0.5, 2, 7.5])
case("BCE, logits, one weight", lambda p, t: F.binary_cross_entropy_with_logits(p, t, pos_weight=torch.tensor(3.0)), 4 * r(5, 3), zeros_ones)
case("BCE, logits, weights", lambda p, t: F.binary_cross_entropy_with_logits(p, t, pos_weight=weights), 4 * r(5, 3), torch.rand(5, 3))
case("BCE, probabilities, weights", lambda p, t: F.binary_cross_entropy_with_logits(p.logit(), t, pos_weight=weights), torch.rand(5, 3), zeros_ones)


def gaussian(full):
    def f(p, t):
        n = t.shape[-1]
        log = p[..., n:]
        log = log + (log.clamp(min=math.log(1e-6)) - log).detach()
        return F.gaussian_nll_loss(p[..., :n], t, log.exp(), full=full, eps=1e-7)
    return f


case("Gaussian", gaussian(False), 2 * r(4, 6), r(4, 3))
case("Gaussian, full", gaussian(True), 2 * r(4, 5, 2), r(4, 5, 1))
case("Gaussian, small variance", gaussian(False), torch.tensor([[0.5, -20.0], [1.0, -13.0]]), torch.tensor([[0.5009765625], [1.0]]))
signs = torch.tensor([1.0, -1, -1, 1, 1])
case("ranking", lambda p, t: F.margin_ranking_loss(p[:, 0], p[:, 1], t), r(5, 2), signs)
case("ranking, margin", lambda p, t: F.margin_ranking_loss(p[:, 0], p[:, 1], t, margin=0.7), r(5, 2), signs)
case("cosine", lambda p, t: F.cosine_embedding_loss(p[:, 0], p[:, 1], t), r(5, 2, 4), signs)
case("cosine, margin", lambda p, t: F.cosine_embedding_loss(p[:, 0], p[:, 1], t, margin=-0.5), r(5, 2, 4), signs)

labels = torch.tensor([0.0, 1, 0, 2, 1, 0, 3])


def triplet(margin, all_of_them):
    def f(p, t):
        n, losses = len(p), []
        for a in range(n):
            positive = [i for i in range(n) if i != a and t[i] == t[a]]
            negative = [i for i in range(n) if t[i] != t[a]]
            if not all_of_them and positive and negative:
                d = (p[a] - p).norm(dim=1)
                positive = [max(positive, key=lambda i: d[i].item())]
                negative = [min(negative, key=lambda i: d[i].item())]
            losses += [F.triplet_margin_loss(p[a:a + 1], p[i:i + 1], p[j:j + 1], margin=margin, eps=0) for i in positive for j in negative]
        if all_of_them:
            losses = [l for l in losses if l > 0]
        return torch.stack(losses).mean()
    return f


case("triplet", triplet(1, False), r(7, 3), labels)
case("triplet, margin", triplet(0.2, False), r(7, 3), labels)
case("triplet, all", triplet(0.5, True), r(7, 3), labels)
case("triplet, all, no margin left", triplet(4, True), r(7, 3), labels)


def info(temperature, both):
    def f(p, _):
        z = F.normalize(p, dim=-1)
        s = z[:, 0] @ z[:, 1].T / temperature
        t = torch.arange(len(p))
        y = F.cross_entropy(s, t)
        return (y + F.cross_entropy(s.T, t)) / 2 if both else y
    return f


def nt_xent(temperature):
    def f(p, _):
        n, z = len(p), F.normalize(torch.cat([p[:, 0], p[:, 1]]), dim=-1)
        losses = []
        for i in range(2 * n):
            others = [k for k in range(2 * n) if k != i]
            s = torch.stack([z[i] @ z[k] / temperature for k in others])
            losses.append(F.cross_entropy(s[None], torch.tensor([others.index((i + n) % (2 * n))])))
        return torch.stack(losses).mean()
    return f


def supervised(temperature):
    def f(p, t):
        n, z = len(p), F.normalize(p, dim=-1)
        losses = []
        for i in range(n):
            others = [k for k in range(n) if k != i]
            positive = [m for m, k in enumerate(others) if t[k] == t[i]]
            if positive:
                s = torch.stack([z[i] @ z[k] / temperature for k in others])
                losses.append(-s.log_softmax(0)[positive].mean())
        return torch.stack(losses).mean()
    return f


case("InfoNCE", info(0.1, True), r(5, 2, 4))
case("InfoNCE, one way", info(0.5, False), r(5, 2, 4))
case("NT-Xent", nt_xent(0.1), r(4, 2, 3))
case("NT-Xent, temperature", nt_xent(0.5), r(4, 2, 3))
case("supervised", supervised(0.1), r(7, 3), labels)
case("supervised, temperature", supervised(0.7), r(7, 3), labels)

with open("pytorch.json", "w") as f:
    f.write('{"about": "PyTorch float64; loss is the scalar training loss, prediction_grad its gradient.",\n"cases": [\n')
    f.write(",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
