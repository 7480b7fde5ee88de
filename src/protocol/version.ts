/** The version of the wire. A change that an older peer would misread raises it. */
export const PROTOCOL_VERSION = 1

/** Of the schemas of all frames. A test compares, so that no change of the wire goes unnoticed. */
export const SCHEMA_HASH = '323528c1c43ed66f'

/** The WebSocket subprotocol that names this version; the token travels beside it (CONN-2). */
export const SUBPROTOCOL = 'muster.v1'

/** Prefix of the subprotocol that carries the credentials: `bearer.<token>`. */
export const BEARER_SUBPROTOCOL_PREFIX = 'bearer.'
