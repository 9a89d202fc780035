import { randomInt } from 'node:crypto';
import { ackKey, send, sender, type Heart } from './heart.ts';
import { MAX_LEAVE_BYTES } from './datagram.ts';

/** Sent again this often until it is acknowledged, and this long. */
const AGAIN_MS = 100;
const GIVE_UP_MS = 1000;

/** Says LEAVE_NOW until it is acknowledged. True when it was. */
export function leaveNow(heart: Heart, payload: Buffer): Promise<boolean> {
  if (payload.length > MAX_LEAVE_BYTES) throw new RangeError('payload');
  const id = randomInt(2 ** 32);
  const waiting: string[] = [];
  return new Promise((resolve) => {
    const done = (acked: boolean) => {
      again.dispose();
      end.dispose();
      for (const key of waiting) heart.acks.delete(key);
      resolve(acked);
    };
    const say = () => {
      const channel = sender(heart);
      if (channel === undefined || heart.disposed) return;
      const seq = send(heart, { type: 'leaveNow', id, payload }, channel);
      if (seq === null) return;
      const key = ackKey(channel, seq);
      waiting.push(key);
      heart.acks.set(key, () => done(true));
    };
    const again = heart.ports.scheduler.every(AGAIN_MS, say);
    const end = heart.ports.scheduler.after(GIVE_UP_MS, () => done(false));
    say();
  });
}
