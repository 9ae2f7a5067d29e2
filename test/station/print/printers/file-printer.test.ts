import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { filePrinter } from 'sidik/station'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DISK } from '../../../../dist/node/file-layer.js'
import { writeWhole } from '../../../../dist/station/print/printers/whole-files.js'
import { cardOf } from '../../../support/print-documents.js'
import { contractSuite } from './contract.js'

const CHILD = fileURLToPath(new URL('writing-child.mjs', import.meta.url))
const isRoot = process.getuid?.() === 0

let parent: string
let folder: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'sidik-print-'))
  folder = join(parent, 'out')
  mkdirSync(folder)
})

afterEach(() => rmSync(parent, { recursive: true }))

/** What lies in the folder under a name of its own, as titles: 'Card-1-<hash>.pdf' or 'Card-1-<hash>-1.png' is 'Card 1'. */
function titlesIn(): string[] {
  const names = (existsSync(folder) ? readdirSync(folder) : []).filter(
    name => !name.startsWith('.') && !name.endsWith('-2.png'),
  )
  const byTime = names.map(name => ({ name, number: Number(name.match(/^Card-(\d+)/)?.[1]) }))
  return byTime.sort((a, b) => a.number - b.number).map(({ number }) => `Card ${number}`)
}

for (const format of ['pdf', 'png'] as const) {
  contractSuite(
    `filePrinter (${format})`,
    async () => ({
      printer: filePrinter({ folder, format, dpi: 72 }),
      tray: titlesIn,
      async fail(problem) {
        if (problem === 'unreachable') renameSync(folder, `${folder}-away`)
      },
      async mend() {
        if (existsSync(`${folder}-away`)) renameSync(`${folder}-away`, folder)
      },
      async close() {
        if (existsSync(`${folder}-away`)) renameSync(`${folder}-away`, folder)
      },
    }),
    { takesTime: false, faults: { unreachable: 'not-printed' } },
  )
}

