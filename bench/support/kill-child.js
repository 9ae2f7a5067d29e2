/**
 * Changes a durable gallery until it is killed, and reports on stdout: `o` before it opens it, `r` when it is open, then
 * for each change a line before it is asked for (`i` or `d`, number, id, number of the template) and one when it is
 * acknowledged (`a`, number); `c` and `C` around a compaction. Reports are written before anything else happens.
 *
 *   node bench/support/kill-child.js FOLDER SEED storage|engine plain|sealed
 *
 * Sealed: each compaction takes the other of two keys.
 */
import { writeSync } from 'node:fs'
import { Random } from '../../dist/random.js'
import { KILL_KEYS, withEither } from './kill-keys.js'
import { killTemplate } from './kill-template.js'

const IDS = 60
const [folder, seed, kind, sealing] = process.argv.slice(2)
const isSealed = sealing === 'sealed'
let key
const random = new Random(Number(seed))
const report = text => writeSync(1, `${text}\n`)

/** The storage alone, with a Map for a gallery: nothing to load but the files. */
async function openAlone() {
  const { openStorage } = await import('../../dist/node/open-storage.js')
  const { writeGalleryFile } = await import('../../dist/node/gallery-file.js')
  const held = new Map()
  const receive = ({ id, template }) => void held.set(id, template.slice())
  report('o')
  const storage = await open(options => openStorage(folder, { receive, has: id => held.has(id) }, options))
  const entries = () => [...held].map(([id, template]) => ({ id, template }))
  return {
    ids: () => [...held.keys()],
    insert: (id, template) => {
      const change = { kind: 'insert', id, template }
      return storage.change({ change, replace: true, apply: () => held.set(id, template) })
    },
    remove: id => storage.change({ change: { kind: 'remove', id }, apply: () => held.delete(id) }),
    compact: next => storage.compact((path, seal) => writeGalleryFile(path, entries(), held.size, seal), next),
  }
}

async function openWithEngine() {
  const { createEngine } = await import('../../dist/index.js')
  const engine = await createEngine({ threads: 1 })
  report('o')
  const gallery = await open(options => engine.openDurableGallery(folder, options))
  return {
    ids: () => gallery.ids(),
    insert: (id, template) => gallery.insert(id, template, { replace: true }),
    remove: id => gallery.remove(id),
    compact: next => gallery.compact(next && { key: next }),
  }
}

/** What `work` opens, with the key that the folder has at the moment. */
async function open(work) {
  if (!isSealed) return work({ create: true })
  return withEither(async tried => {
    const opened = await work({ create: true, key: tried })
    key = tried
    return opened
  })
}

const gallery = await (kind === 'engine' ? openWithEngine() : openAlone())
const present = new Set(gallery.ids())
report('r')

const mostInFlight = 1 + random.below(12)
const compactEvery = 5 + random.below(40)
let inFlight = 0
let compacting = false
let wake = () => {}

async function acknowledged(number, work) {
  inFlight++
  await work
  report(`a ${number}`)
  inFlight--
  wake()
}

async function compact() {
  compacting = true
  report('c')
  if (isSealed) key = KILL_KEYS.find(other => other !== key)
  await gallery.compact(key)
  report('C')
  compacting = false
}

for (let number = 1; ; number++) {
  const id = `person-${random.below(IDS)}`
  if (present.has(id) && random.chance(0.4)) {
    present.delete(id)
    report(`d ${number} ${id} 0`)
    void acknowledged(number, gallery.remove(id))
  } else {
    const value = random.below(2 ** 31)
    present.add(id)
    report(`i ${number} ${id} ${value}`)
    void acknowledged(number, gallery.insert(id, killTemplate(value)))
  }
  if (!compacting && number % compactEvery === 0) void compact()
  while (inFlight >= mostInFlight) {
    await new Promise(resolve => {
      wake = resolve
    })
  }
}
