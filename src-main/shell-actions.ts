import { assertNever } from '../src-shared/assert-never.ts';
import type { EngineLink } from './engine-link.ts';
import type { Popover } from './popover.ts';
import type { ShellAction, TrayHandoffVerb } from './tray-menu.ts';

export interface ActionPorts {
  readonly link: Pick<EngineLink, 'call'>;
  readonly popover: Pick<Popover, 'show'>;
  quit(): void;
}

/** Carries out a menu item. A command that fails opens the popover, which says why and what to do. */
export function shellActions(ports: ActionPorts): (action: ShellAction) => void {
  return (action) => {
    switch (action.do) {
      case 'open':
        return ports.popover.show(action.page);
      case 'cluster':
        return void runVerb(ports, action.verb, action.name);
      case 'handoff':
        return void runHandoff(ports, action.verb);
      case 'quit':
        return ports.quit();
      default:
        return assertNever(action);
    }
  };
}

async function runVerb(ports: ActionPorts, verb: 'start' | 'stop' | 'cancel', name: string): Promise<void> {
  const result = await ports.link.call(`cluster.${verb}`, { name });
  if (!result.ok && result.error.code !== 'cancelled') ports.popover.show('state', result.error);
}

async function runHandoff({ link, popover }: ActionPorts, verb: TrayHandoffVerb): Promise<void> {
  const result =
    verb === 'leave'
      ? await link.call('handoff.leave', { now: true })
      : await link.call(`handoff.${verb}`, {});
  if (!result.ok) popover.show('state', result.error);
}
