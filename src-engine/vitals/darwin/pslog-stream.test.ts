import { describe, expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import type { Tools } from '../../platform/tools.ts';
import { startPslog } from './pslog-stream.ts';

const line = (percent: number) =>
  `2026-01-04 11:27:48 +0100 IOPS\nNow drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t${percent}%; discharging; 2:00 remaining present: true\n`;

/** Resident children that a test lets speak and die. */
function fakeChildren() {
  const children: { say(chunk: string): void; die(): void; stopped: boolean; alive: boolean }[] = [];
  const tools: Pick<Tools, 'resident'> = {
    resident(_tool, _args, onChunk) {
      let die = (): void => undefined;
      const ended = new Promise<void>((resolve) => (die = resolve));
      const child = {
        say: onChunk,
        die: () => {
          child.alive = false;
          die();
        },
        stopped: false,
        alive: true,
      };
      children.push(child);
      return { pid: 1, ended, stop: () => (child.stopped = true) };
    },
  };
  return { children, tools: tools as Tools };
}

function setUp() {
  const time = fakeTime();
  const { children, tools } = fakeChildren();
  const news: number[] = [];
  const all: number[] = [];
  let spawns = 0;
  const stream = startPslog({
    ...time,
    tools,
    onSpawn: () => (spawns += 1),
    onReading: ({ percent }, isNew) => {
      all.push(percent ?? -1);
      if (isNew) news.push(percent ?? -1);
    },
  });
  return { time, children, news, all, stream, spawns: () => spawns };
}

describe('vitals 3: the resident pslog', () => {
  test('vitals 3: child kill -> restart within the back-off, no duplicate events', async () => {
    const { time, children, news, all } = setUp();
    children[0]?.say(line(50));
    children[0]?.say(line(49));
    children[0]?.die();
    await time.advance(0);
    await time.advance(999);
    expect(children).toHaveLength(1);
    await time.advance(1);
    expect(children).toHaveLength(2);
    // A new child says the present state first.
    children[1]?.say(line(49));
    children[1]?.say(line(48));
    expect(news).toEqual([50, 49, 48]);
    expect(all).toEqual([50, 49, 49, 48]);
  });

  test('vitals 3: half a line of a dead child is not joined to the next one', async () => {
    const { time, children, news } = setUp();
    children[0]?.say(' -InternalBattery-0 (id=1)\t50');
    children[0]?.die();
    await time.advance(0);
    await time.advance(1000);
    children[1]?.say('%; discharging; 2:00 remaining present: true\n');
    expect(news).toEqual([]);
  });

  test('the back-off doubles from 1 s to 60 s, and begins anew after a child that was well', async () => {
    const { time, children, spawns } = setUp();
    const waits: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const before = spawns();
      children.at(-1)?.die();
      await time.advance(0);
      let waited = 0;
      while (spawns() === before && waited < 120) {
        await time.advance(1000);
        waited += 1;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await time.advance(60_000);
    children.at(-1)?.die();
    await time.advance(0);
    expect(children.at(-1)?.alive).toBe(false);
    await time.advance(1000);
    expect(children.at(-1)?.alive).toBe(true);
  });

  test('disposed of, the child is stopped and none is started again', async () => {
    const { time, children, news, stream } = setUp();
    stream.dispose();
    expect(children[0]?.stopped).toBe(true);
    children[0]?.say(line(10));
    children[0]?.die();
    await time.advance(120_000);
    expect(children).toHaveLength(1);
    expect(news).toEqual([]);
    expect(time.pending()).toBe(0);
  });
});
