"""Fits the model from which src/synthesize makes templates: python3 training/fit_templates.py OUT.bin PRINTS.json...

PRINTS.json are files of measure-prints.js; a print of the first counts SHARE times, of the others once. What is written is sums
over all prints, none of which can be told from it; docs/synthetic-templates.md says how good it is. Deterministic.

A linear regression foretells each of the 128 bits of a minutia's code (+-1) from what else is known of the finger:
  - its direction d: cos and sin of d, 2 d, 3 d;
  - the flow of the ridges round it, seen from the minutia: at each of POINTS points cos and sin of twice the angle between ridge
    and minutia, and whether the print is there, each of them times 1, cos d, sin d, cos 2 d, sin 2 d;
  - other minutiae near it: NEAR_CELLS x NEAR_CELLS squares of NEAR_PX px, turned to its direction, each with the number of those
    that point about the same way and of those that do not.
What is left has a factor model. Which of the two ways along the ridges a minutia points is a logistic regression on flow and direction.
"""
import base64
import json
import struct
import sys
from math import erf

import numpy as np

RANK = 24
SHARE = 1.5
# px: rings of points round the minutia, (radius, number); src/synthesize/template-model.ts has the same.
RINGS = ((28, 4), (56, 6), (90, 6))
LEVELS = 9                    # eighths of a half turn, and outside
TURNS = 5                     # 1, cos d, sin d, cos 2 d, sin 2 d
NEAR_PX, NEAR_CELLS = 12, 9
RIDGE = 50
DIRECTION_BINS = 16
# Units of the file: see src/synthesize/template-model.ts.
WEIGHT_UNIT, FACTOR_UNIT, POLARITY_UNIT = 160, 100, 40
MAGIC, VERSION = b'SDKM', 1

ANGLES = [(r, 2 * np.pi * i / n) for r, n in RINGS for i in range(n)]
POINTS = len(ANGLES)


def prints(path):
    for line in open(path):
        d = json.loads(line)
        codes = np.frombuffer(base64.b64decode(d['codes']), np.uint8).reshape(-1, 16)
        if len(codes) != len(d['minutiae']):
            continue            # one of its minutiae lies outside the image, and has a code all the same
        d['minutiae'] = np.array(d['minutiae'], int)
        d['bits'] = np.unpackbits(codes, axis=1, bitorder='little').astype(np.float32)
        for key in ('orientation', 'mask'):
            d[key] = np.frombuffer(base64.b64decode(d[key]), np.uint8).reshape(d['rows'], d['columns'])
        yield d


def flow_round(d):
    """[n,POINTS]: 256ths of a half turn that the ridges are turned against the minutia; -1 outside the print"""
    x, y, direction = d['minutiae'][:, :3].T
    c, s = np.cos(direction * np.pi / 128), np.sin(direction * np.pi / 128)
    out = []
    for r, angle in ANGLES:
        u, v = r * np.cos(angle), r * np.sin(angle)
        column = np.floor((x + c * u + s * v) / d['cellPx']).astype(int)
        row = np.floor((y - s * u + c * v) / d['cellPx']).astype(int)
        inside = (column >= 0) & (row >= 0) & (column < d['columns']) & (row < d['rows'])
        column, row = np.clip(column, 0, d['columns'] - 1), np.clip(row, 0, d['rows'] - 1)
        inside &= d['mask'][row, column] > 0
        out.append(np.where(inside, (d['orientation'][row, column].astype(int) - 2 * direction) % 256, -1))
    return np.array(out).T


