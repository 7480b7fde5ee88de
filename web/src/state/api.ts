/** Hands the one REST client to the components that need it. */
import { createContext } from 'svelte'
import type { Api } from '../sync/api.ts'

export const [getApi, setApi] = createContext<Api>()
