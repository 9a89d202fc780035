import { describe, expect, test } from 'vitest';
import { countsOf, mayStop, parseHeld, standsIn, type Held, type StopFacts } from './contents.ts';

const own = [
  { name: 'lab', provider: 'kind' },
  { name: 'mini', provider: 'minikube' },
  { name: 'demo', provider: 'embedded' },
] as const;
const container = (name: string, State: string, Labels: Record<string, string> | null = null) => ({
  Id: `${name}0123456789abcdef`,
  Names: [`/${name}`],
  State,
  Labels,
});
const node = (cluster: string, State = 'running') =>
  container(`${cluster}-control-plane`, State, { 'io.x-k8s.kind.cluster': cluster });

describe('what it holds', () => {
  test('ours by label and name of the cluster; a kind cluster of somebody else is not', () => {
    const mini = container('mini', 'running', { 'name.minikube.sigs.k8s.io': 'mini' });
    const demo = container('demo', 'running', { 'io.x-k8s.kind.cluster': 'demo' });
    // minikube's label is the node's own name.
    const second = container('mini-m02', 'running', { 'name.minikube.sigs.k8s.io': 'mini-m02' });
    const all = [node('lab'), node('theirs'), mini, second, demo, container('db', 'running')];
    expect(parseHeld(all, own)).toEqual([
      { name: 'lab-control-plane', cluster: 'lab' },
      { name: 'theirs-control-plane', cluster: null },
      { name: 'mini', cluster: 'mini' },
      { name: 'mini-m02', cluster: 'mini' },
      { name: 'demo', cluster: null },
      { name: 'db', cluster: null },
    ]);
  });

  test('what has ended holds nothing; what is paused or starts again does', () => {
    const states = ['running', 'paused', 'restarting', 'exited', 'created', 'dead', 'removing'];
    const held = parseHeld(
      states.map((state) => container(state, state)),
      own,
    );
    expect(held?.map(({ name }) => name)).toEqual(['running', 'paused', 'restarting']);
  });

  test('an answer that is not a list is not "nothing"', () => {
    expect(parseHeld({ message: 'page not found' }, own)).toBeNull();
    expect(parseHeld(null, own)).toBeNull();
  });

  test('a cluster of ours stands in it also when it is stopped', () => {
    expect(standsIn([node('lab', 'exited')], own)).toBe(true);
    expect(standsIn([node('theirs'), container('db', 'running')], own)).toBe(false);
    expect(standsIn({ message: 'page not found' }, own)).toBe(false);
  });

  test('counted: others by name, machines among them', () => {
    const held: Held[] = [
      { name: 'a', cluster: 'lab' },
      { name: 'b', cluster: null },
    ];
    expect(countsOf(held, ['devbox'])).toEqual({ ours: 1, others: 2, names: ['b', 'devbox'] });
    const many = Array.from({ length: 30 }, (_, index): Held => ({ name: `c${index}`, cluster: null }));
    expect(countsOf(many, [])).toMatchObject({ ours: 0, others: 30, names: { length: 20 } });
  });
});

describe('may it stop', () => {
  const facts = (change: Partial<StopFacts> = {}): StopFacts => ({
    runtime: 'Colima',
    held: [],
    beside: [],
    busy: [],
    ...change,
  });
  const plain = { force: false, yes: false };
  const theirs: Held[] = ['db', 'web'].map((name) => ({ name, cluster: null }));
  const ours: Held[] = ['lab-control-plane', 'lab-worker'].map((name) => ({ name, cluster: 'lab' }));

  test('empty: at once', () => {
    expect(mayStop(facts(), plain)).toEqual({ ok: true, value: [] });
  });

  test('containers of others: refused with their count and names, and `yes` does not mean them', () => {
    const error = { code: 'runtimeHoldsOthers', params: { runtime: 'Colima', count: 2, names: 'db, web' } };
    for (const request of [plain, { force: false, yes: true }])
      expect(mayStop(facts({ held: theirs }), request)).toEqual({ ok: false, error });
    expect(mayStop(facts({ held: theirs }), { force: true, yes: false })).toEqual({ ok: true, value: [] });
    const many = Array.from({ length: 7 }, (_, index): Held => ({ name: `c${index}`, cluster: null }));
    expect(mayStop(facts({ held: many }), plain)).toMatchObject({
      error: { params: { count: 7, names: 'c0, c1, c2, c3, c4, …' } },
    });
  });

  test('what is no container is somebody else’s as well: a machine of OrbStack’s, a build', () => {
    expect(mayStop(facts({ beside: ['devbox'] }), plain)).toMatchObject({
      error: { code: 'runtimeHoldsOthers', params: { names: 'devbox' } },
    });
  });

  test('our clusters: agreed to, and then stopped first, once each; `force` does not mean them', () => {
    expect(mayStop(facts({ held: ours }), { force: true, yes: false })).toMatchObject({
      error: { code: 'runtimeHoldsClusters', params: { names: 'lab' } },
    });
    expect(mayStop(facts({ held: ours }), { force: false, yes: true })).toEqual({ ok: true, value: ['lab'] });
  });

  test('what nobody could look into is not empty', () => {
    for (const unknown of [{ held: null }, { beside: null }]) {
      expect(mayStop(facts(unknown), { force: false, yes: true })).toMatchObject({
        error: { code: 'runtimeContentsUnknown' },
      });
      expect(mayStop(facts(unknown), { force: true, yes: true })).toEqual({ ok: true, value: [] });
    }
    // What is known of it counts all the same.
    expect(mayStop(facts({ held: ours, beside: null }), { force: true, yes: false })).toMatchObject({
      error: { code: 'runtimeHoldsClusters' },
    });
  });

  test('never under a running operation, whatever was told', () => {
    const busy = [{ name: 'lab', verb: 'start' }];
    expect(mayStop(facts({ busy }), { force: true, yes: true })).toEqual({
      ok: false,
      error: { code: 'clusterBusy', params: { name: 'lab', verb: 'start' } },
    });
  });
});
