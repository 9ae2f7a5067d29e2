/**
 * Quotas: how much a peer below may take of this station. Part of the entry point `sidik/station`.
 */
export { QUOTAS, type QuotaName } from './names.js'
export { type RaiseQuotaInput, raiseQuota } from './raise.js'
export type { QuotasUse, QuotaUse } from './use.js'
