import { expect, test } from 'vitest';
import { parseControl } from './control.ts';

test.each([
  ['battery 24', { act: 'battery', percent: 24 }],
  ['  ac   on ', { act: 'ac', on: true }],
  ['ac off', { act: 'ac', on: false }],
  ['heat 3', { act: 'heat', level: 3 }],
  ['memory 6', { act: 'memory', percent: 6 }],
  ['lid closed', { act: 'lid', closed: true }],
  ['link heal', { act: 'link', cut: false }],
  ['kill edge', { act: 'kill' }],
])('%s', (line, act) => {
  expect(parseControl(line)).toEqual(act);
});

test.each([
  '',
  'battery',
  'battery 101',
  'battery -1',
  'battery x',
  'heat 5',
  'ac maybe',
  'kill core',
  'ac on now',
  'x 1',
])('"%s" is nothing', (line) => {
  expect(parseControl(line)).toBeNull();
});
