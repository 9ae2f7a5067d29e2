import { Option } from 'commander'
import { SidikError } from '../errors.js'
import { SECRET_KEY_BYTES } from '../options.js'
import { readBytes } from './station/read.js'

/** What commands on galleries take. */
export interface KeyOptions {
  readonly keyFile?: string | undefined
}

export const keyFileOption = () =>
  new Option('--key-file <file>', 'the key of a durable gallery that has one: a file of 32 bytes, kept elsewhere')

/**
 * The key in a file; undefined when none is named.
 *
 * @throws SidikError FILE_UNREADABLE; GALLERY_KEY when it is not as long as a key
 */
export async function keyOf(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined
  const bytes = await readBytes(path)
  if (bytes.length === SECRET_KEY_BYTES) return bytes
  throw new SidikError(
    'GALLERY_KEY',
    `${path} has ${bytes.length} bytes: a key has ${SECRET_KEY_BYTES}, and nothing else`,
  )
}
