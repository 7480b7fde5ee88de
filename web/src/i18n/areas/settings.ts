/** Settings of this person and this device; what they say in detail is in `settings-texts.ts`. */
export const settingsEn = {
  heading: 'Settings',
}

export const settingsZhTw: typeof settingsEn = {
  heading: '設定',
}
