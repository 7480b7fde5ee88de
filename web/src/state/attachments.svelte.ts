/**
 * The files beside the text that is being written in one room: waiting their turn, on their way
 * up, there, or failed. Those that are there are part of the draft and survive a reload.
 */
import { FILE_MAX_BYTES } from '../../../src/protocol/limits.ts'
import type { FileDetails } from '../../../src/protocol/file.ts'
import { fileUrl } from '../../../src/protocol/file-url.ts'
import type { Failure } from '../sync/api.ts'
import { isPicture } from '../sync/outbox.ts'
import type { StartUpload, Upload } from '../sync/upload.ts'

/** More at once is a folder, not a message. */
export const ATTACHMENTS_MAX_COUNT = 10

/** More at once only make each of them slower, on a phone's line above all. */
export const UPLOADS_AT_ONCE_COUNT = 3

export type AttachmentStatus =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'uploading'; readonly fraction: number }
  | { readonly kind: 'ready'; readonly details: FileDetails }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Not worth trying: too large, nothing in it, or no file but a folder. */
  | { readonly kind: 'unfit'; readonly reason: 'too_large' | 'empty' | 'unreadable' }

export type Attachment = {
  readonly id: number
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Where a picture is shown from. */
  readonly preview: string | undefined
  readonly status: AttachmentStatus
}

export type AttachmentsOptions = {
  readonly room_id: string
  /** What an earlier page uploaded and did not send. */
  readonly uploaded: readonly FileDetails[]
  readonly startUpload: StartUpload
  readonly onSignedOut: () => void
  readonly onReady: (files: readonly FileDetails[]) => void
}

export class Attachments {
  readonly #options: AttachmentsOptions
  readonly #uploads = new Map<number, Upload>()
  readonly #files = new Map<number, File>()
  #list: readonly Attachment[] = $state.raw([])
  #left_out_count = $state(0)
  #count = 0

  constructor(options: AttachmentsOptions) {
    this.#options = options
    this.#list = options.uploaded.map((details) => ({
      id: this.#nextId(),
      name: details.name,
      size: details.size,
      preview: isPicture(details) ? fileUrl(details.file_id) : undefined,
      status: { kind: 'ready', details },
    }))
  }

  get list(): readonly Attachment[] {
    return this.#list
  }

  /** How many of those that were last chosen were too many. */
  get left_out_count(): number {
    return this.#left_out_count
  }

  get ready_count(): number {
    return this.#list.filter(({ status }) => status.kind === 'ready').length
  }

  /** Waiting or on their way up. */
  get unfinished_count(): number {
    return this.#list.filter(({ status }) => isUnfinished(status)).length
  }

  add(files: readonly File[]): void {
    const room_for = ATTACHMENTS_MAX_COUNT - this.#list.length
    this.#left_out_count = Math.max(0, files.length - room_for)
    for (const file of files.slice(0, Math.max(0, room_for))) {
      const id = this.#nextId()
      const { name, size } = file
      const status = statusBefore(file)
      const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined
      this.#files.set(id, file)
      this.#list = [...this.#list, { id, name, size, preview, status }]
    }
    this.#startNext()
  }

  retry(id: number): void {
    if (this.#find(id)?.status.kind !== 'failed') return
    this.#become(id, { kind: 'waiting' })
  }

  /** Also ends its upload. */
  remove(id: number): void {
    const attachment = this.#find(id)
    if (attachment === undefined) return
    if (this.#files.has(id) && attachment.preview !== undefined)
      URL.revokeObjectURL(attachment.preview)
    this.#uploads.get(id)?.cancel()
    this.#uploads.delete(id)
    this.#files.delete(id)
    this.#left_out_count = 0
    this.#list = this.#list.filter((one) => one.id !== id)
    this.#tellReady()
    this.#startNext()
  }

  /** The files that are there, which the caller sends; what failed stays, to be retried. */
  take(): readonly FileDetails[] {
    const ready = this.#list.filter(({ status }) => status.kind === 'ready')
    const files = this.#ready()
    for (const { id } of ready) this.remove(id)
    return files
  }

  /** Ends what is on its way; what is there stays in the draft. */
  close(): void {
    for (const upload of this.#uploads.values()) upload.cancel()
    this.#uploads.clear()
    for (const { id, preview } of this.#list)
      if (this.#files.has(id) && preview !== undefined) URL.revokeObjectURL(preview)
  }

  #nextId(): number {
    return (this.#count += 1)
  }

  #find(id: number): Attachment | undefined {
    return this.#list.find((one) => one.id === id)
  }

  #ready(): readonly FileDetails[] {
    return this.#list.flatMap(({ status }) => (status.kind === 'ready' ? [status.details] : []))
  }

  #startNext(): void {
    while (this.#uploads.size < UPLOADS_AT_ONCE_COUNT) {
      const next = this.#list.find(({ status }) => status.kind === 'waiting')
      const file = next && this.#files.get(next.id)
      if (next === undefined || file === undefined) return
      this.#upload(next.id, file)
    }
  }

  #upload(id: number, file: File): void {
    const { room_id, startUpload, onSignedOut } = this.#options
    const upload = startUpload(room_id, file, {
      onProgress: (fraction) => this.#become(id, { kind: 'uploading', fraction }),
      onSignedOut,
    })
    this.#uploads.set(id, upload)
    this.#become(id, { kind: 'uploading', fraction: 0 })
    void upload.result.then(async (result) => {
      if (this.#uploads.get(id) !== upload) return
      this.#uploads.delete(id)
      if (result.ok) this.#become(id, { kind: 'ready', details: result.value })
      else if (await isReadable(file)) this.#become(id, { kind: 'failed', failure: result.failure })
      else this.#become(id, { kind: 'unfit', reason: 'unreadable' })
    })
  }

  #become(id: number, status: AttachmentStatus): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, status } : one))
    if (status.kind === 'uploading') return
    this.#tellReady()
    this.#startNext()
  }

  #tellReady(): void {
    this.#options.onReady(this.#ready())
  }
}

const statusBefore = ({ size }: File): AttachmentStatus => {
  if (size > FILE_MAX_BYTES) return { kind: 'unfit', reason: 'too_large' }
  return size === 0 ? { kind: 'unfit', reason: 'empty' } : { kind: 'waiting' }
}

const isUnfinished = ({ kind }: AttachmentStatus): boolean =>
  kind === 'waiting' || kind === 'uploading'

/** A folder looks like a file until one reads it; so does a file that is gone since. */
const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )
