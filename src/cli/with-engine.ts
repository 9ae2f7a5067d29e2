import { createEngine, type Engine } from '../engine.js'

/** Runs `work` with an engine of its own and closes that whatever happens. */
export async function withEngine<Result>(
  threads: number | undefined,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await createEngine(threads === undefined ? {} : { threads })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}
