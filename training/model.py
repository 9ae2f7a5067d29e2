"""The network: one trunk that finds minutiae and yields the map from which their codes are read.

Every activation is clipped to [0, 16), so that the core can hold all of them as int16 with 11 fractional bits, the clip being
the saturation of int16 itself (see export.py).
"""
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


def ramp(x):
    return x.clamp(0, TOP)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.one, self.two = Conv(channels, channels, 3), Conv(channels, channels, 3, linear=True)

    def forward(self, x):
        return ramp(x + self.two(self.one(x)))


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64, 96)):
        super().__init__()
        w2, w4, w8, w16 = widths
        self.stem = Conv(1, w2, 5, 2)
        self.down4, self.at4 = Conv(w2, w4, 3, 2), Residual(w4)
        self.down8, self.at8 = Conv(w4, w8, 3, 2), Residual(w8)
        self.down16, self.at16 = Conv(w8, w16, 3, 2), Residual(w16)
        self.up8, self.merge8 = Conv(w16, w8, 1, linear=True), Conv(w8, w8, 3)
        self.up4, self.merge4 = Conv(w8, w4, 1, linear=True), Conv(w4, w4 + 16, 3)
        self.detect = nn.Conv2d(w4 + 16, 8, 1)
        self.detect.bias.data[PEAK] = -4
        self.code_map = nn.Conv2d(w8, CODE_MAP, 1)
        self.code1, self.code2 = Conv(CODE_MAP, 64, 3, 2), Conv(64, 96, 3, 2)
        self.code = nn.Linear(96 * (GRID // 4) ** 2, BITS)
        # Free truth that teaches the trunk and is dropped afterwards: clean ridges at half resolution, orientation.
        self.ridges, self.orientation = nn.Conv2d(w4 + 16, 4, 1), nn.Conv2d(w8, 2, 1)

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
