import { existsSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { createEngine } from 'sidik'
import {
  correct,
  createIdentity,
  enrol,
  type Recorded,
  readDraft,
  resumeDraft,
  saveDraft,
  withdraw,
} from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { unseal } from '../../../dist/station/store/seal.js'
import { exceptFor, KEY, newPath, newStation, print, somebody, tenTemplates } from './support.js'

/** Every form in which a text could lie somewhere: as it is, of two bytes a letter, as base64 at each place, as hexadecimal. */
function formsOf(secret: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret as string)
  const base64 = [0, 1, 2].map(shift =>
    Buffer.from(
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '')
        .slice(shift === 0 ? 0 : 4, -4),
    ),
  )
  const forms = [bytes, Buffer.from(bytes.toString('hex')), ...base64]
  return typeof secret === 'string' ? [...forms, Buffer.from(secret, 'utf16le')] : forms
}

it('neither the file nor its log, no error and no output holds a name, a NIK, a template, an image or a key', async () => {
  const output: string[] = []
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(text => Boolean(output.push(String(text))))
  }
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, way).mockImplementation((...words) => void output.push(inspect(words)))
  }
  const errors: unknown[] = []
  const failing = async (work: () => unknown) => {
    try {
      errors.push(await work())
    } catch (error) {
      errors.push(error)
    }
  }
  const engine = await createEngine({ threads: 1 })
  const path = newPath()
  const identity = await createIdentity('3276-09')
  const station = await newStation({ engine, path, identity })
  const fingers = [{ position: 1, image: print('101_1') }, ...tenTemplates(7).slice(1, 4)]
  const photo = print('104_1')
  const given = somebody(5, fingers, { photo })
  const { nik, person } = given

  const draft = saveDraft(station, { nik, person, fingers: fingers.slice(0, 1) })
  const one = (await resumeDraft(station, draft, given)) as Recorded
  const open = saveDraft(station, given)
  const why = { operator: 'operator-7', reason: 'correction' }
  await correct(station, one.recordId, { person: { ...person, birthPlace: 'Tempat Rahasia' } }, why)
  await failing(() => enrol(station, given))
  await failing(() => enrol(station, { ...given, nik: `${nik.slice(0, 15)}x` }))
  await failing(() => enrol(station, { ...given, nik: nik.slice(1) }))
  await failing(() => enrol(station, { ...given, person: { ...person, name: `${person.name}\u0000` } }))
  await failing(() => enrol(station, { ...given, person: { ...person, name: [person.name] } } as never))
  await failing(() =>
    enrol(station, {
      ...given,
      fingers: [{ position: 1, template: fingers[1].template!.subarray(9) }],
      exceptions: exceptFor([{ position: 1 }]),
    }),
  )
  await failing(() => withdraw(station, nik, why))
  await failing(() => readDraft(station, nik.slice(0, 3)))
  const { file, keys } = partsOf(station)
  file.run('UPDATE draft SET sealed = ? WHERE id = ?', keys.seal(Buffer.from(person.name), 'draft'), open)
  await failing(() => readDraft(station, open))

  const template = Buffer.from(fingers[1].template!)
  const rows = file.all<{ number: number; purpose: string; sealed: Uint8Array }>('SELECT * FROM data_key')
  const dataKeys = rows.map(
    ({ number, purpose, sealed }) => unseal(KEY, sealed, `data key ${number} for ${purpose} of a guarded file`)!,
  )
  const pem = identity.signingKey.split('\n')[1]
  const secrets: [string, string | Uint8Array][] = [
    ['the name', person.name],
    ['the place of birth', 'Tempat Rahasia'],
    ['the street', person.address.street],
    ['the NIK', nik],
    ['a template', template.subarray(60, 84)],
    ['a template without its header', template.subarray(200, 224)],
    ['an image', Buffer.from(print('101_1')).subarray(500, 524)],
    ['the photo', Buffer.from(photo).subarray(500, 524)],
    ["the host's key", KEY],
    ['the signing key', pem],
    ['the raw signing key', Buffer.from(pem, 'base64').subarray(-32)],
    ['the opening key', identity.openingKey],
    ...dataKeys.map((key, i): [string, Uint8Array] => [`data key ${i}`, key]),
  ]
  const written = [path, `${path}-wal`, `${path}-shm`].filter(existsSync).map(name => readFileSync(name))
  expect(written.length).toBe(3)
  expect(written[0].length + written[1].length).toBeGreaterThan(100_000)
  expect(errors.every(error => error instanceof Error || (error as { recorded: boolean }).recorded === false)).toBe(
    true,
  )
  const told = Buffer.from(
    inspect(errors, { depth: 10 }) +
      errors.map(error => (error as Error).stack ?? JSON.stringify(error)).join() +
      output.join(),
  )
  // The search finds what is there.
  expect(told.includes('nik-recorded') && written.some(bytes => bytes.includes(one.recordId))).toBe(true)
  vi.restoreAllMocks()
  for (const [name, secret] of secrets) {
    for (const form of formsOf(secret)) {
      expect(form.length, name).toBeGreaterThan(6)
      const found = [...written, told].map(bytes => bytes.includes(form))
      expect(found, name).toEqual(found.map(() => false))
    }
  }
  await station.close()
  const closed = readFileSync(path)
  for (const [name, secret] of secrets)
    for (const form of formsOf(secret)) expect(closed.includes(form), name).toBe(false)
  await engine.close()
})
