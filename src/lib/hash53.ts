/** A number for a text, for indexes and for telling whether two texts are the same. Not a secret. */

/** 53 bits (cyrb53, public domain): exact as a number of JavaScript and as an integer of SQLite. */
export const hash53 = (text: string): number => {
  let one = 0xdeadbeef
  let other = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    one = Math.imul(one ^ code, 0x9e3779b1)
    other = Math.imul(other ^ code, 0x5f356495)
  }
  one = Math.imul(one ^ (one >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35)
  other = Math.imul(other ^ (other >>> 16), 0x85ebca6b) ^ Math.imul(one ^ (one >>> 13), 0xc2b2ae35)
  return 0x100000000 * (other & 0x1fffff) + (one >>> 0)
}
