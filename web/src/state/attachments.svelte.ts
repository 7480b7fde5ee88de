/** The files beside the text that is being written: on their way up, there, or failed. */
import type { FileDetails } from '../../../src/protocol/file.ts'
import type { Failure } from '../sync/api.ts'
import type { StartUpload, Upload } from '../sync/upload.ts'

/** More at once is a folder, not a message. */
export const ATTACHMENTS_MAX_COUNT = 10

export type Attachment = {
  readonly id: number
  readonly file: File
  readonly status:
    | { readonly kind: 'uploading'; readonly fraction: number }
    | { readonly kind: 'ready'; readonly details: FileDetails }
    | { readonly kind: 'failed'; readonly failure: Failure }
}

export type AttachmentsOptions = {
  readonly room_id: string
  readonly startUpload: StartUpload
  readonly onSignedOut: () => void
}

export class Attachments {
  readonly #options: AttachmentsOptions
  readonly #uploads = new Map<number, Upload>()
  #list: readonly Attachment[] = $state.raw([])
  #count = 0

  constructor(options: AttachmentsOptions) {
    this.#options = options
  }

  get list(): readonly Attachment[] {
    return this.#list
  }

  get areReady(): boolean {
    return this.#list.every(({ status }) => status.kind === 'ready')
  }

  add(files: readonly File[]): void {
    for (const file of files.slice(0, ATTACHMENTS_MAX_COUNT - this.#list.length)) {
      const id = (this.#count += 1)
      this.#list = [...this.#list, { id, file, status: { kind: 'uploading', fraction: 0 } }]
      this.#upload(id, file)
    }
  }

  retry(id: number): void {
    const attachment = this.#list.find((one) => one.id === id)
    if (attachment?.status.kind !== 'failed') return
    this.#become(id, { kind: 'uploading', fraction: 0 })
    this.#upload(id, attachment.file)
  }

  /** Also ends its upload. */
  remove(id: number): void {
    this.#list = this.#list.filter((one) => one.id !== id)
    this.#uploads.get(id)?.cancel()
    this.#uploads.delete(id)
  }

  removeAll(): void {
    for (const { id } of this.#list) this.remove(id)
  }

  /** The files that are there, which the caller sends; the list is empty afterwards. */
  take(): readonly FileDetails[] {
    const taken = this.#list.flatMap(({ status }) =>
      status.kind === 'ready' ? [status.details] : [],
    )
    this.removeAll()
    return taken
  }

  #upload(id: number, file: File): void {
    const { room_id, startUpload, onSignedOut } = this.#options
    const upload = startUpload(room_id, file, {
      onProgress: (fraction) => this.#become(id, { kind: 'uploading', fraction }),
      onSignedOut,
    })
    this.#uploads.set(id, upload)
    void upload.result.then((result) =>
      this.#become(
        id,
        result.ok
          ? { kind: 'ready', details: result.value }
          : { kind: 'failed', failure: result.failure },
      ),
    )
  }

  #become(id: number, status: Attachment['status']): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, status } : one))
  }
}
