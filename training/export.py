"""Writes a checkpoint as the integer network that the core computes: python3 training/export.py NET.pt training/weights/sidik-3.bin

File, little-endian. Header, 16 bytes: magic 'SDKN'; u16 format version; u16 number of layers; u32 length of the file; u32
CRC-32 (zlib's) of all that follows the header. Then each layer of LAYERS in that order, 12 bytes: u16 inputs, u16 outputs, u8 size of
the square kernel, u8 stride, u8 1 if the output is ramped, u8 shift, u32 zero; then i32 bias [outputs], i16 weight
[outputs][row][column][inputs], padded with zeros to a multiple of 4 bytes.

Activations are i16 with 11 fractional bits, everywhere: a map is [row][column][channel].

A layer: sum = bias + weights . inputs in i32; y = sat16(sum >> shift), the shift arithmetic (i32x4.dot_i16x8_s, i32x4.add,
i32x4.shr_s, i16x8.narrow_i32x4_s); ramped: max(y, 0), so that the clip at 16 - 2^-11 is the saturation itself. Half a step for
rounding is part of the bias. Padding: zeros, (size - 1) / 2 (down) above and on the left, as many as are needed on the other sides;
the kernel's row and column (size - 1) / 2 lie on input (stride r, stride c) for output (r, c).
`bound` below proves for every output channel that no sum leaves i32. Sums in between may wrap round, which does no harm in two's
complement, so that the order of summation is free. 'code' has shift 0 and no rounding: its sums are not shifted, bit k is 1 where sum k > 0.

Network, from the normalised print `image` padded right and below with zeros to multiples of 16 px; + is i16x8.add_sat_s; twice
repeats each cell 2 x 2; ramp is max(., 0):
  stem = stem(image)                                         1/2, 16 channels
  a = down4(stem);        at4 = ramp(a + at4.two(at4.one(a)))      1/4, 32
  b = down8(at4);         at8 = ramp(b + at8.two(at8.one(b)))      1/8, 64
  c = down16(at8);        at16 = ramp(c + at16.two(at16.one(c)))   1/16, 96
  both8 = merge8(ramp(at8 + twice(up8(at16))))               1/8, 64
  both4 = merge4(ramp(at4 + twice(up4(both8))))              1/4, 48
  detect(both4): 8 channels at 1/4; code_map(both8): 32 channels at 1/8
  bits = code(code2(code1(window))) for each minutia: 16 x 16 x 32 -> 8 x 8 x 64 -> 4 x 4 x 96 -> 128
  (code: a kernel of 4 x 4 on the 4 x 4 map, without padding: one output).
How the image is normalised, the detector's output decoded and a window read: quantized.py, which executes all of it exactly.
"""
import argparse
import math
import os
import struct
import zlib

import numpy as np
import torch

from model import BITS, GRID, Net

VERSION = 3
# Names in the checkpoint, in the order of the file.
LAYERS = ('stem', 'down4', 'at4.one', 'at4.two', 'down8', 'at8.one', 'at8.two', 'down16', 'at16.one', 'at16.two', 'up8', 'merge8',
          'up4', 'merge4', 'detect', 'code_map', 'code1', 'code2', 'code')
FRACTION = 11       # fractional bits of an activation
HIGHEST = 2 ** 15 - 1
SIGNED = {'stem': 4 << FRACTION, 'code1': 2 ** 15}   # largest magnitude of the inputs that are not ramped


def folded(module, name):
    """-> weight [out,in,k,k] and bias in float64, normalisation folded in, all turns of a kernel written out"""
    if name != 'code':
        return module.folded()
    return module.weight.double().reshape(BITS, -1, GRID // 4, GRID // 4), module.bias.double()


def bound(name, weight, bias):
    """-> the largest magnitude that a sum may reach: inputs lie in 0..HIGHEST, so that weights of either sign count apart"""
    up, down = (weight.clamp(min=0).sum((1, 2, 3)), (-weight).clamp(min=0).sum((1, 2, 3)))
    if name in SIGNED:
        up, down, top = up + down, up + down, SIGNED[name]
    else:
        top = HIGHEST
    return torch.maximum(up * top + bias, down * top - bias).max().item()


def quantise(name, weight, bias):
    """-> int16 weights, int32 biases, shift: the largest (the finest weights) with which weights fit i16 and sums i32"""
    for shift in range(16, 0, -1):
        whole = torch.round(weight * 2 ** shift)
        start = torch.round(bias * 2 ** (FRACTION + shift)) + (0 if name == 'code' else 2 ** (shift - 1))
        if whole.abs().max() <= HIGHEST and bound(name, whole, start) < 2 ** 31:
            return whole, start, 0 if name == 'code' else shift
    raise OverflowError(f'{name}: its sums do not fit i32 with any shift')


def pack(array, kind):
    raw = array.numpy().astype(kind).tobytes()
    return raw + bytes(-len(raw) % 4)


def export(net):
    modules, body = dict(net.named_modules()), b''
    for name in LAYERS:
        module = modules[name]
        whole, bias, shift = quantise(name, *(t.detach() for t in folded(module, name)))
        outputs, inputs, size, _ = whole.shape
        stride = getattr(module, 'stride', 1)
        ramped = not getattr(module, 'linear', True)
        body += struct.pack('<HHBBBBI', inputs, outputs, size, stride, ramped, shift, 0)
        body += pack(bias, '<i4') + pack(whole.permute(0, 2, 3, 1).contiguous(), '<i2')
    return struct.pack('<4sHHII', b'SDKN', VERSION, len(LAYERS), 16 + len(body), zlib.crc32(body)) + body


def costs(net, print_px=150_000, minutiae=40):
    """Multiply-adds a px of the print and parameters, a layer"""
    at = {'stem': 4, 'down4': 16, 'at4': 16, 'down8': 64, 'at8': 64, 'down16': 256, 'at16': 256, 'up8': 256, 'merge8': 64, 'up4': 64,
          'merge4': 16, 'detect': 16, 'code_map': 64}
    modules, total, weights = dict(net.named_modules()), 0, 0
    for name in LAYERS:
        weight, _ = folded(modules[name], name)
        weights += weight.numel()
        outputs_px = {'code1': 64, 'code2': 16, 'code': 1}.get(name)
        macs = weight.numel() * outputs_px * minutiae / print_px if outputs_px else weight.numel() / at[name.split('.')[0]]
        print(f'{name:9} {weight.numel():7} weights {macs:7.1f} multiply-adds a px')
        total += macs
    print(f'{weights} weights, {total:.0f} multiply-adds a px with {minutiae} minutiae in {print_px} px: '
          f'{total * print_px / 29e6:.1f} ms at 29 G a second')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('checkpoint')
    parser.add_argument('out')
    a = parser.parse_args()
    net = Net().eval()
    net.load_state_dict(torch.load(a.checkpoint))
    costs(net)
    os.makedirs(os.path.dirname(a.out) or '.', exist_ok=True)
    with open(a.out, 'wb') as file:
        file.write(export(net))
    print(f'{a.out}: {os.path.getsize(a.out)} bytes')


if __name__ == '__main__':
    main()
