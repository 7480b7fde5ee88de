/** Whether there is room for one pane only: a phone, held either way, or a very large zoom. */
import { MediaQuery } from 'svelte/reactivity'

/** The same words stand in the media queries of the styles. */
export const phone = new MediaQuery('(width < 45rem) or ((height < 30rem) and (width < 60rem))')
