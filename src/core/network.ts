import { SidikError } from '../errors.js'
import { crc32 } from '../template/crc32.js'

/** Weights of the network that finds minutiae and encodes them, checked to be whole. */
export interface Network {
  /** The file (training/export.py describes its bytes). Shared between threads, never written. */
  readonly bytes: Uint8Array
  /** Which weights these are: their CRC-32. Codes of different weights cannot be compared. */
  readonly version: number
}

/** 'SDKN'. */
const MAGIC = [0x53, 0x44, 0x4b, 0x4e]
const FORMAT_VERSION = 3
const LAYERS = 19
const HEADER_BYTES = 16

/**
 * The network in the bytes of a weight file, copied to memory that threads share; `source` says
 * in a message where they are from, `remedy` what to do.
 *
 * @throws SidikError NETWORK_CORRUPT when they are cut short, altered or something else;
 *   NETWORK_VERSION when they are of another version of the format
 */
export function readNetwork(bytes: Uint8Array, source: string, remedy = REMEDY): Network {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SidikError('NETWORK_CORRUPT', `${source} does not begin as weights do ('SDKN'): ${remedy}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const format = view.getUint16(4, true)
  const layers = view.getUint16(6, true)
  if (format !== FORMAT_VERSION || layers !== LAYERS) {
    const found = `version ${format} with ${layers} layers`
    throw new SidikError(
      'NETWORK_VERSION',
      `${source} is of ${found}, this needs ${FORMAT_VERSION} with ${LAYERS}: ${remedy}`,
    )
  }
  const length = view.getUint32(8, true)
  if (length !== bytes.length) {
    throw new SidikError('NETWORK_CORRUPT', `${source} has ${bytes.length} bytes, but says ${length}: ${remedy}`)
  }
  const version = view.getUint32(12, true)
  if (version !== crc32(bytes, HEADER_BYTES, bytes.length)) {
    throw new SidikError('NETWORK_CORRUPT', `${source} was altered: its CRC-32 does not fit its bytes; ${remedy}`)
  }
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return { bytes: shared, version }
}

/** What is thrown when the core finds other layers than its own in a whole file. */
export function refusedByCore(): SidikError {
  return new SidikError('NETWORK_VERSION', `the weights have other layers than the core: ${REMEDY}`)
}

const REMEDY = 'reinstall sidik'
