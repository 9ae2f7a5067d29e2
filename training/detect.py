"""Minutiae and codes of the dev sets: CSV files (x, y down, px at 500 ppi; direction in degrees ccw; quality) and int8 x 128 a
minutia in their order, which bench/learned-codes.js reads.

    python3 training/detect.py WEIGHTS ../shared/data/fingerprints OUT [--sets fvc2002-db1b,...]

WEIGHTS is a checkpoint (.pt: the float network) or an exported file (.bin: the integer network as the core computes it).
"""
import argparse
import glob
import math
import os

import numpy as np
import torch
from PIL import Image

from data import normalise
from export import FRACTION
from model import CONTACT, COSINE, OFFSET_X, OFFSET_Y, PEAK, QUALITY, SINE, Net

SETS = [f'fvc{year}-db{k}b' for year in (2002, 2004) for k in (1, 2, 3, 4)]
PPI = {'fvc2002-db2b': 569, 'fvc2004-db3b': 512}
FLOOR = 0.3          # least probability of a minutia
CONTACT_FLOOR = 0.5  # least probability that skin touches there
APART_PX = 6.0       # two peaks nearer than this are one minutia
MOST = 200


class FloatNetwork:
    def __init__(self, path):
        self.net = Net().eval()
        self.net.load_state_dict(torch.load(path))

    def maps(self, image):
        """float [H,W] -> detector's output [8,H/4,W/4], code map [1,C,H/8,W/8]"""
        with torch.no_grad():
            at4, at8 = self.net.trunk(image[None, None])
            return self.net.detect(at4)[0], self.net.code_map(at8)

    def codes(self, code_map, x, y, direction):
        with torch.no_grad():
            return self.net.codes(code_map, torch.zeros(len(x), dtype=torch.long), x, y, direction)


def read(path, ppi):
    image = Image.open(path).convert('L')
    if ppi != 500:
        image = image.resize((round(image.width * 500 / ppi), round(image.height * 500 / ppi)), Image.BICUBIC)
    return np.array(image)


def pixels(gray):
    """uint8 [h,w] -> normalised [H,W], sides multiples of 16, 0 right of and below the print"""
    h, w = gray.shape
    image = torch.zeros(-(-h // 16) * 16, -(-w // 16) * 16)
    image[:h, :w] = torch.from_numpy(normalise(gray))
    return image


def float_rows(network, gray, floor):
    """uint8 [h,w] at 500 ppi -> rows (x, y, direction rad ccw y up, quality 0..1), the most probable first, and the codes' sums"""
    h, w = gray.shape
    output, code_map = network.maps(pixels(gray))
    p = torch.sigmoid(output[PEAK])
    highest = torch.nn.functional.max_pool2d(p[None, None], 3, 1, 1)[0, 0]
    touched = torch.sigmoid(output[CONTACT])
    rows, columns = torch.nonzero((p == highest) & (p > floor) & (touched > CONTACT_FLOOR), as_tuple=True)
    kept = []
    for k in p[rows, columns].argsort(descending=True, stable=True).tolist():
        at = output[:, rows[k], columns[k]].tolist()
        x = 4 * (columns[k].item() + 0.5 + at[OFFSET_X]) - 0.5
        y = 4 * (rows[k].item() + 0.5 + at[OFFSET_Y]) - 0.5
        near = any((x - m[0]) ** 2 + (y - m[1]) ** 2 < APART_PX ** 2 for m in kept)
        if near or not (0 <= x < w and 0 <= y < h) or len(kept) == MOST:
            continue
        clear = 1 / (1 + np.exp(-at[QUALITY]))
        kept.append((x, y, np.arctan2(-at[SINE], at[COSINE]), p[rows[k], columns[k]].item() * clear))
    m = torch.tensor(kept, dtype=torch.float32).reshape(-1, 4)
    return kept, network.codes(code_map, m[:, 0], m[:, 1], m[:, 2]).numpy() if kept else np.zeros((0, 128))


def integer_rows(network, gray, floor):
    """The same of the integer network: positions and directions as it has them, codes of +-1"""
    found = network.extract(gray, math.floor(2 ** FRACTION * math.log(floor / (1 - floor))))
    rows = [(m.x / 32, m.y / 32, np.arctan2(m.sine, m.cosine), m.quality / 100) for m in found]
    bits = np.frombuffer(b''.join(m.code for m in found), np.uint8).reshape(-1, 16)
    return rows, np.unpackbits(bits, 1, bitorder='little') * 2.0 - 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('weights')
    parser.add_argument('data')
    parser.add_argument('out')
    parser.add_argument('--sets', default=','.join(SETS))
    parser.add_argument('--every', type=int, default=1, help='only every n-th print: for a look, not for rates')
    parser.add_argument('--floor', type=float, default=FLOOR)
    parser.add_argument('--threads', type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    if a.weights.endswith('.bin'):
        from quantized import IntegerNetwork
        network, extract = IntegerNetwork(a.weights), integer_rows
    else:
        network, extract = FloatNetwork(a.weights), float_rows
    for name in a.sets.split(','):
        folder, counts = os.path.join(a.out, name), []
        os.makedirs(folder, exist_ok=True)
        files = glob.glob(os.path.join(a.data, name, '*.png'))
        files.sort(key=lambda f: tuple(map(int, os.path.basename(f)[:-4].split('_'))))
        with open(f'{folder}.bin', 'wb') as codes:
            for f in files[::a.every]:
                minutiae, code = extract(network, read(f, PPI.get(name, 500)), a.floor)
                counts.append(len(minutiae))
                with open(os.path.join(folder, os.path.basename(f)[:-4] + '.csv'), 'w') as out:
                    out.write('x,y,direction_deg,quality\n')
                    for x, y, direction, quality in minutiae:
                        out.write(f'{x:.5f},{y:.5f},{np.degrees(direction) % 360:.2f},{round(100 * quality)}\n')
                scaled = code / np.maximum(np.abs(code).max(1, keepdims=True), 1e-6) * 127
                signed = np.where(code > 0, np.maximum(scaled, 1), np.minimum(scaled, 0))
                codes.write(signed.round().astype(np.int8).tobytes())
        print(name, f'{np.mean(counts):.1f} minutiae a print, at least {min(counts)}', flush=True)


if __name__ == '__main__':
    main()
