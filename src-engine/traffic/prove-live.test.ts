import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { pause } from '../platform/clock.ts';
import { proveLive, type ProofHands } from './prove-live.ts';

interface Front {
  /** Until this moment the front still gives the edge every fifth request. */
  staleUntilMs: number;
  answerMs: number;
  gate: number | null;
  edge: number;
  asked: { fresh: number; kept: number };
}

function bench(change: Partial<Front> = {}) {
  const time = fakeTime();
  const front: Front = {
    staleUntilMs: 0,
    answerMs: 5,
    gate: 100,
    edge: 100,
    asked: { fresh: 0, kept: 0 },
    ...change,
  };
  let turn = 0;
  const hands: ProofHands = {
    monotonicMs: time.clock.monotonicMs,
    wait: (delayMs) => pause(time.scheduler, delayMs),
    async ask(fresh) {
      await pause(time.scheduler, front.answerMs);
      front.asked[fresh ? 'fresh' : 'kept'] += 1;
      turn += 1;
      const isOld = time.clock.monotonicMs() < front.staleUntilMs && turn % 5 === 0;
      if (isOld) front.edge += 1;
      return { by: isOld ? 'edge' : 'core' };
    },
    witnesses: async () => ({ front: { generation: 'a', requests: front.edge }, gate: front.gate }),
    edgeShare: async () => 0,
  };
  async function run(probes: number, limitMs: number) {
    const proving = proveLive(hands, probes, limitMs);
    await time.advance(limitMs * 3);
    return proving;
  }
  return { run, front, time };
}

test('two rounds of so many, on new connections and on kept ones', async () => {
  const { run, front } = bench();
  const proof = await run(20, 10_000);
  expect(proof).toMatchObject({ ok: true, value: { probes: 40, rounds: 2, onEdge: 0, newOnEdge: 0 } });
  expect(front.asked).toEqual({ fresh: 20, kept: 20 });
});

test('a front that serves the old weight for 8 s is believed after them, not before', async () => {
  const { run } = bench({ staleUntilMs: 8000 });
  const proof = await run(20, 10_000);
  expect(proof).toMatchObject({ ok: true, value: { rounds: 2 } });
  if (!proof.ok) throw new Error('not live');
  expect(proof.value.elapsedMs).toBeGreaterThan(8000);
  expect(proof.value.onEdge).toBeGreaterThan(0);
  expect(proof.value.newOnEdge).toBe(proof.value.onEdge);
});

test('one that never lets go is not live, within the limit and one probe', async () => {
  const { run } = bench({ staleUntilMs: Infinity });
  const proof = await run(20, 2000);
  expect(proof).toMatchObject({ ok: false, error: { code: 'weightNotLive' } });
  if (proof.ok) throw new Error('live');
  expect(Number(proof.error.params['seconds'])).toBeLessThanOrEqual(2.1);
  expect(proof.error.params['doubt']).toBe('answeredByEdge');
});

test('a front so slow that the rounds do not end in time has proved nothing', async () => {
  const { run } = bench({ answerMs: 400 });
  expect(await run(100, 2000)).toMatchObject({ ok: false, error: { code: 'weightNotLive' } });
});

test('the gate hears of a request that did not come through our probes: one more round', async () => {
  const { run, front, time } = bench();
  time.scheduler.after(60, () => (front.gate = 101));
  const proof = await run(20, 10_000);
  expect(proof).toMatchObject({ ok: true, value: { newOnEdge: 1, probes: 60 } });
});
