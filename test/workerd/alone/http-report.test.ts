/** A room's report over REST (API-6): parameters, headers, who may read it, and how it breaks off. */
import { describe, expect, test, vi } from 'vitest'
import type { Problem } from '../../../src/protocol/errors.ts'
import {
  addMember,
  crowdInto,
  invite,
  makeAdmin,
  openRoom,
  say,
  send,
  signIn,
  type Caller,
} from '../http-client.ts'
import { timesRun } from '../support/bindings.ts'

const reportOf = (caller: Caller | undefined, room_id: string, query = ''): Promise<Response> =>
  send(`/api/rooms/${room_id}/report${query}`, {
    headers: caller === undefined ? {} : { authorization: `Bearer ${caller.token}` },
  })

const textOf = async (caller: Caller, room_id: string, query = ''): Promise<string> =>
  (await reportOf(caller, room_id, query)).text()

test('[API-6] a room is a document, the same for every reader and every time', async () => {
  const [owner, viewer] = [await signIn('mei'), await signIn('kai')]
  const { room_id } = await openRoom(owner, { title: '壓床 "4" / 停機' })
  await addMember(owner, room_id, { user_id: viewer.user_id, role: 'viewer' })
  await say(owner, room_id, '# 壓力 [4.1](https://example.com)')

  const response = await reportOf(owner, room_id, '?transcript=true')
  expect(response.status).toBe(200)
  const report = await response.text()
  expect(report).toContain('# Incident report: 壓床 "4" / 停機\n')
  expect(report).toContain(': \\# 壓力 \\[4.1\\](https\\://example\\.com)\n')
  expect(report).toMatch(/\n\*End of the report as of revision \d+: .*\.\*\n$/)
  expect(await textOf(viewer, room_id, '?transcript=true')).toBe(report)
  expect(await textOf(owner, room_id)).not.toContain('## Transcript')
  expect(await textOf(owner, room_id, '?lang=zh-TW')).toContain('# 事件報告：')
})

test('[API-6] [MSG-4] [MSG-7] [MSG-8] [MSG-9] [MSG-11] all that can become of a message is in it', async () => {
  const [owner, editor] = [await signIn('mei'), await signIn('lin')]
  const { room_id } = await openRoom(owner)
  await invite(owner, room_id, { user_id: editor.user_id, role: 'editor' })
  const first = await say(owner, room_id, 'the belt')
  const gone = await say(owner, room_id, 'a secret')
  const told = { message_type: 'incident_data', content: { temperature: 80.5 } }
  await owner.post(`/api/rooms/${room_id}/messages`, told)
  const path = `/api/rooms/${room_id}/messages/${first.message_id}`
  const put = (address: string, body: unknown) =>
    send(address, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${editor.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    })
  await owner.patch(path, { content: 'the belt is hot' })
  await owner.delete(`/api/rooms/${room_id}/messages/${gone.message_id}`)
  expect((await put(`${path}/reactions/${encodeURIComponent('👍')}`, {})).ok).toBe(true)
  expect((await put(`${path}/pin`, { event_at: '2026-11-22T17:00:00+08:00' })).ok).toBe(true)
  await owner.patch(`/api/rooms/${room_id}`, { status: 'resolved', title: 'Press 4 is back' })

  const report = await textOf(owner, room_id, '?transcript=true')
  const mark = `#${first.sequence_number}`
  const [mei, lin] = [owner.display_name, editor.display_name]
  expect(report).toContain(
    `- **${mark}** 2026-11-22 17:00:00 +08:00 ${mei}: the belt is hot *(pinned by ${lin})*\n`,
  )
  expect(report).toMatch(
    new RegExp(`\\*\\*${mark}\\*\\* .* ${mei} \\*\\(edited\\)\\*: the belt is hot · 👍 1\n`),
  )
  expect(report).toContain('*message deleted*')
  expect(report).not.toContain('secret')
  expect(report).toContain('| temperature | 1 | 80.5 (#')
  // Changes that were also said in the room have the number of what was said.
  expect(report).toMatch(/\n- \*\*#\d+\*\* .* added lin of the night shift as editor\n/)
  expect(report).toMatch(
    /\n- \*\*#\d+\*\* .* changed title to Press 4 is back, status to resolved\n/,
  )
  expect(report).toMatch(/- \*\*Duration\*\*: \d+ s\n/)
})

test('[API-6] [SEC-3] it is served as text, with a name, and may do nothing', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner, { title: '壓床 "4"\\..' })
  const { headers } = await reportOf(owner, room_id)
  expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('content-language')).toBe('en')
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; frame-ancestors 'none'; sandbox",
  )
  const name = `incident-${room_id.slice(0, 8)}-r1.md`
  const titled = encodeURIComponent('壓床-4-r1.md')
  expect(headers.get('content-disposition')).toBe(
    `inline; filename="${name}"; filename*=UTF-8''${titled}`,
  )
  const kept = await reportOf(owner, room_id, '?download=1')
  expect(kept.headers.get('content-disposition')).toMatch(/^attachment; /)
  await kept.text()
})

