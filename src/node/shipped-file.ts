/** Files of the package beside its modules, and what to do where they are not. */

/** Absent in bundles that are CommonJS. */
const HERE: string | undefined = import.meta.url

const IS_BUNDLED = HERE?.endsWith('/dist/node/shipped-file.js') !== true

/** A file by its path in the package. In a bundle nothing is there. */
export function shippedFile(path: string): URL {
  return new URL(`../../${path}`, HERE ?? 'file:///')
}

/** Whoever misses a file of the package is told this. */
export const REMEDY = IS_BUNDLED
  ? 'sidik was bundled into another file; mark sidik as external, or give its files by ' +
    'createEngine({ assets: { core, network, worker } }) (docs/bundlers.md)'
  : "reinstall sidik, or run 'npm run build' in a checkout"
