/** The emoji picker. */
export const emojiEn = {
  more: 'More emojis',
  search: 'Search emojis',
  found_count: (n: number) => (n === 1 ? '1 emoji' : `${n} emojis`),
  none_found: 'No emoji has that name. Try another word.',
  often_used: 'Often used',
  skin_tone: 'Skin tone',
  skin_tones: ['No tone', 'Light', 'Medium light', 'Medium', 'Medium dark', 'Dark'],
  groups: {
    smileys: 'Smileys',
    people: 'People',
    animals: 'Animals and nature',
    food: 'Food and drink',
    travel: 'Travel and places',
    activities: 'Activities',
    objects: 'Objects',
    symbols: 'Symbols',
    flags: 'Flags',
  },
}

export const emojiZhTw: typeof emojiEn = {
  more: '更多表情符號',
  search: '搜尋表情符號',
  found_count: (n) => `${n} 個表情符號`,
  none_found: '找不到這個名稱的表情符號，請換個字詞。',
  often_used: '常用',
  skin_tone: '膚色',
  skin_tones: ['不指定膚色', '淺膚色', '中淺膚色', '中等膚色', '中深膚色', '深膚色'],
  groups: {
    smileys: '表情',
    people: '人物',
    animals: '動物與自然',
    food: '食物與飲料',
    travel: '旅遊與地點',
    activities: '活動',
    objects: '物品',
    symbols: '符號',
    flags: '旗幟',
  },
}
