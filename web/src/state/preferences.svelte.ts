/** Theme and language of this device; `public/appearance.js` applies the same keys before paint. */
import { createContext } from 'svelte'
import type { Dictionary } from '../i18n/en.ts'
import { dictionaries, isLanguage, type Language } from '../i18n/languages.ts'
import { preferredLanguage } from '../i18n/preferred-language.ts'
import { keepLanguage } from '../notifications/kept-language.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'

export type Theme = 'system' | 'light' | 'dark'

export class Preferences {
  readonly #store: KeyValueStore
  #theme: Theme = $state('system')
  #language: Language = $state('en')

  constructor(store: KeyValueStore) {
    this.#store = store
    const theme = store.get('muster.theme')
    if (theme === 'light' || theme === 'dark') this.#theme = theme
    const language = store.get('muster.language')
    this.#language = isLanguage(language) ? language : preferredLanguage(navigator.languages)
    this.#apply()
  }

  get theme(): Theme {
    return this.#theme
  }

  get language(): Language {
    return this.#language
  }

  /** All texts of the page in the chosen language. */
  get t(): Dictionary {
    return dictionaries[this.#language]
  }

  set theme(theme: Theme) {
    this.#theme = theme
    this.#store.set('muster.theme', theme)
    this.#apply()
  }

  set language(language: Language) {
    this.#language = language
    this.#store.set('muster.language', language)
    this.#apply()
  }

  #apply(): void {
    const root = document.documentElement
    root.lang = this.#language
    if (this.#theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = this.#theme
    void keepLanguage(this.#language)
  }
}

export const [getPreferences, setPreferences] = createContext<Preferences>()
