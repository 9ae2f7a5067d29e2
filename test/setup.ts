/**
 * Runs before each file of tests. The files share a process and its modules: what a support module
 * opens is ended here, as a hook in such a module would be that of one file alone.
 */
import { afterAll, afterEach, expect } from 'vitest'
import { defects } from './defects.ts'
import { endFile, endTest } from './support/scratch.ts'

afterEach(async () => {
  await endTest()
  expect(defects.splice(0)).toEqual([])
})

afterAll(endFile)
