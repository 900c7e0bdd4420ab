"""What this command measures, with PyTorch: the same networks, data, flags and windows of time. It prints one line of JSON.

    python3 experiments/bench/bench_torch.py --mode train --workload mlp --optimizer adam --batch 128

The command sets the environment for it: OpenBLAS on OpenMP and tcmalloc, where they are installed ("tuned" in the line says so).
Training runs with both forms of the optimizer, foreach and not, and the faster counts."""
import argparse, gzip, json, math, os, time

flags = argparse.ArgumentParser()
flags.add_argument("--mode", choices=("train", "infer"), default="train")
flags.add_argument("--workload", default="mlp")
flags.add_argument("--optimizer", choices=("sgd", "momentum", "adam"), default="adam")
flags.add_argument("--batch", type=int, default=128)
flags.add_argument("--time", type=int, default=128, help="letters of a text")
flags.add_argument("--threads", type=int, default=os.cpu_count())
flags.add_argument("--seconds", type=float, default=3)
flags.add_argument("--steps", type=int, default=0, help="run this many steps in place of --seconds, with foreach")
flags.add_argument("--parameters", action="store_true", help="print the size of each network, as the test of this command counts it")
a = flags.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(a.threads)  # before torch is imported

import torch
import torch.nn.functional as F
from torch import nn

torch.set_flush_denormal(True)
torch.set_num_threads(a.threads)
torch.manual_seed(42)
LETTERS, CLASSES, WINDOWS = 64, 10, 7


def dense(activation, end, *sizes):
    layers = []
    for i, (rows, columns) in enumerate(zip(sizes, sizes[1:])):
        layers += [activation()] * (i > 0) + [nn.Linear(rows, columns)]
    return nn.Sequential(*layers, *end)


