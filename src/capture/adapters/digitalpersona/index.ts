/**
 * Readers of DigitalPersona (HID) by the vendor's web clients, or what those gave to a page (entry point
 * `sidik/capture/digitalpersona`). Nothing here needs Node.
 */
export { type DigitalPersonaFeedback, digitalPersonaFeedback } from './feedback.js'
export type { DigitalPersonaReader } from './reader.js'
export { type DigitalPersonaOptions, digitalPersonaSource } from './reader-source.js'
export { type DigitalPersonaSamplesOptions, framesOfDigitalPersonaSamples } from './samples.js'
