/**
 * The yardstick of the quick benchmark: a fixed piece of WebAssembly with the kernels' own kinds of work in a fixed
 * mixture: 128-bit popcounts, 16-bit multiply-adds, floats, and a scalar chain with an unpredictable branch one time in
 * eight. It is written out instruction by instruction so that no compiler version changes it. Whoever changes it has to
 * record bench/expected-ratios.json anew.
 */

const PASSES = 96
const BYTES = 16_384

/** What one run returns; anything else means that the yardstick is not the one the ratios were recorded with. */
const CHECK = -892133127

const LOCALS = { bytes: 0, passes: 1, at: 2, state: 3, walk: 4, x: 5, y: 6, bits: 7, sums: 8, floats: 9 }
const get = name => [0x20, LOCALS[name]]
const set = name => [0x21, LOCALS[name]]
const tee = name => [0x22, LOCALS[name]]
const constant = value => [0x41, ...signedLeb(value)]
const simd = (opcode, ...immediates) => [0xfd, ...unsignedLeb(opcode), ...immediates]

const ADD = [0x6a]
const LESS_UNSIGNED = [0x49]
const LOOP = [0x03, 0x40]
const IF = [0x04, 0x40]
const END = [0x0b]
const BRANCH_IF = [0x0d, 0x00]
const LOAD_BYTE = [0x2d, 0x00, 0x00]
const ADD_INTS = simd(0xae)
const ADD_FLOATS = simd(0xe4)
const lane = index => simd(0x1b, index)

/** run(bytes, passes): passes times over the first bytes of the memory. */
const BODY = [
  LOOP,
  [constant(0), set('at')],
  LOOP,
  // x and y: the 16 bytes here and the next 16.
  [get('at'), simd(0x00, 4, 0), set('x')],
  [get('at'), simd(0x00, 4, 16), set('y')],
  // bits += popcounts of x ^ y, added up to four lanes.
  [get('bits'), get('x'), get('y'), simd(0x51), simd(0x62), simd(0x7d), simd(0x7f), ADD_INTS, set('bits')],
  // sums += x . y as 16-bit numbers.
  [get('sums'), get('x'), get('y'), simd(0xba), ADD_INTS, set('sums')],
  // floats = floats / 2 + sums.
  [get('floats'), [0x43, 0, 0, 0, 0x3f], simd(0x13), simd(0xe6), get('sums'), simd(0xfa), ADD_FLOATS, set('floats')],
  // state: a linear congruential generator; one time in eight, walk += the byte at walk + 1.
  [get('state'), constant(1664525), [0x6c], constant(1013904223), ADD, tee('state')],
  [constant(1 << 29), LESS_UNSIGNED, IF],
  [get('walk'), get('walk'), constant(BYTES - 1), [0x71], LOAD_BYTE, ADD, constant(1), ADD, set('walk')],
  END,
  [get('at'), constant(16), ADD, tee('at'), get('bytes'), LESS_UNSIGNED, BRANCH_IF],
  END,
  [get('passes'), constant(1), [0x6b], tee('passes'), BRANCH_IF],
  END,
  [get('walk'), get('bits'), lane(0), ADD, get('sums'), lane(1), ADD, get('floats'), simd(0xf8), lane(2), ADD],
  END,
].flat(3)

/** Three 32-bit locals and five of 128 bits after the two parameters. */
const FUNCTION = [2, 3, 0x7f, 5, 0x7b, ...BODY]

const MODULE = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
  ...section(3, [1, 0]),
  ...section(5, [1, 0, 1]),
  ...section(7, [2, ...exported('memory', 2), ...exported('run', 0)]),
  ...section(10, [1, ...unsignedLeb(FUNCTION.length), ...FUNCTION]),
])

/** One run of the yardstick, about 0.5 ms: a function without arguments. */
export function createReference() {
  const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports
  const bytes = new Uint8Array(memory.buffer)
  for (let i = 0, state = 1; i < BYTES + 16; i++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0
    bytes[i] = state >>> 24
  }
  return () => {
    const value = run(BYTES, PASSES)
    if (value !== CHECK) throw new Error(`the reference kernel gave ${value}, expected ${CHECK}`)
  }
}

function section(id, content) {
  return [id, ...unsignedLeb(content.length), ...content]
}

function exported(name, kind) {
  return [name.length, ...Buffer.from(name), kind, 0]
}

function unsignedLeb(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)]
}

function signedLeb(value) {
  const last = value >= -0x40 && value < 0x40
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signedLeb(value >> 7)]
}
