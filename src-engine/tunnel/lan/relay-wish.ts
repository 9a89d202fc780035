import type { ExportsMessage } from '../../../src-shared/tunnel-messages.ts';
import type { PairKeys } from '../ports.ts';
import type { RelayState, RelayWish } from '../relay/relay-config.ts';
import type { HostPlace } from './host-place.ts';
import type { Source } from './sources.ts';

export interface WishParts {
  readonly keys: PairKeys;
  readonly listen: RelayWish['listen'];
  readonly sources: readonly Source[];
  readonly said: ExportsMessage | null;
  /** Null: this Mac's cluster has no way to the relay, or cannot be asked now: nothing new is opened for it. */
  readonly place: HostPlace | null;
  readonly withdrawn: boolean;
  /** Of the relay that runs: its ports are kept, or what the cluster was told would be wrong for a moment. */
  readonly state: RelayState | null;
  /** What was wanted last, for what cannot be seen now. */
  readonly before: RelayWish | null;
}

/** What the relay is to be, from what both Macs export. */
export function relayWish({
  keys,
  listen,
  sources,
  said,
  place,
  withdrawn,
  state,
  before,
}: WishParts): RelayWish {
  const exports = sources.flatMap(({ wanted: { namespace, name }, ports, known }) =>
    known
      ? ports.map(({ port, to }) => ({ namespace, name, port, to }))
      : (before?.exports ?? []).filter((each) => each.namespace === namespace && each.name === name),
  );
  const services = said?.services ?? [];
  // Without a place it cannot be told where: what is open stays so, as long as it is exported over there.
  const imports =
    place === null
      ? (before?.imports ?? []).filter(({ namespace, name, port }) =>
          services.some(
            (each) =>
              each.namespace === namespace &&
              each.name === name &&
              each.ports.some((one) => one.port === port),
          ),
        )
      : services.flatMap(({ namespace, name, ports }) =>
          ports.map(({ port }) => {
            const open = state?.imports.find(
              (each) => each.namespace === namespace && each.name === name && each.port === port,
            );
            return {
              namespace,
              name,
              port,
              listen: { host: place.listenHost, port: open?.listen?.port ?? 0 },
              allow: [...place.allow],
            };
          }),
        );
  return {
    listen,
    tls: { ...keys },
    peer: withdrawn ? null : (said?.relay ?? null),
    exports,
    imports,
  };
}

/** Nothing to carry: no process is needed for it. */
export function isIdle({ exports, imports }: Pick<RelayWish, 'exports' | 'imports'>): boolean {
  return exports.length === 0 && imports.length === 0;
}
