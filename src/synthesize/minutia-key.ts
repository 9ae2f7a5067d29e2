/** Numbers of a minutia that are the same in every touch: drawn from its key, 32 random bits, by name and not in turn. */
import { Random } from '../random.js'

const COUNT = 4096
const random = new Random(0x4e0a)
/** Normal variables. */
const NORMALS = Float32Array.from({ length: COUNT }, () => random.normal())

/** The `which`-th number of a minutia, uniform in [0, 1). */
export function uniformOf(key: number, which: number): number {
  return hashOf(key, which) / 0x1_0000_0000
}

/** The `which`-th number of a minutia, normal. */
export function normalOf(key: number, which: number): number {
  return normalAt(hashOf(key, which))
}

/** A normal variable for 12 random bits; those above are not looked at. */
export function normalAt(bits: number): number {
  return NORMALS[bits & (COUNT - 1)]
}

function hashOf(key: number, which: number): number {
  let hash = Math.imul(key ^ Math.imul(which, 0x85ebca6b), 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 14)) >>> 0
}
