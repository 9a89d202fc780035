import type { Method, Output } from '../../src-shared/commands/registry.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { tunnelLines } from '../view/tunnel-lines.ts';
import { doctorLines } from '../view/doctor-lines.ts';

function show({ tunnel }: Output<'tunnel.get'>, { terminal: { print, t } }: VerbContext): void {
  for (const line of tunnel === null ? [t('cli.tunnel.none')] : tunnelLines(tunnel, t)) print(line);
}

const document = ({ tunnel }: Output<'tunnel.get'>): unknown => tunnel;

export const tunnelVerbs = {
  'tunnel.get': { show, document } satisfies Verb<'tunnel.get'>,
  // commander turns `--no-names` into `names: false`.
  'tunnel.export': { extraFlags: ['no-names'], show, document } satisfies Verb<'tunnel.export'>,
  'tunnel.unexport': { show, document } satisfies Verb<'tunnel.unexport'>,
  'tunnel.doctor': {
    show: ({ checks }, { terminal: { print, t } }) => {
      for (const line of doctorLines(checks, t)) print(line);
    },
  } satisfies Verb<'tunnel.doctor'>,
} satisfies { [M in Method]?: Verb<M> };
