/** The attachments of every room that was opened: looking into another room ends no upload. */
import { createContext } from 'svelte'
import type { StartUpload } from '../sync/upload.ts'
import { Attachments } from './attachments.svelte.ts'
import type { Drafts } from './drafts.svelte.ts'

export type UploadsOptions = {
  readonly drafts: Drafts
  readonly startUpload: StartUpload
  readonly onSignedOut: () => void
}

export class Uploads {
  readonly #options: UploadsOptions
  readonly #rooms = new Map<string, Attachments>()

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  of(room_id: string): Attachments {
    const { drafts, startUpload, onSignedOut } = this.#options
    const known = this.#rooms.get(room_id)
    if (known !== undefined) return known
    const attachments = new Attachments({
      room_id,
      uploaded: drafts.get(room_id).files,
      startUpload,
      onSignedOut,
      onReady: (files) => drafts.change(room_id, { files }),
    })
    this.#rooms.set(room_id, attachments)
    return attachments
  }

  /**
   * While something is on its way up the browser asks before it leaves, until the result is
   * called; nothing goes on after that.
   */
  start(): () => void {
    const onbeforeunload = (event: BeforeUnloadEvent) => {
      const rooms = [...this.#rooms.values()]
      if (rooms.some(({ unfinished_count }) => unfinished_count > 0)) event.preventDefault()
    }
    window.addEventListener('beforeunload', onbeforeunload)
    return () => {
      window.removeEventListener('beforeunload', onbeforeunload)
      for (const attachments of this.#rooms.values()) attachments.close()
    }
  }
}

export const [getUploads, setUploads] = createContext<Uploads>()
