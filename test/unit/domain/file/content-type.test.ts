/** Files are what their bytes say, and nothing that could run is ever called what it is (SEC-3). */
import { describe, expect, test } from 'vitest'
import { contentTypeOf, isShownInPlace } from '../../../../src/domain/file/content-type.ts'
import {
  avifBytes,
  boxBytes,
  bytesOf,
  gifBytes,
  html,
  jpegBytes,
  pngBytes,
  svg,
  webpBytes,
  zipBytes,
} from '../../../support/file-samples.ts'

const size = { width: 40, height: 30 }
const office = 'application/vnd.openxmlformats-officedocument'

test.each<[string, Uint8Array]>([
  ['image/png', pngBytes(size)],
  ['image/jpeg', jpegBytes(size)],
  ['image/gif', gifBytes(size)],
  ['image/webp', webpBytes(size)],
  ['image/avif', avifBytes(size)],
  ['image/avif', boxBytes('mif1', 'avif', 'miaf')],
  ['image/heic', boxBytes('heic', 'mif1')],
  ['image/heic', boxBytes('mif1', 'heic')],
  ['image/tiff', bytesOf('II*', [0])],
  ['application/pdf', bytesOf('%PDF-1.7\n%', [0xe2, 0xe3])],
  ['application/zip', zipBytes('a.txt')],
  ['application/zip', bytesOf('PK', [5, 6], new Uint8Array(18))],
  ['application/zip', zipBytes('word/fake.txt')],
  [`${office}.wordprocessingml.document`, zipBytes('[Content_Types].xml', 'word/document.xml')],
  [`${office}.spreadsheetml.sheet`, zipBytes('xl/workbook.xml', '[Content_Types].xml')],
  [`${office}.presentationml.presentation`, zipBytes('[Content_Types].xml', 'ppt/a.xml')],
  ['application/x-cfb', bytesOf([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
  ['application/gzip', bytesOf([0x1f, 0x8b, 8, 0])],
  ['application/x-7z-compressed', bytesOf('7z', [0xbc, 0xaf, 0x27, 0x1c])],
  ['application/vnd.rar', bytesOf('Rar!', [0x1a, 7, 0])],
  ['video/mp4', boxBytes('isom', 'iso2', 'avc1')],
  ['video/mp4', boxBytes('mp42')],
  ['video/quicktime', boxBytes('qt  ')],
  ['video/3gpp', boxBytes('3gp4')],
  ['audio/mp4', boxBytes('M4A ', 'mp42')],
  ['video/webm', bytesOf([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm')],
  ['video/x-matroska', bytesOf([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x88], 'matroska')],
  ['audio/ogg', bytesOf('OggS', new Uint8Array(24), 'OpusHead')],
  ['video/ogg', bytesOf('OggS', new Uint8Array(24), [0x80], 'theora')],
  ['audio/wav', bytesOf('RIFF', [36, 0, 0, 0], 'WAVEfmt ')],
  ['video/x-msvideo', bytesOf('RIFF', [36, 0, 0, 0], 'AVI LIST')],
  ['audio/mpeg', bytesOf('ID3', [4, 0, 0])],
  ['audio/mpeg', bytesOf([0xff, 0xfb, 0x90, 0x64, 0])],
  ['audio/aac', bytesOf([0xff, 0xf1, 0x50, 0x80, 0])],
  ['audio/flac', bytesOf('fLaC', [0])],
  ['text/plain', bytesOf('壓力 4.1 bar 👍\r\n\tok')],
  ['application/octet-stream', bytesOf([0, 1, 2, 3])],
  ['application/octet-stream', bytesOf([0xff, 0xfe], 'x')],
  // Chinese in Big5: no UTF-8.
  ['application/octet-stream', bytesOf([0xa4, 0xa4, 0xa4, 0xe5])],
  // An executable, and the shortest of files.
  ['application/octet-stream', bytesOf('MZ', [0x90, 0, 3])],
  ['application/octet-stream', bytesOf([0xff])],
  ['text/plain', bytesOf('x')],
  ['text/plain', bytesOf('ID3 tags are words here')],
])('[API-5] %s by its bytes', (content_type, bytes) => {
  expect(contentTypeOf(bytes, 'name')).toBe(content_type)
})

test('[API-5] every prefix of every sample has some type, and is read without failing', () => {
  const samples = [pngBytes(size), avifBytes(size), zipBytes('a', 'xl/b'), webpBytes(size)]
  for (const sample of samples)
    for (let length = 0; length <= sample.length; length += 1)
      expect(contentTypeOf(sample.subarray(0, length), 'x')).toMatch(/^\w+\/[\w.-]+$/)
})

describe('[SEC-3] what could run', () => {
  test.each([
    ['HTML', html],
    ['HTML behind blanks', `\n\n\t  ${html}`],
    ['HTML behind a byte order mark', `\ufeff${html}`],
    ['SVG', svg],
    ['XML with a stylesheet', '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>'],
    ['a script', '#!/bin/sh\nrm -rf /'],
    ['JavaScript', 'alert(1)'],
    ['a web app manifest', '{"start_url":"/"}'],
    ['PDF that does not begin as one', `${html}%PDF-1.7`],
  ])('%s is plain text, whatever its name', (_, content) => {
    for (const name of ['x.png', 'x.html', 'x.svg', 'x.js', 'x'])
      expect(contentTypeOf(bytesOf(content), name)).toBe('text/plain')
    expect(contentTypeOf(bytesOf(content), 'x.csv')).toBe('text/csv')
  })

  test('HTML with a NUL in it is bytes', () => {
    expect(contentTypeOf(bytesOf('\0', html), 'x.html')).toBe('application/octet-stream')
  })

  test('a picture with a page in it is a picture', () => {
    expect(contentTypeOf(gifBytes(size, html), 'x.html')).toBe('image/gif')
    expect(contentTypeOf(pngBytes(size, html), 'x.html')).toBe('image/png')
  })

  test('only pictures made of pixels are shown in place', () => {
    const shown = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']
    expect(shown.every(isShownInPlace)).toBe(true)
    const others = ['image/svg+xml', 'image/tiff', 'image/heic', 'text/html', 'text/plain']
    expect([...others, 'application/pdf', 'video/mp4'].some(isShownInPlace)).toBe(false)
  })
})
