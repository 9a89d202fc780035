import { expect, test } from 'vitest';
import type { ExportedService } from '../../../src-shared/tunnel-messages.ts';
import type { Found, OwnService, OwnSlice } from '../ports.ts';
import { changesTo, ownObjects } from './own-objects.ts';

const postgres: ExportedService = {
  namespace: 'db',
  name: 'postgres',
  ports: [{ name: null, port: 5432 }],
  names: true,
};
const open = (port: number, on: number | null) => ({
  namespace: 'db',
  name: 'postgres',
  port,
  listen: on === null ? null : { host: '172.18.0.1', port: on },
  problem: null,
  connections: 0,
});
const has = <T extends OwnService>(one: T): Found<T> => ({ ...one, uid: 'u1', resourceVersion: '7' });

test('a Service of our own name, and a slice that leads to this Mac’s relay and says whether it serves', () => {
  const state = { imports: [open(5432, 40_001)] };
  expect(ownObjects([postgres], state, '172.18.0.1', () => false)).toEqual({
    services: [{ namespace: 'db', name: 'tandem-postgres', ports: [{ name: null, port: 5432 }] }],
    slices: [
      {
        namespace: 'db',
        name: 'tandem-postgres',
        ports: [{ name: null, port: 40_001 }],
        address: '172.18.0.1',
        ready: false,
      },
    ],
  });
});

test('while one of its ports is not open there is no slice to write', () => {
  const two = { ...postgres, ports: [...postgres.ports, { name: 'metrics', port: 9187 }] };
  const state = { imports: [open(5432, 40_001), open(9187, null)] };
  const { services, slices } = ownObjects([two], state, '172.18.0.1', () => true);
  expect([services.length, slices.length]).toEqual([1, 0]);
});

const wanted = ownObjects([postgres], { imports: [open(5432, 40_001)] }, '172.18.0.1', () => true);
const [service] = wanted.services as [OwnService];
const [slice] = wanted.slices as [OwnSlice];

test('what is as it should be is not written', () => {
  expect(changesTo(wanted, { services: [has(service)], slices: [has(slice)] })).toEqual([]);
});

test('what is missing is made, the Service first; what differs is written over', () => {
  expect(changesTo(wanted, { services: [], slices: [] }).map(({ kind }) => kind)).toEqual([
    'writeService',
    'writeSlice',
  ]);
  const moved = has({ ...slice, ports: [{ name: null, port: 1 }] });
  expect(changesTo(wanted, { services: [has(service)], slices: [moved] })).toEqual([
    { kind: 'writeSlice', wanted: slice, over: moved },
  ]);
});

test('what is exported no more goes, its slice first', () => {
  const nothing = { services: [], slices: [] };
  const changes = changesTo(nothing, { services: [has(service)], slices: [has(slice)] });
  expect(changes.map(({ kind }) => kind)).toEqual(['removeSlice', 'removeService']);
});

test('a slice whose relay says nothing now stays as it is', () => {
  const silent = { ...wanted, slices: [] };
  expect(changesTo(silent, { services: [has(service)], slices: [has(slice)] })).toEqual([]);
});
