/**
 * How the Worker tells a room's object who is connecting. The object believes this header, so one
 * that comes from outside is always replaced.
 */

export const UPGRADE_HEADER = 'x-muster-user'

export type Identity = {
  readonly user_id: string
  readonly display_name?: string
  /** Milliseconds since the epoch. */
  readonly token_expires_at: number
}

/** Percent-encoded: header values are bytes, and names are not. */
export const encodeIdentity = (identity: Identity): string =>
  encodeURIComponent(JSON.stringify(identity))

/** Undefined where the header is missing. */
export const decodeIdentity = (headers: Headers): Identity | undefined => {
  const header = headers.get(UPGRADE_HEADER)
  return header === null ? undefined : (JSON.parse(decodeURIComponent(header)) as Identity)
}
