import type { Method } from '../../src-shared/commands/registry.ts';
import type { Verb } from '../verb.ts';
import { clusterVerbs } from './cluster.ts';
import { handoffVerbs } from './handoff.ts';
import { housekeepingVerbs } from './housekeeping.ts';
import { pairVerb } from './pair.ts';
import { peerVerbs } from './peer.ts';
import { runtimeVerbs } from './runtime.ts';
import { serviceVerbs } from './service.ts';
import { statusVerb } from './status.ts';
import { tunnelVerbs } from './tunnel.ts';
import { vitalsVerb } from './vitals.ts';
import { wakeVerbs } from './wake.ts';

/** What a verb adds to the plain call; a verb without an entry prints its output as JSON. */
const verbs: { [M in Method]?: Verb<M> } = {
  ...clusterVerbs,
  ...handoffVerbs,
  ...housekeepingVerbs,
  ...peerVerbs,
  ...runtimeVerbs,
  ...tunnelVerbs,
  ...wakeVerbs,
  ...serviceVerbs,
  'pair.open': pairVerb,
  'status.get': statusVerb,
  'vitals.get': vitalsVerb,
};

export function verbFor<M extends Method>(method: M): Verb<M> {
  const verb: Verb<M> | undefined = verbs[method];
  return verb ?? { show: (output, { terminal }) => terminal.document(output) };
}

export function extraFlagsOf(method: Method): readonly string[] {
  return verbs[method]?.extraFlags ?? [];
}
