import type { Scheduler } from '../../platform/clock.ts';
import { carry, type End } from './end.ts';
import { askSchema, hearLine, sayLine, type Ask } from './greeting.ts';
import { keyOf, type RelayWish, type ServicePort } from './relay-config.ts';
import { openUpstream, type OpenPod, type UpstreamHealth } from './upstream.ts';

export type ExportWish = RelayWish['exports'][number];

/** A question comes with the connection, the next look a second later: who says nothing for longer is gone. */
const SILENCE_MS = 30_000;

/** Whoever asks waits so long for a service to open (relay.ts). */
export const OPEN_MS = 5000;

export interface ServingPorts {
  readonly scheduler: Scheduler;
  readonly health: UpstreamHealth;
  readonly openPod: OpenPod;
  exports(): readonly ExportWish[];
  refused(): void;
}

export interface Serving {
  /** Serves a connection of the other Mac until it ends. */
  enter(end: End): Promise<void>;
  connections(service: ServicePort): number;
  /** Resets what is carried to what is not exported any more. */
  cutUnexported(): void;
  cutAll(): void;
}

interface Inside {
  readonly ports: ServingPorts;
  /** Connections of the other Mac, and what each is carried to; null: it only asks. */
  readonly held: Map<End, string | null>;
  /** By the service's key: how often it was opened. */
  readonly turns: Map<string, number>;
}

/** The exporting side: nothing but what is exported, to nobody but the other Mac. */
export function servePeer(ports: ServingPorts): Serving {
  const inside: Inside = { ports, held: new Map(), turns: new Map() };
  const { held } = inside;
  return {
    async enter(end) {
      held.set(end, null);
      await converse(inside, end).finally(() => held.delete(end));
    },
    connections: (service) => [...held.values()].filter((key) => key === keyOf(service)).length,
    cutUnexported() {
      for (const [end, key] of held) if (key !== null && exported(inside, key) === undefined) end.reset();
    },
    cutAll() {
      for (const end of held.keys()) end.reset();
    },
  };
}

const exported = ({ ports }: Inside, key: string): ExportWish | undefined =>
  ports.exports().find((each) => keyOf(each) === key);

async function converse(inside: Inside, end: End): Promise<void> {
  for (;;) {
    const ask: Ask | null = await hearLine(end.stream, askSchema, inside.ports.scheduler, SILENCE_MS);
    if (ask === null) return end.reset();
    if (ask.ask === 'open') return open(inside, end, ask);
    await answerLook(inside.ports, end);
  }
}

async function open(inside: Inside, end: End, service: ServicePort): Promise<void> {
  const { ports, held, turns } = inside;
  const key = keyOf(service);
  const found = exported(inside, key);
  if (found === undefined) {
    ports.refused();
    sayLine(end.stream, { ok: false });
    return end.reset();
  }
  held.set(end, key);
  const turn = (turns.get(key) ?? 0) + 1;
  turns.set(key, turn);
  let isLate = false;
  const limit = ports.scheduler.after(OPEN_MS, () => void (isLate = true));
  const isWanted = (): boolean => !isLate && !end.stream.destroyed;
  const upstream = await openUpstream(found.to, ports.openPod, turn, isWanted);
  limit.dispose();
  if (upstream === null || end.stream.destroyed) {
    sayLine(end.stream, { ok: false });
    upstream?.reset();
    return end.reset();
  }
  sayLine(end.stream, { ok: true });
  await carry(end, upstream);
}

async function answerLook({ exports, health }: ServingPorts, end: End): Promise<void> {
  const services = await Promise.all(
    exports().map(async ({ namespace, name, port, to }) => ({
      namespace,
      name,
      port,
      healthy: await health.healthy(keyOf({ namespace, name, port }), to),
    })),
  );
  sayLine(end.stream, { services });
}
