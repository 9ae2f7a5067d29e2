/** The weight file (training/export.py describes its bytes) -> the region NETWORK. */
import {
  LAYERS,
  Layer,
  layerBytes,
  layerShape,
  layerWeightBytes,
  NETWORK_WEIGHTS,
  networkLayer,
  shapeInputs,
  shapeOutputs,
  shapePairs,
  shapeSize,
} from '../memory'
import { BAD_NETWORK, OK } from '../status'

const FILE_HEADER: usize = 16
const LAYER_HEADER: usize = 12

/**
 * Reads the file of `length` bytes at `file` (whole: the caller has checked its CRC) into `network`. Returns OK, or BAD_NETWORK when
 * its layers are not those of this core.
 */
export function loadNetwork(file: usize, length: usize, network: usize): i32 {
  let from = file + FILE_HEADER
  let at = network + NETWORK_WEIGHTS
  for (let i = 0; i < LAYERS; i++) {
    const shape = layerShape(i)
    const end = from + fileBytes(shape)
    if (end > file + length || !fits(from, shape)) return BAD_NETWORK
    const layer = networkLayer(network, i)
    layer.weights = at
    layer.biases = at + layerWeightBytes(shape)
    layer.inputs = shapeInputs(shape)
    layer.outputs = shapeOutputs(shape)
    layer.size = shapeSize(shape)
    layer.pairs = shapePairs(shape)
    layer.stride = <i32>load<u8>(from, 5)
    layer.ramped = <i32>load<u8>(from, 6)
    layer.shift = <i32>load<u8>(from, 7)
    const biases = (<usize>layer.outputs) << 2
    memory.copy(layer.biases, from + LAYER_HEADER, biases)
    arrangeWeights(layer, from + LAYER_HEADER + biases)
    from = end
    at += layerBytes(shape)
  }
  return from === file + length ? OK : BAD_NETWORK
}

/** Bytes that a layer takes in the file; a multiple of 4, as outputs are even. */
function fileBytes(shape: i32): usize {
  const weights = shapeInputs(shape) * shapeSize(shape) * shapeSize(shape)
  return LAYER_HEADER + <usize>(shapeOutputs(shape) * (4 + 2 * weights))
}

function fits(from: usize, shape: i32): bool {
  const sizes = <i32>load<u8>(from, 4) | ((<i32>load<u8>(from, 5)) << 4) | ((<i32>load<u8>(from, 6)) << 8)
  const shift = load<u8>(from, 7)
  return (
    <i32>load<u16>(from) === shapeInputs(shape) &&
    <i32>load<u16>(from, 2) === shapeOutputs(shape) &&
    sizes === shape >> 16 &&
    shift < 32
  )
}

/** [output][row][column][input] -> [output / 8][row][pair][8][2], filled up with zeros. */
function arrangeWeights(layer: Layer, from: usize): void {
  const taps = layer.size * layer.inputs
  let at = layer.weights
  for (let block = 0; block < layer.outputs; block += 8) {
    for (let row = 0; row < layer.size; row++) {
      for (let pair = 0; pair < layer.pairs; pair++) {
        for (let k = 0; k < 16; k++) {
          const tap = 2 * pair + (k & 1)
          const weight = from + ((<usize>(((block + (k >> 1)) * layer.size + row) * taps + tap)) << 1)
          store<i16>(at, tap < taps ? load<i16>(weight) : 0)
          at += 2
        }
      }
    }
  }
}
