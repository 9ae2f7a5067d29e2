"""The exported network in exact integers, from a print to minutiae and codes: what the core computes, bit for bit.

`IntegerNetwork(path).extract(gray)` is the reference. export.py says how a layer computes; the rest is said here, step by step. All of
it is integers, or f32 with + - * / sqrt and floor, each operation rounded by itself in the order written. Sums of products are
made of two convolutions, of the upper and of the lower byte of the inputs, in a type of floating point that holds them exactly.
"""
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from data import normalise
from export import FRACTION, HIGHEST, LAYERS, VERSION
from model import CONTACT, COSINE, GRID, OFFSET_X, OFFSET_Y, PEAK, QUALITY, SINE, TURN_ONCE, TURN_TWICE, TYPE

FLOOR = -1736       # floor(2^11 ln(0.3 / 0.7)): a minutia's logit is above it, its probability above 0.3
APART_32NDS = 192   # 6 px: of two peaks nearer than this the higher one stays
MOST = 200          # minutiae of a print


@dataclass
class Minutia:
    row: int            # of the cell of 4 x 4 px
    column: int
    logits: list        # the cell's 8 outputs, 1/2048
    x: int              # 1/32 px at 500 ppi, y down; 0 is the middle of the first px
    y: int
    cosine: int         # of the direction, counter-clockwise with y up; 1/16384
    sine: int
    bifurcation: bool
    quality: int        # 0..100
    code: bytes = b''   # 128 bits, bit k is bit k % 8 of byte k / 8


