import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

/** What a test does in a tenth of a second takes many times that on a shared machine that is busy. */
const TIMEOUT_MS = 60_000

/** Kills, failing disks, races, simulations: what takes many rounds to say anything. `npm run test:slow` runs them. */
const SLOW = 'test/**/*.slow.test.ts'
const IGNORED = [...configDefaults.exclude, '**/dist/**', '**/out/**', '**/.scratch/**', '**/coverage/**']

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [...IGNORED, SLOW] } },
      { extends: true, test: { name: 'slow', include: [SLOW], exclude: IGNORED } },
    ],
    // Processes, because the tests start worker threads of their own; as many as there are processors: by default
    // vitest leaves one out, which halves a machine of two.
    pool: 'forks',
    maxWorkers: availableParallelism(),
    // A third of a run went into the same modules once more for each file. What a file leaves, test/setup.ts ends.
    isolate: false,
    // What was built is loaded as its users load it, by Node: rewriting it module by module took half of a run.
    server: { deps: { external: [/\/dist\//] } },
    setupFiles: ['test/setup.ts'],
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
  },
})
