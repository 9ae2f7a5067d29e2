"""Fits the model from which src/synthesize makes templates: python3 training/fit_templates.py OUT.bin PRINTS.json...

PRINTS.json are files of measure-prints.js; the first counts SHARE times a print (plain prints, of which templates are made), the
others once. What is written is a mixture of CLUSTERS kinds of minutiae, aggregated over all prints; docs/synthetic-templates.md says
what is in it. Deterministic.

A kind of minutia has a direction (von Mises), a likely flow of the ridges round it (the orientation, seen from the minutia, at
POINTS points, in eighths of a half turn or outside the print), and 128 bits with their probabilities. Bits of one code are more
alike than independent ones: what the mixture leaves is given a factor model (RANK factors), the same for all kinds.
"""
import base64
import json
import struct
import sys
from math import erf

import numpy as np

CLUSTERS, RANK, ROUNDS = 256, 24, 16
SHARE = 1.5
# px: rings of points round the minutia, (radius, number); src/synthesize/template-model.ts has the same.
RINGS = ((28, 4), (56, 8))
LEVELS = 9                    # eighths of a half turn, and outside
# The flow at neighbouring points is nearly the same: its log likelihood is given this weight.
FLOW_WEIGHT = 0.4
# How decided the bits of a code are: factors of the log odds of the kind's bits.
SHARPNESS = np.array([0.55, 1.0, 1.7])
PLAIN_ROUNDS = 6              # rounds before sharpness is fitted too
KAPPA_MOST = 20.0
# Units of the file: see src/synthesize/template-model.ts.
ODDS_UNIT, FACTOR_UNIT, LOG_UNIT, KAPPA_UNIT, PRIOR_UNIT, POLARITY_UNIT = 32, 100, 24, 8, 256, 40
MAGIC, VERSION = b'SDKM', 1

ANGLES = [(r, 2 * np.pi * i / n) for r, n in RINGS for i in range(n)]
POINTS = len(ANGLES)
DIRECTION_BINS = 16


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


def flow_levels(d):
    """[n,POINTS]: eighths of a half turn that the ridges are turned against the minutia, LEVELS - 1 outside the print"""
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
        turn = (d['orientation'][row, column].astype(int) - 2 * direction + 16) % 256 // 32
        out.append(np.where(inside, turn, LEVELS - 1))
    return np.array(out).T


def one_hot(levels):
    out = np.zeros((len(levels), POINTS * LEVELS), np.float32)
    out[np.arange(len(levels))[:, None], np.arange(POINTS) * LEVELS + levels] = 1
    return out


def fit_mixture(bits, towards, flow, weights):
    """EM. -> probabilities of bits, kappa times direction, log odds of flow, prior, shares of sharpness, and each code's own"""
    random = np.random.default_rng(1)
    first = random.choice(len(bits), CLUSTERS, False)
    p, direction, prior = 0.25 + 0.5 * bits[first], 2 * towards[first], np.full(CLUSTERS, 1 / CLUSTERS)
    of_flow = np.full((CLUSTERS, flow.shape[1]), 1 / LEVELS)
    shares = np.array([0.0, 1.0, 0.0])
    for round_ in range(ROUNDS):
        odds = log_odds(p)
        kappa = np.hypot(*direction.T)
        base = towards @ direction.T - np.log(np.i0(kappa)) + np.log(prior) + FLOW_WEIGHT * flow @ np.log(of_flow).T
        log_likelihoods = []
        for sharpness, share in zip(SHARPNESS, shares):
            if share > 0:
                q = 1 / (1 + np.exp(-sharpness * odds))
                one, zero = np.log(q), np.log(1 - q)
                log_likelihoods.append(bits @ (one - zero).T.astype(np.float32) + zero.sum(1) + np.log(share) + base)
        top = np.max([own.max(1) for own in log_likelihoods], 0)[:, None]
        posterior = [np.exp(own - top) for own in log_likelihoods]
        whole = sum(own.sum(1) for own in posterior)[:, None]
        posterior = [own / whole for own in posterior]
        if len(posterior) == len(shares):
            shares = np.array([(own.sum(1) * weights).sum() for own in posterior]) / weights.sum()
        elif round_ + 1 == PLAIN_ROUNDS:
            shares = np.array([0.3, 0.4, 0.3])
        responsible = sum(posterior) * weights[:, None]
        n = responsible.sum(0) + 1e-3
        p = (responsible.T @ bits + 2) / (n + 4)[:, None]
        mean = responsible.T @ towards / n[:, None]
        length = np.clip(np.hypot(*mean.T), 1e-3, 0.98)
        kappa = np.minimum(length * (2 - length ** 2) / (1 - length ** 2), KAPPA_MOST)
        direction = mean * (kappa / length)[:, None]
        prior = n / n.sum()
        of_flow = (responsible.T @ flow + 2 / LEVELS) / (n + 2)[:, None]
        print(f'round {round_}: {(top[:, 0] + np.log(whole[:, 0])).mean():.3f}', flush=True)
    own_kind = np.argmax(sum(posterior), 1)
    own_sharpness = np.argmax([own.max(1) for own in posterior], 0)
    return p, direction, of_flow, prior, shares, own_kind, own_sharpness


