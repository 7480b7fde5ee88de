/**
 * An upload, from the first question to the row: may this person write here, bytes into the store
 * as they come, what are they, and only then the file (API-5). The room is asked before the body is
 * read, and a file exists only once all of it is stored.
 */
import { deny } from '../domain/access.ts'
import { contentTypeOf } from '../domain/file/content-type.ts'
import { dimensionsOf } from '../domain/file/dimensions.ts'
import { cleanName } from '../domain/file/name.ts'
import { fileSearchVectorOf } from '../domain/search/terms.ts'
import { askDatabase } from '../durable/ask-database.ts'
import type { UploadStanding } from '../database/files.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal, type Refusal } from '../protocol/errors.ts'
import type { UploadedFile } from '../protocol/file.ts'
import { fileUrl } from '../protocol/file-url.ts'
import { FILE_MAX_BYTES } from '../protocol/limits.ts'
import { reserveBuffer } from './buffers.ts'
import { GatheredBytes } from './bytes.ts'
import { LOOKED_AT_MAX_BYTES } from './limits.ts'
import { openStore, unavailable, type FileStore } from './store.ts'

/** What comes out of a body, in this order: a name, bytes. A refusal is the last. */
export type UploadPiece =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly field?: string | undefined }

export type Upload = {
  /** A fresh one. */
  readonly file_id: string
  readonly room_id: string
  readonly user_id: string
  /** Bytes of the body, where its sender says so beforehand. */
  readonly declared_bytes: number | undefined
  /** Not begun before the room has allowed it. */
  readonly pieces: () => AsyncIterable<UploadPiece>
}

export type Received<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal; readonly field?: string | undefined }

export const tooLarge = refusal('too_large', `a file may have ${FILE_MAX_BYTES} bytes`)

export const receiveUpload = async (env: Env, upload: Upload): Promise<Received<UploadedFile>> => {
  const store = openStore(env)
  if (store === undefined) return failure(unavailable)
  const { file_id, room_id, user_id } = upload
  const reserved = writable(
    await askDatabase(env, room_id, 'reserveFile', { room_id, user_id, file_id }),
  )
  if (!reserved.ok) return reserved
  const release = reserveBuffer(upload.declared_bytes)
  if (release === undefined) return failure(refusal('unavailable', 'too many uploads now', 2_000))
  try {
    const stored = await storePieces(store, upload)
    return stored.ok ? await claim(env, upload, stored.value) : stored
  } finally {
    release()
  }
}

type Stored = { readonly name: string; readonly size: number; readonly beginning: Uint8Array }

const storePieces = async (
  store: FileStore,
  { file_id, pieces }: Upload,
): Promise<Received<Stored>> => {
  const writer = store.write(file_id)
  const beginning = new GatheredBytes(LOOKED_AT_MAX_BYTES)
  let name = ''
  let size = 0
  const stopped = async (refused: Refusal, field?: string) => {
    await writer.abort()
    return { ok: false, refusal: refused, field } as const
  }
  for await (const piece of pieces()) {
    if (piece.kind === 'refused') return stopped(piece.refusal, piece.field)
    if (piece.kind === 'named') {
      name = cleanName(piece.name)
      continue
    }
    size += piece.bytes.length
    if (size > FILE_MAX_BYTES) return stopped(tooLarge)
    beginning.add(piece.bytes)
    const appended = await writer.append(piece.bytes)
    if (!appended.ok) return stopped(appended.refusal)
  }
  if (size === 0) return stopped(refusal('bad_request', 'file: is empty'), 'file')
  const finished = await writer.finish()
  if (!finished.ok) return stopped(finished.refusal)
  return success({ name, size, beginning: beginning.view() })
}

/** Bytes that do not become a file are left to the sweep, which remembers them. */
const claim = async (
  env: Env,
  { file_id, room_id, user_id }: Upload,
  { name, size, beginning }: Stored,
): Promise<Outcome<UploadedFile>> => {
  const content_type = contentTypeOf(beginning, name)
  const dimensions = dimensionsOf(beginning, content_type)
  const claimed = writable(
    await askDatabase(env, room_id, 'claimFile', {
      ...{ file_id, room_id, uploaded_by: user_id, name, content_type, size_bytes: size },
      width: dimensions?.width ?? null,
      height: dimensions?.height ?? null,
      search: fileSearchVectorOf(name),
    }),
  )
  if (!claimed.ok) return claimed
  if (!claimed.value.is_claimed) return failure(refusal('unavailable', 'the upload took too long'))
  return success({
    ...{ file_id, file_url: fileUrl(file_id), name, size, content_type },
    ...dimensions,
  })
}

/** The gate, for what the two statements of an upload say of the person (SEC-2). */
const writable = <Seen extends UploadStanding>(read: Outcome<Seen | null>): Outcome<Seen> => {
  if (!read.ok) return read
  if (read.value === null) return failure(refusal('not_found', 'no such room'))
  const denied = deny(read.value, 'write', read.value.status)
  return denied ? failure(denied) : success(read.value)
}
