/** Limits of uploads that only the server knows. The unit is the last word. */

/** The least R2 takes for a part of an upload in parts, and thus the most an upload holds back. */
export const PART_BYTES = 5_242_880

/**
 * How much of a file is looked at to tell its type and the size of a picture. Cameras put up to
 * some 100 KB of previews and colour profiles before it.
 */
export const LOOKED_AT_MAX_BYTES = 262_144

/** The most that one upload holds back. */
export const UPLOAD_HELD_MAX_BYTES = PART_BYTES + LOOKED_AT_MAX_BYTES

/**
 * What all uploads of one isolate hold back together (LIM-4): eight large ones, or hundreds of
 * small ones. An isolate has 128 MB, and growing a buffer takes half of it once more.
 */
export const UPLOADS_HELD_MAX_BYTES = 8 * UPLOAD_HELD_MAX_BYTES

/** What is read of a refused body, so that its sender hears why: a file of twice the limit does. */
export const DISCARDED_MAX_BYTES = 26_214_400

/** And for no longer than that, however slowly it drips. */
export const DISCARDED_MAX_MS = 30_000

/** While a refused body is read its sender may be silent for so long. */
export const DISCARDED_SILENCE_MAX_MS = 1_000

/** A sender who is silent for so long is gone, and holds memory that others wait for. */
export const UPLOAD_SILENCE_MAX_MS = 30_000

/** Boundaries, heads and plain fields of a form, besides the file. */
export const FORM_MAX_BYTES = 65_536

/** A file that no message refers to by then is removed. */
export const UNREFERENCED_MAX_AGE_HOURS = 24

/** Files per statement of a sweep, and how many such rounds one run makes at most. */
export const SWEEP_BATCH_COUNT = 200
export const SWEEP_ROUNDS_MAX_COUNT = 50
