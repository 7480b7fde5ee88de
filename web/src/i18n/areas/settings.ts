/** Settings of this person and this device. */
export const settingsEn = {
  heading: 'Settings',
}

export const settingsZhTw: typeof settingsEn = {
  heading: '設定',
}
