/** What was begun in a room and not sent, and its form in storage. */
import type { FileDetails } from '../../../src/protocol/file.ts'
import type { MentionEntity, Words } from './mention-entities.ts'

export type Draft = Words & {
  /** The message it answers. */
  readonly reply_to: string | undefined
  /** Uploaded and waiting to be sent with it. */
  readonly files: readonly FileDetails[]
}

export const emptyDraft: Draft = { text: '', mentions: [], reply_to: undefined, files: [] }

export const isEmptyDraft = ({ text, reply_to, files }: Draft): boolean =>
  text === '' && reply_to === undefined && files.length === 0

/** What is no draft is an empty one. */
export const parseDraft = (stored: string | undefined): Draft => {
  let read: unknown
  try {
    read = JSON.parse(stored ?? 'null')
  } catch {
    return emptyDraft
  }
  if (typeof read !== 'object' || read === null) return emptyDraft
  const { text, mentions, reply_to, files } = read as Partial<Record<keyof Draft, unknown>>
  const said = typeof text === 'string' ? text : ''
  return {
    text: said,
    mentions: listOf(mentions).filter((mention) => isMentionIn(said, mention)),
    reply_to: typeof reply_to === 'string' ? reply_to : undefined,
    files: listOf(files).filter(isFile),
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isMentionIn = (text: string, value: unknown): value is MentionEntity => {
  if (typeof value !== 'object' || value === null) return false
  const { user_id, start, length } = value as Partial<Record<keyof MentionEntity, unknown>>
  return (
    typeof user_id === 'string' &&
    typeof start === 'number' &&
    typeof length === 'number' &&
    text.startsWith('@', start) &&
    start + length <= text.length
  )
}

const isFile = (value: unknown): value is FileDetails => {
  if (typeof value !== 'object' || value === null) return false
  const { file_id, name, size } = value as Partial<Record<keyof FileDetails, unknown>>
  return typeof file_id === 'string' && typeof name === 'string' && typeof size === 'number'
}
