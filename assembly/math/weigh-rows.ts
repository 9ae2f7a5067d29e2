/** Where a row begins, and its weights in two sums. */
@unmanaged
export class RowTap {
  at: usize
  first: f32
  second: f32
}

/**
 * Two weighted sums of the same rows of f32, place by place. Rows are read and written 16 places at a time: up to 15 more
 * than `length`.
 */
export function weighRows(taps: usize, count: i32, length: i32, first: usize, second: usize): void {
  const end = taps + <usize>count * offsetof<RowTap>()
  const bytes = (<usize>length) << 2
  for (let from: usize = 0; from < bytes; from += 64) {
    let a0 = f32x4.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let b0 = a0
    let b1 = a0
    let b2 = a0
    let b3 = a0
    for (let tap = taps; tap < end; tap += offsetof<RowTap>()) {
      const at = load<usize>(tap) + from
      const a = v128.load_splat<f32>(tap, offsetof<RowTap>('first'))
      const b = v128.load_splat<f32>(tap, offsetof<RowTap>('second'))
      const s0 = v128.load(at)
      const s1 = v128.load(at, 16)
      const s2 = v128.load(at, 32)
      const s3 = v128.load(at, 48)
      a0 = f32x4.add(a0, f32x4.mul(a, s0))
      a1 = f32x4.add(a1, f32x4.mul(a, s1))
      a2 = f32x4.add(a2, f32x4.mul(a, s2))
      a3 = f32x4.add(a3, f32x4.mul(a, s3))
      b0 = f32x4.add(b0, f32x4.mul(b, s0))
      b1 = f32x4.add(b1, f32x4.mul(b, s1))
      b2 = f32x4.add(b2, f32x4.mul(b, s2))
      b3 = f32x4.add(b3, f32x4.mul(b, s3))
    }
    v128.store(first + from, a0)
    v128.store(first + from, a1, 16)
    v128.store(first + from, a2, 32)
    v128.store(first + from, a3, 48)
    v128.store(second + from, b0)
    v128.store(second + from, b1, 16)
    v128.store(second + from, b2, 32)
    v128.store(second + from, b3, 48)
  }
}
