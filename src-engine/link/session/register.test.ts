import { expect, test } from 'vitest';
import { silentLog } from '../../platform/log.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { helloData } from '../../../test/rig/link-security/mac.ts';
import type { SessionEnd } from '../ports.ts';
import type { Welcomed } from './handshake.ts';
import { Register } from './register.ts';
import type { Wire } from './wire.ts';

/** A connection whose other end says what a test wants, gone as soon as it is closed. */
function line() {
  let hears: (frame: unknown) => void = () => undefined;
  const ends: (() => void)[] = [];
  const close = (): void => ends.splice(0).forEach((end) => end());
  const wire: Wire = {
    localAddress: '192.0.2.1',
    remoteAddress: '192.0.2.2',
    remotePin: '',
    exportKey: () => Buffer.alloc(0),
    send: () => true,
    setCap: () => undefined,
    onFrame: (listener) => void (hears = listener),
    onClose: (listener) => void ends.push(() => listener(null)),
    close,
    destroy: close,
    isOpen: () => true,
  };
  const welcomed: Welcomed = {
    wire,
    incoming: false,
    sessionId: 1n,
    peer: helloData(),
    minor: 1,
    remotePort: null,
  };
  return { welcomed, hear: (frame: unknown) => hears(frame) };
}

/** An edge's register whose only session was just superseded: the newer one has not come yet. */
function waiting() {
  const time = fakeTime();
  const ends: SessionEnd[] = [];
  let lasts = 0;
  const register = new Register({
    ...time,
    log: silentLog,
    events: {
      onSession: () => undefined,
      onEnd: (how) => void ends.push(how),
      onFrame: () => undefined,
    },
    decides: () => false,
    onLast: () => void (lasts += 1),
  });
  const only = line();
  register.add(only.welcomed, 1);
  only.hear({ type: 'ERROR', code: 'superseded', fatal: true, params: {} });
  return { time, ends, register, lasts: () => lasts };
}

test('a superseded session ends when no newer one comes within a second', async () => {
  const { time, ends, lasts } = waiting();
  await time.advance(999);
  expect([ends, lasts()]).toEqual([[], 0]);
  await time.advance(1);
  expect([ends, lasts()]).toEqual([['superseded'], 1]);
});

test('a newer one in that second is no end', async () => {
  const { time, ends, register } = waiting();
  register.add(line().welcomed, 1);
  await time.advance(5000);
  expect(ends).toEqual([]);
});

test('who closes all in that second is told of the end, once', async () => {
  const { time, ends, register } = waiting();
  await register.closeAll();
  expect(ends).toEqual(['ours']);
  await register.closeAll();
  await time.advance(5000);
  expect(ends).toEqual(['ours']);
});
