import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { chooseFront, type FrontChoice } from './choose-front.ts';
import { frontConfig } from './front-config.ts';
import { peerPemFile, writeOwnPem } from './pair-files.ts';
import type { FrontConfig } from './ports.ts';
import type { KnownGate, PairFacts, TrafficPorts, TrafficSettings } from './room-ports.ts';

export interface WantedFront {
  readonly choice: FrontChoice;
  readonly config: FrontConfig;
}

/**
 * What the core's front should be, by the settings, what is installed, the pairing and the gate.
 *
 * @param chosen what was chosen by the same setting before: a HAProxy that comes or goes while a front serves does
 *   not change its kind, which would cost requests
 */
export async function wantedFront(
  ports: TrafficPorts,
  gate: KnownGate | null,
  pair: PairFacts | null,
  chosen: FrontChoice | null,
): Promise<Result<WantedFront>> {
  const settings = ports.settings();
  const choice = chosen === null ? await chooseNow(ports, settings.front) : ok(chosen);
  if (!choice.ok) return choice;
  const config = frontConfig(settings, await edgeOf(ports, gate, pair));
  return config.ok ? ok({ choice: choice.value, config: config.value }) : config;
}

/**
 * The front of an earlier engine that lives, as a choice. By itself (`auto`) it stays the choice, whatever could be
 * had now; where a setting wants another kind, `setting` is not that one, and what is wanted is chosen anew.
 */
export async function livingFront(
  ports: TrafficPorts,
): Promise<{ readonly choice: FrontChoice; readonly setting: TrafficSettings['front'] } | null> {
  const kind = await ports.livingFront();
  if (kind === null) return null;
  // Never had by itself: what lives was wanted, and now perhaps is not.
  if (kind === 'gateway-api') return { choice: { kind, why: 'setting' }, setting: kind };
  if (ports.settings().front !== 'auto') return { choice: { kind, why: 'setting' }, setting: kind };
  const now = await chooseNow(ports, 'auto');
  if (now.ok && now.value.kind === kind) return { choice: now.value, setting: 'auto' };
  const why = kind === 'haproxy' ? 'haproxyFound' : 'haproxyMissing';
  return { choice: { kind, why }, setting: 'auto' };
}

async function chooseNow(
  ports: TrafficPorts,
  setting: TrafficSettings['front'],
): Promise<Result<FrontChoice>> {
  const mayBeHaproxy = setting === 'auto' || setting === 'haproxy';
  return chooseFront(setting, mayBeHaproxy ? await ports.findHaproxy() : fail('frontNotFound'));
}

/** Null: nothing can go to the edge, since it never said where its gate is, or it is not the paired Mac any more. */
async function edgeOf(
  { identityFolder }: TrafficPorts,
  gate: KnownGate | null,
  pair: PairFacts | null,
): Promise<Parameters<typeof frontConfig>[1]> {
  if (gate === null || pair === null || pair.peerPin !== gate.pin) return null;
  const own = await writeOwnPem(identityFolder, pair);
  if (!own.ok) return null;
  const tls = { ownPemFile: own.value, peerPemFile: peerPemFile(identityFolder), peerPin: gate.pin };
  return { gate: { host: gate.host, port: gate.port }, tls };
}
