"""Writes what the integer network computes of two prints, for the core's tests: python3 training/golden.py [WEIGHTS] [OUT]

Into fixtures/network/golden.json: the CRC-32 of the weight file's body (as in its header), and for parts of two prints of
fixtures/prints the shape [rows, columns, channels] and CRC-32 of every map, i16 little-endian in that order ('image' is the normalised print;
'windows', 'code1' and 'code2' are those of all minutiae one after the other), of the code layer's sums (i32, [minutiae, 128]),
and the minutiae in their order with every integer that quantized.py gives them, the code in hex.
"""
import json
import os
import sys
import zlib

import numpy as np
import torch
from PIL import Image

from quantized import IntegerNetwork

HERE = os.path.dirname(os.path.abspath(__file__))
PRINTS = os.path.join(HERE, '../fixtures/prints')
# Parts that are print all over, so that the core computes all of them: x, y, width, height.
PARTS = (('101_1.png', (70, 110, 150, 190)), ('105_2.png', (80, 120, 128, 176)))


def summary(name, maps):
    """int [n, channels, rows, columns] -> shape and CRC-32"""
    kind = '<i4' if name == 'code' else '<i2'
    array = maps.permute(0, 2, 3, 1).numpy()
    shape = [len(array), array.shape[3]] if name == 'code' else list(array.shape[1:])
    return {'shape': shape, 'crc32': zlib.crc32(np.ascontiguousarray(array).astype(kind).tobytes())}


def described(network, name, part):
    x, y, width, height = part
    gray = np.array(Image.open(os.path.join(PRINTS, name)).convert('L'))[y:y + height, x:x + width]
    seen = {}
    found = network.extract(gray, seen=seen)
    minutiae = [{**vars(m), 'code': m.code.hex()} for m in found]
    return {
        'print': name,
        'part': part,
        'grayCrc32': zlib.crc32(np.ascontiguousarray(gray).tobytes()),
        'maps': {key: summary(key, maps) for key, maps in seen.items()},
        'minutiae': minutiae,
    }


def main():
    torch.set_num_threads(1)
    weights = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, 'weights/sidik-3.bin')
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, '../fixtures/network/golden.json')
    network = IntegerNetwork(weights)
    prints = [described(network, *part) for part in PARTS]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, 'w') as file:
        # A line for each map and each minutia, so that a change can be read.
        text = json.dumps({'weights': os.path.basename(weights), 'weightsCrc32': network.crc, 'prints': prints}, separators=(',', ':'))
        file.write(text.replace('{"row"', '\n{"row"').replace('},"', '},\n"').replace('{"print"', '\n{"print"') + '\n')
    print(f'{out}: {os.path.getsize(out)} bytes, {[len(p["minutiae"]) for p in prints]} minutiae')


if __name__ == '__main__':
    main()
