import { config } from 'zod';
import { isMessageKey, type Translate } from '../../src-shared/language/translate.ts';
import { settingsSchema, withSetting } from '../../src-shared/settings.ts';

// Compiled checks need eval, which this page's content security policy forbids.
config({ jitless: true });

/** What a wrong value is told as; the schema's own issues, in the person's language. */
interface Issue {
  readonly code?: string;
  readonly message: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

/**
 * Checks one value within the whole of the settings, since limits must stay in order.
 *
 * @returns null when it may be written, else a sentence
 */
export function checkSetting(
  settings: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
  t: Translate,
): string | null {
  const parsed = settingsSchema.safeParse(withSetting({ ...settings }, key, value));
  if (parsed.success) return null;
  return [...new Set(parsed.error.issues.map((issue) => issueWords(issue, key, t)))].join(' ');
}

function issueWords(issue: Issue, key: string, t: Translate): string {
  if (issue.code === 'custom' && key.startsWith('link.')) return t('settings.issue.link');
  if (issue.code === 'custom' && key.startsWith('handoff.return.')) return t('settings.issue.return');
  if (issue.code === 'too_small') return t('settings.issue.tooSmall', { limit: String(issue.minimum) });
  if (issue.code === 'too_big') return t('settings.issue.tooBig', { limit: String(issue.maximum) });
  if (issue.code === 'invalid_format') return t('settings.issue.format');
  if (issue.code === 'invalid_type') return t('settings.issue.type');
  const order = `settings.issue.${issue.message}`;
  return isMessageKey(order) ? t(order) : issue.message;
}
