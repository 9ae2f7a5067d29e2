import type { GrayImage } from '../types.js'
import { contactDepth } from './contact.js'
import { expose } from './expose.js'
import { inkOf } from './ink.js'
import { type Master, requireIndex } from './master.js'
import { type RenderingStep, stepsWithout } from './rendering-steps.js'
import { SENSOR_SHARES, SENSORS, type SensorName } from './sensors.js'
import { SkinWarp } from './skin-warp.js'
import { type ImpressionTruth, sampleWave, truthOf } from './truth.js'

/** Depth inside the contact area from which ridges count as shown; less deep they are dots. */
const SHOWN_DEPTH = 0.03

export interface ImpressionOptions {
  /** Nothing but rotation and shift: even ridges, black on white, no noise, the optical sensor. */
  readonly clean?: boolean
  /** Otherwise drawn (see SENSOR_SHARES). */
  readonly sensor?: SensorName
  /** Rolled from nail to nail, as far as the sensor's window shows it; otherwise some touches are. */
  readonly rolled?: boolean
  /**
   * Share of touches, 0 to 1, that nobody attends to: turned by any angle, more often partly off the
   * sensor, over stains and the print of the finger before. 0 unless given. All else is drawn as without.
   */
  readonly unattended?: number
  /** Steps to leave out; all else is drawn as with them. */
  readonly without?: readonly RenderingStep[]
}

export interface Impression {
  /** At 500 ppi. */
  readonly image: GrayImage
  readonly sensor: SensorName
  readonly truth: ImpressionTruth
}

/**
 * One touch of a finger; always the same for the same master, index and options.
 *
 * @throws RangeError when `impressionIndex` is not an integer from 0 to 2^32 - 1, `unattended` no share, or the
 *   sensor or a step is not a known one
 */
export function synthesizeImpression(
  master: Master,
  impressionIndex: number,
  options: ImpressionOptions = {},
): Impression {
  requireIndex('impressionIndex', impressionIndex)
  const random = master.random.child('impression').child(impressionIndex)
  const clean = options.clean ?? false
  const steps = stepsWithout(options.without)
  const share = options.unattended ?? 0
  if (!(share >= 0 && share <= 1)) throw new RangeError(`unattended is ${share}, must be from 0 to 1`)
  const attended = !random.child('unattended').chance(share)
  const sensorName = options.sensor ?? (clean ? 'optical' : random.child('sensor').pick(SENSOR_SHARES))
  if (!Object.hasOwn(SENSORS, sensorName)) {
    throw new RangeError(`sensor: one of ${Object.keys(SENSORS).join(', ')}, not ${String(sensorName)}`)
  }
  const sensor = SENSORS[sensorName]
  const { widthPx, heightPx } = sensor

  const place = random.child('place')
  const fingerCentre = {
    xPx: master.widthPx / 2 + place.normalWithin(0, 12, -30, 30),
    yPx: master.heightPx * 0.485 + place.normalWithin(0, 18, -40, 40),
  }
  const warp = new SkinWarp(random.child('warp'), {
    widthPx,
    heightPx,
    fingerCentre,
    elastic: !clean,
    attended,
    steps,
  })
  const at = warp.raster(widthPx, heightPx)
  const ridges = sampleWave(master, at.xPx, at.yPx)
  const depth = contactDepth(random.child('contact'), warp, widthPx, heightPx, {
    ragged: !clean,
    rolled: options.rolled ?? false,
    steps,
  })
  const contact = Uint8Array.from(depth, (value, i) => {
    const inside = at.xPx[i] > 2 && at.yPx[i] > 2 && at.xPx[i] < master.widthPx - 3 && at.yPx[i] < master.heightPx - 3
    return inside && value > SHOWN_DEPTH ? 255 : 0
  })

  const touch = { widthPx, heightPx, ridges, depth, attended, steps }
  const state = random.child('skin')
  const skin = { moisture: state.normalWithin(0, 1, -1.6, 2), pressure: state.normalWithin(0, 1, -2, 2) }
  const data = clean
    ? cleanGrays(ridges, contact)
    : expose(inkOf(touch, master, warp, skin, random.child('ink')), sensor, random.child('sensor-image'), {
        attended,
        steps,
      })
  return {
    image: { data, widthPx, heightPx, ppi: 500 },
    sensor: sensorName,
    truth: truthOf({ widthPx, heightPx, ridges, contact, gray: data }, master, warp),
  }
}

/** Ridges as dark as 40 with soft edges, on white. */
function cleanGrays(ridges: Float32Array, contact: Uint8Array): Uint8Array {
  return Uint8Array.from(ridges, (value, i) =>
    contact[i] > 0 ? Math.round(255 - 215 / (1 + Math.exp(-value / 0.2))) : 255,
  )
}
