import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { handsOf, type Parts } from './parts.ts';
import { gather, type Gathered } from './preflight-facts.ts';
import { firstProblem, preflight, type PreflightFacts } from './preflight.ts';
import type { SubmarinerHands } from './ports.ts';
import type { Probed } from './subctl.ts';

/** What a verb stands on: all of it was looked at, and nothing is in its way. */
export interface Ground extends Gathered {
  readonly hands: SubmarinerHands;
  readonly probed: Probed;
}

/** Looks at every line of pre-flight; what was found stays to be read (`tunnel doctor`). */
export async function lookAround(
  parts: Parts,
  verb: PreflightFacts['verb'],
  clusterId: string,
): Promise<Result<Ground>> {
  const { ports, memory, subctl, talk } = parts;
  const [hands, probed, peer, brokerText] = await Promise.all([
    handsOf(parts),
    subctl.probe(verb === 'broker' ? 'deploy-broker' : 'join'),
    talk.ask(),
    memory.brokerText(),
  ]);
  const toolProblem = probed.ok ? null : { code: probed.error.code, params: { ...probed.error.params } };
  const kept = memory.kept();
  const gathered = await gather({ ports, hands, kept, verb, clusterId, toolProblem, peer, brokerText });
  parts.lines = preflight(gathered.facts);
  const wrong = firstProblem(parts.lines);
  if (wrong !== null) return fail(wrong.code, wrong.params);
  if (!probed.ok) return probed;
  return hands === null
    ? fail('apiUnreachable', { name: gathered.facts.cluster?.name ?? '-' })
    : ok({ ...gathered, hands, probed: probed.value });
}
