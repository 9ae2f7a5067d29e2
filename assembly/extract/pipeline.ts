/** From gray levels to minutiae: one line a stage. Only this file imports stages. */
import { Extraction } from '../memory'
import { ORIENTATION_FIRST_SIGMA, ORIENTATION_SECOND_SIGMA } from '../parameters'
import { OK } from '../status'
import { binarize } from './binarize'
import { enhance, measureClarity } from './enhance'
import { removeFalseMinutiae } from './false-minutiae'
import { frequency } from './frequency'
import { findMinutiae } from './minutiae'
import { normalize } from './normalize'
import { orientation } from './orientation'
import { measureQuality } from './quality'
import { resample } from './resample'
import { segment } from './segment'
import { thin } from './thin'

/**
 * Runs every stage over the region that `planExtraction` laid out at `base`; the source pixels and the kernel bank are
 * already in it. Returns OK or NO_RIDGES; either way the measures are there.
 */
export function extract(base: usize): i32 {
  const r = changetype<Extraction>(base)
  resample(r)
  normalize(r)
  orientation(r, r.normal, ORIENTATION_FIRST_SIGMA)
  frequency(r)
  enhance(r, r.normal, r.enhanced, false)
  measureClarity(r)
  const status = segment(r)
  if (status == OK) {
    orientation(r, r.enhanced, ORIENTATION_SECOND_SIGMA)
    enhance(r, r.normal, r.enhanced, true)
    measureClarity(r)
    binarize(r, r.enhanced)
    thin(r)
    findMinutiae(r)
    removeFalseMinutiae(r)
  }
  measureQuality(r)
  return status
}
