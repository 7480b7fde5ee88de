/** Whether the newest of the open room is in view, for whoever decides what needs to be told. */
import { createContext } from 'svelte'

export class InView {
  is_newest = true
}

export const [getInView, setInView] = createContext<InView>()
