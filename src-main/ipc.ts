import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { BridgeEvent, BridgeEventName } from '../src-shared/commands/shell.ts';
import { fail, type Result } from '../src-shared/errors/result.ts';
import type { Logger } from '../src-engine/platform/log.ts';
import { acceptRequest, type BridgeRequest, type SenderFacts } from './bridge-request.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';

/** The one way between the shell and its renderers. */
export interface Ipc {
  /** Lets messages of these contents in, until they are destroyed. */
  trust(contents: WebContents): void;
  /** Says something to every trusted renderer. */
  push<Name extends BridgeEventName>(name: Name, payload: BridgeEvent<Name>): void;
}

/** Opens the bridge. `answer` runs only for requests that were accepted; results cross as values, never as throws. */
export function openIpc(answer: (request: BridgeRequest) => Promise<Result<unknown>>, log: Logger): Ipc {
  const trusted = new Map<number, WebContents>();
  ipcMain.handle(CALL_CHANNEL, async (event, method: unknown, input: unknown): Promise<Result<unknown>> => {
    const request = acceptRequest(factsOf(event, trusted), method, input);
    if (!request.ok) {
      log.warn({ method: String(method).slice(0, 80), code: request.error.code }, 'bridge request refused');
      return request;
    }
    return answer(request.value).catch((error: unknown) => {
      log.error({ method, error: String(error) }, 'bridge handler failed');
      return fail('internal', { detail: error instanceof Error ? error.message : String(error) });
    });
  });
  return {
    trust: (contents) => {
      const { id } = contents;
      trusted.set(id, contents);
      contents.once('destroyed', () => trusted.delete(id));
    },
    push: (name, payload) => {
      for (const contents of trusted.values())
        if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(EVENT_CHANNEL, name, payload);
    },
  };
}

function factsOf(event: IpcMainInvokeEvent, trusted: ReadonlyMap<number, WebContents>): SenderFacts {
  const frame = event.senderFrame;
  return {
    trusted: trusted.has(event.sender.id),
    isMainFrame: frame !== null && frame.parent === null,
    url: frame?.url ?? '',
  };
}
