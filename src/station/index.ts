/** The public interface of the station (entry point `sidik/station`). */
export { type Change, type ChangesOptions, changes } from './changes.js'
export * from './check/index.js'
export * from './decide/index.js'
export * from './enrol/index.js'
export type { DiskStatus } from './health/disk.js'
export {
  type Bounds,
  DEFAULT_LIMITS,
  type LimitName,
  type LimitOptions,
  type LimitWarning,
  limits,
  type OverrideInput,
  override,
} from './health/limits.js'
export type { PeerStatus, WaitingReason } from './health/peers.js'
export { type NotedAnomaly, type StationStatus, status } from './health/status.js'
export { createIdentity, publicIdentity } from './identity.js'
export { type ExportedBundle, type ExportOptions, type ExportProgress, exportBundle } from './media/export.js'
export type { BundlePlaces } from './media/find-bundles.js'
export {
  type FailedBundle,
  type ImportOptions,
  type ImportReport,
  importBundle,
} from './media/import.js'
export {
  type BundleContents,
  type Damage,
  type InspectOptions,
  inspectBundles,
} from './media/inspect.js'
export { type BundleOut, bundlesOut } from './media/noted-bundles.js'
export type { BundleProgress, ImportedBundle } from './media/types.js'
export { type OpenStationOptions, openStation } from './open.js'
export { addPeer, peers, type TrustedStation, type TrustOptions, trustStation } from './peers.js'
export * from './print/index.js'
export * from './print/printers/index.js'
export * from './quotas/index.js'
export type { Recogniser } from './recogniser.js'
export { type Revocation, type RevokedStation, type RevokeOptions, revokedStations, revokePeer } from './revoke.js'
export { type Rekeyed, type Resealed, type ResealOptions, resealAll, rotateKey } from './rotate.js'
export { Station } from './station.js'
export * from './stock/index.js'
export * from './sync/index.js'
export * from './transports/index.js'
export type * from './types.js'
export {
  FINDING_CODES,
  type Finding,
  type FindingCode,
  type VerifyCounts,
  type Where,
} from './verify/findings.js'
export type { Signer } from './verify/signers.js'
export {
  type Verification,
  type VerifyFileOptions,
  type VerifyOptions,
  type VerifyProgress,
  verifyStation,
  verifyStationFile,
} from './verify/verify.js'
