/**
 * Finger scanners that keep the MOSIP Device Service specification (Secure Biometric Interface) 0.9.5 (entry point
 * `sidik/capture/mosip-sbi`).
 */
export type { SbiDevice, SbiDeviceStatus } from './device.js'
export type { SbiReportedError } from './device-error.js'
export { type SbiDeviceInfo, type SbiDeviceInfoOptions, sbiDeviceInfo } from './device-info.js'
export type { SbiDigitalId } from './digital-id.js'
export { type DiscoverSbiOptions, discoverSbi, SBI_PORTS, type SbiDiscovery } from './discover.js'
export { SbiHashChain } from './hash-chain.js'
export type { SbiDeviceOptions, SbiOptions, SbiTrust } from './options.js'
export { mosipSbiPreview, type SbiPreviewOptions } from './preview.js'
export { mosipSbiSource } from './source.js'
