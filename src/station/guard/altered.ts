import { SidikError } from '../../errors.js'
import type { StationFile } from '../store/database.js'

/** @param what in words: what is not as the station wrote it */
export function altered(file: StationFile, what: string): SidikError {
  const advice = 'keep a copy, see what verifyStation says of it, and put back a backup'
  return new SidikError(
    'STATION_ALTERED',
    `${file.path}: ${what} was changed by somebody who has no key of it: ${advice}`,
  )
}
