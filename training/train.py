"""Trains on the prints in a folder for a given time, on the processor: see README.md.

    OMP_WAIT_POLICY=passive python3 training/train.py DATA OUT.pt --minutes 120
"""
import argparse
import math
import random
import time

import torch

import data
import losses
from model import Net

RATE = 3e-3
WARM_STEPS = 40
MARGIN = 20          # px from a crop's rim within which no code is trained: half of its window is missing there
JITTER_PX, JITTER_RAD = 1.2, 0.09  # deviation of what the detector reports from the truth


def shared_minutiae(minutiae, rng):
    """Minutiae of the crops 2k and 2k + 1 -> which crop, x, y, direction; each shared minutia in two successive rows"""
    rows = []
    for k in range(0, len(minutiae), 2):
        a, b = ({m[0]: m for m in crop if min(m[1], m[2]) >= MARGIN and max(m[1], m[2]) < data.SIDE - MARGIN}
                for crop in minutiae[k:k + 2])
        for number in a.keys() & b.keys():
            for i, m in ((k, a[number]), (k + 1, b[number])):
                rows.append((i, m[1] + rng.gauss(0, JITTER_PX), m[2] + rng.gauss(0, JITTER_PX), m[3] + rng.gauss(0, JITTER_RAD)))
    which, x, y, direction = torch.tensor(rows, dtype=torch.float32).T
    return which.long(), x, y, direction


def losses_of(net, prints, rng, pairs):
    image, targets, contact, ridges, orientation, minutiae = data.batch(prints, rng, pairs)
    with torch.autocast('cpu', torch.bfloat16):
        at4, at8 = net.trunk(image.contiguous(memory_format=torch.channels_last))
        output, code_map = net.detect(at4), net.code_map(at8)
        ridge_output, orientation_output = net.ridges(at4), net.orientation(at8)
        codes = net.codes(code_map, *shared_minutiae(minutiae, rng))
    output = output.float()
    focal, geometry = losses.detection(output, targets)
    return {
        'focal': focal,
        'geometry': geometry,
        'areas': losses.areas(output, contact, losses.clarity(image, ridges, contact)),
        'free': losses.free_truth(ridge_output.float(), ridges, orientation_output.float(), orientation, contact),
        'codes': losses.contrast(codes),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('data')
    parser.add_argument('out')
    parser.add_argument('--minutes', type=float, default=120)
    parser.add_argument('--pairs', type=int, default=8)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--steps', type=int, help='stop after so many steps instead; the rate falls over them')
    parser.add_argument('--start', help='weights to go on from')
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    prints = data.Prints(a.data)
    net = Net()
    if a.start:
        net.load_state_dict(torch.load(a.start))
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-2)
    began, step, mean = time.time(), 0, {}
    while True:
        done = step / a.steps if a.steps else (time.time() - began) / (60 * a.minutes)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group['lr'] = RATE * min(1, (step + 1) / WARM_STEPS) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-6
        parts = losses_of(net, prints, rng, a.pairs)
        optimiser.zero_grad()
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
        step += 1
        for name, value in parts.items():
            mean[name] = 0.95 * mean.get(name, value.item()) + 0.05 * value.item()
        if step % 20 == 0:
            shown = ' '.join(f'{name} {value:.3f}' for name, value in mean.items())
            print(f'{step} {time.time() - began:.0f} s {len(prints.fingers)} fingers  {shown}', flush=True)
        if step % 100 == 0:
            torch.save(net.state_dict(), a.out)
            prints.refresh()
    torch.save(net.state_dict(), a.out)


if __name__ == '__main__':
    main()
