import { readFileSync } from 'node:fs'
import { type Network, readNetwork } from '../core/network.js'
import { SidikError } from '../errors.js'
import { REMEDY, shippedFile } from './shipped-file.js'

/** The weights that are shipped, where training/export.py writes them. */
export const NETWORK_FILE = shippedFile('training/weights/sidik-3.bin')

let shared: Network | undefined

/** The network as installed, read at the first call, then the same for all of the process. Throws as {@link loadNetworkFrom}. */
export function loadNetwork(): Network {
  shared ??= loadNetworkFrom(NETWORK_FILE)
  return shared
}

/**
 * The network from `file`, read anew.
 *
 * @throws SidikError NETWORK_MISSING when it is absent, and as readNetwork
 */
export function loadNetworkFrom(file: URL | string, remedy = REMEDY): Network {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new SidikError('NETWORK_MISSING', `the weights ${file} cannot be read: ${remedy}`, { cause })
  }
  return readNetwork(bytes, `the file of weights ${file}`, remedy)
}