def cnn1d(pixels):
    return nn.Sequential(nn.Conv1d(1, 32, 3), nn.MaxPool1d(2), nn.Flatten(),
                         nn.Linear(32 * ((pixels - 2) // 2), 100), nn.ReLU(), nn.Linear(100, 10))


def cnn2d():
    return nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))


def conv(channels, filters, size, stride=1, groups=1):
    return [nn.Conv2d(channels, filters, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(filters)]


class Residual(nn.Module):
    def __init__(self, layer, shortcut=nn.Identity()):
        super().__init__()
        self.layer, self.shortcut = layer, shortcut

    def forward(self, x):
        return self.shortcut(x) + self.layer(x)


def resnet20():
    net, channels = [*conv(3, 16, 3), nn.ReLU()], 16
    for stage, filters in enumerate((16, 32, 64)):
        for block in range(3):
            change = stage > 0 and block == 0
            layer = nn.Sequential(*conv(channels, filters, 3, 1 + change), nn.ReLU(), *conv(filters, filters, 3))
            net += [Residual(layer, nn.Sequential(*conv(channels, filters, 1, 2)) if change else nn.Identity()), nn.ReLU()]
            channels = filters
    return nn.Sequential(*net, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def mobile():
    net, channels = [*conv(3, 16, 3), nn.ReLU()], 16
    for filters, stride in ((32, 1), (64, 2), (64, 1), (128, 2), (128, 1)):
        net += [*conv(channels, channels, 3, stride, channels), nn.ReLU(), *conv(channels, filters, 1), nn.ReLU()]
        channels = filters
    return nn.Sequential(*net, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, CLASSES))


class Attention(nn.Module):
    def __init__(self, features, heads=4):
        super().__init__()
        self.heads, self.project, self.out = heads, nn.Linear(features, 3 * features), nn.Linear(features, features)
        self.register_buffer("mask", torch.full((a.time, a.time), -math.inf).triu(1))

    def forward(self, x):
        q, k, v = self.project(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(2, 3) + self.mask
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class Places(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.places = nn.Parameter(torch.randn(1, a.time, features) * 0.02)

    def forward(self, x):
        return x + self.places


def gpt(features=128):
    net = [nn.Embedding(LETTERS, features), Places(features)]
    for _ in range(4):
        net += [Residual(nn.Sequential(nn.LayerNorm(features), Attention(features))),
                Residual(nn.Sequential(nn.LayerNorm(features), nn.Linear(features, 4 * features), nn.GELU(),
                              nn.Linear(4 * features, features)))]
    return nn.Sequential(*net, nn.LayerNorm(features), nn.Linear(features, LETTERS))


class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm, self.dense = nn.Embedding(LETTERS, 64), nn.LSTM(64, 128, 2, batch_first=True), nn.Linear(128, LETTERS)

    def forward(self, x):
        return self.dense(self.lstm(self.embedding(x))[0])


NETWORKS = {
    "mlp": lambda: dense(nn.Tanh, [], 784, 256, 128, 10),
    "autoencoder": lambda: dense(nn.Tanh, [nn.Sigmoid()], 784, 256, 64, 256, 784),
    "denoise80": lambda: dense(nn.ReLU, [nn.Sigmoid()], 784, 256, 180, 128, 180, 256, 784),
    "cnn1d256": lambda: cnn1d(256), "cnn1d784": lambda: cnn1d(784), "cnn2d": cnn2d,
    "resnet20": resnet20, "mobile": mobile, "gpt": gpt, "lstm": LSTM,
}


def mnist(name, offset):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "datasets", "mnist", name)
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()[offset:]), dtype=torch.uint8)


def samples():
    """The inputs and targets: random for the networks of pictures and letters, MNIST for the others."""
    rows = 4 * a.batch
    if a.workload in ("gpt", "lstm"):
        return torch.randint(0, LETTERS, (rows, a.time)), torch.randint(0, LETTERS, (rows, a.time))
    if a.workload in ("resnet20", "mobile"):
        return torch.rand(rows, 3, 32, 32), torch.randint(0, CLASSES, (rows,))
    split = "train" if a.mode == "train" else "t10k"
    x, y = mnist(split + "-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 255, mnist(split + "-labels-idx1-ubyte.gz", 8).long()
    if a.workload == "cnn2d":
        x = x.reshape(-1, 1, 28, 28)
    elif a.workload == "cnn1d784":
        x = x.reshape(-1, 1, 784)
    elif a.workload == "cnn1d256":
        x = F.adaptive_avg_pool2d(x.reshape(-1, 1, 28, 28), 16).reshape(-1, 1, 256)
    elif a.workload == "autoencoder":
        y = x
    elif a.workload == "denoise80":
        y = x
        x = torch.where(torch.rand(x.shape) < 0.8, torch.rand(x.shape), x)
    return x, y


def windows(step):
    """Samples per second in each window, after a warm-up."""
    begin, n = time.perf_counter(), 0
    while n < 5 or time.perf_counter() - begin < 0.7:
        step()
        n += 1
    rates = []
    for _ in range(WINDOWS):
        begin, n, passed = time.perf_counter(), 0, 0
        while passed < a.seconds / WINDOWS:
            step()
            n, passed = n + 1, time.perf_counter() - begin
        rates.append(n * a.batch / passed)
    return sorted(rates)


def train(x, y, foreach):
    """Returns a step of training: a shuffled batch, the loss, its gradient, the optimizer."""
    net = NETWORKS[a.workload]()
    loss = nn.BCELoss() if a.workload in ("autoencoder", "denoise80") else lambda out, y: F.cross_entropy(out.flatten(0, -2), y.flatten())
    if a.optimizer == "adam":
        rule = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=foreach)
    else:
        rule = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9 if a.optimizer == "momentum" else 0, foreach=foreach)
    order = []

    def step():
        if not order:
            order.extend(torch.randperm(len(x)).split(a.batch)[:len(x) // a.batch])
        rows = order.pop()
        rule.zero_grad(set_to_none=True)
        loss(net(x[rows]), y[rows]).backward()
        rule.step()
    return step


def infer(x):
    net, batches = NETWORKS[a.workload]().eval(), x.split(a.batch)[:len(x) // a.batch]
    at = 0

    def step():
        nonlocal at
        net(batches[at % len(batches)])
        at += 1
    return step


def peak():
    """The largest resident memory of the process in bytes; 0 where /proc does not say it."""
    if not os.path.exists("/proc/self/status"):
        return 0
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))


def parameters(net):
    """The elements of the parameters and running statistics, with one bias for each LSTM where PyTorch has two."""
    return sum(x.numel() for name, x in [*net.named_parameters(), *net.named_buffers()]
               if "bias_hh" not in name and "num_batches" not in name and not name.endswith("mask"))


if a.parameters:
    print(json.dumps({name: parameters(net()) for name, net in NETWORKS.items()}))
    raise SystemExit
line = dict(lib="torch", version=torch.__version__, mode=a.mode, workload=a.workload, opt=a.optimizer, batch=a.batch, threads=a.threads)
x, y = samples()
if a.mode == "infer":
    with torch.no_grad():
        rates = windows(infer(x))
elif a.steps > 0:
    step, rates = train(x, y, True), []
    for _ in range(a.steps):
        begin = time.perf_counter()
        step()
        rates.append(a.batch / (time.perf_counter() - begin))
    rates.sort()
else:
    forms = {foreach: windows(train(x, y, foreach)) for foreach in (False, True)}
    line["foreach"] = max(forms, key=lambda foreach: forms[foreach][len(forms[foreach]) // 2])
    rates = forms[line["foreach"]]
libraries = open("/proc/self/maps").read() if os.path.exists("/proc/self/maps") else ""
line.update(samples_s=rates[len(rates) // 2], lo=rates[0], hi=rates[-1], peak_bytes=peak(),
            tuned="openblas-openmp" in libraries and "tcmalloc" in libraries)
print(json.dumps(line))
