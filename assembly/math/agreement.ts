/**
 * How well two pairs of minutiae agree in geometry: in the distance between the two minutiae, in their relative
 * direction and in the bearing from one to the other (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12) 2010, LSS-R,
 * with the three sigmoids replaced by (1 - u^2)^2, which is 0 from u = 1 on).
 */
import { POINTS_COS, POINTS_DIRECTION, POINTS_SIN, POINTS_Y } from '../memory'
import { AGREEMENT_PX, AGREEMENT_TURN } from '../parameters'

const RADIANS: f32 = Mathf.PI / 128

/** 0 to 1; pairs are index in a << 8 | index in b, `pointsA` and `pointsB` POINTS. Symmetric in the pairs. */
export function agreement(pointsA: usize, pointsB: usize, first: u32, second: u32): f32 {
  const a1 = pointsA + ((<usize>(first >> 8)) << 2)
  const a2 = pointsA + ((<usize>(second >> 8)) << 2)
  const b1 = pointsB + ((<usize>(first & 255)) << 2)
  const b2 = pointsB + ((<usize>(second & 255)) << 2)
  if (a1 === a2 || b1 === b2) return 0
  const directionsA = pointsA + POINTS_DIRECTION
  const directionsB = pointsB + POINTS_DIRECTION
  const relativeA = <i32>load<u8>(directionsA + <usize>(first >> 8)) - <i32>load<u8>(directionsA + <usize>(second >> 8))
  const relativeB =
    <i32>load<u8>(directionsB + <usize>(first & 255)) - <i32>load<u8>(directionsB + <usize>(second & 255))
  const turn = <f32>(<i32>(<i8>(relativeA - relativeB)))
  if (abs(turn) > AGREEMENT_TURN) return 0
  const ax = load<f32>(a2) - load<f32>(a1)
  const ay = load<f32>(a2, POINTS_Y) - load<f32>(a1, POINTS_Y)
  const bx = load<f32>(b2) - load<f32>(b1)
  const by = load<f32>(b2, POINTS_Y) - load<f32>(b1, POINTS_Y)
  const stretch = sqrt<f32>(ax * ax + ay * ay) - sqrt<f32>(bx * bx + by * by)
  if (abs(stretch) > AGREEMENT_PX) return 0
  const along = ax * bx + ay * by
  const across = ay * bx - ax * by
  const bearing = seen(a1, b1, along, across) + seen(a2, b2, along, across)
  return 0.5 * bearing * bump(stretch / AGREEMENT_PX) * bump(turn / AGREEMENT_TURN)
}

/** How well the turn of the line between two minutiae (along, across) fits the turn of the minutia at one of its ends. */
function seen(a: usize, b: usize, along: f32, across: f32): f32 {
  const c = load<f32>(a, POINTS_COS) * load<f32>(b, POINTS_COS) + load<f32>(a, POINTS_SIN) * load<f32>(b, POINTS_SIN)
  const s = load<f32>(a, POINTS_COS) * load<f32>(b, POINTS_SIN) - load<f32>(a, POINTS_SIN) * load<f32>(b, POINTS_COS)
  const ahead = along * c + across * s
  if (ahead <= 0) return 0
  const tangent = (across * c - along * s) / ahead
  // atan(t) = t / (1 + 0.28 t^2) within 0.005 rad up to 1 (Abramowitz, Stegun, 4.4.48).
  return bump(tangent / ((1 + 0.28 * tangent * tangent) * (AGREEMENT_TURN * RADIANS)))
}

function bump(u: f32): f32 {
  const v: f32 = 1 - u * u
  return v > 0 ? v * v : 0
}
