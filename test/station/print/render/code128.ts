/** Reads Code 128 (ISO/IEC 15417) off a line of pixels, code sets B and C. */

/** Widths of three bars and spaces, by value (ISO/IEC 15417, table 1); 103 to 105 start, 106 stops. */
const WIDTHS =
  `212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323
131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112
421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232`.split(
    /\s+/,
  )

const [TO_C, TO_B, START_B, START_C] = [99, 100, 104, 105]

/** Lengths of dark and light stretches, the first dark, without the margins. */
function stretches(row: Uint8Array): number[] {
  const lengths: number[] = []
  let isDark = false
  for (const gray of row) {
    if (gray < 128 !== isDark) {
      isDark = !isDark
      lengths.push(0)
    }
    if (lengths.length > 0) lengths[lengths.length - 1]++
  }
  return isDark ? lengths : lengths.slice(0, -1)
}

export function readCode128(row: Uint8Array): string {
  const lengths = stretches(row)
  const values: number[] = []
  // The stop is seven stretches long.
  for (let i = 0; i + 7 < lengths.length; i += 6) {
    const six = lengths.slice(i, i + 6)
    const modulePx = six.reduce((sum, length) => sum + length, 0) / 11
    values.push(WIDTHS.indexOf(six.map(length => Math.round(length / modulePx)).join('')))
  }
  const check = values.pop()
  const sum = values.reduce((total, value, i) => total + value * Math.max(1, i), 0)
  if (check !== sum % 103) throw new Error(`check ${check}, not ${sum % 103}: ${values.join(' ')}`)
  let isC = values[0] === START_C
  if (!isC && values[0] !== START_B) throw new Error(`starts with ${values[0]}`)
  let text = ''
  for (const value of values.slice(1)) {
    if (isC && value === TO_B) isC = false
    else if (!isC && value === TO_C) isC = true
    else text += isC ? String(value).padStart(2, '0') : String.fromCharCode(32 + value)
  }
  return text
}
