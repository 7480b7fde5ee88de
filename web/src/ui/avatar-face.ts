/** The letters and the colour of a person's tile. */

const TINT_COUNT = 8

/** One or two letters: the first of the first and last word, or the last character of a CJK name. */
export const initialsOf = (name: string): string => {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter((word) => word !== '')
  const first = [...(words[0] ?? '')]
  if (first.length === 0) return '?'
  if (/\p{Script=Han}/u.test(first[0] ?? '')) return first.at(-1) ?? '?'
  const last = words.length > 1 ? [...(words.at(-1) ?? '')][0] : undefined
  return `${first[0] ?? ''}${last ?? ''}`.toUpperCase()
}

/** A number from 1 to 8, the same for the same id on every device. */
export const avatarTint = (id: string): number => {
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return (hash % TINT_COUNT) + 1
}
