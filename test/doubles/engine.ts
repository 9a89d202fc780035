import { mkdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import {
  commands,
  isMethod,
  type Caller,
  type Handlers,
  type Method,
} from '../../src-shared/commands/registry.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import {
  defaultSettings,
  settingAt,
  settingsSchema,
  withSetting,
  type Settings,
} from '../../src-shared/settings.ts';
import type { World } from '../../src-shared/world/world.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { lineSplitter } from '../../src-engine/platform/line-splitter.ts';
import { handoffHandlers } from './handoff-handlers.ts';
import { gaps, peerHandlers } from './peer-handlers.ts';
import { sightings, type Sightings } from './sightings.ts';
import { tunnelHandlers } from './tunnel-handlers.ts';

export interface Call {
  readonly method: Method;
  readonly input: unknown;
}

/** An engine of scripted Worlds, at the socket of a home: the shell cannot tell it from the real one. */
export interface FakeEngine {
  /** Shows this World from now on, as a change. */
  show(world: World): void;
  /** Answers a verb in another way from now on. */
  answer<M extends Method>(method: M, handler: Handlers<Caller>[M]): void;
  readonly calls: Sightings<Call>;
  settings(): Settings;
  set(key: string, value: unknown): void;
  readonly records: HistoryRecord[];
  stop(): Promise<void>;
}

export async function startFakeEngine(homeRoot: string, first: World): Promise<FakeEngine> {
  const home = homeAt(homeRoot);
  const calls = sightings<Call>('call');
  const connections = new Set<Socket>();
  const subscribers = new Set<Caller>();
  const followers = new Set<Caller>();
  const records: HistoryRecord[] = [];
  let world = first;
  let settings: Settings = defaultSettings;
  const set = (key: string, value: unknown): void => {
    settings = settingsSchema.parse(withSetting(settings, key, value));
    const record = {
      id: key,
      at: new Date().toISOString(),
      kind: 'settings.changed',
      what: key,
      why: null,
      evidence: {},
    };
    for (const follower of followers) follower.send('history.added', record);
  };
  const show = (next: World): void => {
    world = { ...next, revision: world.revision + 1, engine: { ...next.engine, pid: process.pid } };
    for (const subscriber of subscribers) subscriber.send('status.changed', world);
  };
  const handlers = defaultHandlers({
    world: () => world,
    settings: () => settings,
    set,
    records,
    subscribers,
    followers,
  });
  await mkdir(dirname(home.socketTarget), { recursive: true });
  await rm(home.socketTarget, { force: true });
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serve(socket, handlers, calls);
  });
  await new Promise<void>((resolve) => server.listen(home.socketTarget, resolve));
  show(first);
  return {
    show,
    answer: (method, handler) => void (handlers[method] = handler),
    calls,
    settings: () => settings,
    set,
    records,
    stop: async () => {
      server.close();
      for (const socket of connections) socket.destroy();
      await rm(home.socketTarget, { force: true });
    },
  };
}

interface Facts {
  world(): World;
  settings(): Settings;
  set(key: string, value: unknown): void;
  readonly records: HistoryRecord[];
  readonly subscribers: Set<Caller>;
  readonly followers: Set<Caller>;
}

const TEN_MINUTES = Array.from({ length: 60 }, (_, index) => index);

const notService = async () =>
  ok({ manager: 'none' as const, installed: false, active: null, file: null, lingers: null });
const serviceHandlers = {
  'service.install': notService,
  'service.remove': notService,
  'service.status': notService,
};

