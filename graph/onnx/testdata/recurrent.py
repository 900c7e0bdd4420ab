#!/usr/bin/env python3
"""Writes recurrent.json: recurrent networks as written by torch.onnx.export of PyTorch 1.13, for any batch and any number of steps, with
inputs by name and PyTorch's outputs for them. The inputs are of another size than those that the networks were exported with.

Run it in this folder with Debian's python3-torch. The package onnx is not needed.
"""
import base64, io, json, warnings

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

warnings.filterwarnings("ignore")


class States(nn.Module):
    """A layer with its states as inputs and outputs, (batch, directions, units)."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, h, c=None):
        h = h.transpose(0, 1).contiguous()
        y, last = self.layer(x, h if c is None else (h, c.transpose(0, 1).contiguous()))
        return (y, *(s.transpose(0, 1) for s in (last if isinstance(last, tuple) else (last,))))


class Packed(nn.Module):
    """A layer of sequences with padding."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True)
        n = self.layer.num_layers * (2 if self.layer.bidirectional else 1)
        h = x.new_zeros(n, x.size(0), self.layer.hidden_size)  # the default states of a file have the batch of the example
        y, last = self.layer(packed, (h, h) if isinstance(self.layer, nn.LSTM) else h)
        y, _ = pad_packed_sequence(y, batch_first=True)
        return (y, *(s.transpose(0, 1) for s in (last if isinstance(last, tuple) else (last,))))


class TimeFirst(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x.transpose(0, 1))[0].transpose(0, 1)


cases = [
    ("rnn, states", States(nn.RNN(3, 4, batch_first=True, nonlinearity="relu")), ["h"], 1),
    ("gru, states", States(nn.GRU(3, 4, batch_first=True)), ["h"], 1),
    ("lstm, states", States(nn.LSTM(3, 4, batch_first=True)), ["h", "c"], 1),
    ("lstm, states, two layers, both ways", States(nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True)), ["h", "c"], 4),
    ("rnn, packed", Packed(nn.RNN(3, 4, batch_first=True)), ["lengths"], 1),
    ("gru, packed, both ways", Packed(nn.GRU(3, 2, bidirectional=True, batch_first=True)), ["lengths"], 1),
    ("lstm, packed, two layers, both ways", Packed(nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True)), ["lengths"], 1),
    ("lstm, time first, without biases", TimeFirst(nn.LSTM(3, 2, bias=False)), [], 1),
]


def tensor(t):
    return {"shape": list(t.shape), "data": [round(float(v), 7) for v in t.flatten()]}


def inputs(net, names, states, batch, time):
    list = [torch.randn(batch, time, 3)]
    for name in names:
        if name == "lengths":
            list.append(torch.tensor([time - i for i in range(batch)]))
        else:
            list.append(torch.randn(batch, states, net.layer.hidden_size))
    return list


def main():
    out = []
    for name, net, names, states in cases:
        torch.manual_seed(len(name))
        for p in net.parameters():
            nn.init.normal_(p, std=0.5)
        net.eval()
        example, x = inputs(net, names, states, 2, 4), inputs(net, names, states, 3, 5)
        with torch.no_grad():
            y = net(*x)
        y = y if isinstance(y, tuple) else (y,)
        ins, outs = ["input"] + names, ["output", "last_h", "last_c"][: len(y)]
        axes = {n: {0: "n"} for n in ins + outs}
        axes["input"][1] = axes["output"][1] = "time"
        file = io.BytesIO()
        torch.onnx.export(net, tuple(example), file, opset_version=14, input_names=ins, output_names=outs, dynamic_axes=axes)
        out.append({
            "name": name, "file": base64.b64encode(file.getvalue()).decode(),
            "inputs": {n: tensor(t) for n, t in zip(ins, x)}, "outputs": {n: tensor(t) for n, t in zip(outs, y)},
        })
    with open("recurrent.json", "w") as f:
        f.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in out) + "\n]}\n")


main()
