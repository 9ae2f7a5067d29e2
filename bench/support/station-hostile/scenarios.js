/**
 * Messages that a hostile kiosk sends, sealed beforehand, by the attack's name. Those in `before`
 * prepare the attack and are not timed.
 */
import { randomBytes } from 'node:crypto'
import { seal } from '../../../dist/station/age.js'
import { signWith } from '../../../dist/station/identity.js'
import { partsOf } from '../../../dist/station/station.js'
import { sha256 } from '../../../dist/station/store/payloads.js'
import { messageBytes } from '../../../dist/station/sync/message.js'
import { hostileBody, KINDS } from './bodies.js'
import { earlyLetters } from './early.js'
import { AT, HostileKiosk } from './kiosk.js'
import { mutated } from './mutants.js'
import { fragments, oneNumber } from './stock.js'

const KNOWN = ['kiosk-1', 'hub', 'lot-1', 'job-1', 'request-1', ...Array.from({ length: 20 }, (_, i) => `r${i}`)]

const NO_CHECK = { decision: 'clear', candidates: [], persons: 0 }

function enrolmentBody(more = {}) {
  const body = { nik: '3276014107900001', person: { name: 'x' }, operator: 'o', preCheck: NO_CHECK }
  return Buffer.from(JSON.stringify({ salt: 'AAAA', ...body, ...more }))
}

const hash = () => randomBytes(32).toString('hex')
const reference = (role, size = 10_000, of = hash()) => ({ role, hash: of, size })
const ROLES = ['templates', ...Array.from({ length: 10 }, (_, i) => `finger-${i + 1}`), 'photo', 'signature']

/** The hub has what the kiosk wrote before. */
const begun = hostile => hostile.seal(hostile.message({ entries: hostile.before }))

const sealAll = (hostile, messages) => Promise.all(messages.map(message => hostile.seal(message)))

/**
 * Entries of all kinds, with bodies that are valid, valid and huge, or malformed. They name records
 * and stations that are there or not.
 */
async function allKinds({ kiosk, random, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const kinds = [...KINDS, 'hologram']
  const all = Array.from({ length: entries }, (_, i) => {
    const kind = kinds[i % kinds.length]
    const length = random.chance(0.01) ? 1 : random.uniform(0, 0.02)
    const valid = kind === 'hologram' ? Buffer.from('{"salt":"AA"}') : hostileBody(kind, random, KNOWN, length)
    const body = random.chance(0.85) ? valid : bentBody(valid, random)
    const isVersion = ['enrolled', 'corrected'].includes(kind)
    return hostile.entry({
      kind,
      direction: random.chance(0.8) ? 'up' : ['down', 'local'][random.below(2)],
      ...(random.chance(0.9) && { record: `r${random.below(20)}` }),
      ...((isVersion || random.chance(0.1)) && { recordVersion: 1 + random.below(5) }),
      ...(random.chance(0.05) && { to: 'hub' }),
      ...(random.chance(0.97) && { body }),
      payloads: random.chance(0.9) ? [] : oddPayloads(random),
    })
  })
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, hostile.messagesOf(all)) }
}

function bentBody(bytes, random) {
  const ways = [
    () => Buffer.from('['.repeat(5_000)),
    () => Buffer.from(`{"a":${'[{},'.repeat(20_000)}1${']'.repeat(20_000)}}`),
    () => Buffer.from(`[${'{},'.repeat(80_000)}1]`),
    () => Buffer.from(`"${'\\u0041'.repeat(40_000)}"`),
    () => bytes.subarray(0, bytes.length / 2),
    () => Buffer.from(bytes.toString().replace(/\d/, '-')),
  ]
  return ways[random.below(ways.length)]()
}

function oddPayloads(random) {
  const ways = [
    () => ROLES.map(role => reference(role)),
    () => Array.from({ length: 64 }, () => reference('templates')),
    () => [reference('photo', 2 ** 26)],
    () => [reference('hologram')],
    () => [reference('templates', 1)],
    () => [reference('photo', 0)],
  ]
  return ways[random.below(ways.length)]()
}

/** Records that name payloads which never come; the last messages are empty, as the hub asks anew each time. */
async function neverComing({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const all = Array.from({ length: entries }, (_, i) =>
    hostile.entry({
      kind: 'enrolled',
      record: `r${i}`,
      recordVersion: 1,
      body: enrolmentBody(),
      payloads: ROLES.map(role => reference(role)),
    }),
  )
  const idle = Array.from({ length: 5 }, () => hostile.message({}))
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, [...hostile.messagesOf(all), ...idle]) }
}

