"""How far two outputs of detect.py agree (float network and integers, say): python3 training/agreement.py OUT_A OUT_B

Share of A's minutiae that B has within 1 px and 10 degrees, and the other way round; bits that differ between their codes.
"""
import glob
import os
import sys

import numpy as np

DISTANCE_PX, TURN_DEG = 1.0, 10.0


def read(folder):
    """-> {set/print: (rows, code signs)}"""
    out = {}
    for codes in sorted(glob.glob(os.path.join(folder, '*.bin'))):
        files = sorted(glob.glob(codes[:-4] + '/*.csv'), key=lambda f: tuple(map(int, os.path.basename(f)[:-4].split('_'))))
        signs = np.fromfile(codes, np.int8).reshape(-1, 128) > 0
        at = 0
        for f in files:
            rows = np.loadtxt(f, delimiter=',', skiprows=1, ndmin=2).reshape(-1, 4)
            out[os.path.join(os.path.basename(codes)[:-4], os.path.basename(f))] = rows, signs[at:at + len(rows)]
            at += len(rows)
    return out


def main():
    a, b = map(read, sys.argv[1:3])
    total, found, bits = [0, 0], [0, 0], []
    for name in a.keys() & b.keys():
        (p, codes_p), (q, codes_q) = a[name], b[name]
        far = np.hypot(p[:, None, 0] - q[None, :, 0], p[:, None, 1] - q[None, :, 1])
        turn = np.abs((p[:, None, 2] - q[None, :, 2] + 180) % 360 - 180)
        same = (far <= DISTANCE_PX) & (turn <= TURN_DEG)
        for k in (0, 1):
            total[k] += same.shape[k]
            found[k] += same.any(1 - k).sum()
        bits += [(codes_p[i] != codes_q[j]).sum() for i, j in zip(*np.nonzero(same))]
    print(f'{100 * found[0] / total[0]:.2f} % of {total[0]} found again, {100 * found[1] / total[1]:.2f} % of {total[1]}')
    print('bits that differ: median %d, 90 %% at most %d, 99 %% at most %d' % tuple(np.percentile(bits, (50, 90, 99))))


if __name__ == '__main__':
    main()
