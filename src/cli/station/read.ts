import { readRegular } from '../../node/regular-file.js'

/** Far more than an application, a key, an identity or a template needs. */
const MOST_BYTES = 16 * 2 ** 20

/**
 * Reads a file that an argument names: a regular one, which ends and answers, of 16 MiB at most.
 *
 * @throws SidikError FILE_UNREADABLE
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  return readRegular(path, MOST_BYTES, { followLinks: true })
}

/** What a file of JSON says; undefined where it is none. The parser's own words are dropped: they repeat what is in the file. */
export async function readJson(path: string): Promise<unknown> {
  const bytes = await readBytes(path)
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
