import { isDeepStrictEqual } from 'node:util';
import { ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { explainOwn } from '../process/exit-report.ts';
import { askToStop, configFileOf, controlSocketOf, launchOwn, pidOfState } from '../process/own-program.ts';
import type { DetachedSpec, ProcessPorts, ProcessState } from '../process/process-ports.ts';
import { supervise } from '../process/supervisor.ts';
import type { GateAdapter } from '../room-ports.ts';
import { gateClient } from './gate-client.ts';
import { readGateFile, toldAtStart, writeGateFile, type GateWish } from './gate-config.ts';
import type { GateDocument } from './gate-document.ts';

export interface GateProcessPorts extends ProcessPorts {
  /** out/engine/front.js. */
  readonly program: string;
  /** Names this start of the machine: after another one the gate stays out until it is admitted. */
  readonly bootId: string;
}

export interface GateProcess extends GateAdapter {
  state(): Promise<Result<GateDocument>>;
  pid(): number | null;
  onState(listener: (state: ProcessState) => void): void;
}

/**
 * The edge's gate as a process that is adopted or started and then kept alive. Its readiness is its own: it is in
 * `run/gate-config.json`, and a gate that comes back after a death comes back as it was told.
 */
export function gateProcess(ports: GateProcessPorts): GateProcess {
  const wanted: Wanted = { wish: null, out: null };
  let problem: Problem | null = null;
  const supervised = supervise(specOf(ports, wanted), ports);
  supervised.onState((state) => (problem = state.problem));
  const client = gateClient(supervised.socket, () => problem);
  /** What runs takes another configuration; what does not run is started with it. */
  const change = (wish: GateWish): Promise<Result<void>> =>
    supervised.pid() === null ? supervised.restart() : client.use(wish);
  let begun: Promise<Result<'adopted' | 'started'>> | null = null;
  return {
    async open(config) {
      const wish = wishOf(config);
      wanted.wish = wish;
      if (begun !== null) {
        await begun;
        return change(wish);
      }
      begun = supervised.begin();
      const opened = await begun;
      if (!opened.ok) return opened;
      return opened.value === 'started' ? ok(undefined) : change(wish);
    },
    state: client.state,
    async setReady(ready, why) {
      const said = await client.setReady(ready, why);
      // Out is the safe side: a gate that cannot be told now is so when it comes back. "Ready" is never late.
      wanted.out = said.ok || ready ? null : (why ?? 'stayOut');
      return said;
    },
    cut: client.cut,
    pid: supervised.pid,
    onState: supervised.onState,
    dispose: supervised.dispose,
  };
}

interface Wanted {
  wish: GateWish | null;
  /** What a gate that did not answer was to be told. */
  out: 'leaving' | 'stayOut' | null;
}

function wishOf({ listen, upstream, tls, coreHost }: GateWish): GateWish {
  return {
    listen: { host: listen.host, port: listen.port },
    upstream: { host: upstream.host, port: upstream.port, healthPath: upstream.healthPath },
    tls: { ownPemFile: tls.ownPemFile, peerPin: tls.peerPin },
    ...(coreHost === undefined ? {} : { coreHost }),
  };
}

function specOf({ home, program, bootId }: GateProcessPorts, wanted: Wanted): DetachedSpec {
  const file = configFileOf(home, 'gate');
  return {
    name: 'gate',
    kind: 'gate',
    socket: controlSocketOf(home, 'gate'),
    listen: () => {
      const { host, port } = wanted.wish?.listen ?? { host: '', port: 0 };
      return `${host}:${port}`;
    },
    async prepare() {
      const { wish, out } = wanted;
      if (wish === null) throw new Error('no configuration');
      const last = await readGateFile(file);
      const next = { ...wish, told: out ?? toldAtStart(last, bootId), bootId };
      // After a death it is usually as it was, and the port is back the sooner without a write to the disk.
      if (!isDeepStrictEqual(last, next)) await writeGateFile(file, next);
      return launchOwn(program, home, 'gate');
    },
    answers: pidOfState,
    askToEnd: askToStop,
    explain: (end) => explainOwn(home, 'gate', 'gateDown', end),
  };
}
