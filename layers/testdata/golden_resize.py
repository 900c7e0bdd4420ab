"""Writes resize.json: poolings, resizes, borders, crops and 1-D depthwise convolutions as PyTorch computes them.

    /usr/bin/python3 layers/testdata/golden_resize.py

Any PyTorch from 1.11 on gives these values, in float64.
"""
import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(16)
cases = []


def tensor(t):
    return {"shape": list(t.shape), "data": [float("%.12g" % v) for v in t.detach().reshape(-1).tolist()]}


def case(name, config, shape, f, params=()):
    x = tensor(torch.randn(shape, dtype=torch.float64))
    rounded = lambda v: torch.tensor(v["data"], dtype=torch.float64).reshape(v["shape"]).requires_grad_()
    params = {k: tensor(0.5 * torch.randn(s, dtype=torch.float64)) for k, s in dict(params).items()}
    given, weights = rounded(x), {k: rounded(v) for k, v in params.items()}
    y = f(given, **weights)
    dy = tensor(torch.randn(y.shape, dtype=torch.float64))
    (y * rounded(dy)).sum().backward()
    cases.append({"name": name, "config": config, "training": True, "params": params, "input": x, "output": tensor(y),
                  "output_grad": dy, "input_grad": tensor(given.grad),
                  "param_grads": {k: tensor(v.grad) for k, v in weights.items()}})


def pool(name, layer, shape, **config):
    """config is ours; PyTorch's is made of it."""
    functions = {"MaxPool1D": F.max_pool1d, "MaxPool2D": F.max_pool2d, "AvgPool1D": F.avg_pool1d, "AvgPool2D": F.avg_pool2d}
    theirs = {{"size": "kernel_size"}.get(k, k): v for k, v in config.items()}
    case(name, {"layer": layer, **config}, shape, lambda x: functions[layer](x, **theirs))


for size, length in ((1, 7), (3, 7), (4, 10), (5, 3), (4, 8)):
    case(f"adaptive_avg1d_{length}_{size}", {"layer": "AdaptiveAvgPool1D", "size": size}, (2, 2, length), lambda x: F.adaptive_avg_pool1d(x, size))
    case(f"adaptive_max1d_{length}_{size}", {"layer": "AdaptiveMaxPool1D", "size": size}, (2, 2, length), lambda x: F.adaptive_max_pool1d(x, size))
for size, hw in ((1, (4, 5)), (3, (7, 5)), ([2, 7], (5, 9)), ([6, 3], (4, 6)), ([5, 4], (1, 9))):
    name = f"{hw}_{size}".replace(" ", "")
    case("adaptive_avg2d_" + name, {"layer": "AdaptiveAvgPool2D", "size": size}, (1, 2, *hw), lambda x: F.adaptive_avg_pool2d(x, size))
    case("adaptive_max2d_" + name, {"layer": "AdaptiveMaxPool2D", "size": size}, (1, 2, *hw), lambda x: F.adaptive_max_pool2d(x, size))

for length in (7, 8, 9):
    pool(f"max1d_ceil_{length}", "MaxPool1D", (2, 2, length), size=2, stride=2, padding=1, ceil_mode=True)
    pool(f"avg1d_ceil_{length}", "AvgPool1D", (2, 2, length), size=3, stride=2, padding=1, ceil_mode=True)
    pool(f"avg1d_ceil_ignore_{length}", "AvgPool1D", (2, 2, length), size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)
pool("max1d_ceil_apart", "MaxPool1D", (2, 2, 10), size=1, stride=4, ceil_mode=True)
pool("max1d_dilation", "MaxPool1D", (2, 2, 11), size=3, stride=2, padding=1, dilation=2, ceil_mode=True)
pool("max2d_ceil", "MaxPool2D", (1, 2, 6, 8), size=3, stride=2, ceil_mode=True)
pool("max2d_dilation", "MaxPool2D", (1, 2, 9, 8), size=[2, 3], stride=[1, 2], padding=[1, 0], dilation=[3, 2])
pool("avg2d_ceil", "AvgPool2D", (1, 2, 6, 8), size=3, stride=2, ceil_mode=True)
pool("avg2d_ceil_pad", "AvgPool2D", (1, 2, 6, 7), size=[3, 2], stride=2, padding=[1, 1], ceil_mode=True)
pool("avg2d_ceil_ignore", "AvgPool2D", (1, 2, 6, 8), size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)


