/** Templates and the records of the standards, read and written (entry point `sidik/formats`). */
export { decodeTemplate, encodeTemplate } from '../template/native.js'
export type { Deviation, ReadOptions } from './deviation.js'
export { FRICTION_RIDGE_POSITIONS, type FrictionRidgePosition } from './finger-positions.js'
export { TEMPLATE_JSON_SCHEMA, type TemplateJson } from './json/template-json.js'
export { templateFromJson, templateToJson } from './json/template-json-convert.js'
export type {
  Iso19794p2Extension,
  Iso19794p2Minutia,
  Iso19794p2MinutiaType,
  Iso19794p2Record,
  Iso19794p2View,
} from './minutiae/iso19794-2-2005.js'
export {
  isoToMinutiae,
  isoToTemplate,
  type MinutiaePrint,
  type TemplateToIsoOptions,
  templateToIso,
} from './minutiae/iso19794-2-2005-convert.js'
export { readIso19794p2v2005 } from './minutiae/iso19794-2-2005-read.js'
export { writeIso19794p2v2005 } from './minutiae/iso19794-2-2005-write.js'
