import { defaultSettings, settingAt } from '../src-shared/settings.ts';

/**
 * A word of the command line as the value of a setting: `30` and `true` are what they look like, everything
 * else is text. A setting that is a text takes `123` as text too; quotes of JSON around it are not part of it.
 */
export function settingFrom(key: string, word: unknown): unknown {
  if (typeof word !== 'string') return word;
  const value = jsonOrText(word);
  const isText = typeof settingAt(defaultSettings, key) === 'string';
  return isText && typeof value !== 'string' ? word : value;
}

function jsonOrText(word: string): unknown {
  try {
    return JSON.parse(word) as unknown;
  } catch {
    return word;
  }
}
