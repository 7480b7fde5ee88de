/** The table of the configuration's versions, in an object's SQLite. Bounded: the oldest go. */
import type { ConfigurationVersion } from '../protocol/configuration.ts'

type Row = { version: number; entry: string }

export class ConfigurationVersions {
  readonly #sql: SqlStorage
  readonly #kept_max_count: number

  constructor(sql: SqlStorage, kept_max_count: number) {
    this.#sql = sql
    this.#kept_max_count = kept_max_count
    sql.exec(`create table if not exists configuration_entries (
      version integer primary key,
      entry text not null
    )`)
  }

  newest(): ConfigurationVersion | undefined {
    return this.#read('order by version desc limit 1')[0]
  }

  of(version: number): ConfigurationVersion | undefined {
    return this.#read('where version = ?', version)[0]
  }

  /** Oldest first. */
  all(): ConfigurationVersion[] {
    return this.#read('order by version')
  }

  add(version: ConfigurationVersion): void {
    this.#sql.exec(
      'insert into configuration_entries (version, entry) values (?, ?)',
      version.version,
      JSON.stringify(version),
    )
    this.#sql.exec(
      'delete from configuration_entries where version <= ?',
      version.version - this.#kept_max_count,
    )
  }

  #read(rest: string, ...bindings: number[]): ConfigurationVersion[] {
    const sql = `select version, entry from configuration_entries ${rest}`
    return Array.from(
      this.#sql.exec<Row>(sql, ...bindings),
      ({ entry }) => JSON.parse(entry) as ConfigurationVersion,
    )
  }
}
