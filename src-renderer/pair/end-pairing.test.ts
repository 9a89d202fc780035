import { expect, test } from 'vitest';
import type { Bridge } from '../../src-shared/commands/shell.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { endPairing } from './end-pairing.ts';

/** An engine whose edge serves, and whose core is away: it unpairs only by force. */
function bench(answer: (force: boolean) => Result<object>) {
  const asked: unknown[] = [];
  const call = async (method: string, input: { force?: boolean }) => {
    asked.push([method, input]);
    return answer(input.force === true);
  };
  return { asked, bridge: { call } as unknown as Pick<Bridge, 'call'> };
}

test('refused while the edge serves: the second yes is not refused again', async () => {
  const { asked, bridge } = bench((force) => (force ? ok({}) : fail('leaveFirst')));
  expect(await endPairing(bridge, false)).toBe('serves');
  expect(await endPairing(bridge, true)).toBe('done');
  expect(asked).toEqual([
    ['peer.unpair', { yes: true }],
    ['peer.unpair', { yes: true, force: true }],
  ]);
});

test('nothing is forced that nobody refused; another failure is no question', async () => {
  const calm = bench(() => ok({}));
  expect(await endPairing(calm.bridge, false)).toBe('done');
  expect(calm.asked).toEqual([['peer.unpair', { yes: true }]]);
  const lost = bench(() => fail('engineLost'));
  expect(await endPairing(lost.bridge, false)).toEqual({ error: { code: 'engineLost', params: {} } });
});
