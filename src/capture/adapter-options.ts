/** Options that several adapters have. */
import type { Deviation, ReadOptions } from '../formats/deviation.js'
import { MAX_PPI, MIN_PPI } from '../image/resolution.js'
import { finiteNumber, readOptions } from '../options.js'
import type { DeviceIdentity } from './source.js'

/** What a caller can say of a device that does not say it itself. */
export type StatedDevice = Omit<DeviceIdentity, 'adapter'>

/** @param label of the frames that are read: a file, a transaction */
export type OnDeviation = (label: string, deviation: Deviation) => void

/** How the records of one file are read. */
export function readingOf(label: string, onDeviation: OnDeviation | undefined): ReadOptions {
  return onDeviation === undefined ? {} : { onDeviation: deviation => onDeviation(label, deviation) }
}

/** @throws TypeError when it is no number, RangeError outside 250 to 1,100 */
export function ppiOption(ppi: unknown): number | undefined {
  if (ppi === undefined) return undefined
  const given = finiteNumber('ppi', ppi)
  if (given >= MIN_PPI && given <= MAX_PPI) return given
  throw new RangeError(`ppi is ${given}, must be ${MIN_PPI} to ${MAX_PPI}`)
}

/** @throws TypeError where a name is unknown, or is given and no text */
export function deviceOption(adapter: string, device: StatedDevice | undefined): DeviceIdentity {
  const stated = readOptions('device', device, ['make', 'model', 'serialNumber'])
  for (const [name, value] of Object.entries(stated)) {
    if (value !== undefined && typeof value !== 'string') throw new TypeError(`device.${name} must be a string`)
  }
  return { adapter, ...stated }
}
