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
 * Begin, lock, insert unless it is a repeat, advance, commit.
 * @returns the message's row; undefined for a repeat
 */
export async function writeInFiveStatements(
  client: Queryable,
  message: NewMessage,
): Promise<Record<string, unknown> | undefined> {
  const { room, sender_id, client_message_id, content } = message
  await client.query('BEGIN')
  try {
    const locked = await client.query(
      'SELECT last_sequence FROM peer_rooms WHERE room = $1 FOR UPDATE',
      [room],
    )
    const sequence = Number(locked.rows[0]?.['last_sequence']) + 1
    const inserted = await client.query(
      `INSERT INTO peer_messages (room, sequence_number, sender_id, client_message_id, content)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (room, sender_id, client_message_id) DO NOTHING
       RETURNING message_id, created_at, sequence_number`,
      [room, sequence, sender_id, client_message_id, content],
    )
    const [row] = inserted.rows
    if (row !== undefined)
      await client.query('UPDATE peer_rooms SET last_sequence = $2 WHERE room = $1', [
        room,
        sequence,
      ])
    await client.query('COMMIT')
    return row
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
