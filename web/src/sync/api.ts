/**
 * The REST calls the page makes, one method each, typed by the protocol. A failure is a value:
 * the server's problem+json as is, or `unreachable` when no answer came. Who is told about a
 * 401 is decided once, here.
 */
import { uuidv7 } from 'uuidv7'
import type { Alert, AlertList } from '../../../src/protocol/alerts.ts'
import type {
  ChangeConfiguration,
  ChangedConfiguration,
  Configuration,
  ConfigurationHistory,
  ConfigurationProblem,
  RollBackConfiguration,
} from '../../../src/protocol/configuration.ts'
import type { ErrorCode, Problem } from '../../../src/protocol/errors.ts'
import type {
  AddMember,
  ChangeMember,
  Member,
  Session,
  User,
} from '../../../src/protocol/member.ts'
import type { Message, MessagePage } from '../../../src/protocol/message.ts'
import type {
  ChangeNotifications,
  NotificationSettings,
  RoomLevel,
} from '../../../src/protocol/notification.ts'
import type {
  AcceptedOneWay,
  NewWebhook,
  Notice,
  NoticePage,
  OneWayPage,
  OneWayTracking,
  Priority,
  Recipient,
  Webhook,
} from '../../../src/protocol/one-way.ts'
import type { OperationsNow, SeriesRange } from '../../../src/protocol/operations.ts'
import type { PushSubscription } from '../../../src/protocol/push.ts'
import type { Verification } from '../../../src/protocol/proof.ts'
import type { MemberMarkList } from '../../../src/protocol/read-mark.ts'
import type { MessageHistory } from '../../../src/protocol/message-change.ts'
import type { CreateRoom, Room, UpdateRoom } from '../../../src/protocol/room.ts'
import type { MentionPage, SearchPage } from '../../../src/protocol/search.ts'

/** A request without an answer by then is given up, so that no spinner turns for ever. */
export const REQUEST_TIMEOUT_MS = 20_000

/** Proving a record reads all of it; a room of a long incident takes its time. */
export const VERIFY_TIMEOUT_MS = 120_000

/** Where a 429 does not say how long to wait. */
const RATE_LIMIT_WAIT_MS = 5_000

