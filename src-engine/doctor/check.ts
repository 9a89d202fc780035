import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import type { ServiceStatus } from '../../src-shared/commands/service.ts';
import {
  hintKey,
  messageKey,
  translator,
  type MessageKey,
  type Params,
} from '../../src-shared/language/translate.ts';
import type { TandemError } from '../../src-shared/errors/result.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { OwnLink, Peer } from '../../src-shared/world/peer.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';

/** What a check may look at. It changes nothing. */
export interface CheckContext {
  readonly platform: Platform;
  readonly settings: Settings;
  /** Name under which a bad engine.json was set aside, or why it cannot be used now; null when it is fine. */
  readonly settingsProblem: { readonly setAside: string } | { readonly unreadable: string } | null;
  /** Where the container runtime would answer; null when nothing is configured. */
  readonly dockerSocket: string | null;
  /** What the system's service manager says of this home's engine. */
  service(): Promise<ServiceStatus>;
  readonly pair: PairLooks;
  readonly traffic: TrafficLooks;
  readonly tunnel: TunnelLooks;
}

/** What a home's files tell of this Mac's identity and pairing; nothing is made, closed or mended by looking. */
export interface IdentityLook {
  readonly folder: string;
  /** Starts the pin of this Mac's key, as screens show it; null: no key yet. */
  readonly fingerprint: string | null;
  /** Names of what others may read or write: files of the folder, `.` for itself. */
  readonly open: readonly string[];
  readonly paired: boolean;
  /** The first thing that cannot be used, and why. */
  readonly trouble: { readonly path: string; readonly detail: string } | null;
}

/** Looks at the pair, from outside of its room. None of them rejects. */
export interface PairLooks {
  identity(): Promise<IdentityLook>;
  /** What the running engine says of its link; null: none runs, or it does not answer. */
  engine(): Promise<{ readonly link: OwnLink; readonly peer: Peer | null } | null>;
  /** Does macOS keep this program from the local network? Null: not to be told here. */
  localNetworkDenied(): Promise<boolean | null>;
}

/** Looks at front and gate, from outside of their room. None of them rejects. */
export interface TrafficLooks {
  /** What the running engine says; null: none runs, or it does not answer. */
  engine(): Promise<{ readonly traffic: Traffic | null } | null>;
  /** `HOST:PORT` where the gate should be; null: not known. */
  gateAddress(): Promise<string | null>;
  /** Somebody takes a connection there. */
  answers(address: string): Promise<boolean>;
}

/** A look at the tunnel, from outside of its room. It does not reject. */
export interface TunnelLooks {
  /** What the running engine says; null: none runs, or it does not answer. */
  engine(): Promise<{ readonly tunnel: Tunnel | null } | null>;
}

/** One file per check: a name, and a look at the world that ends in one sentence and one action. */
export interface Check {
  readonly name: string;
  run(context: CheckContext): Promise<DoctorCheck>;
}

const english = translator('en');

/** A verdict with its sentence, and what to do unless all is well. */
export function verdict(
  check: string,
  how: DoctorCheck['verdict'],
  sentenceKey: MessageKey,
  params: Params = {},
  actionKey: MessageKey | null = null,
): DoctorCheck {
  return {
    check,
    verdict: how,
    sentence: english(sentenceKey, params),
    action: actionKey === null ? null : english(actionKey, params),
    sentenceKey,
    actionKey,
    params: { ...params },
  };
}

/** An error's own sentence and what to do about it. */
export function problemVerdict(check: string, how: DoctorCheck['verdict'], error: TandemError): DoctorCheck {
  return verdict(check, how, messageKey(error), error.params, hintKey(error));
}
