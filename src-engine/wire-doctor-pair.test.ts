import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test/doubles/temporary-folder.ts';
import type { Look, PortOutcome } from './link/classify/looks.ts';
import { openIdentity } from './link/identity/identity-files.ts';
import { writePeer } from './link/identity/peer-file.ts';
import { localNetworkDenied, lookAtIdentity } from './wire-doctor-pair.ts';

describe('the files of an identity', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(temporaryFolder('doctor-identity'), 'identity');
  });

  async function made(): Promise<string> {
    const identity = await openIdentity(folder);
    if (!identity.ok) throw new Error(identity.error.code);
    return identity.value.pin;
  }
  const paired = async (pin: string) =>
    writePeer(folder, {
      pin,
      name: 'other',
      role: 'core',
      pairedAt: '2026-01-01T00:00:00.000Z',
      address: '192.0.2.2',
      port: 47_321,
      minor: 0,
      homeRouters: [null],
      refusedRouters: [],
    });

  test('none: no trouble, and none is made by looking', async () => {
    expect(await lookAtIdentity(folder)).toMatchObject({ fingerprint: null, paired: false, trouble: null });
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await mkdir(folder, { mode: 0o700 });
    expect(await lookAtIdentity(folder)).toMatchObject({ fingerprint: null, trouble: null, open: [] });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a good one shows the beginning of its pin; paired or not', async () => {
    const pin = await made();
    const alone = await lookAtIdentity(folder);
    expect(alone).toMatchObject({ paired: false, open: [], trouble: null });
    expect(pin.startsWith(alone.fingerprint?.replaceAll(' ', '') ?? '-')).toBe(true);
    expect(alone.fingerprint).toHaveLength(19);
    await paired('ab'.repeat(32));
    expect(await lookAtIdentity(folder)).toMatchObject({ paired: true, trouble: null });
  });

  test('what others may read is named, and stays as it is', async () => {
    await made();
    await chmod(join(folder, 'key.pem'), 0o644);
    expect(await lookAtIdentity(folder)).toMatchObject({ open: ['key.pem'] });
    expect((await stat(join(folder, 'key.pem'))).mode & 0o777).toBe(0o644);
    await chmod(join(folder, 'key.pem'), 0o600);
    await chmod(folder, 0o755);
    expect(await lookAtIdentity(folder)).toMatchObject({ open: ['.'] });
  });

  test('a key that is gone although something is left of it is a loss, and no new one is made', async () => {
    await made();
    await rm(join(folder, 'key.pem'));
    const { trouble } = await lookAtIdentity(folder);
    expect(trouble).toEqual({ path: join(folder, 'key.pem'), detail: 'missing' });
    expect(await readdir(folder)).toEqual(['certificate.pem']);
  });

  test.each(['key.pem', 'certificate.pem', 'peer.json'])('a damaged %s is named', async (name) => {
    await paired(await made());
    await writeFile(join(folder, name), '{}', { mode: 0o600 });
    expect((await lookAtIdentity(folder)).trouble?.path).toBe(join(folder, name));
  });

  test('a certificate of another key is named, as the engine would refuse it', async () => {
    await made();
    const stranger = join(temporaryFolder('doctor-stranger'), 'identity');
    await openIdentity(stranger);
    await writeFile(join(folder, 'certificate.pem'), await readFile(join(stranger, 'certificate.pem')));
    expect((await lookAtIdentity(folder)).trouble).toMatchObject({ detail: 'of another key' });
    expect(await openIdentity(folder)).toMatchObject({ ok: false, error: { code: 'identityUnreadable' } });
  });
});

describe('a denied local network', () => {
  /** What the three ports of the router answer in each round, and whether the ping child is answered. */
  async function judge(rounds: readonly (readonly PortOutcome[])[], pings: readonly (boolean | null)[]) {
    let round = 0;
    let knocks = 0;
    const waits: number[] = [];
    const denied = await localNetworkDenied({
      gateway: '192.0.2.1',
      async ping() {
        const answered = pings[round] ?? null;
        return answered === null ? null : { outcome: answered ? 'ok' : 'timeout', ms: 2, detail: null };
      },
      async tcp(): Promise<Look<PortOutcome>> {
        const outcome = rounds[round]?.[knocks % 3] ?? 'error';
        knocks += 1;
        return { outcome, ms: 1, detail: null };
      },
      async wait(delayMs) {
        waits.push(delayMs);
        round += 1;
      },
    });
    return { denied, rounds: waits.length + 1 };
  }
  const barred: PortOutcome[] = ['unreachable', 'unreachable', 'unreachable'];

  test('own sockets turned away twice where a ping gets through', async () => {
    expect(await judge([barred, barred], [true, true])).toEqual({ denied: true, rounds: 2 });
    expect((await judge([barred, ['denied', 'denied', 'denied']], [true, true])).denied).toBe(true);
  });

  test('once is a blip', async () => {
    expect((await judge([barred, ['timeout', 'refused', 'timeout']], [true, true])).denied).toBe(false);
    expect((await judge([barred, ['timeout', 'timeout', 'timeout']], [true, true])).denied).toBe(false);
    expect((await judge([barred, barred], [true, false])).denied).toBeNull();
  });

  test.each<[string, PortOutcome[], boolean | null, boolean | null]>([
    ['time-outs, as of a router that drops', ['timeout', 'timeout', 'timeout'], true, false],
    ['one time-out among errors', ['unreachable', 'timeout', 'unreachable'], true, false],
    ['a refusal is an answer', ['refused', 'unreachable', 'unreachable'], true, false],
    ['a router that is gone for both', barred, false, null],
    ['no ping tool', barred, null, null],
  ])('%s is no denial', async (_what, outcomes, ping, denied) => {
    expect(await judge([outcomes], [ping])).toEqual({ denied, rounds: 1 });
  });
});
