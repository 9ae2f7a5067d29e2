export {
  type ImportDecisionsOptions,
  type ImportDecisionsProgress,
  type ImportedDecisions,
  importDecisions,
} from './import-decisions.js'
export type { DecisionFormat, RefusedRow, RowRefusalCode } from './rows.js'
export type { DecisionSource } from './source.js'
