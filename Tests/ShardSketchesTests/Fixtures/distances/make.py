"""Writes distances.tsv: counts of two samples over the same bins, and their distances by numpy.

A line: left counts, right counts, Jensen-Shannon distance (base 2), population stability index (half a value added to
each bin with a value on either side), L-infinity, chi-square of two samples.
"""
import numpy as np

random = np.random.default_rng(20)


def distances(a, b):
    p, q = a / a.sum(), b / b.sum()
    m = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        divergence = (np.where(p > 0, p * np.log2(p / m), 0).sum() + np.where(q > 0, q * np.log2(q / m), 0).sum()) / 2
    used = a + b > 0
    x = (a[used] + 0.5) / (a.sum() + 0.5 * used.sum())
    y = (b[used] + 0.5) / (b.sum() + 0.5 * used.sum())
    stability = ((x - y) * np.log(x / y)).sum()
    expected = np.outer([a.sum(), b.sum()], (a + b)[used] / (a.sum() + b.sum()))
    chi = ((np.array([a[used], b[used]]) - expected) ** 2 / expected).sum()
    return np.sqrt(max(divergence, 0)), stability, np.abs(p - q).max(), chi


with open("distances.tsv", "w") as file:
    for index in range(400):
        bins = int(random.integers(1, 45))
        shape = 10.0 ** random.uniform(-1.5, 1.5)
        left = random.multinomial(10 ** random.integers(0, 8), random.dirichlet(np.full(bins, shape)))
        weights = random.dirichlet(np.full(bins, shape)) if index % 2 else (left + 1) / (left + 1).sum()
        right = random.multinomial(10 ** random.integers(0, 8), weights)
        if index % 50 == 0:
            right = 3 * left
        values = distances(left.astype(float), right.astype(float))
        row = [",".join(map(str, left)), ",".join(map(str, right))] + [repr(float(value)) for value in values]
        file.write("\t".join(row) + "\n")
