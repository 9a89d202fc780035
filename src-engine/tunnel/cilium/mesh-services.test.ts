import { expect, test } from 'vitest';
import {
  counterpartChanges,
  counterpartOf,
  exportChange,
  exportView,
  GLOBAL,
  importView,
  SHARED,
  unexportChange,
} from './mesh-services.ts';
import type { GlobalService } from './ports.ts';

const ports = [{ name: 'http', port: 80 }];
const web = { namespace: 'shop', name: 'web', ports };
const service = (annotations: Record<string, string> = {}): GlobalService => ({
  ...web,
  annotations,
  address: '10.110.0.7',
  isOurs: false,
  uid: 'u',
});
const ours = { ...service({ [GLOBAL]: 'true', [SHARED]: 'false' }), isOurs: true };

test('an export makes a service global, where nobody else has', () => {
  expect(exportChange(service())).toEqual({ [GLOBAL]: 'true' });
  expect(exportChange(service({ [GLOBAL]: 'false' }))).toEqual({ [GLOBAL]: 'true' });
  expect(exportChange(service({ [GLOBAL]: 'true' }))).toBeNull();
});

test('what is taken back is what was set here, and only while it is still so', () => {
  const own = { namespace: 'shop', name: 'web', cluster: 'lab', was: null };
  expect(unexportChange(own, service({ [GLOBAL]: 'true' }))).toEqual({ [GLOBAL]: null });
  expect(unexportChange({ ...own, was: 'true' }, service({ [GLOBAL]: 'true' }))).toBeNull();
  // A person's own word comes back as it was.
  expect(unexportChange({ ...own, was: 'false' }, service({ [GLOBAL]: 'true' }))).toEqual({
    [GLOBAL]: 'false',
  });
  expect(unexportChange(own, service({ [GLOBAL]: 'false' }))).toBeNull();
});

test('a Service stands for the other Mac’s: global, and with no backends of its own to share', () => {
  expect(counterpartChanges([web], [], [])).toEqual([{ kind: 'create', wanted: counterpartOf(web) }]);
  expect(counterpartOf(web).annotations).toEqual({ [GLOBAL]: 'true', [SHARED]: 'false' });
  expect(counterpartChanges([web], [ours], [])).toEqual([]);
});

test('one that somebody changed is put right, one that nobody exports any more goes', () => {
  const changed = { ...ours, annotations: { [GLOBAL]: 'true' } };
  expect(counterpartChanges([web], [changed], []).map(({ kind }) => kind)).toEqual(['patch']);
  const moved = { ...ours, ports: [{ name: 'http', port: 81 }] };
  expect(counterpartChanges([web], [moved], []).map(({ kind }) => kind)).toEqual(['patch']);
  expect(counterpartChanges([], [ours], [])).toEqual([{ kind: 'remove', found: ours }]);
});

test('where this Mac exports one of that name itself, its own Service is the one', () => {
  expect(counterpartChanges([web], [], [{ namespace: 'shop', name: 'web' }])).toEqual([]);
  expect(counterpartChanges([web], [], [{ namespace: 'other', name: 'web' }])).toHaveLength(1);
});

test('how an export stands, as the cluster has it', () => {
  const state = (of: GlobalService | 'absent' | null) => exportView(web, of, 'lab').state;
  expect(state(service({ [GLOBAL]: 'true' }))).toBe('ready');
  expect(state(service({ [GLOBAL]: 'true', [SHARED]: 'false' }))).toBe('notReady');
  expect(state(service())).toBe('notReady');
  expect(state(null)).toBe('unknown');
  expect(exportView(web, 'absent', 'lab').problem?.code).toBe('serviceUnknown');
});

test('how an import stands: ready only over a mesh that is connected', () => {
  expect(importView(web, ours, null, 'connected')).toMatchObject({
    state: 'ready',
    addresses: ['10.110.0.7:80'],
    clusterName: 'web.shop.svc',
    ports: [80],
  });
  expect(importView(web, ours, null, 'unknown').state).toBe('silent');
  expect(importView(web, null, null, 'connected')).toMatchObject({ state: 'notReady', clusterName: null });
  const foreign = { code: 'ciliumServiceForeign', params: {} } as const;
  expect(importView(web, service(), foreign, 'connected')).toMatchObject({
    state: 'blocked',
    clusterName: null,
  });
});
