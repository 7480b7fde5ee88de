/**
 * Gives terms to messages that have none: those written before there was search, or by a writer
 * that made none. Part of `npm run migrate`; with nothing to do it is one look at an empty index.
 */
import type { Client } from 'pg'
import { fileSearchVectorOf, searchVectorOf, type Said } from '../src/domain/search/terms.ts'

/** Rows per statement: some megabytes of text at most. */
const batchCount = 500

/** @returns how many messages were given terms */
export async function indexMessages(client: Client): Promise<number> {
  let total = 0
  for (;;) {
    const { rows } = await client.query<Said & { message_id: string; file_name: string | null }>(
      `SELECT m.message_id, m.message_type, m.content, m.data, f.name AS file_name
        FROM messages m LEFT JOIN files f ON f.file_id = m.file_id
        WHERE m.search IS NULL AND m.deleted_at IS NULL AND m.message_type <> 'system'
        LIMIT $1`,
      [batchCount],
    )
    if (rows.length === 0) return total
    await client.query(
      `UPDATE messages m SET search = told.search::tsvector
        FROM unnest($1::uuid[], $2::text[]) AS told (message_id, search)
        WHERE m.message_id = told.message_id AND m.search IS NULL AND m.deleted_at IS NULL`,
      [rows.map(({ message_id }) => message_id), rows.map(termsIn)],
    )
    total += rows.length
  }
}

function termsIn({ file_name, ...said }: Said & { file_name: string | null }): string {
  const words = searchVectorOf(said)
  return file_name === null ? words : `${words} ${fileSearchVectorOf(file_name)}`
}
