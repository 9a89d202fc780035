import { afterEach, expect, test } from 'vitest';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { makeIdentity, until } from '../../../test/rig/link-security/mac.ts';
import { street } from '../../../test/rig/link-security/street.ts';
import type { Dialled, DialFailure, DialRequest } from './dial.ts';
import { dialForPairing } from './pair-dial.ts';

const HOST = '127.0.0.1';
/** Linux answers on all of 127/8; macOS on 127.0.0.1 alone. */
const OTHER_OWN = '127.0.0.2';
const linuxOnly = test.skipIf(process.platform !== 'linux');
const { mac, listens, close } = street();
afterEach(close);

linuxOnly('a pairing is dialled from where this Mac listens: there the other one will beat to', async () => {
  const [edge, core] = [mac(), mac()];
  await edge.sessions.listen(OTHER_OWN, 0);
  const port = await listens(core);
  const from: string[] = [];
  core.sessions.setPairing((wire) => void from.push(wire.remoteAddress));
  const dialled = await edge.sessions.dialForPairing(HOST, port);
  expect([dialled.ok, await until(() => from.length > 0)]).toEqual([true, true]);
  if (dialled.ok) dialled.value.close();
  expect(from).toEqual([OTHER_OWN]);
});

/** Dials that fail as told, in turn; what was asked of them. */
async function dialsOf(from: string | null, fails: readonly DialFailure[]) {
  const asked: DialRequest[] = [];
  const result = await dialForPairing(
    { identity: makeIdentity(), clock: systemClock, scheduler: systemScheduler },
    { host: '192.0.2.9', port: 47_321, from, isOwnPort: () => false },
    async (_ports, request): Promise<Dialled> => {
      const why = fails[asked.push(request) - 1] ?? 'timeout';
      return { kind: 'failed', why, detail: null, localPort: null };
    },
  );
  const connectMs = asked.reduce((sum, one) => sum + one.connectMs, 0);
  return {
    code: result.ok ? null : result.error.code,
    ways: asked.map((one) => one.localAddress),
    connectMs,
  };
}

test('whom nothing reaches from there may be behind another interface; a person waits no longer for it', async () => {
  const bound = '192.0.2.1';
  const around = await dialsOf(bound, ['unreachable', 'alpnRefused']);
  expect(around).toMatchObject({ code: 'pairingNotOpen', ways: [bound, undefined] });
  const nowhere = await dialsOf(null, ['timeout']);
  expect(nowhere).toMatchObject({ code: 'peerUnreachable', ways: [undefined] });
  expect((await dialsOf(bound, ['timeout', 'timeout'])).connectMs).toBe(nowhere.connectMs);
});

test('whoever answers has answered: he is not asked again from elsewhere', async () => {
  for (const why of ['refused', 'alpnRefused', 'closed', 'notTls', 'hung'] as const)
    expect((await dialsOf('192.0.2.1', [why])).ways).toEqual(['192.0.2.1']);
});
