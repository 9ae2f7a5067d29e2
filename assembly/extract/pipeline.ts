/** From gray levels to minutiae: one line a stage. Only this file imports stages. */
import { Extraction } from '../memory'
import { readPrint } from '../network/pipeline'
import { ORIENTATION_FIRST_SIGMA, ORIENTATION_SECOND_SIGMA } from '../parameters'
import { OK } from '../status'
import {
  BINARIZED,
  CLARITY_FOUND,
  ENHANCED,
  FALSE_REMOVED,
  MINUTIAE_FOUND,
  NORMALIZED,
  ORIENTED,
  PERIOD_FOUND,
  REFINED,
  RESAMPLED,
  SEGMENTED,
  THINNED,
  tap,
} from '../tap'
import { binarize } from './binarize'
import { measureClarity, sampleClarity } from './clarity'
import { enhance } from './enhance'
import { removeFalseMinutiae } from './false-minutiae'
import { frequency } from './frequency'
import { findMinutiae } from './minutiae'
import { normalize } from './normalize'
import { orientation } from './orientation'
import { polarity } from './polarity'
import { measureQuality } from './quality'
import { resample } from './resample'
import { segment } from './segment'
import { thin } from './thin'

/**
 * The classical extraction: runs its stages over the region that `planExtraction` laid out at `base`; the source pixels and
 * the kernel bank are already in it. Returns OK or NO_RIDGES; either way the measures are there.
 */
export function extractClassically(base: usize): i32 {
  const r = changetype<Extraction>(base)
  const status = findPrint(r)
  if (status === OK) findRidges(r)
  measureQuality(r, false)
  return status
}

/** The learned extraction: as the classical one until it is known where the print is. The network is in the region too. */
export function extract(base: usize): i32 {
  const r = changetype<Extraction>(base)
  const status = findPrint(r)
  if (status === OK) {
    polarity(r)
    readPrint(r)
  }
  measureQuality(r, true)
  return status
}

/** Where the print is, and how clear. */
function findPrint(r: Extraction): i32 {
  r.count = 0
  resample(r)
  tap(RESAMPLED)
  normalize(r)
  tap(NORMALIZED)
  orientation(r, r.normal, ORIENTATION_FIRST_SIGMA)
  tap(ORIENTED)
  frequency(r)
  tap(PERIOD_FOUND)
  sampleClarity(r)
  tap(CLARITY_FOUND)
  const status = segment(r)
  tap(SEGMENTED)
  return status
}

/** The second half, inside the mask: the enhanced print shows its orientation better than the raw one did. */
function findRidges(r: Extraction): void {
  polarity(r)
  enhance(r, r.normal, r.enhanced, false)
  tap(ENHANCED)
  orientation(r, r.enhanced, ORIENTATION_SECOND_SIGMA)
  enhance(r, r.normal, r.enhanced, true)
  measureClarity(r)
  tap(REFINED)
  binarize(r, r.enhanced)
  tap(BINARIZED)
  thin(r)
  tap(THINNED)
  findMinutiae(r)
  tap(MINUTIAE_FOUND)
  removeFalseMinutiae(r)
  tap(FALSE_REMOVED)
}
