import { randomBytes } from 'node:crypto';
import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { Scheduler } from '../../platform/clock.ts';
import type { HelloData } from '../ports.ts';
import { errorSchema, helloSchema, trimHello, welcomeSchema } from './frames.ts';
import { CAP_AFTER_WELCOME_BYTES } from './framing.ts';
import { agree, seenFromHere, versionName, type Agreement, type MinorRange } from './version.ts';
import type { Wire } from './wire.ts';

/** HELLO and WELCOME. A connection is one only after WELCOME: a TLS 1.3 client is "connected" before it is refused. */
export interface Welcomed {
  readonly wire: Wire;
  readonly incoming: boolean;
  readonly sessionId: bigint;
  readonly peer: HelloData;
  readonly minor: number;
  /** Where the other Mac listens; null when it did not say. */
  readonly remotePort: number | null;
}

export type Greeted =
  | { readonly kind: 'welcomed'; readonly welcomed: Welcomed }
  | { readonly kind: 'refused'; readonly error: TandemError }
  /** Not a word of it was a HELLO or a WELCOME, or the connection ended first. */
  | { readonly kind: 'failed'; readonly why: 'closed' | 'late' | 'badFrame' };

export interface Introduction {
  readonly hello: HelloData;
  /** Where this Mac listens; null while it does not. */
  readonly ownPort: number | null;
  /** The highest minor version agreed with this peer. */
  readonly ratchet: number;
}

const rangeOf = (hello: { protoMin: number; protoMax: number }): MinorRange => ({
  min: hello.protoMin,
  max: hello.protoMax,
});

/**
 * The dialler's half. `done` is called once, inside the frame that decides, so that what follows it in the
 * same chunk meets the session already.
 */
export function greet(
  wire: Wire,
  intro: Introduction,
  scheduler: Scheduler,
  limitMs: number,
  done: (greeted: Greeted) => void,
): void {
  const settle = once(done);
  const late = scheduler.after(limitMs, () => {
    settle({ kind: 'failed', why: 'late' });
    wire.destroy();
  });
  wire.onClose(() => {
    late.dispose();
    settle({ kind: 'failed', why: 'closed' });
  });
  wire.onFrame((frame) => {
    late.dispose();
    const greeted = readWelcome(wire, intro, frame);
    if (greeted.kind === 'welcomed') wire.setCap(CAP_AFTER_WELCOME_BYTES);
    settle(greeted);
    if (greeted.kind !== 'welcomed') wire.destroy();
  });
  wire.send({ type: 'HELLO', port: intro.ownPort, hello: trimHello(intro.hello) });
}

function readWelcome(wire: Wire, intro: Introduction, frame: unknown): Greeted {
  const refusal = errorSchema.safeParse(frame);
  if (refusal.success) return refusedBy(refusal.data, intro.hello);
  const parsed = welcomeSchema.safeParse(frame);
  if (!parsed.success) return { kind: 'failed', why: 'badFrame' };
  const { minor, sessionId } = parsed.data;
  const { min, max } = rangeOf(intro.hello);
  // The choice is checked as if it were the only version that the other side speaks.
  const agreement = agree({ min, max }, { min: minor, max: minor }, intro.ratchet);
  if (!agreement.ok) return tooOld(agreement);
  const peer = parsed.data.hello;
  const id = BigInt(`0x${sessionId}`);
  return {
    kind: 'welcomed',
    welcomed: { wire, incoming: false, sessionId: id, peer, minor, remotePort: null },
  };
}

function refusedBy(
  error: { code: string; params: Record<string, string | number> },
  hello: HelloData,
): Greeted {
  if (error.code !== 'peerIsOld' && error.code !== 'selfIsOld') return { kind: 'failed', why: 'closed' };
  const theirs = typeof error.params['max'] === 'number' ? versionName(error.params['max']) : '?';
  const params = { theirs, ours: versionName(hello.protoMax) };
  return { kind: 'refused', error: { code: seenFromHere(error.code), params } };
}

function tooOld({ code, params }: Extract<Agreement, { ok: false }>): Greeted {
  return { kind: 'refused', error: { code, params } };
}

/** The listener's half; whoever is late is sent away by the listener, who counts from the connection on. */
export function answer(wire: Wire, intro: Introduction, done: (greeted: Greeted) => void): void {
  const settle = once(done);
  wire.onClose(() => settle({ kind: 'failed', why: 'closed' }));
  wire.onFrame((frame) => {
    const greeted = readHello(wire, intro, frame);
    settle(greeted);
    if (greeted.kind === 'failed') wire.destroy();
    if (greeted.kind === 'refused') wire.close();
  });
}

function readHello(wire: Wire, intro: Introduction, frame: unknown): Greeted {
  const parsed = helloSchema.safeParse(frame);
  if (!parsed.success) return { kind: 'failed', why: 'badFrame' };
  const ours = rangeOf(intro.hello);
  const agreement = agree(ours, rangeOf(parsed.data.hello), intro.ratchet);
  if (!agreement.ok) {
    wire.send({ type: 'ERROR', code: agreement.code, fatal: true, params: { ...ours } });
    return tooOld(agreement);
  }
  const { minor } = agreement;
  const sessionId = randomBytes(8);
  const said = {
    type: 'WELCOME',
    minor,
    sessionId: sessionId.toString('hex'),
    hello: trimHello(intro.hello),
  };
  if (!wire.send(said)) return { kind: 'failed', why: 'closed' };
  wire.setCap(CAP_AFTER_WELCOME_BYTES);
  const peer = parsed.data.hello;
  const remotePort = parsed.data.port;
  const id = sessionId.readBigUInt64BE();
  return { kind: 'welcomed', welcomed: { wire, incoming: true, sessionId: id, peer, minor, remotePort } };
}

function once(done: (greeted: Greeted) => void): (greeted: Greeted) => void {
  let called = false;
  return (greeted) => {
    if (called) return;
    called = true;
    done(greeted);
  };
}
