/**
 * Takes out of a machine's text what no log may keep (OPS-5): secrets, people's addresses, what
 * follows the host of an address, and quotations, which repeat what somebody sent.
 */

export const scrub = (text: string): string => {
  let rest = text
  for (const [pattern, instead] of taken) rest = rest.replace(pattern, instead)
  return rest
}

/** In this order: what an earlier one puts in place is of no interest to a later one. */
const taken: readonly (readonly [RegExp, string])[] = [
  // Names of tables and columns stay, as Postgres quotes them; JSON.parse quotes what it was given.
  [/"[^"]*"(?:\.\.\.)?(?= is not valid JSON)/g, '[quoted]'],
  [/"(?![a-z][a-z\d_]{0,62}")[^"]*"/g, '[quoted]'],
  [/\b([a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi, '$1[secret]@'],
  [/\b(https?:\/\/[^\s/?#"']+)[/?#][^\s"')]*/gi, '$1/[path]'],
  [/\?[^\s"')]*/g, '?[query]'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?/g, '[token]'],
  [/\b(Bearer|Basic)\s+[^\s"',]+/gi, '$1 [secret]'],
  [/\bwhsec_[\w+/=-]+/g, '[secret]'],
  [
    /\b(password|secret|token|authorization|api[_-]?key)(["']?\s*[=:]\s*)[^\s"',;]+/gi,
    '$1$2[secret]',
  ],
  [/[^\s<>"'():,;/=[\]]+(?:@|%40)[^\s<>"'():,;/=[\]]+/gi, '[address]'],
  [/(?<![\w-])\+?\d[\d ()-]{7,18}\d(?![\w-])/g, '[number]'],
]
