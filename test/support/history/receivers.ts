/**
 * What each client heard: every revision once and in order from where it came in, across all its
 * connections, and nothing that Postgres does not have (CONN-4, CONN-5, MSG-2).
 */
import type { Snapshot } from '../../../src/protocol/connection.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import type { Message } from '../../../src/protocol/message.ts'
import type { ClientHistory, Violation } from '../history.ts'
import type { MessageRow, RoomRows } from './rows.ts'

export function receiverViolations(clients: readonly ClientHistory[], rows: RoomRows): Violation[] {
  const content = new ContentCheck(rows)
  return clients.flatMap((client) => {
    const receiver = new Receiver(client.name, content)
    for (const event of client.events) {
      if (event.type === 'connected') receiver.connected(event)
      else if (event.type === 'received') receiver.received(event.frame)
    }
    receiver.ended(client.stayed ? rows.last_revision : undefined)
    return receiver.violations
  })
}

/** One client's place in the room's revisions. */
class Receiver {
  readonly violations: Violation[] = []
  readonly #name: string
  readonly #content: ContentCheck
  #connection = 0
  /** The highest revision heard; undefined until the client knows where it came in. */
  #position: number | undefined
  /** Skipped, and perhaps still on the way. */
  readonly #missing = new Set<number>()

  constructor(name: string, content: ContentCheck) {
    this.#name = name
    this.#content = content
  }

  connected(event: { connection: number; since_revision: number | undefined }): void {
    this.#reportMissing()
    this.#connection = event.connection
    this.#position = event.since_revision
  }

  received(frame: DownFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#position ??= frame.last_revision
        return
      case 'resumed':
        if (frame.recovered) this.#resumed(frame)
        return
      case 'snapshot':
        this.#missing.clear()
        this.#position = frame.revision
        for (const message of frame.messages) this.#add(this.#content.message(message))
        this.#add(this.#content.snapshot(frame))
        return
      default:
        if (!('revision' in frame) || frame.type === 'ack') return
        this.#advance(frame.revision)
        this.#add(this.#content.frame(frame))
    }
  }

  /** @param last_revision what it must have heard in the end; undefined: it left before. */
  ended(last_revision: number | undefined): void {
    this.#reportMissing()
    if (last_revision !== undefined && this.#position !== last_revision)
      this.#report('gap', `heard up to ${this.#position}, the room is at ${last_revision}`)
  }

  #advance(revision: number): void {
    const position = this.#position ?? revision - 1
    if (revision > position) {
      for (let missed = position + 1; missed < revision; missed += 1) this.#missing.add(missed)
      this.#position = revision
    } else if (this.#missing.delete(revision)) {
      this.#report('reorder', `revision ${revision} came after ${position}`)
    } else {
      this.#report('duplicate', `revision ${revision} came again, after ${position}`)
    }
  }

  /** Everything that was missed must have come before this frame. */
  #resumed(frame: { from_revision: number; to_revision: number }): void {
    const { from_revision, to_revision } = frame
    const missing = [...this.#missing].filter((revision) => revision <= to_revision)
    const reached = this.#position ?? from_revision
    if (missing.length === 0 && reached === to_revision) return
    for (const revision of missing) this.#missing.delete(revision)
    this.#report(
      'incomplete_resume',
      `asked from ${from_revision} to ${to_revision}, heard up to ${reached}` +
        (missing.length === 0 ? '' : ` without ${missing.join(', ')}`),
    )
    this.#position = Math.max(reached, to_revision)
  }

  #reportMissing(): void {
    if (this.#missing.size > 0)
      this.#report('gap', `never heard ${[...this.#missing].slice(0, 10).join(', ')}`)
    this.#missing.clear()
  }

  #report(kind: Violation['kind'], evidence: string): void {
    this.#add({ kind, evidence })
  }

  #add(violation: Violation | undefined): void {
    if (violation === undefined) return
    const evidence = `${this.#name}, connection ${this.#connection}: ${violation.evidence}`
    this.violations.push({ ...violation, evidence })
  }
}

/** Whether what was heard is what was committed. Clients share decoded frames: each once. */
class ContentCheck {
  readonly #messages: ReadonlyMap<string, MessageRow>
  readonly #kinds: ReadonlyMap<number, string>
  readonly #checked = new WeakMap<object, Violation | null>()

  constructor(rows: RoomRows) {
    this.#messages = new Map(rows.messages.map((row) => [row.message_id, row]))
    this.#kinds = new Map(rows.revisions.map((row) => [row.revision, row.kind]))
  }

  frame(frame: DownFrame & { revision: number }): Violation | undefined {
    if (frame.type === 'message') return this.message(frame.message)
    const kind = this.#kinds.get(frame.revision)
    const told = 'event' in frame ? frame.event : frame.type
    if (kind === told) return undefined
    if (kind === undefined)
      return { kind: 'uncommitted', evidence: `revision ${frame.revision} was never committed` }
    const evidence = `revision ${frame.revision} was told as ${told} and is ${kind}`
    return { kind: 'frame_contradicts_row', evidence }
  }

  message(message: Message): Violation | undefined {
    const known = this.#checked.get(message)
    if (known !== undefined) return known ?? undefined
    const violation = this.#compare(message)
    this.#checked.set(message, violation ?? null)
    return violation
  }

  /** The newest messages as of its revision, newest first, none left out. */
  snapshot({ revision, messages }: Snapshot): Violation | undefined {
    const told = messages.map((message) => message.sequence_number)
    const committed = [...this.#messages.values()]
      .filter((row) => row.revision <= revision)
      .map((row) => row.sequence_number)
      .toSorted((one, other) => other - one)
    const isEmpty = told.length === 0 && committed.length > 0
    if (!isEmpty && told.every((sequence, index) => sequence === committed[index])) return undefined
    const evidence = `the snapshot at ${revision} has ${told.slice(0, 5).join(', ')} …`
    return { kind: 'incomplete_resume', evidence }
  }

  #compare(message: Message): Violation | undefined {
    const row = this.#messages.get(message.message_id)
    const what = `message ${message.sequence_number} (${message.message_id})`
    if (row === undefined) return { kind: 'uncommitted', evidence: `${what} was never committed` }
    const wrong = (
      ['sequence_number', 'revision', 'sender_id', 'client_message_id', 'created_at'] as const
    ).find((field) => row[field] !== message[field])
    const field =
      wrong ?? (row.is_changed || row.content === message.content ? undefined : 'content')
    if (field === undefined) return undefined
    return { kind: 'frame_contradicts_row', evidence: `${what}: the row has another ${field}` }
  }
}
