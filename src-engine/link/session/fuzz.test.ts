import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { unknownVitals } from '../../../src-shared/world/vitals.ts';
import { helloData } from '../../../test/rig/link-security/mac.ts';
import { errorSchema, helloSchema, readFrame, welcomeSchema } from './frames.ts';
import { CAP_AFTER_WELCOME_BYTES, encodeFrame, FrameReader } from './framing.ts';

const FRAMES = 100_000;
const MIB = 1024 * 1024;
const ID = '7f3d2a10-1111-4222-8333-944455556666';

const seeds: readonly object[] = [
  { type: 'HELLO', port: 47_321, hello: helloData() },
  { type: 'WELCOME', minor: 0, sessionId: '0123456789abcdef', hello: helloData() },
  { type: 'ERROR', code: 'superseded', fatal: true, params: { min: 0 } },
  {
    type: 'STATUS',
    status: { name: 'M', role: 'edge', version: '1', vitals: unknownVitals, clusters: [], api: null },
  },
  { type: 'EVENT', class: 'ONE_WAY', sinceMs: 10, evidence: [{}] },
  { type: 'BYE', reason: 'sleep', drainDone: true, expectReturnSeconds: 5 },
  { type: 'HANDOFF', payload: { a: [1, { b: 2 }] } },
  { type: 'SECRET', name: 'broker', value: 'value' },
  { type: 'CMD', id: ID, command: 'leave', name: null },
  { type: 'CMD_RESULT', id: ID, ok: true, error: null },
];

/** xorshift32: the same frames each time, so that a failure can be found again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const junkValues: readonly unknown[] = [
  null,
  -1,
  1e308,
  '',
  '\u0000',
  [],
  {},
  true,
  '__proto__',
  { __proto__: null, toString: 1 },
  [[[[]]]],
];

/** Changes a value inside, its name, or bytes of the text; the length may lie. */
function mutated(random: (below: number) => number): Buffer {
  const frame = structuredClone(seeds[random(seeds.length)] ?? {}) as Record<string, unknown>;
  const keys = Object.keys(frame);
  const key = keys[random(keys.length)] ?? 'type';
  const inner = frame[key];
  const how = random(6);
  if (how === 0) frame[key] = junkValues[random(junkValues.length)];
  if (how === 1) delete frame[key];
  if (how === 2 && typeof inner === 'object' && inner !== null) {
    const names = Object.keys(inner);
    Object.assign(inner, { [names[random(names.length + 1)] ?? 'x']: junkValues[random(junkValues.length)] });
  }
  const bytes = encodeFrame(frame) ?? Buffer.alloc(4);
  for (let flips = how >= 3 ? 1 + random(8) : 0; flips > 0; flips -= 1) {
    const from = how === 5 ? 0 : 4;
    bytes[from + random(bytes.length - from)] = random(256);
  }
  return how === 4 ? bytes.subarray(0, 1 + random(bytes.length)) : bytes;
}

/** What limits.md lists; nothing else may come out as a CMD. */
const allowed = ['leave', 'cancel', 'return', 'cluster.start', 'cluster.stop'];

test('link 20: 100,000 mutated frames crash nothing, grow nothing and command nothing new', () => {
  const random = randomFrom(20_261_124);
  const counts = { frame: 0, error: 0, refusedCommand: 0, unknown: 0, malformed: 0, broken: 0 };
  const rogue: unknown[] = [];
  const take = (junk: unknown): void => {
    // Before and after WELCOME the same bytes may come.
    for (const schema of [helloSchema, welcomeSchema, errorSchema]) schema.safeParse(junk);
    const heard = readFrame(junk);
    counts[heard.kind] += 1;
    if (heard.kind === 'frame' && heard.frame.type === 'CMD' && !allowed.includes(heard.frame.command))
      rogue.push(heard);
  };
  const fresh = (): FrameReader =>
    new FrameReader(take, () => void (counts.broken += 1), CAP_AFTER_WELCOME_BYTES);
  const run = (frames: number): void => {
    let reader = fresh();
    for (let count = 0; count < frames; count += 1) {
      const before = counts.broken;
      const bytes = mutated(random);
      const cut = random(bytes.length + 1);
      reader.push(bytes.subarray(0, cut));
      reader.push(bytes.subarray(cut));
      // A broken stream is a closed connection; a short frame hangs, and a new connection comes.
      if (counts.broken !== before || count % 16 === 15) reader = fresh();
    }
  };
  run(FRAMES / 10);
  const rest = settledHeap();
  run((FRAMES * 9) / 10);
  expect(settledHeap() - rest).toBeLessThan(5 * MIB);
  expect(rogue).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  // Each way out was taken, or the mutations test nothing.
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(FRAMES / 1000);
}, 60_000);

function settledHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
