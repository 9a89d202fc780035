import { resolve } from 'node:path';
import { z } from 'zod';
import type { Command } from '../src-shared/commands/command.ts';

/** One key of a verb's input, as the command line takes it. */
export interface InputOption {
  readonly key: string;
  readonly kind: 'flag' | 'number' | 'text';
  readonly positional: boolean;
  readonly required: boolean;
  readonly choices: readonly string[] | null;
}

/** What a verb takes, read from its input schema: a verb is added in one place. */
export function inputOptions(command: Command): InputOption[] {
  if (!(command.input instanceof z.ZodObject)) return [];
  const shape = command.input.shape as Record<string, z.ZodType>;
  const order = command.cli?.positionals ?? [];
  const keys = [...order, ...Object.keys(shape).filter((key) => !order.includes(key))];
  return keys.flatMap((key) =>
    shape[key] === undefined ? [] : [optionOf(key, shape[key], order.includes(key))],
  );
}

function optionOf(key: string, schema: z.ZodType, positional: boolean): InputOption {
  const inner = unwrapped(schema);
  const choices = inner instanceof z.ZodEnum ? inner.options.map(String) : null;
  return {
    key,
    positional,
    kind: kindOf(inner),
    required: positional && !schema.safeParse(undefined).success,
    choices,
  };
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? unwrapped(schema.def.innerType as z.ZodType)
    : schema;
}

function kindOf(schema: z.ZodType): InputOption['kind'] {
  if (schema instanceof z.ZodBoolean) return 'flag';
  if (schema instanceof z.ZodNumber) return 'number';
  return 'text';
}

/** Files are named from where the person stands; the engine stands elsewhere. */
const paths: readonly string[] = ['config', 'record'];

/** The words of the command line as the verb's input; what was not given is left out. */
export function inputFrom(
  options: readonly InputOption[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = options.flatMap(({ key, kind }) =>
    given[key] === undefined ? [] : [[key, valueOf(kind, absolute(key, given[key]))]],
  );
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function absolute(key: string, word: unknown): unknown {
  return paths.includes(key) && typeof word === 'string' ? resolve(word) : word;
}

function valueOf(kind: InputOption['kind'], word: unknown): unknown {
  return kind === 'number' && typeof word === 'string' && word.trim() !== '' ? Number(word) : word;
}
