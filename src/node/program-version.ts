import { readFileSync } from 'node:fs'
import { crc32 } from '../template/crc32.js'
import { CORE_FILE } from './core-file.js'

const PACKAGE_FILE = new URL('../../package.json', import.meta.url)

/** Version of this package, and the CRC-32 of the core as installed: programs of one version give the same scores. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(PACKAGE_FILE, 'utf8')) as { version: string }
  return `${version}-${crc32(readFileSync(CORE_FILE)).toString(16).padStart(8, '0')}`
}
