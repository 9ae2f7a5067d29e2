/** The normal distribution function to 1e-7 (Abramowitz, Stegun, Handbook of Mathematical Functions, 26.2.17). */
export function normalCdf(z: f32): f32 {
  const t: f32 = 1 / (1 + 0.2316419 * abs(z))
  const series: f32 = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail: f32 = 0.39894228 * Mathf.exp(-0.5 * z * z) * series
  return z < 0 ? tail : 1 - tail
}
