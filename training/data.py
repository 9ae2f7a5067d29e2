"""Prints written by generate.js, normalised once, and batches of crops with their targets.

A batch holds pairs of crops: two impressions of one finger, laid so that a minutia that both show is near the middle.
"""
import json
import math
import os

import numpy as np
import torch

SIDE = 256          # side of a training crop, px at 500 ppi
WINDOW = 33         # side of the window of local normalisation, px: three to four ridge periods
SOFTNESS = 6.0      # gray levels added to the deviation: empty background must not be blown up to ridges
CLIP = 4.0          # deviations: the largest normalised value
STEPS = 31.75       # int8 steps a deviation: how normalised prints are kept in memory
PEAK_CELLS = 0.75   # deviation of a truth peak, cells of 4 px


def box_sums(values):
    """Sums of [h, w] integers over WINDOW x WINDOW, cut off at the rim."""
    r = WINDOW // 2
    for axis in (0, 1):
        n = values.shape[axis]
        total = np.concatenate([np.zeros_like(values.take([0], axis)), np.cumsum(values, axis)], axis)
        values = total.take(np.minimum(np.arange(n) + r + 1, n), axis) - total.take(np.maximum(np.arange(n) - r, 0), axis)
    return values


def normalise(gray):
    """uint8 [h, w] -> float32 (mean - gray) / (deviation + SOFTNESS) within WINDOW, ridges positive, clipped to +-CLIP."""
    g = gray.astype(np.int64)
    n = box_sums(np.ones_like(g)).astype(np.float32)
    mean = box_sums(g).astype(np.float32) / n
    square = box_sums(g * g).astype(np.float32) / n
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.clip((mean - gray) / (deviation + SOFTNESS), -CLIP, CLIP)


