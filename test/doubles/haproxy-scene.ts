import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { shortFolder, type Home } from '../../src-engine/platform/home.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { systemTools, type Tools } from '../../src-engine/platform/tools.ts';
import { findHaproxy } from '../../src-engine/traffic/haproxy/find-haproxy.ts';
import { haproxyFront } from '../../src-engine/traffic/haproxy/haproxy-front.ts';
import type { FrontAdapter, FrontConfig } from '../../src-engine/traffic/ports.ts';
import type { FrontWorld } from './front-world.ts';

const found = await findHaproxy(systemTools);
/** Real HAProxy, or why the tests that need it are not run. */
export const haproxyHere = {
  isHere: found.ok,
  path: found.ok ? found.value.path : '',
  version: found.ok ? found.value.version : 'not run: this machine has no HAProxy 2.6 or newer',
};

export function makeHaproxy(home: Home, tools: Tools = systemTools): FrontAdapter {
  return haproxyFront({
    home,
    clock: systemClock,
    scheduler: systemScheduler,
    log: silentLog,
    tools,
    os: process.platform,
  });
}

export const configFile = ({ home }: FrontWorld): string => join(home.run, 'haproxy.cfg');
export const socketFile = ({ home }: FrontWorld): string => join(shortFolder(home.root), 'hap.sock');

/** The same with another gate, or the same gate with other files. */
export function withEdge(
  config: FrontConfig,
  changes: Partial<NonNullable<FrontConfig['edge']>>,
): FrontConfig {
  if (config.edge === null) throw new Error('no edge');
  return { ...config, edge: { ...config.edge, ...changes } };
}

export async function sideOf(front: FrontAdapter, side: 'core' | 'edge') {
  const counters = await front.counters();
  if (!counters.ok) throw new Error(counters.error.code);
  return counters.value[side];
}

/** A client that reads a stream until it ends. */
export async function openStream(
  port: number,
): Promise<{ readonly bytes: () => number; readonly ended: () => boolean }> {
  const seen = { bytes: 0, ended: false };
  const call = get({ host: '127.0.0.1', port, path: '/stream', agent: false });
  call.on('error', () => void (seen.ended = true));
  onTestFinished(() => void call.destroy());
  const answer = await new Promise<IncomingMessage>((resolve) => call.once('response', resolve));
  answer.on('data', (chunk: Buffer) => (seen.bytes += chunk.length));
  answer.on('close', () => (seen.ended = true));
  answer.on('error', () => undefined);
  return { bytes: () => seen.bytes, ended: () => seen.ended };
}
