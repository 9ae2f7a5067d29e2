/** The curve from similarity to decibans (assembly/match/score.ts) and its fit to counted strangers. */

/** Counted pairs that a point of the fit needs: below that a quantile is noise. */
export const LEAST_COUNTED = 10

const FIRST_DECIBANS = 3
const FIRST_SAFE = 10

/**
 * The similarity that 1 in 10^(decibans / 10) of `sorted` (falling) reaches, for each whole deciban at which at least
 * {@link LEAST_COUNTED} reach it.
 */
export function quantiles(sorted) {
  const points = []
  for (let decibans = FIRST_DECIBANS; ; decibans++) {
    const rank = sorted.length * 10 ** (-decibans / 10)
    if (rank < LEAST_COUNTED) return points
    points.push({ decibans, similarity: sorted[Math.round(rank) - 1] })
  }
}

/**
 * `fit` moved up until the worst of the classes (name: points) lies on it on average, from {@link FIRST_SAFE} decibans
 * on: where nobody knows of which class a comparison will be, no class comes higher than stated.
 */
export function movedToWorst(fit, classes) {
  const shifts = Object.entries(classes).map(([name, points]) => {
    const high = points.filter(({ decibans }) => decibans >= FIRST_SAFE)
    const above = high.map(({ decibans, similarity }) => similarity - similarityAt(fit, decibans))
    return { name, shift: above.reduce((sum, value) => sum + value, 0) / above.length }
  })
  const worst = shifts.reduce((a, b) => (b.shift > a.shift ? b : a))
  const shift = Math.max(0, worst.shift)
  return { ...fit, origin: fit.origin + shift, shift, worst: worst.name }
}

export function model({ slope, origin, bend }, similarity) {
  const u = (similarity - origin) / bend
  const softplus = Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)))
  return slope * bend * (softplus - Math.log1p(Math.exp(-origin / bend)))
}

/** Similarity from which {@link model} states `decibans`. */
export function similarityAt(fit, decibans) {
  let [low, high] = [0, 100]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (model(fit, middle) < decibans) low = middle
    else high = middle
  }
  return high
}

/** Least squares in decibans by coordinate descent with halving steps: three parameters, a smooth error. */
export function fitTail(points, start = { slope: 6, origin: 4, bend: 0.8 }) {
  let best = start
  let least = meanSquare(best, points)
  for (let step = 0.5; step > 1e-4; step /= 2) {
    for (let moved = true; moved; ) {
      moved = false
      for (const key of Object.keys(best)) {
        for (const sign of [-1, 1]) {
          const next = { ...best, [key]: Math.max(0.05, best[key] + sign * step) }
          const error = meanSquare(next, points)
          if (error < least - 1e-12) [best, least, moved] = [next, error, true]
        }
      }
    }
  }
  return { ...best, rmsDecibans: Math.sqrt(least), measured: Math.max(...points.map(({ decibans }) => decibans)) }
}

function meanSquare(fit, points) {
  return points.reduce((sum, p) => sum + (model(fit, p.similarity) - p.decibans) ** 2, 0) / points.length
}
