/**
 * Names and amounts of the quotas: how much a peer below may take of this station, a day (UTC) or
 * at a time.
 */

export type QuotaName = 'bytes' | 'entries' | 'openPayloads' | 'anomalies' | 'processorMs' | 'checkMs' | 'announced'

/**
 * Amounts for each station that is reached by way of the peer, itself included. An office that has
 * been cut off for seven months sends some 11,000 records of 150 KB to 1 MB, in 33,000 entries, on
 * the day on which its line is back. They take a hub some minutes.
 */
export const QUOTAS: Readonly<Record<QuotaName, number>> = Object.freeze({
  /** Bytes of messages and bundles that brought anything, a day. */
  bytes: 16 * 2 ** 30,
  /** New entries, a day. */
  entries: 100_000,
  /**
   * Payloads that entries name and that have still to come, at any time. A sender runs ahead by two
   * messages.
   */
  openPayloads: 20_000,
  /** Entries in this station's journal about what a peer did, a day. */
  anomalies: 50,
  /** Processor time of this station for what the peer sent, in ms, a day. */
  processorMs: 600_000,
  /**
   * Time that the check of its records takes, in ms, a day. At a second each, 11,000 records take
   * three hours.
   */
  checkMs: 14_400_000,
  /**
   * Bytes of notes of what its stations sent to others, which are told of it by entries of this
   * station, a day. A note of a few boxes has one to two thousand.
   */
  announced: 8 * 2 ** 20,
})

export const QUOTA_NAMES = Object.keys(QUOTAS) as QuotaName[]

/** Stations behind a peer that count: a hub with more needs its quotas raised. */
export const MOST_STATIONS = 32
