import type { Settings } from '../src-shared/settings.ts';
import { languageOf, type Language } from '../src-shared/language/translate.ts';

/** The setting decides; `auto` asks TANDEM_LANG, then the system's first preferred language. */
export function chooseLanguage(
  setting: Settings['language'],
  env: NodeJS.ProcessEnv,
  preferred: readonly string[],
): Language {
  if (setting !== 'auto') return setting;
  return languageOf(env['TANDEM_LANG'] || preferred[0]);
}
