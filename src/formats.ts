/** Templates and minutiae records, read and written (entry point `sidik/formats`). */
export type {
  Iso19794p2Extension,
  Iso19794p2Minutia,
  Iso19794p2MinutiaType,
  Iso19794p2Record,
  Iso19794p2View,
} from './template/iso19794-2-2005.js'
export {
  isoToMinutiae,
  isoToTemplate,
  type MinutiaePrint,
  type TemplateToIsoOptions,
  templateToIso,
} from './template/iso19794-2-2005-convert.js'
export { readIso19794p2v2005 } from './template/iso19794-2-2005-read.js'
export { writeIso19794p2v2005 } from './template/iso19794-2-2005-write.js'
export { decodeTemplate, encodeTemplate } from './template/native.js'
