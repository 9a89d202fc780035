import type { Identity } from '../../../src-engine/link/ports.ts';
import { asTandem, attackTls, manyAddresses, type Attack } from './attacker.ts';
import { helloData, makeIdentity, pairedWith, pause, testMac, until, type TestMac } from './mac.ts';

/** A core that listens, with the session of its edge, and the keys that an attack may have. */
export interface Victim {
  readonly core: TestMac;
  readonly edge: TestMac;
  readonly port: number;
  /** The paired edge's: who holds it is the edge. */
  readonly friend: Identity;
  readonly stranger: Identity;
  /** An address that nobody attacked from yet. */
  freshAddress(): string;
  /** Says what is wrong with the good session; null when it is as it was. */
  harmed(): Promise<string | null>;
  dispose(): Promise<void>;
}

let addresses = 1;

export async function makeVictim(): Promise<Victim> {
  const core = testMac(makeIdentity(), helloData({ role: 'core', appStartId: 'core-1' }));
  const edge = testMac(makeIdentity(), helloData({ role: 'edge', appStartId: 'edge-1' }));
  const listening = await core.sessions.listen('127.0.0.1', 0);
  if (!listening.ok) throw new Error(listening.error.code);
  const { port } = listening.value;
  core.sessions.setPeer(pairedWith(edge.identity, { role: 'edge', minor: 2 }));
  edge.candidates = [{ host: '127.0.0.1', port }];
  edge.sessions.setPeer(pairedWith(core.identity, { role: 'core', minor: 2 }));
  await until(() => core.stood.length > 0 && edge.stood.length > 0);
  const good = core.sessions.current();
  return {
    core,
    edge,
    port,
    friend: edge.identity,
    stranger: makeIdentity(),
    freshAddress: () => `127.0.7.${(addresses += 1)}`,
    async harmed() {
      if (good === null || core.sessions.current() !== good) return 'another session is current';
      if (core.stood.length !== 1 || core.ends.length > 0) return 'the good session did not stand still';
      const before = core.frames.length;
      edge.sessions.current()?.send({ type: 'HANDOFF', payload: before });
      if (!(await until(() => core.frames.length === before + 1, 2000))) return 'the good session is dead';
      core.frames.pop();
      return core.frames.length > 0 ? 'a frame got in' : null;
    },
    async dispose() {
      await Promise.all([core.sessions.dispose(), edge.sessions.dispose()]);
    },
  };
}

export const aHello = (over: Parameters<typeof helloData>[0] = {}): object => ({
  type: 'HELLO',
  port: null,
  hello: helloData({ appStartId: 'evil', ...over }),
});

/** Says HELLO as soon as it may. */
export function attackWithHello(
  victim: Victim,
  options: Parameters<typeof attackTls>[1],
  hello: object = aHello(),
): Attack {
  const attack = attackTls(victim.port, options, victim.freshAddress());
  attack.socket.once('secureConnect', () => attack.send(hello));
  return attack;
}

/** Null when the attack was closed within the limit and heard nothing at all. */
export async function silentlyRefused(attack: Attack, limitMs = 1500): Promise<string | null> {
  const closed = await until(attack.closed, limitMs);
  if (!closed) return 'it was not closed';
  if (attack.heard.length > 0) return `it was answered with ${JSON.stringify(attack.heard[0])}`;
  return null;
}

/** An authenticated connection with the friend's key; of a victim of its own, because it supersedes the good one. */
export async function enter(victim: Victim): Promise<Attack> {
  const attack = attackWithHello(victim, asTandem(victim.friend));
  await until(() => attack.heard.length > 0);
  if (attack.heard[0]?.['type'] !== 'WELCOME') throw new Error('the friend was not welcomed');
  return attack;
}

/** Where loopback has one address, a case must not be counted with the one before. */
export const settleDown = (): Promise<void> => (manyAddresses ? Promise.resolve() : pause(1100));
