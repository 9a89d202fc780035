/** The only two channels between the shell and its renderer; spoken by ipc.ts and preload.ts alone. */
export const CALL_CHANNEL = 'tandem.call';
export const EVENT_CHANNEL = 'tandem.event';