/** Versions of one record that wait for the first of them, which comes at last, or never will. */
async function oneRecord({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const photo = randomBytes(2_000)
  const name = sha256(photo).toString('hex')
  const all = Array.from({ length: entries }, (_, i) =>
    hostile.entry({
      kind: i === 0 ? 'enrolled' : 'corrected',
      record: 'r',
      recordVersion: i + 1,
      body: enrolmentBody(i === 0 ? {} : { reason: 'again' }),
      payloads: [reference('photo', photo.length, name)],
    }),
  )
  const chunk = hostile.message({ chunks: [{ hash: name, offset: 0, bytes: photo }] })
  const again = hostile.message({
    chunks: Array.from({ length: 2_000 }, () => ({ hash: name, offset: 0, bytes: photo })),
  })
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, [...hostile.messagesOf(all), chunk, again]) }
}

async function givenUp({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const name = hash()
  const all = Array.from({ length: entries }, (_, i) =>
    hostile.entry({
      kind: 'enrolled',
      record: `r${i}`,
      recordVersion: 1,
      body: enrolmentBody(),
      payloads: [reference('photo', 2_000, name)],
    }),
  )
  return {
    before: [await begun(hostile)],
    sealed: await sealAll(hostile, [...hostile.messagesOf(all), hostile.message({ lacks: [name] })]),
  }
}

/** Entries ahead of a gap that the last message closes; half of them move stock. */
async function gapClosed({ kiosk, random, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const all = Array.from({ length: entries }, (_, i) => {
    const kind = i % 2 === 0 ? 'enrolled' : 'stock-spoiled'
    const body = kind === 'enrolled' ? enrolmentBody() : hostileBody(kind, random, KNOWN, 0)
    return hostile.entry({ kind, body, ...(kind === 'enrolled' && { record: `r${i}`, recordVersion: 1 }) })
  })
  const [first, ...others] = all
  return {
    before: [await begun(hostile)],
    sealed: await sealAll(hostile, [...hostile.messagesOf(others), hostile.message({ entries: [first] })]),
  }
}

/** Books with the longest lists: of overlapping serials, of many lots. */
async function books({ kiosk, random, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const kinds = KINDS.filter(kind => kind.startsWith('stock-'))
  const lots = ['lot-1', 'lot-2', 'lot-3']
  const all = Array.from({ length: Math.ceil(entries / 60) }, (_, i) => {
    const kind = kinds[i % kinds.length]
    return hostile.entry({
      kind,
      body: hostileBody(kind, random, lots, 1, i % 3 === 0 ? undefined : 500),
      ...(kind === 'stock-card' && { record: 'r' }),
    })
  })
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, hostile.messagesOf(all)) }
}

/**
 * Letters for a record that has cards: first more cards than are looked at, and letters that name as
 * many as an entry can; then letters that name all of the few cards, and cards that come and go.
 */
async function letters({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const body = what => Buffer.from(JSON.stringify({ salt: 'AAAA', ...what }))
  const few = 50
  const opening = []
  for (const [record, cards] of [
    ['many', 200],
    ['few', few],
  ]) {
    const about = { record, recordVersion: 1 }
    const request = `request-${record}`
    const asked = { request, at: 'kiosk-1', purpose: 'new', operator: 'o' }
    opening.push(hostile.entry({ kind: 'enrolled', ...about, body: enrolmentBody() }))
    opening.push(hostile.entry({ kind: 'card-requested', ...about, body: body(asked) }))
    for (let i = 0; i < cards; i++) {
      const job = `${record}-${i}`
      const reserved = { request, job, lot: 'x', printer: 'p', consumables: [] }
      opening.push(hostile.entry({ kind: 'card-reserved', ...about, body: body(reserved) }))
      opening.push(hostile.entry({ kind: 'card-printed', ...about, body: body({ job }) }))
    }
  }
  const letter = (record, id, beside) => {
    const dates = { issuedAt: AT, until: '2027-01-01' }
    const said = { number: id, letter: id, code: 'x', ...dates, verification: 'v', beside, operator: 'o' }
    return hostile.entry({ kind: 'letter-issued', record, recordVersion: 1, body: body(said) })
  }
  const names = (record, count) => Array.from({ length: count }, (_, i) => `${record}-${i}`)
  const all = []
  for (let i = 0; i < entries / 100; i++) all.push(letter('many', `letter-many-${i}`, names('many', 1_000).reverse()))
  for (let i = 0; i < entries / 20; i++) all.push(letter('few', `letter-few-${i}`, names('few', few)))
  for (let i = 0; i < entries / 20; i++) {
    const spoiled = { job: `few-${i % few}`, reason: 'x', operator: 'o' }
    all.push(hostile.entry({ kind: 'card-spoiled', record: 'few', recordVersion: 1, body: body(spoiled) }))
    const found = { job: `many-${i % 200}`, found: 'printed', operator: 'o' }
    all.push(hostile.entry({ kind: 'card-resolved', record: 'many', recordVersion: 1, body: body(found) }))
  }
  return {
    before: [await begun(hostile), ...(await sealAll(hostile, hostile.messagesOf(opening)))],
    sealed: await sealAll(hostile, hostile.messagesOf(all)),
  }
}

/** Records of one NIK, each with a letter and a card that is printed and spoiled. */
async function oneNik({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const body = what => Buffer.from(JSON.stringify({ salt: 'AAAA', operator: 'o', ...what }))
  const dates = { issuedAt: AT, until: '2027-01-01' }
  const all = Array.from({ length: Math.ceil(entries / 6) }, (_, i) => {
    const [request, job, letter] = [`request-${i}`, `job-${i}`, `letter-${i}`]
    const said = [
      ['letter-issued', { number: letter, letter, code: 'x', ...dates, verification: 'v', beside: [] }],
      ['card-requested', { request, at: 'kiosk-1', purpose: 'new' }],
      ['card-reserved', { request, job, lot: 'x', printer: 'p', consumables: [] }],
      ['card-printed', { job }],
      ['card-spoiled', { job, reason: 'x' }],
    ]
    const about = { record: `r${i}`, recordVersion: 1 }
    const enrolled = hostile.entry({ kind: 'enrolled', ...about, body: enrolmentBody() })
    return [enrolled, ...said.map(([kind, what]) => hostile.entry({ kind, ...about, body: body(what) }))]
  }).flat()
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, hostile.messagesOf(all)) }
}

/** Many entries without effect, and all of each list that a message has. */
async function fullLists({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const all = Array.from({ length: Math.min(entries, 4_096) }, (_, i) =>
    hostile.entry({ kind: 'enrolled', record: `r${i}`, recordVersion: 1, body: enrolmentBody() }),
  )
  const many = (count, make) => Array.from({ length: count }, (_, i) => make(i))
  const names = many(4_096, i => ({ station: 'kiosk-1', sequence: i + 3, hash: hash() }))
  const signature = randomBytes(64).toString('base64')
  const full = {
    holds: many(16_384, i => ({ station: i === 0 ? 'hub' : `s${i}`, through: i + 1, hash: hash() })),
    gaps: many(256, () => ({ station: 'hub', from: 1, to: 9_007_199_254_740_991 })),
    wants: many(1_024, () => ({ hash: hash(), offset: 0 })),
    lacks: many(1_024, hash),
    asks: names.slice(0, 1_024),
    receipts: names.map(name => ({ ...name, receivedAt: AT, signature })),
    refusals: names.map(name => ({ ...name, code: 'ENTRY_CORRUPT' })),
    chunks: many(4_096, () => ({ hash: hash(), offset: 0, bytes: randomBytes(16) })),
  }
  const messages = many(5, () => hostile.message(full))
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, [...hostile.messagesOf(all), ...messages]) }
}