def log_odds(p):
    p = np.clip(p, 0.02, 0.98)
    return np.log(p / (1 - p))


def latent(p):
    """Mean of a normal variable of deviation 1 that is above 0 with that probability"""
    grid = np.linspace(-3, 3, 6001)
    return np.interp(p, [(1 + erf(v / 2 ** 0.5)) / 2 for v in grid], grid)


def fit_factors(bits, p):
    """Correlations of the normal variables behind the bits, from the covariance of what p leaves -> [128,RANK] loadings"""
    left = bits - p
    m = latent(p)
    density = np.exp(-m ** 2 / 2) / np.sqrt(2 * np.pi)
    correlation = np.cov(left.T) / (density.T @ density / len(density))
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


def quantised(values, unit, low, high, kind):
    return np.clip(np.round(np.asarray(values) * unit), low, high).astype(kind).tobytes()


def main(out, paths):
    found, weights = [], []
    for i, path in enumerate(paths):
        some = list(prints(path))
        found += some
        weights += [np.full(len(d['bits']), SHARE if i == 0 else 1.0) for d in some]
    bits = np.concatenate([d['bits'] for d in found])
    direction = np.concatenate([d['minutiae'][:, 2] for d in found])
    towards = np.c_[np.cos(direction * np.pi / 128), np.sin(direction * np.pi / 128)].astype(np.float32)
    flow = one_hot(np.concatenate([flow_levels(d) for d in found]))
    (network,) = {d['networkVersion'] for d in found}
    print(len(found), 'prints,', len(bits), 'minutiae')
    p, kinds_direction, of_flow, prior, shares, kind, sharpness = fit_mixture(
        bits, towards, flow, np.concatenate(weights).astype(np.float32))
    sharp = [1 / (1 + np.exp(-s * log_odds(p))) for s in SHARPNESS]
    loadings = fit_factors(bits[::2], np.array(sharp)[sharpness, kind][::2])
    polarity = fit_polarity(flow, direction)
    kappa = np.hypot(*kinds_direction.T)
    angle = np.round(np.arctan2(kinds_direction[:, 1], kinds_direction[:, 0]) * 128 / np.pi).astype(int) & 255
    print('shares of sharpness:', shares.round(3))
    with open(out, 'wb') as file:
        file.write(MAGIC + struct.pack('<HHBBBB3fI', VERSION, CLUSTERS, POINTS, LEVELS, RANK, DIRECTION_BINS, *shares, network))
        file.write(quantised(log_odds(p), ODDS_UNIT, -127, 127, np.int8))
        file.write(quantised(loadings, FACTOR_UNIT, -127, 127, np.int8))
        file.write(quantised(-np.log(of_flow), LOG_UNIT, 0, 255, np.uint8))
        file.write(quantised(polarity, POLARITY_UNIT, -127, 127, np.int8))
        file.write(angle.astype(np.uint8).tobytes())
        file.write(quantised(kappa, KAPPA_UNIT, 0, 255, np.uint8))
        file.write(quantised(np.log(prior), PRIOR_UNIT, -32768, 0, '<i2'))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
