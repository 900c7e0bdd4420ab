#!/usr/bin/env python3
"""Writes networks as torch.onnx.export of PyTorch 1.13 exports them, in the layout of ONNX's own tests:

    networks.py FOLDER [OPSET...]

writes FOLDER/torch/test_<name>_<free or fixed>_<opset>/model.onnx and its test_data_set_0, for opsets 11, 13 and 17, with a free batch and
with the fixed batch that the exporter takes by default. Some of them are in testdata/networks. Debian's python3-torch is enough; the
package onnx is not needed.
"""
import math, os, shutil, sys, warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(0)


def call(f, *modules):
    """A module that computes f(modules, inputs...)."""

    class Call(nn.Module):
        def __init__(self):
            super().__init__()
            self.m = nn.ModuleList(modules)

        def forward(self, *x):
            return f(self.m, *x)

    return Call()


def block(i, o, stride=1):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class Residual(nn.Module):
    def __init__(self, i, o, stride=1):
        super().__init__()
        self.a, self.b = block(i, o, stride), nn.Sequential(nn.Conv2d(o, o, 3, 1, 1), nn.BatchNorm2d(o))
        self.skip = nn.Conv2d(i, o, 1, stride) if stride > 1 or i != o else nn.Identity()

    def forward(self, x):
        return F.relu(self.b(self.a(x)) + self.skip(x))


