/** The tables of one shard of the buffer, and how they are read. */

/** The body comes last: what is before it is read without it. */
const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY,
    tracking_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sender_id TEXT NOT NULL,
    recipient_type TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    destination TEXT NOT NULL,
    queue INTEGER NOT NULL,
    level INTEGER NOT NULL,
    idempotency_key TEXT,
    request_id TEXT NOT NULL,
    request_place INTEGER NOT NULL,
    digest INTEGER,
    bytes INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    accepted_at INTEGER NOT NULL,
    validated_at INTEGER,
    finished_at INTEGER,
    next_attempt_at INTEGER,
    reason_code TEXT,
    reason_message TEXT,
    message_id TEXT,
    sequence_number INTEGER,
    revision INTEGER,
    provider_id TEXT,
    body TEXT
  );
  -- What has yet to leave, in its order; holds all that is asked of a row before it is taken.
  CREATE INDEX IF NOT EXISTS waiting ON messages (destination, level, seq, queue, bytes, epoch, accepted_at)
    WHERE finished_at IS NULL;
  CREATE UNIQUE INDEX IF NOT EXISTS idempotency
    ON messages (sender_id, recipient_type, recipient_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS senders ON messages (sender_id, seq);
  -- What senders have yet to be told: numbers, and which of theirs did not arrive.
  CREATE TABLE IF NOT EXISTS telling (
    sender_id TEXT PRIMARY KEY,
    committed INTEGER NOT NULL,
    delivered INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS untold (
    id INTEGER PRIMARY KEY,
    sender_id TEXT NOT NULL,
    seq INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS untold_senders ON untold (sender_id, id);`

export const createTables = (sql: SqlStorage): void => {
  sql.exec(schema)
}

/** All rows that a statement gives, of a shape that the caller knows. */
export const all = <Row>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): Row[] =>
  sql.exec(query, ...values).toArray() as Row[]

export const first = <Row>(
  sql: SqlStorage,
  query: string,
  ...values: SqlStorageValue[]
): Row | undefined => all<Row>(sql, query, ...values)[0]
