import type { Scheduler } from '../../../src-engine/platform/clock.ts';
import { systemClock, systemScheduler } from '../../../src-engine/platform/clock.ts';
import { silentLog } from '../../../src-engine/platform/log.ts';
import { certificateOf, keyPemOf, makeKey } from '../../../src-engine/link/identity/certificate.ts';
import { pinOfKey } from '../../../src-engine/link/identity/pin.ts';
import type {
  Frame,
  HelloData,
  Identity,
  PairedPeer,
  Session,
  SessionEnd,
} from '../../../src-engine/link/ports.ts';
import { createSessions, type LinkSessions } from '../../../src-engine/link/session/sessions.ts';
import type { TandemError } from '../../../src-shared/errors/result.ts';

export function makeIdentity(): Identity {
  const key = makeKey();
  return { keyPem: keyPemOf(key), certificatePem: certificateOf(key), pin: pinOfKey(key) };
}

export function helloData(over: Partial<HelloData> = {}): HelloData {
  return {
    protoMin: 0,
    protoMax: 2,
    app: '0.1.0',
    name: 'Test Mac',
    role: 'edge',
    bootId: 'boot-1',
    appStartId: 'start-1',
    uptimeSeconds: 100,
    pauses: [],
    gaps: [],
    lastSeqSeen: null,
    features: [],
    ...over,
  };
}

export function pairedWith(identity: Identity, over: Partial<PairedPeer> = {}): PairedPeer {
  return {
    pin: identity.pin,
    name: 'Other Mac',
    role: 'edge',
    pairedAt: '2026-01-01T00:00:00.000Z',
    address: '127.0.0.1',
    port: 1,
    minor: 1,
    homeRouters: [null],
    refusedRouters: [],
    ...over,
  };
}

/** One end of the link with everything that it told, in order. */
export interface TestMac {
  readonly identity: Identity;
  readonly sessions: LinkSessions;
  readonly stood: Session[];
  readonly ends: SessionEnd[];
  readonly frames: Frame[];
  readonly refused: TandemError[];
  readonly minors: number[];
  /** Where it dials; changed as a test goes. */
  candidates: { host: string; port: number }[];
  hello: HelloData;
}

export function testMac(
  identity = makeIdentity(),
  hello = helloData(),
  scheduler: Scheduler = systemScheduler,
): TestMac {
  const told = {
    stood: [] as Session[],
    ends: [] as SessionEnd[],
    frames: [] as Frame[],
    refused: [] as TandemError[],
    minors: [] as number[],
  };
  const sessions = createSessions({
    identity,
    clock: systemClock,
    scheduler,
    log: silentLog,
    hello: () => mac.hello,
    candidates: () => mac.candidates,
    events: {
      onSession: (session) => void told.stood.push(session),
      onEnd: (how) => void told.ends.push(how),
      onFrame: (frame) => void told.frames.push(frame),
      onRefused: (error) => void told.refused.push(error),
    },
    rememberMinor: (minor) => void told.minors.push(minor),
  });
  const mac: TestMac = { identity, sessions, ...told, candidates: [], hello };
  return mac;
}

/** Waits until `holds`, at most `limitMs`; false when it never did. */
export async function until(holds: () => boolean, limitMs = 3000): Promise<boolean> {
  const limit = performance.now() + limitMs;
  while (!holds() && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 5));
  return holds();
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
