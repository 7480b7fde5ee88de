/**
 * `npm run verify`: proves records straight from Postgres (API-9). It trusts neither the server nor
 * any function stored in the database: it reads rows and recomputes everything here.
 *
 *   npm run verify -- <room> [<room> …]     of the local database of DATA_DIR, running or not
 *   npm run verify -- --all postgres://…    or with DATABASE_URL set
 *     --receipt <text>   from GET …/verify: the record must still contain it; may be repeated
 *     --json             one object a room instead of one line
 *
 * Exit code 0: all of them are whole. 1: one is not, or could not be read.
 */
import { oneLine } from './one-line.ts'
import { findDatabase } from './verify/database.ts'
import { readOptions } from './verify/options.ts'
import { readReceipts } from './verify/receipts.ts'
import { jsonOf, lineOf } from './verify/report.ts'
import { openRecords } from './verify/records.ts'

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  const database = await findDatabase(options.url)
  try {
    const receipts = await readReceipts(options.receipts, database.secret)
    const records = await openRecords(database.url)
    try {
      const rooms = options.all
        ? records.rooms()
        : new Set([...options.rooms, ...receipts.map(({ room_id }) => room_id)])
      let damaged = 0
      for await (const room_id of rooms) {
        const ours = receipts.filter((receipt) => receipt.room_id === room_id)
        const report = { room_id, receipts: ours, ...(await records.verify(room_id, ours)) }
        if (report.first_problem) damaged += 1
        console.log(options.json ? jsonOf(report) : lineOf(report))
      }
      return damaged === 0 ? 0 : 1
    } finally {
      await records.close()
    }
  } finally {
    await database.release()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(oneLine(error))
  process.exitCode = 1
}