/** The largest payloads, in chunks of all sizes, with their hash and without; asked back byte by byte. */
async function payloads({ kiosk }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const bytes = randomBytes(2 ** 22)
  const name = sha256(bytes).toString('hex')
  const record = (id, of) =>
    hostile.entry({
      kind: 'enrolled',
      record: id,
      recordVersion: 1,
      body: enrolmentBody(),
      payloads: [reference('finger-1', bytes.length, of)],
    })
  const wrong = hash()
  const messages = [hostile.message({ entries: [record('a', name), record('b', wrong)] })]
  const chunkBytes = 262_144
  for (const of of [name, wrong]) {
    for (let from = 0; from < bytes.length; from += 20 * chunkBytes) {
      const chunks = []
      for (let at = from; at < Math.min(bytes.length, from + 20 * chunkBytes); at += chunkBytes) {
        chunks.push({ hash: of, offset: at, bytes: bytes.subarray(at, at + chunkBytes) })
      }
      messages.push(hostile.message({ chunks }))
    }
  }
  return { before: [await begun(hostile)], sealed: await sealAll(hostile, messages) }
}

/** Texts that take long to parse; the signature is checked after that. */
async function texts({ hub, kiosk }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const plain = JSON.stringify({ ...hostile.message({}), chunks: [] })
  const longest = 12_000_000
  const fill = (piece, end = '') => `[${piece.repeat(Math.floor(longest / piece.length))}${end}]`
  const lists = [
    fill('{},', '{}'),
    fill('[],', '0'),
    fill('0,', '0'),
    fill('"",', '""'),
    fill('"\\u0041",', '""'),
    `["${'\\"'.repeat(longest / 2 - 100)}"]`,
    `["${'\\\\'.repeat(longest / 2 - 100)}"]`,
    `["${'\u00e9'.repeat(longest / 2 - 100)}"]`,
    ' '.repeat(longest),
    '['.repeat(longest),
    fill('{"station":"a","through":1,"hash":""},', '0'),
  ]
  const messages = lists.map(list => signedText(kiosk, plain.replace('"holds":[]', `"holds":${list}`)))
  return { sealed: await Promise.all(messages.map(bytes => sealFor(hub, bytes))) }
}

