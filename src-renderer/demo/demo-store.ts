import { create } from 'zustand';
import type { DemoView } from '../../src-shared/demo.ts';
import { bridge } from '../bridge.ts';

/** The demo that opened the app; null where none did. */
export const useDemo = create<{ readonly view: DemoView | null }>(() => ({ view: null }));

/** Asks once, then listens. */
export async function feedDemo(): Promise<void> {
  bridge.on('shell.demo', (view) => useDemo.setState({ view }));
  const answer = await bridge.call('shell.demo', {});
  if (answer.ok) useDemo.setState({ view: answer.value.view });
}

/** Moves the edge by a line of control; what came of it is heard as the next picture. */
export function moveEdge(line: string): void {
  void bridge.call('shell.demo', { line });
}
