import { useMemo } from 'react';
import { translator, type Translate } from '../src-shared/language/translate.ts';
import { say, type Sentence } from '../src-shared/world/sentence.ts';
import { dayOf } from './history/by-day.ts';
import { useView } from './view-store.ts';

export interface Words {
  readonly t: Translate;
  say(sentence: Sentence): string;
  /** Whether a local date, as `dayOf` writes it, is today's. */
  isToday(day: string): boolean;
}

/** The words of the language that was chosen. */
export function useWords(): Words {
  const language = useView((view) => view.context.language);
  return useMemo(() => {
    const t = translator(language);
    return {
      t,
      say: (sentence) => say(sentence, { t, now: new Date() }),
      isToday: (day) => day === dayOf(new Date().toISOString()),
    };
  }, [language]);
}
