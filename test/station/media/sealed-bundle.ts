/** Bundles as they lie in a folder, of messages that are bytes only. */
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { identityToRecipient } from 'age-encryption'
import { createIdentity, type StationIdentity } from 'sidik/station'
import { signingKeyOf } from '../../../dist/station/identity.js'
import { sealBundle } from '../../../dist/station/media/bundle-stream.js'
import { encodeManifest } from '../../../dist/station/media/manifest.js'
import { newBundleId } from '../../../dist/station/media/names.js'
import { CHUNK_BYTES, PartWriter } from '../../../dist/station/media/part-writer.js'

export const kiosk: StationIdentity = await createIdentity('kiosk-1')
export const centre: StationIdentity = await createIdentity('centre')

/** `count` bytes that compress and repeat nowhere: every chunk is another. */
export function bytesOf(count: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(count)
  let state = seed >>> 0 || 1
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export interface WrittenBundle {
  readonly bundle: string
  readonly folder: string
  /** Paths: the manifest, then the parts. */
  readonly files: readonly string[]
}

/** Parts of one chunk each, unless told. */
export async function writeBundle(
  folder: string,
  messages: readonly Uint8Array[],
  { partBytes = CHUNK_BYTES, from = kiosk, to = centre } = {},
): Promise<WrittenBundle> {
  mkdirSync(folder, { recursive: true })
  const bundle = newBundleId()
  const writer = new PartWriter({ folder, station: from.id, bundle, partBytes })
  const sealed = sealBundle(bundle, messages, await identityToRecipient(to.openingKey))
  for await (const piece of sealed) await writer.write(piece)
  const names = await writer.finish(parts =>
    encodeManifest({ bundle, from: from.id, to: to.id, chunkBytes: CHUNK_BYTES, parts }, signingKeyOf(from)),
  )
  return { bundle, folder, files: names.map(name => join(folder, basename(name))) }
}
