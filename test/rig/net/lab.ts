import {
  CORE_ADDRESS,
  EDGE_ADDRESS,
  GATEWAY_ADDRESS,
  makeNamespace,
  sweepLeftovers,
  type Namespace,
} from './namespaces.ts';
import { startWire, type Wire } from './wire.ts';

/** Three hosts on one wire: the two Macs, and what stands where the router does. */
export interface Lab {
  readonly core: Namespace;
  readonly edge: Namespace;
  /** Always there, so that strangers have a place; only with `gateway` do the Macs have a route to it. */
  readonly gateway: Namespace;
  readonly wire: Wire;
  close(): Promise<void>;
}

/** @param options.gateway false: two Macs on a network without a router */
export async function openLab(options: { readonly gateway: boolean }): Promise<Lab> {
  sweepLeftovers();
  const spaces: Namespace[] = [];
  const make = (end: string): Namespace => {
    const space = makeNamespace(end);
    spaces.push(space);
    return space;
  };
  const remove = (): void => spaces.forEach((space) => space.remove());
  try {
    const [core, edge, gateway] = [make('core'), make('edge'), make('gateway')];
    const wire = await startWire({ core: core.name, edge: edge.name, gateway: gateway.name });
    const way = options.gateway ? GATEWAY_ADDRESS : null;
    core.connect(CORE_ADDRESS, way);
    edge.connect(EDGE_ADDRESS, way);
    gateway.connect(GATEWAY_ADDRESS, null);
    const close = async (): Promise<void> => {
      await wire.stop();
      remove();
    };
    return { core, edge, gateway, wire, close };
  } catch (error) {
    remove();
    throw error;
  }
}
