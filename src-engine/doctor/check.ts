import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import { translator, type MessageKey, type Params } from '../../src-shared/language/translate.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settings } from '../../src-shared/settings.ts';

/** What a check may look at. It changes nothing. */
export interface CheckContext {
  readonly platform: Platform;
  readonly settings: Settings;
  /** Name under which a bad engine.json was set aside, or why it cannot be used now; null when it is fine. */
  readonly settingsProblem: { readonly setAside: string } | { readonly unreadable: string } | null;
  /** Where the container runtime would answer; null when nothing is configured. */
  readonly dockerSocket: string | null;
}

/** One file per check: a name, and a look at the world that ends in one sentence and one action. */
export interface Check {
  readonly name: string;
  run(context: CheckContext): Promise<DoctorCheck>;
}

const english = translator('en');

/** A verdict with its sentence, and what to do unless all is well. */
export function verdict(
  check: string,
  how: DoctorCheck['verdict'],
  sentenceKey: MessageKey,
  params: Params = {},
  actionKey: MessageKey | null = null,
): DoctorCheck {
  return {
    check,
    verdict: how,
    sentence: english(sentenceKey, params),
    action: actionKey === null ? null : english(actionKey, params),
    sentenceKey,
    actionKey,
    params: { ...params },
  };
}
