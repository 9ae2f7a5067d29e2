/** What a peer below may take of this station: part of the entry point `sidik/station`. */
export { QUOTAS, type QuotaName } from './names.js'
export { type RaiseQuotaInput, raiseQuota } from './raise.js'
export type { QuotasUse, QuotaUse } from './use.js'
