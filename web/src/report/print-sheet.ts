/**
 * Prints one element alone. A dialog is one page high on paper, so for as long as the browser
 * prints, whoever asked for it, the element is moved to the end of the body, and the styles for
 * print show nothing else. A Svelte attachment.
 */
export const printSheet = (sheet: HTMLElement): (() => void) => {
  const home = sheet.parentElement
  const listening = new AbortController()
  const { signal } = listening
  const goHome = () => {
    document.documentElement.classList.remove('prints-sheet')
    if (sheet.parentElement !== home) home?.append(sheet)
  }
  window.addEventListener(
    'beforeprint',
    () => {
      document.documentElement.classList.add('prints-sheet')
      document.body.append(sheet)
    },
    { signal },
  )
  window.addEventListener('afterprint', goHome, { signal })
  return () => {
    listening.abort()
    goHome()
  }
}
