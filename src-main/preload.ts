import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, BridgeEvent, BridgeEventName } from '../src-shared/commands/shell.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';

// Names and types come from the registry; what may be called is decided in ipc.ts, outside the renderer.
const bridge: Bridge = {
  call: (method, input) => ipcRenderer.invoke(CALL_CHANNEL, method, input),
  on: <Name extends BridgeEventName>(name: Name, listener: (payload: BridgeEvent<Name>) => void) => {
    const hear = (_event: unknown, heard: string, payload: BridgeEvent<Name>): void => {
      if (heard === name) listener(payload);
    };
    ipcRenderer.on(EVENT_CHANNEL, hear);
    return () => void ipcRenderer.off(EVENT_CHANNEL, hear);
  },
};

contextBridge.exposeInMainWorld('tandem', bridge);
