/** Strings that survive a reload. Storage that is full or forbidden keeps nothing, quietly. */

export type KeyValueStore = {
  get(key: string): string | undefined
  set(key: string, value: string): void
  remove(key: string): void
  keys(prefix: string): string[]
}

export const browserStore: KeyValueStore = {
  get: (key) => attempt(() => localStorage.getItem(key)) ?? undefined,
  set: (key, value) => attempt(() => localStorage.setItem(key, value)),
  remove: (key) => attempt(() => localStorage.removeItem(key)),
  keys: (prefix) =>
    attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))) ?? [],
}

const attempt = <T>(act: () => T): T | undefined => {
  try {
    return act()
  } catch {
    return undefined
  }
}
