import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { homeAt, shortFolder, type Home } from '../../src-engine/platform/home.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { systemTools } from '../../src-engine/platform/tools.ts';
import { embeddedFront } from '../../src-engine/traffic/embedded/embedded-front.ts';
import { gateProcess, type GateProcess } from '../../src-engine/traffic/gate/gate-process.ts';
import { haproxyFront } from '../../src-engine/traffic/haproxy/haproxy-front.ts';
import { ownPemFile, peerPemFile } from '../../src-engine/traffic/pair-files.ts';
import type { FrontAdapter, FrontConfig } from '../../src-engine/traffic/ports.ts';
import type { Result } from '../../src-shared/errors/result.ts';
import { freePorts } from '../../src-demo/free-ports.ts';
import { pairOfKeys } from '../../test/doubles/pair-keys.ts';
import { startBackend, type Backend } from './front-backend.ts';
import { pause } from './report.ts';

export type Kind = 'embedded' | 'haproxy';
export const HEALTH_PATH = '/healthz';

/** A pair on loopback: two workloads, the edge's gate as the product runs it, and homes for fronts. */
export interface Scene {
  readonly keys: ReturnType<typeof pairOfKeys>;
  readonly core: Backend;
  readonly edge: Backend;
  readonly gate: GateProcess;
  readonly gatePort: number;
  /** A core's home, with the pair's keys in it as the traffic room writes them. */
  newHome(): Home;
  /** A front of that kind, not yet open. */
  makeFront(kind: Kind, home: Home): FrontAdapter;
  /** Gate and workloads end, homes are removed; fronts are their owners' to end. */
  close(): Promise<void>;
}

/** @param program of front and gate; `npm run bench` has built it */
export async function openScene(program = resolve('out/engine/front.js')): Promise<Scene> {
  const keys = pairOfKeys();
  const homes: Home[] = [];
  const newHome = (own: keyof typeof keys = 'core'): Home => {
    const home = homeAt(mkdtempSync(join(tmpdir(), 'tandem-bench-')));
    const peer = own === 'core' ? 'edge' : 'core';
    mkdirSync(home.identity, { mode: 0o700 });
    writeFileSync(ownPemFile(home.identity), keys[own].certificatePem + keys[own].keyPem, { mode: 0o600 });
    writeFileSync(peerPemFile(home.identity), keys[peer].certificatePem, { mode: 0o600 });
    homes.push(home);
    return home;
  };
  const parts = { clock: systemClock, scheduler: systemScheduler, log: silentLog };
  const [core, edge] = await Promise.all([startBackend(), startBackend()]);
  const [gatePort = 0] = await freePorts(1);
  const home = newHome('edge');
  const gate = gateProcess({ ...parts, home, program, bootId: 'bench' });
  good(
    await gate.open({
      listen: { host: '127.0.0.1', port: gatePort },
      upstream: { host: '127.0.0.1', port: edge.port, healthPath: HEALTH_PATH },
      tls: { ownPemFile: ownPemFile(home.identity), peerPin: keys.core.pin },
    }),
  );
  good(await gate.setReady(true, null));
  return {
    keys,
    core,
    edge,
    gate,
    gatePort,
    newHome,
    makeFront: (kind, home) =>
      kind === 'haproxy'
        ? haproxyFront({ ...parts, home, tools: systemTools, os: process.platform })
        : embeddedFront({ ...parts, home, program }),
    async close() {
      await gate.dispose('stop');
      for (const backend of [core, edge]) backend.end();
      for (const { root } of homes)
        for (const folder of [root, shortFolder(root)]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A front that is open and has seen both sides up. */
export interface OpenFront {
  readonly front: FrontAdapter;
  readonly port: number;
}

export async function openFront(scene: Scene, kind: Kind): Promise<OpenFront> {
  const home = scene.newHome();
  const [port = 0] = await freePorts(1);
  const front = scene.makeFront(kind, home);
  good(await front.open(configOf(scene, home, port), { core: 20, edge: 80 }));
  await until(async () => {
    const { core, edge } = good(await front.counters());
    return core.up === true && edge.up === true;
  });
  return { front, port };
}

function configOf({ core, gatePort, keys }: Scene, { identity }: Home, port: number): FrontConfig {
  const host = '127.0.0.1';
  const tls = {
    ownPemFile: ownPemFile(identity),
    peerPemFile: peerPemFile(identity),
    peerPin: keys.edge.pin,
  };
  return {
    listen: { host, port },
    core: { host, port: core.port, healthPath: HEALTH_PATH },
    edge: { host, port: gatePort, tls },
  };
}

/** What was done, or the end of the benchmark. */
export function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error('what was waited for did not come within 20 s');
    await pause(20);
  }
}
