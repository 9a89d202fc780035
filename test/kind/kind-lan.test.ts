import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { eventually, type Rig } from '../engine/tandem.ts';
import { openKindPair, type KindPair } from './kind-pair.ts';
import { docker } from './tools.ts';

// LAN mode on the real thing: pods of a kind cluster reach the other Mac's service by its clusterset name, through CoreDNS,
// kube-proxy, a selectorless Service and two relays; and the other Mac reaches its pods through the API.

const MINUTE_MS = 60_000;
/** The kubelet brings a ConfigMap to its pods within a minute, and CoreDNS looks at its file each half minute. */
const NAMES_MS = 3 * MINUTE_MS;
const LONG = 5 * MINUTE_MS;

let pair: KindPair;
beforeAll(async () => {
  pair = await openKindPair();
  // The pair is seconds old: what it came to is told with the first round after it.
  await eventually('what the tunnel is', async () => (await tunnelOf(pair.edge)) as Tunnel | null, MINUTE_MS);
}, 6 * MINUTE_MS);
afterAll(() => pair?.close(), MINUTE_MS);

const tunnelOf = (rig: Rig): Promise<Tunnel> => rig.json<Tunnel>('tunnel', 'status');

const fromPod = (url: string): Promise<string> => pair.fromPod('edge', url);

describe('a service of the core', () => {
  test(
    'is reached by pods of the edge: by the Service at once, by its clusterset name when the DNS has read it',
    async () => {
      expect(await tunnelOf(pair.edge)).toMatchObject({ kind: 'lan', why: 'noTool', state: 'none' });
      await pair.core.json('tunnel', 'export', 'web');
      await eventually(
        'a ready import',
        async () => (await tunnelOf(pair.edge)).imports[0]?.state === 'ready',
        MINUTE_MS,
      );
      const slice = await pair.kubectl('get', 'endpointslice', 'tandem-web', '-o', 'json');
      expect(JSON.parse(slice)).toMatchObject({ endpoints: [{ conditions: { ready: true } }] });
      const port = pair.ports.core;
      await eventually(
        'an answer of the core, by the Service',
        async () => (await fromPod(`http://tandem-web:${port}/`)).includes('"core"'),
        MINUTE_MS,
      );
      // The DNS of a cluster is changed with its owner's yes alone.
      expect((await tunnelOf(pair.edge)).names).toBe('off');
      await pair.edge.json('settings', 'set', 'tunnel.names', 'true');
      await eventually(
        'an answer of the core, by its clusterset name',
        async () => (await fromPod(`http://web.default.svc.clusterset.local:${port}/`)).includes('"core"'),
        NAMES_MS,
      );
      expect((await tunnelOf(pair.edge)).imports[0]?.clusterName).toBe('web.default.svc.clusterset.local');
    },
    LONG,
  );

  test(
    'what somebody changes of ours is put right, and nothing else of the cluster is touched',
    async () => {
      await pair.kubectl('delete', 'service', 'tandem-web');
      await eventually(
        'the Service again',
        async () => (await pair.kubectl('get', 'service', 'tandem-web', '--ignore-not-found')) !== '',
        MINUTE_MS,
      );
      const theirs = await pair.kubectl('get', 'services', '-A', '-l', '!tandem.local/lan', '-o', 'name');
      expect(theirs.split('\n').sort()).toEqual(['service/hello', 'service/kube-dns', 'service/kubernetes']);
    },
    LONG,
  );
});

describe('a service of the edge', () => {
  test(
    'is reached from the core, through the API of its cluster to the pods themselves',
    async () => {
      await pair.edge.json('tunnel', 'export', 'hello');
      const seen = await eventually(
        'a ready import',
        async () => {
          const [first] = (await tunnelOf(pair.core)).imports;
          return first?.state === 'ready' ? first : null;
        },
        MINUTE_MS,
      );
      expect(seen).toMatchObject({ name: 'hello', ports: [80], clusterName: null });
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const answer = await fetch(`http://${seen.addresses[0]}/?id=x`, {
            headers: { connection: 'close' },
            signal: AbortSignal.timeout(20_000),
          });
          return ((await answer.json()) as { backend: string }).backend;
        }),
      );
      expect(answers).toEqual(Array.from({ length: 8 }, () => 'edge'));
    },
    LONG,
  );
});

test(
  'taken back, the cluster is as it was',
  async () => {
    await pair.core.json('tunnel', 'unexport', 'web');
    await eventually(
      'no object of ours',
      async () =>
        (await pair.kubectl(
          'get',
          'services,endpointslices',
          '-A',
          '-l',
          'tandem.local/lan',
          '-o',
          'name',
        )) === '',
      MINUTE_MS,
    );
    const corefile = await pair.kubectl(
      'get',
      'configmap',
      'coredns',
      '-n',
      'kube-system',
      '-o',
      'jsonpath={.data.Corefile}',
    );
    expect(corefile).not.toContain('tandem');
    expect(await docker('inspect', '-f', '{{.State.Running}}', pair.node)).toBe('true');
  },
  LONG,
);
