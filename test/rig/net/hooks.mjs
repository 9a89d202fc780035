// Loaded into a rig's engine by NODE_OPTIONS (pair.ts): what no switch of the product gives, and no product should.
// On SIGUSR2 it does what the file TANDEM_RIG_HOOK says, one JSON object:
//   {"stallMs"}            the event loop stands still
//   {"stallAfterByeMs"}    stands still for that long right after the first BYE was handed to the kernel
//   {"monotonicJumpMs"}    process.hrtime and performance.now are that much later: a sleep
//   {"wallJumpMs"}         so is Date, or earlier when negative: a clock that was set
import { Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';

const file = process.env.TANDEM_RIG_HOOK;
// What the engine starts is not to be bent.
delete process.env.NODE_OPTIONS;

const still = new Int32Array(new SharedArrayBuffer(4));
const stall = (ms) => void Atomics.wait(still, 0, 0, ms);
let monotonicMs = 0;
let wallMs = 0;

const { now } = performance;
performance.now = () => now.call(performance) + monotonicMs;
const hrtime = process.hrtime;
process.hrtime = Object.assign(
  (before) => {
    const ns =
      process.hrtime.bigint() - (before ? BigInt(before[0]) * 1_000_000_000n + BigInt(before[1]) : 0n);
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  },
  { bigint: () => hrtime.bigint() + BigInt(Math.round(monotonicMs * 1e6)) },
);
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + wallMs);
    else super(...given);
  }
  static now() {
    return RealDate.now() + wallMs;
  }
};

const { send } = Socket.prototype;
/** Second byte of a datagram, in the clear (src-engine/link/beat/datagram.ts). */
const BYE = 4;
let stallAfterByeMs = 0;
Socket.prototype.send = function (...given) {
  const sent = send.apply(this, given);
  const isBye = given[0]?.[1] === BYE;
  const ms = isBye ? stallAfterByeMs : 0;
  if (isBye) stallAfterByeMs = 0;
  if (ms > 0) stall(ms);
  return sent;
};

process.on('SIGUSR2', () => {
  const what = JSON.parse(readFileSync(file, 'utf8'));
  monotonicMs += what.monotonicJumpMs ?? 0;
  wallMs += what.wallJumpMs ?? 0;
  stallAfterByeMs = what.stallAfterByeMs ?? 0;
  if (what.stallMs > 0) stall(what.stallMs);
});
