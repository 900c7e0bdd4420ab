"""Writes nan.json: what PyTorch computes of NaN, infinities and zeros, for the operators of ONNX that it has.

    python3 nan.py > nan.json
"""

import json

import torch
import torch.nn.functional as F

nan, inf = float("nan"), float("inf")

# As many numbers as fill vector registers, and some more. The second tensor has a NaN at another place, and one at the same.
special = [nan, inf, -inf, 0.0, -0.0, 1.5, -1.5, 0.25]
a = torch.tensor([special[i % 8] if i % 3 == 0 else (i % 11 - 5) * 0.5 for i in range(74)]).reshape(2, 37)
b = torch.tensor([special[(i + 3) % 8] if i % 4 == 0 else (i % 7 - 3) * 0.5 for i in range(74)]).reshape(2, 37)
b[0, 24] = nan
assert a.isnan().logical_and(b.isnan()).any() and a.isnan().logical_xor(b.isnan()).any()

cases = []


def add(name, operator, result, inputs=(a,), attributes=None, constants=None, opset=18):
    """Adds a case: a node with the inputs a and b, or a alone, constants as further inputs, and the results of PyTorch."""
    results = result if isinstance(result, (tuple, list)) else [result]
    cases.append({
        "name": name, "operator": operator, "inputs": len(inputs), "attributes": attributes or {}, "constants": constants or [],
        "opset": opset, "outputs": [tensor(r) for r in results],
    })


def tensor(t):
    return {"shape": list(t.shape), "data": [str(v) for v in t.double().flatten().tolist()]}


for operator, f in {
    "Relu": torch.relu, "LeakyRelu": lambda x: F.leaky_relu(x, 0.01), "Elu": F.elu, "Selu": F.selu, "Celu": F.celu,
    "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Softplus": F.softplus, "Softsign": F.softsign, "Exp": torch.exp, "Log": torch.log,
    "Sqrt": torch.sqrt, "Abs": torch.abs, "Neg": torch.neg, "Sign": torch.sign, "Floor": torch.floor, "Ceil": torch.ceil,
    "Round": torch.round, "Erf": torch.erf, "Reciprocal": torch.reciprocal, "Sin": torch.sin, "Cos": torch.cos,
    "HardSwish": F.hardswish, "Mish": F.mish, "IsNaN": torch.isnan,
}.items():
    add(operator, operator, f(a))
add("Gelu", "Gelu", F.gelu(a), opset=20)
add("HardSigmoid", "HardSigmoid", F.hardsigmoid(a), attributes={"alpha": 1 / 6, "beta": 0.5})
add("Shrink", "Shrink", F.hardshrink(a, 0.5), attributes={"lambd": 0.5})
add("ThresholdedRelu", "ThresholdedRelu", F.threshold(a, 1, 0), attributes={"alpha": 1.0})
add("Clip", "Clip", a.clamp(-1, 1), constants=["-1", "1"])
add("Clip, ends in the order of inputs", "Clip", a.clamp(min=-1), constants=["-1"])
add("Clip, NaN as the least", "Clip", torch.clamp(a, torch.tensor(nan), torch.tensor(1.0)), constants=["nan", "1"])

for operator, f in {
    "Max": torch.maximum, "Min": torch.minimum, "Greater": torch.gt, "Less": torch.lt, "GreaterOrEqual": torch.ge,
    "LessOrEqual": torch.le, "Equal": torch.eq, "Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div,
    "Pow": torch.pow, "PRelu": lambda x, y: torch.where(x < 0, x * y, x),
}.items():
    add(operator, operator, f(a, b), inputs=(a, b))
add("Mod", "Mod", torch.fmod(a, b), inputs=(a, b), attributes={"fmod": 1})
add("not Equal", "Equal Not", torch.ne(a, b), inputs=(a, b))
add("Where", "Greater Where", torch.where(a > b, a, b), inputs=(a, b))
add("Where of NaNs", "Equal Where", torch.where(a == b, a, b), inputs=(a, b))

for operator, f in {
    "ReduceMax": lambda x: x.amax(1, True), "ReduceMin": lambda x: x.amin(1, True), "ReduceSum": lambda x: x.sum(1, True),
    "ReduceMean": lambda x: x.mean(1, True), "ReduceLogSumExp": lambda x: x.logsumexp(1, True),
    "ReduceL1": lambda x: x.norm(1, 1, True), "ReduceL2": lambda x: x.norm(2, 1, True),
    "ReduceSumSquare": lambda x: x.square().sum(1, True),
}.items():
    add(operator, operator, f(a), attributes={"keepdims": 1}, constants=["int 1"])
add("ArgMax", "ArgMax", a.argmax(1, True), attributes={"axis": 1})
add("ArgMin", "ArgMin", a.argmin(1, True), attributes={"axis": 1})
add("TopK", "TopK", a.topk(9, 1).values, attributes={"axis": 1}, constants=["int 9"])
add("TopK, smallest", "TopK", a.topk(9, 1, largest=False).values, attributes={"axis": 1, "largest": 0}, constants=["int 9"])
add("TopK, all", "TopK", a.topk(37, 1).values, attributes={"axis": 1}, constants=["int 37"])
add("Sort", "TopK", list(a.sort(dim=1, stable=True)), attributes={"axis": 1, "largest": 0}, constants=["int 37"])
add("Softmax", "Softmax", a.softmax(1), attributes={"axis": 1})
add("LogSoftmax", "LogSoftmax", a.log_softmax(1), attributes={"axis": 1})
add("CumSum", "CumSum", a.cumsum(1), constants=["int 1"])
add("MaxPool", "Unsqueeze MaxPool Squeeze", F.max_pool1d(a.unsqueeze(1), 3, 2).squeeze(1), attributes={"kernel_shape": [3], "strides": [2]})
add("AveragePool", "Unsqueeze AveragePool Squeeze", F.avg_pool1d(a.unsqueeze(1), 3, 2).squeeze(1), attributes={"kernel_shape": [3], "strides": [2]})

print(f'{{"a": {json.dumps(tensor(a))}, "b": {json.dumps(tensor(b))}, "cases": [')
print(",\n".join(json.dumps(c) for c in cases) + "\n]}")
