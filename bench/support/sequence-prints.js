/**
 * The prints of bench/sequence.js: of each synthetic finger two rolled and two plain impressions, rendered and extracted once by two
 * threads (0.5 s a finger, 0.25 s an impression) and kept in a file named after the core and its weights, so that others never meet old templates.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createEngine } from '../../dist/index.js'
import { NETWORK_FILE } from '../../dist/node/network-file.js'
import { synthesizeFinger, synthesizeImpression } from '../../dist/synthesize/index.js'

const THREADS = 2
const SAVED_EVERY = 20

/** Impressions of a finger, by number: the generator draws their sensor, and how dry, dragged, partial and soiled they are. */
export const IMPRESSIONS = ['rolled', 'rolled', 'plain', 'plain']

/** Of each finger its impressions, in the order of IMPRESSIONS: a template, or null where there is none. */
export async function sequencePrints({ fingers, seed, cache }) {
  mkdirSync(cache, { recursive: true })
  const makers = [new URL('../../dist/core/release.wasm', import.meta.url), NETWORK_FILE]
  const digest = createHash('sha256')
  for (const file of makers) digest.update(readFileSync(file))
  const path = join(cache, `templates-${digest.digest('hex').slice(0, 12)}-${seed}.json`)
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const missing = Array.from({ length: fingers }, (_, i) => i).filter(i => !(i in kept))
  const shards = Array.from({ length: THREADS }, (_, t) => missing.filter((_, i) => i % THREADS === t))
  let made = 0
  const save = () => writeFileSync(path, JSON.stringify(kept))
  const take = ({ finger, templates }) => {
    kept[finger] = templates
    if (++made % SAVED_EVERY === 0) save()
  }
  await Promise.all(shards.filter(shard => shard.length > 0).map(shard => runWorker(shard, seed, take)))
  if (made > 0) save()
  const decode = text => (text === null ? null : new Uint8Array(Buffer.from(text, 'base64')))
  return Array.from({ length: fingers }, (_, i) => kept[i].map(decode))
}

function runWorker(shard, seed, take) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { shard, seed } })
    worker.on('message', take).on('error', reject).on('exit', resolve)
  })
}

async function work({ shard, seed }) {
  const engine = await createEngine({ threads: 1 })
  for (const finger of shard) {
    const master = synthesizeFinger(seed, finger)
    const templates = []
    for (const [index, kind] of IMPRESSIONS.entries()) {
      const { image } = synthesizeImpression(master, index, { rolled: kind === 'rolled' })
      templates.push(await extracted(engine, image))
    }
    parentPort.postMessage({ finger, templates })
  }
  await engine.close()
}

async function extracted(engine, image) {
  try {
    return Buffer.from((await engine.extract(image)).template).toString('base64')
  } catch (error) {
    if (error.code !== 'NOT_A_FINGERPRINT') throw error
    return null
  }
}

if (!isMainThread) await work(workerData)
