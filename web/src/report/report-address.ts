/** Which report is wanted, and its address (API-6). Pure. */
import { TIME_ZONE } from '../time.ts'

export type ReportLanguage = 'en' | 'zh-TW'

export type ReportWish = {
  /** `2026-11-24T18:30` on Taipei's clocks, as a field for time has it; empty: no bound. */
  readonly from: string
  readonly to: string
  readonly with_transcript: boolean
  readonly language: ReportLanguage
  readonly time_zone: string
}

/** Where people who read reports of a plant in Taiwan sit; their own zone comes on top. */
const usual_zones = [TIME_ZONE, 'UTC', 'Asia/Tokyo', 'Europe/Amsterdam', 'America/Los_Angeles']

export const zoneChoices = (own_zone: string): readonly string[] => [
  ...new Set([...usual_zones, own_zone]),
]

export const isRangeWrong = ({ from, to }: ReportWish): boolean =>
  from !== '' && to !== '' && from >= to

export const reportAddress = (room_id: string, wish: ReportWish, downloads = false): string => {
  const { from, to, with_transcript, language, time_zone } = wish
  const parameters = new URLSearchParams({ lang: language, time_zone })
  if (from !== '') parameters.set('from', instantOf(from))
  if (to !== '') parameters.set('to', instantOf(to))
  if (with_transcript) parameters.set('transcript', 'true')
  if (downloads) parameters.set('download', '1')
  return `/api/rooms/${encodeURIComponent(room_id)}/report?${parameters}`
}

const instantOf = (local: string): string => new Date(`${local}+08:00`).toISOString()
