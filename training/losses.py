"""What the network is trained on; each returns a scalar."""
import torch
import torch.nn.functional as F

from model import CONTACT, COSINE, OFFSET_X, OFFSET_Y, PEAK, QUALITY, SINE, TYPE

TEMPERATURE = 0.07
CLARITY_CELLS = 9  # side of the window, cells of 4 px


def detection(output, targets):
    """Penalty-reduced focal loss on the peaks (Zhou et al., 2019, arXiv:1904.07850), L1 on offset and direction, type"""
    peak, weight = targets[:, 0], targets[:, 1]
    p = torch.sigmoid(output[:, PEAK]).clamp(1e-5, 1 - 1e-5)
    top = (peak == 1).float()
    found = top.sum().clamp(min=1)
    focal = -(top * (1 - p) ** 2 * p.log() + (1 - top) * (1 - peak) ** 4 * p ** 2 * (1 - p).log()).sum() / found
    total = weight.sum().clamp(min=1)
    offset = (output[:, OFFSET_X:OFFSET_Y + 1] - targets[:, 2:4]).abs().sum(1)
    direction = (output[:, COSINE:SINE + 1] - targets[:, 4:6]).abs().sum(1)
    kind = F.binary_cross_entropy_with_logits(output[:, TYPE], targets[:, 6], reduction='none')
    return focal, ((offset + direction + 0.3 * kind) * weight).sum() / total


def clarity(image, ridges, contact):
    """How much the print looks like its clean ridges: local correlation, 0 to 1, at a quarter of the resolution"""
    half = F.avg_pool2d(image, 2)
    moments = F.avg_pool2d(torch.cat([half, ridges, half * half, ridges * ridges, half * ridges], 1), 2)
    a, b, aa, bb, ab = F.avg_pool2d(moments, CLARITY_CELLS, 1, CLARITY_CELLS // 2, count_include_pad=False).split(1, 1)
    spread = ((aa - a * a).clamp(min=0) * (bb - b * b).clamp(min=0)).sqrt()
    return ((ab - a * b) / (spread + 1e-2)).clamp(0, 1) * contact


def areas(output, contact, clear):
    return F.binary_cross_entropy_with_logits(output[:, CONTACT:CONTACT + 1], contact) + \
        F.binary_cross_entropy_with_logits(output[:, QUALITY:QUALITY + 1], clear)


def free_truth(ridge_output, ridges, orientation_output, orientation, contact):
    inside = F.interpolate(contact, scale_factor=2)
    drawn = (F.pixel_shuffle(ridge_output, 2) - ridges).abs() * inside
    turned = (orientation_output - orientation[:, :2]).abs().sum(1) * orientation[:, 2]
    return drawn.sum() / inside.sum().clamp(min=1) + turned.sum() / orientation[:, 2].sum().clamp(min=1)


def contrast(codes):
    """Rows 2k and 2k + 1 are one minutia seen twice; all others are not it (InfoNCE: van den Oord et al., 2018)"""
    n = len(codes)
    e = F.normalize(codes.float(), dim=1)
    s = (e @ e.T / TEMPERATURE).masked_fill(torch.eye(n, dtype=torch.bool), -1e9)
    return F.cross_entropy(s, torch.arange(n) ^ 1)
