import { expect, test } from 'vitest';
import { translator } from '../src-shared/language/translate.ts';
import { lineFor } from './tell.ts';

const t = translator('en');

test('a second of traffic is one line with what was lost', () => {
  const second = { event: 'traffic', perSecond: { core: 40, edge: 160 }, lost: 0, total: 12_000, cut: 0 };
  expect(lineFor(second, t)).toBe('core 40/s   edge 160/s   lost 0 of 12000');
});

test('why there is no window is said, and how the demo goes on', () => {
  for (const why of ['noDisplay', 'noApp', 'noElectron', 'appFailed'])
    expect(lineFor({ event: 'window', open: false, why }, t), why).toContain('this terminal');
});

test('a state is said in words, and a line that is none with those that are', () => {
  expect(lineFor({ event: 'handoff', state: 'DRAINING', reasons: [] }, t)).toContain(
    'letting requests finish',
  );
  expect(lineFor({ event: 'refused', line: 'x 1', known: ['kill edge'] }, t)).toContain('kill edge');
});

test('what is new to this version is left out', () => {
  expect(lineFor({ event: 'tomorrow' }, t)).toBeNull();
});
