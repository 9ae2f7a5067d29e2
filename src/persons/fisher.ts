/**
 * Fisher's combined test: k independent comparisons of strangers, each with a false match rate p_i, bring
 * `-2 sum ln p_i` to chi-square with 2 k degrees of freedom (R. A. Fisher, "Statistical Methods for Research Workers",
 * section 21.1, 4th edition 1932), that is, `sum -ln p_i` to the gamma distribution of shape k.
 */

import { DECIBANS_PER_NAT } from '../score.js'

/** Terms after which the series of the lower tail is summed up to double precision: x < k <= 100 makes each term smaller. */
const MOST_TERMS = 1_000

/**
 * -10 log10 of the share of strangers whose `count` scores add up to `nats` or more: the upper tail of the gamma
 * distribution of shape `count`, Q(k, x) = e^-x sum_{j<k} x^j / j! (NIST DLMF 8.4.10). 0 for no comparison, and for no evidence.
 *
 * @param count comparisons, 0 to 100
 * @param nats sum of -ln(false match rate), 0 and up
 */
export function combinedDecibans(count: number, nats: number): number {
  if (count === 0 || nats <= 0) return 0
  // Below the mean Q is near 1, and its logarithm has its digits in the lower tail: P = x^k e^-x / k! (1 + x/(k+1) + ...)
  // (DLMF 8.7.1).
  if (nats < count) return -DECIBANS_PER_NAT * Math.log1p(-lowerTail(count, nats))
  let term = 1
  let sum = 1
  for (let j = 1; j < count; j++) {
    term *= nats / j
    sum += term
  }
  return DECIBANS_PER_NAT * (nats - Math.log(sum))
}

function lowerTail(count: number, nats: number): number {
  let term = Math.exp(-nats)
  for (let j = 1; j <= count; j++) term *= nats / j
  let sum = 0
  for (let j = 1; j <= MOST_TERMS && sum + term > sum; j++) {
    sum += term
    term *= nats / (count + j)
  }
  return sum
}
