import type { z } from 'zod';
import type { Result } from '../errors/result.ts';
import { worldSchema } from '../world/world.ts';
import { clusterCommands } from './cluster.ts';
import { engineCommands } from './engine.ts';
import { handoffCommands } from './handoff.ts';
import { historyRecordSchema, housekeepingCommands } from './housekeeping.ts';
import { peerCommands } from './peer.ts';
import { runtimeCommands } from './runtime.ts';
import { serviceCommands } from './service.ts';
import { statusCommands } from './status.ts';
import { tunnelCommands } from './tunnel.ts';
import { wakeCommands } from './wake.ts';

/** Every verb there is. A verb is added in its room's file, and nowhere else. */
export const commands = {
  ...engineCommands,
  ...statusCommands,
  ...clusterCommands,
  ...runtimeCommands,
  ...peerCommands,
  ...handoffCommands,
  ...tunnelCommands,
  ...wakeCommands,
  ...serviceCommands,
  ...housekeepingCommands,
};

/** What the engine says unasked, to those who subscribed. */
export const events = {
  'status.changed': worldSchema,
  'history.added': historyRecordSchema,
};

export type Commands = typeof commands;
export type Method = keyof Commands;
export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>;

/** What a caller writes: keys with defaults may be left out. */
export type Input<M extends Method> = z.input<Commands[M]['input']>;
/** What a handler receives: parsed, defaults filled in. */
export type ParsedInput<M extends Method> = z.output<Commands[M]['input']>;
export type Output<M extends Method> = z.output<Commands[M]['output']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(commands, name);
}

export function isEvent(name: string): name is EventName {
  return Object.hasOwn(events, name);
}

/** Verbs that the renderer may call through the bridge. */
export const rendererMethods: readonly Method[] = (Object.keys(commands) as Method[]).filter(
  (method) => 'renderer' in commands[method],
);

/** A handler for each verb: what the engine provides and what a test double stands in for. */
export type Handlers<Caller> = {
  [M in Method]: (input: ParsedInput<M>, caller: Caller) => Promise<Result<Output<M>>>;
};

/** Who called: an open connection that can be sent events until it closes. */
export interface Caller {
  send<Name extends EventName>(name: Name, payload: EventPayload<Name>): void;
  onClose(task: () => void): void;
}

/** The program itself calls, and not somebody over a connection: it listens to nothing. */
export const nobody: Caller = { send: () => undefined, onClose: () => undefined };
