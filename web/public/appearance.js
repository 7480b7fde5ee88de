// Puts the chosen theme and language on <html> before the first paint, so that nothing flashes.
// A file of its own because the content security policy allows no inline script.
// `state/preferences.svelte.ts` owns these keys and every later change.
try {
  const theme = localStorage.getItem('muster.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  const language = localStorage.getItem('muster.language')
  if (language) document.documentElement.lang = language
} catch {
  // Storage may be forbidden; the system's theme applies then.
}