function signedText(station, text) {
  const bytes = Buffer.from(text)
  const head = Buffer.alloc(10)
  head.write('SDKM')
  head.writeUInt16LE(1, 4)
  head.writeUInt32LE(bytes.length, 6)
  const signed = Buffer.concat([head, bytes])
  return Buffer.concat([signed, signWith(partsOf(station).signingKey, sha256(signed))])
}

async function sealFor(station, bytes) {
  const { publicIdentity } = await import('../../../dist/station/index.js')
  const { sealTo } = await publicIdentity(partsOf(station).identity)
  async function* piece() {
    yield bytes
  }
  const all = []
  for await (const part of seal(piece(), sealTo)) all.push(part)
  return Buffer.concat(all)
}

/** Messages of a real conversation, changed in one to three places and signed. */
async function mutants({ kiosk, hub, random, mutants }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const photo = randomBytes(500)
  const entries = Array.from({ length: 6 }, (_, i) =>
    hostile.entry({
      kind: 'enrolled',
      record: `r${i}`,
      recordVersion: 1,
      body: enrolmentBody(),
      payloads: [reference('photo', photo.length, sha256(photo).toString('hex'))],
    }),
  )
  const name = { station: 'kiosk-1', sequence: 3, hash: hash() }
  const whole = hostile.message({
    entries,
    holds: [{ station: 'hub', through: 1, hash: hash() }],
    gaps: [{ station: 'hub', from: 1, to: 2 }],
    wants: [{ hash: hash(), offset: 0 }],
    lacks: [hash()],
    asks: [name],
    receipts: [{ ...name, receivedAt: AT, signature: randomBytes(64).toString('base64') }],
    refusals: [{ ...name, code: 'ENTRY_CORRUPT' }],
    chunks: [{ hash: sha256(photo).toString('hex'), offset: 0, bytes: photo }],
  })
  const sealed = []
  for (let i = 0; i < mutants; i++) {
    const { chunks, ...text } = whole
    const changed = mutated(text, random)
    const bytes = messageBytes({ ...changed, chunks: random.chance(0.9) ? chunks : [] })
    const signed = Buffer.concat([bytes, signWith(partsOf(kiosk).signingKey, sha256(bytes))])
    sealed.push(await sealFor(hub, random.chance(0.8) ? signed : bitFlipped(signed, random)))
  }
  return { before: [await begun(hostile)], sealed }
}

function bitFlipped(bytes, random) {
  bytes[random.below(bytes.length)] ^= 1 << random.below(8)
  return bytes
}

/** Messages that name the kiosk and are signed by somebody else. */
async function forged({ kiosk, hub }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const sealed = []
  for (let i = 0; i < 500; i++) {
    const bytes = messageBytes(hostile.message({}))
    sealed.push(await sealFor(hub, Buffer.concat([bytes, randomBytes(64)])))
  }
  return { sealed }
}

export const SCENARIOS = {
  allKinds,
  neverComing,
  oneRecord,
  givenUp,
  gapClosed,
  books,
  fragments,
  oneNumber,
  letters,
  earlyLetters,
  oneNik,
  fullLists,
  payloads,
  texts,
  mutants,
  forged,
}
