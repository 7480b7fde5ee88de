/** Which of the page's languages a person most likely wants. */

/** The first of the browser's languages that we speak; any Chinese is served in ours. */
export const preferredLanguage = (wanted: readonly string[]): 'en' | 'zh-TW' => {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-TW'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}
