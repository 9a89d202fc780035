import { expect, test } from 'vitest';
import { parseLeaving, turnsOf, type Leaving } from './leavings.ts';

const home = (root: string): Leaving => ({ kind: 'home', root });
const engine: Leaving = { kind: 'process', pid: 7, startedAt: 'a', leads: false };
const wire: Leaving = { kind: 'namespace', ip: '/sbin/ip', name: 'n', wire: 'w' };

test('processes go before the homes that they use, and the network goes last', () => {
  expect(turnsOf([wire, home('/a'), engine, home('/b')])).toEqual([
    [engine],
    [home('/a'), home('/b')],
    [wire],
  ]);
});

test('a line that a kill cut in half is none, and neither is one that names no path', () => {
  expect(parseLeaving(JSON.stringify(engine))).toEqual(engine);
  expect(parseLeaving(JSON.stringify(engine).slice(0, -4))).toBeNull();
  expect(parseLeaving('{"kind":"home","root":""}')).toBeNull();
});
