import { useState } from 'react';
import { bridge } from '../bridge.ts';
import { showFailure } from '../view-store.ts';
import { endPairing } from './end-pairing.ts';

export interface Unpairing {
  /** From the press until the engine answered. */
  readonly running: boolean;
  /** It was refused, since the edge serves: the next `unpair` is a second yes. */
  readonly isServing: boolean;
  unpair(): void;
  /** The person keeps the pairing: a later attempt begins anew. */
  keep(): void;
}

/** The end of a pairing, asked a second time where it would cut what the edge holds. */
export function useUnpair(onDone: () => void): Unpairing {
  const [running, setRunning] = useState(false);
  const [isServing, setServing] = useState(false);
  const unpair = async (): Promise<void> => {
    setRunning(true);
    showFailure(null);
    const end = await endPairing(bridge, isServing);
    setRunning(false);
    setServing(end === 'serves');
    if (end === 'done') onDone();
    else if (end !== 'serves') showFailure(end.error);
  };
  return { running, isServing, unpair: () => void unpair(), keep: () => setServing(false) };
}
