/** Bundles on a stick taken into the station. */
import { type ErrorCode, SidikError } from '../../errors.js'
import { abortSignal, callback, readOptions } from '../../options.js'
import { peerOf } from '../peers.js'
import { partsOf, type Station } from '../station.js'
import { groundFor } from '../sync/ground.js'
import { MAX_MESSAGE_BYTES, readHead } from '../sync/message.js'
import type { Message } from '../sync/message-schema.js'
import { dayOf, noteAnomaly } from '../sync/noted.js'
import { assertWithinQuotas, readSignedMessage } from '../sync/seal.js'
import { takeMessage } from '../sync/take.js'
import { trustedKey } from '../sync/trust.js'
import { ReadAllowance } from './bounds.js'
import { type NamedBundle, PartStarts, readManifestOf } from './bundle-manifest.js'
import { openBundle } from './bundle-stream.js'
import { checkParts } from './check-parts.js'
import { type BundlePlaces, findBundles } from './find-bundles.js'
import { type BundleContents, contentsOf, faultOf } from './inspect.js'
import { isSignedBy, type ReadManifest } from './manifest.js'
import { noteImported } from './noted-bundles.js'
import { readBundle } from './part-reader.js'
import type { BundleProgress, ImportedBundle, Watch } from './types.js'

export interface ImportOptions extends BundlePlaces {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: BundleProgress) => void
}

/** A bundle that was not imported, and why. */
export interface FailedBundle extends BundleContents {
  readonly error: SidikError
}

export interface ImportReport {
  readonly imported: readonly ImportedBundle[]
  /** Also those for other stations (BUNDLE_NOT_FOR_US), which may lie on the same stick. */
  readonly failed: readonly FailedBundle[]
}

/** Errors of this station, not of a bundle. */
const OWN_ERRORS: readonly ErrorCode[] = [
  'STATION_CLOSED',
  'STATION_FULL',
  'STATION_BUSY',
  'STATION_DISK',
  'STATION_CORRUPT',
  'STATION_ALTERED',
]

/**
 * Takes all bundles for this station that lie in a folder, or in several, if a bundle is spread over them. Each is checked as a whole
 * before anything of it is taken; what is wrong with one is said in the report and does not keep the others back. A bundle may come twice,
 * and after a newer one; nothing is lost or undone then. After an error or a kill the same call
 * goes on where it was. Nothing but regular files is opened, no link is followed, one manifest is
 * in memory at a time, and the signal ends each step.
 *
 * The sender learns what is here from this station's own bundle to it (`exportBundle`), or over a line.
 *
 * @throws TypeError for options that are not as they must be; the reason of the signal
 * @throws SidikError FILE_UNREADABLE for a folder that cannot be read or holds more than 131,072
 *   names, and for more than 4,096 bundles;
 *   BUNDLE_FORMAT for one of `files` that is named as none of a bundle,
 *   STATION_CLOSED, STATION_FULL, STATION_BUSY, STATION_DISK. In the report: BUNDLE_NOT_FOR_US, PEER_UNKNOWN, MESSAGE_FORGED,
 *   PEER_QUOTA, BUNDLE_INCOMPLETE, BUNDLE_CORRUPT, BUNDLE_FORMAT, BUNDLE_VERSION, FILE_UNREADABLE
 */
export async function importBundle(station: Station, options: ImportOptions): Promise<ImportReport> {
  partsOf(station)
  const asked = readOptions('importBundle', options, ['folder', 'files', 'signal', 'onProgress'])
  const { signal: given, onProgress, ...places } = asked
  const signal = abortSignal('signal', given)
  const watch = { signal, onProgress: callback('onProgress', onProgress), allowance: new ReadAllowance() }
  const bundles = await findBundles(places, signal)
  const starts = new PartStarts(bundles, watch)
  const report = { imported: [] as ImportedBundle[], failed: [] as FailedBundle[] }
  for (const found of bundles) {
    const result = await importOne(station, await readManifestOf(found, watch), starts, watch)
    if ('error' in result) report.failed.push(result as FailedBundle)
    else report.imported.push(result as ImportedBundle)
  }
  return report
}

async function importOne(
  station: Station,
  named: NamedBundle,
  starts: PartStarts,
  watch: Watch,
): Promise<ImportedBundle | FailedBundle> {
  let contents = contentsOf(named, { missing: [], damaged: [], unlisted: 0 })
  try {
    if (named.manifest !== undefined) checkSender(station, named.manifest)
    const parts = await checkParts(named, starts, watch)
    contents = contentsOf(named, parts)
    const fault = faultOf(contents)
    if (fault !== undefined) throw fault
    return await takeMessages(station, named.manifest!, parts.paths, watch)
  } catch (error) {
    if (!(error instanceof SidikError) || OWN_ERRORS.includes(error.code)) throw error
    return { ...contents, error }
  }
}

/** @throws SidikError BUNDLE_NOT_FOR_US, PEER_UNKNOWN, MESSAGE_FORGED (also noted as an anomaly) */
function checkSender(station: Station, manifest: ReadManifest): void {
  const { file, identity } = partsOf(station)
  const { bundle, from, to } = manifest
  if (to !== identity.id) {
    throw new SidikError('BUNDLE_NOT_FOR_US', `bundle ${bundle} is for station ${to}, this is ${identity.id}`)
  }
  const { verifyKey } = peerOf(file, from)
  if (!isSignedBy(manifest, trustedKey(verifyKey, from))) {
    forged(
      station,
      from,
      `the manifest of bundle ${bundle} claims to come from station ${from}, and is not signed by it: ` +
        'who made it is not known',
    )
  }
}

/** @param from who is named, and need not know of it */
function forged(station: Station, from: string, what: string): never {
  noteAnomaly(station, 'message-forged', `${from} ${dayOf(partsOf(station).clock)}`, what)
  throw new SidikError('MESSAGE_FORGED', what)
}

async function takeMessages(
  station: Station,
  manifest: ReadManifest,
  paths: readonly string[],
  { signal, onProgress }: Watch,
): Promise<ImportedBundle> {
  const { bundle, from, parts } = manifest
  const ofBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0)
  const tally = { entriesNew: 0, entriesKnown: 0, receipts: 0, refusals: 0 }
  const ground = groundFor(station, from)
  let bytes = 0
  let last: Message | undefined
  const onRead = (read: number) => {
    bytes += read
    onProgress?.({ bundle, doing: 'importing', bytes, ofBytes })
  }
  const pieces = readBundle(paths, manifest, onRead, signal)
  for await (const signed of openBundle(bundle, pieces, partsOf(station).identity.openingKey, MAX_MESSAGE_BYTES)) {
    signal?.throwIfAborted()
    assertWithinQuotas(station, readHead(signed), signed.length)
    const message = await readSignedMessage(station, signed)
    if (message.from !== from)
      forged(station, from, `bundle ${bundle} of station ${from} holds a message of station ${message.from}`)
    const applied = await takeMessage(station, message, signed.length, all => all)
    tally.entriesNew += applied.entries
    tally.entriesKnown += message.entries.length - applied.entries
    tally.receipts += applied.receipts
    tally.refusals += applied.refusals
    last = message
  }
  if (last === undefined) throw new SidikError('BUNDLE_FORMAT', `bundle ${bundle} holds no message`)
  noteImported(ground, { bundle, from, ...tally, madeAt: last.at }, last)
  return { bundle, from, ...tally, madeAt: last.at }
}
