"""Writes a checkpoint as the integer network that the core computes: python3 training/export.py NET.pt training/weights/sidik-1.bin

Little-endian. Header, 16 bytes: magic 'SDKN'; u16 format version; u16 number of layers; u32 length of the file; u32 CRC-32
of all that follows the header. Then each layer of LAYERS in that order, 12 bytes: u16 inputs, u16 outputs, u8 size of the
kernel, u8 stride, u8 1 if the output is ramped, u8 shift, u32 zero; then i16 multiplier [outputs], i32 bias [outputs], i8 weight
[outputs][row][column][inputs], each of the three padded with zeros to a multiple of 4 bytes.

Arithmetic, exact: activations a are i16 with 8 fractional bits. sum = bias + weights . a in i32; t = sat16((sum + 2^(shift - 1))
>> shift); y = sat16((t * multiplier + 2^14) >> 15), which is i16x8.q15mulr_sat_s. Ramped: clamped to 0..4095. Batch
normalisation is folded into weights and bias. No sum can leave i32: `check` below proves it for every output channel.
"""
import argparse
import math
import os
import struct
import zlib

import numpy as np
import torch

from model import Conv, Net

VERSION = 1
# Name in the checkpoint; 'ramp' where the output is clamped; what is added to a residual layer's output is clamped afterwards.
LAYERS = ('stem', 'down4', 'at4.one', 'at4.two', 'down8', 'at8.one', 'at8.two', 'down16', 'at16.one', 'at16.two', 'up8', 'merge8',
          'up4', 'merge4', 'detect', 'code_map', 'code1', 'code2', 'code')
LARGEST = 5792       # of an activation: 4095 times the root of 2, when a pair of channels is turned
LEAST_MULTIPLIER = 4096  # so that t saturates no earlier than the output


def folded(module, name):
    """-> weight [out,in,k,k] and bias in float64, normalisation folded in"""
    if isinstance(module, Conv):
        norm = module.norm
        gain = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        return module.conv.weight.double() * gain[:, None, None, None], norm.bias.double() - norm.running_mean.double() * gain
    weight = module.weight.double()
    if name == 'code':
        weight = weight.reshape(len(weight), -1, 4, 4)
    return weight, module.bias.double()


def quantise(weight, bias):
    """-> int8 weights, multipliers, int32 biases, shift: see above"""
    scale = weight.abs().amax((1, 2, 3)) / 127
    # One shift for the layer, the largest with which every multiplier fits; at least 1, for the rounding.
    shift = max(1, min(15, math.floor(math.log2(32767 / 32768 / scale.max().item()))))
    multiplier = torch.ceil(scale * 2 ** (15 + shift)).clamp(LEAST_MULTIPLIER, 32767)
    scale = multiplier / 2 ** (15 + shift)
    whole = torch.round(weight / scale[:, None, None, None])
    return whole.clamp(-127, 127), multiplier, torch.round(bias * 256 / scale), shift


def check(name, whole, bias):
    largest = (whole.abs().sum((1, 2, 3)) * LARGEST + bias.abs()).max().item()
    if largest >= 2 ** 31 - 2 ** 15:
        raise OverflowError(f'{name}: a sum may reach {largest:.3g}, more than i32 holds')


def pack(array, kind):
    raw = array.numpy().astype(kind).tobytes()
    return raw + bytes(-len(raw) % 4)


def export(net):
    modules, body = dict(net.named_modules()), b''
    for name in LAYERS:
        module = modules[name]
        whole, multiplier, bias, shift = quantise(*(t.detach() for t in folded(module, name)))
        check(name, whole, bias)
        outputs, inputs, size, _ = whole.shape
        stride = module.conv.stride[0] if isinstance(module, Conv) else 1
        ramped = isinstance(module, Conv) and not module.linear
        body += struct.pack('<HHBBBBI', inputs, outputs, size, stride, ramped, shift, 0)
        body += pack(multiplier, '<i2') + pack(bias, '<i4') + pack(whole.permute(0, 2, 3, 1).contiguous(), 'i1')
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
