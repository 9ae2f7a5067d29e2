import { readFileSync } from 'node:fs'
import { vi } from 'vitest'
import { loadNetwork } from '../dist/node/network-file.js'

// The debug build on a busy machine: a second a print rather than 30 ms.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

function compile(target: 'release' | 'debug') {
  const file = new URL(`../dist/core/${target}.wasm`, import.meta.url)
  return { target, module: new WebAssembly.Module(readFileSync(file)) }
}

/** Both builds of the core, for `describe.each`: what holds for one must hold for the other. */
export const CORE_TARGETS = [compile('release'), compile('debug')]

export const RELEASE = CORE_TARGETS[0].module

/** Both builds, and both ways to extract. */
export const WAYS = CORE_TARGETS.flatMap(core => [
  { ...core, way: 'learned', network: loadNetwork() },
  { ...core, way: 'classical', network: undefined },
])
