import type { TextFiles } from '../platform/files.ts';
import type { Tools } from '../platform/tools.ts';
import { VM_STAT } from './darwin/darwin-sources.ts';
import { PMSET } from './darwin/pslog-stream.ts';
import { makeSources, modeOf, type SourcePorts } from './make-sources.ts';
import { ask } from './source.ts';
import { withoutSerials } from './without-serials.ts';

/** What one tool or one file said, as a reader saw it, without serial numbers. */
export interface RawReading {
  /** A command line, or a path. */
  readonly source: string;
  /** Null: nothing could be read. */
  readonly output: string | null;
  /** Of a tool; null for a file, and for a tool that did not end by itself. */
  readonly exitCode: number | null;
}

/**
 * Asks every sensor once and keeps what was said, so that fixtures of real machines can replace the
 * constructed ones. The readers themselves are used, with a recorder in place of their tools and files.
 */
export async function recordRaw(ports: SourcePorts): Promise<readonly RawReading[]> {
  const said: RawReading[] = [];
  const recording = {
    ...ports,
    tools: recordingTools(ports.tools, said),
    files: recordingFiles(ports.files, said),
  };
  const signal = new AbortController().signal;
  const { memory, battery, gauge, thermal, load, lid } = makeSources(recording, signal);
  // The gauge and the lid are the same program; one after the other is kinder, and this is not urgent.
  for (const source of [memory, battery, gauge, thermal, load, lid]) await source?.read();
  if (modeOf(ports) === 'darwin') {
    await ask(recording.tools, VM_STAT, [], signal);
    await ask(recording.tools, PMSET, ['-g', 'therm'], signal);
  }
  return said;
}

function recordingTools(tools: Tools, said: RawReading[]): Tools {
  return {
    ...tools,
    async run(tool, args, options) {
      const result = await tools.run(tool, args, options);
      const output = result.failure === null ? withoutSerials(result.stdout + result.stderr) : null;
      said.push({ source: [tool, ...args].join(' '), output, exitCode: result.exitCode });
      return result;
    },
  };
}

function recordingFiles(files: TextFiles, said: RawReading[]): TextFiles {
  return {
    list: (path) => files.list(path),
    async read(path) {
      const text = await files.read(path);
      said.push({ source: path, output: text === null ? null : withoutSerials(text), exitCode: null });
      return text;
    },
  };
}
