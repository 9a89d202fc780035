import { isDeepStrictEqual } from 'node:util';
import type { ExportedService } from '../../../src-shared/tunnel-messages.ts';
import type { Found, OwnService, OwnSlice } from '../ports.ts';
import type { RelayState } from '../relay/relay-config.ts';

/** What our Services are called: a Service of the same name may be the cluster's own, and is never touched. */
export const OWN_PREFIX = 'tandem-';

export interface OwnObjects<Service = OwnService, Slice = OwnSlice> {
  readonly services: readonly Service[];
  readonly slices: readonly Slice[];
}

/**
 * A Service without a selector for each import, and a slice that leads to this Mac's relay. A slice whose relay does not
 * listen yet is left as it is: there is nothing to say.
 *
 * @param seenAs where the cluster reaches the relay
 * @param serves does the other Mac serve this one now?
 */
export function ownObjects(
  imports: readonly ExportedService[],
  state: Pick<RelayState, 'imports'> | null,
  seenAs: string,
  serves: (service: ExportedService) => boolean,
): OwnObjects {
  const named = imports.map((service) => ({ service, name: `${OWN_PREFIX}${service.name}` }));
  return {
    services: named.map(({ service: { namespace, ports }, name }) => ({ namespace, name, ports })),
    slices: named.flatMap(({ service, name }) => {
      const ports = service.ports.map(({ name: portName, port }) => ({
        name: portName,
        port: relayPort(state, service, port),
      }));
      if (ports.some(({ port }) => port === null)) return [];
      const listening = ports.map(({ name: portName, port }) => ({ name: portName, port: port ?? 0 }));
      return [
        { namespace: service.namespace, name, ports: listening, address: seenAs, ready: serves(service) },
      ];
    }),
  };
}

function relayPort(
  state: Pick<RelayState, 'imports'> | null,
  { namespace, name }: ExportedService,
  port: number,
): number | null {
  const found = state?.imports.find(
    (each) => each.namespace === namespace && each.name === name && each.port === port,
  );
  return found?.listen?.port ?? null;
}

export type Change =
  | { readonly kind: 'writeService'; readonly wanted: OwnService; readonly over: Found<OwnService> | null }
  | { readonly kind: 'writeSlice'; readonly wanted: OwnSlice; readonly over: Found<OwnSlice> | null }
  | { readonly kind: 'removeService'; readonly found: Found<OwnService> }
  | { readonly kind: 'removeSlice'; readonly found: Found<OwnSlice> };

/** What makes the one the other. A Service comes before its slice, and goes after it. */
export function changesTo(
  wanted: OwnObjects,
  found: OwnObjects<Found<OwnService>, Found<OwnSlice>>,
): readonly Change[] {
  const services = wanted.services.flatMap((each): Change[] => {
    const over = found.services.find((one) => isSame(one, each)) ?? null;
    return over !== null && isDeepStrictEqual(over.ports, each.ports)
      ? []
      : [{ kind: 'writeService', wanted: each, over }];
  });
  const slices = wanted.slices.flatMap((each): Change[] => {
    const over = found.slices.find((one) => isSame(one, each)) ?? null;
    return over !== null && isDeepStrictEqual(meaning(over), meaning(each))
      ? []
      : [{ kind: 'writeSlice', wanted: each, over }];
  });
  // A Service that is wanted keeps its slice, though nothing can be said of it now.
  const isWanted = (one: OwnService): boolean => wanted.services.some((each) => isSame(each, one));
  return [
    ...services,
    ...slices,
    ...found.slices
      .filter((one) => !isWanted(one))
      .map((one): Change => ({ kind: 'removeSlice', found: one })),
    ...found.services
      .filter((one) => !isWanted(one))
      .map((one): Change => ({ kind: 'removeService', found: one })),
  ];
}

const isSame = (one: OwnService, other: OwnService): boolean =>
  one.namespace === other.namespace && one.name === other.name;

const meaning = ({ ports, address, ready }: OwnSlice) => ({ ports, address, ready });
