import { z } from 'zod';
import type { ProbeAnswer } from './probe-client.ts';

const readySchema = z.object({ requests: z.number().int().min(0) });

/** Requests of others than our probes, as the gate counts them at `GATE_READY_PATH`; ready or not. Null: no such answer. */
export function requestsIn(answer: ProbeAnswer): number | null {
  if (answer.status !== 200 && answer.status !== 503) return null;
  try {
    const parsed = readySchema.safeParse(JSON.parse(answer.text));
    return parsed.success ? parsed.data.requests : null;
  } catch {
    return null;
  }
}
