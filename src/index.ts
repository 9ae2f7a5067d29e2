export { ERROR_CODES, type ErrorCode, SidikError } from './errors.js'
export type * from './types.js'
