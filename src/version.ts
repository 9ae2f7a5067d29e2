/**
 * Version of the package, as package.json says (a test holds them together): bundles have no
 * package.json to read.
 */
export const VERSION = '0.1.0'
