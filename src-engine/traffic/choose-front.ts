import { ok, type Result } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { FrontKind, FrontWhy } from '../../src-shared/world/traffic.ts';

export interface FrontChoice {
  readonly kind: FrontKind;
  readonly why: FrontWhy;
}

/**
 * Which front serves (design decision 4): what the setting says, and by itself HAProxy where a new enough one is
 * found, else the embedded one.
 *
 * @param haproxy what was found of it: `frontTooOld` and any other error when it cannot be used
 * @returns that error when the setting wants what is not there; whether a Gateway is there its adapter says
 */
export function chooseFront(
  setting: Settings['traffic']['front'],
  haproxy: Result<unknown>,
): Result<FrontChoice> {
  switch (setting) {
    case 'embedded':
      return ok({ kind: 'embedded', why: 'setting' });
    case 'gateway-api':
      return ok({ kind: 'gateway-api', why: 'setting' });
    case 'haproxy':
      return haproxy.ok ? ok({ kind: 'haproxy', why: 'setting' }) : haproxy;
    case 'auto':
      if (haproxy.ok) return ok({ kind: 'haproxy', why: 'haproxyFound' });
      return ok({
        kind: 'embedded',
        why: haproxy.error.code === 'frontTooOld' ? 'haproxyTooOld' : 'haproxyMissing',
      });
  }
}
