import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { createBeat } from '../../src-engine/link/beat/beat.ts';
import { unknownFacts } from '../../src-engine/link/beat/beat-body.ts';
import type { Session } from '../../src-engine/link/ports.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { defaultSettings, type Settings } from '../../src-shared/settings.ts';

/** One end of a link without an engine around it; the benchmark starts it in a namespace. */

const PORT = 47_321;
const PLAIN_PORT = 47_322;

const say = (who: string, event: 'up' | 'down'): void => {
  const atMs = Number(process.hrtime.bigint()) / 1e6;
  process.stdout.write(`${JSON.stringify({ who, event, atMs })}\n`);
};

/** The heartbeat with a session that both ends know by heart; a refused port is what "crashed" stands on. */
export function runOurs(
  own: string,
  peer: string,
  incoming: boolean,
  limits: () => Settings['link'] = () => defaultSettings.link,
): void {
  createServer((socket) => socket.on('error', () => undefined)).listen(PORT, own);
  const exported = createHash('sha512').update('a benchmark, no secret').digest();
  const session = { id: 1n, incoming, exportKey: () => exported } as unknown as Session;
  const beat = createBeat({
    clock: systemClock,
    scheduler: systemScheduler,
    facts: () => unknownFacts,
    limits,
    onBattery: () => false,
    events: {
      onPhase({ phase }) {
        if (phase === 'up' || phase === 'down') say('ours', phase);
        if (phase === 'suspect') lookAtPort(peer, () => beat.crashed());
      },
      onBye: () => undefined,
      onLeaveNow: () => undefined,
      onFacts: () => undefined,
      onOwnPause: () => undefined,
      onUnbound: () => undefined,
      onSendError: () => undefined,
    },
  });
  beat.setSession(session, { address: own, port: PORT }, { address: peer, port: PORT });
}

/** The probe of the peer's app port, as the engine does while suspect. */
function lookAtPort(host: string, onRefused: () => void): void {
  const socket = connect({ host, port: PORT, autoSelectFamily: false });
  const limit = setTimeout(() => socket.destroy(), 1000);
  socket.on('connect', () => socket.destroy());
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') onRefused();
  });
  socket.on('close', () => clearTimeout(limit));
}

/** A beat each second, gone after three without one. */
export function runPlain(own: string, peer: string): void {
  const socket = createSocket('udp4');
  let timer: NodeJS.Timeout | undefined;
  let up = false;
  socket.on('error', () => undefined);
  socket.on('message', () => {
    if (!up) say('plain', 'up');
    up = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      up = false;
      say('plain', 'down');
    }, 3000);
  });
  socket.bind(PLAIN_PORT, own);
  setInterval(() => socket.send('beat', PLAIN_PORT, peer, () => undefined), 1000);
}
