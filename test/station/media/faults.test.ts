/** Bundles that are not what they should be: nothing of them is taken, and what is wrong is said. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import {
  bundlesOut,
  createIdentity,
  exportBundle,
  type FailedBundle,
  importBundle,
  type Station,
  type StationIdentity,
} from 'sidik/station'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { Course, compose } from '../../../dist/station/sync/compose.js'
import { signedMessage } from '../../../dist/station/sync/seal.js'
import { bytesOf, writeBundle } from './sealed-bundle.js'
import { acquaint, anomaliesOf, NAME, NIK, record, recordsIn, stationIn } from './stations.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-faults-'))
const identities: Record<string, StationIdentity> = {}
const stations: Record<string, Station> = {}
/** A bundle of kiosk-1 for the centre, in parts of 256 KiB. */
let files: string[]
let sound: Buffer[]
let stick: string

beforeAll(async () => {
  for (const id of ['kiosk-1', 'kiosk-2', 'centre']) {
    identities[id] = await createIdentity(id)
    stations[id] = await stationIn(parent, identities[id])
  }
  for (const id of ['kiosk-1', 'kiosk-2'])
    await acquaint(identities[id], stations[id], identities.centre, stations.centre)
  record(stations['kiosk-1'], [3_000, 600_000])
  stick = join(parent, 'stick')
  mkdirSync(stick)
  const bundle = await exportBundle(stations['kiosk-1'], { to: 'centre', folder: stick, partBytes: 262_144 })
  files = bundle.files.map(name => join(stick, name))
  sound = files.map(file => readFileSync(file))
  expect(files.length).toBe(4)
})
afterAll(async () => {
  for (const station of Object.values(stations)) await station.close()
  rmSync(parent, { recursive: true })
})

let folders = 0
function newFolder(): string {
  const folder = join(parent, `folder-${++folders}`)
  mkdirSync(folder)
  return folder
}

/** All that there is in a station's file, but for what is noted of forgeries. */
function stateOf(station: Station): unknown {
  const { file } = partsOf(station)
  const tables = ['record', 'gallery_entry', 'receipt', 'acknowledged', 'heard', 'due', 'bundle', 'partial']
  const rows = tables.map(table => file.all(`SELECT * FROM ${table}`))
  return [...rows, file.all('SELECT hash FROM payload'), file.all(`SELECT hash FROM journal WHERE kind <> 'anomaly'`)]
}

/** What the centre says of the only bundle in the folder; it must not have taken anything. */
async function refused(folder: string, of = stations.centre): Promise<FailedBundle> {
  const before = stateOf(of)
  const { imported, failed } = await importBundle(of, { folder })
  expect([imported, failed.length]).toEqual([[], 1])
  expect(stateOf(of)).toEqual(before)
  for (const secret of [NAME, NIK]) expect(failed[0].error.message).not.toContain(secret)
  return failed[0]
}

/** After `change`, and then as it was. */
async function refusedWith(number: number, change: (file: string) => void): Promise<FailedBundle> {
  change(files[number])
  try {
    return await refused(stick)
  } finally {
    for (const [i, file] of files.entries()) writeFileSync(file, sound[i])
  }
}

/** The manifest with other bytes, and CRCs that fit: as somebody would write it who cannot sign. */
function altered(manifest: Buffer, change: (bytes: Buffer) => unknown): Buffer {
  const bytes = Buffer.from(manifest)
  change(bytes)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 172)), 172)
  for (let at = 176; at < bytes.length - 68; ) {
    const end = at + 40 + 32 * Math.ceil(Number(bytes.readBigUInt64LE(at)) / bytes.readUInt32LE(156))
    bytes.writeUInt32LE(crc32(bytes.subarray(at, end)), end)
    at = end + 4
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(-68, -4)), bytes.length - 4)
  return bytes
}

