export default { fetch: () => new Response('ok') }
import { DurableObject } from 'cloudflare:workers'
export class Room extends DurableObject {}
export class DatabaseGateway extends DurableObject {}