def one_hot(flow):
    levels = np.where(flow < 0, LEVELS - 1, (flow + 16) % 256 // 32)
    out = np.zeros((len(levels), POINTS * LEVELS), np.float32)
    out[np.arange(len(levels))[:, None], np.arange(POINTS) * LEVELS + levels] = 1
    return out


def harmonics(direction, count):
    angle = direction * np.pi / 128
    return np.stack([of(k * angle) for k in range(1, count + 1) for of in (np.cos, np.sin)], 1)


def features(d):
    """[n,inputs] in the order of the file"""
    direction, flow = d['minutiae'][:, 2], flow_round(d)
    there = flow >= 0
    angle = flow * np.pi / 128
    seen = np.stack([np.cos(angle) * there, np.sin(angle) * there, there], 2).reshape(len(flow), -1)
    turns = np.hstack([np.ones((len(flow), 1)), harmonics(direction, 2)])
    by_turn = (turns[:, :, None] * seen[:, None, :]).reshape(len(flow), -1)
    return np.hstack([np.ones((len(flow), 1)), harmonics(direction, 3), by_turn, near(d)]).astype(np.float32)


def near(d):
    """[n,NEAR_CELLS^2 x 2]: how many other minutiae are in each square, of either polarity"""
    x, y, direction = d['minutiae'][:, :3].T.astype(float)
    c, s = np.cos(direction * np.pi / 128)[:, None], np.sin(direction * np.pi / 128)[:, None]
    dx, dy = x[None] - x[:, None], y[None] - y[:, None]
    column = np.floor((c * dx - s * dy) / NEAR_PX + NEAR_CELLS / 2).astype(int)
    row = np.floor((s * dx + c * dy) / NEAR_PX + NEAR_CELLS / 2).astype(int)
    inside = (column >= 0) & (row >= 0) & (column < NEAR_CELLS) & (row < NEAR_CELLS) & ~np.eye(len(x), dtype=bool)
    against = np.cos((direction[None] - direction[:, None]) * np.pi / 128) < 0
    out = np.zeros((len(x), NEAR_CELLS ** 2 * 2), np.float32)
    i, j = np.nonzero(inside)
    np.add.at(out, (i, (row[i, j] * NEAR_CELLS + column[i, j]) * 2 + against[i, j]), 1)
    return out


def fit_bits(found, weights):
    """-> weights [inputs,128] of the regression of the bits"""
    left, right = 0, 0
    for d, weight in zip(found, weights):
        x = features(d)
        left, right = left + weight * (x.T @ x), right + weight * (x.T @ (2 * d['bits'] - 1))
    return np.linalg.solve(left + RIDGE * np.eye(len(left)), right)


def explained(found, w):
    """Share of the variance of the bits"""
    signs = np.concatenate([2 * d['bits'] - 1 for d in found])
    return 1 - ((signs - np.concatenate([features(d) @ w for d in found])) ** 2).mean() / signs.var(0).mean()


def latent(p):
    """Mean of a normal variable of deviation 1 that is above 0 with that probability"""
    grid = np.linspace(-3, 3, 6001)
    return np.interp(p, [(1 + erf(v / 2 ** 0.5)) / 2 for v in grid], grid)


def fit_factors(signs, foretold):
    """Correlations of the normal variables behind the bits, from the covariance of what is not foretold -> [128,RANK] loadings"""
    foretold = np.clip(foretold, -0.97, 0.97)
    left, mean = signs - foretold, latent((1 + foretold) / 2)
    density = np.exp(-mean ** 2 / 2) / np.sqrt(2 * np.pi)
    correlation = np.cov(left.T) / (4 * density.T @ density / len(density))
    correlation = np.clip(correlation, -0.95, 0.95)
    np.fill_diagonal(correlation, 1)
    reduced = correlation.copy()
    for _ in range(20):         # principal factors
        w, v = np.linalg.eigh(reduced)
        loadings = v[:, -RANK:] * np.sqrt(np.maximum(w[-RANK:], 0))
        np.fill_diagonal(reduced, np.minimum((loadings ** 2).sum(1), 0.95))
    loadings *= np.sqrt(np.minimum(1, 0.95 / (loadings ** 2).sum(1)))[:, None]
    print('shared by the factors:', (loadings ** 2).sum(1).mean().round(3))
    return loadings


def fit_polarity(flow, direction):
    """A minutia lies along the ridges one way or the other: weights of flow and direction for the way that it does"""
    ring = [(i, n) for _, n in RINGS for i in range(n)]
    start = np.cumsum([0] + [n for _, n in RINGS])[[k for k, (_, n) in enumerate(RINGS) for _ in range(n)]]
    turned = [s + (i + n // 2) % n for s, (i, n) in zip(start, ring)]
    other = flow.reshape(-1, POINTS, LEVELS)[:, turned].reshape(len(flow), -1)
    bins = np.eye(DIRECTION_BINS, dtype=np.float32)
    own_bin = ((direction + 8) // 16) % DIRECTION_BINS
    x = np.hstack([flow - other, bins[own_bin] - bins[(own_bin + DIRECTION_BINS // 2) % DIRECTION_BINS]])
    w = np.zeros(x.shape[1])
    for _ in range(15):         # Newton
        chance = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x + 10 * np.eye(len(w))
        w += np.linalg.solve(hessian, x.T @ (1 - chance) - 10 * w)
    print('polarity foretold:', (x @ w > 0).mean().round(3))
    return w


def quantised(values, unit):
    return np.clip(np.round(np.asarray(values) * unit), -127, 127).astype(np.int8).tobytes()


def main(out, paths):
    files = [list(prints(path)) for path in paths]
    found = [d for file in files for d in file]
    weights = [SHARE if i == 0 else 1.0 for i, file in enumerate(files) for _ in file]
    (network,) = {d['networkVersion'] for d in found}
    print(len(found), 'prints,', sum(len(d['bits']) for d in found), 'minutiae')
    w = fit_bits(found, weights)
    fingers = sorted({d['finger'] for d in found})
    half = {finger: i % 2 for i, finger in enumerate(fingers)}
    halves = [[(d, v) for d, v in zip(found, weights) if half[d['finger']] == k] for k in (0, 1)]
    across = [explained([d for d, _ in halves[1 - k]], fit_bits(*zip(*halves[k]))) for k in (0, 1)]
    print('variance of the bits explained:', explained(found, w).round(3), 'of other fingers:', np.round(across, 3))
    some = found[::2]
    loadings = fit_factors(np.concatenate([2 * d['bits'] - 1 for d in some]), np.concatenate([features(d) @ w for d in some]))
    flow = one_hot(np.concatenate([flow_round(d) for d in found]))
    polarity = fit_polarity(flow, np.concatenate([d['minutiae'][:, 2] for d in found]))
    print('largest weight:', np.abs(w).max().round(3))
    with open(out, 'wb') as file:
        file.write(MAGIC + struct.pack('<HBBBBBBI', VERSION, POINTS, LEVELS, RANK, DIRECTION_BINS, NEAR_CELLS, NEAR_PX, network))
        file.write(quantised(w, WEIGHT_UNIT))
        file.write(quantised(loadings, FACTOR_UNIT))
        file.write(quantised(polarity, POLARITY_UNIT))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
