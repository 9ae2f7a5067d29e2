/** The native binary form of a template, both ways. Its byte table is in native-layout.ts. */
export { decodeTemplate } from './native-decode.js'
export { encodeTemplate } from './native-encode.js'
