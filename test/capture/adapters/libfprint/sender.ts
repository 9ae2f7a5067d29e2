import { connect, type Socket } from 'node:net'
import type { GrayImage } from 'sidik'

/** Two integers as Python's struct.pack('ii', ...) writes them. */
export function words(first: number, second: number): Uint8Array {
  return new Uint8Array(Int32Array.of(first, second).buffer)
}

export function frameBytes({ data, widthPx, heightPx }: GrayImage): Uint8Array {
  return Buffer.concat([words(widthPx, heightPx), data])
}

/** A program that is connected to a virtual image device. */
export interface Sender {
  readonly socket: Socket
  /** Resolves when the system has the bytes. */
  send(...parts: Uint8Array[]): Promise<void>
}

export async function sender(socketPath: string): Promise<Sender> {
  const socket = connect(socketPath)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.on('error', () => {})
  const send = (...parts: Uint8Array[]) =>
    new Promise<void>(resolve => socket.write(Buffer.concat(parts), () => resolve()))
  return { socket, send }
}
