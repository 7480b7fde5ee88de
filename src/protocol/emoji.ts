/** Emoji as people pick them: one whole sequence of Unicode, in one spelling (MSG-9). */
import { EMOJI_MAX_LENGTH } from './limits.ts'

/** Every sequence recommended for interchange: flags, skin tones, families, key caps. */
const RGI_EMOJI = /^\p{RGI_Emoji}$/v

/** Asks for the picture where a character has a text form as well. */
const PICTURE_SELECTOR = '\uFE0F'

/**
 * The spelling that counts are kept under: keyboards leave the selector out at times, and ❤ and ❤️
 * are one reaction.
 * @returns undefined for what is no emoji
 */
export const emojiOf = (text: string): string | undefined => {
  if (text.length > EMOJI_MAX_LENGTH) return undefined
  if (RGI_EMOJI.test(text)) return text
  const bare = text.replaceAll(PICTURE_SELECTOR, '')
  for (const candidate of [bare, bare + PICTURE_SELECTOR, withSelectorAfterFirst(bare)])
    if (RGI_EMOJI.test(candidate)) return candidate
  return undefined
}

/** For sequences such as ❤️‍🔥 and 1️⃣, whose first character is the one with two forms. */
const withSelectorAfterFirst = (text: string): string => {
  const [first = '', ...rest] = text
  return first + PICTURE_SELECTOR + rest.join('')
}
