/**
 * How a server is spoken to: plain data, because it travels to the load process. Every message
 * carries a mark with its number in its content; receivers look for the mark and parse nothing.
 */

/** Of one kind of server. `$content` and `$id` stand for a message's content and its unique id. */
export type Dialect = {
  /** One message from a client. */
  message: string
  /** Sent after the upgrade, if the server wants it. */
  hello?: string
  /** How the first frame of a server begins that is ready; absent: ready after the upgrade. */
  ready?: string
  ping: string
  pong: string
  /** What stands before a message's number in the room's order; absent: there is none. */
  sequence?: string
}

/** Length of a message's content, in bytes. */
export const contentBytes = 200

const digits = 9

/** Occurs nowhere else in any frame. */
export const mark = Buffer.from('~#')

/** Bytes from the start of the mark to the end of its number. */
export const markBytes = mark.length + digits

const filler = 'The press in hall four stopped with error E-217; pressure is stable at 4.2 bar. '

export const contentOf = (number: number): string =>
  `${mark.toString()}${String(number).padStart(digits, '0')} `
    .concat(filler.repeat(4))
    .slice(0, contentBytes)

/** The number of the mark at `at`. */
export const numberAt = (buffer: Buffer, at: number): number => {
  let value = 0
  for (let index = at + mark.length; index < at + markBytes; index++)
    value = value * 10 + (buffer[index] ?? 0) - 48
  return value
}

/** The number in decimal digits that ends where the next other character stands. */
export const decimalAt = (buffer: Buffer, at: number): number => {
  let value = 0
  for (let index = at; ; index++) {
    const digit = (buffer[index] ?? 0) - 48
    if (digit < 0 || digit > 9) return value
    value = value * 10 + digit
  }
}
