#!/usr/bin/env python3
"""Writes torch.json: networks as written by torch.onnx.export of PyTorch 1.13, an input of each and PyTorch's output for it.

Run it in this folder with Debian's python3-torch. The package onnx is not needed.
"""
import base64, io, json, warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")


class Last(nn.Module):
    """The first result of a recurrent layer: its outputs at all times."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


class Function(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


def parts(x):
    first, second = x.chunk(2, dim=1)
    return torch.cat([first.abs().sqrt(), second[:, -1:], x[:, 1:3].transpose(1, 2).flatten(1).unsqueeze(-1).expand(-1, -1, 2)], 1)


def reductions(x):
    return torch.stack([x.mean(-1), x.sum(2), x.amax(2), x.amin(2), x.norm(dim=2), x.pow(2).sum(2).log(), (x.exp() / 2 - x).max(2)[0]], 1)


def masked(x):
    return torch.where(x > 0, x, -x * 0.5).clamp(min=0.1).clamp(max=1.0) + torch.minimum(x, x * x) + torch.maximum(x, -x)


def shapes(x):
    return x.view(x.size(0), -1).reshape(-1, x.size(2), x.size(1)) * x.size(1) + x.new_ones(x.size(0), 1, 1) / x.size(2)


cases = [
    ("linear", nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3, bias=False)), (5,)),
    ("linear of a sequence", nn.Sequential(nn.Linear(5, 4), nn.Linear(4, 2, bias=False)), (3, 5)),
    ("activations", nn.Sequential(nn.ReLU(), nn.Linear(5, 5), nn.LeakyReLU(0.2), nn.Linear(5, 5), nn.ELU(0.7), nn.SELU()), (5,)),
    ("more activations", nn.Sequential(nn.Sigmoid(), nn.GELU(), nn.Softplus(), nn.Hardsigmoid(), nn.PReLU(), nn.SiLU(), nn.Mish(), nn.Softsign()), (5,)),
    ("limits", nn.Sequential(nn.Hardtanh(-0.5, 0.8), nn.ReLU6(), nn.Hardswish()), (5,)),
    ("prelu of channels", nn.PReLU(3), (3, 4)),
    ("celu", nn.CELU(1.3), (4,)),
    ("softmax", nn.Sequential(nn.Softmax(1), nn.LogSoftmax(-1)), (3, 4)),
    ("conv1d", nn.Sequential(nn.Conv1d(2, 4, 3, padding=1, stride=2), nn.ReLU(), nn.Conv1d(4, 4, 2, groups=2, dilation=2, bias=False)), (2, 9)),
    ("conv2d", nn.Sequential(nn.Conv2d(2, 4, (3, 2), padding=(1, 0), stride=(2, 1)), nn.MaxPool2d(2, 1), nn.AvgPool2d(2, padding=1)), (2, 7, 6)),
    ("transposed", nn.Sequential(nn.ConvTranspose1d(2, 3, 3, stride=2, padding=1, output_padding=1), Function(lambda x: x.view(-1, 3, 2, 4)),
                                 nn.ConvTranspose2d(3, 2, 2, stride=2, groups=1, bias=False)), (2, 4)),
    ("pooling", nn.Sequential(nn.MaxPool1d(3, 2, 1, ceil_mode=True), nn.AvgPool1d(2, count_include_pad=False, padding=1), nn.AdaptiveAvgPool1d(1), nn.Flatten()), (2, 10)),
    ("global", nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), (2, 3, 4)),
    ("batch normalization", nn.Sequential(nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 4), nn.Tanh(), nn.BatchNorm1d(4)), (4,)),
    ("batch normalization of images", nn.Sequential(nn.ReLU(), nn.BatchNorm2d(3), nn.Conv2d(3, 2, 2), nn.BatchNorm2d(2)), (3, 3, 4)),
    ("normalization", nn.Sequential(nn.LayerNorm((3, 4)), nn.InstanceNorm1d(3, affine=True), nn.GroupNorm(1, 3), nn.Dropout(0.5)), (3, 4)),
    ("padding and up-sampling", nn.Sequential(nn.ZeroPad2d((1, 2, 0, 1)), nn.Upsample(scale_factor=2), nn.ConstantPad1d(1, 0.5)), (1, 2, 3)),
    ("embedding", nn.Sequential(nn.Embedding(6, 3), nn.Flatten(), nn.Linear(12, 2)), [[0, 3, 5, 1], [2, 2, 4, 0], [5, 5, 1, 3]]),
    ("rnn", Last(nn.RNN(3, 4, batch_first=True)), (5, 3)),
    ("lstm", Last(nn.LSTM(3, 4, num_layers=2, batch_first=True)), (5, 3)),
    ("lstm, both ways", Last(nn.LSTM(3, 2, bidirectional=True, batch_first=True)), (4, 3)),
    ("gru", Last(nn.GRU(3, 4, batch_first=True, bias=False)), (5, 3)),
    ("gru, both ways", Last(nn.GRU(3, 2, bidirectional=True, batch_first=True)), (4, 3)),
    ("attention", Attention(), (5, 8)),
    ("transformer", nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), (3, 8)),
    ("transformer, gelu, first", nn.TransformerEncoderLayer(8, 2, 16, activation="gelu", norm_first=True, batch_first=True), (3, 8)),
    ("parts", Function(parts), (4, 2)),
    ("reductions", Function(reductions), (3, 4)),
    ("conditions", Function(masked), (3, 4)),
    ("shapes", Function(shapes), (3, 4)),
]


def tensor(t):
    return {"shape": list(t.shape), "data": [round(float(v), 7) for v in t.flatten()]}


def main():
    out = []
    for name, net, shape in cases:
        for opset in (9, 17):
            torch.manual_seed(len(name))
            for p in net.parameters():
                nn.init.normal_(p, std=0.5)
            for m in net.modules():
                if hasattr(m, "running_var") and m.running_var is not None:
                    nn.init.normal_(m.running_mean)
                    nn.init.uniform_(m.running_var, 0.5, 2)
            net.eval()
            x = torch.tensor(shape) if isinstance(shape, list) else torch.randn(3, *shape)
            file = io.BytesIO()
            try:
                torch.onnx.export(net, x[:2], file, opset_version=opset, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
            except Exception as e:
                print(f"{name}, opset {opset}: {str(e)[:80]}")
                continue
            with torch.no_grad():
                y = net(x)
            out.append({"name": f"{name}, opset {opset}", "file": base64.b64encode(file.getvalue()).decode(), "input": tensor(x), "output": tensor(y)})
    with open("torch.json", "w") as f:
        f.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in out) + "\n]}\n")


main()
