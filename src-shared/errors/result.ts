import type { ErrorCode } from './codes.ts';

/** What failed, as data. The sentence is `error.CODE` and the next step `error.CODE.hint` in language/. */
export interface TandemError {
  readonly code: ErrorCode;
  /** Values that the sentences name. */
  readonly params: Readonly<Record<string, string | number>>;
}

export type Result<T, E = TandemError> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function fail(code: ErrorCode, params: TandemError['params'] = {}): Result<never> {
  return { ok: false, error: { code, params } };
}

/** Carries a TandemError through code that can only throw (a promise chain, a library's callback). */
export class TandemFailure extends Error {
  readonly error: TandemError;

  constructor(code: ErrorCode, params: TandemError['params'] = {}) {
    super(code);
    this.error = { code, params };
  }
}
