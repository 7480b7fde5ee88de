/** A canvas knows no custom properties: a token's colour as it comes out there for this theme. */
export const canvasColor = (place: HTMLElement, token: string): string => {
  const before = place.style.color
  place.style.color = `var(${token})`
  const { color } = getComputedStyle(place)
  place.style.color = before
  return color
}
