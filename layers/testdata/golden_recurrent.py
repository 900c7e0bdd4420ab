#!/usr/bin/python3
"""Writes recurrent.json: PyTorch's values of recurrent layers, in float64, for packed sequences of different lengths and given
initial states, in one direction and in two. The gradients are those of sum(output * output_grad) + sum over the final states
of sum(state * state_grad). The input is (batch, time, features); its padding has other numbers than 0.

  python3 golden_recurrent.py > recurrent.json
"""
import json
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def stored(t):
    return {"shape": list(t.shape), "data": t.detach().flatten().tolist()}


cases = []
for kind in ("RNN", "LSTM", "GRU"):
    for dirs in (1, 2):
        batch, time, features, units, lengths = 3, 4, 2, 3, [2, 4, 1]
        net = getattr(torch.nn, kind)(features, units, batch_first=True, bidirectional=dirs == 2)
        x = torch.randn(batch, time, features, requires_grad=True)
        initial = [torch.randn(dirs, batch, units, requires_grad=True) for _ in range(2 if kind == "LSTM" else 1)]
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, final = net(packed, tuple(initial) if kind == "LSTM" else initial[0])
        final = list(final) if kind == "LSTM" else [final]
        y, _ = pad_packed_sequence(out, batch_first=True)
        y_grad, final_grad = torch.randn(y.shape), [torch.randn(f.shape) for f in final]
        ((y * y_grad).sum() + sum((f * g).sum() for f, g in zip(final, final_grad))).backward()
        cases.append({
            "name": f"{kind}, {dirs} direction{'s' * (dirs - 1)}", "kind": kind, "units": units, "lengths": lengths,
            "params": {n: stored(p) for n, p in net.named_parameters()},
            "param_grads": {n: stored(p.grad) for n, p in net.named_parameters()},
            "input": stored(x), "input_grad": stored(x.grad),
            "initial": [stored(h) for h in initial], "initial_grads": [stored(h.grad) for h in initial],
            "output": stored(y), "output_grad": stored(y_grad),
            "final": [stored(f) for f in final], "final_grads": [stored(g) for g in final_grad],
        })
print('{"about": "PyTorch %s, float64; see golden_recurrent.py",\n"cases": [' % torch.__version__)
print(",\n".join(json.dumps(c) for c in cases))
print("]}")
