import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkWritable, makeFolder, replaceFile, writeOutput } from '../../dist/cli/output-file.js'
import { temporaryFolder } from './run.js'

const folder = temporaryFolder()
const unwritable = { name: 'SidikError', code: 'FILE_UNWRITABLE' }

it('writes and replaces whole files and leaves nothing beside them', async () => {
  const path = join(folder, 'whole')
  await writeOutput(path, 'first')
  await writeOutput(path, 'second')
  expect(readFileSync(path, 'utf8')).toBe('second')
  expect(readdirSync(folder)).toEqual(['whole'])
})

it('keeps what was there when writing fails halfway', async () => {
  const path = join(folder, 'kept')
  writeFileSync(path, 'before')
  const halfway = replaceFile(path, async temporary => {
    await writeFile(temporary, 'half')
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: 'write' })
  })
  await expect(halfway).rejects.toMatchObject(unwritable)
  expect(readFileSync(path, 'utf8')).toBe('before')
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

it('passes on what is not a failure to write', async () => {
  const fault = replaceFile(join(folder, 'fault'), async () => {
    throw new TypeError('a fault')
  })
  await expect(fault).rejects.toThrow(TypeError)
})

it('names the folder that is missing, and the folder given for a file', async () => {
  await expect(checkWritable(join(folder, 'missing', 'file'))).rejects.toMatchObject(unwritable)
  await expect(checkWritable(join(folder, 'missing', 'file'))).rejects.toThrow(/there is no folder .*missing/)
  mkdirSync(join(folder, 'inner'))
  await expect(writeOutput(join(folder, 'inner'), 'x')).rejects.toThrow(/is a folder/)
  await expect(checkWritable(undefined)).resolves.toBeUndefined()
})

it('makes folders, and says when a file is in the way', async () => {
  await makeFolder(join(folder, 'a', 'b'))
  expect(readdirSync(join(folder, 'a'))).toEqual(['b'])
  writeFileSync(join(folder, 'file'), '')
  await expect(makeFolder(join(folder, 'file', 'b'))).rejects.toMatchObject(unwritable)
})
