/** Files: uploading to a room, and reading, which asks each time whether one may (API-5). */
import { uuidv7 } from 'uuidv7'
import * as z from 'zod/mini'
import { matchesTag, rangeOf } from '../domain/file/range.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { openStore, unavailable } from '../files/store.ts'
import { receiveUpload } from '../files/upload.ts'
import { refusal } from '../protocol/errors.ts'
import { UploadedFile } from '../protocol/file.ts'
import { FILE_MAX_BYTES } from '../protocol/limits.ts'
import { text } from '../protocol/scalars.ts'
import { log } from '../telemetry/log.ts'
import { declaredBytes } from './body-chunks.ts'
import { budgetHeaders } from './budget-headers.ts'
import type { HttpContext } from './context.ts'
import { identify, type Endpoint } from './endpoint.ts'
import { fileHeaders, rangeHeaders, tagOf } from './file-answer.ts'
import { FileParams, RoomParams } from './params.ts'
import { parse } from './parse.ts'
import { refusedUnpaid } from './purse.ts'
import { refuse } from './refuse.ts'
import { readable } from './room-access.ts'
import { uploadPieces } from './upload-body.ts'

/** Names are cleaned, not refused; this only bounds what is looked at. */
const UploadQuery = z.object({
  name: z
    .optional(text(1, 4_000))
    .check(z.describe('The name of the file, where the body is the file itself.')),
})

const upload = async (context: HttpContext): Promise<Response> => {
  const caller = await identify(context)
  if (!caller.ok) return refuse(context, caller.refusal)
  const params = RoomParams.safeParse(context.req.param())
  if (!params.success) return refuse(context, refusal('not_found', 'no such room'))
  const query = parse(UploadQuery, context.req.query())
  if (!query.ok) return refuse(context, query.refusal, { field: query.field })
  const unpaid = await refusedUnpaid(context, caller.value.user_id)
  if (unpaid) return unpaid
  const request = context.req.raw
  const received = await receiveUpload(context.env, {
    file_id: uuidv7(),
    room_id: params.data.room_id,
    user_id: caller.value.user_id,
    declared_bytes: declaredBytes(request),
    pieces: () => uploadPieces(request, query.value.name),
  })
  return received.ok
    ? context.body(JSON.stringify(received.value), 201, {
        'content-type': 'application/json',
        ...budgetHeaders(context),
      })
    : refuse(context, received.refusal, { field: received.field })
}

const read = async (context: HttpContext): Promise<Response> => {
  const caller = await identify(context)
  if (!caller.ok) return refuse(context, caller.refusal)
  const { user_id } = caller.value
  const params = FileParams.safeParse(context.req.param())
  if (!params.success) return refuse(context, noSuchFile)
  const { file_id } = params.data
  const args = { file_id, user_id }
  const seen = readable(await askDatabase(context.env, user_id, 'readFile', args), 'file')
  if (!seen.ok) return refuse(context, seen.refusal)
  if (!seen.value.is_shown) return refuse(context, noSuchFile)
  const { size } = seen.value
  const headers = fileHeaders(file_id, seen.value)

  if (matchesTag(context.req.header('if-none-match'), tagOf(file_id)))
    return context.body(null, 304, headers)
  const range = rangeOf(rangeHeader(context, file_id), size)
  if (range === 'unsatisfiable') {
    const refused = refusal('bad_request', `the file has ${size} bytes`)
    return refuse(context, refused, {
      status: 416,
      headers: { 'content-range': `bytes */${size}` },
    })
  }
  const status = range === 'whole' ? 200 : 206
  const allHeaders = { ...headers, ...rangeHeaders(range, size) }
  if (context.req.method === 'HEAD') return context.body(null, status, allHeaders)
  const store = openStore(context.env)
  if (store === undefined) return refuse(context, unavailable)
  const body = await store.read(file_id, range)
  if (!body.ok) return refuse(context, body.refusal)
  if (body.value === null) {
    log.error('file_without_bytes', { file_id })
    return refuse(context, noSuchFile)
  }
  return context.body(body.value, status, allHeaders)
}

const noSuchFile = refusal('not_found', 'no such file')

/** With `if-range`, a part is wanted only of the very same file. */
const rangeHeader = (context: HttpContext, file_id: string): string | undefined => {
  const condition = context.req.header('if-range')
  const isSame = condition === undefined || condition.trim() === tagOf(file_id)
  return isSame ? context.req.header('range') : undefined
}

const binary = { schema: { type: 'string', format: 'binary' } }

const uploading: Endpoint = {
  method: 'post',
  path: '/api/rooms/{room_id}/files',
  tag: 'files',
  summary: 'Upload a file',
  description:
    `Up to ${FILE_MAX_BYTES} bytes, as the field \`file\` of a form, or as the body itself with ` +
    '`?name=`. What it is, is found in its bytes. A message then refers to `file_id`; what none ' +
    'refers to within a day is removed.',
  is_public: false,
  params: RoomParams,
  query: UploadQuery,
  requestContent: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        properties: { file: { type: 'string', format: 'binary' } },
      },
    },
    'application/octet-stream': binary,
  },
  is_paid: true,
  success: { status: 201, description: 'The file', schema: UploadedFile },
  refuses: ['bad_request', 'forbidden', 'not_found', 'too_large', 'database_busy'],
  run: upload,
}

const reading: Endpoint = {
  method: 'get',
  path: '/api/files/{file_id}',
  tag: 'files',
  summary: 'Read a file',
  description:
    'For members of its room, as of now. Takes one `range`, `if-range` and `if-none-match`; `HEAD` ' +
    'tells the same without the bytes. Pictures come `inline`, all else as an attachment.',
  is_public: false,
  params: FileParams,
  headers: z.object({
    range: z.optional(z.string()),
    'if-range': z.optional(z.string()),
    'if-none-match': z.optional(z.string()),
  }),
  success: { status: 200, description: 'The bytes', content: { '*/*': binary } },
  others: {
    206: { description: 'The part that was asked for', content: { '*/*': binary } },
    304: { description: 'The caller has it already' },
    416: {
      description: 'The file has no such part',
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    },
  },
  refuses: ['forbidden', 'not_found', 'database_busy'],
  run: read,
}

export const fileEndpoints: readonly Endpoint[] = [uploading, reading]
