import { z } from 'zod';
import { openRequestSchema } from '../../../src-shared/handoff-messages.ts';
import type { Gate } from './gate.ts';

const count = z.number().int().min(0);

/** What GET /state of a gate answers. */
export const gateDocumentSchema = z.object({
  pid: z.number().int(),
  /** Changes with the process: counts began anew. */
  generation: z.string(),
  /** `HOST:PORT` as bound. */
  listen: z.string(),
  ready: z.boolean(),
  notReady: z.enum(['starting', 'leaving', 'paused', 'upstreamDown', 'stayOut']).nullable(),
  /** Of others than our probes and checks, since it began. */
  requests: count,
  inFlight: count,
  /** The 100 oldest. */
  open: z.array(openRequestSchema),
  probes: count,
  checks: count,
  /** How often the pause guard tripped. */
  trips: count,
  /** Of the core, open now. */
  connections: count,
  upstreamUp: z.boolean().nullable(),
});
export type GateDocument = z.infer<typeof gateDocumentSchema>;

const MOST_OPEN = 100;

export function gateViewOf(gate: Gate): GateDocument {
  const { host, port } = gate.address();
  return {
    pid: process.pid,
    generation: gate.generation,
    listen: `${host}:${port}`,
    ...gate.readiness(),
    requests: gate.requests(),
    inFlight: gate.inFlight(),
    open: gate.open().slice(0, MOST_OPEN),
    ...gate.facts(),
  };
}
