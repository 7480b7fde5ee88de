/** Which of several like objects serves a key: always the same one, evenly spread. */

/** @returns 0 … count - 1 */
export const shardOfKey = (count: number, key: string): number => {
  let hash = 0x811c9dc5 // FNV-1a, 32 bits
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  return (hash >>> 0) % count
}
