import { expect, test } from 'vitest';
import { openMeshBench, type MeshMac } from '../../../test/doubles/mesh-bench.ts';
import { GLOBAL } from './mesh-services.ts';

const web = { namespace: 'shop', name: 'web' };
const theirs = {
  type: 'cilium.exports',
  services: [{ ...web, name: 'api', ports: [{ name: null, port: 80 }] }],
};

/** An edge that is joined, exports shop/web, and holds a Service for the other Mac's shop/api. */
async function sharing(): Promise<MeshMac> {
  const { edge } = await openMeshBench();
  expect(await edge.cilium.join()).toMatchObject({ ok: true });
  edge.cluster('lab').services.set('shop/web', {});
  expect(await edge.cilium.add(web)).toMatchObject({ ok: true });
  await edge.cilium.notice();
  edge.cilium.heard(theirs);
  await expect.poll(async () => (await edge.cilium.settle()).imports.length).toBe(1);
  expect(edge.cluster('lab').services.get('shop/web')).toEqual({ [GLOBAL]: 'true' });
  expect([...edge.cluster('lab').ours.keys()]).toEqual(['shop/api']);
  return edge;
}

/** By hand: this cluster is told of the other no more. */
async function tornApart({ cilium, remotes }: MeshMac): Promise<void> {
  remotes.clear();
  await cilium.notice();
  expect(cilium.claim()).toBeNull();
}

test('what was exported in one cluster is not taken back in another, and is still when that one is meant again', async () => {
  const edge = await sharing();
  const { cilium, facts } = edge;
  const other = edge.cluster('other');
  other.services.set('shop/web', { [GLOBAL]: 'true' });
  facts.cluster = 'other';
  expect(await cilium.remove(web)).toMatchObject({ error: { code: 'notExported' } });
  await cilium.notice();
  expect((await cilium.settle()).exports).toEqual([]);
  expect(other.services.get('shop/web')).toEqual({ [GLOBAL]: 'true' });
  facts.cluster = 'lab';
  expect(await cilium.remove(web)).toMatchObject({ ok: true });
  expect(edge.cluster('lab').services.get('shop/web')).toEqual({});
});

test('Services of ours in one cluster are not forgotten by a sweep of another', async () => {
  const edge = await sharing();
  edge.facts.cluster = 'other';
  await edge.cilium.mend();
  expect(edge.cluster('other').ours.size).toBe(0);
  edge.facts.cluster = 'lab';
  await tornApart(edge);
  await edge.cilium.mend();
  expect(edge.cluster('lab').ours.size).toBe(0);
});

test('what the API refuses stands still, and is taken back when it does not', async () => {
  const edge = await sharing();
  const lab = edge.cluster('lab');
  lab.answer = 'refused';
  expect(await edge.cilium.remove(web)).toMatchObject({ error: { code: 'exportRefused' } });
  await tornApart(edge);
  await edge.cilium.mend();
  expect([lab.ours.size, lab.services.get('shop/web')]).toEqual([1, { [GLOBAL]: 'true' }]);
  lab.answer = 'done';
  await edge.cilium.mend();
  expect(await edge.cilium.remove(web)).toMatchObject({ ok: true });
  expect([lab.ours.size, lab.services.get('shop/web')]).toEqual([0, {}]);
});

test('an export that had no answer may be done: it is remembered, and can be taken back', async () => {
  const edge = await sharing();
  const lab = edge.cluster('lab');
  const late = { namespace: 'shop', name: 'late' };
  lab.services.set('shop/late', {});
  lab.answer = 'noAnswer';
  expect(await edge.cilium.add(late)).toMatchObject({ error: { code: 'apiUnreachable' } });
  Object.assign(lab, { answer: 'done' });
  lab.services.set('shop/late', { [GLOBAL]: 'true' });
  expect(await edge.cilium.remove(late)).toMatchObject({ ok: true });
  expect(lab.services.get('shop/late')).toEqual({});
});

test('another Mac is paired: what the one before exported is not hers', async () => {
  const edge = await sharing();
  edge.facts.pin = 'another';
  await edge.cilium.notice();
  expect(edge.cilium.claim()).toBeNull();
  await edge.cilium.mend();
  expect(edge.cluster('lab').ours.size).toBe(0);
});
