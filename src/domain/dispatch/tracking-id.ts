/**
 * The name of a one-way message: a UUIDv7 that also says where it is kept. After the time and the
 * bits of chance come the message's place in its shard (48 bits) and the shard (12 bits, the last
 * three hex digits), so that a shard finds it without an index and ids rise as places do.
 */

export type Place = {
  /** Milliseconds since the epoch of Unix; never less than that of the place before. */
  readonly at: number
  /** 12 bits of chance, the same for all of one millisecond: order is by place then. */
  readonly salt: number
  /** Counts what a shard accepted. */
  readonly seq: number
  readonly shard: number
}

export const trackingId = ({ at, salt, seq, shard }: Place): string => {
  const time = hex(at, 12)
  const place = hex(seq, 12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(salt, 3)}-8${place.slice(0, 3)}-${place.slice(3)}${hex(shard, 3)}`
}

/** Which shard has it, or would have if there were such a message. */
export const shardOfTracking = (tracking_id: string): number =>
  Number.parseInt(tracking_id.slice(-3), 16)

/** Its place in its shard. */
export const seqOfTracking = (tracking_id: string): number =>
  Number.parseInt(tracking_id.slice(20, 23) + tracking_id.slice(24, 33), 16)

export const saltOfTracking = (tracking_id: string): number =>
  Number.parseInt(tracking_id.slice(15, 18), 16)

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
