import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { noteBefore, type Before } from './memory.ts';
import type { Parts } from './parts.ts';
import type { SubmarinerHands } from './ports.ts';
import { BROKER_NAMESPACE, OPERATOR_NAMESPACE } from './preflight-facts.ts';

/** The object by which a cluster is joined stands in it. Null: no answer, or none that this Tandem reads. */
export async function isJoined(hands: SubmarinerHands): Promise<boolean | null> {
  const listed = await hands.list('submariners', OPERATOR_NAMESPACE);
  if (listed.kind === 'items') return listed.items.length > 0;
  return listed.kind === 'absent' ? false : null;
}

/**
 * Notes what stands before a verb changes anything, so that its undo leaves that alone. `apiUnreachable` when not all of it
 * can be told: an unknown is no "was not there".
 */
export async function noteStanding(
  { ports, memory }: Pick<Parts, 'ports' | 'memory'>,
  hands: SubmarinerHands,
): Promise<Result<Pick<Before, 'brokerNamespace' | 'operatorNamespace' | 'submariner'>>> {
  const [brokerNamespace, operatorNamespace, submariner] = await Promise.all([
    hands.hasNamespace(BROKER_NAMESPACE),
    hands.hasNamespace(OPERATOR_NAMESPACE),
    isJoined(hands),
  ]);
  if (brokerNamespace === null || operatorNamespace === null || submariner === null)
    return fail('apiUnreachable', { name: ports.cluster()?.name ?? '-' });
  const stands = { brokerNamespace, operatorNamespace, submariner };
  noteBefore(memory, stands);
  return ok(stands);
}
