"""Writes sklearn.json: scores by scikit-learn, of predictions drawn at random.

Run as: python3 sklearn.py > sklearn.json
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")  # about classes that are never predicted, whose precision is 0
rng = np.random.default_rng(1)
AVERAGES = ["macro", "micro", "weighted"]


def fractions(truth, guess, averages):
    out = {}
    for name, f in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]:
        for a in averages:
            out[name + ("" if a == "binary" else "_" + a)] = f(truth, guess, average=a)
    out["accuracy"] = m.accuracy_score(truth, guess)
    out["mcc"] = m.matthews_corrcoef(truth, guess)
    return out


def binary(name, n, fraction, signal):
    truth = (rng.random(n) < fraction).astype(int)
    p = np.round(1 / (1 + np.exp(-rng.normal(signal * (2 * truth - 1)))), 2)  # rounded, so that there are ties
    scores = fractions(truth, p > 0.5, ["binary"] + AVERAGES)
    scores["auc"] = m.roc_auc_score(truth, p)
    scores["binary_accuracy"] = scores["accuracy"]
    return dict(name=name, pred=p.tolist(), shape=[n, 1], target=truth.tolist(), scores=scores,
                confusion=m.confusion_matrix(truth, p > 0.5).tolist())


def multi(name, n, k, classes, signal, shift=0):
    truth = rng.choice(classes, n)
    z = rng.normal(size=(n, k)) + signal * np.eye(k)[truth] + shift
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    p /= p.sum(1, keepdims=True)
    scores = fractions(truth, p.argmax(1), AVERAGES)
    for c in ["precision", "recall", "f1"]:
        scores[c] = scores[c + "_macro"]
    if len(set(truth)) == k:
        for a in AVERAGES:
            scores["auc_" + a] = m.roc_auc_score(truth, p, multi_class="ovr", average=a)
        scores["auc"] = scores["auc_macro"]
    for top in (1, 2, 3):
        scores[f"top{top}_accuracy"] = m.top_k_accuracy_score(truth, p, k=top, labels=range(k))
    return dict(name=name, pred=p.ravel().tolist(), shape=[n, k], target=truth.tolist(), scores=scores,
                confusion=m.confusion_matrix(truth, p.argmax(1), labels=range(k)).tolist())


def regression(name, n, columns):
    t = rng.normal(size=(n, columns)) * 3 + 1
    p = t + rng.normal(size=(n, columns))
    scores = dict(mse=m.mean_squared_error(t, p), mae=m.mean_absolute_error(t, p), r2=m.r2_score(t, p))
    return dict(name=name, pred=p.ravel().tolist(), shape=[n, columns], target=t.ravel().tolist(), scores=scores)


cases = [
    binary("balanced", 40, 0.5, 0.7),
    binary("rare class", 60, 0.15, 0.5),
    binary("worse than chance", 20, 0.5, -0.5),
    multi("three classes", 30, 3, [0, 1, 2], 1),
    multi("five classes, uneven", 60, 5, [0, 0, 0, 0, 1, 2, 3, 3, 4], 1.5),
    multi("a class that is never true", 25, 4, [0, 1, 3], 0.5),
    multi("a class that is never predicted", 25, 4, [0, 1, 2, 3], 0.5, [0, 0, -9, 0]),
    multi("a class that is never true nor predicted", 25, 4, [0, 1, 3], 0.5, [0, 0, -9, 0]),
    regression("one column", 30, 1),
    regression("three columns", 20, 3),
]
json.dump(dict(source=f"scikit-learn {sklearn.__version__}", cases=cases), __import__("sys").stdout, indent=None)
print()
