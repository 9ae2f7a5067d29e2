export {
  type ImportDecisionsOptions,
  type ImportDecisionsProgress,
  type ImportedDecisions,
  importDecisions,
} from './import-decisions.js'
export type { RefusedRow, RowRefusalCode } from './refused-rows.js'
export type { DecisionFormat } from './rows.js'
export type { DecisionSource } from './source.js'
