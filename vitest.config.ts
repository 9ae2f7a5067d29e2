import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A machine that is busy with other things must not fail a test; one that hangs still does.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
