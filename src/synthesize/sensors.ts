/** What different scanners make of the same touch. Grays 0 to 255; ranges are drawn from uniformly for each image. */

type Range = readonly [low: number, high: number]

export interface Sensor {
  readonly widthPx: number
  readonly heightPx: number
  /** Gray without contact and under full contact. */
  readonly background: Range
  readonly ink: Range
  /** Largest change of the background's gray over the image: smooth, and towards the corners. */
  readonly gradient: number
  readonly vignette: number
  /** Deviation of the noise of single pixels, and of grains of 2 to 3 px. */
  readonly noise: Range
  readonly grain: Range
  /** 0 sharp to 1: share of a 3 x 3 binomial blur, applied twice. */
  readonly blur: Range
  /** Deviation of the gray of a column. */
  readonly columnBands: number
  /** Dirt on the platen: darkness 0 to 1. */
  readonly dirt: number
  /** Of an earlier print that stayed on the platen: darkness 0 to 1. */
  readonly residue: number
  /** Local contrast as sweep sensors have it: a bright rim round the finger, valleys as white as ridges are black. */
  readonly localContrast: boolean
  /** Slanted white borders left and right, as a wedge-shaped prism has them: their width at the top, px. */
  readonly wedgePx: number
}

const OPTICAL: Sensor = {
  widthPx: 320,
  heightPx: 400,
  background: [250, 262],
  ink: [30, 90],
  gradient: 6,
  vignette: 0,
  noise: [1, 5],
  grain: [0, 4],
  blur: [0.2, 0.8],
  columnBands: 0,
  dirt: 0.15,
  residue: 0,
  localContrast: false,
  wedgePx: 0,
}

export const SENSORS = {
  /** Optical, background clipped to white. */
  optical: OPTICAL,
  /** Optical, gray background, darker corners, dust. */
  'optical-gray': {
    ...OPTICAL,
    widthPx: 296,
    heightPx: 420,
    background: [185, 215],
    ink: [25, 70],
    gradient: 20,
    vignette: 60,
    noise: [1.5, 4],
    grain: [1, 5],
    dirt: 0.5,
    residue: 0.08,
  },
  /** Optical with a prism's slanted borders and the last finger's residue. */
  wedge: {
    ...OPTICAL,
    widthPx: 328,
    heightPx: 364,
    background: [185, 215],
    ink: [50, 100],
    gradient: 15,
    vignette: 20,
    noise: [2, 5],
    grain: [1, 4],
    dirt: 0.3,
    residue: 0.2,
    wedgePx: 42,
  },
  /** Optical, underexposed. */
  dark: { ...OPTICAL, background: [85, 125], ink: [8, 30], gradient: 25, vignette: 35, noise: [1.5, 4], dirt: 0.2 },
  /** Capacitive, small, low contrast, columns of unequal gain. */
  capacitive: {
    ...OPTICAL,
    widthPx: 300,
    heightPx: 300,
    background: [105, 150],
    ink: [25, 60],
    gradient: 18,
    noise: [3, 8],
    grain: [2, 6],
    blur: [0, 0.4],
    columnBands: 5,
    dirt: 0.25,
  },
  /** Thermal sweep. */
  sweep: {
    ...OPTICAL,
    widthPx: 300,
    heightPx: 440,
    background: [95, 130],
    ink: [0, 25],
    gradient: 15,
    noise: [2, 5],
    grain: [1, 4],
    blur: [0.3, 0.7],
    columnBands: 3,
    dirt: 0,
    localContrast: true,
  },
  /** Lifted from a surface: faint, uneven, on a textured ground. */
  latent: {
    ...OPTICAL,
    background: [170, 215],
    ink: [70, 130],
    gradient: 60,
    vignette: 20,
    noise: [4, 9],
    grain: [8, 16],
    blur: [0.7, 1],
    dirt: 0.7,
    residue: 0.35,
  },
} as const satisfies Record<string, Sensor>

export type SensorName = keyof typeof SENSORS

/** How often each turns up when none is asked for. */
export const SENSOR_SHARES: Readonly<Record<SensorName, number>> = {
  optical: 0.26,
  'optical-gray': 0.22,
  wedge: 0.15,
  dark: 0.06,
  capacitive: 0.14,
  sweep: 0.12,
  latent: 0.05,
}
