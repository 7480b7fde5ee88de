/**
 * The sounds of a notification, made of a few sine waves: nothing to download, and a short, soft
 * attack that is heard in a loud hall without startling anybody at night.
 */
import type { Tone } from './tones.ts'

type Note = { readonly at_s: number; readonly hertz: number; readonly length_s: number }

const notes: Record<Tone, readonly Note[]> = {
  chime: [
    { at_s: 0, hertz: 880, length_s: 0.5 },
    { at_s: 0.12, hertz: 1318.5, length_s: 0.6 },
  ],
  drop: [
    { at_s: 0, hertz: 1174.7, length_s: 0.25 },
    { at_s: 0.09, hertz: 698.5, length_s: 0.35 },
  ],
  knock: [
    { at_s: 0, hertz: 220, length_s: 0.12 },
    { at_s: 0.14, hertz: 220, length_s: 0.16 },
  ],
  alarm: [0, 0.18, 0.36].flatMap((at_s) => [
    { at_s, hertz: 987.8, length_s: 0.09 },
    { at_s: at_s + 0.09, hertz: 1480, length_s: 0.09 },
  ]),
  none: [],
}

const ATTACK_S = 0.012

/** The loudest a single wave gets; two sound at once at times. */
const PEAK_GAIN = 0.35

export class TonePlayer {
  #audio: AudioContext | undefined

  /** Browsers allow sound after a gesture only; called on the first. */
  async unlock(): Promise<void> {
    if (typeof AudioContext === 'undefined') return
    this.#audio ??= new AudioContext()
    if (this.#audio.state !== 'running') await this.#audio.resume().catch(() => {})
  }

  /** @param volume 0 to 1. Returns whether it can be heard. */
  play(tone: Tone, volume: number): boolean {
    const audio = this.#audio
    if (audio === undefined || audio.state !== 'running' || volume === 0) return false
    for (const note of notes[tone]) strike(audio, note, volume)
    return tone !== 'none'
  }

  close(): void {
    void this.#audio?.close()
    this.#audio = undefined
  }
}

const strike = (audio: AudioContext, { at_s, hertz, length_s }: Note, volume: number): void => {
  const start = audio.currentTime + at_s
  const wave = new OscillatorNode(audio, { type: 'sine', frequency: hertz })
  const loudness = new GainNode(audio, { gain: 0 })
  loudness.gain.setValueAtTime(0, start)
  loudness.gain.linearRampToValueAtTime(PEAK_GAIN * volume, start + ATTACK_S)
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + length_s)
  wave.connect(loudness).connect(audio.destination)
  wave.start(start)
  wave.stop(start + length_s)
}
