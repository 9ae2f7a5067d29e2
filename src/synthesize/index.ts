export { type Impression, type ImpressionOptions, synthesizeImpression } from './impression.js'
export { type FingerOptions, type Master, synthesizeFinger } from './master.js'
export { CLASS_FREQUENCIES, type PatternClass, type SingularPoint } from './orientation-field.js'
export { RENDERING_STEPS, type RenderingStep } from './rendering-steps.js'
export { SENSOR_SHARES, type SensorName } from './sensors.js'
export {
  SLAP_DISTURBANCES,
  type SlapDisturbance,
  type SlapOptions,
  type SlapTruth,
  type SyntheticSlap,
  synthesizeSlap,
} from './slap.js'
export { syntheticId } from './synthetic-block.js'
export { type SyntheticNikOptions, syntheticNik } from './synthetic-nik.js'
export { syntheticProbe, syntheticTemplate } from './synthetic-template.js'
export type { ProbeDifficulty } from './touch-draw.js'
export type { ImpressionTruth, OrientationGrid } from './truth.js'
export { type SyntheticGalleryOptions, writeSyntheticGallery } from './write-gallery.js'
export { type SyntheticSetOptions, writeSyntheticSet } from './write-set.js'
