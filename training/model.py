"""The network: one trunk that finds minutiae and yields the map from which their codes are read.

Every activation is clipped to [0, 16), so that the core can hold all of them as int16 with 11 fractional bits, the clip being
the saturation of int16 itself (see export.py).
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

TOP = 16 - 2 ** -11
# Channels of the detector's output, all at a quarter of the resolution.
PEAK, CONTACT, QUALITY, TYPE, OFFSET_X, OFFSET_Y, COSINE, SINE = range(8)
BITS = 128
GRID = 16           # the code's window: 16 x 16 samples, 8 px apart, turned to the minutia's direction
CODE_MAP = 32       # channels of the code map: 8 that do not turn, 6 pairs that turn once and 6 that turn twice with the print
TURN_ONCE, TURN_TWICE = 8, 20
TURNS = 4           # of a quarter each


class Conv(nn.Module):
    """Convolution, batch normalisation and, unless `linear`, the clipped ramp"""

    def __init__(self, inputs, outputs, size, stride=1, linear=False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.linear = linear

    def forward(self, x):
        x = self.norm(self.conv(x))
        return x if self.linear else ramp(x)

    @property
    def stride(self):
        return self.conv.stride[0]

    def folded(self):
        """-> weight [out,in,k,k] and bias in float64, normalisation folded in"""
        norm = self.norm
        gain = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        return self.conv.weight.double() * gain[:, None, None, None], norm.bias.double() - norm.running_mean.double() * gain


class TurningConv(nn.Module):
    """The same that turns with the print: a print turned by a quarter yields the map turned by a quarter, its channels moved on by
    one turn (group p4: Cohen and Welling, ICML 2016, arXiv:1602.07576). Channels are [turn][channel]; of the four copies of a
    kernel, one a turn, one is learned. Where `first`, the input is the print, which has no turns yet. An even size goes with
    a stride of 2: four px have their middle between them, so that a quarter turn takes middles to middles."""

    def __init__(self, inputs, outputs, size, stride=1, linear=False, first=False):
        super().__init__()
        self.inputs, self.outputs = 1 if first else TURNS, outputs // TURNS
        weight = torch.empty(self.outputs, self.inputs, inputs // self.inputs, size, size)
        nn.init.kaiming_uniform_(weight.flatten(1, 2), a=math.sqrt(5))
        self.weight = nn.Parameter(weight)
        self.gain, self.shift = nn.Parameter(torch.ones(self.outputs)), nn.Parameter(torch.zeros(self.outputs))
        self.norm = nn.BatchNorm2d(outputs, affine=False)
        self.size, self.stride, self.linear = size, stride, linear

    def turned(self):
        """-> weight [TURNS * out, inputs, k, k]"""
        turns = [torch.rot90(self.weight.roll(g, 1) if self.inputs > 1 else self.weight, g, (-2, -1)) for g in range(TURNS)]
        return torch.stack(turns).flatten(0, 1).flatten(1, 2)

    def forward(self, x):
        x = self.norm(F.conv2d(x, self.turned(), None, self.stride, (self.size - 1) // 2))
        x = x * self.gain.repeat(TURNS)[:, None, None] + self.shift.repeat(TURNS)[:, None, None]
        return x if self.linear else ramp(x)

    def folded(self):
        mean, var = (t.double().view(TURNS, -1).mean(0) for t in (self.norm.running_mean, self.norm.running_var))
        gain = self.gain.double() / (var + self.norm.eps).sqrt()
        bias = self.shift.double() - mean * gain
        return self.turned().double() * gain.repeat(TURNS)[:, None, None, None], bias.repeat(TURNS)


class TurningHead(nn.Module):
    """A 1 x 1 convolution of a turning map to what is said of it: `kinds` are (kind, count), in the order of the outputs. 'plain':
    numbers that do not turn; 'once' and 'twice': vectors (x, y down), first all x then all y, that turn with the print or twice as
    fast; 'quarters': the four quarters of a cell, by row"""

    def __init__(self, inputs, kinds):
        super().__init__()
        self.kinds, self.inputs = kinds, inputs // TURNS
        size = {'plain': 1, 'once': 2, 'twice': 2, 'quarters': 4}
        self.weights = nn.ParameterList(torch.randn(size[kind], count, self.inputs) / math.sqrt(inputs) for kind, count in kinds)
        self.bias = nn.ParameterList(torch.zeros(count if kind == 'plain' else 0) for kind, count in kinds)

    def whole(self):
        """-> weight [outputs, TURNS * inputs], bias [outputs]"""
        rows, biases = [], []
        for (kind, count), w, bias in zip(self.kinds, self.weights, self.bias):
            if kind == 'plain':
                by_turn = [w[0]] * TURNS
            elif kind == 'once':
                x, y = w
                by_turn = [torch.cat(v) for v in ((x, y), (y, -x), (-x, -y), (-y, x))]
            elif kind == 'twice':
                by_turn = [w.flatten(0, 1) * (-1) ** g for g in range(TURNS)]
            else:
                # A quarter turn takes the upper left quarter to the lower left one, that to the lower right one, and so on.
                by_turn = [torch.cat([w[(g - k) % TURNS] for k in (0, 3, 1, 2)]) for g in range(TURNS)]
            rows.append(torch.cat(by_turn, 1))
            biases.append(bias if kind == 'plain' else bias.new_zeros(len(rows[-1])))
        return torch.cat(rows), torch.cat(biases)

    def forward(self, x):
        weight, bias = self.whole()
        return F.conv2d(x, weight[:, :, None, None], bias)

    def folded(self):
        weight, bias = self.whole()
        return weight.double()[:, :, None, None], bias.double()


def ramp(x):
    return x.clamp(0, TOP)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.one, self.two = TurningConv(channels, channels, 3), TurningConv(channels, channels, 3, linear=True)

    def forward(self, x):
        return ramp(x + self.two(self.one(x)))


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64, 96)):
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = TurningConv(1, w2, 6, 2, first=True)
        self.down4, self.at4 = TurningConv(w2, w4, 4, 2), Residual(w4)
        self.down8, self.at8 = TurningConv(w4, w8, 4, 2), Residual(w8)
        self.down16, self.at16 = TurningConv(w8, w16, 4, 2), Residual(w16)
        self.up8, self.merge8 = TurningConv(w16, w8, 1, linear=True), TurningConv(w8, w8, 3)
        self.up4, self.merge4 = TurningConv(w8, w4, 1, linear=True), TurningConv(w4, w4 + 16, 3)
        self.detect = TurningHead(w4 + 16, (('plain', 4), ('once', 1), ('once', 1)))
        self.detect.bias[0].data[PEAK] = -4
        self.code_map = TurningHead(w8, (('plain', TURN_ONCE), ('once', (TURN_TWICE - TURN_ONCE) // 2), ('twice', (CODE_MAP - TURN_TWICE) // 2)))
        self.code1, self.code2 = Conv(CODE_MAP, 64, 3, 2), Conv(64, 96, 3, 2)
        self.code = nn.Linear(96 * (GRID // 4) ** 2, BITS)
        # Free truth that teaches the trunk and is dropped afterwards: clean ridges at half resolution, orientation.
        self.ridges, self.orientation = TurningHead(w4 + 16, (('quarters', 1),)), TurningHead(w8, (('twice', 1),))

    def trunk(self, x):
        """[B,1,H,W], sides multiples of 16 -> features at a quarter and at an eighth"""
        at4 = self.at4(self.down4(self.stem(x)))
        at8 = self.at8(self.down8(at4))
        at16 = self.at16(self.down16(at8))
        at8 = self.merge8(ramp(at8 + twice(self.up8(at16))))
        return self.merge4(ramp(at4 + twice(self.up4(at8)))), at8

    def codes(self, code_map, which, x, y, direction):
        """Code map [B,CODE_MAP,H/8,W/8]; for each minutia its print, position in px and direction (ccw, y up) -> [n,BITS]"""
        e = self.code2(self.code1(turned_windows(code_map.float(), which, x, y, direction)))
        return self.code(e.flatten(1))


def twice(x):
    return F.interpolate(x, scale_factor=2, mode='nearest')


def turned_windows(code_map, which, x, y, direction):
    """-> [n,CODE_MAP,GRID,GRID]: bilinear samples (0 outside), columns along the direction; pairs of channels turned back"""
    c, s = torch.cos(direction)[:, None, None], torch.sin(direction)[:, None, None]
    a = (torch.arange(GRID) - (GRID - 1) / 2) * 8
    v, u = torch.meshgrid(a, a, indexing='ij')
    # y points down: a step of u along the direction is (c, -s), a step of v is (s, c).
    px, py = x[:, None, None] + c * u + s * v, y[:, None, None] - s * u + c * v
    height, width = code_map.shape[-2:]
    at = torch.stack([(px + 0.5) / (4 * width) - 1, (py + 0.5) / (4 * height) - 1], -1)
    out = torch.zeros(len(x), CODE_MAP, GRID, GRID)
    for k in range(len(code_map)):
        mine = (which == k).nonzero()[:, 0]
        if len(mine):
            grid = at[mine].reshape(1, -1, GRID, 2)
            got = F.grid_sample(code_map[k:k + 1], grid, align_corners=False)[0]
            out = out.index_put((mine,), got.reshape(CODE_MAP, -1, GRID, GRID).transpose(0, 1))
    c, s = c[:, None], s[:, None]
    plain = out[:, :TURN_ONCE]
    once = turn(out[:, TURN_ONCE:TURN_TWICE], c, s)
    both = turn(out[:, TURN_TWICE:], c * c - s * s, 2 * c * s)
    return torch.cat([plain, once, both], 1)


def turn(pairs, c, s):
    """Vectors (x, y down), first all x then all y, seen from a frame turned by the angle (ccw, y up) of that cosine and sine"""
    x, y = pairs.chunk(2, 1)
    return torch.cat([c * x - s * y, s * x + c * y], 1)
