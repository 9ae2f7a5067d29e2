import type { CaptureFrame, DeviceState } from './source.js'

/** A request as an adapter gets it, checked. */
export interface AdapterRequest {
  readonly position?: number
  readonly missing: readonly number[]
  /** What the caller will wait for each frame, for devices that want to be told. `createSource` itself keeps to it. */
  readonly timeoutMs: number
}

/** What an adapter has to say of its device; `createSource` makes a source of it. */
export interface Adapter {
  readonly name: string
  /** Asks the device, and heeds the signal. What keeps it from answering is `unreachable`, not thrown. */
  state(signal: AbortSignal): Promise<DeviceState>
  /**
   * Engages the device and yields frames until there are no more. Whatever it waits for ends when the signal is aborted (caller gone,
   * time over, source closed); its `finally` lets the device go.
   */
  frames(request: AdapterRequest, signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined>
  /** Remembers that a frame of its own is in safe keeping. */
  accept?(frame: CaptureFrame): Promise<void>
  close?(): Promise<void>
}
