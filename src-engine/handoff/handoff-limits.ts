import { handoffLimitsSchema, type HandoffLimits } from '../../src-shared/settings.ts';

/** The numbers of `handoff.*` in settings, where a moment carries none: the defaults, which are those of limits.md. */
export const defaultLimits: HandoffLimits = handoffLimitsSchema.parse({});

/** Not scaled: whoever divides by the time scale says so (limits.md: countdown, delays, cool-down, return steps). */
export function limitsOf(now: { readonly limits?: HandoffLimits | undefined }): HandoffLimits {
  return now.limits ?? defaultLimits;
}
