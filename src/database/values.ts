/** The values of a statement whose conditions depend on what was asked: `add` gives `$1`, `$2` … */
export type Values = {
  readonly list: unknown[]
  readonly add: (value: unknown) => string
}

export const valuesOf = (): Values => {
  const list: unknown[] = []
  return { list, add: (value) => `$${list.push(value)}` }
}
