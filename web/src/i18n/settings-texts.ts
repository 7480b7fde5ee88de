/**
 * What the settings' dialog says: fetched with it, as nobody needs it to read and write. The rest
 * of the page knows its heading only (`areas/settings.ts`).
 */
import type { Language } from './languages.ts'

const en = {
  parts: 'What to set',
  part_notifications: 'Notifications',
  part_sound: 'Sound',
  part_appearance: 'Appearance',
  failed: 'The settings could not be loaded.',
  change_failed: 'The change was not saved.',

  device_heading: 'This device',
  permission: {
    default: 'Your browser has not been asked yet.',
    granted: 'Your browser may show notifications.',
    denied:
      'Your browser blocks notifications. To allow them, open the site settings beside the address, then come back.',
    unsupported:
      'This browser shows notifications only when Muster is installed: add it to the home screen.',
  },
  allow: 'Allow notifications',
  push: 'Notify me while Muster is closed',
  push_state: {
    unknown: 'Checking…',
    unavailable: 'Not available in this browser or on this server.',
    off: 'Off. You are notified only while Muster is open.',
    on: 'On. This device is notified even when Muster is closed.',
    failed: 'It could not be turned on. Check the connection and try again.',
  },
  test: 'Send a test notification',
  test_heading: 'Test notification',
  test_text: 'This is how a notification looks.',

  level_heading: 'Notify me about',
  level: { all: 'All messages', mentions: 'Mentions', nothing: 'Nothing' },
  rooms_heading: 'Per room',
  rooms_note: 'Goes before the setting above.',
  room_level: (room: string) => `Notify me in ${room} about`,
  level_default: 'As above',
  no_rooms: 'You are in no room yet.',
  quiet_hours: 'Quiet hours',
  quiet_wanted: 'Do not disturb me at these hours',
  quiet_note: 'No notifications, no sound. What you missed waits in the rooms.',
  quiet_start: 'From',
  quiet_end: 'To',
  quiet_zone: 'Time zone',
  quiet_same: 'From and to must differ.',

  tone: 'Tone',
  tones: {
    chime: 'Chime',
    drop: 'Drop',
    knock: 'Knock',
    alarm: 'Alarm',
    none: 'No sound',
  },
  volume: 'Volume',
  play: 'Play',
  vibration: 'Vibration',
  vibration_wanted: 'Vibrate for notifications',
  vibration_none: 'This device does not vibrate for web pages.',
  device_note: 'Only on this device.',

  theme: 'Theme',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  language: 'Language',
  help: 'Help',
  keys: 'Keyboard shortcuts',
}

const zhTw: typeof en = {
  parts: '設定項目',
  part_notifications: '通知',
  part_sound: '音效',
  part_appearance: '外觀',
  failed: '無法載入設定。',
  change_failed: '變更未儲存。',

  device_heading: '此裝置',
  permission: {
    default: '尚未詢問瀏覽器是否允許通知。',
    granted: '瀏覽器已允許顯示通知。',
    denied: '瀏覽器封鎖了通知。若要允許，請點網址旁的網站設定，再回到這裡。',
    unsupported: '此瀏覽器只在安裝 Muster 後才能顯示通知：請加入主畫面。',
  },
  allow: '允許通知',
  push: 'Muster 關閉時也通知我',
  push_state: {
    unknown: '檢查中…',
    unavailable: '此瀏覽器或伺服器不支援。',
    off: '已關閉。只有 Muster 開啟時才會通知您。',
    on: '已開啟。即使 Muster 關閉，此裝置也會收到通知。',
    failed: '無法開啟。請檢查網路連線後再試。',
  },
  test: '傳送測試通知',
  test_heading: '測試通知',
  test_text: '通知看起來就像這樣。',

  level_heading: '何時通知我',
  level: { all: '所有訊息', mentions: '提到我', nothing: '不通知' },
  rooms_heading: '各事件室',
  rooms_note: '優先於上方的設定。',
  room_level: (room) => `「${room}」何時通知我`,
  level_default: '同上方設定',
  no_rooms: '您還沒有加入任何事件室。',
  quiet_hours: '勿擾時段',
  quiet_wanted: '在這些時間不要打擾我',
  quiet_note: '不通知、不發出聲音。錯過的訊息仍會留在事件室裡。',
  quiet_start: '開始',
  quiet_end: '結束',
  quiet_zone: '時區',
  quiet_same: '開始與結束時間不能相同。',

  tone: '提示音',
  tones: {
    chime: '鐘聲',
    drop: '水滴',
    knock: '敲門',
    alarm: '警報',
    none: '靜音',
  },
  volume: '音量',
  play: '試聽',
  vibration: '震動',
  vibration_wanted: '收到通知時震動',
  vibration_none: '此裝置不支援網頁震動。',
  device_note: '僅適用於此裝置。',

  theme: '主題',
  themes: { system: '跟隨系統', light: '淺色', dark: '深色' },
  language: '語言',
  help: '說明',
  keys: '鍵盤快速鍵',
}

export const settingsTexts: Record<Language, typeof en> = { en, 'zh-TW': zhTw }
