/**
 * The SQLite of what was sampled: every five seconds for an hour, every minute for a day, and what
 * each collector held when it was last asked. Nothing here waits.
 */
import { merged, type Sample, type Totals } from '../domain/watch/sample.ts'
import { watchLimits as limits } from '../domain/watch/limits.ts'
import { readSample, storedSample } from '../domain/watch/stored-sample.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS fine_samples (at INTEGER PRIMARY KEY, sample TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS coarse_samples (at INTEGER PRIMARY KEY, sample TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS collectors (
    shard INTEGER PRIMARY KEY,
    asked_at INTEGER NOT NULL,
    totals TEXT NOT NULL
  );`

type Row = { readonly at: number; readonly sample: string }
type Table = 'fine_samples' | 'coarse_samples'

export type KnownCollector = { readonly asked_at: number; readonly totals: Totals }

export class SampleStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(schema)
  }

  /** One more of the same instant is added to it. Whole minutes are summed up, old rows go. */
  keep(sample: Sample): void {
    const before = this.#read('fine_samples', sample.at - 1, sample.at)
    this.#write('fine_samples', merged([...before, sample]) ?? sample)
    this.#sumUp(sample.at)
    this.#prune('fine_samples', sample.at - limits.fine_kept_ms)
    this.#prune('coarse_samples', sample.at - limits.coarse_kept_ms)
  }

  /** Those whose end is after `after` and not after `until`, ascending; in full detail. */
  fine(after: number, until: number): Sample[] {
    return this.#read('fine_samples', after, until)
  }

  /** Minutes, and behind the last of them what is known in full detail. */
  coarse(after: number, until: number): Sample[] {
    const minutes = this.#read('coarse_samples', after, until)
    return [...minutes, ...this.#read('fine_samples', minutes.at(-1)?.at ?? after, until)]
  }

  newestAt(): number | undefined {
    return this.#newestAt('fine_samples')
  }

  /** What collectors held when they were last asked, by shard. */
  collectors(): Map<number, KnownCollector> {
    const rows = this.#sql
      .exec<{ shard: number; asked_at: number; totals: string }>('SELECT * FROM collectors')
      .toArray()
    return new Map(
      rows.map(({ shard, asked_at, totals }) => [
        shard,
        { asked_at, totals: JSON.parse(totals) as Totals },
      ]),
    )
  }

  keepCollector(shard: number, { asked_at, totals }: KnownCollector): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO collectors (shard, asked_at, totals) VALUES (?, ?, ?)',
      ...[shard, asked_at, JSON.stringify(totals)],
    )
  }

  /** Nothing was counted until now: what they say next began here. */
  collectorsRestedUntil(now: number): void {
    this.#sql.exec('UPDATE collectors SET asked_at = ?', now)
  }

  /** Each minute that is over, once. */
  #sumUp(at: number): void {
    const begun = Math.floor(at / limits.coarse_ms) * limits.coarse_ms
    const done = this.#newestAt('coarse_samples') ?? 0
    if (done >= begun) return
    const minutes = Map.groupBy(
      this.fine(done, begun),
      (sample) => Math.ceil(sample.at / limits.coarse_ms) * limits.coarse_ms,
    )
    for (const [end, samples] of minutes) {
      const minute = merged(samples)
      if (minute) this.#write('coarse_samples', { ...minute, at: end })
    }
  }

  #newestAt(table: Table): number | undefined {
    const { at } = this.#sql.exec<{ at: number | null }>(`SELECT max(at) AS at FROM ${table}`).one()
    return at ?? undefined
  }

  #read(table: Table, after: number, until: number): Sample[] {
    return this.#sql
      .exec<Row>(
        `SELECT at, sample FROM ${table} WHERE at > ? AND at <= ? ORDER BY at`,
        ...[after, until],
      )
      .toArray()
      .map(({ at, sample }) => readSample(at, sample))
  }

  #write(table: Table, sample: Sample): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO ${table} (at, sample) VALUES (?, ?)`,
      ...[sample.at, storedSample(sample)],
    )
  }

  #prune(table: Table, before: number): void {
    this.#sql.exec(
      `DELETE FROM ${table} WHERE at IN (SELECT at FROM ${table} WHERE at <= ? ORDER BY at LIMIT ?)`,
      ...[before, limits.pruned_max_count],
    )
  }
}
