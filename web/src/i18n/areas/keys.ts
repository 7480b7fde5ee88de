/** Keyboard shortcuts and their help. */
export const keysEn = {
  heading: 'Keyboard shortcuts',
}

export const keysZhTw: typeof keysEn = {
  heading: '鍵盤快速鍵',
}
