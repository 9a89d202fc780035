import { describe, expect, test } from 'vitest';
import type { BatteryReading } from '../readings.ts';
import { feedPslog, freshPslog } from './pslog.ts';

const dated = '2026-01-04 11:27:48 +0100 IOPSNotificationCreateRunLoopSource\n';
const supply = (rest: string) => ` -InternalBattery-0 (id=4522083)\t${rest} present: true\n`;

/** The banner, an unplug, percents that fall (without the header), bare notify names, a plug. */
const stream =
  'Logging IORegisterForSystemPower sleep/wake messages\n' +
  'pmset is in logging mode now. Hit ctrl-c to exit.\n' +
  `${dated}Now drawing from 'AC Power'\n${supply('80%; charging; 1:02 remaining')}` +
  `${dated}Now drawing from 'Battery Power'\n${supply('80%; discharging; (no estimate)')}` +
  'com.apple.system.powersources.timeremaining\n' +
  `${dated}${supply('79%; discharging; 4:10 remaining')}\tBattery Warning: Early\n` +
  `${dated}${supply('78%; AC attached; not charging')}` +
  `${dated}Now drawing from 'AC Power'\n${supply('78%; charging; 1:10 remaining')}` +
  '2026-01-04 11:40:00 +0100 Wagemü — Hibernate\n';

function readAll(chunks: readonly string[]): BatteryReading[] {
  let state = freshPslog;
  return chunks.flatMap((chunk) => {
    const fed = feedPslog(state, chunk);
    state = fed.state;
    return fed.readings;
  });
}

const whole = readAll([stream]);

describe('vitals 3: pslog', () => {
  test('vitals 3: one reading per supply line; a block without the header keeps the last source', () => {
    expect(whole.map(({ percent, onAC, state, osMinutes }) => [percent, onAC, state, osMinutes])).toEqual([
      [80, true, 'charging', 62],
      [80, false, 'discharging', null],
      [79, false, 'discharging', 250],
      [78, false, 'notCharging', null],
      [78, true, 'charging', 70],
    ]);
  });

  test('vitals 3: pslog chunk fuzz: split at every offset, the same readings', () => {
    for (let at = 0; at <= stream.length; at += 1)
      expect(readAll([stream.slice(0, at), stream.slice(at)])).toEqual(whole);
  });

  test('vitals 3: pslog chunk fuzz: every byte a chunk of its own, decoded as a stream', () => {
    const decoder = new TextDecoder();
    const chunks = [...Buffer.from(stream)].map((byte) =>
      decoder.decode(Uint8Array.of(byte), { stream: true }),
    );
    expect(readAll(chunks)).toEqual(whole);
  });

  test('vitals 3: a line without its end says nothing yet', () => {
    expect(readAll([`${dated}${supply('50%; discharging; 2:00 remaining').trimEnd()}`])).toEqual([]);
  });

  test('without any header the state decides about AC', () => {
    expect(readAll([supply('50%; discharging; 2:00 remaining')])[0]?.onAC).toBe(false);
    expect(readAll([supply('50%; charging; 2:00 remaining')])[0]?.onAC).toBe(true);
  });

  test('a UPS is neither mistaken for the battery nor remembered after it is gone', () => {
    const ups = ' -Back-UPS (id=2)\t100%; charged; present: true\n';
    const readings = readAll([
      `${dated}Now drawing from 'AC Power'\n${supply('30%; charging; 1:00 remaining')}${ups}`,
      `${dated}${ups}${supply('31%; charging; 0:59 remaining')}`,
      `${dated}${supply('32%; charging; 0:58 remaining')}`,
    ]);
    expect(readings.map(({ percent }) => percent)).toEqual([30, 31, 32]);
  });

  test('endless junk without a line end is not collected for ever', () => {
    let { state } = feedPslog(freshPslog, '');
    for (let turn = 0; turn < 100; turn += 1) ({ state } = feedPslog(state, 'x'.repeat(10_000)));
    expect(state.rest.length).toBeLessThanOrEqual(65_536);
  });
});