describe('filePrinter', () => {
  it('refuses options that are none', () => {
    expect(() => filePrinter({ folder: '', format: 'pdf' })).toThrow(/folder/)
    expect(() => filePrinter({ folder, format: 'tiff' as never })).toThrow(/'pdf' or 'png'/)
    expect(() => filePrinter({ folder, format: 'png', dpi: 20 })).toThrow(RangeError)
    expect(() => filePrinter({ folder, format: 'png', name: 'a b' })).toThrow(/name/)
    expect(() => filePrinter({ folder, format: 'png', dip: 300 } as never)).toThrow(/did you mean 'dpi'/)
  })

  it('writes a PDF as it is given, or an image of every page', async () => {
    const card = cardOf('card-7')
    await filePrinter({ folder, format: 'pdf' }).print(card)
    expect(readFileSync(join(folder, 'card-7.pdf')).equals(Buffer.from(await card.pdf()))).toBe(true)
    await filePrinter({ folder, format: 'png', dpi: 300 }).print(card)
    expect(readdirSync(folder).sort()).toEqual(['card-7-1.png', 'card-7-2.png', 'card-7.pdf'])
    expect(await sharp(join(folder, 'card-7-2.png')).metadata()).toMatchObject({ width: 1_011, height: 638 })
  })

  it.each(['../../etc/passwd', '.hidden', '', 'a/b\\c:d*e', 'Kartu é', 'x'.repeat(400), '-rf', 'a\0b'])(
    'gives a file of the title %j a name that stays in the folder',
    async title => {
      const printer = filePrinter({ folder, format: 'pdf' })
      expect(await printer.print(cardOf(title, { pages: 1 }))).toEqual({ outcome: 'printed' })
      const [name] = readdirSync(folder)
      expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,120}\.pdf$/)
      expect(readdirSync(parent)).toEqual(['out'])
    },
  )

  it('tells titles apart that differ in what no name can show', async () => {
    const printer = filePrinter({ folder, format: 'pdf' })
    for (const title of ['a b', 'a/b', 'a-b'])
      expect(await printer.print(cardOf(title))).toEqual({ outcome: 'printed' })
    expect(readdirSync(folder)).toHaveLength(3)
  })

  it('names the files of a job by its id, whatever the title, and nothing that leaves the folder', async () => {
    const printer = filePrinter({ folder, format: 'pdf' })
    const job = '0b5a4f4e-7f4e-4b52-9c1e-3a0c9c1f2a11'
    expect(await printer.print(cardOf('KTP'), { job })).toEqual({ outcome: 'printed' })
    // The file that says that the job is here already must not be lost.
    expect(await printer.print(cardOf('KTP'), { job })).toEqual({ outcome: 'printed' })
    expect(await printer.print(cardOf('KTP'), { job: '../x' })).toEqual({ outcome: 'printed' })
    expect(readdirSync(folder).sort()).toEqual([
      `${job}.2.pdf`,
      `${job}.pdf`,
      expect.stringMatching(/^x-[0-9a-f]{12}\.pdf$/),
    ])
    expect(readdirSync(parent)).toEqual(['out'])
    for (const none of ['', 5, null]) {
      await expect(printer.print(cardOf('KTP'), { job: none as never })).rejects.toThrow(/job must be an id/)
    }
  })

  it('never writes over what is there, and numbers cards of one title', async () => {
    writeFileSync(join(folder, 'KTP-2.png'), 'mine')
    const printer = filePrinter({ folder, format: 'png', dpi: 72 })
    for (let i = 0; i < 3; i++) expect(await printer.print(cardOf('KTP'))).toEqual({ outcome: 'printed' })
    expect(await filePrinter({ folder, format: 'png', dpi: 72 }).print(cardOf('KTP'))).toEqual({ outcome: 'printed' })
    const numbered = [2, 3, 4, 5].flatMap(number => [`KTP.${number}-1.png`, `KTP.${number}-2.png`])
    expect(readdirSync(folder).sort()).toEqual(['KTP-2.png', ...numbered])
    expect(readFileSync(join(folder, 'KTP-2.png'), 'utf8')).toBe('mine')
  })

  it.skipIf(process.platform === 'win32')('is out of media where a file may not become that long', async () => {
    const { stdout } = spawnSync('sh', [
      '-c',
      'ulimit -f 16 && exec "$0" "$@"',
      process.execPath,
      CHILD,
      folder,
      'card',
      '50000',
    ])
    const [, outcome] = String(stdout).split('\n')
    expect(JSON.parse(outcome)).toMatchObject({ outcome: 'not-printed', problem: 'out-of-media' })
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(!isRoot || process.platform !== 'linux')(
    'is out of media when the disk is full (needs to mount one)',
    async context => {
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'sidik-test', folder]).status === 0
      if (!mounted) return context.skip('may not mount a small disk')
      try {
        const printer = filePrinter({ folder, format: 'pdf' })
        const outcomes: string[] = []
        const large = { ...cardOf('x'), pdf: async () => Buffer.alloc(60_000, '%PDF-') }
        for (let i = 0; i < 8; i++) outcomes.push((await printer.print({ ...large, title: `card-${i}` })).outcome)
        const printed = outcomes.filter(outcome => outcome === 'printed').length
        expect(outcomes).toEqual(outcomes.map((_, i) => (i < printed ? 'printed' : 'not-printed')))
        expect(readdirSync(folder).sort()).toEqual(Array.from({ length: printed }, (_, i) => `card-${i}.pdf`))
        expect(printed).toBeGreaterThan(1)
      } finally {
        execFileSync('umount', [folder])
      }
    },
  )

  it.skipIf(isRoot || process.platform === 'win32')('is refused where it may not write (not as root)', async () => {
    chmodSync(folder, 0o500)
    const printer = filePrinter({ folder, format: 'pdf' })
    expect(await printer.print(cardOf('card'))).toMatchObject({ outcome: 'not-printed', problem: 'refused' })
    expect(await printer.status!()).toMatchObject({ isReady: false, problem: 'refused' })
    chmodSync(folder, 0o700)
  })

  it('leaves no half file under its name when it is killed', async () => {
    const bytes = 30_000_000
    let whole = 0
    for (let i = 0; i < 6; i++) {
      const child = spawn(process.execPath, [CHILD, folder, 'card', String(bytes)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      await once(child.stdout, 'data')
      setTimeout(() => child.kill('SIGKILL'), 4 + 12 * i)
      await once(child, 'close')
      const file = join(folder, 'card.pdf')
      if (!existsSync(file)) continue
      whole++
      expect(readFileSync(file).length).toBe(bytes)
      rmSync(file)
    }
    expect(whole).toBeLessThan(6)
  })
})

describe('files that are written whole', () => {
  it.skipIf(process.platform === 'win32')('are for their owner alone, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      await writeWhole(folder, new Map([['a.pdf', new Uint8Array(3)]]))
      expect(statSync(join(folder, 'a.pdf')).mode & 0o777).toBe(0o600)
    } finally {
      process.umask(before)
    }
  })

  const two = new Map([
    ['a', Buffer.from('one')],
    ['b', Buffer.from('two')],
  ])
  const failing = (call: 'link' | 'open' | 'rename', code: string, after = 0) => {
    let calls = 0
    const fail = async (...args: unknown[]) => {
      if (calls++ >= after) throw Object.assign(new Error(code), { code, syscall: call })
      return Reflect.apply(DISK[call], undefined, args)
    }
    return { ...DISK, [call]: fail } as never
  }

  it('have a name where the file system knows no links', async () => {
    expect(await writeWhole(folder, two, failing('link', 'EPERM'))).toBe(undefined)
    expect(readdirSync(folder)).toEqual(['a', 'b'])
    expect(await writeWhole(folder, two, failing('link', 'EPERM'))).toMatchObject({ isNamed: false })
  })

  it('have none, any of them, when one cannot be written', async () => {
    expect(await writeWhole(folder, two, failing('open', 'EIO', 1))).toMatchObject({ isNamed: false })
    expect(readdirSync(folder)).toEqual([])
  })

  it('say so when one has a name and the next cannot get one', async () => {
    expect(await writeWhole(folder, two, failing('link', 'EIO', 1))).toMatchObject({ isNamed: true })
    expect(readdirSync(folder)).toEqual(['a'])
  })
})
