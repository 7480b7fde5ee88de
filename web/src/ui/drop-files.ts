/** A Svelte attachment: files may be dropped on the element while it is mounted. */

export type DropFilesOptions = {
  readonly onfiles: (files: readonly File[]) => void
  /** Whether files are held over it. */
  readonly onover: (is_over: boolean) => void
}

export const dropFiles =
  ({ onfiles, onover }: DropFilesOptions) =>
  (element: HTMLElement): (() => void) => {
    const listening = new AbortController()
    const { signal } = listening
    element.addEventListener(
      'dragover',
      (event) => {
        if (event.dataTransfer?.types.includes('Files') !== true) return
        // Otherwise the browser leaves the page and shows the file.
        event.preventDefault()
        onover(true)
      },
      { signal },
    )
    element.addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        const is_inside = relatedTarget instanceof Node && element.contains(relatedTarget)
        if (!is_inside) onover(false)
      },
      { signal },
    )
    element.addEventListener(
      'drop',
      (event) => {
        const files = [...(event.dataTransfer?.files ?? [])]
        onover(false)
        if (files.length === 0) return
        event.preventDefault()
        onfiles(files)
      },
      { signal },
    )
    return () => listening.abort()
  }
