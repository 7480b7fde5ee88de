/**
 * Limits that both ends of the wire must agree on. Limits of the server alone are in
 * `domain/room/limits.ts` and `database/pool-settings.ts`. The unit is the last word.
 */

/** Longest text of one message, in UTF-16 units. Mattermost allows 16,383, Slack 40,000. */
export const CONTENT_MAX_LENGTH = 16_000

/** Largest frame a client may send. Holds CONTENT_MAX_LENGTH in any escaping. */
export const FRAME_MAX_BYTES = 131_072

/** Longest `client_message_id` and `ref`. A UUID has 36. */
export const REFERENCE_MAX_LENGTH = 128

/** Longest user id; they are e-mail addresses (RFC 5321 allows 254). */
export const USER_ID_MAX_LENGTH = 254

/** Most ids that a sender may list in `mentions`; names in the text come on top. */
export const MENTIONS_MAX_COUNT = 100

/**
 * Most people one message reaches by mentions, `@channel` included: each id travels with the
 * message to every socket. In a larger room `@channel` reaches nobody, and the ack says so.
 */
export const MENTIONED_MAX_COUNT = 2_000

/** An `incident_data` message: values in all, how deep they nest, and its JSON text. */
export const DATA_FIELDS_MAX_COUNT = 200
export const DATA_DEPTH_MAX_COUNT = 4
export const DATA_MAX_LENGTH = 16_000
export const DATA_FIELD_NAME_MAX_LENGTH = 64

/** The longest emoji sequence of Unicode has 10 code points, in at most two UTF-16 units each. */
export const EMOJI_MAX_LENGTH = 32

/** Largest upload. Discord takes 10 MiB, Mattermost 100; a photo of a phone has 3 to 12 (API-5). */
export const FILE_MAX_BYTES = 26_214_400

/** Longest name of a file, in UTF-16 units; longer ones lose their middle, not their ending. */
export const FILE_NAME_MAX_LENGTH = 200

export const ROOM_TITLE_MAX_LENGTH = 200
export const ROOM_DESCRIPTION_MAX_LENGTH = 4_000
export const ROOM_LOCATION_MAX_LENGTH = 200
export const LOTS_MAX_COUNT = 100
export const LOT_MAX_LENGTH = 100
export const DISPLAY_NAME_MAX_LENGTH = 100

/** A page of history when the caller names no limit, and the most it may ask for (API-1). */
export const PAGE_DEFAULT_COUNT = 50
export const PAGE_MAX_COUNT = 200

/** Longest `q` of a search, in UTF-16 units (API-2). */
export const SEARCH_QUERY_MAX_LENGTH = 200

/** Conditions on incident data in one filter, and the longest value of one (MSG-4). */
export const DATA_CONDITIONS_MAX_COUNT = 5
export const DATA_OPERAND_MAX_LENGTH = 200

/**
 * Unread messages and mentions are counted among so many after the read mark, which keeps every
 * count cheap. Nobody reads "1,342 unread" differently from "999+".
 */
export const UNREAD_MAX_COUNT = 1_000

/**
 * Members whose read marks are listed, and the largest room in which they are told as they move:
 * everybody's marks told to everybody grow with the square.
 */
export const READ_MARKS_MAX_COUNT = 200

/** Rooms in one greeting of the inbox, the most recently active first. */
export const INBOX_ROOMS_MAX_COUNT = 500

/** Outcomes of one-way messages in one frame; more are counted (DISP-5). */
export const ONE_WAY_OUTCOMES_MAX_COUNT = 100

/** One posted one-way message as JSON text, in UTF-8. Holds CONTENT_MAX_LENGTH in any escaping. */
export const ONE_WAY_MAX_BYTES = 131_072

/** Lines of one batch of one-way messages, and the whole of it: a burst is 10,000 (DISP-1). */
export const ONE_WAY_BATCH_MAX_COUNT = 50_000
export const ONE_WAY_BATCH_MAX_BYTES = 67_108_864

/** The same as an array in JSON, which is read as a whole. */
export const ONE_WAY_ARRAY_MAX_BYTES = 4_194_304

/** Lines that are named one by one where a batch is refused in part. */
export const REFUSED_LINES_MAX_COUNT = 100

/** Longest address of a webhook, in UTF-16 units. */
export const WEBHOOK_URL_MAX_LENGTH = 2_000

/** Shards of the burst lane: a tracking id has three hex digits for the number of its own. */
export const DISPATCH_SHARDS_MAX_COUNT = 256

/** A typist who says nothing more is forgotten after this (PRES-3). */
export const TYPING_TTL_MS = 3_000

/** The client repeats `typing` at most this often while keys are pressed. */
export const TYPING_REPEAT_MS = 2_000

/** The server pings this often and waits this long for the pong (CONN-6). */
export const HEARTBEAT_INTERVAL_MS = 30_000
export const HEARTBEAT_TIMEOUT_MS = 10_000

/** How long before a token expires the socket is asked for a new one (CONN-8). */
export const AUTH_WARNING_MS = 60_000
