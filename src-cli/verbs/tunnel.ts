import type { Input, Method, Output } from '../../src-shared/commands/registry.ts';
import { ask } from '../ask.ts';
import { followTunnel, type TunnelFollower } from '../follow-tunnel.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { tunnelLines } from '../view/tunnel-lines.ts';
import { doctorLines } from '../view/doctor-lines.ts';

function show({ tunnel }: Output<'tunnel.get'>, { terminal: { print, t } }: VerbContext): void {
  for (const line of tunnel === null ? [t('cli.tunnel.none')] : tunnelLines(tunnel, t)) print(line);
}

const document = ({ tunnel }: Output<'tunnel.get'>): unknown => tunnel;

type Managing = 'tunnel.broker' | 'tunnel.join' | 'tunnel.leave';

/** A verb that takes minutes: its steps are told as they end. */
function managing<M extends Managing>(
  confirm: (input: Input<M>, context: VerbContext) => Promise<Input<M>> = async (input) => input,
): Verb<M> {
  let follower: TunnelFollower | null = null;
  return {
    before: async (input, context) => {
      const confirmed = await confirm(input, context);
      follower = await followTunnel(context);
      return confirmed;
    },
    show: async (output, context) => {
      await follower?.finish();
      show(output, context);
    },
    document,
  };
}

/** Without a yes the engine refuses it by name. */
async function confirmLeave(
  input: Input<'tunnel.leave'>,
  { terminal: { t } }: VerbContext,
): Promise<Input<'tunnel.leave'>> {
  const question =
    input.stale === undefined
      ? t('cli.tunnel.leave.ask')
      : t('cli.tunnel.stale.ask', { clusterId: input.stale });
  return input.yes === true || (await ask(question)) ? { ...input, yes: true } : input;
}

export const tunnelVerbs = {
  'tunnel.get': { show, document } satisfies Verb<'tunnel.get'>,
  // commander turns `--no-names` into `names: false`.
  'tunnel.export': { extraFlags: ['no-names'], show, document } satisfies Verb<'tunnel.export'>,
  'tunnel.unexport': { show, document } satisfies Verb<'tunnel.unexport'>,
  'tunnel.broker': managing<'tunnel.broker'>(),
  'tunnel.join': managing<'tunnel.join'>(),
  'tunnel.leave': managing<'tunnel.leave'>(confirmLeave),
  'tunnel.cancel': { show, document } satisfies Verb<'tunnel.cancel'>,
  'tunnel.doctor': {
    show: ({ checks }, { terminal: { print, t } }) => {
      for (const line of doctorLines(checks, t)) print(line);
    },
  } satisfies Verb<'tunnel.doctor'>,
} satisfies { [M in Method]?: Verb<M> };
