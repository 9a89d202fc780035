import { assertNever } from '../src-shared/assert-never.ts';
import type { Input, Method, Output } from '../src-shared/commands/registry.ts';
import type { BridgeInput, ShellContext, ShellMethod } from '../src-shared/commands/shell.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import type { BridgeRequest } from './bridge-request.ts';
import type { DemoFeed } from './demo-feed.ts';
import type { Popover } from './popover.ts';

export interface BridgePorts {
  /** The last World that the shell has; it may be older than the engine's loss. */
  world(): World | null;
  callEngine(method: Method, input: Input<Method>): Promise<Result<unknown>>;
  /** The renderer changed a setting. */
  settingsChanged(): void;
  context(): ShellContext;
  /** Puts a text on the clipboard. */
  copyText(text: string): Promise<void>;
  popover(): Pick<Popover, 'hide' | 'resize' | 'painted'>;
  /** Null unless a demo opened this app. */
  demo(): DemoFeed | null;
  quit(): void;
}

/** Carries out what the renderer asked; the request was checked before. */
export function answerBridge(ports: BridgePorts): (request: BridgeRequest) => Promise<Result<unknown>> {
  return async ({ to, method, input }) => {
    if (to === 'shell') return answerShell(ports, method, input);
    // What the shell holds is as new as the engine's word, a way shorter, and there when the engine is not.
    const world = method === 'status.get' ? ports.world() : null;
    if (world !== null) return ok(world);
    const result = await ports.callEngine(method, input as Input<Method>);
    if (method === 'settings.set' && result.ok) ports.settingsChanged();
    return result;
  };
}

function answerShell(
  ports: BridgePorts,
  method: ShellMethod,
  input: unknown,
): Result<unknown> | Promise<Result<unknown>> {
  switch (method) {
    case 'shell.copyKubeconfig':
      return copyKubeconfig(ports, (input as BridgeInput<'shell.copyKubeconfig'>).name);
    case 'shell.context':
      return ok(ports.context());
    case 'shell.hidePopover':
      ports.popover().hide();
      return ok({});
    case 'shell.quit':
      ports.quit();
      return ok({});
    case 'shell.resize':
      ports.popover().resize((input as BridgeInput<'shell.resize'>).heightPixels);
      return ok({});
    case 'shell.painted':
      ports.popover().painted();
      return ok({});
    case 'shell.demo':
      return answerDemo(ports.demo(), (input as BridgeInput<'shell.demo'>).line);
    default:
      return assertNever(method);
  }
}

async function copyKubeconfig(ports: BridgePorts, name: string): Promise<Result<unknown>> {
  const found = await ports.callEngine('cluster.kubeconfig', { name });
  if (!found.ok) return found;
  await ports.copyText((found.value as Output<'cluster.kubeconfig'>).kubeconfig);
  return ok({});
}

function answerDemo(demo: DemoFeed | null, line: string | undefined): Result<unknown> {
  if (line === undefined) return ok({ view: demo?.view() ?? null });
  if (demo === null) return fail('unknownMethod', { method: 'shell.demo' });
  return demo.send(line) ? ok({ view: demo.view() }) : fail('engineLost');
}
