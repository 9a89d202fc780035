import type { Server } from 'node:http';
import { z } from 'zod';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import {
  invalid,
  openControlServer,
  type ControlAnswer,
  type ControlServer,
} from '../process/control-server.ts';
import { gateViewOf } from './gate-document.ts';
import { gateWishSchema, type GateWish, type Told } from './gate-config.ts';
import type { Gate } from './gate.ts';

export interface ControlPorts {
  readonly gate: Gate;
  /** Tells the gate and writes it down: a restart comes back so. */
  tell(told: Told): Promise<void>;
  use(wish: GateWish): Promise<Problem | null>;
  stop(): void;
}

const readySchema = z.object({ ready: z.boolean(), why: z.enum(['leaving', 'stayOut']).nullable() });

/** The gate's control: GET /state, POST /ready, /cut, /config and /stop. */
export function openGateControl(ports: ControlPorts, socketPath: string): Promise<Server> {
  return openControlServer({
    socketPath,
    acts: actsOf(ports),
    // A word that waited in the socket while this process was paused is of before: "ready" would undo the guard.
    before: (asked) =>
      ports.gate.pausedNow() && asked.startsWith('POST ') && asked !== 'POST /stop'
        ? { status: 409, body: { paused: true } }
        : null,
  });
}

function actsOf(ports: ControlPorts): ControlServer['acts'] {
  const { gate } = ports;
  const state = (): ControlAnswer => ({ status: 200, body: gateViewOf(gate) });
  return new Map<string, (body: unknown) => ControlAnswer | Promise<ControlAnswer>>([
    ['GET /state', state],
    [
      'POST /ready',
      async (body) => {
        const wanted = readySchema.safeParse(body);
        if (!wanted.success) return invalid;
        const { ready, why } = wanted.data;
        await ports.tell(ready ? null : (why ?? 'stayOut'));
        return state();
      },
    ],
    ['POST /cut', () => ({ status: 200, body: { cut: gate.cut() } })],
    [
      'POST /config',
      async (body) => {
        const wish = gateWishSchema.safeParse(body);
        if (!wish.success) return invalid;
        const problem = await ports.use(wish.data);
        return problem === null ? state() : { status: 409, body: { problem } };
      },
    ],
    [
      'POST /stop',
      () => {
        setImmediate(ports.stop);
        return state();
      },
    ],
  ]);
}
