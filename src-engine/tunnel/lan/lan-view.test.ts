import { expect, test } from 'vitest';
import type { ExportsMessage } from '../../../src-shared/tunnel-messages.ts';
import type { RelayState } from '../relay/relay-config.ts';
import { lanView, type LanFacts } from './lan-view.ts';

const web = { namespace: 'shop', name: 'web' };
const said: ExportsMessage = {
  type: 'exports',
  relay: { host: '192.168.1.10', port: 47_382 },
  services: [{ ...web, ports: [{ name: null, port: 80 }], names: true }],
};
const state: RelayState = {
  pid: 1,
  listen: { host: '192.168.1.20', port: 47_382 },
  problem: null,
  look: { failures: 0, rttMs: 1.5, answeredAt: '2026-01-01T00:00:00.000Z' },
  services: [{ ...web, port: 80, healthy: true }],
  exports: [],
  imports: [{ ...web, port: 80, listen: { host: '127.0.0.1', port: 40_001 }, problem: null, connections: 2 }],
  refused: 0,
};
const well: LanFacts = {
  sources: [],
  said,
  state,
  standing: 'serves',
  place: { listenHost: '127.0.0.1', seenAs: '192.168.65.254', allow: ['127.0.0.0/8'] },
  relayProblem: null,
  blocked: new Map(),
  names: 'answered',
  bare: false,
};
const imported = (more: Partial<LanFacts>) => lanView({ ...well, ...more }).imports[0];

test('what pods reach is where they see this Mac, by its clusterset name', () => {
  expect(lanView(well)).toMatchObject({ state: 'connected', problem: null });
  expect(imported({})).toMatchObject({
    state: 'ready',
    addresses: ['192.168.65.254:40001'],
    clusterName: 'web.shop.svc.clusterset.local',
    connections: 2,
  });
});

test('no name is promised that nobody answers', () => {
  expect(imported({ names: 'off' })?.clusterName).toBeNull();
  expect(imported({ bare: true })?.clusterName).toBeNull();
});

test('names that could be had and wait for a yes are said; where there is nothing to name nothing is', () => {
  expect(lanView({ ...well, names: 'off' }).names).toBe('off');
  expect(lanView({ ...well, bare: true }).names).toBeNull();
  const unnamed = { ...said, services: said.services.map((one) => ({ ...one, names: false })) };
  expect(lanView({ ...well, said: unnamed }).names).toBeNull();
});

test('not ready is what its own relay says, silent is that it says nothing', () => {
  expect(imported({ state: { ...state, services: [{ ...web, port: 80, healthy: false }] } })?.state).toBe(
    'notReady',
  );
  expect(imported({ state: { ...state, services: [] } })?.state).toBe('notReady');
  expect(imported({ standing: 'silent' })?.state).toBe('silent');
  const blocked = new Map([['shop/web', { code: 'namespaceMissing' as const, params: {} }]]);
  expect(imported({ blocked })).toMatchObject({ state: 'blocked', clusterName: null });
});

test('a relay over there that was asked twice in vain is an error with its address; once is none yet', () => {
  const silent = (failures: number) =>
    lanView({
      ...well,
      standing: 'silent',
      state: { ...state, look: { failures, rttMs: null, answeredAt: null } },
    });
  expect(silent(1)).toMatchObject({ state: 'connecting', problem: null });
  expect(silent(2)).toMatchObject({
    state: 'error',
    problem: { code: 'relayUnreachable', params: { address: '192.168.1.10:47382' } },
  });
});

test('with nothing exported on either side there is nothing to be wrong', () => {
  const idle = lanView({ ...well, said: null, state: null, relayProblem: { code: 'relayDown', params: {} } });
  expect(idle).toEqual({ state: 'none', problem: null, relay: null, names: null, exports: [], imports: [] });
});
