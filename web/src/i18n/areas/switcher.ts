/** The quick switcher between rooms. */
export const switcherEn = {
  heading: 'Go to a room',
}

export const switcherZhTw: typeof switcherEn = {
  heading: '切換房間',
}
