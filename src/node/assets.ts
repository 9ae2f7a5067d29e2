import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Network, readNetwork } from '../core/network.js'
import { SidikError } from '../errors.js'
import { readOptions } from '../options.js'
import { type LoadedCore, loadCoreFrom, loadCoreOf, loadSharedCore, useCore } from './core-file.js'
import { loadNetwork, loadNetworkFrom } from './network-file.js'
import { REMEDY, shippedFile } from './shipped-file.js'

/**
 * Files that an engine needs beside its code. It finds them where the package is installed; a
 * bundle has to say where it put them. Text is a path, or a URL that begins with 'file:'. All three
 * have to be of the same version of sidik as the program.
 */
export interface EngineAssets {
  /** `sidik/core.wasm`: its file or its bytes. */
  readonly core?: string | URL | Uint8Array
  /** `sidik/network.bin`: its file or its bytes. */
  readonly network?: string | URL | Uint8Array
  /**
   * What worker threads load: the file that `sidik/worker` was bundled into, by itself and as
   * CommonJS.
   */
  readonly worker?: string | URL
}

/** An engine's files, read and checked; the worker's, to be there. */
export interface LoadedAssets {
  readonly core: LoadedCore
  readonly network: Network
  readonly workerFile: string
}

const WORKER_FILE = shippedFile('dist/workers/entry.cjs')

/**
 * What was given, and what is installed in place of what was not.
 *
 * @throws TypeError naming the asset that is neither a file nor, where they may be given, bytes
 * @throws SidikError CORE_MISSING, NETWORK_MISSING, NETWORK_CORRUPT, NETWORK_VERSION,
 *   WORKER_MISSING
 */
export function loadAssets(given: EngineAssets | undefined): LoadedAssets {
  const { core, network, worker } = readOptions('createEngine: assets', given, ['core', 'network', 'worker'])
  // All are looked at before any is read, so that a mistake is told whatever is on the disk.
  const files = { core: asset('core', core), network: asset('network', network), worker: asset('worker', worker) }
  if (files.worker instanceof Uint8Array) throw new TypeError('assets.worker must be a file: threads load no bytes')
  const loaded = {
    core: coreOf(files.core),
    network: networkOf(files.network),
    workerFile: workerOf(files.worker),
  }
  // What decodes and encodes WSQ beside the engine asks for the core as well.
  if (core !== undefined) useCore(loaded.core)
  return loaded
}

/** Bytes of its own, or the path of a file. */
function asset(name: string, value: unknown): Uint8Array<ArrayBuffer> | string | undefined {
  if (value === undefined) return undefined
  if (value instanceof Uint8Array) return new Uint8Array(value)
  const isUrl = value instanceof URL || (typeof value === 'string' && value.startsWith('file:'))
  if (isUrl && URL.canParse(String(value)) && new URL(String(value)).protocol === 'file:') return fileURLToPath(value)
  if (typeof value === 'string' && value !== '' && !isUrl) return resolve(value)
  const bytes = name === 'worker' ? '' : ', or its bytes (a Uint8Array)'
  throw new TypeError(`assets.${name} must be the path or the file: URL of a file${bytes}`)
}

function coreOf(core: Uint8Array<ArrayBuffer> | string | undefined): LoadedCore {
  if (core === undefined) return loadSharedCore()
  const remedy = remedyFor('core', 'sidik/core.wasm')
  return typeof core === 'string' ? loadCoreFrom(core, remedy) : loadCoreOf(core, 'assets.core', remedy)
}

function networkOf(network: Uint8Array | string | undefined): Network {
  if (network === undefined) return loadNetwork()
  const remedy = remedyFor('network', 'sidik/network.bin')
  return typeof network === 'string' ? loadNetworkFrom(network, remedy) : readNetwork(network, 'assets.network', remedy)
}

/** What is in it shows when a thread loads it. */
function workerOf(worker: string | undefined): string {
  const file = worker ?? fileURLToPath(WORKER_FILE)
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file
  const remedy = worker === undefined ? REMEDY : remedyFor('worker', 'the file that sidik/worker was bundled into')
  throw new SidikError('WORKER_MISSING', `the script of the worker threads ${file} is absent: ${remedy}`)
}

function remedyFor(name: string, what: string): string {
  return `assets.${name} must be ${what}, of the same version of sidik as the program (docs/bundlers.md)`
}
