"""The exported network in exact integers, as the core computes it: the reference for its tests.

A sum of int8 x int16 products is made of two float32 convolutions, of the upper bits of the activations and of the lower
six: neither exceeds 2^24, so that both are exact.
"""
import struct
import zlib

import numpy as np
import torch
import torch.nn.functional as F

from export import LAYERS, VERSION
from model import GRID, TURN_ONCE, TURN_TWICE

TOP = 4095


class Layer:
    def __init__(self, raw, at):
        self.inputs, self.outputs, self.size, self.stride, self.ramped, self.shift, _ = struct.unpack_from('<HHBBBBI', raw, at)
        at += 12
        parts = []
        for kind, count in (('<i2', self.outputs), ('<i4', self.outputs), ('i1', self.outputs * self.size ** 2 * self.inputs)):
            parts.append(torch.from_numpy(np.frombuffer(raw, kind, count, at).astype(np.int64)))
            at += -(-count * np.dtype(kind).itemsize // 4) * 4
        self.end = at
        self.multiplier, self.bias = (p[None, :, None, None] for p in parts[:2])
        self.weight = parts[2].reshape(self.outputs, self.size, self.size, self.inputs).permute(0, 3, 1, 2).float().contiguous()

    def sums(self, a, padding=None):
        padding = self.size // 2 if padding is None else padding
        high, low = a >> 6, a & 63
        products = [F.conv2d(part.float(), self.weight, None, self.stride, padding).long() for part in (high, low)]
        return products[0] * 64 + products[1] + self.bias

    def __call__(self, a):
        t = ((self.sums(a) + (1 << (self.shift - 1))) >> self.shift).clamp(-32768, 32767)
        y = ((t * self.multiplier + (1 << 14)) >> 15).clamp(-32768, 32767)
        return ramp(y) if self.ramped else y


def ramp(y):
    return y.clamp(0, TOP)


def twice(y):
    return y.repeat_interleave(2, 2).repeat_interleave(2, 3)


class IntegerNetwork:
    def __init__(self, path):
        raw = open(path, 'rb').read()
        magic, version, count, length, crc = struct.unpack_from('<4sHHII', raw)
        if magic != b'SDKN' or version != VERSION or count != len(LAYERS) or length != len(raw) or crc != zlib.crc32(raw[16:]):
            raise ValueError(f'{path}: not a whole weight file of version {VERSION}')
        self.layers, at = {}, 16
        for name in LAYERS:
            self.layers[name] = Layer(raw, at)
            at = self.layers[name].end

    def maps(self, image):
        n = self.layers
        residual = lambda name, a: ramp(a + n[name + '.two'](n[name + '.one'](a)))
        a = torch.floor(image * 256 + 0.5).long()[None, None]
        at4 = residual('at4', n['down4'](n['stem'](a)))
        at8 = residual('at8', n['down8'](at4))
        at16 = residual('at16', n['down16'](at8))
        at8 = n['merge8'](ramp(at8 + twice(n['up8'](at16))))
        at4 = n['merge4'](ramp(at4 + twice(n['up4'](at8))))
        return n['detect'](at4)[0].float() / 256, n['code_map'](at8).clamp(-TOP, TOP)

    def codes(self, code_map, x, y, direction):
        """-> sums of the code's layer [n,128]: bit k is 1 where the k-th is positive"""
        windows = torch.stack([self.window(code_map[0], *m) for m in zip(x.tolist(), y.tolist(), direction.tolist())])
        n = self.layers
        return n['code'].sums(n['code2'](n['code1'](windows)), padding=0)[:, :, 0, 0].float()

    def window(self, code_map, x, y, direction):
        """Positions in 1/32 px, cosine and sine in 1/16384, samples by bilinear interpolation in 1/256 of a cell of 8 px"""
        c, s = round(np.cos(direction) * 16384), round(np.sin(direction) * 16384)
        a = torch.arange(GRID) * 8 - 60
        v, u = torch.meshgrid(a, a, indexing='ij')
        gx = round(x * 32) - 112 + ((c * u + s * v + 256) >> 9)
        gy = round(y * 32) - 112 + ((c * v - s * u + 256) >> 9)
        height, width = code_map.shape[1:]
        padded = F.pad(code_map, (1, 1, 1, 1))
        # One cell of zeros all round; farther out nothing but zeros is read either.
        gx, gy = gx.clamp(-256, width * 256 - 1), gy.clamp(-256, height * 256 - 1)
        column, row, fx, fy = (gx >> 8) + 1, (gy >> 8) + 1, gx & 255, gy & 255
        out = padded[:, row, column] * ((256 - fx) * (256 - fy)) + padded[:, row, column + 1] * (fx * (256 - fy))
        out += padded[:, row + 1, column] * ((256 - fx) * fy) + padded[:, row + 1, column + 1] * (fx * fy)
        out = (out + (1 << 15)) >> 16
        c2, s2 = (c * c - s * s + 8192) >> 14, (2 * c * s + 8192) >> 14
        return torch.cat([out[:TURN_ONCE], turn(out[TURN_ONCE:TURN_TWICE], c, s), turn(out[TURN_TWICE:], c2, s2)])


def turn(pairs, c, s):
    x, y = pairs.chunk(2)
    return torch.cat([(c * x - s * y + 8192) >> 14, (s * x + c * y + 8192) >> 14])
