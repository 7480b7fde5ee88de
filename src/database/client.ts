/** What a query needs of a connection; the pool's clients and the tests' have it. */
export type Client = {
  query(config: {
    readonly name?: string
    readonly text: string
    readonly values?: unknown[]
  }): Promise<{ readonly rows: Record<string, unknown>[] }>
}