describe('a bundle that is not taken', () => {
  it('has a bit that was flipped, in any of its files: where, is said', async () => {
    const all = sound.reduce((sum, { length }) => sum + length, 0)
    await fc.assert(
      fc.asyncProperty(fc.nat(all * 8 - 1), async bit => {
        let at = bit >> 3
        let number = 0
        while (at >= sound[number].length) at -= sound[number++].length
        const { error, damaged } = await refusedWith(number, file => {
          const bytes = Buffer.from(sound[number])
          bytes[at] ^= 1 << (bit & 7)
          writeFileSync(file, bytes)
        })
        expect(error.message).toContain(basename(files[number]))
        if (number === 0 && at < 8)
          return void expect(error).toMatchObject({
            code: 'BUNDLE_FORMAT',
            message: expect.stringContaining('bytes 0 to 7'),
          })
        expect(error.code).toBe('BUNDLE_CORRUPT')
        expect(damaged.length).toBe(1)
        const [{ offset, bytes, part }] = damaged
        expect(part).toBe(number === 0 ? undefined : number)
        expect(at >= offset && at < offset + bytes).toBe(true)
        expect(error.message).toContain(`bytes ${offset} to ${offset + bytes - 1}`)
      }),
      { numRuns: 40 },
    )
  })

  it('is cut short, lacks a part or its manifest, or has parts that were swapped', async () => {
    const short = await refusedWith(2, file => truncateSync(file, 1_000))
    expect([short.error.code, short.damaged.map(({ part }) => part)]).toEqual(['BUNDLE_CORRUPT', [2]])
    const lacking = await refusedWith(3, file => rmSync(file))
    expect(lacking.error).toMatchObject({
      code: 'BUNDLE_INCOMPLETE',
      message: expect.stringContaining(basename(files[3])),
    })
    expect(lacking).toMatchObject({ from: 'kiosk-1', parts: 3, missing: [basename(files[3])] })
    const headless = await refusedWith(0, file => rmSync(file))
    expect(headless.error.code).toBe('BUNDLE_INCOMPLETE')
    expect(headless.missing).toEqual([basename(files[0])])
    const swapped = await refusedWith(1, () => {
      writeFileSync(files[1], sound[2])
      writeFileSync(files[2], sound[1])
    })
    expect(swapped.error.code).toBe('BUNDLE_CORRUPT')
    expect(swapped.damaged.map(({ what }) => what)).toEqual([
      expect.stringContaining('begins as part 2 of'),
      expect.stringContaining('begins as part 1 of'),
    ])
  })

  it('holds parts of another, or goes by the name of another', async () => {
    record(stations['kiosk-2'], [3_000, 600_000])
    const other = await exportBundle(stations['kiosk-2'], { to: 'centre', folder: newFolder(), partBytes: 262_144 })
    const folder = join(parent, `folder-${folders}`)
    const mixed = await refusedWith(2, file => copyFileSync(join(folder, other.files[2]), file))
    expect([mixed.error.code, mixed.damaged[0].part]).toEqual(['BUNDLE_CORRUPT', 2])
    const renamed = newFolder()
    for (const [i, name] of other.files.entries()) {
      copyFileSync(files[i], join(renamed, name))
    }
    expect((await refused(renamed)).error.message).toMatch(/names bundle .* renamed/)
  })

  it('is for another station, or by one that nobody knows', async () => {
    expect((await refused(stick, stations['kiosk-2'])).error.code).toBe('BUNDLE_NOT_FOR_US')
    const stranger = await createIdentity('kiosk-9')
    const { folder } = await writeBundle(newFolder(), [bytesOf(10)], { from: stranger, to: identities.centre })
    expect((await refused(folder)).error.code).toBe('PEER_UNKNOWN')
    const lost = await writeBundle(newFolder(), [bytesOf(10)], {
      from: identities['kiosk-1'],
      to: { ...(await createIdentity('centre')), id: 'centre' },
    })
    expect((await refused(lost.folder)).error).toMatchObject({
      code: 'BUNDLE_NOT_FOR_US',
      message: expect.stringContaining('other keys'),
    })
  })

  it('has a manifest that its sender did not sign', async () => {
    const changes: ((bytes: Buffer) => unknown)[] = [
      bytes => bytes.write('kiosk-2', 28),
      bytes => bytes.writeUInt8(bytes[bytes.length - 10] ^ 1, bytes.length - 10),
      bytes => bytes.writeUInt8(bytes[200] ^ 1, 200),
      bytes => sound[0].copy(bytes, 0, 0, 176),
    ]
    for (const change of changes.slice(0, 3)) {
      const { error } = await refusedWith(0, file => writeFileSync(file, altered(sound[0], change)))
      expect(error.code).toBe('MESSAGE_FORGED')
    }
    expect(altered(sound[0], changes[3])).toEqual(sound[0])
    const impostor = await createIdentity('kiosk-1')
    const { folder } = await writeBundle(newFolder(), [bytesOf(10)], { from: impostor, to: identities.centre })
    expect((await refused(folder)).error.code).toBe('MESSAGE_FORGED')
    // Once for the station that is named, and need not know of it, however many come on a day.
    const noted = anomaliesOf(stations.centre).filter(about => /^message-forged .*kiosk-1/.test(about))
    expect(noted.length).toBe(1)
  })

  it('is of a newer version', async () => {
    const { error } = await refusedWith(0, file =>
      writeFileSync(
        file,
        altered(sound[0], bytes => bytes.writeUInt16LE(2, 8)),
      ),
    )
    expect(error).toMatchObject({ code: 'BUNDLE_VERSION', message: expect.stringContaining('update') })
  })

  it('holds what are no messages of its sender', async () => {
    const bundleOf = async (messages: Uint8Array[], from = 'kiosk-1') =>
      (await writeBundle(newFolder(), messages, { from: identities[from], to: identities.centre })).folder
    const message = compose(stations['kiosk-1'], 'centre', { course: new Course() }).message
    const signed = signedMessage(stations['kiosk-1'], message)
    expect((await refused(await bundleOf([]))).error.code).toBe('BUNDLE_FORMAT')
    expect((await refused(await bundleOf([bytesOf(500)]))).error.code).toBe('MESSAGE_CORRUPT')
    const cut = await bundleOf([signed.subarray(0, -1)])
    expect((await refused(cut)).error.code).toMatch(/^MESSAGE_(CORRUPT|FORGED)$/)
    // Another station that is trusted passes on what is not its own.
    expect((await refused(await bundleOf([signed], 'kiosk-2'))).error.code).toBe('MESSAGE_FORGED')
    const notOurs = signedMessage(stations['kiosk-1'], { ...message, to: 'kiosk-2' })
    expect((await refused(await bundleOf([notOurs]))).error.code).toBe('MESSAGE_NOT_FOR_US')
  })

  it('does not keep others back that lie beside it', async () => {
    const folder = newFolder()
    for (const [i, file] of files.entries()) if (i !== 1) copyFileSync(file, join(folder, basename(file)))
    await exportBundle(stations['kiosk-2'], { to: 'centre', folder })
    writeFileSync(join(folder, 'letter.txt'), 'something else on the stick')
    const { imported, failed } = await importBundle(stations.centre, { folder })
    expect(imported.map(({ from }) => from)).toEqual(['kiosk-2'])
    expect(failed.map(({ error }) => error.code)).toEqual(['BUNDLE_INCOMPLETE'])
    // And when the rest is brought on another stick:
    const rest = newFolder()
    copyFileSync(files[1], join(rest, basename(files[1])))
    expect((await importBundle(stations.centre, { folder: [folder, rest] })).imported.length).toBe(2)
    expect(recordsIn(stations.centre).size).toBe(2)
  })

  it('nor does a folder without any, and a stick that cannot be written says so', async () => {
    expect(await importBundle(stations.centre, { folder: newFolder() })).toEqual({ imported: [], failed: [] })
    const gone = join(parent, 'no-such-stick')
    await expect(importBundle(stations.centre, { folder: gone })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    const before = bundlesOut(stations['kiosk-1'])
    const toGone = exportBundle(stations['kiosk-1'], { to: 'centre', folder: gone })
    await expect(toGone).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(gone) })
    expect(bundlesOut(stations['kiosk-1'])).toEqual(before)
    const unknown = exportBundle(stations['kiosk-1'], { to: 'kiosk-7', folder: stick })
    await expect(unknown).rejects.toMatchObject({ code: 'PEER_UNKNOWN' })
    for (const partBytes of [0, 262_143, 2 ** 32]) {
      await expect(exportBundle(stations['kiosk-1'], { to: 'centre', folder: stick, partBytes })).rejects.toThrow(
        RangeError,
      )
    }
    await expect(exportBundle(stations['kiosk-1'], { to: 'centre' } as never)).rejects.toThrow(TypeError)
    expect(readdirSync(stick).length).toBe(4)
  })
})
