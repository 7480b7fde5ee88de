/** What is left of a message once it was deleted (MSG-8). Types only, for the page's sake. */
import type { Message } from './message.ts'

/** It keeps its place, its sender and what it answered, and loses everything said. */
export const withoutWords = (message: Message): Message => ({
  ...message,
  content: '',
  data: null,
  mentions: [],
  file_id: null,
  file_url: null,
  file: null,
})
