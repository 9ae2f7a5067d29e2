/** The nouns of the station that all its parts share. */

/** A station's secrets, kept by the host application beside the station's file, never in it. */
export interface StationIdentity {
  /** 1 to 64 letters, digits, '.', '-', '_': '3276-01'. Unique in the whole network of stations. */
  readonly id: string
  /** Ed25519 private key, PKCS #8 as PEM: signs journal entries, messages and receipts. */
  readonly signingKey: string
  /** X25519 identity of age, 'AGE-SECRET-KEY-1...': opens what others seal for this station. */
  readonly openingKey: string
}

/** What other stations must know of one, over a channel that is trusted (a letter, a visit). */
export interface PublicIdentity {
  readonly id: string
  /** Ed25519 public key, the 32 bytes as base64. */
  readonly verifyKey: string
  /** age recipient, 'age1...'. */
  readonly sealTo: string
}

/** `upstream`: records go there, decisions come from there. A station has at most one. `downstream`: the other way round. */
export type Relation = 'upstream' | 'downstream'

export interface Peer extends PublicIdentity {
  readonly relation: Relation
  /**
   * Whether a peer below may vouch for stations below it, here and at all stations above: a hub for
   * its kiosks. `false` unless given. Absent of peers that a version before 0.2.0 added, which may
   * here alone. Peers above always may.
   */
  readonly vouches?: boolean
}

/** Where an entry of the journal is of use: at the stations above, at those below, or here alone. */
export type Direction = 'up' | 'down' | 'local'

/** What this station did with a record. */
export type ClientState = 'recorded' | 'corrected' | 'withdrawn'

/**
 * How far the newest version of a record has come on its way up. `waiting` until upstream's signed receipt of exactly this version is
 * here (`synchronised`), or upstream has said that it will not take it (`refused`).
 */
export type TransportState = 'waiting' | 'synchronised' | 'refused'

/** Something that must not happen, noticed and recorded; work goes on. */
export type AnomalyCode =
  /** The clock says an earlier time than the newest entry of the journal. */
  | 'clock-backwards'
  /** The journal ends before what was acknowledged: the file was put back from an old copy, or its disk has lost what was written. */
  | 'rolled-back'
  /** Two entries of one station with one number: its disk was cloned, or restored from an old copy. */
  | 'journal-fork'
  /** A peer holds less than it had acknowledged: it was restored from an old copy. */
  | 'peer-went-back'
  /** A receipt that its peer did not sign, or of something else than was sent. */
  | 'receipt-forged'
  /** A message or bundle that its sender did not sign. */
  | 'message-forged'
  /** An entry that the station that it claims to come from did not sign. */
  | 'entry-forged'
  /** A peer holds more of this station's journal than it does itself: this station was restored from an old copy. */
  | 'own-journal-behind'
  /** A station vouches for a key of another one that is known by another key: nothing was changed. */
  | 'key-conflict'
  /** A station vouches for another one that is known by somebody else's word: nothing was changed. */
  | 'voucher-conflict'
  /** Two stations have recorded under one id, of which one has copied it: what came second was not taken. */
  | 'record-conflict'
  /** This station's program fails at an entry, which was declined. */
  | 'entry-defect'
  /** Two records are each called a duplicate of the other, by decisions of two stations. */
  | 'duplicate-circle'
  /** A record is called a duplicate, and the other was withdrawn, could not be taken in, or has other fingers now. */
  | 'duplicate-alone'
  /** A record is called a duplicate, and its card was handed over: the record that stays brings a second one. */
  | 'duplicate-with-card'
  /** The index of persons beside the file could not be read, and was made anew. */
  | 'index-damaged'
  /** A peer has used up what it may take of this station on a day. */
  | 'quota-reached'
