import { expect, test, vi } from 'vitest';
import { openLanPair, type LanMac } from '../../test/doubles/lan-pair.ts';
import { withNames } from './lan/corefile.ts';

/** A machine that is busy with other tests takes its time. */
vi.setConfig({ testTimeout: 60_000 });
const untilSeen = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
const caller = { send: () => undefined, onClose: () => undefined };
const web = { namespace: 'shop', name: 'web' };

const exportWeb = (mac: LanMac) => mac.room.handlers['tunnel.export']({ ...web, names: true }, caller);

/** The core's shop/web, with ready pods behind it, is exported and seen on the edge. */
async function exported() {
  const pair = await openLanPair();
  const { core, edge } = pair;
  core.cluster.exported.set('shop/web', { ports: [{ name: 'http', port: 80 }], pods: ['web-1'] });
  expect(await exportWeb(core)).toMatchObject({ ok: true });
  await untilSeen(() => expect(edge.cluster.slices[0]?.ready).toBe(true));
  return pair;
}

test('an export stands in the other cluster as a Service of ours that leads to its own Mac’s relay', async () => {
  const { core, edge } = await exported();
  const [service] = edge.cluster.services;
  const [slice] = edge.cluster.slices;
  expect(service).toMatchObject({
    namespace: 'shop',
    name: 'tandem-web',
    ports: [{ name: 'http', port: 80 }],
  });
  expect(slice).toMatchObject({ namespace: 'shop', name: 'tandem-web', address: '127.0.0.1' });
  await untilSeen(() =>
    expect(edge.tunnel()).toMatchObject({
      kind: 'lan',
      why: 'noTool',
      state: 'connected',
      imports: [{ ...web, state: 'ready', clusterName: 'web.shop.svc.clusterset.local' }],
    }),
  );
  expect(edge.tunnel()?.imports[0]?.addresses).toEqual([`127.0.0.1:${slice?.ports[0]?.port}`]);
  expect(edge.cluster.corefile).toBe(withNames('.:53 {\n    reload\n}\n'));
  // Nothing of it stands on the Mac that exports.
  expect([core.cluster.services, core.cluster.writes]).toEqual([[], []]);
});

test('pods that go make it not ready over there, and it comes back with them', async () => {
  const { core, edge } = await exported();
  core.cluster.exported.set('shop/web', { ports: [{ name: 'http', port: 80 }], pods: [] });
  core.room.changed();
  await untilSeen(() => expect(edge.cluster.slices[0]?.ready).toBe(false));
  await untilSeen(() => expect(core.tunnel()?.exports[0]?.problem?.code).toBe('noReadyPods'));
  core.cluster.exported.set('shop/web', { ports: [{ name: 'http', port: 80 }], pods: ['web-2'] });
  core.room.changed();
  await untilSeen(() => expect(edge.cluster.slices[0]?.ready).toBe(true));
});

test('taken back, nothing of it is left', async () => {
  const { core, edge } = await exported();
  await core.room.handlers['tunnel.unexport'](web, caller);
  await untilSeen(() => expect([edge.cluster.services, edge.cluster.slices]).toEqual([[], []]));
  await untilSeen(() => expect(edge.cluster.corefile).toBe('.:53 {\n    reload\n}\n'));
  expect(await core.room.handlers['tunnel.unexport'](web, caller)).toMatchObject({
    error: { code: 'notExported' },
  });
});

test('a Mac that went to sleep serves nothing at once; its Service keeps its address until it is back', async () => {
  const { edge } = await exported();
  edge.facts.link = { state: 'left', byeReason: 'sleep' };
  edge.room.changed();
  await untilSeen(() => expect(edge.cluster.slices[0]?.ready).toBe(false));
  expect(edge.cluster.services).toHaveLength(1);
  edge.facts.link = { state: 'up', byeReason: null };
  edge.room.changed();
  await untilSeen(() => expect(edge.cluster.slices[0]?.ready).toBe(true));
});

test('an engine over there that died takes nothing with it: its relay answers', async () => {
  const { edge } = await exported();
  const before = edge.cluster.writes.length;
  edge.facts.link = { state: 'down', byeReason: null };
  await edge.room.handlers['tunnel.doctor']({}, caller);
  await edge.room.handlers['tunnel.doctor']({}, caller);
  expect(edge.cluster.writes.length).toBe(before);
  expect(edge.cluster.slices[0]?.ready).toBe(true);
});

test('another engine after a crash changes nothing, and puts right what somebody changed meanwhile', async () => {
  const { core, edge } = await exported();
  const port = edge.cluster.slices[0]?.ports[0]?.port;
  edge.facts.link = { state: 'never', byeReason: null };
  edge.cluster.services.length = 0;
  await edge.restart();
  await untilSeen(() => expect(edge.cluster.services).toHaveLength(1));
  expect(edge.cluster.slices[0]).toMatchObject({ ready: true, ports: [{ port }] });
  // One whose cluster does not answer yet takes nothing back.
  core.cluster.silent = true;
  await core.restart();
  await core.room.handlers['tunnel.doctor']({}, caller);
  await edge.room.handlers['tunnel.doctor']({}, caller);
  expect(edge.cluster.services).toHaveLength(1);
});

test('keys that cannot be read, and a runtime that does not say where this Mac is, take nothing back', async () => {
  const { edge } = await exported();
  const before = structuredClone([edge.cluster.services, edge.cluster.slices]);
  const looked = () => edge.room.handlers['tunnel.doctor']({}, caller);
  edge.facts.unreadable = true;
  await looked();
  expect(edge.tunnel()?.problem?.code).toBe('identityUnreadable');
  Object.assign(edge.facts, { unreadable: false, hasPlace: false, state: 'degraded' });
  await looked();
  edge.facts.link = { state: 'never', byeReason: null };
  await edge.restart();
  await looked();
  expect([edge.cluster.services, edge.cluster.slices]).toEqual(before);
});

test('unpaired, what is ours goes from the cluster, and what was exported is forgotten', async () => {
  const { core, edge } = await exported();
  edge.facts.paired = false;
  edge.room.changed();
  await untilSeen(() =>
    expect([edge.cluster.services, edge.cluster.slices, edge.tunnel()]).toEqual([[], [], null]),
  );
  core.facts.paired = false;
  core.room.changed();
  await untilSeen(() => expect(core.tunnel()).toBeNull());
  core.facts.paired = true;
  core.room.changed();
  await untilSeen(() => expect(core.tunnel()).toMatchObject({ state: 'none', exports: [] }));
  expect(await exportWeb(edge)).toMatchObject({ error: { code: 'notPaired' } });
});

test('another kind, and a service that is not there, are refused by name', async () => {
  const { core } = await openLanPair();
  expect(await exportWeb(core)).toMatchObject({ error: { code: 'serviceUnknown' } });
  core.facts.setting = { ...core.facts.setting, kind: 'cilium' };
  expect(await exportWeb(core)).toMatchObject({ error: { code: 'notMeshed' } });
  core.facts.setting = { ...core.facts.setting, kind: 'none' };
  expect(await exportWeb(core)).toMatchObject({ error: { code: 'tunnelNotLan', params: { kind: 'none' } } });
});

test('a word that means nothing here changes nothing', async () => {
  const { edge } = await exported();
  edge.room.heard({ type: 'exports', services: 'all' });
  await edge.room.handlers['tunnel.doctor']({}, caller);
  expect(edge.cluster.services).toHaveLength(1);
});
