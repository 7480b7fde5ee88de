/** What the operations views say: fetched with them, as only admins need it. */
import type { OpsTab } from '../routing.ts'
import type { Language } from './languages.ts'

const en = {
  admins_only_heading: 'Only for admins',
  admins_only: 'Ask an admin of this deployment to look after it with you.',
  view: 'View',
  tabs: {
    now: 'Live',
    alerts: 'Alerts',
    configuration: 'Configuration',
  } satisfies Record<OpsTab, string>,
}

const zhTw: typeof en = {
  admins_only_heading: '僅限管理員',
  admins_only: '請聯絡此系統的管理員協助處理。',
  view: '檢視',
  tabs: { now: '即時', alerts: '警示', configuration: '設定' },
}

export const opsTexts: Readonly<Record<Language, typeof en>> = { en, 'zh-TW': zhTw }
