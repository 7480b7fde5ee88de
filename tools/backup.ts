/**
 * `npm run backup`: one room with its whole record into one file, in one snapshot, while Muster runs.
 *
 *   npm run backup -- --room <id> --out <file>                  of the local database of DATA_DIR
 *   npm run backup -- --room <id> --out <file> postgres://…     or with DATABASE_URL set
 *
 * The bytes of its files are in R2 and not in it; the last lines say how to fetch them. Exit code 1:
 * nothing was written, or the record is damaged and was written as it is.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { damageLine } from '../src/domain/proof/damage.ts'
import { withSession } from './archive/session.ts'
import { writeArchive } from './archive/write.ts'
import { oneLine } from './one-line.ts'
import { findDatabase } from './verify/database.ts'

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { room: { type: 'string' }, out: { type: 'string' } },
  })
  const { room, out } = values
  if (!room || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(room) || !out)
    throw new Error('Which room, and where to? npm run backup -- --room <id> --out <file>')
  const database = await findDatabase(positionals[0] ?? (process.env['DATABASE_URL'] || undefined))
  try {
    const room_id = room.toLowerCase()
    const given = { room_id, file: resolve(out), made_at: new Date().toISOString() }
    const { verdict, rows } = await withSession(database.url, (client) =>
      writeArchive(client, given),
    )
    const { first_problem, head, messages } = verdict
    const counts = `${head.revision} revisions, ${messages} messages, head ${head.hash}`
    console.log(`${room_id} is in ${out}: ${counts}`)
    if (first_problem) console.error(`It is DAMAGED there too: ${damageLine(first_problem)}`)
    if ((rows['files'] ?? 0) > 0)
      console.log(
        `The bytes of its ${rows['files']} files are not in it, but in R2 as files/<file_id>: docs/operations.md#files-of-a-room`,
      )
    return first_problem ? 1 : 0
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