def resize(name, layer, shape, size=None, scale=None, mode="bilinear", corners=None, antialias=False):
    config = {"layer": layer, "mode": mode}
    if size is not None:
        config["size"] = size
    if scale is not None:
        config["scale"] = scale
    if corners:
        config["align_corners"] = True
    if antialias:
        config["antialias"] = True
    theirs = "linear" if mode == "bilinear" and layer == "Resize1D" else mode
    if layer == "Resize1D" and mode == "bicubic":  # PyTorch has none: an image of height 1
        case(name, config, shape, lambda x: F.interpolate(x[:, :, None], size=(1, size), mode=mode, align_corners=bool(corners))[:, :, 0])
        return
    case(name, config, shape, lambda x: F.interpolate(x, size=size, scale_factor=scale, mode=theirs, align_corners=corners, antialias=antialias))


for mode in ("bilinear", "bicubic"):
    for corners in (False, True):
        tag = mode + ("_corners" if corners else "")
        resize(f"{tag}_up", "Resize2D", (1, 2, 4, 5), (7, 11), mode=mode, corners=corners)
        resize(f"{tag}_down", "Resize2D", (1, 2, 9, 8), (4, 3), mode=mode, corners=corners)
        resize(f"{tag}_mixed", "Resize2D", (1, 2, 9, 3), (5, 12), mode=mode, corners=corners)
        resize(f"{tag}_one", "Resize2D", (1, 2, 1, 6), (3, 1), mode=mode, corners=corners)
        resize(f"{tag}_scale", "Resize2D", (1, 2, 4, 5), scale=(1.7, 2.5), mode=mode, corners=corners)
        resize(f"{tag}_1d", "Resize1D", (2, 2, 6), 13, mode=mode, corners=corners)
    resize(f"{mode}_twice", "Resize2D", (1, 2, 6, 10), scale=2.0, mode=mode, corners=False)
    resize(f"{mode}_antialias", "Resize2D", (1, 2, 11, 9), (4, 5), mode=mode, corners=False, antialias=True)
    resize(f"{mode}_antialias_up", "Resize2D", (1, 2, 4, 9), (7, 3), mode=mode, corners=False, antialias=True)
    resize(f"{mode}_antialias_scale", "Resize2D", (1, 2, 9, 8), scale=(0.4, 0.6), mode=mode, corners=False, antialias=True)
for mode in ("nearest", "nearest-exact"):
    resize(f"{mode}_up", "Resize2D", (1, 2, 4, 5), (9, 12), mode=mode)
    resize(f"{mode}_down", "Resize2D", (1, 2, 9, 10), (4, 3), mode=mode)
    resize(f"{mode}_scale", "Resize2D", (1, 2, 4, 5), scale=2.5, mode=mode)
    resize(f"{mode}_1d", "Resize1D", (2, 2, 7), 17, mode=mode)

names = {"zeros": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
for mode, theirs in names.items():
    sides = {"top": 2, "bottom": 1, "left": 1, "right": 3}
    case("pad2d_" + mode, {"layer": "ZeroPad2D", "mode": mode, **sides}, (1, 2, 4, 5), lambda x: F.pad(x, (1, 3, 2, 1), theirs))
    case("pad1d_" + mode, {"layer": "ZeroPad1D", "mode": mode, "before": 2, "after": 4}, (2, 2, 6), lambda x: F.pad(x, (2, 4), theirs))
case("pad2d_value", {"layer": "ZeroPad2D", "mode": "zeros", "value": -1.5, "top": 1, "right": 2}, (2, 1, 3, 2), lambda x: F.pad(x, (0, 2, 1, 0), value=-1.5))
case("crop2d", {"layer": "Crop2D", "top": 1, "left": 2, "right": 1}, (1, 2, 4, 5), lambda x: F.pad(x, (-2, -1, -1, 0)))
case("crop1d", {"layer": "Crop1D", "before": 1, "after": 2}, (2, 2, 6), lambda x: F.pad(x, (-1, -2)))
case("permute", {"layer": "Permute", "axes": [3, 1, 2]}, (1, 2, 3, 4), lambda x: x.permute(0, 3, 1, 2))
case("upsample1d", {"layer": "UpSample1D", "size": 3}, (2, 2, 4), lambda x: F.interpolate(x, scale_factor=3))
case("depthwise1d", {"layer": "DepthwiseConv1D", "multiplier": 2, "kernel": 3, "stride": 2, "padding": 2, "dilation": 2}, (2, 3, 9),
     lambda x, weight, bias: F.conv1d(x, weight, bias, 2, 2, 2, 3), {"weight": (6, 1, 3), "bias": (6,)})

about = "PyTorch float64, in the form of layers.json: golden_resize.py. Layers, settings and modes have our names."
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "resize.json")
with open(path, "w") as f:
    f.write('{"about": %s,\n"cases": [\n' % json.dumps(about))
    f.write(",\n".join(json.dumps(c) for c in cases))
    f.write("\n]}\n")