class Squeeze(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a, self.b = nn.Conv2d(n, n // 4, 1), nn.Conv2d(n // 4, n, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.b(F.silu(self.a(F.adaptive_avg_pool2d(x, 1)))))


def inverted(i, o, act, squeeze=False):
    m = 4 * i
    return nn.Sequential(nn.Conv2d(i, m, 1), nn.BatchNorm2d(m), act(), nn.Conv2d(m, m, 3, 1, 1, groups=m), nn.BatchNorm2d(m), act(), *([Squeeze(m)] if squeeze else []), nn.Conv2d(m, o, 1))


def attend(q, k, v, heads, mask=None):
    b, t, d = q.shape
    q, k, v = (x.reshape(b, -1, heads, d // heads).transpose(1, 2) for x in (q, k, v))
    s = q @ k.transpose(-1, -2) / math.sqrt(d // heads)
    if mask is not None:
        s = s.masked_fill(mask, float("-inf"))
    return (s.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d)


class Transformer(nn.Module):
    """A block with self-attention and, with memory, cross-attention."""

    def __init__(self, d, heads, causal=False, cross=False, act=nn.GELU):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.n1, self.n2, self.n3 = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), act(), nn.Linear(2 * d, d))
        self.q, self.kv = (nn.Linear(d, d), nn.Linear(d, 2 * d)) if cross else (None, None)

    def forward(self, x, memory=None):
        q, k, v = self.qkv(self.n1(x)).chunk(3, -1)
        steps = torch.arange(x.shape[1])
        mask = steps[None] > steps[:, None] if self.causal else None
        x = x + self.out(attend(q, k, v, self.heads, mask))
        if memory is not None:
            k, v = self.kv(memory).chunk(2, -1)
            x = x + attend(self.q(self.n3(x)), k, v, self.heads)
        return x + self.mlp(self.n2(x))


class ConvNeXt(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.conv, self.norm, self.a, self.b = nn.Conv2d(d, d, 7, padding=3, groups=d), nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.scale = nn.Parameter(torch.full((d,), 0.1))

    def forward(self, x):
        y = self.b(F.gelu(self.a(self.norm(self.conv(x).permute(0, 2, 3, 1)))))
        return x + (self.scale * y).permute(0, 3, 1, 2)


class RMSNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.w = nn.Parameter(torch.ones(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.w


def rotary(x):
    t, d = x.shape[1], x.shape[2] // 2
    a = torch.arange(t).float()[:, None] / 100 ** (torch.arange(d).float() / d)
    x1, x2 = x.chunk(2, -1)
    return torch.cat([x1 * a.cos() - x2 * a.sin(), x2 * a.cos() + x1 * a.sin()], -1)


def unet(m, x):
    a = m[0](x)
    b = m[1](F.max_pool2d(a, 2))
    up = F.interpolate(m[2](F.max_pool2d(b, 2)), scale_factor=2, mode="bilinear", align_corners=True)
    up = F.interpolate(m[3](torch.cat([up, b], 1)), scale_factor=2, mode="bilinear", align_corners=False)
    return m[4](torch.cat([up, a], 1))


def yolo(m, x):
    y = m[0](x)
    b, _, h, w = y.shape
    y = y.view(b, 2, 7, h, w).permute(0, 1, 3, 4, 2)
    gy, gx = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    grid = torch.stack([gx, gy], -1).float()
    xy, wh, rest = y[..., :2].sigmoid() * 2 - 0.5 + grid, (y[..., 2:4].sigmoid() * 2) ** 2, y[..., 4:].sigmoid()
    return torch.cat([xy, wh, rest], -1).reshape(b, -1, 7)


def top(m, x):
    y = m[0](x)
    v, i = y.topk(3, -1)
    return v, i, y.argmax(-1), torch.cumsum(y, -1), y.sort(-1, descending=True)[0]


def diffusion(m, x, t):
    f = torch.exp(-math.log(1e4) * torch.arange(8).float() / 8)
    e = t[:, None].float() * f
    e = m[0](torch.cat([e.sin(), e.cos()], -1))
    h = m[2](F.silu(m[1](x)))
    h = h + m[3](F.silu(e))[:, :, None, None]
    b, c, hh, w = h.shape
    s = m[4](h).view(b, c, -1).transpose(1, 2)
    return x + m[5](h + attend(s, s, s, 2).transpose(1, 2).reshape(b, c, hh, w))


def packed(m, x, n):
    y, _ = m[0](nn.utils.rnn.pack_padded_sequence(x, n, batch_first=True, enforce_sorted=False))
    return nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]


def gpt(m, x):
    h = m[0](x) + m[1](torch.arange(x.shape[1]))
    return m[3](m[2](h))


def bert(m, x, mask):
    h = m[0](x) + m[1](torch.arange(x.shape[1]))
    q, k, v = m[2](h).chunk(3, -1)
    return m[3](h + attend(q, k, v, 2, (mask == 0)[:, None, None, :]))


def swin(m, x):
    b, h, w, c = x.shape
    x = torch.roll(x, (-1, -1), (1, 2)).view(b, h // 2, 2, w // 2, 2, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 4, c)
    x = m[0](x).view(b, h // 2, w // 2, 2, 2, c).permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c)
    return torch.roll(x, (1, 1), (1, 2))


def shaped(*shape):
    return call(lambda m, x: x.reshape(-1, *shape))


seq = nn.Sequential
image, small, tokens, steps = torch.randn(2, 3, 16, 16), torch.randn(2, 4, 8, 8), torch.randint(0, 20, (2, 6)), torch.randn(2, 5, 8)
mel = torch.randn(2, 8, 20)
lengths = torch.tensor([5, 3])
head = lambda n, k=5: (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(n, k))
cases = {
    "mlp": (seq(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), torch.randn(2, 8)),
    "mlp_acts": (seq(nn.Linear(8, 8), nn.SELU(), nn.ELU(), nn.Softplus(), nn.Mish(), nn.Hardswish(), nn.Hardsigmoid(), nn.LogSoftmax(-1)), torch.randn(2, 8)),
    "lenet": (seq(nn.Conv2d(3, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(216, 10)), image),
    "resnet": (seq(block(3, 8, 2), Residual(8, 8), Residual(8, 16, 2), *head(16)), image),
    "resnet_pool": (seq(nn.Conv2d(3, 8, 7, 2, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1), Residual(8, 8), *head(8)), image),
    "mobilenet": (seq(block(3, 8), inverted(8, 8, nn.ReLU6), *head(8)), image),
    "mobilenet3": (seq(block(3, 8), inverted(8, 8, nn.Hardswish, True), *head(8)), image),
    "efficientnet": (seq(block(3, 8), inverted(8, 8, nn.SiLU, True), *head(8)), image),
    "densenet": (call(lambda m, x: m[2](torch.cat([x, m[0](x), m[1](x)], 1)), block(3, 4), block(3, 4), nn.Conv2d(11, 4, 1)), image),
    "inception": (call(lambda m, x: torch.cat([m[0](x), m[1](x), F.max_pool2d(x, 3, 1, 1)], 1), nn.Conv2d(3, 4, 1), nn.Conv2d(3, 4, 5, padding=2)), image),
    "shufflenet": (call(lambda m, x: m[0](x).view(-1, 2, 4, 16, 16).transpose(1, 2).reshape(-1, 8, 16, 16), nn.Conv2d(3, 8, 1)), image),
    "vgg": (seq(block(3, 8), nn.MaxPool2d(2), block(8, 8), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 5)), image),
    "squeezenet": (seq(nn.Conv2d(3, 8, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Conv2d(8, 5, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()), image),
    "convnext": (seq(nn.Conv2d(3, 8, 4, 4), ConvNeXt(8), ConvNeXt(8), *head(8)), image),
    "vit": (call(lambda m, x: m[1](torch.cat([m[2].weight.expand(x.shape[0], -1, -1), m[0](x).flatten(2).transpose(1, 2)], 1))[:, 0], nn.Conv2d(3, 8, 4, 4), seq(Transformer(8, 2), Transformer(8, 2)), nn.Embedding(1, 8)), image),
    "swin": (call(swin, Transformer(8, 2)), torch.randn(2, 4, 4, 8)),
    "unet": (call(unet, block(3, 4), block(4, 8), block(8, 8), block(16, 4), nn.Conv2d(8, 2, 1)), image),
    "unet_transpose": (call(lambda m, x: m[1](m[0](x)), nn.Conv2d(3, 4, 3, 2, 1), nn.ConvTranspose2d(4, 3, 3, 2, 1, 1)), image),
    "fpn": (call(lambda m, x: m[1](x) + F.interpolate(m[0](x), size=x.shape[2:], mode="nearest"), nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(3, 4, 1)), image),
    "bicubic": (call(lambda m, x: F.interpolate(m[0](x), scale_factor=2, mode="bicubic", align_corners=False), nn.Conv2d(3, 2, 1)), image),
    "autoencoder": (seq(nn.Flatten(), nn.Linear(256, 8), nn.ReLU(), nn.Linear(8, 256), shaped(4, 8, 8)), small),
    "vae": (call(lambda m, x: m[1](m[0](x).chunk(2, 1)[0]), nn.Linear(8, 8), nn.Linear(4, 8)), torch.randn(2, 8)),
    "gan": (seq(nn.Linear(8, 64), shaped(4, 4, 4), nn.ConvTranspose2d(4, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2), nn.Conv2d(4, 3, 3, padding=1), nn.Tanh()), torch.randn(2, 8)),
    "superres": (seq(nn.Conv2d(3, 12, 3, padding=1), nn.PixelShuffle(2)), image),
    "unshuffle": (seq(nn.PixelUnshuffle(2), nn.Conv2d(12, 4, 1)), image),
    "gpt": (call(gpt, nn.Embedding(20, 8), nn.Embedding(6, 8), seq(Transformer(8, 2, True), Transformer(8, 2, True)), nn.Linear(8, 20)), tokens),
    "gpt_new": (call(lambda m, x: m[2](m[1](rotary(m[0](x)))), nn.Embedding(20, 8), seq(RMSNorm(8), Transformer(8, 2, True, act=nn.SiLU)), nn.Linear(8, 20)), tokens),
    "bert": (call(bert, nn.Embedding(20, 8), nn.Embedding(6, 8), nn.Linear(8, 24), nn.LayerNorm(8)), tokens, torch.tensor([[1] * 6, [1] * 4 + [0] * 2])),
    "t5": (call(lambda m, x, y: m[3](m[2](m[0](y), m[1](m[0](x)))), nn.Embedding(20, 8), Transformer(8, 2), Transformer(8, 2, True, True, nn.ReLU), nn.Linear(8, 20)), tokens, tokens[:, :4]),
    "whisper": (call(lambda m, x, y: m[4](m[3](y), m[2](F.gelu(m[1](F.gelu(m[0](x)))).transpose(1, 2))), nn.Conv1d(8, 8, 3, padding=1), nn.Conv1d(8, 8, 3, 2, 1), Transformer(8, 2), nn.Embedding(20, 8), Transformer(8, 2, True, True)), mel, tokens[:, :4]),
    "mha": (call(lambda m, x: m[0](x, x, x, need_weights=False)[0], nn.MultiheadAttention(8, 2, batch_first=True)), steps),
    "encoder_layer": (nn.TransformerEncoderLayer(8, 2, 16, 0, batch_first=True), steps),
    "decoder_layer": (nn.TransformerDecoderLayer(8, 2, 16, 0, batch_first=True), steps, steps + 1),
    "linear_attention": (call(lambda m, x: torch.einsum("bnd,bde->bne", m[0](x).softmax(-1), torch.einsum("bnd,bne->bde", m[1](x).softmax(1), x)), nn.Linear(8, 8), nn.Linear(8, 8)), steps),
    "lstm": (call(lambda m, x: m[0](x)[0], nn.LSTM(8, 6, batch_first=True)), steps),
    "lstm_states": (call(lambda m, x: (lambda r: (r[0], r[1][0].transpose(0, 1), r[1][1].transpose(0, 1)))(m[0](x)), nn.LSTM(8, 6, 2, batch_first=True)), steps),
    "lstm_bidirectional": (call(lambda m, x: m[0](x)[0], nn.LSTM(8, 6, batch_first=True, bidirectional=True)), steps),
    "lstm_packed": (call(packed, nn.LSTM(8, 6, batch_first=True)), steps, lengths),
    "lstm_given": (call(lambda m, x, h: m[0](x, (h.transpose(0, 1).contiguous(), h.transpose(0, 1).contiguous()))[0], nn.LSTM(8, 6, batch_first=True)), steps, torch.randn(2, 1, 6)),
    "gru": (call(lambda m, x: m[0](x)[0], nn.GRU(8, 6, batch_first=True)), steps),
    "gru_states": (call(lambda m, x: (lambda r: (r[0], r[1].transpose(0, 1)))(m[0](x)), nn.GRU(8, 6, 2, batch_first=True, bidirectional=True)), steps),
    "gru_packed": (call(packed, nn.GRU(8, 6, batch_first=True)), steps, lengths),
    "rnn": (call(lambda m, x: m[0](x)[0], nn.RNN(8, 6, batch_first=True, nonlinearity="relu")), steps),
    "tcn": (seq(nn.ConstantPad1d((4, 0), 0), nn.Conv1d(8, 8, 3, dilation=2), nn.ReLU(), nn.Conv1d(8, 4, 1)), mel),
    "wavenet": (call(lambda m, x: torch.tanh(m[0](x)) * torch.sigmoid(m[1](x)), nn.Conv1d(8, 8, 2), nn.Conv1d(8, 8, 2)), mel),
    "conv3d": (seq(nn.Conv3d(2, 4, 3, padding=1), nn.BatchNorm3d(4), nn.ReLU(), nn.MaxPool3d(2), nn.Flatten(), nn.Linear(32, 3)), torch.randn(2, 2, 4, 4, 4)),
    "groupnorm": (seq(nn.Conv2d(4, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.SiLU()), small),
    "instancenorm": (seq(nn.Conv2d(4, 8, 3, padding=1), nn.InstanceNorm2d(8, affine=True), nn.PReLU(8)), small),
    "localnorm": (seq(nn.Conv2d(4, 8, 3), nn.LocalResponseNorm(3)), small),
    "reflect": (seq(nn.ReflectionPad2d(2), nn.Conv2d(4, 2, 3), nn.ReplicationPad2d(1)), small),
    "yolo": (call(yolo, nn.Conv2d(3, 14, 3, 4, 1)), image),
    "topk": (call(top, nn.Linear(8, 6)), torch.randn(2, 8)),
    "diffusion": (call(diffusion, nn.Linear(16, 16), nn.GroupNorm(2, 4), nn.Conv2d(4, 8, 3, padding=1), nn.Linear(16, 8), nn.GroupNorm(2, 8), nn.Conv2d(8, 4, 3, padding=1)), small, torch.tensor([3, 70])),
    "embedding_bag": (call(lambda m, x: m[0](x).mean(1), nn.Embedding(20, 8)), tokens),
    "wide_deep": (call(lambda m, x, y: m[1](torch.cat([m[0](x).flatten(1), y], 1)), nn.Embedding(20, 4), nn.Linear(32, 3)), tokens, torch.randn(2, 8)),
    "pointnet": (call(lambda m, x: m[1](m[0](x).max(2)[0]), seq(nn.Conv1d(3, 16, 1), nn.BatchNorm1d(16), nn.ReLU()), nn.Linear(16, 4)), torch.randn(2, 3, 10)),
    "siamese": (call(lambda m, x, y: F.cosine_similarity(m[0](x), m[0](y)).unsqueeze(1), nn.Linear(8, 4)), torch.randn(2, 8), torch.randn(2, 8)),
    "graph": (call(lambda m, x, a: m[0](a @ x).relu(), nn.Linear(8, 4)), steps, torch.rand(2, 5, 5)),
    "gather": (call(lambda m, x, i: m[0](x.gather(1, i.unsqueeze(-1).expand(-1, -1, 8))), nn.Linear(8, 3)), steps, torch.tensor([[0, 4], [2, 1]])),
    "moe": (call(lambda m, x: (torch.stack([m[0](x), m[1](x)], -1) * m[2](x).softmax(-1).unsqueeze(-2)).sum(-1), nn.Linear(8, 4), nn.Linear(8, 4), nn.Linear(8, 2)), torch.randn(2, 8)),
    "dueling": (call(lambda m, x: m[0](x) + m[1](x) - m[1](x).mean(1, keepdim=True), nn.Linear(8, 1), nn.Linear(8, 4)), torch.randn(2, 8)),
    "triangle": (call(lambda m, x: (x @ x.transpose(1, 2) * torch.ones(x.shape[1], x.shape[1]).triu(1)) @ m[0](x), nn.Linear(8, 8)), steps),
    "softmax_2d": (seq(nn.Conv2d(4, 3, 1), nn.Softmax(1)), small),
    "argmax": (call(lambda m, x: m[0](x).argmax(1), nn.Conv2d(4, 3, 1)), small),
    "roll_slices": (call(lambda m, x: torch.cat([m[0](x)[:, ::2], m[0](x)[:, 1::2].flip(1)], 1), nn.Linear(8, 8)), steps),
    "weights_norm": (seq(nn.utils.weight_norm(nn.Linear(8, 4)), nn.GLU()), torch.randn(2, 8)),
}
types = {torch.float32: 1, torch.int64: 7, torch.bool: 9}


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def tensor(x):
    raw = x.detach().contiguous().numpy().tobytes()
    return b"".join(b"\x08" + varint(d) for d in x.shape) + b"\x10" + varint(types[x.dtype]) + b"\x4a" + varint(len(raw)) + raw


def folder(root, name, opset, free):
    return os.path.join(root, "torch", f"test_{name}_{'free' if free else 'fixed'}_{opset}")


def write(root, name, opset, free):
    model, *inputs = cases[name]
    model.eval()
    names = ["x", "y"][: len(inputs)]
    with torch.no_grad():
        outputs = model(*inputs)
    outputs = list(outputs) if isinstance(outputs, tuple) else [outputs]
    heads = [f"out{i}" for i in range(len(outputs))]
    path = folder(root, name, opset, free)
    os.makedirs(os.path.join(path, "test_data_set_0"), exist_ok=True)
    axes = {n: {0: "batch"} for n in names + heads} if free else None
    torch.onnx.export(model, tuple(inputs), os.path.join(path, "model.onnx"), input_names=names, output_names=heads, opset_version=opset, dynamic_axes=axes)
    for kind, list_ in ("input", inputs), ("output", outputs):
        for i, x in enumerate(list_):
            with open(os.path.join(path, "test_data_set_0", f"{kind}_{i}.pb"), "wb") as f:
                f.write(tensor(x))


if __name__ == "__main__":
    for name in cases:
        for opset in map(int, sys.argv[2:] or ["11", "13", "17"]):
            for free in True, False:
                try:
                    write(sys.argv[1], name, opset, free)
                except Exception as e:
                    shutil.rmtree(folder(sys.argv[1], name, opset, free))
                    print(f"{name}, opset {opset}: PyTorch cannot export it: {str(e).splitlines()[0]}", file=sys.stderr)
