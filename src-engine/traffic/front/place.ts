import { BlockList, isIP } from 'node:net';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { FrontConfig } from '../ports.ts';
import type { Front } from './front.ts';
import { openListener, type Listener } from './listener.ts';

/** Where a front is reached: one port for clients, or, behind a gateway that deals, one for each side. */
export type Place = Pick<FrontConfig, 'listen' | 'edgeListen' | 'allow'>;

export interface OpenPlace extends Omit<Listener, 'address'> {
  readonly place: Place;
}

export function placeIn({ listen, edgeListen, allow }: Place): Place {
  return {
    listen,
    ...(edgeListen === undefined ? {} : { edgeListen }),
    ...(allow === undefined ? {} : { allow }),
  };
}

/** One of the two cannot be opened while the other is. */
export function sharesPort(one: Place, other: Place): boolean {
  const ports = (place: Place): number[] =>
    [place.listen, place.edgeListen].flatMap((address) => (address === undefined ? [] : [address.port]));
  return ports(one).some((port) => ports(other).includes(port));
}

/** Both ports or none. Errors: those of `openListener`; `badRequest` for a network that is none. */
export async function openPlace(front: Front, wanted: Place): Promise<Result<OpenPlace>> {
  const place = placeIn(wanted);
  const allowed = place.allow === undefined ? ok(null) : networksOf(place.allow);
  if (!allowed.ok) return allowed;
  const { listen, edgeListen } = place;
  const first = await openListener(front, listen, {
    of: edgeListen === undefined ? null : 'core',
    allowed: allowed.value,
  });
  if (!first.ok) return first;
  if (edgeListen === undefined) return ok(openOf(place, [first.value]));
  const second = await openListener(front, edgeListen, { of: 'edge', allowed: allowed.value });
  if (second.ok) return ok(openOf(place, [first.value, second.value]));
  first.value.close();
  first.value.end();
  return second;
}

function openOf(place: Place, listeners: readonly Listener[]): OpenPlace {
  return {
    place,
    close() {
      for (const listener of listeners) listener.close();
    },
    end() {
      for (const listener of listeners) listener.end();
    },
  };
}

function networksOf(allow: readonly string[]): Result<BlockList> {
  const list = new BlockList();
  for (const network of allow) {
    const [address = '', bits = ''] = network.split('/');
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most)
      return fail('badRequest', { detail: `no network: ${network}` });
    list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  }
  return ok(list);
}
