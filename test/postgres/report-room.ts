/**
 * A room of which everything is given: ids, times, words. It is written as the commit procedure
 * leaves it, straight into the tables, so that a report of it is the same on every machine.
 */
import type { ReportFacts, ReportOptions } from '../../src/domain/report/facts.ts'
import { reportSteps } from '../../src/domain/report/report.ts'
import { readReportFacts, readReportPage, type ReportPageArgs } from '../../src/database/report.ts'
import type { Client } from '../../src/database/client.ts'
import type { PageAsk, ReportPage } from '../../src/domain/report/page.ts'
import { reportStream } from '../../src/http/report-stream.ts'
import { failure, success, type Outcome } from '../../src/lib/outcome.ts'
import { refusal } from '../../src/protocol/errors.ts'
import { addUser, type Connection } from './builders.ts'

export const ROOM_ID = '0198d7f0-0000-7000-8000-000000000001'

export const options = (overrides: Partial<ReportOptions> = {}): ReportOptions => ({
  from: null,
  to: null,
  time_zone: 'Asia/Taipei',
  language: 'en',
  transcript: true,
  ...overrides,
})

/** The n-th id of its kind. */
export const idOf = (kind: 'message' | 'change' | 'file', number: number): string =>
  `0198d7f0-${{ message: '0001', change: '0002', file: '0003' }[kind]}-7000-8000-${String(number).padStart(12, '0')}`

export type Said = {
  readonly content?: string
  readonly data?: Record<string, unknown>
  readonly message_type?: string
  readonly client_message_id?: string
  readonly reply_to?: number
  readonly file?: number
}

/** Writes one revision after another; `at` is a time of day of 24 November 2026, in UTC. */
export class RoomWriter {
  readonly database: Connection
  readonly room_id = ROOM_ID
  #sequence = 0
  #change = 0

  constructor(database: Connection) {
    this.database = database
  }

  async open(at: string): Promise<void> {
    await addUser(this.database, { user_id: 'mei@example.com', display_name: '陳美' })
    await addUser(this.database, { user_id: 'lin@example.com', display_name: 'Lin | Wei' })
    await addUser(this.database, { user_id: 'kai@example.com', display_name: 'Kai' })
    await addUser(this.database, { user_id: 'root', display_name: 'Root', is_admin: true })
    await this.database.query(
      `INSERT INTO incident_rooms (room_id, title, incident_type, severity, location, description,
          lots, created_by, created_at, updated_at, last_activity_at)
        VALUES ($1, 'Press 4 *stopped*', 'equipment_failure', 'high', 'Hall B',
          E'No pressure.\\n# Not a heading', '["A12-77", "B3|1"]', 'mei@example.com', $2, $2, $2)`,
      [this.room_id, timeOf(at)],
    )
    await this.database.query(
      `INSERT INTO room_members (room_id, user_id, role, joined_at) VALUES ($1, 'mei@example.com', 'owner', $2)`,
      [this.room_id, timeOf(at)],
    )
    await this.#append(at, 'mei@example.com', 'room_created', { title: 'Press 4 *stopped*' })
  }

  async add(at: string, actor: string, user_id: string, role: string): Promise<void> {
    await this.database.query(
      'INSERT INTO room_members (room_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)',
      [this.room_id, user_id, role, timeOf(at)],
    )
    await this.#append(at, actor, 'member_added', { user_id, role })
  }

  async remove(at: string, actor: string, user_id: string): Promise<void> {
    await this.database.query('DELETE FROM room_members WHERE room_id = $1 AND user_id = $2', [
      this.room_id,
      user_id,
    ])
    await this.#append(at, actor, 'member_removed', { user_id })
  }

  async update(at: string, actor: string, changes: Record<string, string>): Promise<void> {
    for (const [field, value] of Object.entries(changes))
      await this.database.query(`UPDATE incident_rooms SET ${field} = $2 WHERE room_id = $1`, [
        this.room_id,
        value,
      ])
    const change_id = await this.#append(at, actor, 'room_updated', changes)
    if (changes['status'] === undefined) return
    await this.say(at, actor, {
      content: `Status changed to ${changes['status']}`,
      data: { event: 'status_changed', to: changes['status'] },
      message_type: 'system',
      client_message_id: `system:${change_id}:status_changed`,
    })
  }

  async say(at: string, actor: string, said: Said): Promise<number> {
    this.#sequence += 1
    const sequence = this.#sequence
    const message_id = idOf('message', sequence)
    const { content = '', data = null, message_type = 'text', reply_to, file } = said
    await this.database.query(
      `INSERT INTO messages (message_id, room_id, sequence_number, revision, sender_id,
          client_message_id, content, data, message_type, reply_to, file_id, created_at)
        SELECT $1, $2, $3, last_revision + 1, $4, $5, $6, $7, $8, $9, $10, $11
          FROM incident_rooms WHERE room_id = $2`,
      [
        message_id,
        ...[this.room_id, sequence, actor, said.client_message_id ?? `client-${sequence}`],
        ...[content, data === null ? null : JSON.stringify(data), message_type],
        reply_to === undefined ? null : idOf('message', reply_to),
        file === undefined ? null : idOf('file', file),
        timeOf(at),
      ],
    )
    await this.#append(at, actor, 'message', { sequence_number: sequence, content }, message_id)
    await this.database.query('UPDATE incident_rooms SET last_sequence = $2 WHERE room_id = $1', [
      this.room_id,
      sequence,
    ])
    return sequence
  }

