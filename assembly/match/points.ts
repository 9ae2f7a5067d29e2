/** A record's minutiae, unpacked for the kernels that follow. */
import {
  POINTS_COS,
  POINTS_COUNT,
  POINTS_DIRECTION,
  POINTS_SIN,
  POINTS_Y,
  recordDirections,
  recordX,
  recordY,
} from '../memory'

const RADIANS: f32 = Mathf.PI / 128
/** Where no minutia is: kernels read four at a time and must find the rest of the last four far away. */
const NOWHERE: f32 = 1e9

export function unpackPoints(record: usize, points: usize): void {
  const n = <i32>load<u16>(record)
  store<u32>(points + POINTS_COUNT, <u32>n)
  memory.copy(points + POINTS_DIRECTION, record + <usize>recordDirections(n), <usize>n)
  for (let i = 0; i < n; i++) {
    const at = points + ((<usize>i) << 2)
    const angle = <f32>load<u8>(record + <usize>(recordDirections(n) + i)) * RADIANS
    store<f32>(at, <f32>load<i16>(record + <usize>(recordX() + 2 * i)))
    store<f32>(at + POINTS_Y, <f32>load<i16>(record + <usize>(recordY(n) + 2 * i)))
    store<f32>(at + POINTS_COS, Mathf.cos(angle))
    store<f32>(at + POINTS_SIN, Mathf.sin(angle))
  }
  for (let i = n; i < ((n + 3) & ~3); i++) {
    store<f32>(points + ((<usize>i) << 2), NOWHERE)
    store<f32>(points + POINTS_Y + ((<usize>i) << 2), NOWHERE)
  }
}
