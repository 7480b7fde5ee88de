/** Search in a room and everywhere. */
export const searchEn = {
  heading: 'Search',
}

export const searchZhTw: typeof searchEn = {
  heading: '搜尋',
}
