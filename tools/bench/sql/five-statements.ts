/**
 * A message written as an application usually writes it: an interactive transaction, one round
 * trip per statement. What the peers do, in tables of their own with nothing else in them.
 */

/** Both pg's clients and the Neon driver's have it. */
export type Queryable = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

export type NewMessage = {
  room: number
  sender_id: string
  client_message_id: string
  content: string
}

/** Safe to run again. */
export const peerTables = `
  CREATE TABLE IF NOT EXISTS peer_rooms (
    room int PRIMARY KEY,
    last_sequence bigint NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS peer_messages (
    message_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    room int NOT NULL,
    sequence_number bigint NOT NULL,
    sender_id text NOT NULL,
    client_message_id text NOT NULL,
    content text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (room, sequence_number),
    UNIQUE (room, sender_id, client_message_id)
  );`

export const addPeerRoom = 'INSERT INTO peer_rooms (room) VALUES ($1)'

/**
 * Lock, look for a repeat, insert, advance, commit: five round trips. BEGIN travels with the lock.
 * @returns the message's row; undefined for a repeat
 */
export async function writeInFiveStatements(
  client: Queryable,
  message: NewMessage,
): Promise<Record<string, unknown> | undefined> {
  const { room, sender_id, client_message_id, content } = message
  try {
    await client.query(`BEGIN; SELECT FROM peer_rooms WHERE room = ${Math.trunc(room)} FOR UPDATE`)
    const repeats = await client.query(
      `SELECT FROM peer_messages WHERE room = $1 AND sender_id = $2 AND client_message_id = $3`,
      [room, sender_id, client_message_id],
    )
    const inserted =
      repeats.rows.length > 0
        ? undefined
        : await client.query(
            `INSERT INTO peer_messages (room, sequence_number, sender_id, client_message_id, content)
             SELECT room, last_sequence + 1, $2, $3, $4 FROM peer_rooms WHERE room = $1
             RETURNING message_id, created_at, sequence_number`,
            [room, sender_id, client_message_id, content],
          )
    if (inserted !== undefined)
      await client.query(
        'UPDATE peer_rooms SET last_sequence = last_sequence + 1 WHERE room = $1',
        [room],
      )
    await client.query('COMMIT')
    return inserted?.rows[0]
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
