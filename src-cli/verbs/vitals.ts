import type { Verb } from '../verb.ts';
import { hostLines } from '../view/status-lines.ts';

export const vitalsVerb: Verb<'vitals.get'> = {
  show: ({ name, vitals }, { terminal }) => {
    for (const line of hostLines(name, vitals, terminal.t)) terminal.print(line);
    terminal.print(terminal.t('cli.vitals.stage', { stage: terminal.t(`stage.${vitals.stage}`) }));
  },
};
