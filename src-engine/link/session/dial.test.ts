import { afterEach, expect, test } from 'vitest';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { makeIdentity, pairedWith, until, type TestMac } from '../../../test/rig/link-security/mac.ts';
import { street } from '../../../test/rig/link-security/street.ts';
import { dial } from './dial.ts';
import { probeHandshake } from './probe-handshake.ts';
import { ALPN_PAIRED } from './tls-options.ts';

const HOST = '127.0.0.1';
/** Linux answers on all of 127/8; macOS on 127.0.0.1 alone. */
const OTHER_OWN = '127.0.0.2';
const linuxOnly = test.skipIf(process.platform !== 'linux');
const { mac, listens, otherServer, deadPort, close } = street();
afterEach(close);

async function met(edge: TestMac, core: TestMac): Promise<string | undefined> {
  const port = await listens(core);
  core.sessions.setPeer(pairedWith(edge.identity));
  edge.candidates = [{ host: HOST, port }];
  edge.sessions.setPeer(pairedWith(core.identity, { role: 'core', port }));
  await until(() => core.stood.length > 0);
  return core.stood[0]?.remoteAddress;
}

linuxOnly('a dial comes from where this Mac listens: there the other Mac finds it', async () => {
  const edge = mac();
  await edge.sessions.listen(OTHER_OWN, 0);
  expect(await met(edge, mac())).toBe(OTHER_OWN);
});

test('a Mac that listens nowhere, or everywhere, dials from where the kernel wants', async () => {
  expect(await met(mac(), mac())).toBe(HOST);
  const everywhere = mac();
  await everywhere.sessions.listen('0.0.0.0', 0);
  expect(await met(everywhere, mac())).toBe(HOST);
});

test.each([
  ['is gone', '192.0.2.77'],
  ['is of another family', '::1'],
])('an address that %s does not keep this Mac from dialling', async (_what, localAddress) => {
  const [core, identity] = [mac(), makeIdentity()];
  core.sessions.setPeer(pairedWith(identity));
  const port = await listens(core);
  const dialled = await dial(
    { identity, clock: systemClock, scheduler: systemScheduler },
    { host: HOST, port, localAddress, alpn: ALPN_PAIRED, pin: null, connectMs: 2000, limitMs: 2000 },
  );
  expect(dialled.kind).toBe('wire');
  if (dialled.kind === 'wire') dialled.wire.destroy();
});

test('a probe says the errno, and none when nothing came or all is well', async () => {
  const [core, identity] = [mac(), makeIdentity()];
  const port = await listens(core);
  const probe = async (at: number) => {
    const { outcome, detail } = await probeHandshake(HOST, at, identity, 300);
    return [outcome, detail];
  };
  expect(await probe(await deadPort())).toEqual(['refused', 'ECONNREFUSED']);
  expect(await probe(await otherServer((socket) => socket.destroy()))).toEqual(['closed', 'ECONNRESET']);
  expect(await probe(await otherServer(() => undefined))).toEqual(['hung', null]);
  // A Tandem that knows no peer answers.
  expect(await probe(port)).toEqual(['ok', null]);
  core.sessions.setPeer(pairedWith(identity));
  expect(await probe(port)).toEqual(['ok', null]);
});
