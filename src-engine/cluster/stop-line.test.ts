import { expect, test } from 'vitest';
import { cluster, operation } from '../../test/doubles/worlds.ts';
import { stopLineAct } from './stop-line.ts';

test.each([
  ['running', cluster({ state: 'running', operation: null }), 'stop'],
  ['partly running', cluster({ state: 'partial', operation: null }), 'stop'],
  [
    'being started',
    cluster({ state: 'starting', operation: operation({ verb: 'start', cancelling: false }) }),
    'cancel',
  ],
  [
    'being cancelled',
    cluster({ state: 'starting', operation: operation({ verb: 'create', cancelling: true }) }),
    'wait',
  ],
  [
    'being stopped by somebody',
    cluster({ state: 'stopping', operation: operation({ verb: 'stop' }) }),
    'wait',
  ],
  ['unknown, so perhaps running', cluster({ state: 'unknown', operation: null }), 'wait'],
  ['stopped', cluster({ state: 'stopped', operation: null }), 'done'],
  ['deleted meanwhile', undefined, 'done'],
] as const)('%s', (_what, seen, act) => {
  expect(stopLineAct(seen)).toBe(act);
});
