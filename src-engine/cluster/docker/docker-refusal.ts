import type { TandemError } from '../../../src-shared/errors/result.ts';

/**
 * What Docker refused, by name: of the daemon's answer, or of what its command line printed, in any version
 * (recordings of kind, notes 5 and 8). Null: words that are not known here.
 */
export function refusal(text: string): TandemError | null {
  if (text.includes('Cannot connect to the Docker daemon')) return { code: 'dockerDown', params: {} };
  if (/permission denied while trying to connect to the (?:Docker daemon|docker API)/i.test(text))
    return { code: 'dockerDenied', params: {} };
  return portRefusal(text) ?? networkRefusal(text) ?? otherRefusal(text);
}

/** "port is already allocated": a container holds it. "address already in use": a process does. */
function portRefusal(text: string): TandemError | null {
  const taken =
    /(?:Bind for|listen (?:tcp|udp)[46]?) \S*:(\d+)(?: failed)?: (?:(port is already allocated)|bind: address already in use)/.exec(
      text,
    );
  if (taken !== null) {
    const [, port = '', byContainer] = taken;
    return {
      code: 'portTaken',
      params: { port, ...(byContainer === undefined ? {} : { why: 'container' }) },
    };
  }
  const foreign = /listen (?:tcp|udp)[46]? (\S+):\d+: bind: cannot assign requested address/.exec(text)?.[1];
  return foreign === undefined ? null : { code: 'addressNotHere', params: { address: foreign } };
}

function networkRefusal(text: string): TandemError | null {
  if (
    /could not find an available.*address pool|all predefined address pools have been fully subnetted/.test(
      text,
    )
  )
    return { code: 'networkPoolFull', params: {} };
  return text.includes('Pool overlaps with other one on this address space')
    ? { code: 'networkOverlaps', params: {} }
    : null;
}

function otherRefusal(text: string): TandemError | null {
  if (/no space left on device|disk quota exceeded/.test(text))
    return { code: 'runtimeDiskFull', params: {} };
  const gone = /No such container: (\S+)/.exec(text)?.[1];
  return gone === undefined ? null : { code: 'nodeGone', params: { node: gone } };
}
