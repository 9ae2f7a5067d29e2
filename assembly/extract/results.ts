/** Where the caller finds what an extraction needs and leaves: addresses and sizes out of the region's map. */
import { Extraction, FOUND_BYTES } from '../memory'

export function bankAt(base: usize): usize {
  return changetype<Extraction>(base).bank
}
/** NETWORK, for `loadNetwork`: what is there stays from print to print. */
export function networkAt(base: usize): usize {
  return changetype<Extraction>(base).network
}
/** FeatureMap x MAPS: what the network left of the print's view; for tests. */
export function mapsAt(base: usize): usize {
  return changetype<Extraction>(base).maps
}
/** 128 bits a minutia, of the learned extraction. */
export function codesAt(base: usize): usize {
  return changetype<Extraction>(base).codes
}
export function sourceAt(base: usize): usize {
  return changetype<Extraction>(base).source
}
export function minutiaCount(base: usize): i32 {
  return changetype<Extraction>(base).count
}
export function minutiaeAt(base: usize): usize {
  return changetype<Extraction>(base).candidates
}
export function minutiaBytes(): usize {
  return FOUND_BYTES
}
export function measuresAt(base: usize): usize {
  return changetype<Extraction>(base).measures
}

/** Size of the stages' images, px: the print's, rounded up to whole cells. */
export function stageWidth(base: usize): i32 {
  return changetype<Extraction>(base).paddedWidth
}
export function stageHeight(base: usize): i32 {
  return changetype<Extraction>(base).paddedHeight
}

/** u8, stageWidth x stageHeight. */
export function grayAt(base: usize): usize {
  return changetype<Extraction>(base).gray
}
export function ridgesAt(base: usize): usize {
  return changetype<Extraction>(base).ridges
}
export function skeletonAt(base: usize): usize {
  return changetype<Extraction>(base).skeleton
}
/** i16 with margins (paddedStride). */
export function normalAt(base: usize): usize {
  return changetype<Extraction>(base).normal
}
export function enhancedAt(base: usize): usize {
  return changetype<Extraction>(base).enhanced
}
/** A value a cell: u8, u8, f32, f32, f32. */
export function orientationAt(base: usize): usize {
  return changetype<Extraction>(base).orientation
}
export function maskAt(base: usize): usize {
  return changetype<Extraction>(base).mask
}
export function periodAt(base: usize): usize {
  return changetype<Extraction>(base).period
}
export function clarityAt(base: usize): usize {
  return changetype<Extraction>(base).clarity
}
export function contrastAt(base: usize): usize {
  return changetype<Extraction>(base).contrast
}
