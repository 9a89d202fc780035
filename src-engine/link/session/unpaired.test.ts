import { afterEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../platform/log.ts';
import type { TandemError } from '../../../src-shared/errors/result.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { makeIdentity, pairedWith, pause, until } from '../../../test/rig/link-security/mac.ts';
import { street } from '../../../test/rig/link-security/street.ts';
import type { DialFailure } from './dial.ts';
import { createStrangers } from './strangers.ts';

const HOST = '127.0.0.1';
const { mac, listens, close } = street();
afterEach(close);

describe('a peer that knows us no more', () => {
  const last = { host: '192.0.2.7', port: 47_321 };
  const told = { code: 'pairingForgotten', params: last };

  function rig() {
    const heard: TandemError[] = [];
    const strangers = createStrangers(fakeTime().clock, silentLog, (error) => void heard.push(error));
    const dials = (why: DialFailure, times: number, to = last) => {
      for (let turn = 0; turn < times; turn += 1)
        strangers.answered(to, last, { kind: 'failed', why, detail: null, localPort: null });
    };
    return { heard, strangers, dials };
  }

  test('is told after three refusals in a row, once', () => {
    const { heard, dials } = rig();
    dials('alpnRefused', 2);
    expect(heard).toEqual([]);
    dials('alpnRefused', 1);
    expect(heard).toEqual([told]);
    dials('closed', 1);
    dials('alpnRefused', 50);
    expect(heard).toEqual([told]);
  });

  test.each(['refused', 'timeout', 'hung', 'closed', 'notTls'] as const)('is not told of %s', (why) => {
    const { heard, dials } = rig();
    dials('alpnRefused', 2);
    dials(why, 10);
    dials('alpnRefused', 2);
    expect(heard).toEqual([]);
  });

  test('is told of its last good address alone', () => {
    const { heard, dials } = rig();
    dials('alpnRefused', 10, { ...last, port: 5 });
    dials('alpnRefused', 10, { ...last, host: '192.0.2.8' });
    dials('alpnRefused', 2);
    // What others answer between does not matter either.
    dials('timeout', 1, { ...last, host: '192.0.2.8' });
    expect(heard).toEqual([]);
    dials('alpnRefused', 1);
    expect(heard).toEqual([told]);
  });

  test('is told again only after a session stood', () => {
    const { heard, strangers, dials } = rig();
    dials('alpnRefused', 5);
    strangers.anew();
    dials('alpnRefused', 2);
    expect(heard).toHaveLength(1);
    dials('alpnRefused', 1);
    expect(heard).toEqual([told, told]);
  });

  test('is found by dialling it, before a session and after it', async () => {
    const [core, edge] = [mac(), mac()];
    const port = await listens(core);
    edge.candidates = [{ host: HOST, port }];
    edge.sessions.setPeer(pairedWith(core.identity, { role: 'core', address: HOST, port }));
    const notPaired = { code: 'pairingForgotten', params: { host: HOST, port } };
    expect(await until(() => edge.refused.length > 0)).toBe(true);
    edge.sessions.dialNow();
    await pause(400);
    expect(edge.refused).toEqual([notPaired]);
    core.sessions.setPeer(pairedWith(edge.identity));
    edge.sessions.dialNow();
    expect(await until(() => edge.stood.length === 1)).toBe(true);
    core.sessions.setPeer(null);
    expect(await until(() => edge.ends.length === 1)).toBe(true);
    for (let turn = 0; turn < 6; turn += 1) {
      edge.sessions.dialNow();
      await pause(60);
    }
    expect(edge.refused).toEqual([notPaired, notPaired]);
  });

  test('is not taken for the Mac that is paired next', async () => {
    const [core, edge] = [mac(), mac()];
    const port = await listens(core);
    edge.candidates = [{ host: HOST, port }];
    const pairAnew = () => edge.sessions.setPeer(pairedWith(makeIdentity(), { address: HOST, port }));
    pairAnew();
    expect(await until(() => edge.refused.length === 1)).toBe(true);
    pairAnew();
    expect(await until(() => edge.refused.length === 2)).toBe(true);
  });
});
