"""What BenchmarkLayers does, with PyTorch: microseconds, medians of 50. Tuned as in the README: OpenBLAS on OpenMP, tcmalloc
preloaded. The argument is the number of threads, default 2."""
import sys, time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
torch.set_flush_denormal(True)


def run(name, layer, *shape, out=lambda y: y):
    x = torch.randn(*shape, requires_grad=True)
    cotangent, times = torch.randn_like(out(layer(x))), []
    for _ in range(60):
        x.grad = None
        for p in layer.parameters():
            p.grad = None
        begin = time.perf_counter()
        out(layer(x)).backward(cotangent)
        times.append((time.perf_counter() - begin) * 1e6)
    print(f"{name:24}{sorted(times[10:])[25]:10.0f}", flush=True)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(128, 4, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


class Channels(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).contiguous()


pictures, rows, signals = (64, 32, 28, 28), (512, 768), (64, 32, 512)
run("LSTM", nn.LSTM(64, 128, batch_first=True), 32, 50, 64, out=lambda y: y[0])
run("GRU", nn.GRU(64, 128, batch_first=True), 32, 50, 64, out=lambda y: y[0])
run("MultiHeadAttention", Attention(), 32, 50, 128)
run("LayerNorm", nn.LayerNorm(768), *rows)
run("LayerNorm, 64 features", nn.LayerNorm(64), 4096, 64)
run("BatchNorm", nn.BatchNorm2d(32), *pictures)
run("GroupNorm", nn.GroupNorm(8, 32), *pictures)
run("Softmax", nn.Softmax(-1), *rows)
run("GELU", nn.GELU(), *rows)
run("MaxPool2D", nn.MaxPool2d(2), *pictures)
run("MaxPool2D 3/2", nn.MaxPool2d(3, 2, 1), *pictures)
run("UpSample2D", nn.Upsample(scale_factor=2), 64, 32, 14, 14)
run("ZeroPad2D", nn.ZeroPad2d(1), *pictures)
run("Conv2D, depthwise", nn.Conv2d(32, 32, 3, groups=32), *pictures)
run("AvgPool2D", nn.AvgPool2d(2), *pictures)
run("AdaptiveAvgPool2D", nn.AdaptiveAvgPool2d(5), *pictures)
run("AdaptiveMaxPool2D", nn.AdaptiveMaxPool2d(5), *pictures)
run("AdaptiveMaxPool1D", nn.AdaptiveMaxPool1d(7), *signals)
run("AdaptiveAvgPool1D", nn.AdaptiveAvgPool1d(7), *signals)
run("Sum", nn.Identity(), *rows, out=lambda y: y.sum(1))
run("Sum, first axis", nn.Identity(), *rows, out=lambda y: y.sum(0))
run("CumProd", nn.Identity(), *rows, out=lambda y: y.cumprod(1))
run("Permute", Channels(), *pictures)
run("Softmax, channels", nn.Softmax(1), *pictures)
run("Resize1D, smaller", nn.Upsample(size=200, mode="linear"), *signals)
run("Resize2D", nn.Upsample(scale_factor=2, mode="bilinear"), 64, 32, 14, 14)
run("Resize2D, bicubic", nn.Upsample(scale_factor=2, mode="bicubic"), 64, 32, 14, 14)
run("Resize2D, smaller", nn.Upsample(size=9, mode="bilinear"), *pictures)
run("ZeroPad2D, reflect", nn.ReflectionPad2d(1), *pictures)
