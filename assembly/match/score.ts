/** From what relaxation and alignment found to decibans. */
import {
  LEARNED_BEND,
  LEARNED_MEASURED,
  LEARNED_ORIGIN,
  LEARNED_SLOPE,
  SCORE_BEND,
  SCORE_BEYOND,
  SCORE_MEASURED,
  SCORE_ORIGIN,
  SCORE_SLOPE,
} from '../parameters'

/** Both must agree: the geometric mean, with floors so that one of them at 0 leaves the other's order. */
export function combine(relaxed: f32, aligned: f32): f32 {
  return 100 * sqrt<f32>((relaxed + 1e-4) * (aligned + 1e-3))
}

/**
 * -10 log10 of the share of strangers that come this high. Straight where the tail was measured (an exponential tail),
 * bent to 0 below it, logarithmic beyond it: strictly increasing, and 0 at 0.
 */
export function decibans(similarity: f32, learned: bool): f32 {
  if (learned) return bent(similarity, LEARNED_SLOPE, LEARNED_ORIGIN, LEARNED_BEND, LEARNED_MEASURED)
  return bent(similarity, SCORE_SLOPE, SCORE_ORIGIN, SCORE_BEND, SCORE_MEASURED)
}

function bent(similarity: f32, slope: f32, origin: f32, bend: f32, measured: f32): f32 {
  const score = slope * bend * (softplus((similarity - origin) / bend) - softplus(-origin / bend))
  if (score <= measured) return score
  return measured + SCORE_BEYOND * Mathf.log(1 + (score - measured) / SCORE_BEYOND)
}

/** ln(1 + e^u) = u + ln(1 + e^-u): the form that neither overflows nor loses digits. */
function softplus(u: f32): f32 {
  return max<f32>(u, 0) + Mathf.log1p(Mathf.exp(-abs(u)))
}
