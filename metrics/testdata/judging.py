"""Writes judging.json: curves and scores by scikit-learn, scikit-image and SciPy, of predictions drawn at random.

Run as: python3 -P judging.py > judging.json
"""
import json
import sys

import numpy as np
import scipy
import skimage
import sklearn
from scipy.optimize import minimize_scalar
from scipy.stats import pearsonr
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

rng = np.random.default_rng(7)


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def binary(n, fraction, signal):
    truth = (rng.random(n) < fraction).astype(int)
    z = np.round(rng.normal(signal * (2 * truth - 1)), 1)  # rounded, so that there are ties
    p = 1 / (1 + np.exp(-z))
    fpr, tpr, t1 = m.roc_curve(truth, p, drop_intermediate=False)
    precision, recall, t2 = m.precision_recall_curve(truth, p)
    accuracy, confidence = calibration_curve(truth, p, n_bins=8)
    loss = lambda t: m.log_loss(truth, 1 / (1 + np.exp(-z / np.exp(t))))
    best = minimize_scalar(loss, bracket=(-1, 1), tol=1e-10)
    report = m.classification_report(truth, p > 0.3, output_dict=True)
    return dict(
        pred=p.tolist(), logits=z.tolist(), target=truth.tolist(), k=1,
        fpr=fpr[1:].tolist(), tpr=tpr[1:].tolist(), roc=t1[1:].tolist(),
        precision=precision[:-1][::-1].tolist(), recall=recall[:-1][::-1].tolist(), pr=t2[::-1].tolist(),
        accuracy=accuracy.tolist(), confidence=confidence.tolist(), temperature=float(np.exp(best.x)),
        confusion=m.confusion_matrix(truth, p > 0.3).tolist(),
        report=[report["0"]["precision"], report["1"]["f1-score"], report["macro avg"]["recall"], report["weighted avg"]["f1-score"]],
        youden=float(np.max(tpr - fpr)), f1=float(max(m.f1_score(truth, p >= t) for t in t2)),
        scores=dict(log_loss=m.log_loss(truth, p), brier=m.brier_score_loss(truth, p), average_precision=m.average_precision_score(truth, p)),
    )


def multi(n, k, signal):
    truth = rng.integers(0, k, n)
    z = rng.normal(size=(n, k)) + signal * np.eye(k)[truth]
    p = softmax(z)
    loss = lambda t: m.log_loss(truth, softmax(z / np.exp(t)))
    best = minimize_scalar(loss, bracket=(-1, 1), tol=1e-10)
    one = np.eye(k)[truth]
    scores = dict(log_loss=m.log_loss(truth, p), brier=((p - one) ** 2).sum(1).mean())
    for a in ["macro", "micro", "weighted"]:
        scores["average_precision_" + a] = m.average_precision_score(one, p, average=a)
    return dict(pred=p.ravel().tolist(), logits=z.ravel().tolist(), target=truth.tolist(), k=k, temperature=float(np.exp(best.x)), scores=scores)


def images(shape, noise):
    t = rng.random(shape)
    p = np.clip(t + noise * rng.normal(size=shape), 0, 1)
    planes = list(zip(p.reshape(-1, *shape[-2:]), t.reshape(-1, *shape[-2:])))
    ssim = [structural_similarity(b, a, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1) for a, b in planes]
    return dict(shape=shape, pred=p.ravel().tolist(), target=t.ravel().tolist(), ssim=float(np.mean(ssim)),
                psnr=float(np.mean([peak_signal_noise_ratio(b, a, data_range=1) for a, b in zip(p, t)])))


def regression(n, columns):
    t = rng.normal(size=(n, columns)) * 3 + 1
    p = t + rng.normal(size=(n, columns))
    return dict(shape=[n, columns], pred=p.ravel().tolist(), target=t.ravel().tolist(), mape=m.mean_absolute_percentage_error(t, p),
                pearson=float(np.mean([pearsonr(t[:, j], p[:, j])[0] for j in range(columns)])))


json.dump(dict(
    source=f"scikit-learn {sklearn.__version__}, scikit-image {skimage.__version__}, SciPy {scipy.__version__}",
    classes=[binary(60, 0.5, 1), binary(80, 0.2, 0.7), multi(50, 3, 1), multi(60, 5, 2)],
    images=[images([2, 13, 17], 0.1), images([2, 3, 12, 11], 0.02)],
    numbers=[regression(30, 1), regression(20, 3)],
), sys.stdout)
print()
