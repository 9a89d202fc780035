import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { createPairing } from './pairing-room.ts';

test('a timer that fires half a millisecond early leaves no window open for ever', async () => {
  const { clock, scheduler, advance } = fakeTime();
  const told: (Pairing | null)[] = [];
  const room = createPairing({
    clock,
    scheduler: {
      ...scheduler,
      after: (delayMs, task) => scheduler.after(delayMs > 1 ? delayMs - 0.5 : delayMs, task),
    },
    identity: { keyPem: '', certificatePem: '', pin: '11'.repeat(32) },
    minors: { min: 0, max: 0 },
    lockFile: join(temporaryFolder('pairing'), 'lock.json'),
    sessions: { setPairing: () => undefined, dialForPairing: async () => fail('pairingNotOpen') },
    ensureListening: async () => ok({ address: '127.0.0.1', port: 47_321 }),
    own: () => ({ name: 'mini', role: 'single', hasBattery: false, port: 47_321 }),
    paired: () => null,
    homeRouter: () => null,
    publish: (pairing) => void told.push(pairing),
    store: async () => undefined,
  });
  expect((await room.open()).ok).toBe(true);
  await advance(120_001);
  expect(told.at(-1)).toMatchObject({ stage: 'failed', error: { code: 'pairingExpired' } });
});
