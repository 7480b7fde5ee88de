/**
 * `npm run restore`: a room out of the file that `npm run backup` made, into a database that does not
 * have it. All of it in one transaction, and only if its hash chain proves it; nothing is overwritten.
 *
 *   npm run restore -- --file <file>                   into the local database of DATA_DIR
 *   npm run restore -- --file <file> postgres://…      or with DATABASE_URL set
 *     --receipt <text>   from GET …/verify: the record must contain it; may be repeated
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { restoreArchive } from './archive/restore.ts'
import { withSession } from './archive/session.ts'
import { oneLine } from './one-line.ts'
import { findDatabase } from './verify/database.ts'
import { readReceipts } from './verify/receipts.ts'
import { lineOf } from './verify/report.ts'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      receipt: { type: 'string', multiple: true, default: [] },
    },
  })
  if (!values.file) throw new Error('Which archive? npm run restore -- --file <file>')
  const file = resolve(values.file)
  const database = await findDatabase(positionals[0] ?? (process.env['DATABASE_URL'] || undefined))
  try {
    const receipts = await readReceipts(values.receipt, database.secret)
    const { room_id, verdict } = await withSession(database.url, (client) =>
      restoreArchive(client, { file, receipts }),
    )
    const ours = receipts.filter((receipt) => receipt.room_id === room_id)
    console.log(lineOf({ room_id, receipts: ours, ...verdict }))
  } finally {
    await database.release()
  }
}

try {
  await main()
} catch (error) {
  console.error(oneLine(error))
  process.exitCode = 1
}
