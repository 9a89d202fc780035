import type { TandemError } from '../errors/result.ts';
import {
  durationIn,
  fineDurationIn,
  hintKey,
  idsWithWords,
  isMessageKey,
  messageKey,
  type MessageKey,
  type Params,
  type Translate,
} from '../language/translate.ts';
import { formatBytes } from '../units.ts';

/** A sentence before its language is chosen: made by rules, spoken by screens. */
export interface Sentence {
  readonly key: MessageKey;
  /**
   * Values by name. A unit at the end of a name tells how it is spoken, under the name without it:
   * `etaMs` is spoken as `{{eta}}` (a duration), `tookFineMs` as `{{took}}` (a short one), `sinceAt` as `{{since}}` (a time of day),
   * `needBytes` as `{{need}}` and `stepKey` as `{{step}}` (another sentence, or the id itself).
   */
  readonly params: Params;
}

export function sentence(key: MessageKey, params: Params = {}): Sentence {
  return { key, params };
}

/** What an error says: ids among its values are spoken as words. */
export function errorSentence(error: TandemError): Sentence {
  return sentence(messageKey(error), spokenParams(error.params));
}

/** What to do next about an error. */
export function errorHint(error: TandemError): Sentence {
  return sentence(hintKey(error), spokenParams(error.params));
}

function spokenParams(params: Params): Params {
  const words = Object.entries(idsWithWords(params)).map(([name, key]) => [`${name}Key`, key] as const);
  return { ...params, ...Object.fromEntries(words) };
}

export interface Speaking {
  readonly t: Translate;
  /** Decides whether a time needs its date. */
  readonly now: Date;
}

const DAY_MS = 24 * 3_600_000;

/** The sentence in words. */
export function say({ key, params }: Sentence, speaking: Speaking): string {
  const entries = Object.entries(params);
  const values = entries.filter(([name]) => !name.endsWith('Key'));
  const spoken = Object.fromEntries(values.map(([name, value]) => speak(name, value, speaking)));
  const keys = entries.filter(([name]) => name.endsWith('Key'));
  const inner = (known: Params): Params =>
    Object.fromEntries(
      keys.map(([name, key]) => [name.slice(0, -3), speakKey(String(key), known, speaking)]),
    );
  // A sentence inside a sentence is spoken with the same values, other sentences among them.
  return speaking.t(key, { ...spoken, ...inner({ ...spoken, ...inner(spoken) }) });
}

function speakKey(key: string, params: Params, { t }: Speaking): string {
  return isMessageKey(key) ? t(key, params) : idOf(key);
}

function speak(name: string, value: string | number, { t, now }: Speaking): [string, string | number] {
  if (name.endsWith('FineMs') && typeof value === 'number')
    return [name.slice(0, -6), fineDurationIn(t, value)];
  if (name.endsWith('Ms') && typeof value === 'number') return [name.slice(0, -2), durationIn(t, value)];
  if (name.endsWith('Bytes') && typeof value === 'number') return [name.slice(0, -5), formatBytes(value)];
  if (typeof value === 'number') return [name, value];
  if (name.endsWith('At')) return [name.slice(0, -2), formatTime(value, now)];
  return [name, value];
}

/** `14:02` within a day, `11-23 14:02` before: the same in every language, and it does not jump. */
export function formatTime(iso: string, now: Date): string {
  const at = new Date(iso);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (Math.abs(now.getTime() - at.getTime()) < DAY_MS) return time;
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** What is left of a key that has no sentence: `step.pullImage` is shown as `pullImage`. */
function idOf(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}
