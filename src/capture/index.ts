/** From a scanner to a usable print (entry point `sidik/capture`). Each adapter has an entry point of its own: `sidik/capture/<adapter>`. */
export type * from './source.js'
