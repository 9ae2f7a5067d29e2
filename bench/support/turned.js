/** A minutia of a print turned counter-clockwise by `angle` rad. */
export function turned(minutia, angle) {
  if (angle === 0) return minutia
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const [x, y] = [minutia.xPx - 200, minutia.yPx - 200]
  const directionRad = (minutia.directionRad + angle) % (2 * Math.PI)
  return { ...minutia, xPx: c * x + s * y + 200, yPx: c * y - s * x + 200, directionRad }
}
