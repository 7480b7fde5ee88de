/** Rooms with more messages than anybody says in a test, and what of them is in view. */
import type { Locator, Page } from 'playwright-core'
import type { Message } from '../../src/protocol/message.ts'
import type { Room } from '../../src/protocol/room.ts'
import { DirectWriter } from '../support/direct-writer.ts'
import type { Harness, Person } from './page-harness.ts'

/** For a page that is as busy as the machine. */
export const patient = { timeout: 15_000 }

/** One call of the procedure takes no longer than its callers wait. */
const messages_per_write_count = 500

/** `line 1`, `line 2`, … by one person, straight into the database. */
export const fill = async (
  { worker }: Harness,
  room: Room,
  { user_id, count }: { readonly user_id: string; readonly count: number },
): Promise<void> => {
  const writer = new DirectWriter(worker.database.pool, { room_id: room.room_id, user_id })
  for (let from = 1; from <= count; from += messages_per_write_count) {
    const length = Math.min(messages_per_write_count, count - from + 1)
    await writer.write(Array.from({ length }, (_, index) => `line ${from + index}`))
  }
}

/** Message number n of the room. */
export const messageAt = async (person: Person, room: Room, n: number): Promise<Message> => {
  const path = `/api/rooms/${room.room_id}/messages?limit=1&before_sequence=${n + 1}`
  const { messages } = await person.call<{ messages: Message[] }>('GET', path)
  const [message] = messages
  if (message?.sequence_number !== n) throw new Error(`no message ${n}`)
  return message
}

export const line = (page: Page, n: number): Locator =>
  page.getByRole('log').getByText(`line ${n}`, { exact: true }).first()

/** The texts of messages of which something is in view, top to bottom. */
export const textsInView = (page: Page): Promise<string[]> =>
  page.getByRole('log').evaluate((log) => {
    const { top, bottom } = log.getBoundingClientRect()
    return [...log.querySelectorAll('article')]
      .filter((row) => {
        const box = row.getBoundingClientRect()
        return box.bottom > top && box.top < bottom
      })
      .map((row) => row.querySelector('.body > p')?.textContent ?? '')
  })

export const scrollBy = (page: Page, by_px: number): Promise<void> =>
  page.getByRole('log').evaluate((log, by) => void (log.scrollTop += by), by_px)

/** Below what is in view. */
export const restBelow = (page: Page): Promise<number> =>
  page.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)
