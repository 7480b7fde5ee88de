/** Which files are shown as pictures, how large in a message, and which a room has. Pure. */
import type { FileDetails } from '../../../src/protocol/file.ts'
import type { Message } from '../../../src/protocol/message.ts'

/** Taller ones are shown smaller; a press opens them. */
export const PICTURE_MAX_HEIGHT_PX = 320

export type PictureFile = FileDetails & { readonly width: number; readonly height: number }

export type PictureMessage = Message & { readonly file: PictureFile }

/** A picture is what the server could measure: its place is known before it loads. */
export const isPictureFile = (file: FileDetails): file is PictureFile =>
  file.content_type.startsWith('image/') &&
  file.width !== null &&
  file.height !== null &&
  file.width > 0 &&
  file.height > 0

export const pictureBox = ({ width, height }: PictureFile) => {
  const scale = Math.min(1, PICTURE_MAX_HEIGHT_PX / height)
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) }
}

export const isPictureMessage = (message: Message): message is PictureMessage =>
  message.deleted_at === null && message.file !== null && isPictureFile(message.file)

/** Those held, in the order in which they were sent; alone where it is from far away. */
export const picturesAround = (
  opened: PictureMessage,
  held: readonly Message[],
): readonly PictureMessage[] =>
  held.some(({ message_id }) => message_id === opened.message_id)
    ? held.filter(isPictureMessage)
    : [opened]