class Prints:
    """Every shard `<name>.bin` in a folder whose `<name>.done` exists; `refresh` takes in those that came later."""

    def __init__(self, folder):
        self.folder, self.seen, self.fingers = folder, set(), {}
        self.refresh()

    def refresh(self):
        for name in sorted(f[:-5] for f in os.listdir(self.folder) if f.endswith('.done')):
            if name not in self.seen:
                self.seen.add(name)
                self.read(os.path.join(self.folder, name))

    def read(self, path):
        raw = np.memmap(path + '.bin', np.uint8, 'r')
        for line in open(path + '.jsonl'):
            entry = json.loads(line)
            w, h, at = entry['widthPx'], entry['heightPx'], entry['offset']
            parts = []
            for rows, columns in ((h, w), (h // 4, w // 4), (h // 2, w // 2), (h // 8, w // 8)):
                parts.append(np.array(raw[at:at + rows * columns]).reshape(rows, columns))
                at += rows * columns
            parts[0] = np.round(normalise(parts[0]) * STEPS).astype(np.int8)
            minutiae = np.array(entry['minutiae'], np.float32).reshape(-1, 5)
            if len(minutiae) >= 6:
                self.fingers.setdefault(entry['finger'], []).append((parts, minutiae))

    def pair(self, rng):
        """-> two crops (parts, minutiae relative to the crop) of one finger"""
        while True:
            views = self.fingers[rng.choice(list(self.fingers))]
            if len(views) < 2:
                continue
            a, b = rng.sample(views, 2)
            shared = sorted(set(a[1][:, 0]) & set(b[1][:, 0]))
            if len(shared) >= 4:
                break
        anchor = rng.choice(shared)
        out = []
        for parts, minutiae in (a, b):
            at = minutiae[minutiae[:, 0] == anchor][0]
            # The anchor lies within 70 px of the crop's middle, less where the print would be left.
            h, w = parts[0].shape
            x0 = int(np.clip(at[1] - SIDE / 2 + rng.uniform(-70, 70), -40, max(w - SIDE + 40, -40))) // 8 * 8
            y0 = int(np.clip(at[2] - SIDE / 2 + rng.uniform(-70, 70), -40, max(h - SIDE + 40, -40))) // 8 * 8
            inside = minutiae.copy()
            inside[:, 1] -= x0
            inside[:, 2] -= y0
            keep = (inside[:, 1:3] >= 0).all(1) & (inside[:, 1:3] < SIDE).all(1)
            fill = (0, 0, 255, 255)
            out.append(([cut(p, x0 // s, y0 // s, SIDE // s, f) for p, s, f in zip(parts, (1, 4, 2, 8), fill)], inside[keep]))
        return out


def cut(part, x0, y0, side, fill):
    out = np.full((side, side), fill, part.dtype)
    x, y = max(x0, 0), max(y0, 0)
    piece = part[y:max(y0 + side, 0), x:max(x0 + side, 0)]
    out[y - y0:y - y0 + piece.shape[0], x - x0:x - x0 + piece.shape[1]] = piece
    return out


def cell_targets(minutiae, cells):
    """-> [7, cells, cells]: peak, weight, offset x and y (cells from the cell's middle), cosine and sine (y down), type"""
    out = np.zeros((7, cells, cells), np.float32)
    for _, x, y, direction, kind in minutiae:
        u, v = (x + 0.5) / 4, (y + 0.5) / 4
        column, row = int(u), int(v)
        for j in range(max(row - 2, 0), min(row + 3, cells)):
            for i in range(max(column - 2, 0), min(column + 3, cells)):
                dx, dy = u - i - 0.5, v - j - 0.5
                peak = math.exp(-(dx * dx + dy * dy) / (2 * PEAK_CELLS ** 2))
                if i == column and j == row:
                    peak = 1.0
                if peak <= out[0, j, i]:
                    continue
                near = abs(i - column) <= 1 and abs(j - row) <= 1
                out[:, j, i] = (peak, peak * near, dx, dy, math.cos(direction), -math.sin(direction), kind)
    return out


def batch(prints, rng, pairs):
    """-> image [B,1,S,S], cell targets [B,7,S/4,S/4], contact, ridges (1 ridge to -1 valley), orientation (cos, sin of twice,
    weight), and the minutiae of every crop"""
    crops = [crop for _ in range(pairs) for crop in prints.pair(rng)]
    image = torch.from_numpy(np.stack([c[0][0] for c in crops])).float()[:, None] / STEPS
    contact = torch.from_numpy(np.stack([c[0][1] for c in crops])).float()[:, None] / 255
    ridges = 1 - torch.from_numpy(np.stack([c[0][2] for c in crops])).float()[:, None] / 127.5
    steps = np.stack([c[0][3] for c in crops])
    angle = np.radians(steps.astype(np.float32) * 2)
    orientation = torch.from_numpy(np.stack([np.cos(angle), np.sin(angle), steps < 255], 1).astype(np.float32))
    targets = torch.from_numpy(np.stack([cell_targets(c[1], SIDE // 4) for c in crops]))
    return roughen(image), targets, contact, ridges, orientation, [c[1] for c in crops]


def roughen(image):
    """What costs no rendering: uneven contrast, blur, noise of two grain sizes, patches of nothing. A different one for each."""
    b = len(image)
    amount = lambda: torch.rand(b, 1, 1, 1)
    grow = lambda t, mode: torch.nn.functional.interpolate(t, size=image.shape[-2:], mode=mode)
    image = image * (1 + 0.3 * grow(torch.randn(b, 1, 5, 5), 'bilinear')).clamp(0.3, 1.7)
    soft = (amount() - 0.4).clamp(min=0) * 1.2
    image = image + soft * (torch.nn.functional.avg_pool2d(image, 3, 1, 1, count_include_pad=False) - image)
    image = image + (amount() - 0.3).clamp(min=0) * 0.5 * torch.randn_like(image)
    image = image + (amount() - 0.5).clamp(min=0) * 0.8 * grow(torch.randn(b, 1, SIDE // 3, SIDE // 3), 'bilinear')
    holes = (grow(torch.randn(b, 1, 9, 9), 'bilinear') > 1.6) & (amount() < 0.3)
    return image.masked_fill(holes, 0).clamp(-CLIP, CLIP)
