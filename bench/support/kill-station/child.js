/**
 * Works on a station until it is killed: node child.js SCENARIO FOLDER SEED. Lines are on their way to the parent before anything else
 * happens.
 */
import { writeSync } from 'node:fs'

const [name, folder, seed] = process.argv.slice(2)
const scenario = await import(new URL(`${name}.js`, import.meta.url))
const report = line => void writeSync(1, `${line}\n`)
report('opening')
await scenario.work({ folder, seed: Number(seed), report })
