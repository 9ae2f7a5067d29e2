/** Templates and minutiae records, read and written (entry point `sidik/formats`). */
export { decodeTemplate, encodeTemplate } from './template/native.js'
