import { readFile, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import {
  defaultSettings,
  settingKeys,
  settingsSchema,
  withSetting,
  type Settings,
} from '../../src-shared/settings.ts';
import { writePrivately } from '../platform/files.ts';

/** What engine.json holds, and under which name it was set aside when it could not be used. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly setAside: string | null;
}

/** Reads engine.json. A bad file is renamed, named, and the defaults apply; no file is no error. */
export async function loadSettings(file: string, now: () => Date): Promise<LoadedSettings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return { settings: defaultSettings, setAside: null };
  }
  const parsed = settingsSchema.safeParse(parseJson(text));
  if (parsed.success) return { settings: parsed.data, setAside: null };
  const aside = `${file}.bad-${now().toISOString().replaceAll(':', '-')}`;
  await rename(file, aside);
  return { settings: defaultSettings, setAside: basename(aside) };
}

/** The settings with one key changed, checked as a whole; nothing is written. */
export function changed(settings: Settings, key: string, value: unknown): Result<Settings> {
  if (!settingKeys().includes(key)) return fail('settingUnknown', { key });
  const parsed = settingsSchema.safeParse(withSetting(settings, key, value));
  if (parsed.success) return ok(parsed.data);
  const detail = parsed.error.issues.map((issue) => issue.message).join('; ');
  return fail('settingInvalid', { key, value: text(value), detail });
}

export async function saveSettings(file: string, settings: Settings): Promise<void> {
  await writePrivately(file, `${JSON.stringify(settings, null, 2)}\n`);
}

function text(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return z.NEVER;
  }
}