export type Failure = {
  readonly code: ErrorCode | 'unreachable'
  readonly detail: string
  /** The field of the body that was refused. */
  readonly field?: string
  /** The settings that were refused (OPS-4). */
  readonly problems?: readonly ConfigurationProblem[]
  /** The same again after so long. */
  readonly retry_after_ms?: number
  /** By which the log of those who run Muster knows the request. */
  readonly request_id?: string
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export type ApiOptions = {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>
  /** The session is over: said of every 401. */
  readonly onSignedOut: () => void
  /** More than this person may (LIM-1): said of every 429, with how long to wait. */
  readonly onRateLimited: (retry_after_ms: number) => void
}

/** At most one position; none means the newest. */
export type HistoryQuery = {
  readonly limit: number
  readonly before_sequence?: number
  readonly after_sequence?: number
  /** This message in the middle. */
  readonly around?: number
}

export type PostOneWay = {
  readonly recipient: Recipient
  readonly content: string
  readonly priority: Priority
  /** Of an e-mail. */
  readonly subject?: string
}

export class Api {
  readonly #options: ApiOptions

  constructor(options: ApiOptions) {
    this.#options = options
  }

  signIn(user_id: string): Promise<Result<Session>> {
    return this.#call('POST', '/api/auth/dev-login', { user_id })
  }

  signOut(): Promise<Result<undefined>> {
    return this.#call('POST', '/api/auth/logout')
  }

  /** The people one may sign in as; `not_found` outside development. */
  demoPeople(): Promise<Result<{ people: User[] }>> {
    return this.#call('GET', '/api/auth/dev-people')
  }

  me(): Promise<Result<User>> {
    return this.#call('GET', '/api/me')
  }

  rooms(): Promise<Result<{ rooms: Room[] }>> {
    return this.#call('GET', '/api/rooms')
  }

  createRoom(body: CreateRoom): Promise<Result<Room>> {
    return this.#call('POST', '/api/rooms', body)
  }

  room(room_id: string): Promise<Result<Room>> {
    return this.#call('GET', roomPath(room_id))
  }

  updateRoom(room_id: string, body: UpdateRoom): Promise<Result<Room>> {
    return this.#call('PATCH', roomPath(room_id), body)
  }

  members(room_id: string): Promise<Result<{ members: Member[] }>> {
    return this.#call('GET', `${roomPath(room_id)}/members`)
  }

  addMember(room_id: string, body: AddMember): Promise<Result<Member>> {
    return this.#call('POST', `${roomPath(room_id)}/members`, body)
  }

  changeMember(room_id: string, user_id: string, body: ChangeMember): Promise<Result<Member>> {
    return this.#call('PATCH', memberPath(room_id, user_id), body)
  }

  removeMember(room_id: string, user_id: string): Promise<Result<undefined>> {
    return this.#call('DELETE', memberPath(room_id, user_id))
  }

  /** The message with this number alone; none where there is no such message. */
  messageAt(room_id: string, sequence_number: number): Promise<Result<MessagePage>> {
    return this.#call('GET', `${roomPath(room_id)}/messages?around=${sequence_number}&limit=1`)
  }

  /** Readings that meet a condition such as `data.temperature=gt:80`, newest first (MSG-4). */
  readings(room_id: string, parameters: URLSearchParams): Promise<Result<MessagePage>> {
    return this.#call('GET', `${roomPath(room_id)}/messages?${parameters}`)
  }

  /** The best match first (API-2). */
  searchRoom(room_id: string, parameters: URLSearchParams): Promise<Result<SearchPage>> {
    return this.#call('GET', `${roomPath(room_id)}/messages/search?${parameters}`)
  }

  searchEverywhere(parameters: URLSearchParams): Promise<Result<SearchPage>> {
    return this.#call('GET', `/api/messages/search?${parameters}`)
  }

  /** Of me: the unread ones first, each newest first (API-3). */
  mentions(parameters: URLSearchParams): Promise<Result<MentionPage>> {
    return this.#call('GET', `/api/messages/mentions?${parameters}`)
  }

  /** @param receipt what an earlier answer said to keep; the record must still contain it (API-9) */
  verify(room_id: string, receipt: string | undefined): Promise<Result<Verification>> {
    const parameters = receipt === undefined ? '' : `?${new URLSearchParams({ receipt })}`
    const path = `${roomPath(room_id)}/verify${parameters}`
    return this.#call('GET', path, undefined, VERIFY_TIMEOUT_MS)
  }

  /** The caller becomes an editor. */
  transferOwnership(room_id: string, user_id: string): Promise<Result<Member>> {
    return this.#call('POST', `${roomPath(room_id)}/transfer-ownership`, { user_id })
  }

  /** Newest first (API-1). */
  messages(room_id: string, query: HistoryQuery): Promise<Result<MessagePage>> {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    )
    return this.#call('GET', `${roomPath(room_id)}/messages?${parameters}`)
  }

  message(room_id: string, message_id: string): Promise<Result<Message>> {
    return this.#call('GET', `${roomPath(room_id)}/messages/${encodeURIComponent(message_id)}`)
  }

  /** In the order of their event times (MSG-11). */
  pins(room_id: string): Promise<Result<{ messages: Message[] }>> {
    return this.#call('GET', `${roomPath(room_id)}/pins`)
  }

  /** Of the first 200 of a large room only. */
  readMarks(room_id: string): Promise<Result<MemberMarkList>> {
    return this.#call('GET', `${roomPath(room_id)}/read-marks`)
  }

  /** Its words from first to last (MSG-7). */
  messageHistory(room_id: string, message_id: string): Promise<Result<MessageHistory>> {
    return this.#call('GET', `${roomPath(room_id)}/messages/${message_id}/history`)
  }

  notificationSettings(): Promise<Result<NotificationSettings>> {
    return this.#call('GET', '/api/me/notifications')
  }

  setNotificationSettings(body: ChangeNotifications): Promise<Result<NotificationSettings>> {
    return this.#call('PUT', '/api/me/notifications', body)
  }

  setRoomLevel(room_id: string, level: RoomLevel): Promise<Result<unknown>> {
    return this.#call('PUT', `${roomPath(room_id)}/notifications`, { level })
  }

  /** `not_found` where web push is not set up. */
  pushKey(): Promise<Result<{ public_key: string }>> {
    return this.#call('GET', '/api/push/key')
  }

  putPushSubscription(body: PushSubscription): Promise<Result<undefined>> {
    return this.#call('PUT', '/api/me/push-subscriptions', body)
  }

  deletePushSubscription(endpoint: string): Promise<Result<undefined>> {
    return this.#call('DELETE', '/api/me/push-subscriptions', { endpoint })
  }

  /** Those that I posted, newest first (DISP-6). */
  oneWayMessages(parameters: URLSearchParams): Promise<Result<OneWayPage>> {
    return this.#call('GET', `/api/messages/one-way?${parameters}`)
  }

  postOneWay(body: PostOneWay): Promise<Result<AcceptedOneWay>> {
    return this.#call('POST', '/api/messages/one-way', body)
  }

  /** A dead one is sent again. */
  retryOneWay(tracking_id: string): Promise<Result<OneWayTracking>> {
    return this.#call('POST', `/api/messages/one-way/${tracking_id}/retry`)
  }

  /** To me, newest first. */
  notices(parameters: URLSearchParams): Promise<Result<NoticePage>> {
    return this.#call('GET', `/api/me/notices?${parameters}`)
  }

  readNotice(notice_id: string): Promise<Result<Notice>> {
    return this.#call('POST', `/api/me/notices/${notice_id}/read`)
  }

  readAllNotices(up_to: string): Promise<Result<{ unread_count: number }>> {
    return this.#call('POST', '/api/me/notices/read', { up_to })
  }

  /** `not_found` where there is none. */
  webhook(): Promise<Result<Webhook>> {
    return this.#call('GET', '/api/me/webhook')
  }

  /** The answer alone has the secret. */
  putWebhook(url: string): Promise<Result<NewWebhook>> {
    return this.#call('PUT', '/api/me/webhook', { url })
  }

  deleteWebhook(): Promise<Result<undefined>> {
    return this.#call('DELETE', '/api/me/webhook')
  }

  /** How it goes now (OPS-3): admins only, as all of these. */
  operations(): Promise<Result<OperationsNow>> {
    return this.#call('GET', '/api/admin/operations')
  }

  /** @param query `until_ms`: the end of the range; without it now */
  series(query: { range_s: number; until_ms?: number | undefined }): Promise<Result<SeriesRange>> {
    const { range_s, until_ms } = query
    const until = until_ms === undefined ? '' : `&until=${until_ms}`
    return this.#call('GET', `/api/admin/series?range_s=${range_s}${until}`)
  }

  alerts(): Promise<Result<AlertList>> {
    return this.#call('GET', '/api/admin/alerts')
  }

  /** Newest first. */
  alertHistory(limit: number): Promise<Result<{ alerts: Alert[] }>> {
    return this.#call('GET', `/api/admin/alerts/history?limit=${limit}`)
  }

  acknowledgeAlert(alert_id: string): Promise<Result<Alert>> {
    const path = `/api/admin/alerts/${encodeURIComponent(alert_id)}/acknowledge`
    return this.#call('POST', path)
  }

  /** With what an editor has to know of each setting (OPS-4). Admins only, like the next three. */
  configuration(): Promise<Result<Configuration>> {
    return this.#call('GET', '/api/admin/config')
  }

  changeConfiguration(body: ChangeConfiguration): Promise<Result<ChangedConfiguration>> {
    return this.#call('PUT', '/api/admin/config', body)
  }

  rollBackConfiguration(body: RollBackConfiguration): Promise<Result<ChangedConfiguration>> {
    return this.#call('POST', '/api/admin/config/rollback', body)
  }

  configurationHistory(): Promise<Result<ConfigurationHistory>> {
    return this.#call('GET', '/api/admin/config/history')
  }

  async #call<T>(
    method: string,
    path: string,
    body?: unknown,
    timeout_ms = REQUEST_TIMEOUT_MS,
  ): Promise<Result<T>> {
    let response: Response
    const request_id = uuidv7()
    try {
      response = await this.#options.fetch(path, {
        method,
        credentials: 'same-origin',
        signal: AbortSignal.timeout(timeout_ms),
        headers: {
          'x-request-id': request_id,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (response.status === 204) return { ok: true, value: undefined as T }
      if (response.ok) return { ok: true, value: (await response.json()) as T }
    } catch {
      return { ok: false, failure: { code: 'unreachable', detail: '', request_id } }
    }
    if (response.status === 401) this.#options.onSignedOut()
    const failure = await failureOf(response)
    if (failure.code === 'rate_limited')
      this.#options.onRateLimited(failure.retry_after_ms ?? RATE_LIMIT_WAIT_MS)
    return { ok: false, failure }
  }
}

const roomPath = (room_id: string): string => `/api/rooms/${encodeURIComponent(room_id)}`

const memberPath = (room_id: string, user_id: string): string =>
  `${roomPath(room_id)}/members/${encodeURIComponent(user_id)}`

/** Proxies answer with pages of their own; what is not a problem of ours is named by its status. */
export const failureOf = async (response: Response): Promise<Failure> => {
  try {
    const body = (await response.json()) as Problem & {
      readonly problems?: readonly ConfigurationProblem[]
    }
    const { code, detail, field, problems, retry_after_ms, request_id } = body
    if (typeof code === 'string')
      return {
        code,
        detail,
        ...(field === undefined ? {} : { field }),
        ...(problems === undefined ? {} : { problems }),
        ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
        ...(request_id === undefined ? {} : { request_id }),
      }
  } catch {
    // Not JSON.
  }
  return { code: codeOfStatus(response.status), detail: '' }
}

const codeOfStatus = (status: number): Failure['code'] => {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  return status === 429 ? 'rate_limited' : 'unavailable'
}
