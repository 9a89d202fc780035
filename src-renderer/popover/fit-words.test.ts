import { expect, test } from 'vitest';
import { fail } from '../../src-shared/errors/result.ts';
import { GIB } from '../../src-shared/units.ts';
import { fittingOf } from './fit-words.ts';

const keyOf = (params: Record<string, string>) => {
  const result = fail('memoryRefused', params);
  return result.ok ? null : fittingOf(result.error);
};

test('a refusal says which size would fit, or that none would', () => {
  expect(keyOf({ fitGb: '1.5' })).toEqual({ key: 'guard.wouldFit', params: { fitBytes: 1.5 * GIB } });
  expect(keyOf({ fitGb: '0.0' })?.key).toBe('guard.nothingFits');
  expect(keyOf({ fitGb: '?' })).toBeNull();
  expect(keyOf({})).toBeNull();
});
