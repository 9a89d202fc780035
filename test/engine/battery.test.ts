import { afterEach, expect, test } from 'vitest';
import { eventually, openRig, type Rig } from './tandem.ts';

// Acceptance 1 of the first issue, ten times faster; `TANDEM_SLOW=1` walks it in real time.
const scale = process.env['TANDEM_SLOW'] === '1' ? 1 : 10;
const seconds = (count: number): number => (count * 1000) / scale;
/** The engine reads each second (divided), and a look through the command line takes its time. */
const SLACK_MS = seconds(2) + 1500;

let rig: Rig;
afterEach(() => rig.close());

async function stageWithin(stage: string, atLeastMs: number, fromMs: number): Promise<void> {
  await eventually(
    `stage ${stage}`,
    async () => (await rig.status()).host.vitals.stage === stage,
    atLeastMs + SLACK_MS + 10_000,
  );
  expect(performance.now() - fromMs, `${stage} came before its dwell`).toBeGreaterThan(atLeastMs * 0.9);
}

test('a falling battery walks warn, drain, stop with their dwells, latches, and releases after a minute of AC', async () => {
  rig = openRig({ TANDEM_TIME_SCALE: String(scale) });
  rig.vitals.battery(40, { watts: 2, onAC: false });
  await rig.startEngine();
  const first = await rig.status();
  expect(first.timeScale).toBe(scale);
  expect(first.host.vitals).toMatchObject({
    stage: 'ok',
    battery: { percent: 40, onAC: false, powerWatts: -2 },
  });
  const walk: [number, string, number][] = [
    [35, 'warn', 30],
    [25, 'drain', 15],
    [15, 'stop', 15],
  ];
  // One point at a time: a jump of more than ten points is doubted first.
  let percent = 40;
  for (const [line, stage, dwell] of walk) {
    while (percent > line) {
      percent -= 1;
      rig.vitals.battery(percent);
      await new Promise((resolve) => setTimeout(resolve, seconds(1.2)));
    }
    await stageWithin(stage, seconds(dwell), performance.now() - seconds(1.2));
    const { reasons } = (await rig.status()).host.vitals;
    expect(reasons).toContainEqual(
      expect.objectContaining({ metric: 'battery.percent', value: line, limit: line }),
    );
  }
  rig.vitals.battery(16, { onAC: true, watts: 30 });
  await new Promise((resolve) => setTimeout(resolve, seconds(70)));
  expect((await rig.status()).host.vitals).toMatchObject({ stage: 'stop', latched: true });
  for (let charged = 17; charged <= 35; charged += 1) {
    rig.vitals.battery(charged);
    await new Promise((resolve) => setTimeout(resolve, seconds(1.2)));
  }
  await eventually(
    'release',
    async () => (await rig.status()).host.vitals.stage === 'ok',
    seconds(62) + SLACK_MS,
  );
  const stages = (await rig.history())
    .filter(({ kind }) => kind.startsWith('stage.'))
    .map(({ what }) => what);
  expect(stages).toEqual(['stage warn', 'stage drain', 'stage stop', 'stage stop is over']);
}, 600_000);
