import type { Method } from '../../src-shared/commands/registry.ts';
import type { Verb } from '../verb.ts';
import { wakeLines } from '../view/wake-lines.ts';

export const wakeVerbs = {
  'wake.get': {
    show: ({ wake }, { terminal: { print, t } }) => {
      for (const line of wake === null ? [t('cli.wake.none')] : wakeLines(wake, t)) print(line);
    },
    document: ({ wake }) => wake,
  } satisfies Verb<'wake.get'>,
} satisfies { [M in Method]?: Verb<M> };
