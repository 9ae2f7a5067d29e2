/**
 * What draws, loaded when something is drawn for the first time: it takes half a second of a processor, which a station that records and synchronises
 * need not spend.
 */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

export const fontkit = () => require('fontkit') as typeof import('fontkit')

export const bwip = () => require('bwip-js/node') as typeof import('bwip-js/node')

export const pdfkit = async () => (await import('pdfkit')).default
