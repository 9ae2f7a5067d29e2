/** Two-sided 95 % interval of a share of which `hits` of `all` were seen: Wilson, J. Am. Stat. Assoc. 22, 1927. */
export function shareBetween(hits, all) {
  const z = 1.96
  const share = hits / all
  const middle = share + z ** 2 / (2 * all)
  const reach = z * Math.sqrt((share * (1 - share)) / all + (z / (2 * all)) ** 2)
  const scale = 1 + z ** 2 / all
  return [Math.max((middle - reach) / scale, 0), Math.min((middle + reach) / scale, 1)]
}
