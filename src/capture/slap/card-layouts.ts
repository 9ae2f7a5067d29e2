/** One box of a card, inches from the upper left corner of the layout. */
export interface CardBox {
  /** A code of FRICTION_RIDGE_POSITIONS: one finger (1 to 10), a plain thumb (11, 12), four fingers or both thumbs (13 to 15). */
  readonly position: number
  readonly impression: 'rolled' | 'plain'
  readonly leftIn: number
  readonly topIn: number
  readonly widthIn: number
  readonly heightIn: number
}

/** Where a ten-print card has its prints. */
export interface CardLayout {
  readonly widthIn: number
  readonly heightIn: number
  readonly boxes: readonly CardBox[]
}

/** Largest images of ANSI/NIST-ITL, inches: rolled prints, four plain fingers, a plain thumb. */
const ROLLED = { widthIn: 1.6, heightIn: 1.5 }
const FOUR = { widthIn: 3.2, heightIn: 2 }
const THUMB = { widthIn: 0.8, heightIn: 2 }

/**
 * The lower five inches of the FBI's card FD-249, those with prints: thumb to little finger of the right hand rolled, below them the left
 * hand's, and below those, plain, four fingers of the left hand, both thumbs, four fingers of the right.
 */
export const FD249_PRINTS: CardLayout = {
  widthIn: 8,
  heightIn: 5,
  boxes: [
    ...Array.from({ length: 10 }, (_, i): CardBox => {
      const [row, column] = [Math.floor(i / 5), i % 5]
      const place = { leftIn: column * ROLLED.widthIn, topIn: row * ROLLED.heightIn }
      return { position: i + 1, impression: 'rolled', ...place, ...ROLLED }
    }),
    { position: 14, impression: 'plain', leftIn: 0, topIn: 3, ...FOUR },
    { position: 12, impression: 'plain', leftIn: 3.2, topIn: 3, ...THUMB },
    { position: 11, impression: 'plain', leftIn: 4, topIn: 3, ...THUMB },
    { position: 13, impression: 'plain', leftIn: 4.8, topIn: 3, ...FOUR },
  ],
}

/** The whole card FD-249, 8 by 8 inches: its upper three are writing. */
export const FD249: CardLayout = {
  widthIn: 8,
  heightIn: 8,
  boxes: FD249_PRINTS.boxes.map(box => ({ ...box, topIn: box.topIn + 3 })),
}
