import { z } from 'zod';
import { gateSchema } from '../../src-shared/world/traffic.ts';
import type { NotReady } from './edge-verdict.ts';
import type { ProbeAnswer } from './probe-client.ts';

const readySchema = z.object({
  requests: z.number().int().min(0),
  /** A word that this Tandem does not know yet is none. */
  notReady: gateSchema.shape.notReady.catch(null),
});

/** Requests of others than our probes, as the gate counts them at `GATE_READY_PATH`; ready or not. Null: no such answer. */
export function requestsIn(answer: ProbeAnswer): number | null {
  return documentIn(answer)?.requests ?? null;
}

/** Why the gate is not ready, by its own word; null: it is, or what answered is silent or says nothing of a gate. */
export function notReadyIn(answer: ProbeAnswer): NotReady {
  return answer.status === 503 ? (documentIn(answer)?.notReady ?? null) : null;
}

function documentIn({ status, text }: ProbeAnswer): z.infer<typeof readySchema> | null {
  if (status !== 200 && status !== 503) return null;
  try {
    return readySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
