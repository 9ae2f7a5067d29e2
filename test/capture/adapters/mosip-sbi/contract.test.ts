import type { CaptureSource } from 'sidik/capture'
import { mosipSbiPreview, mosipSbiSource } from 'sidik/capture/mosip-sbi'
import { contractSuite, type Rig } from '../../contract.js'
import { TestDevice } from './device.js'
import { testPki } from './pki.js'

const pki = await testPki()

function rig(device: TestDevice, source: CaptureSource): Rig {
  const statuses = { busy: 'Busy', 'not-ready': 'Not Ready', unreachable: 'Not Registered' } as const
  let isThere = true
  return {
    source,
    request: { position: 7 },
    present: async image => device.present(image),
    engaged: () => device.engaged(),
    enter: async status => {
      device.status = statuses[status]
    },
    disconnect: async () => {
      isThere = false
      await device.disconnect()
    },
    reconnect: async () => {
      isThere = true
      await device.reconnect()
    },
    close: async () => {
      if (isThere) await device.disconnect()
    },
  }
}

const trust = { device: pki.root.pem, digitalId: pki.chipProvider.pem }

contractSuite(
  'a MOSIP SBI device',
  async () => {
    const device = await TestDevice.start({ pki })
    return rig(device, mosipSbiSource({ ports: [device.port], env: 'Staging', trust }))
  },
  { exact: true, states: true, disconnects: true },
)

contractSuite(
  'the preview of a MOSIP SBI device',
  async () => {
    const device = await TestDevice.start({ pki })
    return rig(device, mosipSbiPreview({ ports: [device.port] }))
  },
  { exact: false, states: true, disconnects: true },
)
