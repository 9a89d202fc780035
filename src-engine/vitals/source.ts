import type { ToolResult, Tools } from '../platform/tools.ts';
import type {
  BatteryReading,
  DiskReading,
  LidReading,
  LoadReading,
  MemoryReading,
  ThermalReading,
  VmReading,
} from './readings.ts';

/** One thing that can be asked, by one way of asking it. */
export interface Source<T> {
  /** What the World names as the source of the values. */
  readonly name: string;
  /** The program that a reading starts; null when it only reads files, a socket, or asks Node. */
  readonly tool: string | null;
  /** One reading; null when nothing can be told. Never throws for what a machine may lack. */
  read(): Promise<T | null>;
}

/** Everything that this room asks. A null source does not exist on this host. */
export interface Sources {
  readonly memory: Source<MemoryReading>;
  readonly battery: Source<BatteryReading>;
  /** macOS: charge, volts and amperes, which the event stream of `battery` lacks. */
  readonly gauge: Source<BatteryReading> | null;
  readonly thermal: Source<ThermalReading>;
  readonly load: Source<LoadReading>;
  readonly disk: Source<DiskReading> | null;
  readonly lid: Source<LidReading>;
  readonly vm: Source<VmReading> | null;
}

/** No sensor may hang: every child is ended after this long. An I/O limit, so no time scale divides it. */
export const TOOL_LIMIT_MS = 2000;

/** Runs a sensor's tool by its absolute path; null when it is missing, hangs or is killed. */
export async function ask(
  tools: Tools,
  tool: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ToolResult | null> {
  const result = await tools.run(tool, args, { timeoutMs: TOOL_LIMIT_MS, graceMs: 0, signal });
  return result.failure === null ? result : null;
}
