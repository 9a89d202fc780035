import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { eventually, type Rig } from '../engine/tandem.ts';
import { lossesOf } from '../rig/handoff/scene.ts';
import { sleep } from '../rig/net/tiers.ts';
import { openKindPair, type KindPair } from './kind-pair.ts';
import { docker } from './tools.ts';

// Two real clusters, of one node and of three: a departure that stops three nodes, the return, and LAN mode both ways.

const MINUTE_MS = 60_000;
const LONG = 8 * MINUTE_MS;
/** Three nodes start with their proofs of life on the cores of one machine; then 10, 50, 80 % at a tenth of their times. */
const RETURN_MS = 6 * MINUTE_MS;
/** The kubelet brings a ConfigMap to its pods within a minute, and CoreDNS looks at its file each half minute. */
const NAMES_MS = 5 * MINUTE_MS;

let pair: KindPair;
beforeAll(async () => {
  pair = await openKindPair({ nodes: 3, core: 'kind' });
  await pair.settled(2 * MINUTE_MS);
}, 15 * MINUTE_MS);
afterAll(() => pair?.close(), 3 * MINUTE_MS);

const tunnelOf = (rig: Rig): Promise<Tunnel> => rig.json<Tunnel>('tunnel', 'status');
const states = (): Promise<string> =>
  docker('ps', '-a', '--filter', `label=io.x-k8s.kind.cluster=${pair.cluster}`, '--format', '{{.State}}');

describe('LAN mode between the two', () => {
  test(
    'without a tool for a tunnel it is LAN mode, and a pod of each calls the other’s service by its clusterset name',
    async () => {
      expect(await tunnelOf(pair.edge)).toMatchObject({ kind: 'lan', why: 'noTool' });
      for (const rig of [pair.core, pair.edge]) await rig.json('settings', 'set', 'tunnel.names', 'true');
      for (const [from, to, name] of [
        ['core', 'edge', 'hello'],
        ['edge', 'core', 'hello'],
      ] as const) {
        await pair[from].json('tunnel', 'export', name);
        await eventually(
          `${name} of the ${from}, ready on the ${to}`,
          async () => (await tunnelOf(pair[to])).imports[0]?.state === 'ready',
          MINUTE_MS,
        );
        await eventually(
          `an answer of the ${from} to a pod of the ${to}`,
          async () =>
            (await pair.fromPod(to, `http://${name}.default.svc.clusterset.local/?id=x`)).includes(
              `"${from}"`,
            ),
          NAMES_MS,
        );
      }
      for (const side of ['core', 'edge'] as const) await pair[side].json('tunnel', 'unexport', 'hello');
    },
    LONG,
  );
});

describe('three nodes leave and come back under load', () => {
  test(
    'the departure: pods evicted, three nodes stopped, 0 lost',
    async () => {
      pair.clear();
      const load = pair.load();
      await sleep(3000);
      const left = await pair.edge.tandem('leave', '--now', '--json');
      expect(left.code, left.stderr).toBe(0);
      await sleep(1000);
      await load.end();
      expect((await pair.edge.status()).handoff).toMatchObject({ state: 'OFFLINE', safeToCloseLid: true });
      expect((await states()).split('\n')).toEqual(['exited', 'exited', 'exited']);
      const verdict = await pair.verdict();
      expect(lossesOf(verdict)).toEqual([]);
      expect([verdict.duplicates, verdict.unexplained]).toEqual([[], []]);
      expect(verdict.byBackend['edge']).toBeGreaterThan(50);
      const evicted = (await pair.edge.history()).findLast(({ kind }) => kind === 'cluster.evict');
      expect(evicted?.evidence).toMatchObject({ answered: true, deleted: [], left: [] });
    },
    LONG,
  );

  test(
    'the return: three nodes truly run and take pods again, 10, 50, 80 %, 0 lost',
    async () => {
      pair.clear();
      const load = pair.load();
      const ran = await pair.edge.tandem('return', '--no-wait', '--json');
      expect(ran.code, ran.stderr).toBe(0);
      await pair.settled(RETURN_MS);
      await sleep(2000);
      await load.end();
      const verdict = await pair.verdict();
      expect(lossesOf(verdict)).toEqual([]);
      expect([verdict.duplicates, verdict.unexplained]).toEqual([[], []]);
      expect(verdict.byBackend['edge']).toBeGreaterThan(50);
      const cluster = await pair.edge.cluster(pair.cluster);
      expect(cluster?.state).toBe('running');
      expect(cluster?.nodes.map(({ ready }) => ready)).toEqual([true, true, true]);
      const cordoned = ['get', 'nodes', '-o', 'jsonpath={.items[*].spec.unschedulable}'];
      expect(await pair.kubectl(...cordoned)).toBe('');
    },
    LONG,
  );
});
