/** Kills processes that change a durable gallery, at random moments, and looks what is there afterwards. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStorage } from '../../dist/node/open-storage.js'
import { Random } from '../../dist/random.js'
import { withEither } from './kill-keys.js'
import { killTemplate } from './kill-template.js'
import { killedChild } from './killed-child.js'

const CHILD = fileURLToPath(new URL('kill-child.js', import.meta.url))

/** How many are killed in the moments after they begin to open the gallery; the others after they have opened it. */
const OPENING_SHARE = 0.3
const LONGEST_OPENING_MS = 15

/** A change takes some 5 ms, a compaction some 20. */
const LONGEST_LIFE_MS = 60

/** A gallery is begun anew from time to time, so that beginnings are interrupted too. */
const NEW_FOLDER_EVERY = 100

/** What a gallery that was closed leaves in its folder. */
const FILES = [
  /^sidik-gallery$/,
  /^snapshot-\d{6}\.sidikgal$/,
  /^tail-\d{6}\.sidiktail$/,
  /^length-\d{6}\.sidiklength$/,
]

/**
 * `kills` kills in a row, on one folder in `parent`; each begins with what the one before left.
 * Every `engineEvery`-th child is a whole engine. Throws when an acknowledged change is lost, when
 * anything else is there than the first few of those that were in flight, or when the gallery does
 * not open. `isSealed`: with keys that each compaction changes.
 */
export async function killRounds({ parent, kills, seed, engineEvery, isSealed, name = 'gallery', onRound = () => {} }) {
  const random = new Random(seed)
  const tally = { kills: 0, acknowledged: 0, keptInFlight: 0, lostInFlight: 0, opening: 0, compacting: 0, compacted: 0 }
  let folder
  let model = new Map()
  for (let round = 0; round < kills; round++) {
    if (round % NEW_FOLDER_EVERY === 0) {
      if (folder) rmSync(folder, { recursive: true })
      folder = join(parent, `${name}-${round}`)
      model = new Map()
    }
    const kind = (round + 1) % engineEvery === 0 ? 'engine' : 'storage'
    const childSeed = random.below(2 ** 31)
    const opening = random.chance(OPENING_SHARE)
    const end = {
      word: opening ? 'o' : 'r',
      afterMs: random.uniform(0, opening ? LONGEST_OPENING_MS : LONGEST_LIFE_MS),
    }
    const isTime = text => text.split('\n').includes(end.word)
    const told = understood(
      await killedChild(CHILD, [folder, String(childSeed), kind, isSealed ? 'sealed' : 'plain'], isTime, end.afterMs),
    )
    const context = `round ${round}, seed ${seed}, ${kind} ${childSeed}, killed ${end.afterMs} ms after ${end.word}, ${folder}`
    const asReader = random.chance(0.5)
    const found = await stateOf(folder, asReader, isSealed)
    const { state, kept } = explained(model, told, found, context)
    if (found !== undefined && !asReader) checkFiles(folder, context)
    model = state
    count(tally, told, kept)
    onRound(tally)
  }
  return tally
}

function understood(lines) {
  const told = { ready: false, changes: [], acknowledged: 0, compacting: false, compacted: 0 }
  for (const line of lines) {
    const [word, number, id, value] = line.split(' ')
    if (word === 'r') told.ready = true
    else if (word === 'i' || word === 'd') told.changes.push({ insert: word === 'i', id, value: Number(value) })
    else if (word === 'a') {
      if (Number(number) !== ++told.acknowledged) throw new Error(`acknowledged out of order: ${line}`)
    } else if (word === 'c') told.compacting = true
    else if (word === 'C') {
      told.compacting = false
      told.compacted++
    }
  }
  return told
}

/** What is in the folder, by id; undefined when its gallery was never begun. */
async function stateOf(folder, readOnly, isSealed) {
  if (!existsSync(join(folder, 'sidik-gallery'))) return undefined
  const held = new Map()
  const receive = ({ id, template }) => {
    if (held.has(id)) throw new Error(`${id} comes twice`)
    held.set(id, Buffer.from(template))
  }
  const open = key => openStorage(folder, { receive, has: id => held.has(id) }, { readOnly, key })
  const storage = await (isSealed ? withEither(open) : open())
  await storage.close()
  return held
}

/** The state that explains what was found: all that was acknowledged, and the first few of what was in flight. */
function explained(before, { changes, acknowledged }, found, context) {
  if (found === undefined) {
    if (acknowledged > 0 || before.size > 0) throw new Error(`the gallery is gone (${context})`)
    return { state: new Map(), kept: 0 }
  }
  const state = new Map(before)
  for (let made = 0; made <= changes.length; made++) {
    if (made >= acknowledged && isSame(state, found)) return { state, kept: made - acknowledged }
    if (made === changes.length) break
    const { insert, id, value } = changes[made]
    if (insert) state.set(id, killTemplate(value))
    else state.delete(id)
  }
  const ids = [...found.keys()].join(' ')
  throw new Error(`no prefix of ${changes.length} changes, ${acknowledged} acknowledged, gives ${ids} (${context})`)
}

function isSame(expected, found) {
  if (expected.size !== found.size) return false
  for (const [id, template] of expected) {
    if (!found.has(id) || !found.get(id).equals(template)) return false
  }
  return true
}

function checkFiles(folder, context) {
  const names = readdirSync(folder)
  const strange = names.filter(name => !FILES.some(pattern => pattern.test(name)))
  if (strange.length > 0 || names.length !== FILES.length) throw new Error(`${names.join(' ')} are left (${context})`)
}

function count(tally, told, kept) {
  tally.kills++
  tally.acknowledged += told.acknowledged
  tally.keptInFlight += kept
  tally.lostInFlight += told.changes.length - told.acknowledged - kept
  if (!told.ready) tally.opening++
  if (told.compacting) tally.compacting++
  tally.compacted += told.compacted
}
