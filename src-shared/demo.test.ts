import { expect, test } from 'vitest';
import {
  afterAct,
  emptyDemoView,
  firstMoves,
  parseControl,
  parseDemoDocument,
  withDocument,
  type DemoDocument,
} from './demo.ts';

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

test('an act moves what it names, and nothing beside it', () => {
  const lines = ['battery 24', 'ac off', 'heat 3', 'memory 6', 'lid closed', 'link cut', 'kill edge'];
  const changed = lines.map((line) => {
    const wanted = parseControl(line);
    const after = wanted === null ? firstMoves : afterAct(firstMoves, wanted);
    return Object.entries(after).filter(([name, value]) => firstMoves[name as 'onAC'] !== value);
  });
  expect(changed).toEqual([
    [['batteryPercent', 24]],
    [['onAC', false]],
    [['heatLevel', 3]],
    [['memoryPercent', 6]],
    [['lidClosed', true]],
    [['linkCut', true]],
    [['killed', true]],
  ]);
});

const second = (core: number, total: number): DemoDocument => ({
  event: 'traffic',
  perSecond: { core, edge: 160 },
  lost: 0,
  lostByKind: { get: 0, post: 0 },
  total,
});

test('the picture keeps the last minute, the newest last', () => {
  let view = emptyDemoView;
  for (let at = 1; at <= 61; at += 1) view = withDocument(view, second(at, at * 200));
  expect(view.seconds).toHaveLength(60);
  expect([view.seconds[0]?.core, view.seconds.at(-1)?.core]).toEqual([2, 61]);
  expect(view.total).toBe(12_200);
});

test.each([
  'no JSON',
  '{"event":"handoff","state":"SERVING"}',
  '{"event":"traffic","perSecond":{"core":1},"lost":0,"total":1}',
  '{"event":"edge","moves":{"batteryPercent":101}}',
])('%s is left out', (line) => {
  expect(parseDemoDocument(line)).toBeNull();
});

test('what the load says as well crosses without its extras', () => {
  const document = second(40, 200);
  expect(parseDemoDocument(JSON.stringify({ ...document, cut: 0 }))).toEqual(document);
});
