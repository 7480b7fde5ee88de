import { expect, test } from 'vitest'
import { connectionView } from '../../../web/src/room/connection-view.ts'

const live = { kind: 'live' } as const

test('[LIM-3] read-only while the server is there without its database', () => {
  expect(connectionView({ connection: live, hindrance: undefined })).toBe('live')
  expect(connectionView({ connection: live, hindrance: 'unavailable' })).toBe('read_only')
  expect(connectionView({ connection: live, hindrance: 'database_busy' })).toBe('live')
})

const view = (kind: 'offline' | 'connecting' | 'signed_out') =>
  connectionView({ connection: { kind }, hindrance: undefined })

test('[WEB-3] what ended for good shows no more than that there is nothing live', () => {
  expect(view('offline')).toBe('offline')
  expect(view('connecting')).toBe('connecting')
  expect(view('signed_out')).toBe('offline')
})
