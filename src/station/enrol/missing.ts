import type { MissingReason } from '../../persons/types.js'

/** Why a finger is not there, in the order of their numbers in the payload of templates, from 1. */
export const MISSING_REASONS = [
  'amputated',
  'bandaged',
  'unreadable',
  'not-captured',
] as const satisfies readonly MissingReason[]