/** What an engine would answer that has nothing to do. */
function defaultHandlers(facts: Facts): Handlers<Caller> {
  const cluster = async () => {
    const [first] = facts.world().clusters;
    return first ? ok(first) : fail('clusterUnknown', { name: facts.world().primaryCluster });
  };
  const runtime = async () => {
    const seen = facts.world().runtime;
    return seen === null ? fail('runtimeMissing') : ok(seen);
  };
  const wave = (from: number, to: number) =>
    TEN_MINUTES.map(
      (at) => from + ((to - from) * at) / 59 + Math.sin(at * 1.7) * 0.4 + Math.sin(at * 0.6) * 0.4,
    );
  return {
    'engine.info': async () => ok({ ...facts.world().engine, version: facts.world().version }),
    'engine.stop': async () => ok({ stopping: true }),
    'host.event': async () => ok({ heard: true }),
    'status.get': async () => ok(facts.world()),
    'status.subscribe': async (_input, caller) => {
      if (!facts.subscribers.has(caller)) caller.onClose(() => facts.subscribers.delete(caller));
      facts.subscribers.add(caller);
      return ok(facts.world());
    },
    'status.unsubscribe': async () => ok({}),
    'vitals.get': async () => ok({ name: facts.world().host.name, vitals: facts.world().host.vitals }),
    'samples.recent': async () =>
      ok({
        agesMs: TEN_MINUTES.map((at) => (59 - at) * 10_000),
        memoryPercent: wave(60, 64),
        batteryPercent: wave(68, facts.world().host.vitals.battery?.percent ?? 62),
        thermalLevel: TEN_MINUTES.map((at) => (at > 25 && at < 50 ? 2 : 1)),
        cpuPercent: wave(20, 30),
        peerGapMs: facts.world().peer === null ? TEN_MINUTES.map(() => null) : gaps,
      }),
    'notices.dismiss': async () => ok({}),
    'cluster.list': async () => ok({ clusters: facts.world().clusters, others: [] }),
    'cluster.adopt': cluster,
    'cluster.create': cluster,
    'cluster.start': cluster,
    'cluster.stop': cluster,
    'cluster.delete': cluster,
    'cluster.drain': cluster,
    'cluster.cancel': cluster,
    'cluster.admission': async () => {
      const admission = facts.world().clusters[0]?.admission;
      return admission ? ok(admission) : fail('clusterUnknown', { name: facts.world().primaryCluster });
    },
    'cluster.kubeconfig': async () => fail('clusterHasNoKubeconfig', { name: 'double' }),
    'cluster.logs': async ({ name = 'double' }) => fail('podNotFailing', { why: 'none', name }),
    'runtime.status': runtime,
    'runtime.start': runtime,
    'runtime.stop': runtime,
    'history.list': async () => ok({ records: facts.records }),
    'history.follow': async (_input, caller) => {
      facts.followers.add(caller);
      caller.onClose(() => facts.followers.delete(caller));
      return ok({});
    },
    'history.report': async ({ id }) => fail('notFound', { id }),
    'settings.get': async ({ key }) =>
      ok({ value: key === undefined ? facts.settings() : settingAt(facts.settings(), key) }),
    'settings.set': async ({ key, value }) => {
      facts.set(key, value);
      return ok({ key, value, needsRestart: false });
    },
    'automation.pause': async () => ok({ enabled: true, pausedUntil: null }),
    'automation.resume': async () => ok({ enabled: true, pausedUntil: null }),
    'doctor.run': async () => ok({ checks: [], recorded: null }),
    'reset.run': async () => ok({ removed: [], kept: [] }),
    ...serviceHandlers,
    ...peerHandlers(facts.world),
    ...handoffHandlers(facts.world),
    ...tunnelHandlers(facts.world),
    'wake.get': async () => ok({ wake: facts.world().wake }),
  };
}

function serve(socket: Socket, handlers: Handlers<Caller>, calls: Sightings<Call>): void {
  const write = (message: unknown): void =>
    void (socket.writable && socket.write(`${JSON.stringify(message)}\n`));
  const caller: Caller = {
    send: (method, params) => write({ jsonrpc: '2.0', method, params }),
    onClose: (task) => void socket.once('close', task),
  };
  socket.on('error', () => socket.destroy());
  const receive = async (line: string): Promise<void> => {
    const { id, method, params } = JSON.parse(line) as { id: number; method: string; params: unknown };
    const result = await answer(handlers, method, params, caller, calls);
    write(
      result.ok
        ? { jsonrpc: '2.0', id, result: result.value }
        : { jsonrpc: '2.0', id, error: { code: -32_000, message: result.error.code, data: result.error } },
    );
  };
  socket.on(
    'data',
    lineSplitter(
      1024 * 1024,
      (line) => void receive(line),
      () => socket.destroy(),
    ),
  );
}

async function answer(
  handlers: Handlers<Caller>,
  method: string,
  params: unknown,
  caller: Caller,
  calls: Sightings<Call>,
): Promise<Result<unknown>> {
  if (!isMethod(method)) return fail('unknownMethod', { method });
  const input = commands[method].input.parse(params ?? {});
  calls.add({ method, input });
  const handler = handlers[method] as (input: unknown, caller: Caller) => Promise<Result<unknown>>;
  return handler(input, caller);
}
