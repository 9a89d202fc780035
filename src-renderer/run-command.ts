import { useState } from 'react';
import type { BridgeInput, BridgeMethod } from '../src-shared/commands/shell.ts';
import { bridge } from './bridge.ts';
import { showFailure } from './view-store.ts';

export interface CommandRunner {
  /** True from the press until the engine answered; its buttons are off meanwhile. */
  readonly running: boolean;
  run<M extends BridgeMethod>(method: M, input: BridgeInput<M>): Promise<boolean>;
}

/** Runs a person's command; what went wrong is shown on the page. */
export function useCommand(): CommandRunner {
  const [running, setRunning] = useState(false);
  return {
    running,
    run: async (method, input) => {
      setRunning(true);
      showFailure(null);
      const result = await bridge.call(method, input);
      setRunning(false);
      if (!result.ok && result.error.code !== 'cancelled') showFailure(result.error);
      return result.ok;
    },
  };
}
