import { expect, test } from 'vitest';
import { openParts } from '../../../test/doubles/submariner-parts.ts';
import { removeExport, verdictOf } from './services.ts';

const condition = (type: string, status: string, reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
});
const place = { namespace: 'shop', name: 'web' };

test.each([
  ['nothing yet', [], 'waits'],
  ['valid, and not taken up yet', [condition('Valid', 'True')], 'waits'],
  ['both', [condition('Valid', 'True'), condition('Ready', 'True')], 'ready'],
  ['both, in the words of an older one', [condition('Valid', 'True'), condition('Synced', 'True')], 'ready'],
  ['ready alone proves nothing', [condition('Ready', 'True')], 'waits'],
  [
    'no such service',
    [condition('Valid', 'False', 'ServiceUnavailable', 'Service to be exported doesn’t exist')],
    'ServiceUnavailable: Service to be exported doesn’t exist',
  ],
  [
    'another cluster exports it with other ports',
    [
      condition('Valid', 'True'),
      condition('Ready', 'True'),
      condition('Conflict', 'True', 'ConflictingPorts'),
    ],
    'ConflictingPorts',
  ],
  ['a refusal without words is named by its kind', [condition('Valid', 'False')], 'Valid'],
])('%s: %j is %s', (_what, conditions, verdict) => {
  expect(verdictOf({ ...place, conditions })).toBe(verdict);
});

test('only an export of ours is taken back; another’s is refused by name, and stays', async () => {
  const { parts, cluster } = await openParts('core');
  const taken = () => removeExport(parts, cluster.hands, place);
  expect(await taken()).toEqual({ ok: false, error: { code: 'notExported', params: place } });
  cluster.put('serviceexports', 'shop', 'web');
  expect(await taken()).toEqual({ ok: false, error: { code: 'exportForeign', params: place } });
  for (const what of ['ownExports', 'serviceexports']) {
    cluster.silentOnce.push(what);
    expect(await taken()).toMatchObject({ error: { code: 'apiUnreachable' } });
  }
  expect(cluster.names('serviceexports')).toEqual(['web']);
  await cluster.hands.exportService('shop', 'web');
  expect(await taken()).toEqual({ ok: true, value: undefined });
  expect(cluster.names('serviceexports')).toEqual([]);
});
