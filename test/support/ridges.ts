import type { RawFrame } from 'sidik'

/**
 * A print in the rough: rings of ridges 9 px apart around a point below the middle, pushed about by two slow waves that
 * break them here and there, inside an oval on white.
 */
export function ridgeFrame(seed = 1, widthPx = 300, heightPx = 400): RawFrame {
  const data = new Uint8Array(widthPx * heightPx).fill(250)
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [dx, dy] = [(x - widthPx / 2) / (0.42 * widthPx), (y - heightPx / 2) / (0.44 * heightPx)]
      if (dx * dx + dy * dy > 1) continue
      const radius = Math.hypot(x - 0.5 * widthPx, 0.8 * (y - 0.6 * heightPx))
      // A dislocation of the phase ends one ridge: one turn of the angle around it adds one period.
      let phase = (2 * Math.PI * radius) / 9
      for (let k = 0; k < 16; k++) {
        const at = [0.2 + 0.6 * share(seed, 2 * k), 0.2 + 0.6 * share(seed, 2 * k + 1)]
        const turn = Math.atan2(y - at[1] * heightPx - 0.3, x - at[0] * widthPx - 0.3)
        phase += k % 2 === 0 ? turn : -turn
      }
      data[y * widthPx + x] = Math.round(128 + 100 * Math.cos(phase))
    }
  }
  return { data, widthPx, heightPx, ppi: 500 }
}

function share(seed: number, k: number): number {
  const value = Math.sin(12.9898 * (k + 1) + 78.233 * seed) * 43758.5453
  return value - Math.floor(value)
}
