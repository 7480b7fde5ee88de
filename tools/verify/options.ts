/** What was asked for on the command line. */
import { parseArgs } from 'node:util'

export type Options = {
  readonly all: boolean
  readonly json: boolean
  readonly rooms: readonly string[]
  readonly receipts: readonly string[]
  readonly url: string | undefined
}

const usage =
  'Which room? npm run verify -- <room id> [postgres://…] [--all] [--json] [--receipt <text>]'

const isUrl = (text: string) => /^postgres(ql)?:\/\//.test(text)

/** @throws Error with one line that says what is missing */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      receipt: { type: 'string', multiple: true, default: [] },
    },
  })
  const rooms = positionals.filter((text) => !isUrl(text)).map((room) => room.toLowerCase())
  const wrong = rooms.find((room) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(room))
  if (wrong !== undefined) throw new Error(`"${wrong}" is no room id. ${usage}`)
  if (!values.all && rooms.length === 0 && values.receipt.length === 0) throw new Error(usage)
  return {
    all: values.all,
    json: values.json,
    rooms,
    receipts: values.receipt,
    url: positionals.find(isUrl) ?? (process.env['DATABASE_URL'] || undefined),
  }
}
