import { z } from 'zod';
import { CONTROL_LINE_LIMIT, demoViewSchema, parseControl } from '../demo.ts';
import { errorCodes } from '../errors/codes.ts';
import type { Result } from '../errors/result.ts';
import { command } from './command.ts';
import type { Commands, EventName, EventPayload } from './registry.ts';

/** Language, appearance and the engine's state: what the popover needs before, and beside, the World. */
const contextSchema = z.object({
  language: z.enum(['en', 'ko']),
  platform: z.string(),
  engine: z.enum(['connected', 'starting', 'lost']),
});
export type ShellContext = z.infer<typeof contextSchema>;

/** Verbs of the Electron shell itself: they reach src-main over the bridge and no engine. */
export const shellCommands = {
  'shell.hidePopover': command({ input: z.strictObject({}), output: z.object({}), renderer: true }),
  'shell.quit': command({ input: z.strictObject({}), output: z.object({}), renderer: true }),
  /** The popover tells its content's height, so that the window fits it. */
  'shell.resize': command({
    input: z.strictObject({ heightPixels: z.number().int().min(80).max(2000) }),
    output: z.object({}),
    renderer: true,
  }),
  'shell.context': command({ input: z.strictObject({}), output: contextSchema, renderer: true }),
  /** Puts a cluster's kubeconfig on the clipboard: what is in it never comes to the renderer. */
  'shell.copyKubeconfig': command({
    input: z.strictObject({ name: z.string().min(1).max(63) }),
    output: z.object({}),
    renderer: true,
  }),
  /** The first frame after a show is on the screen. */
  'shell.painted': command({ input: z.strictObject({}), output: z.object({}), renderer: true }),
  /** The picture of the demo that opened this app, null when none did; a line moves its edge first. */
  'shell.demo': command({
    input: z.strictObject({
      line: z
        .string()
        .max(CONTROL_LINE_LIMIT)
        .refine((line) => parseControl(line) !== null)
        .optional(),
    }),
    output: z.object({ view: demoViewSchema.nullable() }),
    renderer: true,
  }),
};

const pageSchema = z.enum([
  'state',
  'settings',
  'history',
  'link',
  'pairing',
  'dryRun',
  'report',
  'demo',
  'tunnel',
  'cluster',
]);
export type PopoverPage = z.infer<typeof pageSchema>;

/** What the shell says to the popover unasked, beside the engine's own events. */
export const shellEvents = {
  'shell.context': contextSchema,
  /** Something of the demo's picture changed. */
  'shell.demo': demoViewSchema,
  /** The popover was opened, at this page; with what went wrong when a menu's command failed. */
  'shell.shown': z.object({
    page: pageSchema,
    failure: z
      .object({
        code: z.enum(errorCodes),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
      })
      .nullable(),
  }),
};

export type ShellCommands = typeof shellCommands;
export type ShellMethod = keyof ShellCommands;
type BridgeCommands = Commands & ShellCommands;
export type BridgeMethod = keyof BridgeCommands;
export type BridgeInput<M extends BridgeMethod> = z.input<BridgeCommands[M]['input']>;
export type BridgeOutput<M extends BridgeMethod> = z.output<BridgeCommands[M]['output']>;
export type BridgeEventName = EventName | keyof typeof shellEvents;
export type BridgeEvent<Name extends BridgeEventName> = Name extends keyof typeof shellEvents
  ? z.infer<(typeof shellEvents)[Name]>
  : Name extends EventName
    ? EventPayload<Name>
    : never;

/** `window.tandem`: all that the renderer has of the world outside. */
export interface Bridge {
  call<M extends BridgeMethod>(method: M, input: BridgeInput<M>): Promise<Result<BridgeOutput<M>>>;
  /** Returns a function that stops listening. */
  on<Name extends BridgeEventName>(name: Name, listener: (payload: BridgeEvent<Name>) => void): () => void;
}

export function isShellMethod(name: string): name is ShellMethod {
  return Object.hasOwn(shellCommands, name);
}
