/** How far two rectangles that may be turned are one: intersection over union. Each is its corners in order, [x, y]. */
export function overlapOf(a, b) {
  const shared = areaOf(clip(a, b))
  return shared / (areaOf(a) + areaOf(b) - shared)
}

function areaOf(corners) {
  let sum = 0
  for (const [i, [x, y]] of corners.entries()) {
    const [nextX, nextY] = corners[(i + 1) % corners.length]
    sum += x * nextY - nextX * y
  }
  return Math.abs(sum) / 2
}

/** What of `subject` lies within `window`, both convex and clockwise with y down (Sutherland and Hodgman, 1974). */
function clip(subject, window) {
  let kept = subject
  for (const [i, from] of window.entries()) {
    const to = window[(i + 1) % window.length]
    const side = ([x, y]) => (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0])
    kept = kept.flatMap((corner, k) => {
      const before = kept[(k + kept.length - 1) % kept.length]
      const [s, t] = [side(before), side(corner)]
      const crossing = [0, 1].map(axis => before[axis] + ((corner[axis] - before[axis]) * s) / (s - t))
      if (t >= 0) return s >= 0 ? [corner] : [crossing, corner]
      return s >= 0 ? [crossing] : []
    })
  }
  return kept
}
