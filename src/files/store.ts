/**
 * Bytes of files in R2, by the file's id. Nothing here throws: R2 that fails is `unavailable`, and
 * nobody else notices (LIM-3).
 */
import type { ByteRange } from '../domain/file/range.ts'
import { fileBucket } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import { GatheredBytes } from './bytes.ts'
import { PART_BYTES } from './limits.ts'

/** Undefined where the deployment has no store. */
export const openStore = (env: Env): FileStore | undefined => {
  const bucket = fileBucket(env)
  return bucket && new FileStore(bucket)
}

const keyOf = (file_id: string): string => `files/${file_id}`

export class FileStore {
  readonly #bucket: R2Bucket

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket
  }

  write(file_id: string): FileWriter {
    return new FileWriter(this.#bucket, keyOf(file_id))
  }

  /** @returns null where there are no such bytes */
  read(file_id: string, range: ByteRange | 'whole'): Promise<Outcome<ReadableStream | null>> {
    return attempt('read', async () => {
      const options = range === 'whole' ? {} : { range }
      const object = await this.#bucket.get(keyOf(file_id), options)
      return object?.body ?? null
    })
  }

  /** At most a thousand; those that are not there count as removed. */
  remove(file_ids: readonly string[]): Promise<Outcome<null>> {
    return attempt('remove', async () => {
      await this.#bucket.delete(file_ids.map(keyOf))
      return null
    })
  }
}

/**
 * Writes one object from bytes that come one after the other. R2 wants to know the length of what
 * it is given: up to PART_BYTES go at once, more in parts of that size (docs/decisions/0011).
 * Nobody can read the object before `finish`.
 */
export class FileWriter {
  readonly #bucket: R2Bucket
  readonly #key: string
  readonly #gathered = new GatheredBytes(PART_BYTES)
  readonly #parts: R2UploadedPart[] = []
  #upload: R2MultipartUpload | undefined

  constructor(bucket: R2Bucket, key: string) {
    this.#bucket = bucket
    this.#key = key
  }

  append(bytes: Uint8Array): Promise<Outcome<null>> {
    return attempt('append', async () => {
      let rest = this.#gathered.add(bytes)
      while (rest.length > 0) {
        // Only now is it certain that the file does not end here.
        await this.#sendPart()
        rest = this.#gathered.add(rest)
      }
      return null
    })
  }

  finish(): Promise<Outcome<null>> {
    return attempt('finish', async () => {
      if (this.#upload === undefined) {
        await this.#bucket.put(this.#key, this.#gathered.view())
        return null
      }
      await this.#sendPart()
      await this.#upload.complete(this.#parts)
      return null
    })
  }

  /** Leaves nothing behind, or what R2 itself removes after a week. */
  async abort(): Promise<void> {
    await attempt('abort', async () => this.#upload?.abort())
  }

  async #sendPart(): Promise<void> {
    this.#upload ??= await this.#bucket.createMultipartUpload(this.#key)
    const part = await this.#upload.uploadPart(this.#parts.length + 1, this.#gathered.view())
    this.#parts.push(part)
    this.#gathered.clear()
  }
}

const attempt = async <Value>(
  operation: string,
  work: () => Promise<Value>,
): Promise<Outcome<Value>> => {
  try {
    return success(await work())
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    log.error('file_store_failed', { operation, message })
    return failure(unavailable)
  }
}

export const unavailable = refusal('unavailable', 'files are not available now', 5_000)
