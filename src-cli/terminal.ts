import { errorSentences, languageOf, translator, type Translate } from '../src-shared/language/translate.ts';
import type { ErrorCode } from '../src-shared/errors/codes.ts';
import type { TandemError } from '../src-shared/errors/result.ts';

/** Exit codes of design/interface.md. */
export const EXIT = { done: 0, refused: 1, usage: 2, noEngine: 3 } as const;

/** Where a verb writes to, and in which language and form. */
export interface Terminal {
  readonly json: boolean;
  readonly t: Translate;
  readonly language: 'en' | 'ko';
  /** One line, or one JSON document, on standard output. */
  print(text: string): void;
  document(value: unknown): void;
  /** On standard error: progress and remarks. */
  note(text: string): void;
  /** Writes an error in the form asked for; returns the exit code that belongs to it. */
  fail(error: TandemError): number;
}

export function terminal(json: boolean, env: NodeJS.ProcessEnv = process.env): Terminal {
  const language = languageOf(env['TANDEM_LANG'] || env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG']);
  const t = translator(language);
  const out = (text: string): void => void process.stdout.write(`${text}\n`);
  const err = (text: string): void => void process.stderr.write(`${text}\n`);
  return {
    json,
    t,
    language,
    print: out,
    document: (value) => out(JSON.stringify(value)),
    note: err,
    fail: (error) => {
      const { message, hint } = errorSentences(error, t);
      if (json) err(JSON.stringify({ error: { code: error.code, message, hint } }));
      else err(`${message}\n${hint}`);
      return exitCodeOf(error.code);
    },
  };
}

function exitCodeOf(code: ErrorCode): number {
  if (code === 'engineNotRunning') return EXIT.noEngine;
  return code === 'badArguments' || code === 'unknownMethod' ? EXIT.usage : EXIT.refused;
}
