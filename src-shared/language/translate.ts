import { createInstance } from 'i18next';
import type { TandemError } from '../errors/result.ts';
import { formatDuration } from '../units.ts';
import en from './en.json' with { type: 'json' };
import ko from './ko.json' with { type: 'json' };

export type Language = 'en' | 'ko';
type StripPlural<Key extends string> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key;
/** Every sentence there is; English names the keys, a test holds Korean to them. */
export type MessageKey = StripPlural<keyof typeof en>;
export type Params = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, params?: Params) => string;

/** A translator for one language; sentences missing in it fall back to English. */
export function translator(language: Language): Translate {
  const instance = createInstance();
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    // A value that another version did not send is a question mark, never a pair of braces.
    missingInterpolationHandler: () => '?',
    resources: { en: { translation: en }, ko: { translation: ko } },
  });
  return (key, params = {}) => instance.t(key, params);
}

/** True for a key that has a sentence: used where ids come from outside the type system. */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key) || Object.hasOwn(en, `${key}_other`);
}

/** The language of a locale such as `ko_KR.UTF-8` or `en-GB`; English unless Korean. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

/** What happened and why, and the next step, in words. */
export function errorSentences(error: TandemError, t: Translate): { message: string; hint: string } {
  const params = withWords(error.params, t);
  return { message: t(messageKey(error), params), hint: t(hintKey(error), params) };
}

/** The values of a sentence, ids in words. */
export function withWords(params: Params, t: Translate): Params {
  const words = Object.entries(idsWithWords(params)).map(([name, key]) => [name, t(key)] as const);
  return { ...params, ...Object.fromEntries(words) };
}

/** What happened; some errors have words of their own for their `why`. */
export function messageKey({ code, params }: TandemError): MessageKey {
  const special = `error.${code}.${params['why']}`;
  return isMessageKey(special) ? special : `error.${code}`;
}

/** The next step; a refusal for memory has another one when nothing at all would fit. */
export function hintKey(error: TandemError): MessageKey {
  const { code, params } = error;
  const nothingFits = code === 'memoryRefused' && Number(params['fitGb']) === 0;
  if (nothingFits) return 'hint.nothingFits';
  const special = `${messageKey(error)}.hint`;
  return isMessageKey(special) ? special : `error.${code}.hint`;
}

/** Where the words of an id stand, by the name under which an error carries it. */
const wordsOfIds = {
  verb: 'verb.word',
  state: 'state',
  expected: 'state',
  step: 'step',
  what: 'network',
  otherWhat: 'network',
} as const;

/** The values of an error that are ids and have words: by name, the sentence of each. */
export function idsWithWords(params: Params): Readonly<Record<string, MessageKey>> {
  const found = Object.entries(wordsOfIds).flatMap(([name, prefix]) => {
    const key = `${prefix}.${params[name]}`;
    return isMessageKey(key) ? [[name, key] as const] : [];
  });
  return Object.fromEntries(found);
}

/** A duration in words, at most two units. */
export function durationIn(t: Translate, milliseconds: number): string {
  return formatDuration(milliseconds, {
    hours: (count) => t('unit.hours', { value: count }),
    minutes: (count) => t('unit.minutes', { value: count }),
    seconds: (count) => t('unit.seconds', { value: count }),
  });
}

/** A short duration in words that keep what matters of it: `2 ms`, `2.5 s`; from ten seconds on as others. */
export function fineDurationIn(t: Translate, milliseconds: number): string {
  if (milliseconds < 1000) return t('unit.milliseconds', { value: Math.round(milliseconds) });
  if (milliseconds >= 10_000) return durationIn(t, milliseconds);
  return t('unit.seconds', { value: (milliseconds / 1000).toFixed(1) });
}
