/** The access matrix: every cell of the table, at every door, and no door without its row (R8). */
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { endpoints } from '../../src/http/endpoints.ts'
import { InboxUpFrame } from '../../src/protocol/inbox.ts'
import { UpFrame } from '../../src/protocol/up.ts'
import { frameNames } from '../unit/protocol/schema-names.ts'
import type { Caller } from './http-client.ts'
import {
  doorsWithoutAccess,
  framesWithoutAccess,
  matrix,
  type Row,
} from './support/access-matrix.ts'
import { accessWorld, lastRevision, standings, type AccessWorld } from './support/access-world.ts'

z.config(z.locales.en())

describe('[SEC-2] the table is whole', () => {
  test('every REST operation has a row, or is about no room', () => {
    const doors = new Set([...matrix.map(({ door }) => door), ...doorsWithoutAccess])
    const operations = endpoints.map(({ method, path }) => `${method} ${path}`)
    expect(operations.filter((operation) => !doors.has(operation))).toEqual([])
  })

  test('every frame of both sockets has a row, or asks for nothing that could be refused', () => {
    const doors = new Set([...matrix.map(({ door }) => door), ...framesWithoutAccess])
    const inboxFrames = frameNames(InboxUpFrame).filter(
      (name) => !framesWithoutAccess.includes(name),
    )
    const frames = [...frameNames(UpFrame), ...inboxFrames.map((name) => `${name} (inbox)`)]
    expect(frames.filter((name) => !doors.has(name))).toEqual([])
  })

  test('no cell is empty', () => {
    for (const { cells } of matrix)
      expect(Object.keys(cells).toSorted()).toEqual([...standings].toSorted())
  })
})

describe.each(standings)('%s', (standing) => {
  // What may change the room has one of its own; all that only looks shares one.
  let shared: Promise<AccessWorld> | undefined
  const worldFor = (row: Row) =>
    row.writes === true ? accessWorld(standing) : (shared ??= accessWorld(standing))

  test.each(matrix.map((row) => [`${row.action}: ${row.door}`, row] as const))(
    '[SEC-2] %s',
    async (_, row) => {
      const world = await worldFor(row)
      const before = await lastRevision(world.room_id)
      expect(await row.ask(world)).toBe(row.cells[standing])
      const after = await lastRevision(world.room_id)
      if (row.writes === true && row.cells[standing] === 'yes')
        expect(after).toBeGreaterThan(before)
      else expect(after).toBe(before)
    },
  )

  test('[SEC-2] [API-2] [API-3] [INBOX-1] lists over rooms show this one to its members alone', async () => {
    const { caller, room_id, host } = await accessWorld(standing)
    await host.post(`/api/rooms/${room_id}/messages`, {
      ...{ content: 'said to the caller', mentions: [caller.user_id] },
    })
    const isMember = ['owner', 'editor', 'viewer'].includes(standing)
    for (const path of ['/api/rooms', '/api/messages/search?q=said', '/api/inbox'])
      expect(await shows(caller, path, room_id), path).toBe(isMember)
    expect(await shows(caller, '/api/messages/mentions', room_id)).toBe(isMember)
  })
})

const shows = async (caller: Caller, path: string, room_id: string): Promise<boolean> => {
  const { status, body } = await caller.get(path)
  expect(status).toBe(200)
  return JSON.stringify(body).includes(room_id)
}
