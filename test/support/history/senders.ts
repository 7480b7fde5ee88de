/** What each client sent and was told of it (MSG-2, MSG-3, SEQ-4, SEQ-6). */
import type { Ack } from '../../../src/protocol/message.ts'
import type { ClientHistory, Violation } from '../history.ts'
import type { MessageRow, RoomRows } from './rows.ts'

export function senderViolations(clients: readonly ClientHistory[], rows: RoomRows): Violation[] {
  const committed = new Map(
    rows.messages.map((row) => [keyOf(row.sender_id, row.client_message_id), row]),
  )
  const firstAcks = new Map<string, Ack>()
  return clients.flatMap((client) => {
    const row = (client_message_id: string) =>
      committed.get(keyOf(client.user_id, client_message_id))
    return [
      ...ackViolations(client, { row, firstAcks }),
      ...sentViolations(client, row),
      ...orderViolations(client, row),
    ]
  })
}

type FindRow = (client_message_id: string) => MessageRow | undefined

function keyOf(sender_id: string, client_message_id: string): string {
  return JSON.stringify([sender_id, client_message_id])
}

const ackFields = ['message_id', 'sequence_number', 'revision', 'created_at'] as const

/** Every ack is true, and a repeated one says the same, whichever connection asked (MSG-3). */
function ackViolations(
  client: ClientHistory,
  { row, firstAcks }: { row: FindRow; firstAcks: Map<string, Ack> },
): Violation[] {
  return client.events.flatMap((event): Violation[] => {
    if (event.type !== 'received' || event.frame.type !== 'ack') return []
    const ack = event.frame
    const what = `${client.name}: ${ack.client_message_id}`
    const key = keyOf(client.user_id, ack.client_message_id)
    const first = firstAcks.get(key)
    firstAcks.set(key, first ?? ack)
    const differing = first && ackFields.find((field) => first[field] !== ack[field])
    if (differing !== undefined) {
      const evidence = `${what} was acked with two values of ${differing}`
      return [{ kind: 'acks_differ', evidence }]
    }
    const found = row(ack.client_message_id)
    if (found === undefined)
      return [{ kind: 'lost', evidence: `${what} was acked as ${ack.sequence_number}` }]
    const wrong = ackFields.find((field) => found[field] !== ack[field])
    if (wrong === undefined) return []
    const evidence = `${what}: the ack says ${wrong} ${ack[wrong]}, the row ${found[wrong]}`
    return [{ kind: 'ack_contradicts_row', evidence }]
  })
}

/** What was sent was answered, and is in the row as it was sent. */
function sentViolations(client: ClientHistory, row: FindRow): Violation[] {
  const answered = new Set([...acked(client), ...refused(client)])
  const sent = new Map<string, string>()
  for (const event of client.events)
    if (event.type === 'sent') sent.set(event.client_message_id, event.content)
  return [...sent].flatMap(([client_message_id, content]): Violation[] => {
    const what = `${client.name}: ${client_message_id}`
    const found = row(client_message_id)
    if (found !== undefined && !found.is_changed && found.content !== content)
      return [{ kind: 'row_contradicts_sent', evidence: `${what} was committed with another text` }]
    if (client.stayed && !answered.has(client_message_id))
      return [{ kind: 'unanswered', evidence: `${what} was neither acked nor refused` }]
    return []
  })
}

/**
 * Within one connection the first attempts are numbered in order. A message that was refused once
 * has lost its place: its retry comes later. One sent again after a reconnect has not, because
 * the others were sent again behind it.
 */
function orderViolations(client: ClientHistory, row: FindRow): Violation[] {
  const lostTheirPlace = refused(client)
  let connection: number | undefined
  let previous: MessageRow | undefined
  let inConnection = new Set<string>()
  return client.events.flatMap((event): Violation[] => {
    if (event.type !== 'sent') return []
    if (event.connection !== connection) {
      connection = event.connection
      previous = undefined
      inConnection = new Set()
    }
    const { client_message_id } = event
    if (lostTheirPlace.has(client_message_id) || inConnection.has(client_message_id)) return []
    inConnection.add(client_message_id)
    const found = row(client_message_id)
    const before = previous
    previous = found ?? previous
    if (!found || !before || found.sequence_number > before.sequence_number) return []
    const numbers = `${found.sequence_number}, after ${before.sequence_number}`
    const evidence = `${client.name}, connection ${connection}: ${client_message_id} is ${numbers}`
    return [{ kind: 'send_order', evidence }]
  })
}

function acked(client: ClientHistory): Set<string> {
  return new Set(
    client.events.flatMap((event) =>
      event.type === 'received' && event.frame.type === 'ack'
        ? [event.frame.client_message_id]
        : [],
    ),
  )
}

function refused(client: ClientHistory): Set<string> {
  return new Set(
    client.events.flatMap((event) =>
      event.type === 'received' && event.frame.type === 'error' && event.frame.ref !== undefined
        ? [event.frame.ref]
        : [],
    ),
  )
}