class Layer:
    def __init__(self, raw, at):
        self.inputs, self.outputs, self.size, self.stride, self.ramped, self.shift, _ = struct.unpack_from('<HHBBBBI', raw, at)
        count = self.outputs * self.size ** 2 * self.inputs
        bias = np.frombuffer(raw, '<i4', self.outputs, at + 12).astype(np.int64)
        weight = np.frombuffer(raw, '<i2', count, at + 12 + 4 * self.outputs).astype(np.float64)
        self.end = at + 12 + 4 * self.outputs + -(-2 * count // 4) * 4
        self.bias = torch.from_numpy(bias)[None, :, None, None]
        self.weight = torch.from_numpy(weight).reshape(self.outputs, self.size, self.size, self.inputs).permute(0, 3, 1, 2).contiguous()
        largest = max(self.weight.clamp(min=0).sum((1, 2, 3)).max(), -self.weight.clamp(max=0).sum((1, 2, 3)).min())
        self.weight = self.weight.float() if largest * 256 <= 2 ** 24 else self.weight

    def sums(self, a, padding):
        # At most 255, or +-128 where the upper byte may be negative: no partial sum passes 2^24.
        parts = [F.conv2d(part.to(self.weight.dtype), self.weight, None, self.stride, padding).long() for part in (a >> 8, a & 255)]
        out = parts[0] * 256 + parts[1] + self.bias
        assert out.abs().max() < 2 ** 31
        return out

    def __call__(self, a):
        y = saturate(self.sums(a, (self.size - 1) // 2) >> self.shift)
        return ramp(y) if self.ramped else y


def saturate(y):
    return y.clamp(-HIGHEST - 1, HIGHEST)


def ramp(y):
    return y.clamp(0, HIGHEST)


def twice(y):
    return y.repeat_interleave(2, 2).repeat_interleave(2, 3)


class IntegerNetwork:
    def __init__(self, path):
        raw = open(path, 'rb').read()
        magic, version, count, length, self.crc = struct.unpack_from('<4sHHII', raw)
        if magic != b'SDKN' or version != VERSION or count != len(LAYERS) or length != len(raw) or self.crc != zlib.crc32(raw[16:]):
            raise ValueError(f'{path}: not a whole weight file of version {VERSION}')
        self.layers, at = {}, 16
        for name in LAYERS:
            self.layers[name] = Layer(raw, at)
            at = self.layers[name].end

    def extract(self, gray, floor=FLOOR, seen=None):
        """uint8 [h, w] at 500 ppi -> [Minutia], the highest logit first; `seen`, a dict, receives every map by its name"""
        seen = {} if seen is None else seen
        self.maps(integer_image(gray), seen)
        found = minutiae(seen['detect'][0].numpy(), *gray.shape, floor)
        if found:
            seen['windows'] = torch.stack([window(seen['code_map'][0], m) for m in found])
            seen['code1'] = self.layers['code1'](seen['windows'])
            seen['code2'] = self.layers['code2'](seen['code1'])
            seen['code'] = self.layers['code'].sums(seen['code2'], 0)
            bits = (seen['code'][:, :, 0, 0] > 0).numpy()
            for m, row in zip(found, np.packbits(bits, 1, 'little')):
                m.code = row.tobytes()
        return found

    def maps(self, image, seen):
        def layer(name, a):
            seen[name] = self.layers[name](a)
            return seen[name]

        def add(name, a, b):
            seen[name] = ramp(a + b)
            return seen[name]

        seen['image'] = torch.from_numpy(image)[None, None]
        down4 = layer('down4', layer('stem', seen['image']))
        at4 = add('at4', down4, layer('at4.two', layer('at4.one', down4)))
        down8 = layer('down8', at4)
        at8 = add('at8', down8, layer('at8.two', layer('at8.one', down8)))
        down16 = layer('down16', at8)
        at16 = add('at16', down16, layer('at16.two', layer('at16.one', down16)))
        both8 = layer('merge8', add('sum8', at8, twice(layer('up8', at16))))
        both4 = layer('merge4', add('sum4', at4, twice(layer('up4', both8))))
        layer('detect', both4)
        layer('code_map', both8)


def integer_image(gray):
    """uint8 [h, w] -> int64 [H, W], sides multiples of 16, 0 right of and below the print.

    Of the n px of the window of 33 x 33 px round a px, cut off at the print's rim: S the sum of gray, Q that of its squares, exact
    integers, each of n, S, Q then rounded once to f32. In f32, in this order: mean = S / n; square = Q / n; variance = square - (mean * mean),
    at least 0; deviation = sqrt(variance); v = (mean - gray) / (deviation + 6), clipped to +-4; floor((v * 2048) + 0.5).
    """
    h, w = gray.shape
    out = np.zeros((-(-h // 16) * 16, -(-w // 16) * 16), np.int64)
    out[:h, :w] = np.floor(normalise(gray) * np.float32(2 ** FRACTION) + np.float32(0.5)).astype(np.int64)
    return out


def minutiae(output, height, width, floor=FLOOR):
    """int [8, H/4, W/4], size of the print -> [Minutia] without codes.

    A cell is a candidate if its logit is above `floor`, greater than those of its 4 neighbours that come earlier in row order, not less
    than those of the 4 that come later, and its contact logit is above 0. Candidates are taken by falling logit, in row order
    among equals; one is kept if it lies within the print and 6 px or more from every one kept before, up to MOST.
    """
    peak = output[PEAK]
    rows, columns = peak.shape
    ring = np.pad(peak, 1, constant_values=-HIGHEST - 1)
    near = [ring[1 + i:1 + i + rows, 1 + j:1 + j + columns] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    candidate = (peak > floor) & (output[CONTACT] > 0) & (peak > np.max(near[:4], 0)) & (peak >= np.max(near[5:], 0))
    kept = []
    for row, column in sorted(np.argwhere(candidate).tolist(), key=lambda at: -peak[at[0], at[1]]):
        o = output[:, row, column].tolist()
        # 4 (column + 0.5 + offset) - 0.5 px in 1/32 px.
        x, y = 128 * column + 48 + ((o[OFFSET_X] + 8) >> 4), 128 * row + 48 + ((o[OFFSET_Y] + 8) >> 4)
        inside = 0 <= x < 32 * width and 0 <= y < 32 * height
        if inside and all((x - m.x) ** 2 + (y - m.y) ** 2 >= APART_32NDS ** 2 for m in kept) and len(kept) < MOST:
            cosine, sine = unit(o[COSINE], -o[SINE])
            kept.append(Minutia(row, column, o, x, y, cosine, sine, o[TYPE] > 0, quality(o[PEAK], o[QUALITY])))
    return kept


def unit(x, y):
    """Integers (x, y) -> the vector of length 1 in 1/16384, in f32: floor(16384 x / sqrt(x x + y y) + 0.5); (0, 0) points right"""
    if x == 0 and y == 0:
        return 16384, 0
    # The sum of squares is exact up to 2^31 and rounded once, to f32.
    length = np.sqrt(np.float32(x * x + y * y))
    return tuple(int(np.floor(np.float32(16384 * k) / length + np.float32(0.5))) for k in (x, y))


def chance(logit):
    """Logit in 1/2048 -> logistic function in f32, e^x taken as (1 + x / 1024)^1024 so that it is ten squarings (off by 0.0003 at most)"""
    power = np.float32(1) + np.float32(abs(logit)) / np.float32(1024 << FRACTION)
    for _ in range(10):
        power = power * power
    return (power if logit >= 0 else np.float32(1)) / (np.float32(1) + power)


def quality(peak, clear):
    """-> 0..100: 100 times the chances of a minutia and of clear ridges, floor((100 p) q + 0.5) in f32"""
    return int(np.floor(np.float32(100) * chance(peak) * chance(clear) + np.float32(0.5)))


def window(code_map, m):
    """int [32, H/8, W/8] -> int [32, 16, 16]: 16 x 16 samples 8 px apart, columns along the minutia's direction.

    The sample at (u, v), u and v of -60, -52 .. 60 px, lies at gx, gy in 1/256 of a cell of 8 px, 0 in the middle of the first.
    Bilinear, cells outside the map being 0. Then pairs of channels (x, y) are turned back by the direction, or twice by it:
    channels 8..13 are the x of those that turn once and 14..19 their y, 20..25 and 26..31 those that turn twice.
    """
    c, s = m.cosine, m.sine
    a = torch.arange(GRID) * 8 - 60
    v, u = torch.meshgrid(a, a, indexing='ij')
    gx, gy = m.x - 112 + ((c * u + s * v + 256) >> 9), m.y - 112 + ((c * v - s * u + 256) >> 9)
    height, width = code_map.shape[1:]
    # Two cells of zeros all round; farther out nothing but zeros is read either.
    padded = F.pad(code_map, (2, 2, 2, 2))
    gx, gy = gx.clamp(-512, width * 256), gy.clamp(-512, height * 256)
    column, row, fx, fy = (gx >> 8) + 2, (gy >> 8) + 2, gx & 255, gy & 255
    out = padded[:, row, column] * ((256 - fx) * (256 - fy)) + padded[:, row, column + 1] * (fx * (256 - fy))
    out += padded[:, row + 1, column] * ((256 - fx) * fy) + padded[:, row + 1, column + 1] * (fx * fy)
    out = (out + (1 << 15)) >> 16
    c2, s2 = (c * c - s * s + 8192) >> 14, (2 * c * s + 8192) >> 14
    return torch.cat([out[:TURN_ONCE], turn(out[TURN_ONCE:TURN_TWICE], c, s), turn(out[TURN_TWICE:], c2, s2)])


def turn(pairs, c, s):
    """Saturates: what is longer than 16 - 2^-11 would leave i16"""
    x, y = pairs.chunk(2)
    return saturate(torch.cat([(c * x - s * y + 8192) >> 14, (s * x + c * y + 8192) >> 14]))