  async upload(number: number, name: string, content_type: string, size: number): Promise<void> {
    await this.database.query(
      `INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes)
        VALUES ($1, $2, 'mei@example.com', $3, $4, $5)`,
      [idOf('file', number), this.room_id, name, content_type, size],
    )
  }

  async edit(at: string, actor: string, sequence: number, content: string): Promise<void> {
    await this.#changeMessage(at, actor, sequence, 'message_edited', { content, mentions: [] })
    await this.#set(sequence, 'content = $2, edited_at = $3', [content, timeOf(at)])
  }

  async delete(at: string, actor: string, sequence: number): Promise<void> {
    await this.#changeMessage(at, actor, sequence, 'message_deleted', {})
    await this.#set(sequence, 'deleted_at = $2, deleted_by = $3', [timeOf(at), actor])
  }

  async pin(at: string, actor: string, sequence: number, event_at: string): Promise<void> {
    await this.#changeMessage(at, actor, sequence, 'message_pinned', {
      event_at: timeOf(event_at),
    })
    const pin = [timeOf(at), actor, timeOf(event_at)]
    await this.#set(sequence, 'pinned_at = $2, pinned_by = $3, event_at = $4', pin)
  }

  async unpin(at: string, actor: string, sequence: number): Promise<void> {
    await this.#changeMessage(at, actor, sequence, 'message_unpinned', {})
    await this.#set(sequence, 'pinned_at = NULL, pinned_by = NULL, event_at = NULL', [])
  }

  async react(at: string, actor: string, sequence: number, emoji: string): Promise<void> {
    await this.#changeMessage(at, actor, sequence, 'reaction_added', { emoji, count: 1 })
    await this.database.query(
      `INSERT INTO message_reactions SELECT $2, $3, $4, last_revision FROM incident_rooms WHERE room_id = $1`,
      [this.room_id, idOf('message', sequence), emoji, actor],
    )
  }

  async #changeMessage(
    at: string,
    actor: string,
    sequence: number,
    kind: string,
    payload: Record<string, unknown>,
  ): Promise<void> {
    await this.#append(at, actor, kind, payload, idOf('message', sequence))
  }

  async #set(sequence: number, assignments: string, values: unknown[]): Promise<void> {
    await this.database.query(`UPDATE messages SET ${assignments} WHERE message_id = $1`, [
      idOf('message', sequence),
      ...values,
    ])
  }

  async #append(
    at: string,
    actor: string,
    kind: string,
    payload: Record<string, unknown>,
    message_id: string | null = null,
  ): Promise<string> {
    this.#change += 1
    const change_id = kind === 'message' ? message_id : idOf('change', this.#change)
    await this.database.query('SELECT append_revision($1, $2, $3, $4, $5, $6, $7)', [
      ...[this.room_id, kind, change_id, message_id, actor, timeOf(at), JSON.stringify(payload)],
    ])
    return change_id ?? ''
  }
}

const timeOf = (time: string): string => `2026-11-24T${time}Z`

export type Reader = { readonly user_id: string; readonly room_id?: string }

const isReader = (read: { readonly role: string | null; readonly is_admin: boolean }): boolean =>
  read.role !== null || read.is_admin

/** @throws Error for those who may not read */
export const factsFor = async (
  database: Client,
  { user_id, room_id = ROOM_ID }: Reader,
  as: ReportOptions = options(),
): Promise<ReportFacts> => {
  const read = await readReportFacts(database, { room_id, user_id, from: as.from, to: as.to })
  if (!read?.facts) throw new Error(`${user_id} may not read`)
  return read.facts
}

/** Pages as the endpoint asks for them, with the gate's answer to those who may not read. */
export const pagesFor =
  (database: Client, reader: Reader, facts: ReportFacts, as: ReportOptions) =>
  async (ask: PageAsk): Promise<Outcome<ReportPage>> => {
    const { user_id, room_id = ROOM_ID } = reader
    const { from, to } = as
    const args: ReportPageArgs = {
      ...{ ...ask, room_id, user_id, from, to },
      revision: facts.room.last_revision,
      counts: facts.counts,
    }
    const read = await readReportPage(database, args)
    if (read === null || !isReader(read) || read.page === null)
      return failure(refusal('forbidden', 'you are not a member of this room'))
    return success(read.page)
  }

export const streamFor = (
  read: (ask: PageAsk) => Promise<Outcome<ReportPage>>,
  facts: ReportFacts,
  as: ReportOptions,
): ReadableStream<Uint8Array> =>
  reportStream({ steps: reportSteps(facts, as), read, onBroken: () => {} })

export const reportFor = async (
  database: Client,
  reader: Reader,
  as: ReportOptions = options(),
): Promise<string> => {
  const facts = await factsFor(database, reader, as)
  return new Response(streamFor(pagesFor(database, reader, facts, as), facts, as)).text()
}
