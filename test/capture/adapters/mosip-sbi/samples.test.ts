import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { mosipSbiSource } from 'sidik/capture/mosip-sbi'
import { describe, expect, it } from 'vitest'
import { picture } from '../../contract.js'
import { TestDevice } from './device.js'
import { testPki } from './pki.js'

/** Records of the simulator of devices that comes with the specification: not ours to pass on, so tests without them are skipped. */
const FOLDER = fileURLToPath(new URL('../../../../../shared/data/formats/image-records/', import.meta.url))

const RECORDS = [
  { name: 'mosip-Registration-Left_Index.iso', compression: 'JPEG 2000', finger: 7 },
  { name: 'mosip-Auth-Left_Index_wsq.iso', compression: 'WSQ', finger: 7 },
]

describe.skipIf(!existsSync(FOLDER))('records of the MOSIP simulator', () => {
  it.each(RECORDS)('$name ($compression) comes through a capture as it is', async ({ name, finger }) => {
    const record = readFileSync(`${FOLDER}${name}`)
    const device = await TestDevice.start({ pki: await testPki() })
    device.faults.record = () => record
    device.present(picture(1, 64, 64))
    const source = mosipSbiSource({ ports: [device.port], env: 'Staging' })
    const { value: frame } = await source.capture({ position: finger }).next()
    expect(frame).toMatchObject({ position: finger, ppi: 500 })
    expect(Buffer.compare(frame!.received!, record)).toBe(0)
    expect(new Set(frame!.data).size).toBeGreaterThan(50)
    await device.disconnect()
  })
})
