"""Writes short.json: the learning rates of short runs by PyTorch's schedulers, which schedules.json has for one long run each.

Run as: python3 short.py > short.json
"""
import json
import sys
import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")
cases = []


def case(name, config, make, epochs):
    o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=config.get("lr", 1.0))
    schedule = make(o)
    rates = []
    for i in range(epochs):
        if i > 0:
            o.step()
            schedule.step()
        rates.append(o.param_groups[0]["lr"])
    cases.append({"name": name, "config": config, "lr_at_epoch": rates})


for n in [2, 3, 4, 5, 7]:
    for rise in [0.3, 0.1, 0.5, 0.9]:
        for anneal in ["cos", "linear"]:
            if rise * n == 1:  # PyTorch divides by 0
                continue
            config = {"max_lr": 1, "total_steps": n, "pct_start": rise, "div_factor": 25, "final_div_factor": 1e4, "anneal": anneal}
            case("one_cycle", config, lambda o: s.OneCycleLR(
                o, 1, total_steps=n, pct_start=rise, anneal_strategy=anneal, cycle_momentum=False), n)
for n in [1, 2, 3, 4]:
    for low in [0, 0.1]:
        config = {"lr": 1, "t_max": n, "eta_min": low}
        case("cosine", config, lambda o: s.CosineAnnealingLR(o, n, eta_min=low), n + 1)  # afterwards PyTorch's rate rises again
        for factor in [1, 2]:
            config = {"lr": 1, "t_0": n, "t_mult": factor, "eta_min": low}
            case("cosine_warm_restarts", config, lambda o: s.CosineAnnealingWarmRestarts(o, n, T_mult=factor, eta_min=low), 8)
    for power in [0.5, 1, 2]:
        config = {"lr": 1, "steps": n, "power": power}
        case("polynomial", config, lambda o: s.PolynomialLR(o, total_iters=n, power=power), n + 2)
    config = {"lr": 1, "warmup": n}
    case("linear_warmup", config, lambda o: s.LinearLR(o, start_factor=1 / n, total_iters=max(n - 1, 1)), n + 2)
    for every in [1, 2]:
        config = {"lr": 1, "step_size": every, "gamma": 0.5}
        case("step", config, lambda o: s.StepLR(o, every, gamma=0.5), n)
    config = {"lr": 1, "milestones": [1, n], "gamma": 0.5}
    case("multistep", config, lambda o: s.MultiStepLR(o, [1, n], gamma=0.5), n + 1)

json.dump({"about": "Learning rates of short runs, by PyTorch " + torch.__version__ + ", see short.py.", "cases": cases}, sys.stdout, indent=1)
