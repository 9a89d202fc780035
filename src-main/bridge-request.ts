import { commands, rendererMethods, type Method } from '../src-shared/commands/registry.ts';
import { isShellMethod, shellCommands, type ShellMethod } from '../src-shared/commands/shell.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import { isOwnUrl } from './asset-path.ts';

/** Who sent a message, as Electron tells it. */
export interface SenderFacts {
  /** Its webContents was made by this shell for its own pages. */
  readonly trusted: boolean;
  readonly isMainFrame: boolean;
  readonly url: string;
}

/** A request that may be carried out: sender known, method allowed, arguments parsed. */
export type BridgeRequest =
  | { readonly to: 'engine'; readonly method: Method; readonly input: unknown }
  | { readonly to: 'shell'; readonly method: ShellMethod; readonly input: unknown };

/** Lets a message of the renderer through, or says why not. Nothing has run before this said yes. */
export function acceptRequest(sender: SenderFacts, method: unknown, input: unknown): Result<BridgeRequest> {
  if (!sender.trusted || !sender.isMainFrame || !isOwnUrl(sender.url)) return fail('badRequest');
  if (typeof method !== 'string') return fail('badRequest');
  if (isShellMethod(method)) {
    const parsed = shellCommands[method].input.safeParse(input ?? {});
    return parsed.success
      ? ok({ to: 'shell', method, input: parsed.data })
      : fail('badArguments', { detail: method });
  }
  if (!isRendererMethod(method)) return fail('unknownMethod', { method: method.slice(0, 80) });
  const parsed = commands[method].input.safeParse(input ?? {});
  return parsed.success
    ? ok({ to: 'engine', method, input: parsed.data })
    : fail('badArguments', { detail: method });
}

function isRendererMethod(method: string): method is Method {
  return (rendererMethods as readonly string[]).includes(method);
}
