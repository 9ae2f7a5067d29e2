import { createEngine, type Engine } from 'sidik'
import { afterAll } from 'vitest'

/** An engine for the tests of one file, closed after the last of them. */
export async function engineForTests(threads = 1): Promise<Engine> {
  const engine = await createEngine({ threads })
  afterAll(() => engine.close())
  return engine
}
