import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { limitsOfLink } from '../../../test/doubles/link-sim.ts';
import { detect, startDetector, type DetectorInput } from './detector.ts';
import { createTrace } from './trace.ts';
import { recordedPhases, replayTrace } from './trace-lines.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tandem-trace-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (path: string) => readFileSync(path, 'utf8').split('\n');

/** Beats for 20 s, an own pause of 2 s, then silence until down. */
function story(): DetectorInput[] {
  const inputs: DetectorInput[] = [{ kind: 'session', atMs: 0, up: true }];
  const beat = (atMs: number) => {
    inputs.push({
      kind: 'arrival',
      atMs: atMs + 0.3,
      echoSeqAdvanced: true,
      echoAgeMs: 40,
      beat: true,
      peerIntervalMs: 250,
    });
    inputs.push({ kind: 'tick', atMs: atMs + 1 });
  };
  for (let atMs = 0; atMs < 10_000; atMs += 250) beat(atMs);
  for (let atMs = 12_000; atMs < 20_000; atMs += 250) beat(atMs);
  for (let atMs = 20_000; atMs < 24_000; atMs += 50) inputs.push({ kind: 'tick', atMs });
  return inputs;
}

function record(trace: ReturnType<typeof createTrace>, inputs: readonly DetectorInput[]) {
  let state = startDetector(0, limitsOfLink);
  for (const input of inputs) {
    state = detect(state, input, limitsOfLink);
    trace.record(input, state.phase);
  }
}

it('a recorded trace plays the same phases again', async () => {
  const trace = createTrace(folder, fakeTime().scheduler);
  record(trace, story());
  await trace.flush();
  const replayed = replayTrace(lines(trace.path), limitsOfLink);
  expect(replayed.map(({ phase }) => phase)).toEqual(['up', 'suspect', 'down']);
  const recorded = recordedPhases(lines(trace.path));
  expect(recorded.map(({ phase }) => phase)).toEqual(['never', 'up', 'suspect', 'down']);
  for (const { phase, atMs } of replayed)
    expect(Math.abs(atMs - (recorded.find((other) => other.phase === phase)?.atMs ?? 0))).toBeLessThan(60);
  expect(statSync(trace.path).mode & 0o777).toBe(0o600);
  trace.dispose();
});

it('an own pause in a trace is a pause in its replay, no silence', async () => {
  const trace = createTrace(folder, fakeTime().scheduler);
  record(
    trace,
    story().filter(({ atMs }) => atMs < 19_500),
  );
  await trace.flush();
  expect(replayTrace(lines(trace.path), limitsOfLink).map(({ phase }) => phase)).toEqual(['up']);
  const withoutPause = lines(trace.path).filter((line) => !line.includes('"p"'));
  expect(replayTrace(withoutPause, limitsOfLink).map(({ phase }) => phase)).toEqual(['up', 'suspect', 'up']);
  trace.dispose();
});

it('keeps two files, of which each can be played by itself', async () => {
  const trace = createTrace(folder, fakeTime().scheduler, { fileBytes: 700 });
  let state = startDetector(0, limitsOfLink);
  for (const input of story().filter(({ atMs }) => atMs < 9900)) {
    state = detect(state, input, limitsOfLink);
    trace.record(input, state.phase);
    await trace.flush();
  }
  for (const path of [trace.path, `${trace.path}.1`]) {
    expect(statSync(path).size).toBeLessThanOrEqual(730);
    expect(replayTrace(lines(path), limitsOfLink).map(({ phase }) => phase)).toEqual(['up']);
  }
  trace.dispose();
});

it('junk between the lines is left out', () => {
  expect(
    replayTrace(['', '{', '[1]', '[1,"x"]', '["a",1]', 'null', '[5,"b","nonsense"]'], limitsOfLink),
  ).toEqual([]);
});
