/** Words about a record that come before it. */
import { AT, HostileKiosk } from './kiosk.js'

const LETTERS = 64
const EARLY = 128
const bodyOf = what => Buffer.from(JSON.stringify({ salt: 'AAAA', operator: 'o', ...what }))

/** Letters of many records of one NIK; then as many as are folded of one more, which comes after them. */
export async function earlyLetters({ kiosk, entries }) {
  const hostile = new HostileKiosk(kiosk, 'hub')
  const preCheck = { decision: 'clear', candidates: [], persons: 0 }
  const person = bodyOf({ nik: '3276014107900001', person: { name: 'x' }, preCheck })
  const enrolled = record => hostile.entry({ kind: 'enrolled', record, recordVersion: 1, body: person })
  const letter = (record, i) => {
    const [id, dates] = [`${record}-${i}`, { issuedAt: AT, until: '2027-01-01' }]
    const body = bodyOf({ number: id, letter: id, code: 'x', ...dates, verification: 'v', beside: [] })
    return hostile.entry({ kind: 'letter-issued', record, recordVersion: 1, body })
  }
  const lettersOf = (record, count) => Array.from({ length: count }, (_, i) => letter(record, i))
  const opening = []
  for (let r = 0; r < entries / 130; r++) opening.push(enrolled(`r-${r}`), ...lettersOf(`r-${r}`, LETTERS))
  const late = [...lettersOf('late', EARLY), enrolled('late')]
  const seal = messages => Promise.all(messages.map(each => hostile.seal(each)))
  const before = await seal([hostile.message({ entries: hostile.before }), ...hostile.messagesOf(opening)])
  return { before, sealed: await seal(hostile.messagesOf(late)) }
}
