/**
 * A room prepared for one question of the access matrix: may this person do this here? Each
 * question has a room of its own, because an answer may change it.
 */
import type { Message } from '../../../src/protocol/message.ts'
import { addMember, makeAdmin, openRoom, say, send, signIn, type Caller } from '../http-client.ts'
import { inSession } from './sql.ts'

/** What somebody can be to a room. `admin` is no member; `removed` was one until a moment ago. */
export const standings = ['owner', 'editor', 'viewer', 'admin', 'removed', 'stranger'] as const
export type StandingName = (typeof standings)[number]

export type AccessWorld = {
  readonly room_id: string
  /** Who opened the room. */
  readonly host: Caller
  /** Who asks. */
  readonly caller: Caller
  /** A member whom others may want to change. */
  readonly target: Caller
  /** A message of the host, pinned and with a reaction. */
  readonly theirs: Message
  /** A message of the caller from when they might write; a stranger has none and names the host's. */
  readonly mine: Message
  /** A file that the host said in the room. */
  readonly file_id: string
  /** An upload of the caller that no message refers to yet; of the host for a stranger. */
  readonly upload_id: string
}

export const accessWorld = async (standing: StandingName): Promise<AccessWorld> => {
  const [host, caller, target] = await Promise.all([
    signIn('host'),
    signIn(standing),
    signIn('target'),
  ])
  const { room_id } = await openRoom(host, { title: 'Press 4' })
  await addMember(host, room_id, { user_id: target.user_id, role: 'editor' })
  if (standing === 'admin') await makeAdmin(caller.user_id)
  const isMember = standing !== 'admin' && standing !== 'stranger'
  if (isMember) {
    const role = standing === 'owner' ? 'owner' : 'editor'
    await addMember(host, room_id, { user_id: caller.user_id, role })
  }
  const theirs = await say(host, room_id, 'said by the host')
  const path = `/api/rooms/${room_id}/messages/${theirs.message_id}`
  await host.put(`${path}/pin`, {})
  await host.put(`${path}/reactions/${encodeURIComponent('🎉')}`)
  const mine = standing === 'stranger' ? theirs : await say(caller, room_id, 'said by the caller')
  const file_id = await uploadBy(host, room_id)
  await host.post(`/api/rooms/${room_id}/messages`, {
    ...{ message_type: 'file_ref', content: 'the log', file_id },
  })
  const upload_id = await uploadBy(standing === 'stranger' ? host : caller, room_id)
  const member = `/api/rooms/${room_id}/members/${encodeURIComponent(caller.user_id)}`
  if (standing === 'viewer') await host.patch(member, { role: 'viewer' })
  if (standing === 'removed') await host.delete(member)
  return { room_id, host, caller, target, theirs, mine, file_id, upload_id }
}

const uploadBy = async (sender: Caller, room_id: string): Promise<string> => {
  const response = await upload(sender, room_id)
  if (response.status !== 201) throw new Error(`no upload: ${response.status}`)
  return (await response.json<{ file_id: string }>()).file_id
}

export const upload = (sender: Caller, room_id: string): Promise<Response> => {
  const form = new FormData()
  form.append('file', new File(['a line of the log\n'], 'press-4.txt', { type: 'text/plain' }))
  return send(`/api/rooms/${room_id}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sender.token}` },
    body: form,
  })
}

/** Where the room stands: a refusal leaves it there. */
export const lastRevision = (room_id: string): Promise<number> =>
  inSession(async (client) => {
    const { rows } = await client.query<{ last_revision: string }>(
      'SELECT last_revision FROM incident_rooms WHERE room_id = $1',
      [room_id],
    )
    return Number(rows[0]?.last_revision)
  })

/** How far somebody has read; undefined for one who is no member. */
export const readMark = (room_id: string, user_id: string): Promise<number | undefined> =>
  inSession(async (client) => {
    const { rows } = await client.query<{ read_sequence: string }>(
      'SELECT read_sequence FROM room_members WHERE room_id = $1 AND user_id = $2',
      [room_id, user_id],
    )
    return rows[0] && Number(rows[0].read_sequence)
  })
