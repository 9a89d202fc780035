import { describe, expect, test } from 'vitest';
import { GIB, MIB } from '../../../src-shared/units.ts';
import { needInVm, type VmFacts } from './vm-need.ts';

const own = { needBytes: 2 * GIB, touchedBytes: 0 };
const vm = (change: Partial<VmFacts> = {}): VmFacts => ({
  runtime: 'Colima',
  up: true,
  configuredBytes: 4 * GIB,
  guestTotalBytes: 3.8 * GIB,
  guestUsedBytes: 0.5 * GIB,
  touchedBytes: null,
  learnedBytes: null,
  ...change,
});
const need = (change: Partial<VmFacts> = {}, nodes = 1, mine = own) => needInVm(mine, { nodes }, vm(change));

describe('what a start comes to hold', () => {
  test('the whole machine, not the cluster: it gives nothing back', () => {
    expect(need({ up: false })).toMatchObject({ needBytes: 4 * GIB, touchedBytes: 0 });
  });

  test('its learned peak when there is one, never more than it may have', () => {
    expect(need({ learnedBytes: 3 * GIB })).toMatchObject({
      needBytes: 3 * GIB,
      inside: { weighed: { basis: 'learned', sizeBytes: 3 * GIB } },
    });
    expect(need({ learnedBytes: 6 * GIB })).toMatchObject({
      needBytes: 4 * GIB,
      inside: { weighed: { basis: 'configured' } },
    });
  });

  test('a further cluster comes on top of what is in it, whatever it usually came to hold', () => {
    const usual = { configuredBytes: 8 * GIB, guestTotalBytes: 7.8 * GIB, learnedBytes: 2 * GIB };
    const full = { ...usual, touchedBytes: 2 * GIB, guestUsedBytes: 1.5 * GIB };
    expect(need(full, 3)).toMatchObject({
      needBytes: 3.5 * GIB,
      touchedBytes: 2 * GIB,
      inside: { weighed: { basis: 'together', sizeBytes: 3.5 * GIB } },
    });
    // Nobody says what its containers use: all that it has touched may be in use.
    expect(need({ ...full, guestUsedBytes: null }).needBytes).toBe(4 * GIB);
    // In a machine that is down there is nothing yet.
    expect(need({ ...full, up: false, learnedBytes: GIB }).needBytes).toBe(2 * GIB);
    // It runs in it already: what it usually comes to is the truth.
    const running = { needBytes: 2 * GIB, touchedBytes: 2 * GIB };
    expect(need(full, 1, running)).toMatchObject({ needBytes: 2 * GIB, touchedBytes: 2 * GIB });
  });

  test('what its guest sees when its settings do not say, and the provider’s word when nothing does', () => {
    expect(need({ configuredBytes: null })).toMatchObject({
      needBytes: 3.8 * GIB,
      inside: { weighed: { basis: 'guest' } },
    });
    expect(need({ configuredBytes: null, guestTotalBytes: null })).toBe(own);
  });
});

describe('what of it is held already', () => {
  test('what this run has touched, which is more than its containers use', () => {
    expect(need({ touchedBytes: 3 * GIB }).touchedBytes).toBe(3 * GIB);
  });

  test('unknown while nobody has looked from inside, or while it does not say whether it is up', () => {
    const unseen = need({ touchedBytes: null });
    expect(unseen).toMatchObject({ touchedBytes: 0.5 * GIB, inside: { weighed: { touchedBytes: null } } });
    const silent = need({ up: null, touchedBytes: 3 * GIB, guestUsedBytes: null });
    expect(silent).toMatchObject({ touchedBytes: 0, inside: { weighed: { touchedBytes: null } } });
  });

  test('never more than the size, and nothing of a machine that is down', () => {
    const running = { needBytes: 2 * GIB, touchedBytes: 2 * GIB };
    expect(need({ learnedBytes: 2 * GIB, touchedBytes: 3 * GIB }, 1, running)).toMatchObject({
      needBytes: 2 * GIB,
      touchedBytes: 2 * GIB,
    });
    expect(need({ up: false, touchedBytes: 3 * GIB })).toMatchObject({
      touchedBytes: 0,
      inside: { weighed: { touchedBytes: 0 } },
    });
  });
});

describe('what it takes inside', () => {
  test('at least its nodes, and what the settings count for it', () => {
    expect(need({}, 3).inside).toMatchObject({ leastBytes: (555 + 280) * MIB, wantedBytes: 2 * GIB });
  });

  test('nothing more when it runs already', () => {
    const running = { needBytes: 2 * GIB, touchedBytes: 2 * GIB };
    expect(need({}, 1, running).inside).toMatchObject({ leastBytes: 0, wantedBytes: 0 });
  });

  test('what was before the machine stopped is over: its containers, and a size that was changed since', () => {
    const before = { up: false, configuredBytes: 8 * GIB, guestTotalBytes: 1.9 * GIB };
    expect(need(before).inside?.weighed).toMatchObject({ guestTotalBytes: 8 * GIB, guestUsedBytes: null });
    expect(need({ ...before, up: true }).inside?.weighed.guestTotalBytes).toBe(1.9 * GIB);
  });
});
