import type { CaptureFrame } from 'sidik/capture'
import { mosipSbiSource, type SbiOptions } from 'sidik/capture/mosip-sbi'
import { expect } from 'vitest'
import { picture } from '../../contract.js'
import { type Faults, TestDevice } from './device.js'
import { testPki } from './pki.js'

export const pki = await testPki()

/** One for all files that a process runs: it ends with that. */
export const device = await TestDevice.start({ pki })

const TRUST = { device: pki.root.pem, digitalId: pki.chipProvider.pem }

/** Both thumbs by a device with faults. */
export async function thumbs(faults: Faults, options: SbiOptions = {}): Promise<CaptureFrame[]> {
  device.faults = faults
  device.present(picture(1, 64, 64))
  const source = mosipSbiSource({ ports: [device.port], env: 'Staging', trust: TRUST, ...options })
  const frames: CaptureFrame[] = []
  try {
    for await (const frame of source.capture({ position: 15, timeoutMs: 5_000 })) frames.push(frame)
  } catch (error) {
    // All or nothing.
    expect(frames).toEqual([])
    throw error
  }
  return frames
}

/** Code and message, or 'taken'. */
export async function refusal(faults: Faults, options?: SbiOptions): Promise<string> {
  return thumbs(faults, options).then(
    () => 'taken',
    error => `${error.code ?? error}: ${error.message}`,
  )
}

/** The second print changed before it is signed. */
export const second =
  (change: (data: Record<string, unknown>) => object): Faults['captured'] =>
  (data, i) =>
    i === 1 ? { ...data, ...change(data) } : data
