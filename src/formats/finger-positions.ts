/**
 * Which part of the hands a print shows. The standards share one list of codes: 0 to 10 in ISO/IEC 19794-2:2005 table 2; 13 to 15
 * and 40 to 50 added by ISO/IEC 19794-4:2011; all of them in ANSI/NIST-ITL 1-2011 (Update 2013) table 8.
 */

export interface FrictionRidgePosition {
  /** As the standards number it. */
  readonly code: number
  /** In the standards' words, in small letters. */
  readonly name: string
  /** Codes (1 to 10) of the fingers in the print, as they lie from left to right; empty where it shows none or an unknown one. */
  readonly fingers: readonly number[]
}

const FINGERS = ['thumb', 'index finger', 'middle finger', 'ring finger', 'little finger'] as const

const OF_ONE_FINGER = ['right', 'left'].flatMap((hand, h) =>
  FINGERS.map((finger, f): FrictionRidgePosition => {
    const code = h * FINGERS.length + f + 1
    return { code, name: `${hand} ${finger}`, fingers: [code] }
  }),
)

const OF_SEVERAL_FINGERS: readonly FrictionRidgePosition[] = [
  { code: 11, name: 'plain right thumb', fingers: [1] },
  { code: 12, name: 'plain left thumb', fingers: [6] },
  { code: 13, name: 'plain right four fingers', fingers: [2, 3, 4, 5] },
  { code: 14, name: 'plain left four fingers', fingers: [10, 9, 8, 7] },
  { code: 15, name: 'left and right thumbs', fingers: [6, 1] },
  { code: 40, name: 'right index and middle fingers', fingers: [2, 3] },
  { code: 41, name: 'right middle and ring fingers', fingers: [3, 4] },
  { code: 42, name: 'right ring and little fingers', fingers: [4, 5] },
  { code: 43, name: 'left index and middle fingers', fingers: [8, 7] },
  { code: 44, name: 'left middle and ring fingers', fingers: [9, 8] },
  { code: 45, name: 'left ring and little fingers', fingers: [10, 9] },
  { code: 46, name: 'left and right index fingers', fingers: [7, 2] },
  { code: 47, name: 'right index, middle and ring fingers', fingers: [2, 3, 4] },
  { code: 48, name: 'right middle, ring and little fingers', fingers: [3, 4, 5] },
  { code: 49, name: 'left index, middle and ring fingers', fingers: [9, 8, 7] },
  { code: 50, name: 'left middle, ring and little fingers', fingers: [10, 9, 8] },
  { code: 51, name: 'tips of the right four fingers', fingers: [2, 3, 4, 5] },
  { code: 52, name: 'tips of the left four fingers', fingers: [10, 9, 8, 7] },
  { code: 53, name: 'tips of the right five fingers', fingers: [1, 2, 3, 4, 5] },
  { code: 54, name: 'tips of the left five fingers', fingers: [10, 9, 8, 7, 6] },
]

const WITHOUT_KNOWN_FINGERS: readonly (readonly [code: number, name: string])[] = [
  [0, 'unknown finger'],
  [16, 'right extra digit'],
  [17, 'left extra digit'],
  [18, 'unknown friction ridge'],
  [19, 'entire joint image or tip'],
  [20, 'unknown palm'],
  [21, 'right full palm'],
  [22, "right writer's palm"],
  [23, 'left full palm'],
  [24, "left writer's palm"],
  [25, 'right lower palm'],
  [26, 'right upper palm'],
  [27, 'left lower palm'],
  [28, 'left upper palm'],
  [29, 'right palm, other'],
  [30, 'left palm, other'],
  [31, 'right interdigital'],
  [32, 'right thenar'],
  [33, 'right hypothenar'],
  [34, 'left interdigital'],
  [35, 'left thenar'],
  [36, 'left hypothenar'],
  [37, 'right grasp'],
  [38, 'left grasp'],
  [81, 'right carpal delta area'],
  [82, 'left carpal delta area'],
  [83, "right full palm with writer's palm"],
  [84, "left full palm with writer's palm"],
  [85, 'right wrist bracelet'],
  [86, 'left wrist bracelet'],
]

/** All of them, by code. */
export const FRICTION_RIDGE_POSITIONS: ReadonlyMap<number, FrictionRidgePosition> = new Map(
  [
    ...OF_ONE_FINGER,
    ...OF_SEVERAL_FINGERS,
    ...WITHOUT_KNOWN_FINGERS.map(([code, name]): FrictionRidgePosition => ({ code, name, fingers: [] })),
  ]
    .sort((a, b) => a.code - b.code)
    .map(position => [position.code, position]),
)

/** The name of a position; its code in words where no standard has it. */
export function nameOfPosition(code: number): string {
  return FRICTION_RIDGE_POSITIONS.get(code)?.name ?? `position ${code}`
}
