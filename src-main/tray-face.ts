import { assertNever } from '../src-shared/assert-never.ts';
import type { Translate } from '../src-shared/language/translate.ts';
import { say, sentence } from '../src-shared/world/sentence.ts';
import {
  showsDemo,
  stateSentence,
  type EngineLinkState,
  type Situation,
} from '../src-shared/world/state-sentence.ts';
import type { World } from '../src-shared/world/world.ts';

/** Shapes that scripts draw into resources/icons; colour never speaks alone. */
export type TrayIcon =
  | 'running'
  | 'stopped'
  | 'starting'
  | 'warn'
  | 'drain'
  | 'unknown'
  | 'engineLost'
  /** Two linked dots. */
  | 'well'
  /** The right dot hollow. */
  | 'edgeStopped'
  /** A broken link. */
  | 'partition'
  /** An arrow from right to left: the edge leaves. */
  | 'moving'
  /** An arrow from left to right: it comes back. */
  | 'returning'
  /** The left dot only, with a tick: the lid may be closed. */
  | 'safe';

/** All that the tray icon shows. */
export interface TrayFace {
  readonly icon: TrayIcon;
  /** Something waits for a person. */
  readonly dot: boolean;
  /** Beside the icon; empty when there is nothing to say. */
  readonly title: string;
  /** A full sentence: it is all that a screen reader has of the icon. */
  readonly tooltip: string;
}

export interface TrayFacts {
  readonly world: World | null;
  readonly engine: EngineLinkState;
  readonly showPercent: boolean;
  readonly t: Translate;
  readonly now: Date;
}

export function trayFace({ world, engine, showPercent, t, now }: TrayFacts): TrayFace {
  const { situation, headline, detail } = stateSentence(world, engine);
  const demo = world !== null && showsDemo(world) ? sentence('sentence.demo') : null;
  const parts = [headline, detail, demo].filter((part) => part !== null);
  return {
    icon: iconOf(situation),
    dot: world?.notices.some((notice) => notice.open) ?? false,
    title: showPercent && engine === 'connected' ? batteryTitle(world) : '',
    tooltip: parts.map((part) => say(part, { t, now })).join('\n'),
  };
}

function iconOf(situation: Situation): TrayIcon {
  switch (situation) {
    case 'engineLost':
      return 'engineLost';
    case 'engineStarting':
    case 'busy':
      return 'starting';
    case 'failed':
    case 'degraded':
    case 'warn':
    case 'peerWeak':
    case 'warned':
    case 'held':
    case 'frontDown':
      return 'warn';
    case 'leaving':
      return 'moving';
    case 'lost':
      return 'partition';
    case 'edgeGone':
      return 'edgeStopped';
    case 'stop':
    case 'drain':
      return 'drain';
    case 'unknown':
      return 'unknown';
    case 'partition':
    case 'well':
    case 'edgeStopped':
    case 'returning':
    case 'safe':
      return situation;
    case 'running':
      return 'running';
    case 'stopped':
    case 'absent':
      return 'stopped';
    default:
      return assertNever(situation);
  }
}

/** `62%` on battery; nothing on power, without a battery, or when the reading is old. */
function batteryTitle(world: World | null): string {
  const battery = world?.host.vitals.battery ?? null;
  if (battery === null || battery.percent === null || battery.onAC !== false || battery.stale) return '';
  return `${Math.round(battery.percent)}%`;
}

/** The file of a face in resources/icons. macOS tints templates itself; other panels are dark. */
export function iconFile({ icon, dot }: Pick<TrayFace, 'icon' | 'dot'>, platform: NodeJS.Platform): string {
  return `${icon}${dot ? '-dot' : ''}${platform === 'darwin' ? 'Template' : '-light'}.png`;
}
