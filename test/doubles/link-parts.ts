import { defaultSettings } from '../../src-shared/settings.ts';
import { ok, type Result } from '../../src-shared/errors/result.ts';
import type { ByeReason } from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { LinkParts } from '../../src-engine/link/link-parts.ts';
import type { LinkHappening, LinkHistory } from '../../src-engine/link/link-ports.ts';
import { newLinkState } from '../../src-engine/link/link-state.ts';
import type { Frame, OwnNetwork, PairedPeer, Session } from '../../src-engine/link/ports.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { fakeTime } from './fake-time.ts';
import { hello } from './link-hello.ts';

export const OWN_PIN = 'a'.repeat(64);
export const PEER_PIN = 'b'.repeat(64);
export const home: OwnNetwork = {
  interfaceName: 'eth0',
  address: '192.0.2.7',
  prefixLength: 24,
  gateway: '192.0.2.1',
  gatewayMac: '02:00:00:00:00:01',
};
export const elsewhere: OwnNetwork = { ...home, gatewayMac: '02:00:00:00:00:99' };

export const pairedPeer = (change: Partial<PairedPeer> = {}): PairedPeer => ({
  pin: PEER_PIN,
  name: 'Edge',
  role: 'edge',
  pairedAt: '2026-01-01T00:00:00.000Z',
  address: '192.0.2.8',
  port: 47_321,
  minor: 0,
  homeRouters: ['02:00:00:00:00:01'],
  refusedRouters: [],
  ...change,
});

export function aSession(change: Partial<Session> = {}) {
  const sent: Frame[] = [];
  const session: Session = {
    id: 1n,
    incoming: false,
    localAddress: '192.0.2.7',
    remoteAddress: '192.0.2.8',
    remotePort: 47_321,
    peer: hello(),
    minor: 0,
    exportKey: (_label, bytes) => Buffer.alloc(bytes),
    send: (frame) => sent.push(frame) > 0,
    ...change,
  };
  return { session, sent };
}

/**
 * The parts of a core's link room as far as a test needs them: calls are noted in order, as `part.method`, and what
 * a test gives takes the place of a part.
 */
export function linkParts(given: Record<string, unknown> = {}, folder = '/nowhere') {
  const time = fakeTime();
  const calls: string[] = [];
  const added: Parameters<LinkHistory['add']>[0][] = [];
  const happened: LinkHappening[] = [];
  const state = newLinkState({ keyPem: '', certificatePem: '', pin: OWN_PIN }, pairedPeer());
  const own = { role: 'core' as Role, phase: 'up', current: null as Session | null };
  const noted = (part: string, methods: Record<string, (...args: never[]) => unknown>) =>
    new Proxy(methods, {
      get:
        (target, name) =>
        (...args: never[]) => {
          calls.push(`${part}.${String(name)}`);
          return target[String(name)]?.(...args);
        },
    });
  const done = async (): Promise<void> => undefined;
  const parts = {
    ports: {
      ...time,
      log: silentLog,
      identityFolder: folder,
      logsFolder: folder,
      settings: () => defaultSettings.link,
      role: () => own.role,
      history: {
        add: (entry: (typeof added)[number]) => `r${added.push(entry) - 1}`,
        settled: done,
        async *records() {},
      },
      tell: (happening: LinkHappening) => void happened.push(happening),
      setRole: async (): Promise<Result<unknown>> => ok(null),
      farewell: (reason: ByeReason) => ({ reason, drainDone: false }),
      noteGap: (gapMs: number) => void calls.push(`noteGap ${gapMs}`),
    },
    state,
    trace: null,
    watch: noted('watch', { check: async () => state.network }),
    sessions: noted('sessions', { current: () => own.current }),
    beat: noted('beat', { now: () => ({ phase: own.phase }) }),
    breaks: noted('breaks', {}),
    peers: noted('peers', { unpair: async () => ok(null), update: done }),
    presence: noted('presence', { refresh: done }),
    pairing: noted('pairing', {}),
    discovery: noted('discovery', { found: () => [] }),
    teller: noted('teller', {}),
    commands: noted('commands', {}),
    // Not noted: what it passes on is no part of what the link does.
    courier: { heard: () => undefined, heardLeave: () => undefined, changed: () => undefined },
    probes: () => ({ looks: () => ({}), done: new Promise(() => undefined), cancel: () => undefined }),
    publish: () => void calls.push('publish'),
    ...given,
  } as unknown as LinkParts;
  return { time, parts, state, own, calls, added, happened };
}
