/**
 * The prints that the score is calibrated on, as templates: extracted once by two workers and kept in a folder, in a
 * file a source named after the weights' hash, so that other weights never meet old templates.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../../dist/index.js'
import { NETWORK_FILE } from '../../dist/node/network-file.js'

/** Images that are in work at a time. */
const IN_FLIGHT = 4

/** Fingers that are in two sets of the development prints: docs/calibration.md says why. Never counted as strangers. */
const SAME_FINGER = { 'real/fvc2004-db3b/102': 'real/fvc2002-db3b/108' }

/**
 * The templates of the sources given, by source and file: { kind, set, finger, file, template }.
 *
 * @param sources { kind: folder }, kinds real (sets in folders), rolled (one print a finger, 500 ppi) and synthetic
 */
export async function calibrationPrints(sources, { cache, fresh }) {
  mkdirSync(cache, { recursive: true })
  const weights = createHash('sha256').update(readFileSync(NETWORK_FILE)).digest('hex').slice(0, 12)
  const prints = []
  for (const [kind, folder] of Object.entries(sources)) {
    const files = filesOf(kind, folder)
    const templates = await templatesOf(files, join(cache, `templates-${weights}-${kind}.json`), fresh)
    const found = files
      .map(({ set, finger, file }) => ({
        kind,
        set,
        finger: SAME_FINGER[finger] ?? finger,
        file,
        template: templates[file],
      }))
      .filter(({ template }) => template !== null)
    const fingers = new Set(found.map(({ finger }) => finger)).size
    console.log(
      `${kind}: ${found.length} prints of ${fingers} fingers, ${files.length - found.length} without a template`,
    )
    prints.push(...found)
  }
  return prints
}

function filesOf(kind, folder) {
  const named = (path, set) =>
    readdirSync(path)
      .filter(name => /\.(png|wsq)$/i.test(name))
      .sort()
      .map(name => {
        const stem = name.replace(/\.[^.]*$/, '')
        const own = kind === 'rolled' ? stem : stem.split('_')[0]
        const ppi = kind === 'rolled' ? 500 : undefined
        return { set: `${kind}/${set}`, finger: `${kind}/${set}/${own}`, file: join(path, name), ppi }
      })
  if (kind !== 'real') return named(folder, '')
  const sets = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
  return sets.flatMap(({ name }) => named(join(folder, name), name))
}

/** { file: template, or null where there is none }. */
async function templatesOf(files, path, fresh) {
  const kept = existsSync(path) && !fresh ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const missing = files.filter(({ file }) => !(file in kept))
  if (missing.length > 0) {
    const startMs = performance.now()
    const engine = await createEngine({ threads: 2 })
    const queue = [...missing]
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) kept[next.file] = await extracted(engine, next)
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, work))
    await engine.close()
    const seconds = (performance.now() - startMs) / 1000
    console.log(`${missing.length} images extracted in ${seconds.toFixed(0)} s`)
    writeFileSync(path, JSON.stringify(kept))
  }
  const decode = text => (text === null ? null : new Uint8Array(Buffer.from(text, 'base64')))
  return Object.fromEntries(files.map(({ file }) => [file, decode(kept[file])]))
}

async function extracted(engine, { file, ppi }) {
  try {
    const { template } = await engine.extract(readFileSync(file), ppi === undefined ? {} : { ppi })
    return Buffer.from(template).toString('base64')
  } catch (error) {
    if (error.code !== 'NOT_A_FINGERPRINT') throw error
    console.log(`${file}: ${error.code}`)
    return null
  }
}
