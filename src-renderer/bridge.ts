import type { Bridge } from '../src-shared/commands/shell.ts';

declare global {
  interface Window {
    /** Put there by the preload; all that this page has of the world outside. */
    readonly tandem: Bridge;
  }
}

export const bridge: Bridge = window.tandem;
