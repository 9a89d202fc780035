import { expect, test } from 'vitest';
import { openParts, type PartsBench } from '../../../test/doubles/submariner-parts.ts';
import { putSubmariner } from '../../../test/doubles/submariner-cluster.ts';
import { untold, type Intent } from './memory.ts';
import { repair, unfinished } from './repair.ts';
import { verbsOf } from './verbs.ts';

const lab = { name: 'lab', provider: 'kind', state: 'stopped' } as const;
const other = { name: 'other', provider: 'kind', state: 'running' } as const;
const cutOff: Intent = {
  verb: 'join',
  step: 'joinCluster',
  startedAt: '2026-01-01T00:00:00.000Z',
  touched: true,
  children: [],
  cluster: 'lab',
  clusterId: 'lab-edge',
  before: { ...untold, brokerNamespace: false, operatorNamespace: false, submariner: false },
  registers: false,
  undoFailed: false,
};

/** A join was cut off in `lab`; `other` is meant now. */
async function elsewhere(): Promise<PartsBench> {
  const bench = await openParts('edge');
  bench.parts.memory.intend(cutOff);
  bench.facts.cluster = other;
  return bench;
}

test('a cluster that is only not meant any more is not gone: what is half done there waits, and says where', async () => {
  const { parts, facts, notes, runs } = await elsewhere();
  facts.others = [lab];
  await repair(parts, 'now');
  const problem = {
    code: 'tunnelUnfinished',
    params: { verb: 'join', step: 'joinCluster', why: 'elsewhere', name: 'lab' },
  };
  expect(parts.memory.intent()).toEqual(cutOff);
  expect(unfinished(parts, cutOff)).toEqual(problem);
  expect(await verbsOf(parts).join(undefined)).toEqual({ ok: false, error: problem });
  expect([notes, runs]).toEqual([[], []]);
  // It is meant again, and runs: now it is undone.
  Object.assign(facts, { cluster: { ...lab, state: 'running' }, others: [other] });
  await repair(parts, 'now');
  expect(parts.memory.intent()).toBeNull();
  expect(notes.join()).toContain('it was undone');
});

test('one that is nowhere is gone, and what was begun in it', async () => {
  const { parts, notes, runs } = await elsewhere();
  await repair(parts, 'now');
  expect(parts.memory.intent()).toBeNull();
  expect(notes.join()).toContain('its cluster is gone');
  expect(runs).toEqual([]);
});

test('a person takes out what has joined only where it has: never by forgetting it', async () => {
  const { parts, facts, cluster, left } = await openParts('edge');
  const verbs = verbsOf(parts);
  expect((await verbs.join(undefined)).ok).toBe(true);
  const { joined } = parts.memory.kept();
  Object.assign(facts, { cluster: other, others: [lab] });
  const refused = { ok: false, error: { code: 'joinedElsewhere', params: { name: 'lab' } } };
  expect(await verbs.leave()).toEqual(refused);
  expect(await verbs.join(undefined)).toEqual(refused);
  expect([parts.memory.kept().joined, left]).toEqual([joined, []]);
  expect(cluster.names('submariners')).toEqual(['submariner']);
  // Deleted: what is left of it is what the broker knows.
  facts.others = [];
  expect((await verbs.leave()).ok).toBe(true);
  expect([parts.memory.kept().joined, left]).toEqual([null, ['lab-edge']]);
});

test('an intent of an older Tandem is undone without taking away what may have stood', async () => {
  const { parts, cluster, runs } = await openParts('edge');
  putSubmariner(cluster, 'mine');
  parts.memory.intend({ ...cutOff, before: { ...untold, brokerNamespace: false } });
  await repair(parts, 'now');
  expect([parts.memory.intent(), runs]).toEqual([null, []]);
  expect(cluster.names('submariners')).toEqual(['submariner']);
});
