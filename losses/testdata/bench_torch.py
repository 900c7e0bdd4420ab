"""What BenchmarkLosses does, with PyTorch: microseconds, medians of 50. The argument is the number of threads, default 2."""
import sys, time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
torch.set_flush_denormal(True)


def run(name, loss, pred, target):
    pred.requires_grad_()
    times = []
    for _ in range(60):
        pred.grad = None
        begin = time.perf_counter()
        loss(pred, target).backward()
        times.append((time.perf_counter() - begin) * 1e6)
    print(f"{name:30}{sorted(times[10:])[25]:10.0f}", flush=True)


def triplet(p, t):
    d = torch.cdist(p, p)
    same = t[:, None] == t[None, :]
    positive = same & ~torch.eye(len(t), dtype=torch.bool)
    farthest, nearest = (d * positive).max(1)[0], d.masked_fill(same, float("inf")).min(1)[0]
    counts = positive.any(1) & ~same.all(1)
    each = F.relu(farthest - nearest + 1)
    return torch.where(counts, each, torch.zeros_like(each)).sum() / counts.sum().clamp(min=1)


def info_nce(p, _):
    z = F.normalize(p, dim=-1)
    s = z[:, 0] @ z[:, 1].T / 0.1
    t = torch.arange(len(p))
    return (F.cross_entropy(s, t) + F.cross_entropy(s.T, t)) / 2


numbers, others, uniform = torch.randn(512, 768), torch.randn(512, 768), torch.rand(512, 768)
share = torch.rand(512, 768) / 384
run("MeanSquaredError", F.mse_loss, numbers, others)
run("MeanAbsoluteError", F.l1_loss, numbers, others)
run("RootMeanSquaredError", lambda p, t: F.mse_loss(p, t).sqrt(), numbers, others)
run("Huber", F.huber_loss, numbers, others)
run("Poisson", lambda p, t: F.poisson_nll_loss(p, t, log_input=False), uniform, others)
run("BinaryCrossEntropy", F.binary_cross_entropy_with_logits, numbers, uniform.detach())
run("CategoricalCrossEntropy", F.cross_entropy, numbers, share)
run("SparseCategoricalCrossEntropy", F.cross_entropy, numbers, torch.randint(0, 768, (512,)))
run("KLDivergence", lambda p, t: F.kl_div(p.log_softmax(-1), t, reduction="batchmean"), numbers, share)
run("CosineSimilarity", lambda p, t: (1 - F.cosine_similarity(p, t)).mean(), numbers, others)
run("Triplet", triplet, torch.randn(128, 128), torch.randint(0, 10, (128,)))
run("Triplet, 512", triplet, numbers, torch.randint(0, 10, (512,)))
run("InfoNCE", info_nce, torch.randn(128, 2, 128), None)
