import { readFile } from 'node:fs/promises'
import { SidikError } from '../../errors.js'

/** @throws SidikError FILE_UNREADABLE */
export async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch(cause => {
    throw new SidikError('FILE_UNREADABLE', `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`)
  })
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
