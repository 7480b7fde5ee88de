/** The emojis that are offered without searching. */
export const COMMON_EMOJIS = ['👍', '✅', '👀', '🙏', '🎉', '❤️'] as const
