import type { ImageSize } from './minutia-words.js'

/** The standards differ in how they write an extension; ANSI INCITS 378-2004 and -2009 do not. */
export type ExtensionStandard = 'iso-19794-2-2005' | 'iso-19794-2-2011' | 'ansi-378'

/** What an extension's data refer to. */
export interface ExtensionContext extends ImageSize {
  readonly standard: ExtensionStandard
  /** Of the view that it belongs to. */
  readonly minutiaCount: number
}
