/** A room as a document: the report in Markdown (API-6), written while it is read. */
import type { ReportFacts, ReportOptions } from '../domain/report/facts.ts'
import { plainFileName, titledFileName } from '../domain/report/file-name.ts'
import type { PageAsk, ReportPage } from '../domain/report/page.ts'
import { reportSteps } from '../domain/report/report.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { log } from '../telemetry/log.ts'
import type { HttpContext } from './context.ts'
import { cast } from './documented-cast.ts'
import { identify, type Endpoint } from './endpoint.ts'
import { RoomParams } from './params.ts'
import { parse } from './parse.ts'
import { refuse } from './refuse.ts'
import { ReportQuery, reportOptionsOf } from './report-query.ts'
import { PageRefused, reportStream } from './report-stream.ts'
import { readable } from './room-access.ts'

const run = async (context: HttpContext): Promise<Response> => {
  const caller = await identify(context)
  if (!caller.ok) return refuse(context, caller.refusal)
  const params = parse(RoomParams, context.req.param())
  if (!params.ok) return refuse(context, refusal('not_found', 'no such room'))
  const query = parse(ReportQuery, context.req.query())
  if (!query.ok) return refuse(context, query.refusal, { field: query.field })

  const options = reportOptionsOf(query.value)
  const reading: Reading = {
    context,
    options,
    room_id: params.value.room_id,
    user_id: caller.value.user_id,
  }
  const facts = await readFacts(reading)
  if (!facts.ok) return refuse(context, facts.refusal)
  const body = reportStream({
    steps: reportSteps(facts.value, options),
    read: (ask) => readPage(reading, facts.value, ask),
    onBroken: (error) => logBroken(reading, error),
  })
  return context.body(body, 200, headersOf(facts.value, query.value))
}

type Reading = {
  readonly context: HttpContext
  readonly options: ReportOptions
  readonly room_id: string
  readonly user_id: string
}

const readFacts = async (reading: Reading): Promise<Outcome<ReportFacts>> => {
  const { context, room_id, user_id, options } = reading
  const { from, to } = options
  const args = { room_id, user_id, from, to }
  const seen = readable(await askDatabase(context.env, room_id, 'readReportFacts', args))
  if (!seen.ok) return seen
  return seen.value.facts === null ? failure(nothingRead) : success(seen.value.facts)
}

/** The gate is asked with every page: who is removed gets no further one. */
const readPage = async (
  reading: Reading,
  { room, counts }: ReportFacts,
  ask: PageAsk,
): Promise<Outcome<ReportPage>> => {
  const { context, room_id, user_id, options } = reading
  const { from, to } = options
  const args = { ...ask, room_id, user_id, from, to, revision: room.last_revision, counts }
  const seen = readable(await askDatabase(context.env, room_id, 'readReportPage', args))
  if (!seen.ok) return seen
  return seen.value.page === null ? failure(nothingRead) : success(seen.value.page)
}

/** The gate and the statement disagree. */
const nothingRead = refusal('internal', 'the report cannot be read')

/** The status was sent long ago, so this is all that those who run Muster see of it. */
const logBroken = ({ context, room_id }: Reading, error: unknown): void => {
  const line = { request_id: context.get('request_id'), room_id }
  if (error instanceof PageRefused)
    log.warn('report_broke_off', { ...line, code: error.refusal.code })
  else log.error('report_broke_off', { ...line, stack: error instanceof Error ? error.stack : '' })
}

const headersOf = (
  { room }: ReportFacts,
  { lang, download }: ReportQuery,
): Record<string, string> => {
  const { room_id, title, last_revision } = room
  const kind = download === undefined ? 'inline' : 'attachment'
  const plain = plainFileName(room_id, last_revision)
  const titled = encodeURIComponent(titledFileName(title, room_id, last_revision))
  return {
    'content-type': 'text/markdown; charset=utf-8',
    'content-disposition': `${kind}; filename="${plain}"; filename*=UTF-8''${titled}`,
    'content-language': lang,
    // Should a browser show it as anything but text, it may do nothing.
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  }
}

/** How one may begin. */
const beginning = `# Incident report: Press 4 stopped\n\nRoom \`${cast.room_id}\` as of revision 25`

const report: Endpoint = {
  method: 'get',
  path: '/api/rooms/{room_id}/report',
  tag: 'rooms',
  summary: 'Report of the incident',
  description:
    'Markdown as of one revision, which it names with its hash: summary, people, timeline, ' +
    'readings, attachments and, if asked for, the transcript. Every line that comes from a ' +
    'message has its `#sequence`. `from` belongs to the range, `to` does not; messages count by ' +
    'when they were said, pins by their event time. The same question about the same revision ' +
    'has the same answer. It is streamed: where it cannot be finished, because the reader was ' +
    'removed or the database fails, the connection is broken off. A whole report ends with a ' +
    'line of totals.',
  is_public: false,
  params: RoomParams,
  query: ReportQuery,
  success: {
    status: 200,
    description: 'The report',
    content: {
      'text/markdown': {
        schema: { type: 'string' },
        examples: { example: { value: beginning } },
      },
    },
  },
  refuses: ['bad_request', 'forbidden', 'not_found', 'database_busy'],
  run,
}

export const reportEndpoints: readonly Endpoint[] = [report]
