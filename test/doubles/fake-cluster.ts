import type {
  Changed,
  Found,
  NamedPort,
  OwnService,
  OwnSlice,
  ServiceHands,
} from '../../src-engine/tunnel/ports.ts';

/** A cluster's API as far as LAN mode asks it, in memory. */
export interface FakeCluster {
  readonly hands: ServiceHands;
  readonly services: Found<OwnService>[];
  readonly slices: Found<OwnSlice>[];
  corefile: string | null;
  /** Everything fails to answer. */
  silent: boolean;
  readonly namespaces: Set<string>;
  /** `NAMESPACE/NAME` of Services that are not ours. */
  readonly foreign: Set<string>;
  /** By `NAMESPACE/NAME`: what an export finds. */
  readonly exported: Map<string, { readonly ports: readonly NamedPort[]; readonly pods: readonly string[] }>;
  readonly writes: string[];
}

export function fakeCluster(): FakeCluster {
  const cluster: FakeCluster = {
    services: [],
    slices: [],
    corefile: '.:53 {\n    reload\n}\n',
    silent: false,
    namespaces: new Set(['default', 'shop']),
    foreign: new Set(),
    exported: new Map(),
    writes: [],
    hands: {
      tcpPorts: async (namespace, name) =>
        said(cluster.exported.get(`${namespace}/${name}`)?.ports ?? ('absent' as const)),
      readyPods: async (namespace, name) =>
        said(
          new Map(
            (cluster.exported.get(`${namespace}/${name}`)?.ports ?? []).map(
              ({ name: port, port: number }) => [
                port ?? '',
                (cluster.exported.get(`${namespace}/${name}`)?.pods ?? []).map((pod) => ({
                  name: pod,
                  port: number,
                })),
              ],
            ),
          ),
        ),
      services: async () => said([...cluster.services]),
      slices: async () => said([...cluster.slices]),
      writeService: async (wanted, over) => write(cluster.services, wanted, over),
      writeSlice: async (wanted, over) => write(cluster.slices, wanted, over),
      removeService: async (found) => remove(cluster.services, found),
      removeSlice: async (found) => remove(cluster.slices, found),
      corefile: async () =>
        cluster.corefile === null ? null : said({ text: cluster.corefile, resourceVersion: '1' }),
      async writeCorefile(text) {
        cluster.writes.push('Corefile');
        cluster.corefile = text;
        return 'done';
      },
    },
  };
  const said = <T>(value: T): T | null => (cluster.silent ? null : value);
  const keyOf = ({ namespace, name }: OwnService): string => `${namespace}/${name}`;
  function write<T extends OwnService>(list: Found<T>[], wanted: T, over: Found<T> | null): Changed {
    if (cluster.silent) return 'noAnswer';
    if (!cluster.namespaces.has(wanted.namespace)) return 'absent';
    if (over === null && cluster.foreign.has(keyOf(wanted))) return 'taken';
    cluster.writes.push(keyOf(wanted));
    const rest = list.filter((each) => keyOf(each) !== keyOf(wanted));
    list.splice(0, list.length, ...rest, { ...wanted, uid: `uid-${keyOf(wanted)}`, resourceVersion: '1' });
    return 'done';
  }
  function remove<T extends OwnService>(list: Found<T>[], found: Found<T>): Changed {
    cluster.writes.push(`-${keyOf(found)}`);
    const rest = list.filter((each) => keyOf(each) !== keyOf(found));
    list.splice(0, list.length, ...rest);
    return 'done';
  }
  return cluster;
}
