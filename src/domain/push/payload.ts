/** What a push says, within the bytes that push services take. */
import { PUSH_MAX_BYTES, type PushPayload } from '../../protocol/push.ts'
import type { Said } from './facts.ts'

/** Characters of a preview: what a phone shows of a notification that was opened up. */
const previewMaxLength = 240

/** Names come from identity providers, who may think otherwise. */
const nameMaxLength = 100

/** Values of incident data in a preview. */
const readingsMaxCount = 6

export const payloadOf = (
  room: { readonly room_id: string; readonly room_title: string },
  told: {
    readonly said: Said
    readonly type: PushPayload['type']
    readonly count: number
  },
): PushPayload => {
  const { said, type, count } = told
  const { message_id, sequence_number, sender_id, sent_at } = said
  const payload = {
    ...{ type, message_id, sequence_number, sender_id, sent_at, count },
    ...room,
    sender_display_name: shortened(said.sender_display_name, nameMaxLength),
    preview: shortened(previewOf(said), previewMaxLength),
  }
  return fitting(payload)
}

/** In JSON and UTF-8 a character may take six bytes and more. */
const fitting = (payload: PushPayload): PushPayload => {
  let fits = payload
  while (sizeOf(fits) > PUSH_MAX_BYTES && fits.preview !== '')
    fits = { ...fits, preview: shortened(fits.preview, Math.floor([...fits.preview].length / 2)) }
  return fits
}

const sizeOf = (payload: PushPayload): number =>
  new TextEncoder().encode(JSON.stringify(payload)).length

const previewOf = ({ message_type, words, data, file_name }: Said): string => {
  const text = words.replaceAll(/\s+/g, ' ').trim()
  switch (message_type) {
    case 'incident_data':
      return readingsOf(data ?? {})
    case 'image_ref':
    case 'file_ref':
      return text === '' ? (file_name ?? '') : text
    default:
      return text
  }
}

const readingsOf = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .slice(0, readingsMaxCount)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? '…' : String(value)}`)
    .join(', ')

/** Counts characters as people do, nearly: no emoji is cut in the middle of a surrogate pair. */
const shortened = (text: string, length: number): string => {
  const characters = [...text]
  if (characters.length <= length) return text
  return length === 0 ? '' : `${characters.slice(0, length - 1).join('')}…`
}
