import type { Result } from '../../../src-shared/errors/result.ts';
import type { Settings } from '../../../src-shared/settings.ts';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Address, FrontAdapter } from '../ports.ts';
import type { Gateway, GatewayClass, Route } from './gateway-objects.ts';

/** What the Gateway API adapter needs of the world. Types only. */

/**
 * What the API made of a question. `changed`: somebody was quicker (409), or a test of a patch did not hold (422).
 * `detail`: its own words.
 */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly why: 'absent' | 'changed' | 'forbidden' | 'refused' | 'noAnswer';
      readonly detail: string;
    };

export interface ObjectPlace {
  readonly namespace: string;
  readonly name: string;
}

/** A step of a JSON Patch (RFC 6902). */
export type PatchStep =
  | { readonly op: 'test' | 'replace' | 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A Service of ours without a selector, and where its one endpoint is. IPv4. */
export interface Backend {
  readonly name: string;
  readonly port: number;
  readonly to: { readonly address: string; readonly port: number };
}

/** The cluster's API, as far as a front needs it. Nothing here decides. */
export interface GatewayHands {
  /** Versions in which the API has `gateway.networking.k8s.io`; none when it does not know it. */
  versions(): Promise<Answer<readonly string[]>>;
  /** Kinds that this version has, by their plural. */
  kinds(version: string): Promise<Answer<readonly string[]>>;
  gateways(): Promise<Answer<readonly Gateway[]>>;
  gatewayClass(name: string): Promise<Answer<GatewayClass>>;
  route(place: ObjectPlace): Promise<Answer<Route>>;
  createRoute(place: ObjectPlace, body: object): Promise<Answer<Route>>;
  patchRoute(place: ObjectPlace, steps: readonly PatchStep[]): Promise<Answer<Route>>;
  /** That very one, and not another of its name. */
  removeRoute(place: ObjectPlace, uid: string): Promise<Answer<unknown>>;
}

/** Where the passage listens for the cluster's network, and how that reaches it. */
export interface PassagePlace {
  readonly listenHost: string;
  readonly seenAs: string;
  /** `ADDRESS/BITS`. */
  readonly allow: readonly string[];
}

export type GatewaySettings = Settings['traffic']['gateway'];

export interface GatewayPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  settings(): GatewaySettings;
  /** For sentences: what the cluster is called. */
  clusterName(): string;
  /** The embedded front's program under another name: it takes what the gateway deals. */
  readonly passage: FrontAdapter;
  /** One that an earlier engine left runs. */
  passageLives(): Promise<boolean>;
  /** `podsCannotReach {provider}`. */
  place(): Promise<Result<PassagePlace>>;
  /** `apiUnreachable {name}`, and why there is no kubeconfig. */
  hands(): Promise<Result<GatewayHands>>;
  /**
   * Makes the Services of ours in that namespace these, with a slice each, and touches nothing else; level-triggered.
   *
   * @returns `serviceTaken`, `namespaceMissing`, `apiUnreachable`
   */
  keepBackends(namespace: string, backends: readonly Backend[]): Promise<Result<void>>;
  /** Somebody takes connections there. */
  answers(address: Address): Promise<boolean>;
  note(what: string, evidence: Readonly<Record<string, unknown>>): void;
}