test('[API-6] [SEC-2] members of every role and admins read it, nobody else', async () => {
  const [owner, admin, stranger] = [await signIn(), await signIn(), await signIn()]
  await makeAdmin(admin.user_id)
  const { room_id } = await openRoom(owner)
  for (const role of ['owner', 'editor', 'viewer'] as const) {
    const member = await signIn(role)
    await addMember(owner, room_id, { user_id: member.user_id, role })
    expect(await textOf(member, room_id)).toContain('End of the report')
    await owner.delete(`/api/rooms/${room_id}/members/${member.user_id}`)
    expect((await reportOf(member, room_id)).status).toBe(403)
  }
  expect(await textOf(admin, room_id)).toContain('End of the report')

  const refused = await reportOf(stranger, room_id)
  expect(refused.status).toBe(403)
  expect(await refused.json<Problem>()).toMatchObject({ code: 'forbidden' })
  expect((await reportOf(undefined, room_id)).status).toBe(401)
  expect((await reportOf(owner, crypto.randomUUID())).status).toBe(404)
  expect((await reportOf(owner, 'no-room')).status).toBe(404)
})

test.each([
  ['time_zone', 'time_zone=Asia/Atlantis'],
  ['time_zone', 'time_zone=%2B08:00'],
  ['time_zone', 'time_zone='],
  ['time_zone', `time_zone=${'A'.repeat(100)}`],
  ['from', 'from=yesterday'],
  ['to', 'to=2026-11-24'],
  ['to', 'from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00Z'],
  ['transcript', 'transcript=yes'],
  ['lang', 'lang=fr'],
  ['download', 'download=yes'],
])('[API-6] [API-7] a bad %s is refused by name: %s', async (field, query) => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  const refused = await reportOf(owner, room_id, `?${query}`)
  expect(refused.status).toBe(400)
  expect(await refused.json<Problem>()).toMatchObject({ code: 'bad_request', field })
})

test('[API-6] times are those of the zone asked for, by default Taipei', async () => {
  const owner = await signIn()
  const { room_id } = await openRoom(owner)
  expect(await textOf(owner, room_id)).toMatch(/\*\*Opened\*\*: [\d-]+ [\d:]+ \+08:00\n/)
  expect(await textOf(owner, room_id, '?time_zone=America/Sao_Paulo')).toMatch(
    /\*\*Opened\*\*: [\d-]+ [\d:]+ -03:00\n/,
  )
})

describe('[API-6] a long report', () => {
  /** Three pages of messages. */
  const each = 600
  const patienceMs = 60_000

  const longRoom = async () => {
    const [owner, editor, reader] = [await signIn(), await signIn(), await signIn()]
    const { room_id } = await openRoom(owner)
    await addMember(owner, room_id, { user_id: editor.user_id, role: 'editor' })
    await addMember(owner, room_id, { user_id: reader.user_id, role: 'viewer' })
    await crowdInto(room_id, owner.user_id, each)
    await crowdInto(room_id, editor.user_id, each)
    return { owner, reader, room_id }
  }

  test(
    'is read from the database as its reader reads it',
    async () => {
      const { reader, room_id } = await longRoom()
      const before = await timesRun('readReportPage')
      const response = await reportOf(reader, room_id, '?transcript=true')
      const stream = response.body?.getReader()
      await stream?.read()
      expect((await timesRun('readReportPage')) - before).toBeLessThan(3)
      await stream?.cancel()
      expect((await timesRun('readReportPage')) - before).toBeLessThan(3)
      const report = await textOf(reader, room_id, '?transcript=true')
      expect(report.match(/^- \*\*#\d+\*\* /gm)?.length).toBeGreaterThanOrEqual(2 * each)
      // Four of other sections, three of the transcript.
      expect((await timesRun('readReportPage')) - before).toBeGreaterThanOrEqual(7)
    },
    patienceMs,
  )

  test(
    '[SEC-2] breaks off when its reader is removed, and does not look whole',
    async () => {
      const logged = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const { owner, reader, room_id } = await longRoom()
      const response = await reportOf(reader, room_id, '?transcript=true')
      const stream = response.body?.getReader()
      const decoder = new TextDecoder()
      let text = decoder.decode((await stream?.read())?.value)
      await owner.delete(`/api/rooms/${room_id}/members/${reader.user_id}`)
      const rest = async () => {
        for (;;) {
          const chunk = await stream?.read()
          if (chunk?.done !== false) return
          text += decoder.decode(chunk.value)
        }
      }
      await expect(rest()).rejects.toThrow()
      expect(text).toContain('# Incident report')
      expect(text).not.toContain('End of the report')
      const lines = logged.mock.calls.map(([line]) => String(line))
      expect(lines.filter((line) => line.includes('report_broke_off'))).toHaveLength(1)
      logged.mockRestore()
    },
    patienceMs,
  )
})
