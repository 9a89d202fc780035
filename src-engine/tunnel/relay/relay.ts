import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { End } from './end.ts';
import { hearLine, openAnswerSchema, sayLine } from './greeting.ts';
import { openImportPort, type ImportPort, type ImportWish } from './import-port.ts';
import { openLooks, type Looks } from './looks.ts';
import { dialPeer, openPeerDoor, type PeerDoor, type PeerKeys } from './peer-wire.ts';
import { keyOf, type RelayState, type RelayWish } from './relay-config.ts';
import { OPEN_MS, servePeer, type Serving } from './serve-peer.ts';
import { upstreamHealth, type OpenPod, type UpstreamHealth } from './upstream.ts';

export interface RelayParts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly openPod: OpenPod;
  /** Compares the key of a certificate with a pin. */
  peerKey(pin: string): PeerKeys['isPeer'];
  /** What keeps it from listening. */
  listenProblem(error: unknown, listen: { readonly host: string; readonly port: number }): Problem;
}

/** The relay inside its process: what the other Mac may reach here, and what this Mac's cluster may reach there. */
export interface Relay {
  /** Becomes what is wanted; what goes on unchanged keeps its connections. */
  use(wish: RelayWish, pem: string): Promise<void>;
  state(): RelayState;
  close(): void;
}

interface Inside {
  readonly parts: RelayParts;
  wish: RelayWish | null;
  keys: PeerKeys;
  door: PeerDoor | null;
  problem: Problem | null;
  imports: ImportPort[];
  refused: number;
  readonly health: UpstreamHealth;
  readonly serving: Serving;
  readonly looks: Looks;
}

export function createRelay(parts: RelayParts): Relay {
  const health = upstreamHealth(parts.clock.monotonicMs);
  const inside: Inside = {
    parts,
    wish: null,
    keys: { pem: '', isPeer: () => false },
    door: null,
    problem: null,
    imports: [],
    refused: 0,
    health,
    serving: servePeer({
      scheduler: parts.scheduler,
      health,
      openPod: parts.openPod,
      exports: () => inside.wish?.exports ?? [],
      refused: () => void (inside.refused += 1),
    }),
    looks: openLooks({
      scheduler: parts.scheduler,
      monotonicMs: parts.clock.monotonicMs,
      wall: parts.clock.wall,
      dial: () => dial(inside),
    }),
  };
  return {
    use: (wish, pem) => use(inside, wish, pem),
    state: () => stateOf(inside),
    close() {
      inside.door?.close();
      inside.serving.cutAll();
      for (const port of inside.imports) port.close();
      inside.looks.dispose();
    },
  };
}

async function use(inside: Inside, wish: RelayWish, pem: string): Promise<void> {
  const { parts, wish: before } = inside;
  if (before?.tls.peerPin !== wish.tls.peerPin || inside.keys.pem !== pem)
    inside.keys = { pem, isPeer: parts.peerKey(wish.tls.peerPin) };
  inside.wish = wish;
  // First: who was unpaired may not stay, and what is not exported any more is not served.
  if (before !== null && before.tls.peerPin !== wish.tls.peerPin) {
    inside.serving.cutAll();
    for (const port of inside.imports) port.cut();
  }
  inside.serving.cutUnexported();
  if (!isDeepStrictEqual(before?.peer, wish.peer)) {
    for (const port of inside.imports) port.cut();
    inside.looks.restart(wish.peer !== null);
  }
  await useDoor(inside, before?.listen ?? null, wish.listen);
  await useImports(inside, wish.imports);
}

async function useDoor(
  inside: Inside,
  before: RelayWish['listen'],
  listen: RelayWish['listen'],
): Promise<void> {
  if (isDeepStrictEqual(before, listen) && (inside.door !== null || listen === null)) return;
  inside.door?.close();
  inside.door = null;
  inside.problem = null;
  if (listen === null) return;
  try {
    inside.door = await openPeerDoor(
      listen,
      () => inside.keys,
      () => inside.wish?.peer?.host ?? null,
      (end) => void inside.serving.enter(end),
      () => void (inside.refused += 1),
    );
  } catch (error) {
    inside.problem = inside.parts.listenProblem(error, listen);
  }
}

async function useImports(inside: Inside, wanted: readonly ImportWish[]): Promise<void> {
  const stays = (port: ImportPort): boolean =>
    port.problem === null && wanted.some((wish) => isFor(port, wish));
  for (const port of inside.imports) if (!stays(port)) port.close();
  const kept = inside.imports.filter(stays);
  const missing = wanted.filter((wish) => !kept.some((port) => isFor(port, wish)));
  const opened = await Promise.all(
    missing.map((wish) => openImportPort(wish, (service) => openThere(inside, service))),
  );
  inside.imports = [...kept, ...opened];
}

/** It listens as wanted already: on that port, or on any. */
function isFor({ wish, listen }: ImportPort, wanted: ImportWish): boolean {
  const isSame = keyOf(wish) === keyOf(wanted) && isDeepStrictEqual(wish.allow, wanted.allow);
  const { host, port } = wanted.listen;
  return isSame && listen?.host === host && (port === 0 || port === listen.port || port === wish.listen.port);
}

async function dial({ wish, keys }: Inside): Promise<End | null> {
  const peer = wish?.peer ?? null;
  return peer === null ? null : dialPeer(peer, keys);
}

async function openThere(inside: Inside, { namespace, name, port }: ImportWish): Promise<End | null> {
  const end = await dial(inside);
  if (end === null) return null;
  sayLine(end.stream, { ask: 'open', namespace, name, port });
  const answer = await hearLine(end.stream, openAnswerSchema, inside.parts.scheduler, OPEN_MS);
  if (answer?.ok === true) return end;
  end.reset();
  return null;
}

function stateOf({ wish, door, problem, looks, serving, health, imports, refused }: Inside): RelayState {
  return {
    pid: process.pid,
    listen: door?.address ?? null,
    problem,
    look: looks.last(),
    services: looks.services(),
    exports: (wish?.exports ?? []).map(({ namespace, name, port }) => ({
      namespace,
      name,
      port,
      healthy: health.last(keyOf({ namespace, name, port })),
      connections: serving.connections({ namespace, name, port }),
    })),
    imports: imports.map(({ wish: { namespace, name, port }, listen, problem: why, connections }) => ({
      namespace,
      name,
      port,
      listen,
      problem: why,
      connections: connections(),
    })),
    refused,
  };
}
